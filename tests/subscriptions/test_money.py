"""Payment: matched once, whoever is in a hurry; the payment service believed when signed, asked, and of the amount."""

import json
from datetime import UTC, datetime

import pytest

from core.errors import InvalidValue, NotAllowed, NotFound, StateChanged
from core.pictures import PictureRefused
from models.subscriptions import DiscountCode, SubscriptionInvoice, SubscriptionPayment
from services.mart.ports.refusals import GatewayDown, NoticeForged
from services.subscriptions import chores, gateway, invoices, payments, terms
from services.subscriptions.refusals import (
    AmountDiffers,
    DiscountRefused,
    InvoiceNotOpen,
    NoticeDiffers,
    OnlineUnavailable,
    PaymentWaits,
    PriceMoved,
)
from tests.crowd import outcomes
from tests.mart.servers import notice
from tests.subscriptions.story import FIRST, Life, add_code, life

pytest_plugins = ["tests.mart.peers"]
NOW = datetime(2026, 1, 10, 3, tzinfo=UTC)


@pytest.fixture
def one(world, tmp_path) -> Life:
    return life(world, tmp_path)


def test_a_double_click_chooses_and_claims_once(one):
    invoice = one.choose("tumbuh", token="sekali-saja")
    assert one.choose("tumbuh", token="sekali-saja").id == invoice.id
    payment = one.claim(invoice, token="sekali-juga")
    assert one.claim(invoice, token="sekali-juga").id == payment.id
    with pytest.raises(PaymentWaits):
        one.claim(invoice)
    with pytest.raises(PaymentWaits):
        one.choose("maju")
    one.confirm(payment)
    one.confirm(payment)
    assert [step[1] for step in one.steps()] == ["trial", "start"]
    with pytest.raises(InvoiceNotOpen):
        one.claim(invoice)


def test_the_operator_compares_the_amount_and_says_why_not(world, one):
    invoice, operator = one.choose("tumbuh"), world.platform["operator_platform"]
    payment = one.claim(invoice)
    with pytest.raises(AmountDiffers, match=r"249\.000"):
        one.confirm(payment, 24_900)
    with pytest.raises(InvalidValue):
        payments.refuse(world.database, operator, payment.id, reason=" ")
    for _ in range(2):
        payments.refuse(world.database, operator, payment.id, reason="Bukti milik orang lain")
    with pytest.raises(StateChanged):
        one.confirm(payment)
    assert one.told() == [f"Pembayaran {invoice.label} belum diterima"]
    one.pay(invoice)
    assert one.now().state == "active"


def test_only_the_platforms_people_match(world, one):
    payment = one.claim(one.choose("tumbuh"))
    for who in (world.bendahara, world.ketua, world.platform["redaktur"]):
        with pytest.raises(NotAllowed):
            payments.confirm(world.database, who, payment.id, amount_rp=249_000, on=one.on)
    with pytest.raises(NotFound):
        payments.on_desk(world.database, world.platform["operator_platform"], 999_999)


def test_a_neighbour_reaches_no_invoice(world, one, tmp_path):
    invoice, theirs = one.choose("tumbuh"), life(world, tmp_path, neighbour=True)
    with pytest.raises(NotFound):
        theirs.claim(invoice)
    with pytest.raises(NotFound):
        gateway.begin(world.database, theirs.payer, invoice.id, object(), finish_url="", at=NOW)
    assert theirs.invoices() == []


def test_no_proof_no_payment(world, one, tmp_path):
    invoice = one.choose("tumbuh")
    for body in (b"", b"not a picture", b"\x89PNG\r\n\x1a\n" + b"0" * 50):
        with pytest.raises(PictureRefused), world.transaction() as session:
            payments.claim(
                session, world.bendahara, invoice.id, paid_on=FIRST, bank="BRI", proof=body, folder=tmp_path,
                token="x", on=FIRST,
            )  # fmt: skip
    with world.reading() as session:
        assert session.query(SubscriptionPayment).count() == 0


def test_a_price_that_moved_is_shown_again(one):
    with pytest.raises(PriceMoved, match=r"Rp 1.*Rp 249\.000"):
        one.choose("tumbuh", seen_rp=1)
    assert one.invoices() == []


def test_a_code_lowers_so_many_invoices_and_comes_back_with_a_withdrawn_one(world, tmp_path):
    add_code(world, percent=50, invoices=2, quota=5, ends_on=FIRST.replace(year=2027))
    one = life(world, tmp_path, code="awal")
    assert one.choose("tumbuh").total_rp == 124_500
    one.pay(one.choose("maju"))
    assert [(i.total_rp, i.state) for i in one.invoices()] == [(124_500, "void"), (299_500, "paid")]
    one.at(terms.covered_until(one.now()))
    one.pay(one.open_invoice())
    one.at(terms.covered_until(one.now()))
    assert [i.total_rp for i in one.invoices() if i.state != "void"] == [299_500, 299_500, 599_000]
    with world.database.platform("test") as session:
        assert session.query(DiscountCode).one().used == 1
    with pytest.raises(DiscountRefused, match="sudah memakainya"):
        one.choose("tumbuh", code="AWAL")


def test_what_costs_nothing_is_paid_at_once(world, tmp_path):
    add_code(world, percent=100)
    one = life(world, tmp_path, code="AWAL")
    assert one.choose("tumbuh").state == "paid"
    assert one.now().state == "active"


