"""Shops and goods for tests: an open shop, products with kinds, many at once, a campaign, a finished order."""

import io
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from PIL import Image
from sqlalchemy import event, insert, select

from core.actor import Actor
from core.clock import now
from models.coops import Unit
from models.mart.campaigns import Campaign, CampaignItem
from models.mart.orders import Order, OrderLine
from models.mart.products import Product, ProductVariant
from models.mart.stores import Store
from services.mart import search
from tests.conftest import World

DAY = date(2026, 3, 5)


@dataclass
class Shelf:
    """An open shop of one cooperative; `product` and the others put things on it."""

    world: World
    actor: Actor
    store_id: int
    goods: dict[str, int] = field(default_factory=dict)

    def product(self, name: str = "Beras Premium", price_rp: int = 70_000, **given: Any) -> Product:
        """A published product; `kinds` are (name, price) pairs, `stock` the pieces of each."""
        kinds, stock = given.pop("kinds", [("", price_rp)]), given.pop("stock", 5)
        member_rp = given.pop("member_rp", None)
        with self.world.transaction(self.actor) as session:
            made = Product(
                coop_id=self.actor.coop_id, store_id=self.store_id, name=name, from_rp=min(p for _, p in kinds),
                available=stock * len(kinds), **{"category": "sembako", "is_published": True, **given},
            )  # fmt: skip
            session.add(made)
            session.flush()
            session.add_all(
                ProductVariant(
                    coop_id=self.actor.coop_id, product_id=made.id, name=kind, sku=f"B{made.id}-{place}", price_rp=rp,
                    member_price_rp=member_rp, on_hand=stock, value_rp=stock * 1_000,
                )
                for place, (kind, rp) in enumerate(kinds)
            )  # fmt: skip
            search.index(session, made)
        self.goods[name] = made.id
        return made

    def fill(self, many: int, name: str = "Barang") -> None:
        """Many published goods of one kind each, and what search needs of them."""
        coop_id = self.actor.coop_id
        with self.world.transaction(self.actor) as session:
            rows = [
                {"coop_id": coop_id, "store_id": self.store_id, "name": f"{name} {WORDS[n % len(WORDS)]} {n}",
                 "category": ("sembako", "makanan", "rumah")[n % 3], "is_published": True, "from_rp": 1_000 + n,
                 "available": 5, "sold": n % 97, "public_id": uuid.uuid4()}
                for n in range(many)
            ]  # fmt: skip
            session.execute(insert(Product), rows)
            made = session.scalars(select(Product).where(Product.name.startswith(name))).all()
            session.execute(insert(ProductVariant), [
                {"coop_id": coop_id, "product_id": one.id, "sku": f"F{one.id}", "price_rp": one.from_rp,
                 "member_price_rp": one.from_rp - 100, "on_hand": 5, "value_rp": 500}
                for one in made
            ])  # fmt: skip
            search.index_many(session, made)

    def campaign(self, name: str, off: Decimal | int, *products: Product, **given: Any) -> Campaign:
        """A campaign that runs now: percent off for a Decimal, rupiah off for an int."""
        limits = {key: given.pop(key) for key in ("quota", "sold", "per_buyer") if key in given}
        at: datetime = now()
        with self.world.transaction(self.actor) as session:
            made = Campaign(**{
                "coop_id": self.actor.coop_id, "store_id": self.store_id, "name": name, "kind": "discount",
                "starts_at": at - timedelta(hours=1), "ends_at": at + timedelta(hours=2, minutes=5, seconds=30),
                "created_by": self.actor.user_id, **given,
            })  # fmt: skip
            session.add(made)
            session.flush()
            size = {"off_pct": off} if isinstance(off, Decimal) else {"off_rp": off}
            session.add_all(
                CampaignItem(coop_id=made.coop_id, campaign_id=made.id, product_id=one.id, **size, **limits)
                for one in products
            )
        return made

    def order(self, product: Product, buyer_id: int, state: str = "done") -> int:
        """An order of one piece as the table holds it, without books; returns the id of its line."""
        with self.world.transaction(self.actor) as session:
            variant = session.scalars(select(ProductVariant).where(ProductVariant.product_id == product.id)).first()
            number = len(session.scalars(select(Order.id)).all()) + 1
            order = Order(
                coop_id=self.actor.coop_id, token=f"order-{number}", year=2026, number=number, store_id=self.store_id,
                buyer_id=buyer_id, state=state, placed_on=DAY, delivery="pickup", pay_by="cash",
                goods_rp=variant.price_rp, total_rp=variant.price_rp, due_rp=variant.price_rp, done_on=DAY,
            )  # fmt: skip
            session.add(order)
            session.flush()
            line = OrderLine(
                coop_id=order.coop_id, order_id=order.id, variant_id=variant.id, name=product.name, quantity=1,
                price_rp=variant.price_rp,
            )  # fmt: skip
            session.add(line)
            session.flush()
            return line.id


WORDS = ("gula merah", "teh tubruk", "kopi robusta", "sabun cuci", "minyak goreng", "keripik singkong", "madu hutan")


def open_shelf(world: World, *, other: bool = False, slug: str = "toko", name: str = "Toko Sejahtera") -> Shelf:
    """An open shop of ours, or of the neighbour. Its goods lie in the tables only, so the books are not checked."""
    world.checked = False
    actor = (world.other_actors if other else world.actors)["ketua"]
    with world.transaction(actor) as session:
        unit = Unit(coop_id=actor.coop_id, code=slug[:12].upper(), name=name)
        session.add(unit)
        session.flush()
        store = Store(coop_id=actor.coop_id, unit_id=unit.id, slug=slug, name=name, city="Garut")
        session.add(store)
        session.flush()
        return Shelf(world, actor, store.id)


def photo(width: int = 1600, height: int = 1200, form: str = "JPEG", **save: Any) -> bytes:
    """A picture as a phone sends it: many small differences, hard to make small."""
    body = io.BytesIO()
    noise = Image.effect_noise((width // 4, height // 4), 90).resize((width, height))
    picture = Image.merge("RGB", [noise, noise.rotate(90).resize((width, height)), noise])
    picture.save(body, form, **save)
    return body.getvalue()


@contextmanager
def statements(world: World) -> Iterator[list[str]]:
    """The SELECTs asked inside the block."""
    asked: list[str] = []

    def hear(_c: object, _u: object, statement: str, *_: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            asked.append(statement)

    event.listen(world.database.engine, "before_cursor_execute", hear)
    yield asked
    event.remove(world.database.engine, "before_cursor_execute", hear)
