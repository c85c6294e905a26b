"""Personal copies on demand: worker processes, the line before them, and files that do not stay."""
