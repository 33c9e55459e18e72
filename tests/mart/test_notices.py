"""What the payment service says: believed when signed, booked once, never taken back, whatever order it comes in."""

import itertools
import json
from datetime import date, timedelta

import pytest

from core.errors import NotFound
from models.ledger import JournalEntry, Period
from models.mart.orders import Order, OrderEvent, OrderPayment
from services.ledger.refusals import PeriodClosed
from services.mart import expiry, gateway
from services.mart.gateway import GatewayBusy, NoticeDiffers
from services.mart.ports.midtrans import Midtrans
from services.mart.ports.refusals import GatewayDown
from services.mart.refusals import OrderWrongState, PaymentUnknown
from tests.crowd import outcomes
from tests.mart import servers
from tests.mart.servers import notice
from tests.mart.story import NOW, Shop, later, shop

pytest_plugins = ["tests.mart.peers"]
HOME = "https://koperasi.id/pesanan"


@pytest.fixture
def store(world) -> Shop:
    return shop(world)


class Till:
    """An order that waits for the payment service, and ways to tell of it."""

    def __init__(self, store: Shop, midtrans: Midtrans, rice: int | None = None, buyer=None) -> None:
        self.store, self.midtrans, self.database = store, midtrans, store.world.database
        self.buyer = buyer or store.stranger()
        self.rice = rice or store.variant(price_rp=75_000)
        self.order = store.place(self.buyer, (self.rice, 1), pay_by="gateway")
        self.url = self.begin()
        self.reference = self.payment().reference

    def begin(self, at=NOW) -> str:
        return gateway.begin(
            self.database, self.buyer, self.order.public_id, self.midtrans, finish_url=HOME, at=at
        )  # fmt: skip

    def payment(self, reference: str | None = None) -> OrderPayment:
        with self.store.world.reading(self.store.keeper) as session:
            query = session.query(OrderPayment).filter(OrderPayment.order_id == self.order.id)
            found = query.filter(OrderPayment.reference == reference) if reference else query
            return found.order_by(OrderPayment.id.desc()).first()

    def tell(self, status="settlement", amount_rp=75_000, *, reference=None, service=None, at=NOW, **more) -> str:
        """A notice, through the same door as one that came over the wire."""
        body = json.dumps(notice(reference or self.reference, amount_rp, status, **more)).encode()
        return gateway.receive(self.database, self.midtrans.read_notice(body), service, at=at)

    def state(self) -> tuple[str, str]:
        return self.payment(self.reference).state, self.store.now(self.order).state

    def entries(self) -> int:
        with self.store.world.reading(self.store.keeper) as session:
            return session.query(JournalEntry).filter(JournalEntry.source.like("mart:payment:%")).count()


@pytest.fixture
def till(store, midtrans) -> Till:
    return Till(store, midtrans)


def test_a_payment_begins_with_a_number_of_its_own_and_leads_to_the_page(till, midtrans_server):
    assert till.reference == f"EK-{till.store.keeper.coop_id}-{till.order.id}-1"
    assert till.url.startswith(midtrans_server.url)
    sent = json.loads(midtrans_server.asked[0].body)
    assert sent["transaction_details"] == {"order_id": till.reference, "gross_amount": 75_000}
    assert sent["expiry"] == {"unit": "minutes", "duration": 60}
    assert (till.begin(later(1)), len(midtrans_server.asked)) == (till.url, 1), "the second click is the same payment"


def test_a_service_that_is_down_costs_nothing_and_the_next_try_has_a_new_number(store, midtrans, midtrans_server):
    midtrans_server.mood = "effect_then_hangup"
    with pytest.raises(GatewayDown):
        Till(store, midtrans)
    midtrans_server.mood = "well"
    with store.world.reading(store.keeper) as session:
        order = session.query(Order).one()
        assert session.query(OrderPayment).one().state == "failed"
    buyer = gateway.Actor(order.buyer_id, order.coop_id, frozenset())
    url = gateway.begin(store.world.database, buyer, order.public_id, midtrans, finish_url=HOME, at=NOW)
    assert url.endswith("-2")


def test_two_clicks_at_once_make_one_payment(store, midtrans, midtrans_server):
    till = Till(store, midtrans)
    with store.world.transaction(store.keeper) as session:
        session.query(OrderPayment).update({"pay_url": ""})  # the first click still waits for the service
    with pytest.raises(GatewayBusy):
        till.begin(NOW + timedelta(seconds=5))
    assert till.begin(later(2)).endswith("-2"), "one that died on the way does not block the order"


