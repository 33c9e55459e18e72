"""From delivery to payment: each step once, in the books, never more than ordered, billed or owed."""

from dataclasses import replace
from datetime import date

import pytest

from core.errors import InvalidValue, NotAllowed, NotFound
from models.mart.products import StockMovement
from models.procurement import GoodsReceipt, PurchaseOrder, SupplierBill, SupplierPayment
from services.ledger import periods
from services.ledger.chart import Role
from services.ledger.refusals import PeriodClosed
from services.mart import stock
from services.procurement import billing, orders, paying, receiving
from services.procurement.refusals import (
    AdvanceTooMuch,
    AlreadyUndone,
    BillBeforeReceipt,
    BillPaid,
    BillReferenceUsed,
    GoodsGone,
    NotFinished,
    NotToBill,
    PaidBeforeBilled,
    PaysTooMuch,
    PurchaseDiffers,
    PurchaseWrongState,
    ReceiptBilled,
    ReceivedBeforeOrdered,
    RefundTooMuch,
    TooMuchReceived,
)
from services.procurement.requests import Need
from tests.crowd import outcomes
from tests.procurement.story import DAY, NEXT, REPAIRS, Buying

INVENTORY, ADVANCES, VAT, PAYABLE, UNBILLED, DIFFERENCE, BANK = (
    "1113", "1115", "1117", "2107", "2116", "5203", "11021",
)  # fmt: skip


def count(world, model: type) -> int:
    with world.reading() as session:
        return session.query(model).count()


def test_goods_go_the_whole_way_into_stock_and_books(buying):
    order_id = buying.ordered(buying.goods(10))
    receipt = buying.receive(order_id, 10, who="pengelola_toko")
    assert buying.entry(receipt.entry_seq) == [(INVENTORY, "TOKO", 100_000, 0), (UNBILLED, "TOKO", 0, 100_000)]
    assert buying.stock() == (10, 100_000)
    bill = buying.bill(order_id, vat_rp=11_000, reference="F-77")
    assert buying.entry(bill.entry_seq) == [
        (UNBILLED, "TOKO", 100_000, 0), (VAT, "TOKO", 11_000, 0), (PAYABLE, "TOKO", 0, 111_000),
    ]  # fmt: skip
    paid = buying.pay(bill.id, 111_000)
    assert buying.entry(paid.entry_seq) == [(PAYABLE, "TOKO", 111_000, 0), (BANK, "TOKO", 0, 111_000)]
    assert buying.row(SupplierBill, bill.id).state == "paid"
    assert buying.row(PurchaseOrder, order_id).state == "closed", "nothing waits: the order finishes itself"


def test_a_service_goes_to_its_account_part_by_part(buying):
    order_id = buying.serviced()
    first = buying.receive(order_id, 1)
    account, unit = REPAIRS, "PUSAT"
    assert buying.entry(first.entry_seq) == [(account, unit, 1_000_000, 0), (UNBILLED, unit, 0, 1_000_000)]
    bill = buying.bill(order_id, 1_050_000)
    assert buying.entry(bill.entry_seq) == [
        (UNBILLED, unit, 1_000_000, 0), (account, unit, 50_000, 0), (PAYABLE, unit, 0, 1_050_000),
    ]  # fmt: skip
    buying.pay(bill.id, 1_050_000)
    assert buying.row(PurchaseOrder, order_id).state == "approved", "two parts have not come"
    assert count(buying.world, StockMovement) == 0


def test_a_bill_that_differs_shows_it_before_and_books_it_to_the_stock_difference(buying):
    order_id = buying.ordered(buying.goods(10))
    buying.receive(order_id, 10)
    with buying.world.reading() as session:
        outlook = billing.preview(session, buying.people["bendahara"], buying.invoice(order_id, 97_000))
    assert (outlook.value_rp, outlook.difference_rp, outlook.total_rp) == (100_000, -3_000, 97_000)
    bill = buying.bill(order_id, 97_000)
    assert buying.entry(bill.entry_seq) == [
        (UNBILLED, "TOKO", 100_000, 0), (DIFFERENCE, "TOKO", 0, 3_000), (PAYABLE, "TOKO", 0, 97_000),
    ]  # fmt: skip
    assert buying.stock() == (10, 100_000), "the pieces keep the order's price"


