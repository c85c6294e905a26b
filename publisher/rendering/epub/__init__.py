"""EPUB 3 from the same XHTML as the PDF."""
