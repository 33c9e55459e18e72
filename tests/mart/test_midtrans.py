"""Midtrans behind its port: what it says is taken as said, and everything else is one plain sentence."""

import json
import logging

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Refusal
from services.mart.ports.midtrans import MOST_BYTES, Buyer, Item, Midtrans, Started
from services.mart.ports.refusals import GatewayDown, NoticeForged, NoticeUnreadable, ReferenceUsed
from tests.mart import servers
from tests.mart.servers import KEY, notice

pytest_plugins = ["tests.mart.peers"]

SITI = Buyer("Siti Aminah", "siti@contoh.id", "081234567890")
BAD_MOODS = [
    "hangup", "truncated", "cut_json", "garbage", "html", "empty", "list", "number", "huge", "deep", "redirect",
    "bad_gzip", "effect_then_hangup", 400, 401, 403, 404, 429, 500, 502, 503,
]  # fmt: skip


@pytest.fixture(scope="module")
def reader():
    return Midtrans(KEY, "http://127.0.0.1:9", "http://127.0.0.1:9")


def test_a_payment_begins_with_the_whole_amount_and_its_items(midtrans, midtrans_server):
    items = [Item("Beras 5 kg" * 9, 60_000, 2), Item("Ongkir", 12_000), Item("Voucher", -2_000)]
    begun = midtrans.start("EK-1-7-1", 130_000, SITI, items, finish_url="https://k.id/p", minutes=30)
    assert begun == Started("t-EK-1-7-1", f"{midtrans_server.url}/snap/v4/redirection/t-EK-1-7-1")
    sent = json.loads(midtrans_server.asked[0].body)
    assert sent["transaction_details"] == {"order_id": "EK-1-7-1", "gross_amount": 130_000}
    assert sent["item_details"][0] == {"name": ("Beras 5 kg" * 9)[:50], "price": 60_000, "quantity": 2}
    assert sent["customer_details"]["first_name"] == "Siti Aminah"
    assert sent["expiry"] == {"unit": "minutes", "duration": 30}
    assert sent["callbacks"] == {"finish": "https://k.id/p"}


def test_items_that_do_not_sum_are_our_mistake_and_never_leave(midtrans, midtrans_server):
    with pytest.raises(AssertionError):
        midtrans.start("EK-1-7-1", 130_000, SITI, [Item("Beras", 60_000)])
    assert midtrans_server.asked == []


def test_a_number_used_before_is_said_as_such(midtrans, midtrans_server):
    midtrans.start("EK-1-7-1", 10_000, SITI)
    with pytest.raises(ReferenceUsed, match="EK-1-7-1"):
        midtrans.start("EK-1-7-1", 10_000, SITI)


def test_the_older_way_to_say_that_a_number_is_used_is_understood(midtrans, midtrans_server):
    told = servers.Told(400, {"error_messages": ["transaction_details.order_id has already been taken"]})
    midtrans_server.answer = lambda _: told
    with pytest.raises(ReferenceUsed):
        midtrans.start("EK-1-7-1", 10_000, SITI)


@pytest.mark.parametrize("mood", BAD_MOODS)
def test_whatever_the_service_does_the_buyer_reads_one_sentence(mood, midtrans, midtrans_server):
    midtrans_server.mood = mood
    for act in (lambda: midtrans.start("EK-1-7-1", 10_000, SITI), lambda: midtrans.status("EK-1-7-1")):
        with pytest.raises(GatewayDown, match="Pembayaran online sedang tidak dapat dihubungi"):
            act()
    assert len(midtrans_server.asked) == 2, "nothing is asked twice on its own"


@pytest.mark.parametrize("mood", ["slow", "drip"])
def test_a_slow_service_is_given_up(mood):
    with servers.serving(servers.midtrans()) as peer:
        peer.mood = mood
        impatient = Midtrans(KEY, peer.url, peer.url, read_s=0.3)
        impatient._snap._whole_s = 0.4
        with pytest.raises(GatewayDown):
            impatient.start("EK-1-7-1", 10_000, SITI)
        assert len(peer.asked) == 1


