"""The address for notices of the payment service: signed ones are taken, whatever else comes changes nothing."""

import json

import pytest

from models.mart.orders import OrderPayment
from services.mart import gateway
from services.mart.ports import configured
from services.mart.ports.midtrans import Midtrans
from tests.mart import servers
from tests.mart.servers import notice
from tests.mart.story import NOW, Shop, shop
from tests.member_portal.conftest import Portal

pytest_plugins = ["tests.mart.peers"]
ADDRESS = "/kopmart/pembayaran/midtrans"


@pytest.fixture
def connected(midtrans: Midtrans, monkeypatch: pytest.MonkeyPatch) -> Midtrans:
    monkeypatch.setattr(configured, "_midtrans", midtrans)
    return midtrans


@pytest.fixture
def reference(portal: Portal, connected: Midtrans) -> str:
    """The number of a payment of Rp 75.000 that waits."""
    store = shop(portal.world)
    buyer = store.stranger()
    order = store.place(buyer, (store.variant(price_rp=75_000), 1), pay_by="gateway")
    gateway.begin(portal.world.database, buyer, order.public_id, connected, finish_url="https://k.id", at=NOW)
    return payments(store)[0][0]


def payments(store: Shop | Portal) -> list[tuple[str, str]]:
    with store.world.reading() as session:
        return [(one.reference, one.state) for one in session.query(OrderPayment)]


def sent(portal: Portal, body: object, **more: object):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return portal.app.test_client().post(ADDRESS, data=raw, content_type="application/json", **more)


def test_a_signed_notice_is_taken_without_a_form_and_answered_2xx_again(portal, reference, midtrans_server):
    told = midtrans_server.known[reference] = notice(reference, 75_000)
    for _ in range(3):
        answer = sent(portal, told)
        assert (answer.status_code, answer.json) == (200, {"state": "paid"})
        assert "Set-Cookie" not in answer.headers
    assert payments(portal) == [(reference, "paid")]


def test_whatever_is_not_from_the_service_changes_nothing(portal, reference, midtrans_server):
    midtrans_server.known[reference] = notice(reference, 75_000)
    good = notice(reference, 75_000)
    cases = [
        (good | {"signature_key": "0" * 128}, 403),
        (notice(reference, 75_000, key="kunci-lain"), 403),
        (good | {"gross_amount": "1.00"}, 403),
        ({name: value for name, value in good.items() if name != "signature_key"}, 400),
        (b"", 400),
        (b"order_id=1", 400),
        (b"x" * 65_537, 413),
        (b"x" * 1_000_000, 413),
        (notice("EK-1-999-1", 75_000), 404),
    ]
    for body, status in cases:
        answer = sent(portal, body)
        assert answer.status_code == status, body
        assert "75.000" not in answer.text
        assert "Traceback" not in answer.text
    assert payments(portal) == [(reference, "waiting")]


def test_another_amount_is_answered_with_a_refusal(portal, reference, midtrans_server):
    told = midtrans_server.known[reference] = notice(reference, 5_000)
    assert sent(portal, told).status_code == 409
    assert payments(portal) == [(reference, "waiting")]


def test_a_service_that_cannot_be_asked_is_told_to_come_back(portal, reference, midtrans_server):
    midtrans_server.mood = 500
    answer = sent(portal, notice(reference, 75_000))
    assert answer.status_code == 503
    assert payments(portal) == [(reference, "waiting")]


def test_the_address_takes_posts_only_and_is_not_there_without_the_service(portal, monkeypatch):
    monkeypatch.setattr(configured, "_midtrans", None)
    assert sent(portal, notice("EK-1-1-1", 75_000, key=servers.KEY)).status_code == 404
    assert portal.app.test_client().get(ADDRESS).status_code == 405
