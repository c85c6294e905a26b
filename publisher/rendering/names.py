"""XML names and the address that stands for the theme while laying out."""

XHTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"

THEME_URL = "https://theme.invalid/"
"""Base address of every section: fonts and pictures are served from the theme under it."""

BLOCK = "data-block"
"""Attribute with the number of a block of text, by which pages and XHTML find each other."""

XREF = "xref:"
"""Scheme of links to another section while that section is laid out elsewhere."""

PAGE_XREF = "xref-page:"
"""The same, for a link on which assembly prints the page number."""
