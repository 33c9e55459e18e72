"""Sales of shops: each cut adds up to the same whole, agrees with the books, and shows nobody another's shop."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.actor import Actor
from core.errors import NotAllowed, NotFound
from models.coops import CoopSetting
from models.mart.stores import Store
from models.procurement import Supplier
from reports.catalog import run
from reports.choices import shop_choices
from reports.export import render
from reports.store_sales import StoreSales, store_sales
from services.mart import campaigns, returns
from services.mart.campaigns import Place, Plan
from tests.conftest import World
from tests.mart.story import DAY, NOW, Shop, later, shop
from tests.mart.test_campaigns import WALL, product_of

SINCE, UNTIL = date(2026, 2, 1), date(2026, 2, 28)


def sell(store: Shop, buyer, *items: tuple[int, int], on: date = DAY, cash: bool = False, **more) -> object:
    order = store.place(buyer, *items, pay_by="cash" if cash else "savings", **more)
    if not cash:
        store.pay(buyer, order, on)
    store.hand_over(order, on)
    return order


@pytest.fixture
def sold(world: World) -> Shop:
    """A taxed shop: rice to a member with a campaign, rice to a stranger for cash, an owner's chips, one piece back."""
    store = shop(world, commission_pct=Decimal(5))

    def settings(session):
        session.add(CoopSetting(name="mart.vat_pct", effective_on=SINCE, value="12", created_by=store.keeper.user_id))
        supplier = Supplier(coop_id=store.keeper.coop_id, name="Bu Sri")
        session.add(supplier)
        session.flush()
        return supplier.id

    owner = store.act(store.keeper, settings)
    rice = store.variant(pieces=10, cost_rp=60_000, price_rp=111_000)
    chips = store.variant("Keripik", pieces=5, cost_rp=0, price_rp=10_000, is_consigned=True, owner_rp=8_000,
                          supplier_id=owner)  # fmt: skip
    store.variant("Payung", pieces=2, cost_rp=30_000)
    plan = Plan("Promo", "discount", WALL("2026-02-10T00:00"), WALL("2026-02-11T00:00"))
    promo = store.act(store.keeper, lambda s: campaigns.save(s, store.keeper, store.store_id, plan))
    places = [Place(product_of(store, rice), off_rp=11_100, quota=1)]
    store.act(store.keeper, lambda s: campaigns.set_places(s, store.keeper, promo.id, places))
    siti = store.buyer()
    bought = sell(store, siti, (rice, 2), (chips, 1))
    sell(store, store.stranger(), (rice, 1), cash=True, at=later(300), on=DAY + timedelta(days=1))
    store.place(siti, (rice, 1), pay_by="savings")  # not handed over: no sale
    line = store.now(bought).lines[0].id
    said = {"reason": "Karung bocor", "token": "back-0001", "on": DAY}
    asked = store.own(siti, bought, lambda s, o: returns.ask(s, siti, o, {line: 1}, **said))
    done = {"refund_by": "savings", "on": DAY, "to_stock": {line: True}, "product_id": world.product("voluntary")}
    store.act(store.keeper, lambda s: returns.refund(s, store.keeper, asked.id, **done))
    return store


def report_of(store: Shop, who: Actor | None = None, since: date = SINCE, until: date = UNTIL, **more) -> StoreSales:
    who = who or store.keeper
    with store.world.reading(who) as session:
        return store_sales(session, who, since, until, **more)


