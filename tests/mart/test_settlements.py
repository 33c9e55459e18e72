"""Money leaves the payment service for the bank once, and every day its payments equal its books."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.errors import InvalidValue, NotAllowed, NotFound
from models.ledger import JournalEntry
from models.mart.orders import OrderPayment
from services.ledger.chart import Role
from services.ledger.posting import credit, debit, post
from services.mart import gateway, settlements
from services.mart.ports.midtrans import Notice
from services.mart.settlements import Payout, SettledAlready, SettlementDiffers
from tests.crowd import outcomes
from tests.mart.story import DAY, NOW, Shop, shop

pytest_plugins = ["tests.mart.peers"]
CLEARING = "11023"


@pytest.fixture
def store(world) -> Shop:
    return shop(world)


def paid(store: Shop, midtrans, *prices_rp: int) -> list[int]:
    """An order for each price, paid through the service; the payments' ids."""
    world, buyer = store.world, store.stranger()
    for price_rp in prices_rp:
        order = store.place(buyer, (store.variant(price_rp=price_rp), 1), pay_by="gateway")
        gateway.begin(world.database, buyer, order.public_id, midtrans, finish_url="https://k.id", at=NOW)
        reference = f"EK-{order.coop_id}-{order.id}-1"
        gateway.receive(world.database, Notice(reference, price_rp, "paid", "settlement"), None, at=NOW)
    with world.reading(store.keeper) as session:
        return [one.id for one in session.query(OrderPayment).order_by(OrderPayment.id)]


def settle(store: Shop, payout: Payout, who: str = "bendahara"):
    with store.world.transaction(store.actors[who]) as session:
        return settlements.settle(session, store.actors[who], payout)


def compared(store: Shop, day: date = DAY):
    with store.world.reading(store.actors["bendahara"]) as session:
        return settlements.reconcile(session, store.actors["bendahara"], day)


def rows(store: Shop) -> list[tuple[int, bool]]:
    with store.world.reading(store.keeper) as session:
        found = session.query(OrderPayment).order_by(OrderPayment.id)
        return [(one.fee_rp, one.settled_seq is not None) for one in found]


def test_a_payout_is_booked_once_with_its_fee_and_each_payment_bears_its_part(store, midtrans):
    ids = paid(store, midtrans, 75_000, 25_000, 50_001)
    payout = Payout(ids[:2], DAY + timedelta(days=1), 2_501, "payout-1")
    first = settle(store, payout)
    again = settle(store, payout)
    assert (first.is_new, again.is_new, again.seq) == (True, False, first.seq)
    assert store.journal("mart:settlement:payout-1") == {
        ("11021", "PUSAT"): 97_499, ("6113", "PUSAT"): 2_501, (CLEARING, "PUSAT"): -100_000,
    }  # fmt: skip
    assert rows(store) == [(1_876, True), (625, True), (0, False)]
    with store.world.reading(store.actors["bendahara"]) as session:
        left = settlements.open_payments(session, store.actors["bendahara"])
    assert [one.id for one in left] == [ids[2]]


def test_a_payout_without_a_fee_has_two_lines(store, midtrans):
    settle(store, Payout(paid(store, midtrans, 75_000), DAY, 0, "payout-1"))
    assert len(store.journal("mart:settlement:payout-1")) == 2


def test_what_was_paid_out_is_not_paid_out_again(store, midtrans):
    ids = paid(store, midtrans, 75_000, 75_000)
    first = Payout(ids[:1], DAY, 500, "payout-1")
    settle(store, first)
    with pytest.raises(SettledAlready, match="1 dari pembayaran"):
        settle(store, Payout(ids, DAY, 500, "payout-2"))
    with pytest.raises(SettlementDiffers):
        settle(store, replace(first, payment_ids=ids[1:]))
    assert rows(store) == [(500, True), (0, False)]