def test_nobody_at_home_is_the_same_sentence():
    with pytest.raises(GatewayDown):
        Midtrans(KEY, "http://127.0.0.1:9", "http://127.0.0.1:9").status("EK-1-7-1")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "", "http://a b/", "https://a/" + "x" * 300, None, 7])
def test_a_page_that_is_no_page_is_not_shown_to_the_buyer(url, midtrans, midtrans_server):
    midtrans_server.answer = lambda _: servers.Told(201, {"token": "t", "redirect_url": url})
    with pytest.raises(GatewayDown):
        midtrans.start("EK-1-7-1", 10_000, SITI)


def test_a_wrong_key_is_told_to_the_operator_and_the_key_is_nowhere(midtrans_server, caplog):
    wrong = Midtrans("SB-Mid-server-salah", midtrans_server.url, midtrans_server.url)
    with caplog.at_level(logging.DEBUG), pytest.raises(GatewayDown) as refused:
        wrong.start("EK-1-7-1", 10_000, SITI)
    assert "401" in caplog.text
    assert "check client or server key" in caplog.text
    told = caplog.text + repr(wrong) + repr(vars(wrong)["_snap"]) + repr(refused.value) + str(refused.value.fields)
    assert "SB-Mid-server-salah" not in told
    assert refused.value.__cause__ is None


def test_the_status_is_read_as_a_notice_is(midtrans, midtrans_server):
    midtrans_server.known["EK-1-7-1"] = notice("EK-1-7-1", 130_000)
    told = midtrans.status("EK-1-7-1")
    assert (told.reference, told.amount_rp, told.outcome, told.said) == ("EK-1-7-1", 130_000, "paid", "settlement")
    assert midtrans.status("EK-1-8-1") is None, "nobody chose how to pay yet"


def test_the_status_of_another_payment_is_not_taken_for_this_one(midtrans, midtrans_server):
    midtrans_server.known["EK-1-7-1"] = notice("EK-1-8-1", 130_000)
    with pytest.raises(GatewayDown):
        midtrans.status("EK-1-7-1")


def test_the_documented_example_of_a_signature_is_met():
    example = Midtrans("askvnoibnosifnboseofinbofinfgbiufglnbfg", "http://127.0.0.1:9", "http://127.0.0.1:9")
    made = example.signature_of("1111", "200", "100000.00")
    assert len(made) == 128
    body = json.dumps(notice("1111", 100_000, key="askvnoibnosifnboseofinbofinfgbiufglnbfg")).encode()
    assert example.read_notice(body).amount_rp == 100_000


@pytest.mark.parametrize(
    ("status", "fraud", "code", "outcome"),
    [
        ("pending", "accept", "201", "pending"),
        ("authorize", "accept", "200", "pending"),
        ("settlement", "accept", "200", "paid"),
        ("settlement", None, "200", "paid"),
        ("settlement", "challenge", "200", "challenged"),
        ("settlement", "deny", "202", "failed"),
        ("capture", "accept", "200", "paid"),
        ("capture", "challenge", "201", "challenged"),
        ("capture", None, "200", "challenged"),
        ("capture", "deny", "202", "failed"),
        ("deny", "deny", "202", "failed"),
        ("cancel", "accept", "200", "failed"),
        ("expire", "accept", "407", "failed"),
        ("failure", "accept", "202", "failed"),
        ("refund", "accept", "200", "refunded"),
        ("partial_refund", "accept", "200", "refunded"),
        ("chargeback", "accept", "200", "refunded"),
        ("partial_chargeback", "accept", "200", "refunded"),
    ],
)
def test_each_state_has_its_meaning(status, fraud, code, outcome, reader):
    body = json.dumps(notice("EK-1-7-1", 10_000, status, fraud_status=fraud, status_code=code)).encode()
    assert reader.read_notice(body).outcome == outcome


