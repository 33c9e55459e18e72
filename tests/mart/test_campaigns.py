"""Campaigns: planned with reason, kept true to what was sold, and shown against cost before they run."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from core.actor import Actor
from core.errors import InvalidValue, NotAllowed, NotFound
from models.audit import AuditRecord
from models.mart.campaigns import Campaign, CampaignItem
from models.mart.products import Product, ProductVariant
from models.procurement import Supplier
from services.mart import campaigns, promo_plans
from services.mart.campaigns import Place, Plan
from services.mart.refusals import PromoPriceTooLow, PromoSold
from tests.mart.story import DAY, NOW, Shop, shop

WALL = datetime.fromisoformat
PLAN = Plan("Diskon gajian", "discount", WALL("2026-02-10T09:00"), WALL("2026-02-12T21:00"))


@pytest.fixture
def store(world) -> Shop:
    return shop(world)


def product_of(store: Shop, variant_id: int) -> int:
    with store.world.reading(store.keeper) as session:
        return session.get_one(ProductVariant, variant_id).product_id


def save(store: Shop, plan: Plan = PLAN, who: Actor | None = None, **more) -> Campaign:
    who = who or store.keeper
    return store.act(who, lambda s: campaigns.save(s, who, store.store_id, plan, **more))


def put(store: Shop, campaign: Campaign, *places: Place) -> list[CampaignItem]:
    return store.act(store.keeper, lambda s: campaigns.set_places(s, store.keeper, campaign.id, places))


def test_the_second_click_plans_the_same_campaign(store):
    first = save(store)
    assert save(store).id == first.id
    assert save(store, replace(PLAN, kind="flash")).id != first.id


def test_a_campaign_runs_by_the_clock_on_the_cooperative_s_wall_and_makes_the_price(store):
    rice = store.variant(price_rp=75_000)
    campaign = save(store)
    assert (campaign.starts_at.hour, campaign.ends_at.hour) == (2, 14), "09.00 and 21.00 WIB"
    put(store, campaign, Place(product_of(store, rice), off_pct=Decimal("12.5"), quota=2, per_buyer=5))
    siti = store.buyer()
    early = store.place(siti, (rice, 1), at=NOW - timedelta(hours=2))
    assert early.total_rp == 75_000, "it starts at 09.00"
    order = store.place(siti, (rice, 3))
    assert order.total_rp == 2 * (75_000 - 9_375) + 75_000, "two by quota, the third at its price"
    with store.world.reading(store.keeper) as session:
        assert [one.sold for one in campaigns.items(session, store.keeper, campaign.id)] == [2]
        assert [(one.products, one.sold) for one in campaigns.listed(session, store.keeper)] == [(1, 2)]
        kept = session.get_one(Campaign, campaign.id)
        assert campaigns.phase(kept, NOW) == "running"
        assert campaigns.phase(kept, NOW - timedelta(days=1)) == "coming"
        assert campaigns.phase(kept, NOW + timedelta(days=9)) == "over"


def test_a_stopped_campaign_makes_nothing_cheaper_and_an_empty_one_does_not_start(store):
    rice, keeper = store.variant(), store.keeper
    campaign = save(store)
    with pytest.raises(InvalidValue, match="belum punya barang"):
        store.act(keeper, lambda s: campaigns.start(s, keeper, campaign.id))
    put(store, campaign, Place(product_of(store, rice), off_rp=5_000))
    for _ in range(2):
        store.act(keeper, lambda s: campaigns.stop(s, keeper, campaign.id))
    assert store.place(store.buyer(), (rice, 1)).total_rp == 75_000
    store.act(keeper, lambda s: campaigns.start(s, keeper, campaign.id))
    assert store.place(store.stranger(), (rice, 1)).total_rp == 70_000
    with store.world.reading(store.actors["ketua"]) as session:
        told = [row.action for row in session.query(AuditRecord).filter(AuditRecord.subject.like("campaign:%"))]
        assert told == ["mart.save_campaign", "mart.plan_campaign", "mart.stop_campaign", "mart.start_campaign"]


def test_what_makes_no_sense_is_refused_with_the_product_s_name(store):
    rice = product_of(store, store.variant(price_rp=5_000, cost_rp=1_000))
    for changes in ({"name": "  "}, {"kind": "lelang"}, {"ends": PLAN.starts}, {"ends": PLAN.starts - timedelta(1)}):
        with pytest.raises(InvalidValue):
            save(store, Plan(**{**PLAN.__dict__, **changes}))
    campaign = save(store)
    for place in (
        Place(rice), Place(rice, Decimal(5), 1_000), Place(rice, Decimal(0)), Place(rice, Decimal(101)),
        Place(rice, off_rp=0), Place(rice, off_rp=-5), Place(rice, off_rp=10**18), Place(rice, Decimal(5), quota=0),
        Place(rice, Decimal(5), per_buyer=-1),
    ):  # fmt: skip
        with pytest.raises(InvalidValue):
            put(store, campaign, place)
    for place in (Place(rice, Decimal(100)), Place(rice, off_rp=5_000), Place(rice, off_rp=9_000),
                  Place(rice, Decimal("99.995"))):  # fmt: skip
        with pytest.raises(PromoPriceTooLow, match=r"Beras 5 kg: harganya Rp 5\.000"):
            put(store, campaign, place)
    with pytest.raises(InvalidValue):
        put(store, campaign, Place(rice, Decimal(5)), Place(rice, Decimal(6)))
    with store.world.reading(store.keeper) as session:
        assert campaigns.items(session, store.keeper, campaign.id) == []


def test_what_was_sold_is_not_planned_away(store):
    rice, soap = store.variant(), store.variant("Sabun")
    first, second = product_of(store, rice), product_of(store, soap)
    campaign = save(store)
    put(store, campaign, Place(first, Decimal(10), quota=5), Place(second, Decimal(10)))
    store.place(store.buyer(), (rice, 3))
    with pytest.raises(PromoSold, match="sudah terjual 3"):
        put(store, campaign, Place(first, Decimal(10), quota=2))
    with pytest.raises(PromoSold, match="Beras 5 kg"):
        put(store, campaign, Place(second, Decimal(10)))
    kept = put(store, campaign, Place(first, off_rp=1_000, quota=3))
    assert [(item.product_id, item.off_pct, item.off_rp, item.quota, item.sold) for item in kept] == [
        (first, None, 1_000, 3, 3)
    ]


def test_only_who_keeps_the_shop_plans_and_the_neighbour_s_goods_are_not_there(store):
    campaign = save(store)
    theirs = shop(store.world, neighbour=True)
    strange = product_of(theirs, theirs.variant("Milik tetangga"))
    with pytest.raises(NotFound):
        put(store, campaign, Place(strange, Decimal(5)))
    with pytest.raises(NotFound):
        theirs.act(theirs.keeper, lambda s: campaigns.get(s, theirs.keeper, campaign.id))
    for who in ("bendahara", "pengawas", "petugas"):
        with pytest.raises(NotAllowed):
            save(store, who=store.actors[who])
    other = Actor(store.actors["petugas"].user_id, store.keeper.coop_id, store.keeper.permissions)
    with pytest.raises(NotFound):
        save(store, who=other)
    with pytest.raises(NotFound):
        save(store, who=other, campaign_id=campaign.id)
    save(store, Plan(**{**PLAN.__dict__, "name": "Diskon baru"}), store.actors["ketua"], campaign_id=campaign.id)
    with store.world.reading(store.keeper) as session:
        assert session.get_one(Campaign, campaign.id).name == "Diskon baru"


def test_the_plan_is_shown_against_cost_stock_and_what_members_pay(store):
    rice = store.variant(pieces=10, cost_rp=60_000, price_rp=75_000, member_price_rp=72_000)
    plain = store.variant("Teh", pieces=0, price_rp=9_000)

    def owned(session):
        supplier = Supplier(coop_id=store.keeper.coop_id, name="Bu Sri")
        session.add(supplier)
        session.flush()
        return supplier.id

    left = store.variant("Keripik", is_consigned=True, owner_rp=8_000, price_rp=10_000, pieces=4, cost_rp=0,
                         supplier_id=store.act(store.keeper, owned))  # fmt: skip
    places = [Place(product_of(store, rice), Decimal(4)), Place(product_of(store, plain), off_rp=1_000),
              Place(product_of(store, left), Decimal(25))]  # fmt: skip
    with store.world.reading(store.keeper) as session:
        goods = promo_plans.sought(session, store.keeper, store.store_id, "")
        by_product = {place.product_id: place for place in places}
        seen = promo_plans.shown(session, store.keeper, goods, by_product, on=DAY, sold={})
    shown = {one.product.name: one for one in seen}
    beras, teh, keripik = shown["Beras 5 kg"], shown["Teh"], shown["Keripik"]
    assert (beras.promo_rp, beras.member_rp, beras.cost_rp, beras.margin_rp, beras.stock) == (
        (72_000, 72_000), (72_000, 72_000), 60_000, 12_000, 10,
    )  # fmt: skip
    assert beras.is_idle
    assert (teh.promo_rp, teh.cost_rp, teh.margin_rp, teh.is_below_cost) == ((8_000, 8_000), None, None, False)
    assert (keripik.margin_rp, keripik.is_below_cost) == (-500, True), "the owner gets theirs whatever it sold for"


def test_a_clearance_proposes_what_lies_too_long_once_and_waits_to_be_started(store):
    old, asked = store.variant("Payung", pieces=7, cost_rp=60_000), store.variant("Sapu")
    store.variant("Ember")
    later = DAY + timedelta(days=70)
    store.place(store.buyer(), (asked, 1), at=NOW + timedelta(days=60))

    with store.world.reading(store.keeper) as session:
        assert {one.name for one in promo_plans.slow(session, store.keeper, store.store_id, on=later)} == {
            "Payung", "Ember",
        }  # fmt: skip
        assert promo_plans.slow(session, store.keeper, store.store_id, on=date(2026, 3, 1)) == []
    for _ in range(2):
        made = store.act(store.keeper, lambda s: promo_plans.clear_out(s, store.keeper, store.store_id, on=later))
    with store.world.reading(store.keeper) as session:
        assert session.query(Campaign).count() == 1
        items = campaigns.items(session, store.keeper, made.id)
        by_name = {session.get_one(Product, item.product_id).name: (item.off_pct, item.quota) for item in items}
    assert (made.kind, made.is_active, made.name) == ("event", False, "Cuci gudang 21 April 2026")
    assert by_name == {"Payung": (Decimal(20), 7), "Ember": (Decimal(20), 10)}, "30 % would be below cost"
    assert store.card(old)[0] == 7
