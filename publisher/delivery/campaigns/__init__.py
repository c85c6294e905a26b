"""Campaigns: who is written to, what is made for them, and the letters that go out."""