def test_deliveries_come_in_parts_and_never_more_than_ordered(buying):
    order_id = buying.ordered(buying.goods(10), Need("Gula", 4, buying.ids["Gula"]))
    buying.receive(order_id, 6, 0)
    with pytest.raises(TooMuchReceived, match="dipesan 10, sudah diterima 6"):
        buying.receive(order_id, 5, 0)
    assert buying.stock() == (6, 60_000), "nothing of a refused delivery is kept"
    buying.receive(order_id, 4, 4)
    assert (buying.stock(), buying.stock("Gula")) == ((10, 100_000), (4, 40_000))
    first, second, third = buying.invoice(order_id).amounts
    assert buying.bill(order_id).value_rp == 140_000, "both deliveries on one bill"
    assert len({first, second, third}) == 3


def test_each_delivery_may_have_a_bill_of_its_own(buying):
    order_id = buying.ordered(buying.goods(10))
    buying.receive(order_id, 3)
    bill = buying.bill(order_id)
    buying.receive(order_id, 7)
    assert (bill.total_rp, buying.bill(order_id).total_rp) == (30_000, 70_000)
    with pytest.raises(InvalidValue, match="paling sedikit satu penerimaan"):
        buying.bill(order_id)


def test_a_part_of_a_bill_may_be_paid_and_never_more_than_is_owed(buying):
    order_id = buying.ordered()
    buying.receive(order_id, 10)
    bill = buying.bill(order_id)
    buying.pay(bill.id, 40_000, account=Role.CASH)
    with pytest.raises(PaysTooMuch, match=r"sisa tagihan Rp 60\.000"):
        buying.pay(bill.id, 60_001)
    buying.pay(bill.id, 60_000)
    with pytest.raises(PaysTooMuch):
        buying.pay(bill.id, 1)
    assert count(buying.world, SupplierPayment) == 2


def test_an_advance_is_taken_off_when_the_bill_is_paid(buying):
    order_id = buying.ordered()
    advance = buying.advance(order_id, 30_000)
    assert buying.entry(advance.entry_seq) == [(ADVANCES, "TOKO", 30_000, 0), (BANK, "TOKO", 0, 30_000)]
    with pytest.raises(AdvanceTooMuch, match=r"Rp 70\.000"):
        buying.advance(order_id, 70_001)
    buying.receive(order_id, 10)
    bill = buying.bill(order_id)
    paid = buying.pay(bill.id, 100_000)
    assert buying.entry(paid.entry_seq) == [
        (PAYABLE, "TOKO", 100_000, 0), (ADVANCES, "TOKO", 0, 30_000), (BANK, "TOKO", 0, 70_000),
    ]  # fmt: skip
    assert (paid.advance_rp, paid.cash_rp) == (30_000, 70_000)
    assert buying.row(PurchaseOrder, order_id).state == "closed"


def test_a_small_payment_comes_wholly_from_the_advance(buying):
    order_id = buying.ordered()
    buying.advance(order_id, 50_000)
    buying.receive(order_id, 10)
    paid = buying.pay(buying.bill(order_id).id, 20_000)
    assert buying.entry(paid.entry_seq) == [(PAYABLE, "TOKO", 20_000, 0), (ADVANCES, "TOKO", 0, 20_000)]


def test_an_advance_that_comes_back_lets_the_order_be_called_off(buying):
    order_id = buying.ordered()
    buying.advance(order_id, 30_000)
    with pytest.raises(NotFinished, match="uang muka"):
        buying.run("bendahara", orders.cancel, order_id, reason="Tidak jadi")
    with pytest.raises(RefundTooMuch):
        buying.run("bendahara", paying.refund, order_id, buying.money(30_001))
    back = buying.run("bendahara", paying.refund, order_id, buying.money(30_000))
    assert buying.entry(back.entry_seq) == [(BANK, "TOKO", 30_000, 0), (ADVANCES, "TOKO", 0, 30_000)]
    assert buying.run("bendahara", orders.cancel, order_id, reason="Tidak jadi").state == "cancelled"


def test_the_second_click_of_each_money_step_has_one_effect(buying):
    order_id = buying.ordered()
    assert buying.advance(order_id, 9_000, token="um").id == buying.advance(order_id, 9_000, token="um").id
    first = buying.receive(order_id, 10, token="r")
    assert buying.receive(order_id, 10, token="r").id == first.id
    invoice = buying.invoice(order_id)
    bill = buying.run("bendahara", billing.book, invoice)
    assert buying.run("bendahara", billing.book, invoice).id == bill.id
    assert buying.pay(bill.id, 100_000, token="p").id == buying.pay(bill.id, 100_000, token="p").id
    models = (GoodsReceipt, SupplierBill, SupplierPayment)
    assert [count(buying.world, model) for model in models] == [1, 1, 2]
    assert buying.stock() == (10, 100_000)
    with pytest.raises(PurchaseDiffers):
        buying.receive(order_id, 9, token="r")
    with pytest.raises(PurchaseDiffers):
        buying.run("bendahara", billing.book, replace(invoice, vat_rp=1))
    with pytest.raises(PurchaseDiffers):
        buying.pay(bill.id, 99_000, token="p")


