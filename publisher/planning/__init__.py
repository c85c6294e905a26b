"""Pure functions from a reader and the catalogue to a gap and a plan. No I/O, no clock."""