def test_only_the_buyer_of_an_unpaid_order_for_this_way_may_begin(store, midtrans, world):
    till = Till(store, midtrans)
    begin = {"finish_url": HOME, "at": NOW}
    with pytest.raises(NotFound):
        gateway.begin(world.database, store.stranger(), till.order.public_id, midtrans, **begin)
    with pytest.raises(PaymentUnknown):
        gateway.begin(world.database, till.buyer, till.order.public_id, None, **begin)
    with pytest.raises(OrderWrongState):
        till.begin(later(61))
    other = store.place(till.buyer, (till.rice, 1), pay_by="transfer")
    with pytest.raises(PaymentUnknown):
        gateway.begin(world.database, till.buyer, other.public_id, midtrans, **begin)
    till.tell()
    with pytest.raises(OrderWrongState):
        till.begin()


def test_a_settlement_pays_the_order_and_the_money_lies_with_the_service(till):
    assert till.tell() == "paid"
    assert till.state() == ("paid", "packing")
    assert till.store.journal(f"mart:payment:{till.payment().id}") == {
        ("11023", "PUSAT"): 75_000, ("2901", "PUSAT"): -75_000, ("1901", "TOKO"): 75_000, ("2111", "TOKO"): -75_000,
    }  # fmt: skip


def test_a_replay_books_once(till):
    for _ in range(3):
        assert till.tell() == "paid"
    assert till.entries() == 1


def test_money_is_booked_only_after_the_service_confirms_it(till, midtrans, midtrans_server):
    midtrans_server.known[till.reference] = notice(till.reference, 75_000, "pending")
    assert till.tell(service=midtrans) == "waiting", "what the service says when asked counts"
    midtrans_server.mood = 500
    with pytest.raises(GatewayDown):
        till.tell(service=midtrans)
    midtrans_server.mood = "well"
    midtrans_server.known[till.reference] = {}
    with pytest.raises(GatewayDown):
        till.tell(service=midtrans)
    assert till.entries() == 0
    midtrans_server.known[till.reference] = notice(till.reference, 75_000)
    assert till.tell(service=midtrans) == "paid"
    asked = len(midtrans_server.asked)
    assert till.tell(service=midtrans) == "paid"
    assert len(midtrans_server.asked) == asked, "a replay asks nobody"


@pytest.mark.parametrize("amount_rp", [74_999, 75_001, 1, 7_500_000])
def test_another_amount_is_refused_told_to_a_person_and_nothing_booked(amount_rp, till):
    for _ in range(2):
        with pytest.raises(NoticeDiffers):
            till.tell(amount_rp=amount_rp)
    assert till.state() == ("waiting", "unpaid")
    assert till.payment().reason.startswith("Midtrans menyebut Rp")
    assert till.entries() == 0
    assert till.tell() == "paid"
    assert till.payment().reason == ""


def test_an_amount_that_only_the_status_shows_wrong_is_refused_too(till, midtrans, midtrans_server):
    midtrans_server.known[till.reference] = notice(till.reference, 5_000)
    with pytest.raises(NoticeDiffers):
        till.tell(service=midtrans)
    assert till.entries() == 0


def test_unknown_numbers_are_not_there_and_say_nothing(till):
    said = set()
    for reference in ("EK-1-99-1", "EK-999-1-1", "EK-0-0-0", "lain", till.reference + "0"):
        with pytest.raises(NotFound) as refused:
            till.tell(reference=reference)
        said.add(str(refused.value))
    assert said == {"Pembayaran tidak ditemukan. Periksa lagi alamat atau nomornya."}


def test_a_notice_pays_the_cooperative_it_names_and_no_other(store, midtrans, world):
    ours = Till(store, midtrans)
    theirs = Till(shop(world, neighbour=True), midtrans)
    assert theirs.order.id == ours.order.id or theirs.reference != ours.reference
    theirs.tell()
    assert (theirs.state(), ours.state()) == (("paid", "packing"), ("waiting", "unpaid"))
    assert (theirs.entries(), ours.entries()) == (1, 0)


def test_a_number_that_names_another_cooperative_is_nobodys(store, midtrans, world):
    till = Till(store, midtrans)
    stolen = f"EK-{world.other.id}-{till.order.id}-1"
    with world.transaction(store.keeper) as session:
        session.query(OrderPayment).update({"reference": stolen})
    with pytest.raises(NotFound):
        till.tell(reference=stolen)


def test_all_orders_of_four_notices_end_paid_and_booked_once(store, midtrans):
    buyer, rice = store.stranger(), store.variant(pieces=30, price_rp=75_000)
    told = {
        "pending": {}, "settlement": {}, "expire": {},
        "capture": {"fraud_status": "challenge", "status_code": "201"},
    }  # fmt: skip
    for at, row in enumerate(itertools.permutations(told), start=1):
        till = Till(store, midtrans, rice, buyer)
        seen = [till.tell(status, **told[status]) for status in row]
        assert seen[row.index("settlement") :] == ["paid"] * (4 - row.index("settlement")), row
        assert till.state() == ("paid", "packing"), row
        assert till.entries() == at, row


