"""The session guard: without a cooperative there is no row, and nothing reads or writes over the fence."""

from datetime import date

import pytest
from sqlalchemy import delete, exists, func, insert, literal, select, text, union_all, update
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.orm import aliased, joinedload, selectinload

from models.base import Base, BelongsToCoop
from models.coops import Coop
from models.ledger import Account, JournalEntry, JournalLine
from models.members import Member
from models.savings import SavingsAccount, SavingsMovement
from models.transaction import NOBODY, ReadOnlyViolation, TenantViolation
from services.savings.commands import deposit
from tests.tripwire import bare_sql

DAY = date(2026, 3, 5)
TENANT_CLASSES = sorted(
    (m.class_ for m in Base.registry.mappers if issubclass(m.class_, BelongsToCoop)), key=lambda c: c.__name__
)
_cte, _sub = select(Member.id).cte(), select(Member.id).subquery()
READS = {
    "entity": select(Member),
    "column": select(Member.id),
    "alias": select(aliased(Member).id),
    "alias of a subquery": select(aliased(Member, select(Member).subquery()).id),
    "cte": select(_cte.c.id),
    "subquery": select(_sub.c.id),
    "exists": select(Coop.id).where(exists().where(Member.coop_id == Coop.id)),
    "bare exists": select(literal(1)).where(exists(select(Member.id))),
    "in": select(Coop.id).where(Coop.id.in_(select(Member.coop_id))),
    "join": select(Coop.id).join(Member, Member.coop_id == Coop.id),
    "join of tenant tables": select(Member.id).join(SavingsAccount, SavingsAccount.member_id == Member.id),
    "union": union_all(select(Member.id), select(Member.id)),
    "eager join": select(SavingsAccount).options(joinedload(SavingsAccount.member)),
    "eager select": select(JournalEntry).options(selectinload(JournalEntry.lines)),
}
COUNTS = {
    "count": select(func.count()).select_from(Member),
    "count of a subquery": select(func.count()).select_from(_sub),
    "scalar subquery": select(select(func.count(Member.id)).scalar_subquery()),
}


def save(world) -> int:
    """A member of ours with one deposit; their id."""
    member_id, product_id = world.member(), world.product("voluntary")
    with world.transaction(world.petugas) as session:
        deposit(
            session, world.petugas, member_id=member_id, product_id=product_id, amount_rp=70_000, booked_on=DAY,
            token="one",
        )  # fmt: skip
    return member_id


@pytest.mark.parametrize("made", TENANT_CLASSES, ids=lambda c: c.__name__)
def test_a_session_without_a_cooperative_sees_no_row(world, made):
    with bare_sql(), world.database.session(writes=False) as session:
        assert session.coop_id == NOBODY
        assert session.scalars(select(made)).all() == []


def test_whatever_the_shape_of_the_question_the_neighbour_is_not_there(any_world):
    save(any_world)
    with bare_sql(), any_world.reading(any_world.other_actors["bendahara"]) as session:
        for name, query in READS.items():
            assert session.execute(query).all() == [], name
        for name, query in COUNTS.items():
            assert session.scalar(query) == 0, name
    with bare_sql(), any_world.reading() as session:
        for name, query in READS.items():
            assert session.execute(query).all(), name


def test_a_key_of_the_neighbour_finds_nothing(any_world):
    member_id = save(any_world)
    with any_world.reading(any_world.other_actors["bendahara"]) as session:
        assert session.get(Member, member_id) is None
    with any_world.reading() as session:
        assert session.get(Member, member_id) is not None


def test_an_outer_join_shows_the_neighbour_as_nothing(any_world):
    save(any_world)
    query = select(Member.id).select_from(Coop).outerjoin(Member, Member.coop_id == Coop.id)
    with bare_sql(), any_world.reading(any_world.other_actors["bendahara"]) as session:
        assert set(session.scalars(query)) == {None}


def test_a_ready_made_statement_may_not_stand_in_for_an_entity(world):
    with bare_sql(), world.reading() as session, pytest.raises(TenantViolation):
        session.scalars(select(Member).from_statement(select(Member.__table__))).all()


@pytest.mark.parametrize("verb", [update(Member).values(name="x"), delete(Member)], ids=["update", "delete"])
def test_a_change_of_all_rows_stops_at_the_fence(any_world, verb):
    member_id = any_world.member()
    with any_world.transaction(any_world.other_actors["bendahara"]) as session:
        assert session.execute(verb.execution_options(synchronize_session=False)).rowcount == 0
    with any_world.reading() as session:
        assert session.get(Member, member_id).name == "Siti Aminah"


def test_a_change_of_many_rows_by_key_is_refused(world):
    member_id = world.member()
    with pytest.raises(TenantViolation), world.transaction(world.other_actors["bendahara"]) as session:
        session.execute(update(Member), [{"id": member_id, "name": "x"}])


@pytest.mark.parametrize("method", ["bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings"])
def test_methods_that_pass_the_guard_by_are_refused(world, method):
    with pytest.raises(TenantViolation), world.transaction() as session:
        getattr(session, method)(Member, [])


def account_row(world, coop_id: int) -> dict[str, object]:
    return {"coop_id": coop_id, "code": "X9", "name": "x", "type": "asset", "normal_balance": "debit",
            "is_header": False, "note": "", "is_active": True}  # fmt: skip


