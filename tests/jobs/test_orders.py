"""Orders end by themselves: unpaid ones within minutes, arrived ones after the days the cooperative decided."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from types import SimpleNamespace

import pytest

from cli.jobs import queue_of
from core.clock import now
from models.access import User
from models.ledger import JournalEntry, Period
from models.mart.orders import Order, OrderEvent
from services.access import machine
from services.jobs import daily, lapsed
from services.mart import fulfilment
from tests.mart.story import DAY, Shop, shop

FINE = ["maju: semua buku benar.", "tetangga: semua buku benar."]


@pytest.fixture
def store(world) -> Shop:
    return shop(world, commission_pct=Decimal(5))


def without_news(lines: list[str]) -> list[str]:
    return [line for line in lines if "pemberitahuan" not in line]


def test_unpaid_orders_lapse_without_anybody_asking(store, tmp_path):
    buyer, rice = store.stranger(), store.variant()
    late = store.place(buyer, (rice, 2), at=now() - timedelta(minutes=61))
    fresh = store.place(buyer, (rice, 1), at=now())
    database = store.world.database
    assert lapsed.due(database) == [(lapsed.TASK, {"coop_id": store.keeper.coop_id})]
    queue = queue_of(SimpleNamespace(data=tmp_path), database)
    (tmp_path / daily.STAMP).write_text("2999-01-01\n")  # the day's chores are another test
    try:
        queue._look_around()
        assert queue.work_off() == 1
        queue._look_around()
        assert queue.work_off() == 0, "nothing lapsed is no job"
    finally:
        queue.close()
    assert (store.now(late).state, store.now(fresh).state) == ("cancelled", "unpaid")
    assert store.card(rice)[:2] == (10, 1)
    with store.world.database.platform("test") as session:
        event = session.query(OrderEvent).filter(OrderEvent.act == "expire").one()
        assert session.get_one(User, event.user_id).username == machine.USERNAME


def test_an_order_with_a_proof_waits_for_a_person(store):
    from tests.mart.test_desk_orders import _claim

    buyer, rice = store.stranger(), store.variant()
    order = store.place(buyer, (rice, 2), at=now() - timedelta(minutes=61))
    store.act(buyer, lambda s: _claim(s, order))
    assert lapsed.due(store.world.database) == []
    lapsed.work(store.world.database, coop_id=store.keeper.coop_id)
    assert store.now(order).state == "unpaid"


def test_the_days_chores_end_and_complete_orders_once(store):
    siti, rice = store.buyer(), store.variant()
    parcel = store.place(siti, (rice, 1), pay_by="savings")
    store.pay(siti, parcel)
    store.act(store.keeper, partial(_sent_by_zone, order_id=parcel.id))
    store.ship(parcel)
    store.act(store.keeper, lambda s: fulfilment.deliver(s, store.keeper, parcel.id, on=DAY))
    unpaid = store.place(siti, (rice, 1), at=now() - timedelta(days=1))
    day = DAY + timedelta(days=10)
    lines = without_news(daily.run(store.world.database, day))
    assert lines == ["maju: 1 pesanan batal karena tidak dibayar.", "maju: 1 pesanan selesai.", *FINE]
    assert without_news(daily.run(store.world.database, day)) == FINE
    assert (store.now(parcel).state, store.now(unpaid).state) == ("done", "cancelled")
    assert store.balance() == 75_000 - 3_750
    with store.world.reading() as session:
        source = f"mart:order:{parcel.id}:commission"
        entry = session.query(JournalEntry).filter(JournalEntry.source == source).one()
    with store.world.database.platform("test") as session:
        assert session.get_one(User, entry.posted_by).username == machine.USERNAME


def _sent_by_zone(session, *, order_id: int) -> None:
    session.get_one(Order, order_id).delivery = "zone"


def test_a_closed_month_lets_arrived_orders_wait_and_says_so(store):
    siti, rice = store.buyer(), store.variant()
    parcel = store.place(siti, (rice, 1), pay_by="savings")
    store.pay(siti, parcel)
    store.act(store.keeper, partial(_sent_by_zone, order_id=parcel.id))
    store.ship(parcel)
    store.act(store.keeper, lambda s: fulfilment.deliver(s, store.keeper, parcel.id, on=DAY))
    with store.world.transaction(store.world.bendahara) as session:
        session.query(Period).filter(Period.starts_on == date(2026, 2, 1)).one().state = "closed"
    lines = without_news(daily.run(store.world.database, date(2026, 2, 25)))
    assert lines[0].startswith("maju: pesanan yang sudah sampai menunggu: Periode Februari 2026 sudah ditutup.")
    assert store.now(parcel).state == "shipped"
    assert "maju: 1 pesanan selesai." in daily.run(store.world.database, date(2026, 3, 1))
