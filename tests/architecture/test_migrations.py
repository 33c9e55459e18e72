"""The migrations make exactly what the models and triggers say."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.exc import OperationalError

import models
from models import schema
from models.transaction import Database
from tests.conftest import build


def _triggers(database: Database) -> dict[str, str]:
    with database.session(writes=False) as session:
        rows = session.connection().exec_driver_sql("select name, sql from sqlite_master where type = 'trigger'")
        return dict(rows.fetchall())


def test_an_empty_database_becomes_what_the_models_say(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'migrated.db'}")
    assert not schema.is_current(database)
    schema.upgrade(database)
    assert schema.is_current(database)
    with database.session(writes=False) as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, models.Base.metadata) == []


def test_the_migrations_install_the_same_triggers(tmp_path):
    migrated, built = Database(f"sqlite:///{tmp_path / 'a.db'}"), Database(f"sqlite:///{tmp_path / 'b.db'}")
    schema.upgrade(migrated)
    build(built)
    assert _triggers(migrated) == _triggers(built) != {}


def test_an_interrupted_upgrade_leaves_the_old_schema_whole(tmp_path, monkeypatch):
    database = Database(f"sqlite:///{tmp_path / 'broken.db'}")
    real = models.Base.metadata.tables["users"].name
    with database.session(writes=True) as session, session.begin():
        session.connection().exec_driver_sql(f"create table {real} (id integer)")  # stands in the revision's way
    with pytest.raises(OperationalError, match="already exists"):
        schema.upgrade(database)
    with database.session(writes=False) as session:
        names = session.connection().exec_driver_sql("select name from sqlite_master where type = 'table'").scalars()
        assert set(names) == {real}
