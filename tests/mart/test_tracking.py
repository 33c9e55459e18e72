"""What the services outside know that nobody told us: parcels that arrived, payments whose notice was lost."""

from datetime import timedelta

from models.mart.orders import Order, OrderPayment
from services.mart import gateway, tracking
from services.mart.delivery import Delivery
from services.mart.shipping import Parcel, offer
from tests.mart import servers
from tests.mart.peers import midtrans, midtrans_server, rajaongkir, rajaongkir_server  # noqa: F401  fixtures
from tests.mart.story import DAY, NOW, shop


def test_a_parcel_that_arrived_is_marked_once(world, rajaongkir):  # noqa: F811
    store = shop(world, origin_id="1", couriers="jne")
    siti, rice = store.buyer(), store.variant(weight_g=1_000)
    found = offer(world.database, siti, store.store_id, Parcel("Bantul", 1_000, "2"), rajaongkir, at=NOW)
    key = next(choice.key for choice in found.choices if choice.kind == "courier")
    there = Delivery(key, "Jalan Melati 3", "Bantul", "2")
    order = store.place(siti, (rice, 1), delivery=there, pay_by="savings", phone="081234567890")
    store.pay(siti, order)
    store.ship(order)
    assert tracking.look(store.now(order), None) is None
    came = [tracking.arrivals(world.database, store.keeper, rajaongkir, DAY) for _ in range(2)]
    assert came == [1, 0]
    assert (store.now(order).delivered_on, store.now(order).state) == (DAY, "shipped")


def test_a_payment_whose_notice_was_lost_is_found_by_asking(world, midtrans, midtrans_server):  # noqa: F811
    store = shop(world)
    siti, rice = store.buyer(), store.variant()
    order = store.place(siti, (rice, 1), pay_by="gateway")
    gateway.begin(world.database, siti, order.public_id, midtrans, finish_url="http://x", at=NOW)
    at = NOW + timedelta(minutes=5)
    assert tracking.payments(world.database, store.keeper, midtrans, at) == 0
    with world.reading() as session:
        payment = session.query(OrderPayment).one()
    midtrans_server.known[payment.reference] = servers.notice(payment.reference, payment.amount_rp)
    assert [tracking.payments(world.database, store.keeper, midtrans, at) for _ in range(2)] == [1, 0]
    with world.reading() as session:
        assert session.query(Order).one().state == "packing"
