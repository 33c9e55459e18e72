"""Fourteen months of one cooperative, every night's chores and nothing told by hand; and what read-only means."""

from datetime import date

import pytest

from core.errors import BooksReadOnly, NotAllowed
from models.coops import Coop
from services.access.sign_in import actor_in
from services.ledger.chart import Role
from services.ledger.posting import credit, debit, post
from services.subscriptions import invoices, payments, terms
from services.subscriptions.refusals import NothingToChange, NotOnTrial
from tests.subscriptions.story import FIRST, Life, life


@pytest.fixture
def one(world, tmp_path) -> Life:
    return life(world, tmp_path)


def book(world, actor, source="uji:1", on=date(2026, 1, 15)):
    with world.database.transaction(actor) as session:
        lines = [debit(Role.CASH, 5_000), credit(Role.VOLUNTARY_SAVINGS, 5_000)]
        return post(session, actor, booked_on=on, memo="Uji", source=source, lines=lines)


def test_fourteen_months(world, one):
    one.chores()
    one.at(date(2026, 2, 7))
    assert one.told() == ["Selamat datang di eKopz", "Hari ke-7 masa coba", "Hari ke-21 masa coba",
                          "Masa coba hampir selesai"]  # fmt: skip
    one.pay(one.choose("tumbuh"))
    assert one.now().paid_until == date(2026, 3, 8)  # the trial is not cut short

    one.at(date(2026, 3, 5)).pay(one.open_invoice())
    one.at(date(2026, 4, 8)).pay(one.open_invoice())
    one.at(date(2026, 4, 20))
    upgrade = one.choose("maju")
    assert [line["amount_rp"] for line in upgrade.lines] == [379_367, -157_700]
    assert one.now().plan.code == "tumbuh"
    one.pay(upgrade)
    assert one.now().plan.code == "maju"

    one.at(date(2026, 4, 28))
    assert one.open_invoice().total_rp == 599_000
    assert one.choose("tumbuh") is None
    one.at(date(2026, 5, 1))
    assert one.open_invoice().total_rp == 249_000
    one.pay(one.open_invoice())
    assert one.now().plan.code == "maju"
    one.at(date(2026, 5, 9))
    assert one.now().plan.code == "tumbuh"

    one.at(date(2026, 6, 15))  # nobody pays
    assert (one.now().state, one.read_only()) == ("grace", False)
    book(world, world.bendahara)
    one.at(date(2026, 6, 30))
    assert (one.now().state, one.read_only()) == ("read_only", True)
    assert one.told()[-3:] == ["Langganan belum dibayar", "Langganan belum dibayar", "Buku hanya dapat dibaca"]
    one.at(date(2026, 7, 1)).pay(one.open_invoice())
    assert (one.now().state, one.read_only(), one.now().paid_until) == ("active", False, date(2026, 7, 31))

    one.at(date(2026, 7, 20)).choose("tumbuh", "year")
    one.at(date(2026, 7, 30)).pay(one.open_invoice())
    one.at(date(2027, 3, 10))
    assert (one.now().state, one.now().period, one.now().paid_until) == ("active", "year", date(2027, 7, 31))
    assert one.steps() == [
        (FIRST, "trial", 0, 0),
        (date(2026, 2, 7), "start", 0, 249_000),
        (date(2026, 3, 5), "renew", 249_000, 249_000),
        (date(2026, 4, 8), "renew", 249_000, 249_000),
        (date(2026, 4, 20), "upgrade", 249_000, 599_000),
        (date(2026, 5, 1), "renew", 599_000, 599_000),
        (date(2026, 5, 9), "downgrade", 599_000, 249_000),
        (date(2026, 6, 16), "lapse", 249_000, 0),
        (date(2026, 7, 1), "resume", 0, 249_000),
        (date(2026, 7, 30), "renew", 249_000, 249_000),
        (date(2026, 8, 1), "downgrade", 249_000, 207_500),
    ]
    numbers = [invoice.number for invoice in one.invoices()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_one_run_after_weeks_is_as_good_as_every_night(world, one, tmp_path):
    other = life(world, tmp_path, neighbour=True)
    one.at(date(2026, 3, 1))
    other.chores(date(2026, 3, 1))
    assert one.steps() == other.steps()
    assert one.steps()[-1] == (date(2026, 2, 16), "lapse", 0, 0)
    assert other.told() == ["Buku hanya dapat dibaca"]
    assert other.chores() == []


def test_who_does_not_pay_is_not_told(one):
    one.at(date(2026, 1, 20))
    assert one.told(one.world.petugas.user_id) == []
    assert len(one.told(one.world.ketua.user_id)) == 2


def test_read_only_books_refuse_whatever_way_money_comes(any_world, tmp_path):
    world = any_world
    before = book(world, world.bendahara)
    life(world, tmp_path).chores(date(2026, 2, 16))
    with pytest.raises(BooksReadOnly):
        book(world, world.bendahara, "uji:2")  # an actor from before the lapse
    assert book(world, world.bendahara).seq == before.seq  # what was booked before is told again
    with world.reading() as session:
        now = actor_in(session, world.bendahara.user_id, world.coop.id)
    assert now.may("reports.view")
    assert now.may("subscription.pay")
    with pytest.raises(BooksReadOnly):
        now.must("savings.teller")
    other = world.other_actors["bendahara"]
    assert book(world, other).is_new


def test_pay_in_grace_from_the_day_after_the_trial(one):
    one.at(date(2026, 2, 12))
    one.pay(one.choose("tumbuh"))
    assert (one.now().state, one.now().paid_until) == ("active", date(2026, 3, 8))


def test_terms_of_month_ends_keep_their_day():
    anchor, ends, day = date(2026, 1, 31), [], date(2026, 1, 31)
    for _ in range(4):
        ends.append(terms.term_end(day, "month", anchor))
        day = date.fromordinal(ends[-1].toordinal() + 1)
    assert ends == [date(2026, 2, 27), date(2026, 3, 30), date(2026, 4, 29), date(2026, 5, 30)]
    assert terms.term_end(date(2024, 2, 29), "year", date(2024, 2, 29)) == date(2025, 2, 27)


def test_an_operator_extends_a_trial_even_after_it_lapsed(world, one):
    operator = world.platform["operator_platform"]
    one.at(date(2026, 2, 20))
    assert one.read_only()
    for _ in range(2):
        with world.database.transaction(world.coop.id) as session:
            terms.extend_trial(
                session, operator, world.coop.id, until=date(2026, 3, 1), reason="Menunggu rapat anggota", on=one.on
            )
    assert (one.now().state, one.read_only()) == ("trial", False)
    assert [step[1] for step in one.steps()] == ["trial", "lapse", "extend"]
    one.pay(one.choose("tumbuh"))
    assert one.now().paid_until == date(2026, 4, 1)
    with pytest.raises(NotOnTrial), world.database.transaction(world.coop.id) as session:
        terms.extend_trial(session, operator, world.coop.id, until=date(2026, 3, 9), reason="x", on=one.on)


def test_only_who_pays_chooses_and_the_same_plan_is_nothing_new(world, one):
    with pytest.raises(NotAllowed), world.database.transaction(world.sekretaris) as session:
        invoices.choose(
            session, world.sekretaris, plan_code="maju", period="month", seen_rp=599_000, token="t", on=one.on
        )
    one.pay(one.choose("tumbuh"))
    with pytest.raises(NothingToChange):
        one.choose("tumbuh")


def test_the_smaller_plan_waits_and_may_be_taken_back(one):
    one.pay(one.choose("maju"))
    assert one.choose("tumbuh") is None
    assert one.now().next_plan_id is not None
    assert one.choose("maju") is None
    assert one.now().next_plan_id is None
    with one.world.database.platform("test") as session:
        assert session.get(Coop, one.coop.id).limits["members"] == 2_500


def test_a_proof_that_waits_keeps_the_books_open_and_the_paid_term_unbroken(world, one):
    one.at(date(2026, 2, 15))  # the last day of grace
    waiting = one.claim(one.choose("tumbuh"))
    one.at(date(2026, 2, 20))
    assert (one.now().state, one.read_only()) == ("grace", False)
    book(world, world.bendahara)
    one.confirm(waiting)
    assert (one.now().state, one.now().paid_until) == ("active", date(2026, 3, 8))  # since the trial's end
    assert [step[1] for step in one.steps()] == ["trial", "start"]


def test_a_proof_keeps_the_books_open_for_a_week_at_most_and_not_after_it_was_refused(world, one, tmp_path):
    other = life(world, tmp_path, neighbour=True)
    for each in (one, other):
        each.at(date(2026, 2, 15))
        waiting = each.claim(each.choose("tumbuh"))
    payments.refuse(world.database, world.platform["operator_platform"], waiting.id, reason="Fotonya buram")
    other.at(date(2026, 2, 16))
    assert (other.now().state, other.read_only()) == ("read_only", True)
    one.at(date(2026, 2, 22))
    assert (one.now().state, one.read_only()) == ("grace", False)
    one.at(date(2026, 2, 23))
    assert (one.now().state, one.read_only()) == ("read_only", True)


def test_a_proof_sent_after_the_end_opens_nothing_by_itself(one):
    one.at(date(2026, 2, 16))
    one.claim(one.choose("tumbuh"))
    one.at(date(2026, 2, 17))
    assert (one.now().state, one.read_only()) == ("read_only", True)
