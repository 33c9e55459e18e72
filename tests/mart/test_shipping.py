"""Ways to get an order: the shop's own always, couriers when they answer, and never a writer waiting for them."""

from datetime import UTC, datetime, timedelta

import pytest

from core.errors import Refusal
from models.coops import Unit
from models.mart.stores import ShippingQuote, ShippingZone, Store
from services.mart import places, shipping
from services.mart.places import Places, goes_to
from services.mart.ports.refusals import CourierDown, CourierQuota
from services.mart.shipping import DeliveryGone, Parcel, Quotes
from tests.mart import servers

pytest_plugins = ["tests.mart.peers"]

AT = datetime(2026, 3, 5, 3, 0, tzinfo=UTC)
TO_JAKARTA = Parcel("Jakarta Barat", 1500, "17737")


def opened(world, coop="coop", **changes):
    """A shop with two zones, who also sends by courier."""
    kept = {"origin_id": "31555", "couriers": "jne:sicepat"} | changes
    who = world.bendahara if coop == "coop" else world.other_actors["bendahara"]
    with world.transaction(who) as session:
        unit = Unit(coop_id=who.coop_id, code="TOKO", name="Toko")
        session.add(unit)
        session.flush()
        store = Store(coop_id=who.coop_id, unit_id=unit.id, slug="toko", name="Toko Maju", **kept)
        session.add(store)
        session.flush()
        for name, where, fee_rp in (("Dalam kota", "Tegal, Kota Tegal", 8_000), ("Sekitar", "Slawi; Brebes", 15_000)):
            zone = ShippingZone(
                coop_id=who.coop_id, store_id=store.id, name=name, places=where, fee_rp=fee_rp, eta="hari ini"
            )  # fmt: skip
            session.add(zone)
        return store.id


@pytest.fixture
def store_id(world):
    return opened(world)


def asked(world, store_id, parcel, service, at=AT, actor=None):
    return shipping.offer(world.database, actor or world.bendahara, store_id, parcel, service, at=at)


def kinds(offer):
    return [(choice.kind, choice.fee_rp) for choice in offer.choices]


def test_pickup_zone_and_couriers_stand_side_by_side(world, store_id, rajaongkir):
    offer = asked(world, store_id, Parcel("Tegal", 1500, "31555"), rajaongkir)
    assert kinds(offer) == [
        ("pickup", 0), ("zone", 8_000), ("courier", 23_000), ("courier", 24_000), ("courier", 48_000),
    ]  # fmt: skip
    assert [choice.label for choice in offer.choices[:3]] == [
        "Ambil sendiri di Toko Maju", "Kurir toko: Dalam kota", "SICEPAT REG",
    ]  # fmt: skip
    assert offer.choices[2].key == f"courier:{offer.choices[2].quote_id}:sicepat:REG"
    assert offer.choices[2].eta == "1-2 hari"
    assert offer.notice == ""


def test_the_same_way_and_kilo_are_asked_once_a_day(world, store_id, rajaongkir, rajaongkir_server):
    first = asked(world, store_id, TO_JAKARTA, rajaongkir)
    for weight_g in (1001, 1999, 2000):
        again = asked(world, store_id, Parcel("Jakarta", weight_g, "17737"), rajaongkir, AT + timedelta(hours=23))
        assert again.choices == first.choices
    assert len(rajaongkir_server.asked) == 1
    asked(world, store_id, Parcel("Jakarta Barat", 2001, "17737"), rajaongkir)
    assert len(rajaongkir_server.asked) == 2
    asked(world, store_id, TO_JAKARTA, rajaongkir, AT + timedelta(hours=24))
    assert len(rajaongkir_server.asked) == 3
    with world.reading() as session:
        assert session.query(ShippingQuote).count() == 2


