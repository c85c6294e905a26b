"""Messages: from a letter to the bytes that go to the relay, checked and signed."""
