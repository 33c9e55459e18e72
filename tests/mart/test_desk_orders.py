"""What happens to an order is told to whom it concerns, once; what nobody pays lapses; kasbon is paid back."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from core.errors import InvalidValue, NotAllowed, NotFound
from models.mart.orders import Order, StoreCredit
from models.mart.products import ProductVariant
from models.notifications import Notification
from reports import order_papers
from services.access.sign_in import Confirmed
from services.ledger.chart import Role
from services.mart import credits, fulfilment, payments, queries, returns
from services.mart.refusals import CreditDiffers, CreditTooMuch, NothingToPack
from tests.crowd import outcomes
from tests.mart.story import DAY, NOW, Shop, shop
from tests.mart.test_returns import sold


@pytest.fixture
def store(world) -> Shop:
    return shop(world, credit_limit_rp=500_000)


def told(store: Shop, order: Order, user_id: int) -> list[tuple[str, str]]:
    """What a person heard of an order: the act and the words, oldest first."""
    with store.world.reading(store.keeper) as session:
        query = session.query(Notification).filter(Notification.key.startswith(f"order:{order.id}:"))
        mine = query.filter(Notification.user_id == user_id).order_by(Notification.id)
        return [(one.key.split(":")[2], f"{one.title}. {one.body}") for one in mine]


def acts(store: Shop, order: Order, user_id: int) -> list[str]:
    return [act for act, _ in told(store, order, user_id)]


def test_buyer_and_keeper_hear_of_an_order_from_payment_to_points(store):
    sold(store, mart__point_every_rp="10000", mart__point_rp="100")
    siti, rice = store.buyer(), store.variant()
    order = store.place(siti, (rice, 2), pay_by="savings")
    assert acts(store, order, store.keeper.user_id) == [], "an order nobody paid is no work yet"
    store.pay(siti, order)
    assert told(store, order, store.keeper.user_id) == [
        ("pay", "Pesanan baru T/2026/00001. Siti Aminah, Rp 150.000. Kemas sekarang.")
    ]
    store.act(store.keeper, lambda s: setattr(s.get_one(Order, order.id), "delivery", "zone"))
    store.ship(order)
    store.act(store.keeper, lambda s: fulfilment.deliver(s, store.keeper, order.id, on=DAY))
    store.own(siti, order, lambda s, o: fulfilment.receive(s, siti, o, on=DAY))
    heard = told(store, order, siti.user_id)
    assert [act for act, _ in heard] == ["ship", "deliver", "complete"], "nobody hears what they did themselves"
    assert "dengan JNE123" in heard[0][1]
    assert "mendapat 15 poin" in heard[2][1]
    assert acts(store, order, store.keeper.user_id) == ["pay"]


def test_a_cancelled_order_tells_its_reason_and_where_the_money_went(store):
    siti, rice = store.buyer(), store.variant()
    order = store.place(siti, (rice, 2), pay_by="savings")
    store.pay(siti, order)
    keeper = store.keeper
    for _ in range(2):
        store.act(keeper, lambda s: fulfilment.cancel(s, keeper, order.id, reason="Habis", on=DAY, refund_by="savings"))
    heard = told(store, order, siti.user_id)
    assert [act for act, _ in heard] == ["cancel", "refund"]
    assert "Alasan: Habis." in heard[0][1]
    assert "Rp 150.000, ke tabungan anggota." in heard[1][1]


def test_every_refused_proof_and_every_return_is_told_of(store):
    siti, rice, money = store.buyer(), store.variant(), store.actors["bendahara"]
    order = store.place(siti, (rice, 2))
    for n in range(2):
        payment = store.act(siti, lambda s: _claim(s, order))
        store.act(money, lambda s, p=payment, n=n: payments.refuse(s, money, p, reason=f"Salah {n}", at=NOW))
    assert [words.split("Alasan: ")[1][:7] for _, words in told(store, order, siti.user_id)] == ["Salah 0", "Salah 1"]
    payment = store.act(siti, lambda s: _claim(s, order))
    store.act(money, lambda s: payments.confirm(s, money, payment, amount_rp=150_000, on=DAY))
    store.hand_over(order)
    line, ask = store.now(order).lines[0].id, {"reason": "Karung bocor", "on": DAY}
    for n in range(2):
        asked = store.own(siti, order, lambda s, o, n=n: returns.ask(s, siti, o, {line: 1}, token=f"return-{n}", **ask))
        store.act(store.keeper, lambda s, a=asked: returns.reject(s, store.keeper, a.id, answer="Sudah dipakai"))
    assert acts(store, order, siti.user_id)[-3:] == ["hand_over", "decline", "decline"]
    assert acts(store, order, store.keeper.user_id) == ["pay", "ask_return", "ask_return"]


def _claim(session, order: Order) -> int:
    row = payments.new_payment(session, session.get_one(Order, order.id), "transfer")
    row.state = "claimed"
    session.flush()
    return row.id


def test_the_days_work_is_counted_in_ones_own_shops(store):
    siti, rice, gone = store.buyer(), store.variant(), store.variant("Gula", pieces=2)
    store.act(store.keeper, lambda s: setattr(_variant(s, gone), "low_at", 5))
    order = store.place(siti, (rice, 1), pay_by="savings")
    store.pay(siti, order)
    with store.world.reading(store.keeper) as session:
        assert queries.waiting(session, store.keeper) == queries.Waiting(packing=1, returns=0, low=1, proofs=0, late=0)
    theirs = store.world.other_actors["pengelola_toko"]
    with store.world.reading(theirs) as session:
        assert queries.waiting(session, theirs) == queries.Waiting(0, 0, 0, 0, 0)


def _variant(session, variant_id: int):
    return session.get_one(ProductVariant, variant_id)


def pages_of(pdf: bytes) -> list[str]:
    """The words of a PDF's pages."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