@pytest.mark.parametrize("mood", ["hangup", "html", 401, 429, 500, 400])
def test_an_outage_leaves_the_shops_own_ways_and_says_so(mood, world, store_id, rajaongkir, rajaongkir_server):
    rajaongkir_server.mood = mood
    offer = asked(world, store_id, Parcel("Slawi", 1500, "31555"), rajaongkir)
    assert kinds(offer) == [("pickup", 0), ("zone", 15_000)]
    assert offer.notice.startswith("Ongkir kurir sedang tidak dapat dihitung; pilih kurir toko")
    with world.reading() as session:
        assert session.query(ShippingQuote).count() == 0, "an outage is not an answer"
    rajaongkir_server.mood, rajaongkir._rests_until = "well", 0
    assert len(asked(world, store_id, Parcel("Slawi", 1500, "31555"), rajaongkir).choices) == 5


def test_without_the_service_or_a_known_place_the_shop_still_delivers(world, store_id):
    offer = asked(world, store_id, Parcel("Kota Tegal", 1500, "31555"), None)
    assert kinds(offer) == [("pickup", 0), ("zone", 8_000)]
    offer = asked(world, store_id, Parcel("Kota Tegal", 1500), None)
    assert (kinds(offer), offer.notice) == ([("pickup", 0), ("zone", 8_000)], "")


def test_nothing_to_offer_is_said_with_the_way_on(world, rajaongkir, rajaongkir_server):
    store_id = opened(world, has_pickup=False)
    assert asked(world, store_id, Parcel("Sorong", 1500), rajaongkir).notice == shipping.NOWHERE
    rajaongkir_server.mood = 500
    offer = asked(world, store_id, TO_JAKARTA, rajaongkir)
    assert (offer.choices, offer.notice) == ((), shipping.DOWN_AND_NOTHING_ELSE)


def test_no_courier_going_there_is_an_answer_and_kept(world, rajaongkir, rajaongkir_server):
    store_id = opened(world, couriers="pos", has_pickup=False)
    for _ in range(2):
        assert asked(world, store_id, TO_JAKARTA, rajaongkir).notice == shipping.NOWHERE
    assert len(rajaongkir_server.asked) == 1


def test_nobody_writes_while_the_service_thinks(world, store_id, rajaongkir, rajaongkir_server):
    rajaongkir_server.mood, rajaongkir_server.slow_s = "slow", 0.2
    answer, taken = rajaongkir_server.answer, []

    def answer_after_somebody_wrote(question):
        with world.transaction() as session:
            session.query(Store).update({"about": "ditulis sementara kurir menghitung"})
            taken.append(True)
        return answer(question)

    rajaongkir_server.answer = answer_after_somebody_wrote
    assert len(asked(world, store_id, TO_JAKARTA, rajaongkir).choices) == 4
    assert taken == [True]


def test_the_order_takes_the_fee_that_was_kept_not_one_that_was_sent(world, store_id, rajaongkir, rajaongkir_server):
    offer = asked(world, store_id, TO_JAKARTA, rajaongkir)
    with world.transaction() as session:
        store = session.get(Store, store_id)
        for choice in offer.choices:
            assert shipping.pick(session, world.bendahara, store, TO_JAKARTA, choice.key, at=AT) == choice
        for key in ("", "zone:1", "zone:99", "courier:1:jne:GRATIS", "courier:2:jne:REG", "pickup:1"):
            with pytest.raises(DeliveryGone):
                shipping.pick(session, world.bendahara, store, TO_JAKARTA, key, at=AT)
        with pytest.raises(DeliveryGone):
            late = AT + timedelta(hours=25)
            shipping.pick(session, world.bendahara, store, TO_JAKARTA, "courier:1:jne:REG", at=late)
        with pytest.raises(DeliveryGone):
            heavy = Parcel("Jakarta Barat", 9000, "17737")
            shipping.pick(session, world.bendahara, store, heavy, "courier:1:jne:REG", at=AT)
    assert len(rajaongkir_server.asked) == 1


def test_a_zone_taken_out_of_use_is_not_offered(world, store_id):
    with world.transaction() as session:
        session.query(ShippingZone).update({"is_active": False})
    assert kinds(asked(world, store_id, Parcel("Tegal", 500), None)) == [("pickup", 0)]


