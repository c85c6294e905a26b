"""What every request goes through before a page sees it, and every answer after."""
