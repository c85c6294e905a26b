"""XHTML to fragments, and fragments to a book."""
