"""A cooperative's subscription told day by day."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import time_machine

from core.actor import Actor
from models.coops import Coop
from models.notifications import Notification
from models.subscriptions import DiscountCode, Subscription, SubscriptionChange, SubscriptionInvoice
from services.subscriptions import chores, invoices, payments, terms
from tests.conftest import World
from tests.mart.shelf import photo

FIRST = date(2026, 1, 10)


@dataclass
class Life:
    """One cooperative that subscribes; `on` is today."""

    world: World
    coop: Coop
    payer: Actor
    folder: Path
    on: date = FIRST
    count: Any = field(default_factory=lambda: itertools.count(1))

    def at(self, on: date) -> "Life":
        """Every night's chores until a day's morning."""
        while self.on < on:
            self.on += timedelta(days=1)
            self.chores()
        return self

    def chores(self, on: date | None = None) -> list[str]:
        self.on = on or self.on
        return chores.run(self.world.database, self.coop, self.on, None)

    def choose(self, plan: str, period: str = "month", *, code: str = "", seen_rp: int | None = None, token: str = ""):
        with self.world.database.transaction(self.payer) as session:
            wanted = {"plan_code": plan, "period": period, "discount_code": code, "on": self.on}
            if seen_rp is None:
                seen_rp = invoices.preview(session, self.payer, **wanted).due_rp
            token = token or f"pilih-{next(self.count)}"
            return invoices.choose(session, self.payer, **wanted, seen_rp=seen_rp, token=token)

    def claim(self, invoice: SubscriptionInvoice, token: str = ""):
        noon = datetime.combine(self.on, time(5), UTC)
        with time_machine.travel(noon), self.world.database.transaction(self.payer) as session:
            return payments.claim(
                session, self.payer, invoice.id, paid_on=self.on, bank="BRI, Koperasi Maju", proof=photo(),
                folder=self.folder, token=token or f"bukti-{next(self.count)}", on=self.on,
            )  # fmt: skip

    def confirm(self, payment, amount_rp: int | None = None):
        operator = self.world.platform["operator_platform"]
        wanted_rp = payment.amount_rp if amount_rp is None else amount_rp
        return payments.confirm(self.world.database, operator, payment.id, amount_rp=wanted_rp, on=self.on)

    def pay(self, invoice: SubscriptionInvoice) -> None:
        self.confirm(self.claim(invoice))

    def open_invoice(self) -> SubscriptionInvoice:
        return next(one for one in self.invoices() if one.state == "open")

    def invoices(self) -> list[SubscriptionInvoice]:
        with self.world.database.reading(self.coop.id) as session:
            query = session.query(SubscriptionInvoice).order_by(SubscriptionInvoice.id)
            found = query.all()
            for one in found:
                _ = one.plan
            return found

    def now(self) -> Subscription:
        with self.world.database.reading(self.coop.id) as session:
            found = session.query(Subscription).one()
            _ = found.plan
            return found

    def steps(self) -> list[tuple[date, str, int, int]]:
        with self.world.database.reading(self.coop.id) as session:
            query = session.query(SubscriptionChange).order_by(SubscriptionChange.id)
            return [(one.happened_on, one.kind, one.mrr_before_rp, one.mrr_after_rp) for one in query]

    def told(self, user_id: int | None = None) -> list[str]:
        with self.world.database.reading(self.coop.id) as session:
            query = session.query(Notification).filter(Notification.key.startswith("subscription:"))
            query = query.filter(Notification.user_id == (user_id or self.payer.user_id)).order_by(Notification.id)
            return [one.title for one in query]

    def read_only(self) -> bool:
        with self.world.database.platform("test") as session:
            return session.get(Coop, self.coop.id).read_only_since is not None


def life(world: World, folder: Path, plan: str = "tumbuh", *, neighbour: bool = False, code: str = "") -> Life:
    """A cooperative on the first day of its trial."""
    coop, payer = (world.other, world.other_actors["bendahara"]) if neighbour else (world.coop, world.bendahara)
    with world.database.platform("test", writes=True) as session:
        terms.start_trial(session, coop.id, plan_code=plan, on=FIRST, user_id=payer.user_id, discount_code=code)
    return Life(world, coop, payer, folder)


def add_code(world: World, **what: Any) -> None:
    given = {"code": "AWAL", "percent": 50, "starts_on": FIRST, "ends_on": FIRST + timedelta(days=60)} | what
    with world.database.platform("test", writes=True) as session:
        session.add(DiscountCode(**given))
