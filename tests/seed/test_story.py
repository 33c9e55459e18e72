"""What is true of the demo, whoever looks at it."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

import app as wiring
from core.actor import NOWHERE, Actor
from core.settings import load as settings
from models.access import CoopUser, User
from models.coops import Coop
from models.ledger import JournalEntry, Period
from models.members import Member
from models.savings import Receipt, SavingsBill
from models.transaction import Database
from reports.balance_sheet import balance_sheet
from reports.cash_flow import cash_flow
from reports.income_statement import income_statement
from seed import logins, story, village
from seed.seasons import months
from services.access import approvals, passwords, sign_in
from services.access.roles import ROLES
from services.approvals import commands as deciding
from services.ledger import periods
from services.ledger.checks import check_books
from services.members import commands as members
from services.news import announcements, comments, figures, reading
from services.news.categories import CATEGORIES
from services.savings import queries
from tests.admin_panel.conftest import Browser
from tests.conftest import build
from tests.seed.conftest import TODAY, actor, coop_id, overdrawn

SLUGS = (logins.EMPLOYEES, logins.VILLAGE)
both = pytest.mark.parametrize("slug", SLUGS)


@both
def test_the_books_truths_hold(demo: Database, slug: str) -> None:
    with demo.reading(coop_id(demo, slug)) as session:
        assert check_books(session, coop_id(demo, slug)) == []


@both
def test_every_month_since_last_january_has_entries_none_after_today(demo: Database, slug: str) -> None:
    with demo.reading(coop_id(demo, slug)) as session:
        days = list(session.scalars(select(JournalEntry.booked_on)))
    assert min(days) == date(2024, 12, 31)
    assert max(days) <= TODAY
    entries = {month: sum(day.replace(day=1) == month for day in days) for month in months(TODAY)}
    assert len(entries) == 15
    assert min(entries.values()) >= 20, entries


@both
def test_the_statements_are_those_of_a_healthy_cooperative(demo: Database, slug: str) -> None:
    here = coop_id(demo, slug)
    with demo.reading(here) as session:
        for until in (date(2025, 12, 31), TODAY):
            phu = income_statement(session, here, until.replace(month=1, day=1), until)
            neraca = balance_sheet(session, here, until)
            flow = cash_flow(session, here, until.replace(month=1, day=1), until)
            assert phu.totals["surplus_rp"] > 0
            assert neraca.totals["equity_rp"] > neraca.totals["liabilities_rp"] / 2
            assert all(check.left_rp == check.right_rp for s in (phu, neraca, flow) for check in s.checks)
        first = income_statement(session, here, date(2025, 1, 1), date(2025, 3, 31)).totals["surplus_rp"]
        this = income_statement(session, here, date(2026, 1, 1), date(2026, 3, 31)).totals["surplus_rp"]
    assert this > first


@both
def test_no_cash_box_bank_stock_or_loan_is_ever_overdrawn(demo: Database, slug: str) -> None:
    with demo.reading(coop_id(demo, slug)) as session:
        assert overdrawn(session) == []


@both
def test_every_role_is_filled_and_everybody_signs_in(demo: Database, slug: str) -> None:
    roles = set()
    for person in logins.PEOPLE[slug].values():
        assert sign_in.check_password(demo, person.username, logins.PASSWORD, "127.0.0.1").full_name == person.full_name
        roles |= person.roles
    missing = {role for role, spec in ROLES.items() if not spec.on_platform} - roles
    assert missing == (set() if slug == logins.EMPLOYEES else {"pengelola_toko"})


WAYS = ["Pengurus", "Petugas", "Toko", "Anggota", "Redaktur", "Operator"]


def test_the_shown_logins_are_those_of_a_cooperative_and_of_the_platform() -> None:
    shown = logins.demo_logins()
    assert [login.role for login in shown] == WAYS
    for login in shown:
        assert passwords.checked(login.password, login.username) == login.password


def test_kopnews_has_something_to_read_and_to_decide(demo: Database) -> None:
    editor = sign_in.check_password(demo, "redaktur", logins.PASSWORD, "127.0.0.1")
    who = Actor(editor.id, NOWHERE, ROLES["redaktur"].permissions)
    with demo.platform("test") as session:
        page = reading.latest(session, 1)
        assert page.total == 8
        assert {card.category for card in page.cards} == set(CATEGORIES)
        assert all(card.summary and card.minutes < 4 for card in page.cards)
        assert [one.title[:7] for one in figures.listed(session, who, "review")] == ["Laporan"]
        assert comments.waiting(session, who) == 1


@both
def test_an_announcement_stands_on_the_members_home(demo: Database, slug: str) -> None:
    member = actor(demo, slug, "anggota")
    with demo.reading(member) as session:
        assert len(announcements.on_home(session, member, TODAY)) == 1


@both
def test_work_waits_for_today(demo: Database, slug: str) -> None:
    chair = actor(demo, slug, "ketua")
    with demo.reading(chair) as session:
        waiting = approvals.pending(session, chair)
        assert [request.requested_by != chair.user_id for request in waiting] == [True]
        assert members.waiting(session, chair) >= 1
        assert [period.starts_on for period in periods.closable(session, chair, TODAY)] == [date(2026, 2, 1)]
        count, _ = queries.unpaid(session, chair)
        billed = session.scalar(select(func.count()).where(SavingsBill.month_on == date(2026, 3, 1)))
        assert 0 < count < billed
        states = dict(session.execute(select(Period.starts_on, Period.state)).tuples().all())
    assert states[date(2026, 1, 1)] == "closed"
    assert states[date(2025, 9, 1)] == "locked"
    assert states[date(2025, 10, 1)] == "closed"


@both
def test_the_shown_board_may_approve_what_waits(demo: Database, slug: str) -> None:
    chair = actor(demo, slug, "ketua")
    with demo.transaction(chair) as session:
        deciding.approve(session, chair, approvals.pending(session, chair)[0].id)
    with demo.reading(chair) as session:
        assert check_books(session, chair.coop_id) == []


@both
def test_people_come_go_and_are_turned_away_with_receipts_in_hand(demo: Database, slug: str) -> None:
    with demo.reading(coop_id(demo, slug)) as session:
        states = dict(session.execute(select(Member.state, func.count()).group_by(Member.state)).tuples().all())
        receipts = session.scalar(select(func.count()).select_from(Receipt))
        undone = session.scalar(select(func.count()).where(JournalEntry.reverses_seq.is_not(None)))
    assert states["active"] > (110 if slug == logins.EMPLOYEES else 38)
    assert states["left"] >= 1
    assert receipts >= 100
    assert undone == (1 if slug == logins.EMPLOYEES else 0)


def test_nobody_in_the_demo_could_be_a_real_person(demo: Database) -> None:
    with demo.platform("test") as session:
        assert all(coop.is_demo and coop.email.endswith("@contoh.example") for coop in session.query(Coop))
        for member in session.query(Member):
            assert member.phone.startswith("0800")
            assert member.email.endswith("@contoh.example") or not member.email
            assert member.nik_masked
        names = session.execute(select(Member.coop_id, Member.name, func.count()).group_by(Member.coop_id, Member.name))
        assert {count for _, _, count in names} == {1}


def test_the_shown_member_has_something_to_look_at(demo: Database) -> None:
    member = actor(demo, logins.EMPLOYEES, "anggota")
    assert member.member_id is not None
    with demo.reading(member) as session:
        held = queries.balances(session, member, member.member_id)
        assert len(held) == 3
        assert all(row.balance_rp > 0 for row in held)
        assert len(queries.receipts_of(session, member, member.member_id)) >= 5
        assert len(queries.mutations(session, member, member.member_id)) >= 30


def test_the_shown_board_finds_its_work_on_the_home_page(demo: Database, tmp_path: Path) -> None:
    flask = wiring.create_flask(settings({"EKOPZ_DATA": str(tmp_path), "FIELD_KEY": bytes(range(32)).hex()}), demo)
    browser = Browser(flask.test_client())
    shown = logins.demo_logins()[0]
    browser.post("/masuk", {"username": shown.username, "password": shown.password})
    page = browser.get("/kopmin/").text
    for what in (
        "Menunggu persetujuan",
        "Pendaftaran anggota",
        "Pengajuan pinjaman",
        "Pinjaman terlambat",
        "Bulan belum ditutup",
        "Tagihan belum lunas",
    ):
        assert what in page
    assert "belum dikirim" not in page  # the paymaster's list of March is
    assert "DATA CONTOH" in page.upper()


def _contents(database: Database) -> list[object]:
    with database.platform("test") as session:
        tables = (Coop, User, CoopUser, Member, JournalEntry, SavingsBill)
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def test_told_again_nothing_happens(demo: Database) -> None:
    before, said = _contents(demo), []
    story.load(demo, when_empty=True, say=said.append)
    story.load(demo, when_empty=False, say=said.append)
    assert (_contents(demo), said) == (before, [])


def test_an_installation_with_a_cooperative_of_its_own_stays_as_it_is(world) -> None:
    before = _contents(world.database)
    story.load(world.database, when_empty=True, say=lambda line: pytest.fail(line))
    assert _contents(world.database) == before


class Killed(BaseException):
    """The machine went down here."""


def test_a_story_cut_short_leaves_nothing_behind(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'cut.db'}")
    build(database)

    def dies(line: str) -> None:
        raise Killed

    with pytest.raises(Killed):
        story.tell(database, village, date(2026, 1, 31), dies)
    assert _contents(database) == [0] * 6
    database.engine.dispose()


def test_passwords_lost_between_two_starts_are_given_at_the_next(demo: Database) -> None:
    with demo.platform("test", writes=True) as session:
        user = session.query(User).filter(User.username == "petugas").one()
        kept = user.password_hash
        user.password_hash = None
        other = session.query(User).filter(User.username == "bendahara").one().password_hash
    story.load(demo, when_empty=True, say=lambda line: pytest.fail(line))
    with demo.platform("test") as session:
        found = {user.username: user.password_hash for user in session.query(User)}
    assert found["petugas"] not in (None, kept)
    assert found["bendahara"] == other


def test_the_sign_in_page_of_a_demo_tells_the_ways_in(demo):
    assert [login.role for login in logins.shown(demo)] == WAYS
