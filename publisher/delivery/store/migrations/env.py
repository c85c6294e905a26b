"""What Alembic runs: migrations on the connection that it is given, in its transaction."""

from collections.abc import Iterable
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import CreateTableOp, MigrationScript
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint

from publisher.delivery.store.columns import UtcTime
from publisher.delivery.store.tables import METADATA


def rendered(kind: str, thing: Any, autogenerating: AutogenContext) -> str | Literal[False]:
    """A column's type as a new migration names it; False leaves it to Alembic."""
    if kind == "type" and isinstance(thing, UtcTime):
        autogenerating.imports.add("from publisher.delivery.store.columns import UtcTime")
        return "UtcTime()"
    return False


def add_checks(_: MigrationContext, __: object, scripts: Iterable[MigrationScript]) -> None:
    """Give a new table in a new migration the checks of its columns, which Alembic leaves out."""
    for script in scripts:
        assert script.upgrade_ops  # noqa: S101  # holds for every script that is generated
        for made in script.upgrade_ops.ops:
            if isinstance(made, CreateTableOp):
                columns = METADATA.tables[made.table_name].columns
                checks = [check for column in columns for check in column.constraints]
                made.columns = [*made.columns, *map(copied, checks)]


def copied(check: Any) -> CheckConstraint:
    """A check that belongs to no table."""
    return CheckConstraint(check.sqltext, name=check.name)


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,  # also in SQLite, since our transactions begin before the first word
    render_as_batch=True,  # SQLite changes a table by making it anew
    render_item=rendered,
    process_revision_directives=add_checks,
)
context.run_migrations()
