"""A shop lived through in any order: after every step stock, orders, money and the books say the same."""

import os
import shutil
import tempfile
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func

from core import clock
from core.errors import Refusal
from models.coops import CoopSetting
from models.mart.campaigns import Campaign, CampaignItem, Voucher
from models.mart.orders import Order, OrderEvent, OrderPayment, OrderReturn
from models.mart.products import ProductVariant, StockMovement
from models.mart.stores import Store
from models.procurement import Supplier
from services.access.sign_in import Confirmed
from services.ledger.chart import Role
from services.ledger.checks import check_books
from services.ledger.posting import debit
from services.mart import buyers, expiry, fulfilment, orders, payments, returns, stock
from services.mart.buyers import Buyer
from services.mart.delivery import Delivery
from services.mart.orders import Wish
from services.mart.stores import Zone, save_zone
from tests.conftest import World, open_world
from tests.mart.story import DAY, NOW, Shop, shop

EXAMPLES = 6 * int(os.environ.get("EKOPZ_LONG", "1"))
PICK = st.integers(0, 7)
PIECES = st.integers(1, 4)
WAYS = st.sampled_from(["savings", "credit", "transfer", "cash", "gateway"])
REFUNDS = st.sampled_from(["savings", "credit", "cash", "bank"])


def furnish(world: World) -> dict[str, Any]:
    """Three goods (one scarce, one consigned), a flash sale, a voucher, points, tax, commission, three buyers."""
    made = shop(world, commission_pct=Decimal("2.5"), credit_limit_rp=200_000)
    rice = made.variant("Beras", pieces=6, cost_rp=61_333, price_rp=75_000, member_price_rp=71_000)
    soap = made.variant("Sabun", pieces=3, cost_rp=3_333, price_rp=4_900)

    def rest(session: Any) -> int:
        owner = Supplier(name="Bu Warti")
        session.add(owner)
        by = made.keeper.user_id
        for name, value in (("mart.point_every_rp", "1000"), ("mart.point_rp", "7"), ("mart.vat_pct", "12")):
            session.add(CoopSetting(name=name, effective_on=DAY, value=value, created_by=by))
        run = Campaign(store_id=made.store_id, name="Kilat", kind="flash", starts_at=NOW - timedelta(1),
                       ends_at=NOW + timedelta(30), created_by=by)  # fmt: skip
        session.add(run)
        session.flush()
        product_id = session.get_one(ProductVariant, rice).product_id
        session.add(CampaignItem(campaign_id=run.id, product_id=product_id, off_pct=Decimal(13), quota=3, per_buyer=2))
        session.add(Voucher(code="HEMAT", name="Hemat", off_pct=Decimal(9), most_rp=9_999, quota=2, per_buyer=None,
                            starts_at=NOW - timedelta(1), ends_at=NOW + timedelta(30)))  # fmt: skip
        session.flush()
        return owner.id

    supplier_id = made.act(made.keeper, rest)
    chips = made.variant("Keripik", pieces=4, cost_rp=0, price_rp=9_500, is_consigned=True, supplier_id=supplier_id,
                         owner_rp=8_000)  # fmt: skip
    zone = made.act(made.keeper, lambda s: save_zone(s, made.keeper, made.store_id, Zone("Bantul", "Bantul", 6_000)))
    people = [made.buyer("Siti Aminah", saved_rp=700_000), made.buyer("Joko"), made.stranger()]
    return {"store_id": made.store_id, "goods": (rice, soap, chips), "zone": zone.id,
            "buyers": [person.user_id for person in people]}  # fmt: skip


