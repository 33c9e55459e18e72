"""The migrations make exactly what the models, triggers and fences say, on both databases."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

import models
from core.errors import StorageFull
from models import schema
from models.transaction import Database
from tests import postgres
from tests.conftest import build, settle

_SQLITE_EXTRAS = "select tbl_name || '.' || name, sql from sqlite_master where type = 'trigger'"
_POSTGRESQL_EXTRAS = """
    select c.relname || '.' || t.tgname, pg_get_triggerdef(t.oid) || ' :: ' || pg_get_functiondef(t.tgfoid)
      from pg_trigger t join pg_class c on c.oid = t.tgrelid where not t.tgisinternal
    union all
    select tablename || '.' || policyname, qual || ' :: ' || with_check from pg_policies
    union all
    select relname || ' fence', relrowsecurity::text || relforcerowsecurity::text
      from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without a table."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
        yield database
        database.engine.dispose()
        return
    with postgres.copy(request.getfixturevalue("pg_url"), "template1") as url:
        database = Database(url)
        yield database
        database.engine.dispose()


def _asked(database: Database, statement: str) -> list[tuple]:
    with database.session(writes=False) as session:
        return [tuple(row) for row in session.connection().exec_driver_sql(statement)]


def _extras(database: Database) -> dict[str, str]:
    """What the models' tables alone do not tell: triggers and fences."""
    held = _asked(database, _SQLITE_EXTRAS if database.engine.dialect.name == "sqlite" else _POSTGRESQL_EXTRAS)
    return {name: text for name, text in held if not name.startswith("alembic_version")}


def _tables(database: Database) -> set[str]:
    with database.session(writes=False) as session:
        return set(sa.inspect(session.connection()).get_table_names())


def test_an_empty_database_becomes_what_the_models_say(empty):
    assert not schema.is_current(empty)
    schema.upgrade(empty)
    assert schema.is_current(empty)
    with empty.session(writes=False) as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, models.Base.metadata) == []


def test_the_migrations_install_the_same_triggers_and_fences(empty, request, tmp_path):
    schema.upgrade(empty)
    if empty.engine.dialect.name == "sqlite":
        built = Database(f"sqlite:///{tmp_path / 'built.db'}")
        build(built)
        assert _extras(empty) == _extras(built) != {}
        return
    with postgres.copy(request.getfixturevalue("pg_url"), "template1") as url:
        built = Database(url)
        build(built)
        assert _extras(empty) == _extras(built) != {}
        built.engine.dispose()


def test_upgrading_twice_changes_nothing(empty):
    schema.upgrade(empty)
    before = _extras(empty)
    schema.upgrade(empty)
    assert _extras(empty) == before


def test_an_interrupted_upgrade_leaves_the_old_schema_whole(empty):
    with empty.session(writes=True) as session, session.begin():
        session.connection().exec_driver_sql("create table users (id integer)")  # stands in the revision's way
    with pytest.raises((OperationalError, ProgrammingError), match="already exists"):
        schema.upgrade(empty)
    assert _tables(empty) == {"users"}
    assert not schema.is_current(empty)


def test_a_full_disk_is_said_and_leaves_the_old_schema_whole(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'full.db'}")

    @sa.event.listens_for(database.engine, "connect")
    def _small(connection, _):
        connection.execute("PRAGMA max_page_count = 20")

    with pytest.raises(StorageFull):
        schema.upgrade(database)
    assert _tables(database) == set()


def test_a_revision_sees_the_rows_of_every_cooperative(empty):
    schema.upgrade(empty)
    coops = [settle(empty, slug, f"Koperasi {slug}")[0].id for slug in ("maju", "tetangga")]
    with schema.rebuilding(empty) as connection:
        seen = connection.exec_driver_sql("select distinct coop_id from accounts order by coop_id").scalars().all()
    assert seen == coops


def test_a_revision_may_rebuild_a_table_that_others_refer_to(empty):
    schema.upgrade(empty)
    settle(empty, "maju", "Koperasi Maju Bersama")
    with schema.rebuilding(empty) as connection:
        before = connection.exec_driver_sql("select * from accounts order by id").all()
        context = MigrationContext.configure(connection, opts={"transactional_ddl": False})
        with Operations(context).batch_alter_table("accounts") as batch:
            batch.alter_column("note", type_=sa.String(300), existing_nullable=False)
        assert connection.exec_driver_sql("select * from accounts order by id").all() == before


