"""A shop that buys: its goods, two suppliers, and the steps of a purchase by the people who take them."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from core.actor import Actor
from models.coops import Unit
from models.ledger import Account, JournalEntry
from models.mart.products import Product, ProductVariant
from models.mart.stores import Store, StoreManager
from models.procurement import (
    GoodsReceipt,
    PurchaseOrder,
    PurchaseRequest,
    Supplier,
    SupplierBill,
    SupplierPayment,
)
from services.procurement import billing, orders, paying, queries, quotations, receiving, requests, suppliers
from services.procurement.suppliers import SupplierData
from tests.conftest import World

DAY = date(2026, 3, 5)
NEXT = date(2026, 3, 10)
REPAIRS = "6109"
Rows = list[tuple[str, str, int, int]]


def open_shop(world: World, people: Mapping[str, Actor] | None = None) -> dict[str, int]:
    """A shop of a unit of its own, kept by pengelola_toko, with rice (own goods) and honey (left for sale)."""
    people = people or world.actors
    with world.transaction(people["bendahara"]) as session:
        unit = Unit(code="TOKO", name="Unit Toko")
        supplier = Supplier(name="Penitip Madu")
        session.add_all([unit, supplier])
        session.flush()
        store = Store(unit_id=unit.id, slug="toko", name="Toko Maju")
        session.add(store)
        session.flush()
        session.add(StoreManager(store_id=store.id, user_id=people["pengelola_toko"].user_id))
        ids = {"unit": unit.id, "store": store.id}
        for name, owner in (("Beras", None), ("Gula", None), ("Madu", supplier.id)):
            product = Product(
                store_id=store.id, name=name, category="sembako", supplier_id=owner, is_consigned=owner is not None
            )
            session.add(product)
            session.flush()
            variant = ProductVariant(product_id=product.id, sku=name.lower(), price_rp=20_000)
            session.add(variant)
            session.flush()
            ids[name] = variant.id
    return ids


class Buying:
    """The purchases of one cooperative, step by step; `n` makes each form another one."""

    def __init__(self, world: World, people: Mapping[str, Actor] | None = None) -> None:
        self.world, self.people, self.n = world, people or world.actors, 0
        self.ids = open_shop(world, self.people)
        self.cheap, self.dear = self.supplier("CV Murah"), self.supplier("PT Mahal")

    def token(self) -> str:
        self.n += 1
        return f"form{self.n}"

    def run(self, who: str, act, *args, **named):
        """One service call as one transaction."""
        with self.world.transaction(self.people[who]) as session:
            return act(session, self.people[who], *args, **named)

    def supplier(self, name: str) -> int:
        return self.run("bendahara", suppliers.save, SupplierData(name)).id

    def account(self, code: str) -> int:
        with self.world.reading(self.people["bendahara"]) as session:
            return self.world.account(session, code)

    def goods(self, quantity: int = 10) -> requests.Need:
        return requests.Need("Beras", quantity, self.ids["Beras"], estimate_rp=10_000)

    def ask(self, *needs: requests.Need, who: str = "pengelola_toko", **changes: object) -> PurchaseRequest:
        place = {"store_id": self.ids["store"]} if who == "pengelola_toko" else {}
        usual = {"token": self.token(), "asked_on": DAY, "title": "Isi ulang", **place, **changes}
        return self.run(who, requests.ask, requests.Wish(needs=needs or (self.goods(),), **usual))

    def quote(self, request: PurchaseRequest, supplier_id: int, *prices: int | None, **changes: object) -> int:
        with self.world.reading(self.people["bendahara"]) as session:
            lines = [line.id for line in session.get_one(PurchaseRequest, request.id).lines]
        held = {line: price for line, price in zip(lines, prices, strict=True) if price}
        usual = {"quoted_on": DAY, "token": self.token(), **changes}
        return self.run("bendahara", quotations.add, quotations.Quote(request.id, supplier_id, held, **usual)).id

    def choose(self, quotation_id: int, **changes: object) -> PurchaseOrder:
        usual = {"ordered_on": DAY, "token": self.token(), **changes}
        return self.run("bendahara", orders.choose, orders.Choice(quotation_id, **usual))

    def ordered(self, *needs: requests.Need, price_rp: int = 10_000, **changes: object) -> int:
        """An approved order of these needs, each at the price."""
        who = "pengelola_toko" if not needs or needs[0].variant_id else "bendahara"
        needs = needs or (self.goods(),)
        request = self.ask(*needs, who=who)
        quotation_id = self.quote(request, self.cheap, *[price_rp] * len(needs))
        order = self.choose(quotation_id, **changes)
        self.run("ketua", orders.approve, order.id)
        return order.id

    def serviced(self) -> int:
        """An approved order of repairs for Rp 3.000.000, in three parts of work."""
        request = self.ask(requests.Need("Servis komputer", 3, unit_name="kali"), who="bendahara")
        with self.world.reading(self.people["bendahara"]) as session:
            line = session.get_one(PurchaseRequest, request.id).lines[0].id
            target = next(one.id for one in queries.targets(session, self.people["bendahara"]) if one.code == REPAIRS)
        order = self.choose(self.quote(request, self.cheap, 1_000_000), accounts={line: target})
        self.run("ketua", orders.approve, order.id)
        return order.id

    def lines(self, order_id: int) -> list:
        with self.world.reading(self.people["bendahara"]) as session:
            return queries.lines(session, order_id)

    def receive(self, order_id: int, *came: int, **changes: object) -> GoodsReceipt:
        quantities = {line.id: n for line, n in zip(self.lines(order_id), came, strict=True)}
        usual = {"received_on": NEXT, "token": self.token(), **changes}
        who = str(usual.pop("who", "bendahara"))
        return self.run(who, receiving.receive, receiving.Delivery(order_id, quantities, **usual))

    def invoice(self, order_id: int, *billed: int | None, **changes: object) -> billing.Invoice:
        """What waits to be billed, at the order's price or at the amounts given."""
        with self.world.reading(self.people["bendahara"]) as session:
            came = queries.to_bill(session, order_id)
        amounts = {one.id: one.value_rp if given is None else given
                   for one, given in zip(came, billed or [None] * len(came), strict=True)}  # fmt: skip
        usual = {"billed_on": NEXT, "booked_on": NEXT, "token": self.token(), "reference": f"F-{self.n}", **changes}
        return billing.Invoice(order_id, amounts=amounts, **usual)

    def bill(self, order_id: int, *billed: int | None, **changes: object) -> SupplierBill:
        return self.run("bendahara", billing.book, self.invoice(order_id, *billed, **changes))

    def money(self, amount_rp: int, **changes: object) -> paying.Payment:
        usual = {"paid_on": NEXT, "token": self.token(), **changes}
        return paying.Payment(amount_rp, **usual)

    def pay(self, bill_id: int, amount_rp: int, **changes: object) -> SupplierPayment:
        return self.run("bendahara", paying.pay, bill_id, self.money(amount_rp, **changes))

    def advance(self, order_id: int, amount_rp: int, **changes: object) -> SupplierPayment:
        return self.run("bendahara", paying.advance, order_id, self.money(amount_rp, **changes))

    def row(self, model: type, row_id: int):
        with self.world.reading(self.people["bendahara"]) as session:
            return session.get_one(model, row_id)

    def entry(self, seq: int) -> Rows:
        """The lines of an entry: account code, unit, debit, credit."""
        with self.world.reading(self.people["bendahara"]) as session:
            entry = session.query(JournalEntry).filter_by(seq=seq).one()
            codes = {one.id: one.code for one in session.scalars(select(Account))}
            units = {one.id: one.code for one in session.scalars(select(Unit))}
            return [(codes[one.account_id], units[one.unit_id], one.debit_rp, one.credit_rp) for one in entry.lines]

    def stock(self, name: str = "Beras") -> tuple[int, int]:
        held = self.row(ProductVariant, self.ids[name])
        return held.on_hand, held.value_rp


@pytest.fixture
def buying(world: World, tmp_path: Path) -> Buying:
    return Buying(world)
