"""The shops of the demo: goods put on stock cards, a few weeks of orders in every state, a sale, a voucher, points."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from core.actor import Actor
from models.mart.campaigns import Campaign, CampaignItem, Voucher
from models.mart.orders import Order
from models.mart.products import ProductVariant
from models.mart.stores import Store
from seed.stage import Stage
from services.access.sign_in import Confirmed
from services.coops import commands as coops
from services.ledger.chart import Role
from services.mart import fulfilment, orders, payments, products, returns, stock, stores
from services.mart.buyers import Buyer
from services.mart.delivery import Delivery
from services.mart.goods import Good, Variant
from services.mart.orders import Wish
from services.mart.stock import Item
from services.mart.stores import Shop, Zone
from services.settings import dated


@dataclass(frozen=True)
class Ware:
    """Something on the shelf: what it costs, what it is sold for, roughly how many pieces there are."""

    name: str
    category: str
    cost_rp: int
    price_rp: int
    member_rp: int | None
    pieces: int
    weight_g: int = 500
    about: str = ""


WARES = (
    Ware("Beras Pandan Wangi 5 kg", "sembako", 66_000, 76_000, 73_500, 160, 5_000, "Beras pulen dari petani binaan."),
    Ware("Minyak Goreng 1 liter", "sembako", 15_800, 18_500, 17_900, 300, 950),
    Ware("Gula Pasir 1 kg", "sembako", 14_900, 17_500, 17_000, 260, 1_000),
    Ware("Telur Ayam 1 kg", "sembako", 24_500, 29_000, 28_000, 120, 1_000),
    Ware("Kopi Bubuk Robusta 250 g", "minuman", 17_500, 24_000, 22_500, 140, 250, "Sangrai sedang, digiling halus."),
    Ware("Teh Melati 25 kantong", "minuman", 6_200, 8_500, 8_200, 180, 60),
    Ware("Air Mineral 600 ml, isi 24", "minuman", 38_000, 46_000, 44_500, 90, 14_500),
    Ware("Keripik Singkong Balado", "makanan", 7_800, 12_000, 11_000, 150, 200, "Buatan anggota, renyah dan pedas."),
    Ware("Mi Instan Goreng, isi 40", "makanan", 104_000, 118_000, 115_000, 60, 3_600),
    Ware("Sabun Cuci Cair 800 ml", "rumah", 12_400, 15_500, 14_900, 170, 820),
    Ware("Pasta Gigi 190 g", "rumah", 10_900, 14_000, 13_500, 150, 210),
    Ware("Buku Tulis 38 lembar, isi 10", "sekolah", 32_000, 39_000, 37_500, 80, 1_200),
    Ware("Kaos Koperasi Lengan Panjang", "pakaian", 58_000, 85_000, 78_000, 45, 250),
    Ware("Tas Anyaman Pandan", "kerajinan", 52_000, 85_000, 79_000, 24, 400, "Anyaman tangan, satu minggu pengerjaan."),
    Ware("Madu Hutan 350 ml", "kesehatan", 61_000, 89_000, 84_000, 36, 520),
)


# days ago, paid by, sent to an address, (place on the shelf, pieces)
ORDERS: tuple[tuple[int, str, bool, tuple[tuple[int, int], ...]], ...] = (
    (14, "savings", False, ((0, 2), (3, 1))),
    (12, "cash", False, ((1, 3),)),
    (9, "savings", True, ((4, 2), (7, 2))),
    (8, "cash", False, ((2, 4), (5, 1))),
    (5, "savings", False, ((0, 1), (6, 1))),
    (3, "savings", True, ((8, 1),)),
    (2, "savings", False, ((2, 2),)),
    (1, "transfer", False, ((4, 1),)),
    (0, "cash", False, ((1, 2), (3, 1))),
    (0, "savings", False, ((0, 1),)),
)


def open_shop(stage: Stage, shop: Shop, *, unit: str, slug: str, out_of_books: bool) -> Store:
    """A shop with everything on its shelves. `out_of_books`: the unit's inventory is what the goods are worth."""
    session, chair, keeper = stage.session, stage.people["ketua"], stage.people["pengelola_toko"]
    on = stage.today - timedelta(days=20)
    if unit not in stage.units:
        stage.units[unit] = coops.add_unit(session, stage.people["bendahara"], code=unit, name=shop.name).id
    store = stores.open_store(session, chair, shop, unit_id=stage.units[unit], slug=slug)
    stores.set_managers(session, chair, store.id, [keeper.user_id])
    stores.save_zone(session, keeper, store.id, Zone("Dalam kota", shop.city, 8_000, "hari ini"))
    wares = WARES if out_of_books else WARES[:9]
    whole_rp = sum(ware.cost_rp * ware.pieces for ware in wares)
    share = Decimal(store.unopened_rp) / whole_rp if out_of_books else Decimal("0.12")
    items = []
    for ware in wares:
        variant = _shelve(stage, store, ware)
        pieces = max(3, int(ware.pieces * share))
        items.append(Item(variant.id, pieces, ware.cost_rp * pieces))
    if out_of_books:
        rest_rp = store.unopened_rp - sum(item.cost_rp for item in items)
        items[0] = Item(items[0].variant_id, items[0].quantity, items[0].cost_rp + rest_rp)  # what rounding left over
        stock.open_stock(session, keeper, store_id=store.id, items=items, booked_on=on, token=f"{slug}-awal")
    else:
        stock.receive(session, keeper, store_id=store.id, items=items, booked_on=on, token=f"{slug}-awal",
                      paid_from=Role.CASH, memo="Isi rak pertama")  # fmt: skip
    for name, value in (("mart.point_every_rp", "10000"), ("mart.point_rp", "100")):
        dated.decide(session, chair, name, value, effective_on=on, decided_by="Rapat pengurus")
    return store


