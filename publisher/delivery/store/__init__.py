"""The database of delivery: its tables, its connection, and its clock."""
