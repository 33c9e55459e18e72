"""Kuitansi: numbered without gaps, one original, verified by whoever holds the paper."""

from datetime import date

import pytest

from core.display import terbilang
from core.errors import NotFound
from models.savings import Receipt
from services.ledger import periods
from services.loans import queries as lending
from services.members import cards
from services.savings import products, queries, receipts
from services.savings.refusals import NotEnough
from tests.crowd import at_once
from tests.savings.test_desk import DAY, move, undo


def labels(world) -> list[str]:
    with world.reading() as session:
        return [receipt.label for receipt in session.query(Receipt).order_by(Receipt.id)]


def test_numbers_have_no_gaps_whoever_pays_at_the_same_time(any_world):
    people = [any_world.member(name) for name in ("Siti", "Joko", "Dewi")]
    at_once([lambda p=p, n=n: move(any_world, p, "voluntary", 1_000, f"{p}:{n}") for p in people for n in range(4)])
    assert sorted(labels(any_world)) == [f"KW/2026/{n:05d}" for n in range(1, 13)]


def test_a_refused_payment_takes_no_number(world):
    siti = world.member()
    move(world, siti, "voluntary", 1_000, "a")
    with pytest.raises(NotEnough):
        move(world, siti, "voluntary", 9_000, "b", out=True)
    move(world, siti, "voluntary", 1_000, "c")
    assert labels(world) == ["KW/2026/00001", "KW/2026/00002"]


def test_each_year_and_each_cooperative_counts_from_one(world):
    siti = world.member()
    with world.transaction() as session:
        periods.open_year(session, world.bendahara, 2027)
    move(world, siti, "voluntary", 1_000, "a")
    move(world, siti, "voluntary", 1_000, "b", day=date(2027, 1, 2))
    assert labels(world) == ["KW/2026/00001", "KW/2027/00001"]


def test_the_first_print_is_the_original_and_every_other_a_copy(any_world):
    receipt = move(any_world, any_world.member(), "voluntary", 1_000, "a")

    def print_it():
        with any_world.transaction(any_world.petugas) as session:
            return receipts.printed(session, any_world.petugas, session.get_one(Receipt, receipt.id))

    assert sorted(at_once([print_it] * 8)) == [False] + [True] * 7
    with any_world.reading() as session:
        assert session.get_one(Receipt, receipt.id).printed == 8


def test_whoever_holds_the_paper_learns_what_stands_in_the_books(world):
    receipt = move(world, world.member("Siti Aminah"), "voluntary", 1_250_000, "a")
    found = receipts.verify(world.database, receipt.token)
    assert (found.coop_name, found.label, found.amount_rp, found.issued_on) == (
        "Koperasi Maju Bersama", "KW/2026/00001", 1_250_000, DAY,
    )  # fmt: skip
    assert (found.member_initials, found.is_undone) == ("S. A.", False)
    undo(world, receipt)
    assert receipts.verify(world.database, receipt.token).is_undone


@pytest.mark.parametrize("token", ["", "x" * 32, "x" * 5_000, "\x00", "' or 1=1 --"])
def test_a_token_nobody_issued_is_not_found(world, token):
    with pytest.raises(NotFound):
        receipts.verify(world.database, token)
    with pytest.raises(NotFound):
        cards.check(world.database, token)


def test_a_member_sees_their_own_kuitansi_only(world):
    from tests.journeys.conftest import employ

    siti, joko = world.member("Siti"), world.member("Joko")
    mine, other = (move(world, who, "voluntary", 1_000, str(who)) for who in (siti, joko))
    me = employ(world, "siti", {"anggota"}, siti)
    with world.reading(me) as session:
        assert receipts.get(session, me, mine.id).id == mine.id
        assert [r.id for r in queries.receipts_of(session, me, siti)] == [mine.id]
        with pytest.raises(NotFound):
            receipts.get(session, me, other.id)
        for ask in (queries.receipts_of, queries.balances, queries.mutations, queries.bills_of, lending.of_member):
            with pytest.raises(NotFound):
                ask(session, me, joko)


def test_a_foreign_kuitansi_is_not_there(world):
    receipt, who = move(world, world.member(), "voluntary", 1_000, "a"), world.other_actors["petugas"]
    with pytest.raises(NotFound), world.reading(who) as session:
        receipts.get(session, who, receipt.id)


AMOUNTS = {
    1: "satu rupiah",
    11: "sebelas rupiah",
    100: "seratus rupiah",
    1_000: "seribu rupiah",
    1_250_000: "satu juta dua ratus lima puluh ribu rupiah",
    999_999_999_999: "sembilan ratus sembilan puluh sembilan miliar sembilan ratus sembilan puluh sembilan juta "
    "sembilan ratus sembilan puluh sembilan ribu sembilan ratus sembilan puluh sembilan rupiah",
}


@pytest.mark.parametrize("amount_rp", AMOUNTS)
def test_an_amount_is_said_in_words(amount_rp):
    assert terbilang(amount_rp) == AMOUNTS[amount_rp]


def test_the_passbook_runs_for_each_product_by_itself_and_from_a_day_on(world):
    siti = world.member()
    for n, (kind, amount_rp, day) in enumerate(
        [("share", 200_000, 5), ("voluntary", 70_000, 6), ("mandatory", 100_000, 7), ("voluntary", 30_000, 8)]
    ):
        move(world, siti, kind, amount_rp, str(n), day=date(2026, 3, day))
    with world.reading(world.petugas) as session:
        lines = queries.mutations(session, world.petugas, siti)
        later = queries.mutations(session, world.petugas, siti, since=date(2026, 3, 8))
        only = queries.mutations(
            session, world.petugas, siti, product_id=products.of_kind(session, world.petugas, "voluntary").id
        )
    assert [x.balance_rp for x in lines] == [200_000, 70_000, 100_000, 100_000]
    assert [(x.amount_rp, x.balance_rp) for x in later] == [(30_000, 100_000)]
    assert [x.amount_rp for x in only] == [70_000, 30_000]
