"""Alembic's entry: our metadata, the database of the settings, batch mode for SQLite, one transaction for all."""

from collections.abc import Iterable
from typing import Any

from alembic import context
from alembic.operations import MigrationScript
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

import models
from core.settings import load
from models.schema import rebuilding
from models.transaction import Database


def run() -> None:
    given = context.config.attributes.get("connection")
    if given is not None:
        _migrate(given)
        return
    database = Database(load().database_url)
    with rebuilding(database) as connection:
        _migrate(connection)
    database.engine.dispose()


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=models.Base.metadata,
        render_as_batch=True,
        transactional_ddl=False,  # the transaction is the caller's, around all revisions
        compare_type=True,
        process_revision_directives=_number,
    )
    context.run_migrations()


def _number(_: MigrationContext, __: Iterable[Any], scripts: list[MigrationScript]) -> None:
    """Revisions count 0001, 0002, …, so that a folder listing tells their order."""
    head = ScriptDirectory.from_config(context.config).get_current_head()
    for script in scripts:
        script.rev_id = f"{int(head or 0) + 1:04}"


run()