def test_pending_and_expire_after_settlement_change_nothing(till):
    till.tell()
    for status in ("pending", "expire", "cancel", "deny"):
        assert till.tell(status) == "paid"
    assert till.state() == ("paid", "packing")
    assert (till.payment().said, till.payment().reason) == ("settlement", "")


def test_settlement_after_expire_still_pays_an_order_that_waits(till):
    assert till.tell("expire") == "failed"
    assert till.state() == ("failed", "unpaid"), "the buyer may pay another way"
    assert till.tell() == "paid"
    assert till.state() == ("paid", "packing")


def test_money_for_an_order_that_lapsed_is_held_and_must_go_back(till):
    with till.store.world.transaction(till.store.keeper) as session:
        expiry.expire(session, till.store.keeper, later(90))
    assert till.state() == ("failed", "cancelled")
    assert till.tell(at=later(91)) == "paid"
    order = till.store.now(till.order)
    assert (order.state, order.held_rp) == ("cancelled", 75_000)
    assert "Kembalikan kepada pembeli" in order.reason
    till.tell(at=later(92))
    assert till.entries() == 1


def test_an_order_paid_twice_holds_the_second_money_too(till):
    till.tell("expire")
    second = till.begin(later(1))
    assert second.endswith("-2")
    till.tell(reference=till.reference[:-1] + "2")
    assert till.tell() == "paid"
    order = till.store.now(till.order)
    assert (order.state, order.held_rp, till.entries()) == ("packing", 150_000, 2)
    assert "Kembalikan" in order.reason


def test_a_challenged_card_waits_for_a_person(till):
    for _ in range(2):
        assert till.tell("capture", fraud_status="challenge", status_code="201") == "waiting"
    assert till.state() == ("waiting", "unpaid")
    assert "menahan pembayaran" in till.payment().reason
    assert till.tell("capture", fraud_status="accept") == "paid"
    assert till.payment().reason == ""


@pytest.mark.parametrize("status", ["refund", "partial_refund", "chargeback", "partial_chargeback"])
def test_money_that_the_service_gave_back_is_told_to_a_person_once(status, till):
    till.tell()
    for _ in range(2):
        assert till.tell(status) == "paid"
        assert till.payment().reason == f"Midtrans mengembalikan uang atau ditagih balik ({status})"
    assert till.tell() == "paid"
    assert till.payment().said == status, "a late replay of the payment does not hide it"
    assert till.entries() == 1


def test_a_refund_that_overtakes_its_payment_is_not_forgotten(till):
    assert till.tell("refund") == "waiting"
    assert till.tell() == "paid"
    assert till.payment().reason == "Midtrans mengembalikan uang atau ditagih balik (refund)"
    assert till.payment().said == "refund"


def test_a_booking_that_fails_takes_the_state_back_with_it(till):
    with till.store.world.transaction() as session:
        month = session.query(Period).filter(Period.starts_on == date(2026, 2, 1)).one()
        before = session.query(Period).filter(Period.starts_on == date(2026, 1, 1)).one()
        for period in (before, month):
            period.state = "closed"
    with pytest.raises(PeriodClosed):
        till.tell()
    assert till.state() == ("waiting", "unpaid")
    with till.store.world.transaction() as session:
        session.get_one(Period, month.id).state = "open"
    assert till.tell() == "paid"


def test_a_lost_notice_is_made_up_for_by_asking(till, midtrans, midtrans_server):
    look = lambda: gateway.look_again(till.database, till.reference, midtrans, at=NOW)  # noqa: E731
    assert look() == "waiting"
    midtrans_server.known[till.reference] = notice(till.reference, 75_000)
    assert (look(), look(), till.entries()) == ("paid", "paid", 1)


def test_fifty_of_the_same_notice_at_once_book_once(any_world, midtrans_server):
    midtrans = Midtrans(servers.KEY, midtrans_server.url, midtrans_server.url)
    till = Till(shop(any_world), midtrans)
    midtrans_server.known[till.reference] = notice(till.reference, 75_000)
    for _ in range(5):
        assert set(outcomes([lambda: till.tell(service=midtrans)] * 10)) == {"paid"}
    assert till.entries() == 1
    with any_world.reading(till.store.keeper) as session:
        acts = [event.act for event in session.query(OrderEvent).filter(OrderEvent.order_id == till.order.id)]
    assert acts == ["place", "pay"]


def test_settlement_and_expire_at_once_end_paid(any_world, midtrans):
    till = Till(shop(any_world), midtrans)
    told = outcomes([lambda: till.tell("settlement"), lambda: till.tell("expire")] * 5)
    assert set(told) <= {"paid", "failed"}
    assert till.state() == ("paid", "packing")
    assert till.entries() == 1