def test_the_neighbours_shop_zones_and_prices_are_not_there(world, store_id, rajaongkir, rajaongkir_server):
    asked(world, store_id, TO_JAKARTA, rajaongkir)
    stranger = world.other_actors["bendahara"]
    assert asked(world, store_id, TO_JAKARTA, rajaongkir, actor=stranger).choices == ()
    theirs = opened(world, "other")
    asked(world, theirs, TO_JAKARTA, rajaongkir, actor=stranger)
    assert len(rajaongkir_server.asked) == 2, "their question, their quote"
    with world.reading(stranger) as session:
        assert session.query(ShippingQuote).count() == 1


def test_quotes_are_kept_on_both_databases(any_world):
    store_id = opened(any_world)
    with any_world.transaction() as session:
        question = shipping.question_for(session.get(Store, store_id), TO_JAKARTA)
        option = shipping.Option("jne", "REG", "Reguler", 24_000, "2 day")
        for _ in range(2):
            shipping.keep(session, any_world.bendahara, Quotes(question, (option,)), at=AT)
    with any_world.reading() as session:
        store = session.get(Store, store_id)
        offer = shipping.options(session, any_world.bendahara, store, TO_JAKARTA, at=AT + timedelta(hours=1))
    assert kinds(offer) == [("pickup", 0), ("courier", 24_000)]


@pytest.mark.parametrize(
    ("places", "city", "goes"),
    [
        ("Tegal", "tegal", True),
        ("Kota Tegal", "Tegal", True),
        ("Tegal", "KAB. TEGAL", True),
        ("Kota Tegal", "Kabupaten Tegal", False),
        ("Bandung", "Bandung Barat", False),
        ("Bandung, Cimahi", " cimahi ", True),
        ("Kec. Kebon Jeruk", "KEBON JERUK, KEBON JERUK, JAKARTA BARAT, DKI JAKARTA, 11530", True),
        ("Jakarta-Barat", "Kota Administrasi Jakarta Barat", True),
        ("Kota", "Kota Tegal", False),
        ("", "Tegal", False),
        (",,", "", False),
        ("Tegal", "", False),
    ],
)
def test_a_place_is_met_by_its_name_not_by_its_beginning(places, city, goes):
    assert goes_to(places, city) is goes


def test_places_are_asked_from_the_third_letter_and_once(rajaongkir, rajaongkir_server):
    book = Places()
    assert [book.find(rajaongkir, text) for text in ("", "t", "te", "  te ")] == [[]] * 4
    assert book.find(None, "tegal") == []
    assert rajaongkir_server.asked == []
    for text in ("tegal", " TEGAL", "Tegal "):
        assert [place.id for place in book.find(rajaongkir, text)] == ["31555"]
    assert book.find(rajaongkir, "atlantis") == []
    assert book.find(rajaongkir, "atlantis") == []
    assert len(rajaongkir_server.asked) == 2


def test_yesterdays_places_are_better_than_none(rajaongkir, rajaongkir_server, monkeypatch):
    book = Places()
    monkeypatch.setattr(places, "FRESH", timedelta(0))
    known = book.find(rajaongkir, "tegal")
    rajaongkir_server.mood = 500
    assert book.find(rajaongkir, "tegal") == known
    with pytest.raises(CourierDown):
        book.find(rajaongkir, "brebes")


def test_the_memory_of_places_is_bounded(monkeypatch, rajaongkir):
    book = Places()
    monkeypatch.setattr(places, "_REMEMBERED", 2)
    for text in ("tegal", "kebon", "jakarta"):
        book.find(rajaongkir, text)
    assert list(book._known) == ["kebon", "jakarta"]


def test_a_used_up_quota_is_a_refusal_of_its_own_when_searching():
    with servers.serving(servers.rajaongkir(daily=0)) as peer:
        service = shipping.RajaOngkir(servers.SHIPPING_KEY, f"{peer.url}/api/v1")
        with pytest.raises(CourierQuota) as refused:
            Places().find(service, "tegal")
        assert isinstance(refused.value, Refusal)
