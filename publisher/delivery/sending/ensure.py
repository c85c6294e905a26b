"""Rows that several workers may want to make at once."""

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def ensure(connection: Connection, table: Table, **values: object) -> bool:
    """Make a row unless one with its key is there, or another worker makes it now.

    Whether it was made.
    """
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    made = dialect.insert(table).values(**values).on_conflict_do_nothing()
    return connection.execute(made.returning(*table.primary_key)).first() is not None
