"""Kasbon in the deduction list: what is open on the cut-off day is asked, what comes is taken off it, oldest first."""

from datetime import date

import pytest

from models.mart.orders import StoreCredit, StoreCreditPayment
from models.savings import SavingsProduct
from services.access.sign_in import Confirmed
from services.ledger.chart import Role
from services.mart import credits, payments
from services.payroll import lists, settlement
from services.payroll.refusals import ExcessUnconfirmed, PayrollStale
from services.payroll.settlement import Received
from tests.mart.story import Shop, shop
from tests.payroll.test_payroll import MARCH, balance, row, send, settle


@pytest.fixture
def store(world) -> Shop:
    """A shop that gives kasbon, where no savings are owed."""
    with world.transaction(world.ketua) as session:
        for product in session.query(SavingsProduct).filter(SavingsProduct.kind.in_(("share", "mandatory"))):
            product.amount_rp = 0
    return shop(world, credit_limit_rp=1_000_000)


@pytest.fixture
def siti(store):
    return store.buyer(saved_rp=0)


def take(store: Shop, buyer, pieces: int, on: date) -> int:
    """Rice at Rp 75.000 a bag on kasbon; the kasbon's id."""
    order = store.place(buyer, (store.variant(pieces=20), pieces), pay_by="credit")
    sure = Confirmed(buyer.user_id)
    store.own(buyer, order, lambda s, o: payments.by_credit(s, buyer, o, confirmed=sure, on=on))
    with store.world.reading() as session:
        return session.query(StoreCredit).filter(StoreCredit.order_id == order.id).one().id


def paid(store: Shop) -> list[int]:
    with store.world.reading() as session:
        return [one.paid_rp for one in session.query(StoreCredit).order_by(StoreCredit.id)]


def test_what_is_open_on_the_cut_off_day_is_asked(store, siti, world):
    take(store, siti, 2, date(2026, 2, 11))
    take(store, siti, 1, date(2026, 3, 10))
    take(store, siti, 4, date(2026, 3, 11))
    with world.reading() as session:
        asked = row(lists.preview(session, world.bendahara, MARCH), siti.member_id)
        april = row(lists.preview(session, world.bendahara, date(2026, 4, 1)), siti.member_id)
    assert (asked.store_rp, asked.total_rp) == (225_000, 225_000)
    assert april.store_rp == 525_000
    list_id = send(world)
    with world.reading() as session:
        assert [line.total_rp for line in lists.lines(session, lists.get(session, world.bendahara, list_id))] == [
            225_000
        ]


def test_a_full_deduction_pays_what_was_asked_in_one_entry(store, siti, world):
    for pieces, day in ((2, 11), (1, 12)):
        take(store, siti, pieces, date(2026, 2, day))
    offered = settle(world, send(world), [Received(siti.member_id, 225_000)])
    assert [(share.state, share.store_rp, share.excess_rp) for share in offered.shares] == [("full", 225_000, 0)]
    assert (paid(store), balance(world, "1108")) == ([150_000, 75_000], 0)
    with world.reading() as session:
        assert len({one.entry_seq for one in session.query(StoreCreditPayment)}) == 1
        assert row(lists.preview(session, world.bendahara, date(2026, 4, 1)), siti.member_id).store_rp == 0


def test_part_of_it_pays_the_oldest_and_the_rest_is_asked_again(store, siti, world):
    for pieces, day in ((2, 11), (1, 12)):
        take(store, siti, pieces, date(2026, 2, day))
    offered = settle(world, send(world), [Received(siti.member_id, 170_000)])
    assert [share.state for share in offered.shares] == ["partial"]
    assert (paid(store), balance(world, "1108")) == ([150_000, 20_000], 55_000)
    with world.reading() as session:
        assert row(lists.preview(session, world.bendahara, date(2026, 4, 1)), siti.member_id).store_rp == 55_000


def test_a_failed_deduction_leaves_the_kasbon_open(store, siti, world):
    take(store, siti, 2, date(2026, 2, 11))
    offered = settle(world, send(world), [])
    assert [share.state for share in offered.shares] == ["failed"]
    assert (paid(store), balance(world, "1108")) == ([0], 150_000)


def test_savings_come_before_kasbon(store, siti, world):
    with world.transaction(world.ketua) as session:
        session.query(SavingsProduct).filter(SavingsProduct.kind == "mandatory").one().amount_rp = 100_000
    take(store, siti, 2, date(2026, 2, 11))
    (share,) = settle(world, send(world), [Received(siti.member_id, 130_000)]).shares
    assert (share.mandatory_rp, share.store_rp) == (100_000, 30_000)


def test_what_was_paid_at_the_desk_meanwhile_is_not_taken_twice(store, siti, world):
    credit_id, list_id = take(store, siti, 2, date(2026, 2, 11)), send(world)
    clerk, day = world.petugas, date(2026, 3, 12)
    with world.reading() as session:
        offered = settlement.preview(
            session, world.bendahara, list_id, [Received(siti.member_id, 150_000)], paid_on=date(2026, 3, 25)
        )
    with world.transaction(clerk) as session:
        credits.pay(session, clerk, credit_id, 100_000, day, Role.CASH, "at the desk")
    with pytest.raises(PayrollStale), world.transaction(world.bendahara) as session:
        settlement.book(session, world.bendahara, offered)
    with pytest.raises(ExcessUnconfirmed, match=r"100\.000"):
        settle(world, list_id, [Received(siti.member_id, 150_000)])
    settle(world, list_id, [Received(siti.member_id, 150_000)], accept_excess=True)
    assert (paid(store), balance(world, "1108"), balance(world, "2109")) == ([150_000], 0, -100_000)