def _shelve(stage: Stage, store: Store, ware: Ware) -> ProductVariant:
    session, keeper = stage.session, stage.people["pengelola_toko"]
    good = Good(ware.name, ware.category, ware.about or f"{ware.name}, dari {store.name}.", weight_g=ware.weight_g)
    kind = Variant(ware.price_rp, member_price_rp=ware.member_rp, low_at=5)
    product = products.save_product(session, keeper, good, store_id=store.id, variant=kind)
    session.refresh(product)
    products.publish(session, keeper, product.id, shown=True)
    return product.variants[0]


def shown_prices(stage: Stage, store: Store) -> None:
    """A flash sale that runs today, a sale to the end of the year, two vouchers."""
    session, keeper, now = stage.session, stage.people["pengelola_toko"], _at(stage, 0, 0)
    goods = products_of(stage, store)
    runs = (
        ("flash", "Kilat Pagi Ini", 1, Decimal(12), goods[1:4]),
        ("event", "Pasar Akhir Tahun", 21, Decimal(8), goods[6:10]),
    )
    for kind, name, days, off, some in runs:
        run = Campaign(coop_id=store.coop_id, store_id=store.id, name=name, kind=kind, starts_at=now,
                       ends_at=now + timedelta(days=days), created_by=keeper.user_id)  # fmt: skip
        session.add(run)
        session.flush()
        session.add_all(
            [
                CampaignItem(coop_id=store.coop_id, campaign_id=run.id, product_id=product_id, off_pct=off, quota=40,
                             per_buyer=3, sold=0)
                for product_id in some
            ]
        )  # fmt: skip
    usual = {"coop_id": store.coop_id, "starts_at": now - timedelta(days=5), "ends_at": now + timedelta(days=60)}
    session.add(Voucher(code="BELANJA10", name="Belanja pertama", off_rp=10_000, minimum_rp=75_000, quota=100, **usual))
    session.add(Voucher(code="ANGGOTA5", name="Hemat anggota", off_pct=Decimal(5), most_rp=15_000, quota=200,
                        audience="members", **usual))  # fmt: skip
    session.flush()


def products_of(stage: Stage, store: Store) -> list[int]:
    found = stage.session.query(ProductVariant.product_id).join(ProductVariant.product)
    return [row[0] for row in found.filter_by(store_id=store.id).order_by(ProductVariant.product_id).distinct()]


def _at(stage: Stage, days: int, hour: int) -> datetime:
    """A moment so many days ago, in the cooperative's morning."""
    return datetime.combine(stage.today - timedelta(days=days), time(hour, 5), UTC)


def buyer_of(actor: Actor) -> Buyer:
    """A person of the cooperative at the counter."""
    home = frozenset({actor.coop_id})
    return Buyer(actor.user_id, actor.coop_id, frozenset({"own.view"}), actor.member_id, actor.name, member_coops=home)


def trade(stage: Stage, store: Store, guests: Sequence[str]) -> None:
    """Orders in every state: done long ago, on their way, to be packed, waiting for money, given back."""
    variants = [row.id for row in stage.session.query(ProductVariant).join(ProductVariant.product)
                .filter_by(store_id=store.id).order_by(ProductVariant.id)]  # fmt: skip
    people = [buyer_of(stage.people[part]) for part in guests]
    for at, (days, pay_by, far, goods) in enumerate(ORDERS):
        buyer = people[at % len(people)]
        zone = stores.zones(stage.session, stage.people["pengelola_toko"], store.id)[0]
        there = Delivery(f"zone:{zone.id}", "Jalan Melati 7, RT 02/RW 05", store.city) if far else Delivery()
        items = tuple((variants[place], pieces) for place, pieces in goods)
        wish = Wish(store.id, items, there, pay_by, stage.token("belanja"), phone="081200000000")
        order = orders.place(stage.session, buyer, wish, at=_at(stage, days, 2))
        _carry_on(stage, order, buyer, days)


def _carry_on(stage: Stage, order: Order, buyer: Buyer, days: int) -> None:
    """What became of an order since: the older, the further."""
    session, keeper = stage.session, stage.people["pengelola_toko"]
    on = stage.today - timedelta(days=days)
    if order.pay_by == "savings" and days > 0:
        sure = Confirmed(buyer.user_id)
        payments.by_savings(session, buyer, order, stage.voluntary.id, confirmed=sure, on=on)
    if days < 3:
        return
    if order.delivery == "pickup":
        fulfilment.hand_over(session, keeper, order.id, on=on)
    else:
        fulfilment.ship(session, keeper, order.id, on=on)
        if days > 5:
            fulfilment.receive(session, buyer, order, on=on + timedelta(days=2))
    if days == 5:
        session.refresh(order)
        pieces, token = {order.lines[-1].id: 1}, stage.token("retur")
        returns.ask(session, buyer, order, pieces, reason="Kemasan sobek saat dibuka", token=token, on=on)
