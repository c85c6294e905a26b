"""One Pydantic model a kind of record."""
