"""Sets sections that are made for one reader: headings, tables, a chart, lists of pages.

The general renderer takes a tenth of a second for a page of such tables, which is most of what a
copy costs once all else is laid out. Here the same XHTML takes a tenth of that. What this cannot
set, say a script that the theme's faces lack, goes to the general renderer.
"""
