"""The schema of a database: brought up to date, or found behind."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from models.transaction import Database

ROOT = Path(__file__).parent.parent


def _config() -> Config:
    return Config(ROOT / "alembic.ini")


def upgrade(database: Database) -> None:
    """Every pending revision in one transaction: an interrupted upgrade leaves the old schema whole."""
    config = _config()
    with database.session(writes=True) as session, session.begin():
        config.attributes["connection"] = session.connection()
        command.upgrade(config, "head")


def is_current(database: Database) -> bool:
    """Whether the database has every revision this version knows."""
    with database.session(writes=False) as session:
        held = MigrationContext.configure(session.connection()).get_current_revision()
    return held == ScriptDirectory.from_config(_config()).get_current_head()