def test_two_want_the_last_place_of_a_code(any_world, tmp_path):
    add_code(any_world, quota=1)
    lives = [life(any_world, tmp_path), life(any_world, tmp_path, neighbour=True)]
    found = outcomes([lambda one=one: one.choose("tumbuh", code="AWAL", seen_rp=124_500).total_rp for one in lives])
    assert sorted(map(str, found)) == ["124500", "subscriptions.discount_refused"]
    with any_world.database.platform("test") as session:
        assert session.query(DiscountCode).one().used == 1
        assert session.query(SubscriptionInvoice).count() == 1


def test_four_operators_press_at_once(any_world, tmp_path):
    one = life(any_world, tmp_path)
    payment = one.claim(one.choose("tumbuh"))
    outcomes([lambda: one.confirm(payment).state] * 4)
    assert [step[1] for step in one.steps()] == ["trial", "start"]
    assert one.now().paid_until == one.invoices()[0].ends_on


class Online:
    """An invoice at the payment service."""

    def __init__(self, one: Life, midtrans, server) -> None:
        self.one, self.midtrans, self.server = one, midtrans, server
        self.invoice = one.choose("tumbuh")
        self.url = self.begin()
        self.reference = f"EKZ-{one.coop.id}-{self.invoice.id}-1"

    def begin(self, at=NOW):
        return gateway.begin(
            self.one.world.database, self.one.payer, self.invoice.id, self.midtrans, finish_url="https://x.id", at=at
        )

    def hear(self, status="settlement", amount_rp=249_000, *, known=True, **more):
        told = notice(self.reference, amount_rp, status, **more)
        if known:
            self.server.known[self.reference] = told
        read = self.midtrans.read_notice(json.dumps(told).encode())
        return gateway.receive(self.one.world.database, read, self.midtrans, on=self.one.on)


@pytest.fixture
def online(one, midtrans, midtrans_server) -> Online:
    return Online(one, midtrans, midtrans_server)


def test_paid_online_once_whatever_comes_again_or_late(online):
    assert online.begin() == online.url  # the second click
    assert online.hear("pending") == "waiting"
    assert [online.hear(), online.hear(), online.hear("pending"), online.hear("expire")] == ["paid"] * 4
    assert [step[1] for step in online.one.steps()] == ["trial", "start"]
    with pytest.raises(InvoiceNotOpen):
        online.begin()


def test_paid_after_it_was_given_up_counts_all_the_same(online):
    assert online.hear("expire") == "refused"
    assert online.hear() == "paid"
    assert online.one.now().state == "active"


def test_money_for_a_withdrawn_invoice_waits_for_the_operator(world, online):
    online.one.choose("maju")
    assert online.hear() == "paid"
    assert online.one.now().state == "trial"
    odd = payments.desk(world.database, world.platform["operator_platform"], "odd")
    assert [(row.invoice.id, row.payment.note) for row in odd] == [(online.invoice.id, payments.TOO_MUCH)]


def test_a_notice_of_another_amount_or_key_counts_nothing(online):
    with pytest.raises(NoticeForged):
        online.hear(key="SB-somebody-else")
    with pytest.raises(NoticeDiffers):
        online.hear(amount_rp=24_900)
    online.server.known[online.reference] = {}
    with pytest.raises(GatewayDown):
        online.hear(known=False)  # signed, but the service itself knows nothing of it
    with pytest.raises(NotFound):
        gateway.receive(
            online.one.world.database,
            online.midtrans.read_notice(json.dumps(notice("EKZ-1-1-9", 249_000)).encode()), online.midtrans, on=FIRST,
        )  # fmt: skip
    assert online.one.now().state == "trial"


def test_two_notices_at_once_settle_once(any_world, tmp_path, midtrans, midtrans_server):
    online = Online(life(any_world, tmp_path), midtrans, midtrans_server)
    outcomes([online.hear] * 3)
    assert [step[1] for step in online.one.steps()] == ["trial", "start"]


def test_a_lost_notice_is_asked_for_at_night(world, online):
    online.server.known[online.reference] = notice(online.reference, 249_000)
    lines = chores.run(world.database, online.one.coop, online.one.on, online.midtrans)
    assert lines[0] == "maju: 1 pembayaran langganan yang kabarnya hilang."
    assert online.one.now().state == "active"


def test_a_service_that_is_silent_loses_nothing(one, midtrans, midtrans_server):
    midtrans_server.mood = 500
    with pytest.raises(GatewayDown):
        Online(one, midtrans, midtrans_server)
    midtrans_server.mood = "well"
    invoice = one.open_invoice()
    url = gateway.begin(one.world.database, one.payer, invoice.id, midtrans, finish_url="https://x.id", at=NOW)
    assert url.endswith(f"EKZ-{one.coop.id}-{invoice.id}-2")
    with pytest.raises(OnlineUnavailable):
        gateway.begin(one.world.database, one.payer, invoice.id, None, finish_url="", at=NOW)


def test_an_invoice_settled_twice_is_settled_once(world, one):
    invoice = one.choose("tumbuh")
    with world.database.transaction(one.payer) as session:
        held = session.get_one(SubscriptionInvoice, invoice.id)
        invoices.settle(session, held, on=one.on)
        invoices.settle(session, held, on=one.on)
    assert len(one.steps()) == 2
