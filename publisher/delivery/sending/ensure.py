"""Rows that several workers may want to make at once."""

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def ensure(connection: Connection, table: Table, **values: object) -> bool:
    """Make a row unless there is one with the same key; whether it was made."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    made = connection.execute(dialect.insert(table).values(**values).on_conflict_do_nothing())
    return bool(made.rowcount)