@pytest.fixture(scope="module")
def furnished(template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    path = tmp_path_factory.mktemp("machine") / "world.db"
    path.write_bytes(template.read_bytes())
    world = open_world(f"sqlite:///{path}")
    facts = furnish(world)
    world.database.engine.dispose()
    return path, facts


class Trading(RuleBasedStateMachine):
    """Every rule is something a person may try; what is refused must leave no trace."""

    source: Path
    facts: dict[str, Any]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        path = self.folder / "world.db"
        path.write_bytes(self.source.read_bytes())
        self.world = open_world(f"sqlite:///{path}")
        self.at, self.count, self.checked = NOW, 0, ()
        self.shop = Shop(self.world, self.facts["store_id"], self._keeper(), self.world.actors)
        coop_id = self.world.coop.id
        self.buyers = [buyers.in_coop(self.world.database, user_id, coop_id) for user_id in self.facts["buyers"]]

    def _keeper(self) -> Any:
        return self.world.actors["pengelola_toko"]

    def teardown(self) -> None:
        self.world.database.engine.dispose()
        shutil.rmtree(self.folder)

    @property
    def today(self) -> Any:
        return clock.local(self.at).date()

    def _try(self, who: Any, act: Any) -> Any:
        try:
            return self.shop.act(who, act)
        except Refusal:
            return None

    def _one(self, kind: type, pick: int, **wanted: object) -> Any:
        with self.world.reading() as session:
            rows = session.query(kind).filter_by(**wanted).order_by(kind.id).all()
            return rows[pick % len(rows)].id if rows else None

    def _buyer_of(self, order: Order) -> Buyer:
        return next(buyer for buyer in self.buyers if buyer.user_id == order.buyer_id)

    def _own(self, pick: int, act: Any) -> None:
        order_id = self._one(Order, pick)
        if order_id is None:
            return
        with self.world.reading() as session:
            order = session.get_one(Order, order_id)
        buyer = self._buyer_of(order)
        self._try(buyer, lambda s: act(s, buyer, orders.of_buyer(s, buyer, order.public_id, lock=True)))

    @rule(
        who=PICK, first=PICK, pieces=PIECES, second=PICK, way=WAYS, far=st.booleans(), code=st.booleans(), points=PICK
    )
    def order(
        self, who: int, first: int, pieces: int, second: int, way: str, far: bool, code: bool, points: int
    ) -> None:
        self.count += 1
        goods = self.facts["goods"]
        items = {goods[first % 3]: pieces} | ({goods[second % 3]: 1} if second % 2 else {})
        place = Delivery(f"zone:{self.facts['zone']}", "Jalan Melati 3", "Bantul") if far else Delivery()
        wish = Wish(self.facts["store_id"], tuple(items.items()), place, way, f"machine-{self.count}",
                    voucher_code="HEMAT" if code else "", points=points * 20)  # fmt: skip
        buyer = self.buyers[who % 3]
        for _ in range(2):
            self._try(buyer, lambda s: orders.place(s, buyer, wish, at=self.at))

    @rule(pick=PICK)
    def pay_as_chosen(self, pick: int) -> None:
        product_id = self.world.product("voluntary")

        def pay(session: Any, buyer: Buyer, order: Order) -> None:
            sure = Confirmed(buyer.user_id)
            if order.due_rp == 0:
                payments.by_points(session, buyer, order, on=self.today)
            elif order.pay_by == "savings":
                payments.by_savings(session, buyer, order, product_id, confirmed=sure, on=self.today)
            elif order.pay_by == "credit":
                payments.by_credit(session, buyer, order, confirmed=sure, on=self.today)
            else:
                payments.new_payment(session, order, order.pay_by)

        self._own(pick, pay)

    @rule(pick=PICK)
    def money_arrives(self, pick: int) -> None:
        """A transfer or a notice, whatever became of the order meanwhile; told twice."""
        payment_id = self._one(OrderPayment, pick)
        who = self.world.bendahara
        if payment_id is None:
            return

        def arrive(session: Any) -> None:
            payment = session.get_one(OrderPayment, payment_id)
            if payment.kind in ("transfer", "gateway"):
                into = [debit(Role.ONLINE_CLEARING, payment.amount_rp)]
                payments.paid(session, who, payment, into=into, on=self.today)

        for _ in range(2):
            self._try(who, arrive)

    @rule(pick=PICK)
    def ship(self, pick: int) -> None:
        order_id = self._one(Order, pick)
        if order_id is not None:
            self._try(self.shop.keeper, lambda s: fulfilment.ship(s, self.shop.keeper, order_id, on=self.today))

    @rule(pick=PICK)
    def hand_over(self, pick: int) -> None:
        order_id = self._one(Order, pick)
        if order_id is not None:
            self._try(self.shop.keeper, lambda s: fulfilment.hand_over(s, self.shop.keeper, order_id, on=self.today))

    @rule(pick=PICK)
    def receive(self, pick: int) -> None:
        self._own(pick, lambda s, b, o: fulfilment.receive(s, b, o, on=self.today))

    @rule(pick=PICK, way=REFUNDS)
    def cancel(self, pick: int, way: str) -> None:
        order_id = self._one(Order, pick)
        who = self.shop.keeper
        if order_id is not None:
            self._try(who, lambda s: fulfilment.cancel(s, who, order_id, reason="Habis", on=self.today, refund_by=way))

    @rule(pick=PICK)
    def cancel_own(self, pick: int) -> None:
        self._own(pick, lambda s, b, o: fulfilment.cancel_own(s, b, o))

    @rule(pick=PICK, way=st.sampled_from(["savings", "bank"]))
    def give_back_late(self, pick: int, way: str) -> None:
        order_id, who = self._one(Order, pick, state="cancelled"), self.world.bendahara
        if order_id is not None:
            self._try(who, lambda s: fulfilment.give_back_late(s, who, order_id, on=self.today, refund_by=way))

    @rule(pick=PICK, line=PICK, pieces=PIECES)
    def ask_return(self, pick: int, line: int, pieces: int) -> None:
        self.count += 1

        def ask(session: Any, buyer: Buyer, order: Order) -> None:
            wanted = {order.lines[line % len(order.lines)].id: pieces}
            token = f"machine-{self.count}"
            returns.ask(session, buyer, order, wanted, reason="Barang rusak", token=token, on=self.today)

        self._own(pick, ask)

    @rule(pick=PICK, way=REFUNDS, sellable=st.booleans())
    def refund(self, pick: int, way: str, sellable: bool) -> None:
        return_id, who = self._one(OrderReturn, pick, state="asked"), self.shop.keeper
        if return_id is None:
            return
        with self.world.reading() as session:
            to_stock = {one.line_id: sellable for one in session.get_one(OrderReturn, return_id).lines}
        for _ in range(2):
            self._try(
                who,
                lambda s: returns.refund(s, who, return_id, refund_by=way, on=self.today, to_stock=to_stock),
            )

    @rule(pick=PICK)
    def decline_return(self, pick: int) -> None:
        return_id, who = self._one(OrderReturn, pick, state="asked"), self.shop.keeper
        if return_id is not None:
            self._try(who, lambda s: returns.reject(s, who, return_id, answer="Segel rusak"))

    @rule(pick=PICK, pieces=st.integers(-3, 3))
    def adjust(self, pick: int, pieces: int) -> None:
        self.count += 1
        variant_id, who, token = self.facts["goods"][pick % 3], self.shop.keeper, f"machine-{self.count}"
        self._try(
            who,
            lambda s: stock.adjust(
                s, who, variant_id=variant_id, quantity=pieces, booked_on=self.today, reason="Hitung", token=token
            ),
        )

    @rule(pick=PICK, pieces=PIECES, cost_rp=st.integers(0, 99_999))
    def more_goods(self, pick: int, pieces: int, cost_rp: int) -> None:
        self.count += 1
        items, who, token = (
            [stock.Item(self.facts["goods"][pick % 3], pieces, cost_rp)],
            self.shop.keeper,
            f"m-{self.count}",
        )
        self._try(
            who,
            lambda s: stock.receive(
                s, who, store_id=self.facts["store_id"], items=items, booked_on=self.today, token=token
            ),
        )

    @rule(minutes=st.sampled_from([10, 70, 60 * 80]))
    def time_passes(self, minutes: int) -> None:
        if self.at < NOW + timedelta(15):
            self.at += timedelta(minutes=minutes)
        who = self.shop.keeper
        self._try(who, lambda s: expiry.expire(s, who, self.at))
        self._try(who, lambda s: fulfilment.complete_due(s, who, self.today))

    @invariant()
    def the_books_are_true(self) -> None:
        coop_id = self.world.coop.id
        with self.world.reading() as session:
            traces = tuple(
                session.query(func.max(kind.id)).scalar()
                for kind in (OrderEvent, StockMovement, OrderPayment, OrderReturn)
            )
            if traces == self.checked:
                return  # nothing happened since
            self.checked = traces
            assert check_books(session, coop_id) == []
            for order in session.query(Order):
                assert order.refunded_rp <= max(order.due_rp, paid_rp(session, order)), order.label
            assert session.query(Store).one().unopened_rp == 0


def paid_rp(session: Any, order: Order) -> int:
    """All money that came for an order, what came late or twice with it."""
    found = session.query(OrderPayment).filter(OrderPayment.order_id == order.id, OrderPayment.state == "paid")
    return sum(payment.amount_rp for payment in found)


def test_whatever_happens_in_a_shop_its_books_hold(furnished: tuple[Path, dict[str, Any]], request: Any) -> None:
    path, facts = furnished
    machine = type("Trading", (Trading,), {"source": path, "facts": facts})
    long = request.config.getoption("--long")
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES * (10 if long else 1), stateful_step_count=25, deadline=None,
            suppress_health_check=list(HealthCheck), derandomize=not long,
        ),
    )  # fmt: skip