def test_an_invoice_says_what_was_bought_what_it_cost_and_how_it_was_paid(store):
    sold(store, mart__vat_pct="12")
    siti, rice = store.buyer(), store.variant()
    order = store.place(siti, (rice, 3), pay_by="savings", phone="0812")
    with store.world.reading(store.keeper) as session:
        assert order_papers.invoice(session, session.get_one(Order, order.id)).paid == ("Belum dibayar.",)
    store.pay(siti, order)
    with store.world.reading(store.keeper) as session:
        (words,) = pages_of(order_papers.invoice_pdf(session, session.get_one(Order, order.id)))
    for said in ("Koperasi Maju Bersama", "FAKTUR", order.label, "Siti Aminah", "Beras 5 kg", "75.000", "Rp 225.000",
                 "Termasuk PPN Rp 22.297", "dua ratus dua puluh lima ribu rupiah",
                 "Dibayar, saldo tabungan: Rp 225.000 pada 10 Februari 2026"):  # fmt: skip
        assert said.lower() in words.lower(), said


def test_labels_and_the_picking_list_name_every_order_and_sum_the_goods(store):
    siti, rice, sugar = store.buyer(), store.variant(pieces=200), store.variant("Gula 1 kg", pieces=200)
    placed = [store.place(siti, (rice, 2), (sugar, 1), pay_by="cash", note=f"ke-{n}") for n in range(12)]
    with store.world.reading(store.keeper) as session:
        orders = queries.to_pack(session, store.keeper)
        label, picking = order_papers.labels_pdf(session, orders), order_papers.picking_list_pdf(session, orders)
    assert len(pages_of(label)) == len(placed), "a page each"
    words = " ".join(pages_of(picking))
    assert "12 pesanan, 36 barang" in words
    assert [words.count(order.label) for order in placed] == [1] * 12
    assert "24 Beras 5 kg" in words.split(placed[0].label)[0]
    with store.world.reading(store.keeper) as session, pytest.raises(NothingToPack):
        queries.to_pack(session, store.keeper, store_id=999)


def owed(store: Shop, buyer, pieces: int = 2) -> int:
    """A kasbon of Rp 150.000; its id."""
    order = store.place(buyer, (store.variant(), pieces), pay_by="credit")
    sure = Confirmed(buyer.user_id)
    store.own(buyer, order, lambda s, o: payments.by_credit(s, buyer, o, confirmed=sure, on=DAY))
    with store.world.reading(store.keeper) as session:
        return session.query(StoreCredit).filter(StoreCredit.order_id == order.id).one().id


def pay(store: Shop, credit_id: int, amount_rp: int, token: str, who: str = "petugas", cash: Role = Role.CASH) -> int:
    """What is paid of it afterwards."""
    clerk = store.actors[who]
    return store.act(clerk, lambda s: credits.pay(s, clerk, credit_id, amount_rp, DAY, cash, token).paid_rp)


def test_kasbon_is_paid_back_in_parts_and_each_once(store):
    credit_id = owed(store, store.buyer())
    assert [pay(store, credit_id, 100_000, "token-one") for _ in range(2)] == [100_000, 100_000]
    assert store.journal("mart:credit:token-one") == {("11011", "PUSAT"): 100_000, ("1108", "PUSAT"): -100_000}
    with pytest.raises(CreditDiffers):
        pay(store, credit_id, 50_000, "token-one")
    with pytest.raises(CreditTooMuch, match=r"tinggal Rp 50\.000"):
        pay(store, credit_id, 50_001, "token-two")
    assert pay(store, credit_id, 50_000, "token-two", "bendahara", Role.BANK) == 150_000
    assert store.journal("mart:credit:token-two")["11021", "PUSAT"] == 50_000
    with pytest.raises(CreditTooMuch):
        pay(store, credit_id, 1, "token-three")
    for wrong in (0, -5, True):
        with pytest.raises(InvalidValue):
            pay(store, credit_id, wrong, "token-four")


def test_who_may_not_take_money_and_who_is_elsewhere_do_not_take_kasbon(store):
    credit_id = owed(store, store.buyer())
    for role in ("pengelola_toko", "ketua", "pengawas"):
        with pytest.raises(NotAllowed):
            pay(store, credit_id, 1_000, f"token-{role}", role)
    theirs = store.world.other_actors["petugas"]
    with pytest.raises(NotFound), store.world.transaction(theirs) as session:
        credits.pay(session, theirs, credit_id, 1_000, DAY, Role.CASH, "token-next")


def test_twenty_clicks_pay_a_kasbon_once(any_world):
    store = shop(any_world, credit_limit_rp=500_000)
    credit_id = owed(store, store.buyer())
    same = outcomes([lambda: pay(store, credit_id, 100_000, "token-same") for _ in range(10)])
    assert same == [100_000] * 10
    each = outcomes([lambda n=n: pay(store, credit_id, 30_000, f"token-each-{n}") for n in range(4)])
    assert sorted(map(str, each)) == ["130000"] + ["mart.credit_too_much"] * 3
