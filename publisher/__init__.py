"""Career-transition guides: validated records in, personal PDF and EPUB guides out.

Data flows one way, and the packages are its stages:
records, planning, editions, rendering, build, cli. See docs/how-a-guide-is-made.md.
"""