@pytest.mark.parametrize(("status", "fraud"), [("settlement", "accept"), ("capture", "accept"), ("settlement", None)])
def test_a_signed_pending_notice_cannot_be_turned_into_money(status, fraud, reader):
    """The signature does not cover transaction_status: only its code 200 is a payment."""
    told = notice("EK-1-7-1", 10_000, "pending") | {"transaction_status": status, "fraud_status": fraud}
    with pytest.raises(NoticeUnreadable):
        reader.read_notice(json.dumps(told).encode())


FORGED = [
    {"signature_key": "0" * 128}, {"signature_key": "x"}, {"order_id": "EK-1-8-1"}, {"gross_amount": "1.00"},
    {"status_code": "201"}, {"signature_key": "é" * 128},
]  # fmt: skip


@pytest.mark.parametrize("change", FORGED)
def test_a_notice_changed_on_the_way_is_forged(change, reader):
    with pytest.raises(NoticeForged):
        reader.read_notice(json.dumps(notice("EK-1-7-1", 10_000) | change).encode())


def test_a_notice_signed_with_another_key_is_forged(reader):
    with pytest.raises(NoticeForged):
        reader.read_notice(json.dumps(notice("EK-1-7-1", 10_000, key="SB-Mid-server-lain")).encode())


@pytest.mark.parametrize("name", ["signature_key", "order_id", "status_code", "gross_amount", "transaction_status"])
@pytest.mark.parametrize("value", [None, 7, "", ["x"], "\ud800", "x" * 201, "a\n"])
def test_a_notice_with_a_hole_is_unreadable(name, value, reader):
    told = notice("EK-1-7-1", 10_000) | {name: value}
    with pytest.raises(NoticeUnreadable):
        reader.read_notice(json.dumps(told).encode())
    del told[name]
    with pytest.raises(NoticeUnreadable):
        reader.read_notice(json.dumps(told).encode())


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"7", b"\xff", b"{", b"a=b", b"[" * 60_000, b"{}" + b" " * MOST_BYTES, b'{"a":' * 9000],
)
def test_what_is_no_notice_is_unreadable(body, reader):
    with pytest.raises(NoticeUnreadable):
        reader.read_notice(body)


AMOUNTS = ["100000.50", "1e5", "-5.00", "100,000.00", "0.00", "10.000", " 5.00", "5.", "NaN", "١٠.00", "9" * 16, "+5"]


@pytest.mark.parametrize("gross", AMOUNTS)
def test_an_amount_that_is_not_whole_rupiah_is_refused(gross, reader):
    with pytest.raises(NoticeUnreadable):
        reader.read_notice(json.dumps(notice("EK-1-7-1", 0, gross_amount=gross)).encode())


def test_another_currency_or_an_unknown_state_is_refused(reader):
    for change in ({"currency": "USD"}, {"transaction_status": "verified"}, {"fraud_status": "odd"}):
        with pytest.raises(NoticeUnreadable):
            reader.read_notice(json.dumps(notice("EK-1-7-1", 10_000) | change).encode())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from([*notice("EK-1-7-1", 10_000)]), value=JSON)
def test_no_field_of_any_shape_crashes_the_reader(name, value, reader):
    body = json.dumps(notice("EK-1-7-1", 10_000) | {name: value}).encode()
    try:
        told = reader.read_notice(body)
    except Refusal:
        return
    assert (told.reference, told.amount_rp) == ("EK-1-7-1", 10_000)


@given(amount_rp=st.integers(1, 10**15 - 1))
def test_every_whole_amount_comes_through_exactly(amount_rp, reader):
    assert reader.read_notice(json.dumps(notice("EK-1-7-1", amount_rp)).encode()).amount_rp == amount_rp