def test_a_bill_is_not_booked_twice_under_another_form(buying):
    order_id = buying.ordered()
    buying.receive(order_id, 4)
    buying.bill(order_id, reference="INV 9")
    buying.receive(order_id, 6)
    with pytest.raises(BillReferenceUsed, match="INV 9"):
        buying.bill(order_id, reference=" INV  9 ")


def test_days_go_in_order(buying):
    order_id = buying.ordered()
    with pytest.raises(ReceivedBeforeOrdered):
        buying.receive(order_id, 1, received_on=date(2026, 3, 4))
    with pytest.raises(InvalidValue, match="tanggal pesan"):
        buying.advance(order_id, 1, paid_on=date(2026, 3, 4))
    buying.receive(order_id, 10)
    with pytest.raises(BillBeforeReceipt):
        buying.bill(order_id, booked_on=DAY)
    bill = buying.bill(order_id, billed_on=DAY)
    with pytest.raises(PaidBeforeBilled):
        buying.pay(bill.id, 1, paid_on=DAY)


def test_nothing_comes_of_an_order_that_is_not_approved(buying):
    request = buying.ask()
    order = buying.choose(buying.quote(request, buying.cheap, 10_000))
    with pytest.raises(PurchaseWrongState, match="menunggu persetujuan"):
        buying.receive(order.id, 1)
    with pytest.raises(PurchaseWrongState):
        buying.advance(order.id, 1)


def test_a_closed_month_takes_no_step(buying):
    order_id, late = buying.ordered(), buying.ordered()
    buying.receive(order_id, 10)
    bill = buying.bill(order_id)
    with buying.world.transaction(buying.world.ketua) as session:
        for month in (1, 2, 3):
            period = periods.period_of(session, buying.world.ketua, date(2026, month, 1))
            periods.change(session, buying.world.ketua, period.id, "close")
    for act in (
        lambda: buying.receive(late, 10),
        lambda: buying.advance(late, 1_000),
        lambda: buying.pay(bill.id, 100_000),
        lambda: buying.run("bendahara", billing.undo, bill.id, booked_on=NEXT, reason="x"),
    ):
        with pytest.raises(PeriodClosed):
            act()
    assert buying.stock() == (10, 100_000)
    assert buying.row(SupplierBill, bill.id).paid_rp == 0


def test_money_leaves_only_a_purse_of_the_cooperative(buying):
    order_id = buying.ordered()
    with pytest.raises(InvalidValue, match="pilih salah satu kas"):
        buying.advance(order_id, 1_000, account=buying.account(PAYABLE))


def test_mistakes_are_taken_back_one_after_the_other(buying):
    order_id = buying.ordered()
    receipt = buying.receive(order_id, 10)
    bill = buying.bill(order_id)
    paid = buying.pay(bill.id, 100_000)
    with pytest.raises(BillPaid):
        buying.run("bendahara", billing.undo, bill.id, booked_on=NEXT, reason="Salah")
    with pytest.raises(ReceiptBilled):
        buying.run("bendahara", receiving.undo, receipt.id, booked_on=NEXT, reason="Salah")
    with pytest.raises(NotAllowed):
        buying.run("bendahara", paying.undo, paid.id, booked_on=NEXT, reason="Salah")
    back = buying.run("ketua", paying.undo, paid.id, booked_on=NEXT, reason="Salah")
    assert buying.entry(back.entry_seq) == [(PAYABLE, "TOKO", 0, 100_000), (BANK, "TOKO", 100_000, 0)]
    assert buying.row(PurchaseOrder, order_id).state == "approved", "it runs again"
    buying.run("bendahara", billing.undo, bill.id, booked_on=NEXT, reason="Salah")
    buying.run("bendahara", receiving.undo, receipt.id, booked_on=NEXT, reason="Salah")
    assert buying.stock() == (0, 0)
    for act, row_id in ((receiving.undo, receipt.id), (billing.undo, bill.id)):
        with pytest.raises(AlreadyUndone):
            buying.run("bendahara", act, row_id, booked_on=NEXT, reason="Salah")
    with pytest.raises(AlreadyUndone):
        buying.run("ketua", paying.undo, paid.id, booked_on=NEXT, reason="Salah")
    buying.receive(order_id, 10)
    assert buying.bill(order_id, reference=bill.reference).total_rp == 100_000, "and everything can be done rightly"