def test_every_cut_adds_up_and_the_books_say_the_same(sold):
    report = report_of(sold)
    rice_rp, second_rp = 2 * 100_000 - 10_000, 100_000  # without the tax inside
    assert report.totals == {
        "orders": 2, "pieces": 4, "net_rp": rice_rp + 10_000 + second_rp, "cost_rp": 180_000 + 8_000,
        "margin_rp": 112_000, "returned_rp": 105_450,
    }  # fmt: skip
    for cuts in (report.by_day, report.by_hour, report.by_channel, report.by_payment, report.by_buyer, report.by_month):
        for column in ("orders", "pieces", "net_rp", "cost_rp", "margin_rp"):
            assert sum(getattr(cut, column) for cut in cuts) == getattr(report.whole, column)
    assert sum(cut.net_rp for cut in report.by_product) == report.whole.net_rp
    assert [(cut.label, cut.orders, cut.pieces, cut.margin_rp) for cut in report.by_product] == [
        ("Beras 5 kg", 2, 3, 110_000), ("Keripik", 1, 1, 2_000),
    ]  # fmt: skip
    assert [(cut.label, cut.net_rp) for cut in report.by_buyer] == [("Anggota", 200_000), ("Bukan anggota", 100_000)]
    assert [cut.label for cut in report.by_hour] == ["10.00", "15.00"], "the cooperative's clock"
    assert [cut.label for cut in report.by_payment] == ["Saldo tabungan", "Tunai saat diambil"]
    assert (report.returned.count, report.returned.pieces) == (1, 1)
    assert all(check.holds for check in report.checks)
    assert [check.left_rp for check in report.checks] == [222_000 - 20_900, 100_000]


def test_days_outside_hold_nothing_and_slow_goods_are_named(sold):
    report = report_of(sold, since=date(2026, 5, 1), until=date(2026, 5, 31))
    assert (report.whole.orders, report.by_product, report.by_month) == (0, (), ())
    assert {(one.label, one.pieces, one.value_rp) for one in report.slow} >= {("Payung", 2, 60_000)}
    assert report_of(sold).slow == (), "nothing lies for 60 days yet"


def test_people_see_the_shops_they_work_in(sold):
    world = sold.world
    with world.reading(sold.keeper) as session:
        unit_id = session.get_one(Store, sold.store_id).unit_id
        assert shop_choices(session, sold.keeper) == ((unit_id, "Toko Maju"),)
    for who in (sold.keeper, world.actors["bendahara"], world.actors["pengawas"]):
        assert report_of(sold, who, unit_id=unit_id).whole.orders == 2
    stranger = Actor(world.actors["petugas"].user_id, sold.keeper.coop_id, sold.keeper.permissions)
    assert report_of(sold, stranger).stores == ()
    assert report_of(sold, stranger).whole.orders == 0
    with pytest.raises(NotFound):
        report_of(sold, stranger, unit_id=unit_id)
    with pytest.raises(NotAllowed):
        report_of(sold, world.actors["petugas"])
    theirs = shop(world, neighbour=True)
    assert report_of(theirs, theirs.actors["ketua"]).whole.orders == 0
    with world.reading(theirs.keeper) as session:
        crossed = store_sales(session, replace(world.actors["ketua"]), SINCE, UNTIL)
    assert crossed.whole.orders == 0


def test_it_is_a_file_like_every_report(sold):
    with sold.world.reading() as session:
        report = run(session, sold.keeper.coop_id, "store-sales", since=SINCE, until=UNTIL, unit="toko")
    said = json.loads(render(report, "json"))
    assert (said["report"], said["totals"]["net_rp"]) == ("store-sales", 300_000)
    assert all(check["holds"] for check in said["checks"])
    text = render(report, "text").decode()
    for words in ("Menurut barang", "Menurut jam pesan", "Keripik", "Retur, uang kembali", "300.000"):
        assert words in text, words
    assert render(report, "xlsx").startswith(b"PK")
    assert render(report, "pdf").startswith(b"%PDF")


def test_both_databases_count_alike(pg_world):
    store = shop(pg_world)
    rice, siti = store.variant(), store.buyer()
    sell(store, siti, (rice, 2), at=NOW)
    report = report_of(store)
    assert (report.whole.net_rp, report.whole.cost_rp, report.by_hour[0].label) == (150_000, 120_000, "10.00")
    assert all(check.holds for check in report.checks)
