"""Alembic's entry: our metadata, the URL of the settings, batch mode for SQLite, one transaction per revision."""

from alembic import context

import models
from core.settings import load
from models.transaction import Database

target = models.Base.metadata


def run() -> None:
    given = context.config.attributes.get("connection")
    if given is not None:
        _upgrade(given)
        return
    database = Database(context.config.get_main_option("sqlalchemy.url") or load().database_url)
    with database.session(writes=True) as session, session.begin():
        _upgrade(session.connection())
    database.engine.dispose()


def _upgrade(connection) -> None:
    context.configure(
        connection=connection, target_metadata=target, render_as_batch=True, transactional_ddl=False, compare_type=True
    )
    context.run_migrations()


run()