def test_a_row_for_the_neighbour_is_refused_before_it_is_written(world):
    row, own = account_row(world, world.other.id), account_row(world, world.coop.id)
    with pytest.raises(TenantViolation), world.transaction() as session:
        session.add(Account(**row))
        session.flush()
    for many in ([row], [row, row | {"code": "X8"}]):
        with pytest.raises(TenantViolation), world.transaction() as session:
            session.execute(insert(Account), many)
    for statement in (
        insert(Account).values(**row),
        insert(Account).values([own, row]),
        insert(Account).from_select(["coop_id", "code"], select(literal(world.other.id), literal("7"))),
    ):
        with pytest.raises(TenantViolation), world.transaction() as session:
            session.execute(statement)
    with pytest.raises(TenantViolation), world.transaction() as session:
        session.execute(insert(Account).values(coop_id=world.other.id), [own])


def test_many_rows_of_one_s_own_are_written(world):
    own = account_row(world, world.coop.id)
    with world.transaction() as session:
        session.execute(insert(Account), [own, own | {"code": "X8"}])
        session.execute(insert(Account), own | {"code": "X7"})
        session.execute(insert(Account).values([own | {"code": "X6"}, own | {"code": "X5"}]))
    with world.reading() as session:
        assert len(session.scalars(select(Account).where(Account.name == "x")).all()) == 5


def test_a_row_without_a_cooperative_gets_the_session_s(world):
    row = account_row(world, world.coop.id)
    del row["coop_id"]
    with world.transaction() as session:
        session.add(made := Account(**row))
        session.flush()
        assert made.coop_id == world.coop.id


def test_a_row_cannot_move_to_another_cooperative(any_world):
    member_id = any_world.member()
    with pytest.raises(TenantViolation), any_world.transaction() as session:
        session.get_one(Member, member_id).coop_id = any_world.other.id
        session.flush()
    with (
        pytest.raises((IntegrityError, ProgrammingError), match=r"change its cooperative|row-level security"),
        bare_sql(),
        any_world.transaction() as session,
    ):
        session.connection().execute(
            update(Member.__table__).where(Member.__table__.c.id == member_id).values(coop_id=any_world.other.id)
        )


def test_another_tenant_in_the_same_session_meets_no_row_of_the_one_before(any_world):
    member_id = any_world.member()
    with any_world.reading() as session:
        mine = session.get_one(Member, member_id)
        session.belong_to(any_world.other.id)
        assert mine not in session
        assert session.get(Member, member_id) is None
        assert session.scalars(select(Member)).all() == []
        session.belong_to(any_world.coop.id)
        assert session.get(Member, member_id) is not None


def test_a_reader_cannot_write_in_any_way(any_world):
    member_id = any_world.member()

    def by_row(session):
        session.get_one(Member, member_id).name = "x"
        session.flush()

    def by_statement(session):
        session.execute(update(Member).values(name="x"))

    def by_text(session):
        session.connection().exec_driver_sql("update members set name = 'x'")

    for way in (by_row, by_statement, by_text):
        with pytest.raises(ReadOnlyViolation), bare_sql(), any_world.reading() as session:
            way(session)
    with any_world.transaction() as session:  # the same connection writes again afterwards
        session.get_one(Member, member_id).name = "Siti A."


CORE = {
    "select": "select id from members",
    "count": "select id from journal_lines, journal_entries where journal_entries.seq = journal_lines.entry_seq",
    "update": "update savings_accounts set balance_rp = 0 returning id",
    "delete": "delete from savings_bills returning id",
}


@pytest.mark.parametrize("name", CORE)
def test_postgresql_fences_text_as_well(pg_world, name):
    save(pg_world)
    with bare_sql(), pg_world.transaction(pg_world.other_actors["bendahara"]) as session:
        assert session.connection().exec_driver_sql(CORE[name]).all() == []
    with bare_sql(), pg_world.database.session(writes=True) as session:
        assert session.connection().exec_driver_sql(CORE[name]).all() == []


def test_postgresql_refuses_a_foreign_row_in_core_and_text(pg_world):
    row = account_row(pg_world, pg_world.other.id)
    with pytest.raises(ProgrammingError, match="row-level security"), pg_world.transaction() as session:
        session.connection().execute(insert(Account.__table__), row)
    with pytest.raises(ProgrammingError, match="row-level security"), pg_world.transaction() as session:
        session.connection().execute(
            text("insert into units (coop_id, code, name, is_default) values (:coop, 'X', 'X', false)"),
            {"coop": pg_world.other.id},
        )


def test_postgresql_gives_no_way_round_the_fence(pg_world):
    with pg_world.database.session(writes=False) as session:
        role = session.connection().exec_driver_sql(
            "select rolsuper, rolbypassrls from pg_roles where rolname = current_user"
        )
        assert role.one() == (False, False)


def test_a_pooled_connection_forgets_whose_turn_it_was(pg_world):
    with pg_world.transaction() as session:
        session.scalars(select(Member)).all()
    with pg_world.database.engine.connect() as connection:
        assert connection.exec_driver_sql("select count(*) from accounts").scalar() == 0


INSERT_ONLY = ("journal_entries", "journal_lines", "audit_records", "savings_movements")


@pytest.mark.parametrize("table", INSERT_ONLY)
def test_what_happened_is_neither_changed_nor_erased(any_world, table):
    save(any_world)
    column = {"audit_records": "action"}.get(table, "memo")
    statements = [f"update {table} set {column} = 'x'", f"delete from {table}"]
    if any_world.database.engine.dialect.name == "postgresql":
        statements.append(f"truncate {table} cascade")
    for statement in statements:
        with pytest.raises(IntegrityError, match="insert-only"), bare_sql(), any_world.transaction() as session:
            session.connection().exec_driver_sql(statement)


def test_a_line_and_its_member_are_counted_where_they_belong(any_world):
    save(any_world)
    with any_world.reading() as session:
        movement = session.scalars(select(SavingsMovement)).one()
        lines = session.scalars(select(JournalLine).where(JournalLine.entry_seq == movement.entry_seq)).all()
        assert {line.coop_id for line in lines} == {any_world.coop.id} == {movement.account.member.coop_id}
