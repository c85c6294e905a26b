"""What a book consists of: an ordered list of sections. Knows nothing of PDF, ZIP or mail."""
