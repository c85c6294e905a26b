"""Sections to XHTML, XHTML to PDF fragments and books, and to EPUB. Knows no readers."""
