"""A shop with goods and people who buy, told in few words; each test overrides one thing."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from core.actor import Actor
from models.access import CoopUser, RoleGrant, User
from models.coops import Unit
from models.ledger import Account, JournalEntry
from models.mart.orders import Order
from models.mart.products import Product, ProductVariant
from models.mart.stores import Store
from services.access.sign_in import Confirmed, actor_in
from services.mart import buyers, fulfilment, orders, payments, stock, stores
from services.mart.buyers import Buyer
from services.mart.delivery import Delivery
from services.mart.orders import Wish
from services.savings import commands as savings
from tests.conftest import World

NOW = datetime(2026, 2, 10, 3, 0, tzinfo=UTC)
DAY = date(2026, 2, 10)
PICKUP = Delivery()


@dataclass
class Shop:
    """Toko Maju with its keeper, in the world's cooperative (or the neighbour's)."""

    world: World
    store_id: int
    keeper: Actor
    actors: dict[str, Actor]
    tokens: int = 0
    known: dict[str, Any] = field(default_factory=dict)

    def variant(self, name: str = "Beras 5 kg", *, pieces: int = 10, cost_rp: int = 60_000, price_rp: int = 75_000,
                member_price_rp: int | None = None, **more: Any) -> int:  # fmt: skip
        """A published product with one kind, and pieces of it on the shelf."""
        owner_rp, barcode = more.pop("owner_rp", 0), more.pop("barcode", None)
        with self.world.transaction(self.keeper) as session:
            product = Product(store_id=self.store_id, name=name, category="sembako", is_published=True, **more)
            session.add(product)
            session.flush()
            kind = ProductVariant(
                product_id=product.id, sku=uuid.uuid4().hex[:8], price_rp=price_rp, member_price_rp=member_price_rp,
                owner_rp=owner_rp, barcode=barcode,
            )  # fmt: skip
            session.add(kind)
            session.flush()
            variant_id = kind.id
        if pieces:
            self.receive((variant_id, pieces, cost_rp * pieces))
        return variant_id

    def receive(self, *items: tuple[int, int, int]) -> None:
        with self.world.transaction(self.keeper) as session:
            stock.receive(
                session, self.keeper, store_id=self.store_id, items=[stock.Item(*item) for item in items],
                booked_on=DAY, token=self.token(),
            )  # fmt: skip

    def token(self) -> str:
        self.tokens += 1
        return f"token-{self.store_id}-{self.tokens}"

    def card(self, variant_id: int) -> tuple[int, int, int]:
        """Pieces on the shelf, kept for orders, and their value."""
        with self.world.reading(self.keeper) as session:
            found = session.get_one(ProductVariant, variant_id)
            return found.on_hand, found.reserved, found.value_rp

    def wish(self, *items: tuple[int, int], **changes: Any) -> Wish:
        return replace(Wish(self.store_id, items, PICKUP, "transfer", self.token()), **changes)

    def place(self, buyer: Buyer, *items: tuple[int, int], at: datetime = NOW, **changes: Any) -> Order:
        return self.order(buyer, self.wish(*items, **changes), at)

    def order(self, buyer: Buyer, wish: Wish, at: datetime = NOW) -> Order:
        with self.world.transaction(buyer) as session:
            return orders.place(session, buyer, wish, at=at)

    def act(self, who: Actor, done: Callable[[Any], Any]) -> Any:
        with self.world.transaction(who) as session:
            return done(session)

    def own(self, buyer: Buyer, order: Order, done: Callable[[Any, Order], Any]) -> Any:
        """Something a buyer does with their own order."""
        with self.world.transaction(buyer) as session:
            return done(session, orders.of_buyer(session, buyer, order.public_id, lock=True))

    def pay(self, buyer: Buyer, order: Order, on: date = DAY) -> None:
        """Out of savings."""
        product_id = self.world.product("voluntary")
        sure = Confirmed(buyer.user_id)
        self.own(buyer, order, lambda s, o: payments.by_savings(s, buyer, o, product_id, confirmed=sure, on=on))

    def hand_over(self, order: Order, on: date = DAY) -> None:
        self.act(self.keeper, lambda s: fulfilment.hand_over(s, self.keeper, order.id, on=on))

    def ship(self, order: Order, on: date = DAY) -> None:
        self.act(self.keeper, lambda s: fulfilment.ship(s, self.keeper, order.id, on=on, waybill="JNE123"))

    def now(self, order: Order) -> Order:
        with self.world.reading(self.keeper) as session:
            found = session.get_one(Order, order.id)
            _ = found.lines, found.store
            return found

    def balance(self) -> int:
        with self.world.reading(self.keeper) as session:
            return session.get_one(Store, self.store_id).balance_rp

    def journal(self, source: str) -> dict[tuple[str, str], int]:
        """The lines of an entry: (account, unit) -> debit less credit."""
        with self.world.reading(self.keeper) as session:
            entry = session.query(JournalEntry).filter(JournalEntry.source == source).one()
            codes = {account.id: account.code for account in session.query(Account)}
            units = {unit.id: unit.code for unit in session.query(Unit)}
            found: dict[tuple[str, str], int] = {}
            for line in entry.lines:
                place = codes[line.account_id], units[line.unit_id]
                found[place] = found.get(place, 0) + line.debit_rp - line.credit_rp
            return found

    def buyer(self, name: str = "Siti Aminah", *, saved_rp: int = 1_000_000) -> Buyer:
        """A member with a sign-in and savings."""
        member_id = self.world.member(name)
        if saved_rp:
            petugas = self.world.petugas
            with self.world.transaction(petugas) as session:
                savings.deposit(
                    session, petugas, member_id=member_id, product_id=self.world.product("voluntary"),
                    amount_rp=saved_rp, booked_on=date(2026, 1, 6), token=f"saved-{member_id}",
                )  # fmt: skip
        return self.stranger(name, member_id)

    def stranger(self, name: str = "Orang Lewat", member_id: int | None = None) -> Buyer:
        """Somebody with a sign-in who is no member here."""
        coop_id = self.keeper.coop_id
        with self.world.database.platform("test", writes=True) as session:
            user = User(username=f"u{uuid.uuid4().hex[:8]}", full_name=name)
            session.add(user)
            session.flush()
            if member_id is not None:
                session.add(CoopUser(coop_id=coop_id, user_id=user.id, member_id=member_id))
                session.add(RoleGrant(coop_id=coop_id, user_id=user.id, role="anggota"))
            user_id = user.id
        return buyers.in_coop(self.world.database, user_id, coop_id)


def later(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def shop(world: World, *, neighbour: bool = False, **changes: Any) -> Shop:
    """The shop of a unit TOKO, kept by the cooperative's pengelola toko."""
    actors = world.other_actors if neighbour else world.actors
    ketua, keeper = actors["ketua"], actors["pengelola_toko"]
    with world.transaction(ketua) as session:
        unit = Unit(coop_id=ketua.coop_id, code="TOKO", name="Toko")
        session.add(unit)
        session.flush()
        wanted = stores.Shop("Toko Maju", city="Bantul", **changes)
        store = stores.open_store(session, ketua, wanted, unit_id=unit.id, slug="toko-maju")
        stores.set_managers(session, ketua, store.id, [keeper.user_id])
        store_id = store.id
    with world.reading(ketua) as session:
        keeper = actor_in(session, keeper.user_id, keeper.coop_id) or keeper
    return Shop(world, store_id, keeper, actors)
