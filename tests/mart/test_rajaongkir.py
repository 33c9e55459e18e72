"""RajaOngkir behind its port: prices as said, nothing guessed, its quota respected."""

import logging
import time

import pytest

from services.mart.ports.rajaongkir import Option, Place, RajaOngkir, Step
from services.mart.ports.refusals import CourierDown, CourierQuota, CourierRefused, WaybillUnknown
from tests.mart import servers

pytest_plugins = ["tests.mart.peers"]

BAD_MOODS = [
    "hangup", "truncated", "cut_json", "garbage", "html", "empty", "list", "number", "huge", "deep", "redirect",
    401, 403, 500, 502, 503,
]  # fmt: skip


def test_places_are_found_by_name(rajaongkir, rajaongkir_server):
    assert rajaongkir.places(" tegal ") == [Place("31555", "TEGALSARI, TEGAL BARAT, TEGAL, JAWA TENGAH, 52111")]
    assert rajaongkir_server.asked[0].query == {"search": "tegal", "limit": "10", "offset": "0"}
    assert rajaongkir.places("atlantis") == []


def test_prices_come_cheapest_first_and_the_question_is_a_form(rajaongkir, rajaongkir_server):
    options = rajaongkir.costs("31555", "17737", 2000, ["jne", "sicepat"])
    assert [(o.courier, o.service, o.cost_rp) for o in options] == [
        ("sicepat", "REG", 23_000), ("jne", "REG", 24_000), ("jne", "YES", 48_000),
    ]  # fmt: skip
    assert options[0] == Option("sicepat", "REG", "Reguler", 23_000, "1-2 day")
    form = rajaongkir_server.asked[0].form
    assert form == {
        "origin": "31555", "destination": "17737", "weight": "2000", "courier": "jne:sicepat", "price": "lowest",
    }  # fmt: skip


def test_no_courier_going_there_is_an_empty_answer(rajaongkir):
    assert rajaongkir.costs("31555", "17737", 1000, ["pos"]) == []


@pytest.mark.parametrize(
    ("origin", "weight_g", "couriers"), [("", 1000, ["jne"]), ("1", 0, ["jne"]), ("1", 1000, []), ("1", 9**9, ["jne"])]
)
def test_a_question_without_sense_never_leaves(origin, weight_g, couriers, rajaongkir, rajaongkir_server):
    with pytest.raises(CourierRefused):
        rajaongkir.costs(origin, "17737", weight_g, couriers)
    assert rajaongkir_server.asked == []


def test_what_the_service_does_not_take_is_refused(rajaongkir):
    with pytest.raises(CourierRefused, match="tujuan, berat barang"):
        rajaongkir.costs("rumah", "17737", 1000, ["jne"])


@pytest.mark.parametrize("mood", BAD_MOODS)
def test_whatever_the_service_does_the_buyer_reads_one_sentence(mood, rajaongkir, rajaongkir_server):
    rajaongkir_server.mood = mood
    for act in (
        lambda: rajaongkir.places("tegal"),
        lambda: rajaongkir.costs("31555", "17737", 1000, ["jne"]),
        lambda: rajaongkir.track("JNE123", "jne", "67890"),
    ):
        with pytest.raises(CourierDown, match="Ongkir kurir sedang tidak dapat dihitung"):
            act()
    assert len(rajaongkir_server.asked) == 3, "nothing is asked twice on its own"


@pytest.mark.parametrize("mood", ["slow", "drip"])
def test_a_slow_service_is_given_up(mood, rajaongkir_server):
    impatient = RajaOngkir(servers.SHIPPING_KEY, f"{rajaongkir_server.url}/api/v1", read_s=0.3)
    impatient._wire._whole_s = 0.4
    rajaongkir_server.mood = mood
    with pytest.raises(CourierDown):
        impatient.costs("31555", "17737", 1000, ["jne"])


def test_a_used_up_quota_is_respected_for_as_long_as_the_service_says():
    with servers.serving(servers.rajaongkir(daily=1)) as peer:
        service = RajaOngkir(servers.SHIPPING_KEY, f"{peer.url}/api/v1")
        service.places("tegal")
        with pytest.raises(CourierQuota) as refused:
            service.places("tegal")
        assert refused.value.fields["wait_s"] == 600
        for _ in range(5):
            with pytest.raises(CourierQuota, match="Batas pertanyaan"):
                service.costs("31555", "17737", 1000, ["jne"])
        assert len(peer.asked) == 2, "a closed door is not knocked at"
        service._rests_until = time.monotonic() - 1
        with pytest.raises(CourierQuota):
            service.places("tegal")
        assert len(peer.asked) == 3


@pytest.mark.parametrize("after", [None, "soon", "-5", "99999999999", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_a_retry_after_without_sense_makes_a_short_or_bounded_rest(after, rajaongkir, rajaongkir_server):
    headers = {} if after is None else {"Retry-After": after}
    rajaongkir_server.answer = lambda _: servers.Told(429, {"meta": {"code": 429}}, headers)
    with pytest.raises(CourierQuota) as refused:
        rajaongkir.places("tegal")
    assert 60 <= refused.value.fields["wait_s"] <= 3600


@pytest.mark.parametrize("cost", [0, -1, "12000", 12_000.5, None, True, 10**16, [1], 1e300])
def test_a_price_that_is_none_is_left_out_never_guessed(cost, rajaongkir, rajaongkir_server):
    good = {"code": "jne", "service": "REG", "description": "x", "cost": 12_000.0, "etd": None}
    rows = [good, {**good, "cost": cost}, "row", {**good, "service": None}, {**good, "code": 7}]
    rajaongkir_server.answer = lambda _: servers.Told(200, {"data": rows})
    assert rajaongkir.costs("1", "2", 1000, ["jne"]) == [Option("jne", "REG", "x", 12_000, "")]
    rajaongkir_server.answer = lambda _: servers.Told(200, {"data": rows[1:]})
    with pytest.raises(CourierDown):
        rajaongkir.costs("1", "2", 1000, ["jne"])


def test_a_parcel_is_followed(rajaongkir, rajaongkir_server):
    found = rajaongkir.track("JNE123", "jne", "081234567890")
    assert (found.delivered, found.status) == (True, "DELIVERED")
    assert found.lines[0] == Step("2026-03-05 10:01", "Shipment received", "TEGAL")
    assert rajaongkir_server.asked[0].query["last_phone_number"] == "67890"
    with pytest.raises(WaybillUnknown, match="Resi JNE124 belum dikenal kurir JNE"):
        rajaongkir.track("JNE124", "jne")
    with pytest.raises(CourierRefused):
        rajaongkir.track("JNE123", "jne")


def test_a_parcel_the_service_tells_little_of_is_not_called_delivered(rajaongkir, rajaongkir_server):
    for data in ({}, {"delivered": "yes", "summary": [], "manifest": {"a": 1}}, {"manifest": [None, {}]}):
        rajaongkir_server.answer = lambda _, data=data: servers.Told(200, {"data": data})
        assert rajaongkir.track("JNE123", "jne").delivered is False


def test_a_wrong_key_is_told_to_the_operator_and_key_and_phone_are_nowhere(rajaongkir_server, caplog):
    wrong = RajaOngkir("kunci-produk-lain", f"{rajaongkir_server.url}/api/v1")
    with caplog.at_level(logging.INFO), pytest.raises(CourierDown):
        wrong.track("JNE123", "jne", "67890")
    assert "401: Invalid Api key" in caplog.text
    told = caplog.text + repr(wrong) + repr(wrong._wire)
    assert "kunci-produk-lain" not in told
    assert "67890" not in told
