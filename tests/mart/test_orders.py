"""An order from the cart to the books: goods kept, paid once, sold when handed over, never oversold."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.errors import NotFound, Refusal
from models.ledger import JournalEntry
from models.mart.orders import Order, OrderEvent
from models.mart.products import Product
from models.mart.stores import Store
from models.savings import SavingsAccount
from services.access.sign_in import Confirmed
from services.mart import counts, expiry, fulfilment, payments
from services.mart.delivery import Delivery
from services.mart.refusals import (
    BalanceTooLow,
    CountBelowOrders,
    CreditTooHigh,
    DeliveryUnknown,
    MembersOnly,
    NotForSale,
    OrderDiffers,
    OrderUnpaid,
    OrderWrongState,
    OutOfStock,
    PasswordWrong,
    PaymentUnknown,
    PriceChanged,
    QuantityInvalid,
    StoreClosed,
)
from services.mart.stores import Zone, save_zone
from tests.crowd import outcomes
from tests.mart.story import DAY, NOW, Shop, later, shop


@pytest.fixture
def store(world) -> Shop:
    return shop(world, commission_pct=Decimal(5), credit_limit_rp=200_000)


def saved(store: Shop, buyer) -> int:
    with store.world.reading() as session:
        return session.query(SavingsAccount).filter(SavingsAccount.member_id == buyer.member_id).one().balance_rp


def test_savings_pay_an_order_and_the_books_tell_it_whole(store):
    siti, rice = store.buyer(), store.variant(pieces=10, cost_rp=60_000, price_rp=75_000, member_price_rp=72_000)
    order = store.place(siti, (rice, 2), pay_by="savings", seen_rp=144_000)
    assert (order.label, order.state, order.total_rp, order.due_rp) == ("T/2026/00001", "unpaid", 144_000, 144_000)
    assert store.card(rice) == (10, 2, 600_000)
    store.pay(siti, order)
    paid = store.now(order)
    assert (paid.state, paid.held_rp, paid.claim_rp, paid.paid_on) == ("packing", 144_000, 144_000, DAY)
    assert store.journal("mart:payment:1") == {
        ("2101", "PUSAT"): 144_000, ("2901", "PUSAT"): -144_000, ("1901", "TOKO"): 144_000, ("2111", "TOKO"): -144_000,
    }  # fmt: skip
    store.hand_over(order)
    assert store.journal(f"mart:order:{order.id}:sale") == {
        ("2111", "TOKO"): 144_000, ("4301", "TOKO"): -144_000, ("5201", "TOKO"): 120_000, ("1113", "TOKO"): -120_000,
    }  # fmt: skip
    assert store.journal(f"mart:order:{order.id}:commission") == {
        ("4306", "TOKO"): 7_200, ("4306", "PUSAT"): -7_200, ("2901", "PUSAT"): 7_200, ("1901", "TOKO"): -7_200,
    }  # fmt: skip
    done = store.now(order)
    assert (done.state, done.held_rp, done.claim_rp, done.lines[0].cost_rp) == ("done", 0, 0, 120_000)
    assert store.card(rice) == (8, 0, 480_000)
    assert store.balance() == 144_000 - 7_200


def test_the_second_click_orders_pays_and_hands_over_nothing_more(store):
    siti, rice = store.buyer(), store.variant()
    wish = store.wish((rice, 2), pay_by="savings")
    first, again = store.order(siti, wish), store.order(siti, wish)
    assert first.id == again.id
    for _ in range(2):
        store.pay(siti, first)
    for _ in range(2):
        store.hand_over(first)
    with store.world.reading() as session:
        assert session.query(Order).count() == 1
        assert session.query(JournalEntry).filter(JournalEntry.source.like("mart:payment:%")).count() == 1
        assert (
            session.query(SavingsAccount).filter(SavingsAccount.member_id == siti.member_id).one().balance_rp == 850_000
        )
    with pytest.raises(OrderDiffers):
        store.order(siti, store.wish((rice, 3), token=wish.token))


def test_cash_at_the_counter_lies_in_the_drawer_and_owes_nothing_to_the_treasury(store):
    stranger, rice = store.stranger(), store.variant()
    order = store.place(stranger, (rice, 1), pay_by="cash")
    assert store.now(order).state == "packing", "it is packed before it is paid"
    store.hand_over(order)
    assert store.journal("mart:payment:1") == {("11014", "TOKO"): 75_000, ("2111", "TOKO"): -75_000}
    sale = store.journal(f"mart:order:{order.id}:sale")
    assert (sale["4302", "TOKO"], sale["5202", "TOKO"]) == (-75_000, 60_000), "non-members apart"
    assert store.balance() == 0


def test_kasbon_is_owed_by_the_member_within_the_limit(store):
    siti, rice = store.buyer(saved_rp=0), store.variant()
    order = store.place(siti, (rice, 2), pay_by="credit")
    sure = Confirmed(siti.user_id)
    store.own(siti, order, lambda s, o: payments.by_credit(s, siti, o, confirmed=sure, on=DAY))
    assert store.journal("mart:payment:1")["1108", "PUSAT"] == 150_000
    second = store.place(siti, (rice, 1), pay_by="credit")
    with pytest.raises(CreditTooHigh, match=r"Rp 50\.000 dari batas Rp 200\.000"):
        store.own(siti, second, lambda s, o: payments.by_credit(s, siti, o, confirmed=sure, on=DAY))


def test_savings_are_safe_from_others_and_from_too_little(store):
    siti, rice = store.buyer(saved_rp=100_000), store.variant()
    order = store.place(siti, (rice, 2), pay_by="savings")
    with pytest.raises(BalanceTooLow):
        store.pay(siti, order)
    product_id, wrong = store.world.product("voluntary"), Confirmed(siti.user_id + 1)
    with pytest.raises(PasswordWrong):
        store.own(siti, order, lambda s, o: payments.by_savings(s, siti, o, product_id, confirmed=wrong, on=DAY))
    other = store.stranger()
    with pytest.raises(NotFound):
        store.own(other, order, lambda s, o: o)
    with pytest.raises(PaymentUnknown):
        store.place(other, (rice, 1), pay_by="savings")
    assert store.now(order).state == "unpaid"


def test_what_the_browser_says_of_price_quantity_or_delivery_is_not_believed(store):
    siti, rice = store.buyer(), store.variant(member_price_rp=70_000)
    with pytest.raises(PriceChanged, match=r"Rp 60\.000 menjadi Rp 70\.000"):
        store.place(siti, (rice, 1), seen_rp=60_000)
    for pieces in (0, -1, 10_000):
        with pytest.raises(QuantityInvalid):
            store.place(siti, (rice, pieces))
    with pytest.raises(OutOfStock, match="tinggal 10"):
        store.place(siti, (rice, 11))
    address = {"address": "Jalan Melati 3", "city": "Bantul"}
    for key in ("zone:7", "courier:7:jne:REG", "drone"):
        with pytest.raises(DeliveryUnknown):
            store.place(siti, (rice, 1), delivery=Delivery(key, **address))
    with pytest.raises(PaymentUnknown):
        store.place(siti, (rice, 1), pay_by="qris")
    with pytest.raises(NotFound):
        store.place(siti, (rice + 99, 1))
    assert store.card(rice) == (10, 0, 600_000)


def test_the_shops_own_courier_costs_what_its_zone_says(store):
    siti, rice = store.buyer(), store.variant(member_price_rp=70_000)
    keeper = store.keeper
    zone = store.act(keeper, lambda s: save_zone(s, keeper, store.store_id, Zone("Bantul", "Bantul", 8_000)))
    there = Delivery(f"zone:{zone.id}", address="Jalan Melati 3", city="Bantul")
    order = store.place(siti, (rice, 1), delivery=there, pay_by="savings", seen_rp=78_000)
    with pytest.raises(OrderUnpaid):
        store.ship(order)
    store.pay(siti, order)
    store.ship(order)
    store.ship(order)
    assert store.journal(f"mart:order:{order.id}:sale")["4307", "TOKO"] == -8_000
    shipped = store.now(order)
    assert (shipped.state, shipped.held_rp, shipped.claim_rp) == ("shipped", 0, 78_000)
    store.own(siti, order, lambda s, o: fulfilment.receive(s, siti, o, on=DAY))
    assert store.balance() == 78_000 - 3_500, "commission on the goods, not on the parcel"


def test_nobody_oversells_ten_pieces_to_a_crowd(any_world):
    store = shop(any_world)
    buyers = [store.stranger(f"Pembeli {n}") for n in range(100)]
    rice = store.variant(pieces=10)
    wishes = [store.wish((rice, 1), pay_by="cash") for _ in buyers]
    results = outcomes([lambda b=b, w=w: store.order(b, w).state for b, w in zip(buyers, wishes, strict=True)])
    assert sorted(results) == ["mart.out_of_stock"] * 90 + ["packing"] * 10
    assert store.card(rice) == (10, 10, 600_000)


def test_ten_clicks_at_once_are_one_order_paid_and_handed_over_once(any_world):
    store = shop(any_world)
    siti, rice = store.buyer(), store.variant()
    wish = store.wish((rice, 1), pay_by="savings")
    placed = outcomes([lambda: store.order(siti, wish).id for _ in range(10)])
    assert len(set(placed)) == 1, placed
    order = store.order(siti, wish)
    assert outcomes([lambda: store.pay(siti, order) for _ in range(10)]) == [None] * 10
    assert outcomes([lambda: store.hand_over(order) for _ in range(10)]) == [None] * 10
    assert store.card(rice) == (9, 0, 540_000)
    assert store.balance() == 75_000


def test_an_unpaid_order_sets_its_goods_free(store):
    siti, joko, rice = store.buyer(), store.buyer("Joko"), store.variant(pieces=2)
    first = store.place(siti, (rice, 2), pay_by="savings")
    with pytest.raises(OutOfStock):
        store.place(joko, (rice, 1), at=later(59))
    second = store.place(joko, (rice, 1), at=later(60), pay_by="savings")
    assert store.now(first).state == "cancelled", "it lapsed when somebody else wanted the goods"
    assert store.card(rice) == (2, 1, 120_000)
    with pytest.raises(OrderWrongState):
        store.pay(siti, first)
    assert store.act(store.keeper, lambda s: len(expiry.expire(s, store.keeper, later(200)))) == 1
    assert store.now(second).state == "cancelled"
    assert store.card(rice) == (2, 0, 120_000)


def test_a_count_below_what_is_ordered_says_so(store):
    rice = store.variant(pieces=5)
    store.place(store.buyer(), (rice, 2))
    with pytest.raises(CountBelowOrders, match="dihitung 1, padahal 2 sudah dipesan"):
        store.act(store.keeper, lambda s: counts.preview(s, store.keeper, store.store_id, {rice: 1}))
    counted = store.act(store.keeper, lambda s: counts.preview(s, store.keeper, store.store_id, {rice: 2}))
    assert counted.rows[0].difference == -3


def test_a_closed_shop_a_hidden_product_and_a_shop_for_members_sell_nothing(store):
    stranger, rice = store.stranger(), store.variant()

    def change(model, **values):
        def done(session):
            row = session.query(model).one()
            for name, value in values.items():
                setattr(row, name, value)

        store.act(store.keeper, done)

    change(Product, is_published=False)
    with pytest.raises(NotForSale):
        store.place(stranger, (rice, 1))
    change(Product, is_published=True)
    change(Store, is_open=False)
    with pytest.raises(StoreClosed):
        store.place(stranger, (rice, 1))
    change(Store, is_open=True, sells_to_all=False)
    with pytest.raises(MembersOnly):
        store.place(stranger, (rice, 1))


def test_a_shop_that_cannot_deliver_gives_the_money_back(store):
    siti, rice = store.buyer(), store.variant()
    order = store.place(siti, (rice, 2), pay_by="savings")
    store.pay(siti, order)
    keeper = store.keeper
    with pytest.raises(Refusal, match="cara itu tidak dapat"):
        store.act(keeper, lambda s: fulfilment.cancel(s, keeper, order.id, reason="Habis", on=DAY, refund_by="bank"))
    assert store.now(order).state == "packing", "refused whole"
    for _ in range(2):
        store.act(keeper, lambda s: fulfilment.cancel(s, keeper, order.id, reason="Habis", on=DAY, refund_by="savings"))
    gone = store.now(order)
    assert (gone.state, gone.refunded_rp, gone.held_rp, gone.claim_rp) == ("cancelled", 150_000, 0, 0)
    assert store.card(rice) == (10, 0, 600_000)
    with store.world.reading() as session:
        assert (
            session.query(SavingsAccount).filter(SavingsAccount.member_id == siti.member_id).one().balance_rp == 10**6
        )


def test_the_neighbours_shop_and_orders_are_not_there(store):
    near = shop(store.world, neighbour=True)
    theirs, rice = near.variant(), store.variant()
    siti = store.buyer()
    with pytest.raises(NotFound):
        store.place(siti, (theirs, 1))
    order = store.place(siti, (rice, 1), pay_by="cash")
    with pytest.raises(NotFound):
        near.act(near.keeper, lambda s: fulfilment.hand_over(s, near.keeper, order.id, on=DAY))
    elsewhere = near.stranger()
    assert near.place(elsewhere, (theirs, 1), pay_by="cash").label == "T/2026/00001", "each counts its own"


def test_orders_that_arrived_are_done_by_themselves_unless_somebody_complains(store):
    siti, rice = store.buyer(), store.variant()
    keeper = store.keeper
    zone = store.act(keeper, lambda s: save_zone(s, keeper, store.store_id, Zone("Bantul", "Bantul", 0)))
    there = Delivery(f"zone:{zone.id}", address="Jalan Melati 3", city="Bantul")
    quiet, loud = (store.place(siti, (rice, 1), delivery=there, pay_by="savings") for _ in range(2))
    for order in (quiet, loud):
        store.pay(siti, order)
        store.ship(order)
        store.act(keeper, lambda s, o=order: fulfilment.deliver(s, keeper, o.id, on=DAY))
    store.own(siti, loud, lambda s, o: fulfilment.complain(s, siti, o, "Karungnya bocor", at=NOW))
    for days, done in ((2, 0), (3, 1), (4, 0)):
        day = DAY + timedelta(days=days)
        assert store.act(keeper, lambda s, d=day: len(fulfilment.complete_due(s, keeper, d))) == done
    assert (store.now(quiet).state, store.now(loud).state) == ("done", "shipped")
    with store.world.reading() as session:
        acts = [
            e.act for e in session.query(OrderEvent).filter(OrderEvent.order_id == quiet.id).order_by(OrderEvent.id)
        ]
    assert acts == ["place", "pay", "ship", "deliver", "complete"]
