"""The cart: things of many shops and cooperatives side by side, before sign-in too. Nothing in it is kept for anybody.

`owner` is `u:<user id>`, or `g:<secret>` of a browser nobody has signed in with; signing in brings both together.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from core.actor import Actor
from core.errors import InvalidValue, NotFound, Refusal
from core.money import Rupiah
from models.coops import Coop
from models.mart.products import CartItem, Product, ProductVariant
from models.mart.stores import Store
from models.transaction import Database
from services.mart import buyers, orders
from services.mart.buyers import Buyer
from services.mart.counting import MOST_PIECES
from services.mart.pricing import Quote
from services.mart.refusals import NotForSale, QuantityInvalid

MOST_KINDS = 100


@dataclass(frozen=True)
class Lying:
    """One thing in the cart. `problem` says why it cannot be bought as it lies there."""

    variant_id: int
    public_id: str
    name: str
    photo: str | None
    category: str
    quantity: int
    free: int
    price_rp: Rupiah
    list_rp: Rupiah
    problem: str = ""


@dataclass(frozen=True)
class Basket:
    """What of the cart is of one shop. `quote` is None where something stands in the way: `problem` says what."""

    coop_slug: str
    coop_name: str
    store_slug: str
    store_name: str
    lines: tuple[Lying, ...]
    quote: Quote | None
    problem: str = ""


def place_of(database: Database, variant_id: int) -> int:
    """The cooperative that sells a variant. Raises NotFound for what is not sold."""
    with database.platform("kopmart: whose goods") as session:
        query = (
            select(ProductVariant.coop_id)
            .join(Product, Product.id == ProductVariant.product_id)
            .join(Store, Store.id == Product.store_id)
            .where(ProductVariant.id == variant_id, ProductVariant.is_active, Product.is_published, Store.is_open)
        )
        coop_id = session.scalar(query)
        if coop_id is None:
            raise NotFound(what="Barang")
        return coop_id


def shop_of(database: Database, coop_slug: str, store_slug: str) -> tuple[int, int]:
    """The cooperative and the shop of an address. Raises NotFound for one that is not open."""
    with database.platform("kopmart: whose shop") as session:
        query = select(Store.coop_id, Store.id).join(Coop, Coop.id == Store.coop_id)
        found = session.execute(query.where(Coop.slug == coop_slug, Store.slug == store_slug, Store.is_open)).first()
        if found is None:
            raise NotFound(what="Toko")
        return found[0], found[1]


def put(session: Session, owner: str, variant_id: int, quantity: int, *, more: bool) -> None:
    """So many pieces lie in the cart from now on, or `more`; 0 takes it out. Raises QuantityInvalid, NotForSale."""
    if not 0 <= quantity <= MOST_PIECES:
        raise QuantityInvalid()
    variant = session.get(ProductVariant, variant_id, options=[joinedload(ProductVariant.product)])
    if variant is None:
        raise NotFound(what="Barang")
    item = session.scalars(select(CartItem).where(CartItem.owner == owner, CartItem.variant_id == variant_id)).first()
    wanted = min(MOST_PIECES, quantity + (item.quantity if item is not None and more else 0))
    if wanted == 0:
        if item is not None:
            session.delete(item)
        return
    if not (variant.is_active and variant.product.is_published):
        raise NotForSale(product=variant.label)
    if item is None:
        _room(session, owner)
        session.add(CartItem(coop_id=variant.coop_id, owner=owner, variant_id=variant_id, quantity=wanted))
    else:
        item.quantity = wanted


def _room(session: Session, owner: str) -> None:
    if (session.scalar(select(func.count()).where(CartItem.owner == owner)) or 0) >= MOST_KINDS:
        raise InvalidValue(field="Keranjang", reason=f"paling banyak {MOST_KINDS} macam barang. Pesan dulu sebagian.")


def take_out(database: Database, owner: str, variant_id: int) -> None:
    """What is sold no more can still be taken out."""
    with database.platform("kopmart: out of a cart", writes=True) as session:
        for item in session.scalars(select(CartItem).where(CartItem.owner == owner, CartItem.variant_id == variant_id)):
            session.delete(item)


def merge(database: Database, guest: str, user: str) -> int:
    """A guest's cart becomes that of who has signed in; pieces of the same thing add up. How many things moved."""
    with database.platform("kopmart: a guest's cart becomes their own", writes=True) as session:
        mine = {item.variant_id: item for item in session.scalars(select(CartItem).where(CartItem.owner == user))}
        theirs = list(session.scalars(select(CartItem).where(CartItem.owner == guest)))
        for item in theirs:
            if (own := mine.get(item.variant_id)) is not None:
                own.quantity = min(MOST_PIECES, own.quantity + item.quantity)
                session.delete(item)
            else:
                item.owner = user
        return len(theirs)


