"""People: who may be written to, what they agreed to, and what is held on them."""