def test_a_revision_that_breaks_a_key_is_undone(empty):
    schema.upgrade(empty)
    settle(empty, "maju", "Koperasi Maju Bersama")
    count = _asked(empty, "select count(*) from coops")
    with pytest.raises((IntegrityError, schema.KeysBroken)), schema.rebuilding(empty) as connection:
        connection.exec_driver_sql("delete from coops")
    assert _asked(empty, "select count(*) from coops") == count


def test_after_an_upgrade_the_database_checks_keys_again(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'keys.db'}")
    schema.upgrade(database)
    for pragma, value in (("foreign_keys", 1), ("legacy_alter_table", 0)):
        assert _asked(database, f"PRAGMA {pragma}") == [(value,)]


def test_every_revision_follows_the_one_before():
    revisions = list(ScriptDirectory.from_config(schema.config()).walk_revisions())[::-1]
    assert [r.revision for r in revisions] == [f"{number:04}" for number in range(1, len(revisions) + 1)]
    assert [r.down_revision for r in revisions] == [None, *(r.revision for r in revisions[:-1])]


def test_a_revision_is_frozen_text_and_asks_nothing_of_code_that_moves_on():
    for path in (Path(schema.ROOT) / "migrations/versions").glob("*.py"):
        imported = [line for line in path.read_text("utf-8").splitlines() if line.startswith(("import ", "from "))]
        assert {line.split()[1] for line in imported} <= {
            *sys.stdlib_module_names,
            "sqlalchemy",
            "alembic",
            "models.base",
        }, path.name


_BEFORE_LOANS = """
    insert into coops (id, public_id, slug, name, chart_name, legal_no, nik_koperasi, address, city, phone, email, zone,
        chair_name, secretary_name, treasurer_name, is_demo, created_at)
      values (1, '{uuid}1', 'maju', 'Maju', 'sendiri', '', '', '', '', '', '', 'WIB', '', '', '', false, '2026-01-01');
    insert into users (id, username, full_name, is_active, is_operator, token_epoch, created_at)
      values (1, 'admin', 'Admin', true, false, 0, '2026-01-01');
    insert into accounts (id, coop_id, code, name, type, normal_balance, is_header, note, is_active)
      values (1, 1, '11051', 'Pinjaman Anggota - Uang', 'asset', 'debit', false, '', true);
    insert into account_roles (coop_id, role, account_id) values (1, 'loans_receivable', 1);
    insert into members (id, coop_id, public_id, number, name, nik_masked, birth_place, address, employer, work_unit,
        phone, email, bank_name, bank_account_masked, voluntary_deduction_rp, state, applied_on, state_reason,
        card_token, created_by, created_at)
      values (1, 1, '{uuid}2', '0001', 'Siti', '', '', '', '', '', '', '', '', '', 0, 'active', '2020-01-01', '',
        'card', 1, '2026-01-01');
    insert into opening_loans (id, coop_id, member_id, as_of, principal_rp, term_months, installments_paid,
        outstanding_rp) values (1, 1, 1, '2025-12-31', 1000000, 10, 3, 700001)"""


def test_loans_kept_as_one_number_become_loans_with_what_is_left_of_them(empty):
    schema.upgrade(empty, "0003")
    with schema.rebuilding(empty) as connection:
        for statement in _BEFORE_LOANS.format(uuid="0" * 31).split(";"):
            connection.exec_driver_sql(statement)
    schema.upgrade(empty)
    with schema.rebuilding(empty) as connection:  # sees every cooperative's rows

        def asked(statement: str) -> list[tuple]:
            return [tuple(row) for row in connection.exec_driver_sql(statement)]

        loans = asked("select number, state, principal_rp, outstanding_rp from loans")
        left = asked("select count(*), sum(principal_rp), sum(principal_rp - principal_paid_rp) from loan_installments")
        payments = asked("select kind, principal_rp from loan_payments")
    assert loans == [("SA/0001", "running", 1_000_000, 700_001)]
    assert [tuple(map(int, row)) for row in left] == [(8, 1_000_000, 700_001)]
    assert payments == [("opening", 299_999)]