def count(database: Database, owner: str) -> int:
    """How many pieces lie in a cart."""
    with database.platform("kopmart: a cart's count") as session:
        return int(session.scalar(select(func.sum(CartItem.quantity)).where(CartItem.owner == owner)) or 0)


def baskets(
    database: Database, owner: str, user_id: int | None, *, at: datetime, only: int | None = None
) -> list[Basket]:
    """The cart shop by shop, counted as an order would be; `only` is one shop's id. Makes nothing."""
    groups = _groups(database, owner, only)
    made = []
    for (coop, store), items in groups:
        buyer = stranger(coop.id) if user_id is None else buyers.in_coop(database, user_id, coop.id)
        made.append(_basket(database, buyer, coop, store, items, at))
    return made


def stranger(coop_id: int) -> Buyer:
    """Somebody nobody knows yet."""
    return Buyer(0, coop_id, frozenset())


def _groups(
    database: Database, owner: str, only: int | None
) -> list[tuple[tuple[Coop, Store], list[tuple[CartItem, ProductVariant]]]]:
    with database.platform("kopmart: a cart") as session:
        query = (
            select(CartItem, ProductVariant, Store, Coop)
            .join(ProductVariant, ProductVariant.id == CartItem.variant_id)
            .join(Product, Product.id == ProductVariant.product_id)
            .join(Store, Store.id == Product.store_id)
            .join(Coop, Coop.id == Store.coop_id)
            .options(joinedload(ProductVariant.product))
            .where(CartItem.owner == owner)
            .order_by(CartItem.id)
        )
        if only is not None:
            query = query.where(Store.id == only)
        found: dict[int, tuple[tuple[Coop, Store], list[tuple[CartItem, ProductVariant]]]] = {}
        for item, variant, store, coop in session.execute(query):
            found.setdefault(store.id, ((coop, store), []))[1].append((item, variant))
        return list(found.values())


def _basket(
    database: Database, buyer: Buyer, coop: Coop, store: Store, items: Iterable[tuple[CartItem, ProductVariant]],
    at: datetime,
) -> Basket:  # fmt: skip
    lying = [(item, variant, _problem(item, variant)) for item, variant in items]
    good = tuple((item.variant_id, item.quantity) for item, _, problem in lying if not problem)
    counted, said = _counted(database, buyer, store, good, at) if len(good) == len(lying) else (None, "")
    prices = {line.variant_id: line for line in counted.lines} if counted else {}
    lines = tuple(
        Lying(
            variant.id, str(variant.product.public_id), variant.label, variant.product.photo, variant.product.category,
            item.quantity, variant.free, prices[variant.id].price_rp if variant.id in prices else variant.price_rp,
            variant.price_rp, problem,
        )
        for item, variant, problem in lying
    )  # fmt: skip
    said = said or ("Perbaiki dulu barang yang ditandai." if any(line.problem for line in lines) else "")
    return Basket(coop.slug, coop.name, store.slug, store.name, lines, counted, said)


def _problem(item: CartItem, variant: ProductVariant) -> str:
    if not (variant.is_active and variant.product.is_published):
        return "Tidak dijual lagi. Keluarkan dari keranjang."
    if variant.free <= 0:
        return "Habis. Keluarkan dari keranjang, atau simpan ke Favorit."
    return f"Tinggal {variant.free}. Kurangi jumlahnya." if variant.free < item.quantity else ""


def _counted(
    database: Database, buyer: Actor, store: Store, good: tuple[tuple[int, int], ...], at: datetime
) -> tuple[Quote | None, str]:
    try:
        with database.reading(buyer) as session:
            return orders.goods_quote(session, buyer, store.id, good, at=at), ""
    except Refusal as refusal:
        return None, refusal.sentence
