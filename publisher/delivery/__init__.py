"""Delivery: who is written to, what they are sent, and what became of it."""