def test_a_delivery_whose_goods_have_left_is_not_taken_back(buying):
    receipt = buying.receive(buying.ordered(), 10)
    broken = {"variant_id": buying.ids["Beras"], "quantity": -1, "booked_on": NEXT, "reason": "Basah", "token": "x"}
    buying.run("pengelola_toko", stock.adjust, **broken)
    with pytest.raises(GoodsGone):
        buying.run("bendahara", receiving.undo, receipt.id, booked_on=NEXT, reason="Salah")


def test_a_short_delivery_is_finished_by_a_person_when_nothing_waits(buying):
    order_id = buying.ordered()
    with pytest.raises(NotFinished, match="belum ada yang diterima"):
        buying.run("bendahara", orders.close, order_id)
    buying.receive(order_id, 8)
    with pytest.raises(NotFinished, match="sebagian sudah diterima"):
        buying.run("bendahara", orders.cancel, order_id, reason="x")
    with pytest.raises(NotFinished, match="belum ditagih"):
        buying.run("bendahara", orders.close, order_id)
    bill = buying.bill(order_id)
    with pytest.raises(NotFinished, match="belum dibayar"):
        buying.run("bendahara", orders.close, order_id)
    buying.pay(bill.id, 80_000)
    assert buying.run("bendahara", orders.close, order_id, note="Sisanya kosong").state == "closed"
    with pytest.raises(PurchaseWrongState, match="selesai"):
        buying.receive(order_id, 2)


def test_the_neighbour_finds_nothing_of_ours(buying):
    world = buying.world
    order_id = buying.ordered()
    receipt = buying.receive(order_id, 10)
    bill = buying.bill(order_id)
    paid = buying.pay(bill.id, 1_000)
    theirs = Buying(world, world.other_actors)
    own = theirs.ordered()
    for act in (
        lambda: theirs.receive(order_id),
        lambda: theirs.run("bendahara", billing.book, replace(theirs.invoice(own), order_id=order_id)),
        lambda: theirs.pay(bill.id, 1),
        lambda: theirs.advance(order_id, 1),
        lambda: theirs.run("bendahara", receiving.undo, receipt.id, booked_on=NEXT, reason="x"),
        lambda: theirs.run("ketua", paying.undo, paid.id, booked_on=NEXT, reason="x"),
        lambda: theirs.run("ketua", orders.approve, order_id),
    ):
        with pytest.raises(NotFound):
            act()
    ours = {next(iter(buying.lines(order_id))).id: 1}
    with pytest.raises(NotFound, match="Baris pesanan"):
        theirs.run("bendahara", receiving.receive, receiving.Delivery(own, ours, NEXT, "x"))
    second = buying.ordered()
    buying.receive(second, 10)
    theirs.receive(own, 10)
    with pytest.raises(NotToBill):
        theirs.run("bendahara", billing.book, replace(theirs.invoice(own), amounts=buying.invoice(second).amounts))


def test_deliveries_at_once_never_exceed_the_order(any_world):
    buying = Buying(any_world)
    order_id = buying.ordered(buying.goods(10))
    line = buying.lines(order_id)[0].id
    ways = [receiving.Delivery(order_id, {line: 3}, NEXT, f"d{n}") for n in range(6)]
    found = outcomes([lambda way=way: buying.run("bendahara", receiving.receive, way).total_rp for way in ways])
    assert (found.count(30_000), found.count("procurement.too_much_received")) == (3, 3), found
    assert buying.stock() == (9, 90_000)


def test_one_form_sent_many_times_at_once_is_one_delivery_and_one_payment(any_world):
    buying = Buying(any_world)
    order_id = buying.ordered(buying.goods(10))
    way = receiving.Delivery(order_id, {buying.lines(order_id)[0].id: 5}, NEXT, "once")
    found = outcomes([lambda: buying.run("bendahara", receiving.receive, way).id] * 8)
    assert len(set(found)) == 1, found
    bill = buying.bill(order_id)
    money = buying.money(50_000)
    found = outcomes([lambda: buying.run("bendahara", paying.pay, bill.id, money).id] * 8)
    assert len(set(found)) == 1, found
    assert (buying.stock(), count(any_world, SupplierPayment)) == ((5, 50_000), 1)


def test_payments_at_once_never_exceed_the_bill(any_world):
    buying = Buying(any_world)
    order_id = buying.ordered(buying.goods(10))
    buying.advance(order_id, 10_000)
    buying.receive(order_id, 10)
    bill = buying.bill(order_id)
    ways = [buying.money(40_000) for _ in range(6)]
    found = outcomes([lambda way=way: buying.run("bendahara", paying.pay, bill.id, way).amount_rp for way in ways])
    assert (found.count(40_000), found.count("procurement.pays_too_much")) == (2, 4), found
    assert buying.row(SupplierBill, bill.id).paid_rp == 80_000
