"""The static website: composes its pages from records, sections and the web theme."""