def test_two_clicks_at_once_book_one_payout(any_world, midtrans):
    store = shop(any_world)
    payout = Payout(paid(store, midtrans, 75_000), DAY, 500, "payout-1")
    told = outcomes([lambda: settle(store, payout).is_new] * 4)
    assert sorted(told) == [False, False, False, True]
    told = outcomes([lambda: settle(store, replace(payout, token="payout-2"))] * 2)
    assert told == ["mart.settled_already"] * 2


def test_a_payout_that_makes_no_sense_is_refused(store, midtrans, world):
    ids = paid(store, midtrans, 75_000)
    good = Payout(ids, DAY, 500, "payout-1")
    with world.reading() as session:
        inventory = settlements.chart.roles(session, world.bendahara)["inventory"]
    for change, refusal in (
        ({"fee_rp": 75_000}, InvalidValue), ({"fee_rp": -1}, InvalidValue), ({"fee_rp": 1.5}, InvalidValue),
        ({"payment_ids": []}, InvalidValue), ({"payment_ids": [999]}, NotFound), ({"token": "x"}, InvalidValue),
        ({"received_on": DAY - timedelta(days=1)}, InvalidValue), ({"bank_account": inventory}, InvalidValue),
    ):  # fmt: skip
        with pytest.raises(refusal):
            settle(store, replace(good, **change))
    with pytest.raises(NotAllowed):
        settle(store, good, who="pengelola_toko")
    theirs = paid(shop(world, neighbour=True), midtrans, 10_000)
    with pytest.raises(NotFound):
        settle(store, replace(good, payment_ids=[*ids, max(theirs) + 50]))
    assert rows(store) == [(0, False)]


def test_the_neighbours_payments_are_not_there(store, midtrans, world):
    paid(store, midtrans, 75_000)
    theirs = shop(world, neighbour=True)
    other = paid(theirs, midtrans, 10_000)
    assert compared(theirs).lying_rp == 10_000
    assert compared(store).lying_rp == 75_000
    with pytest.raises(NotFound):
        settle(store, Payout(other, DAY, 0, "payout-1"))


def test_a_days_payments_equal_its_books(store, midtrans):
    ids = paid(store, midtrans, 75_000, 25_000)
    day = compared(store)
    assert (day.paid_rp, day.booked_rp, day.lying_rp, day.balance_rp) == (100_000,) * 4
    assert day.differences == ()
    settle(store, Payout(ids[:1], DAY + timedelta(days=2), 700, "payout-1"))
    day = compared(store, DAY + timedelta(days=2))
    assert (day.paid_rp, day.booked_rp, day.lying_rp, day.balance_rp, day.differences) == (0, 0, 25_000, 25_000, ())


def test_a_difference_is_named(store, midtrans, world):
    paid(store, midtrans, 75_000)
    lines = [debit(Role.ONLINE_CLEARING, 5_000), credit(Role.CASH, 5_000)]
    with world.transaction() as session:
        post(session, world.bendahara, booked_on=DAY, memo="Salah akun", source="test:1", lines=lines)
    told = compared(store).differences
    assert told[0].startswith("Masuk 10 Februari 2026: menurut pembayaran Rp 75.000, menurut buku Rp 80.000")
    assert told[1].startswith("Belum dicairkan: menurut pembayaran Rp 75.000, menurut buku Rp 80.000, selisih Rp 5.000")


def test_money_the_service_gave_back_is_named_until_somebody_books_it(store, midtrans, world):
    paid(store, midtrans, 75_000)
    with world.reading(store.keeper) as session:
        reference = session.query(OrderPayment).one().reference
    gateway.receive(world.database, Notice(reference, 75_000, "refunded", "refund"), None, at=NOW)
    assert "mengembalikan uang" in compared(store).differences[0]


def test_what_the_books_say_stays_one_entry_a_payment(store, midtrans, world):
    paid(store, midtrans, 75_000, 25_000)
    with world.reading() as session:
        assert session.query(JournalEntry).filter(JournalEntry.source.like("mart:payment:%")).count() == 2
