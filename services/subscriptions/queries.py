"""What screens show of a subscription: where it stands today, what is used of it, whom it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core.actor import Actor
from core.display import date_long
from models.coops import Coop
from models.subscriptions import Subscription, SubscriptionInvoice
from services.access import limits
from services.subscriptions import terms

LAST_DAYS = 7
TONES = {"trial": "info", "active": "good", "grace": "warn", "read_only": "bad"}


@dataclass(frozen=True)
class Standing:
    """A subscription on a day. `state` is what the day says, `days_left` counts today."""

    subscription: Subscription
    state: str
    until: date
    days_left: int

    @property
    def word(self) -> str:
        return terms.STATES[self.state]

    @property
    def tone(self) -> str:
        return TONES[self.state]

    @property
    def held_until(self) -> date | None:
        """How long a proof of transfer that waits keeps the books open; None without one."""
        return terms.grace_until(self.subscription) if terms.is_held(self.subscription) else None

    @property
    def sentence(self) -> str:
        """Where it stands, and what happens next."""
        day = date_long(self.until)
        return {
            "trial": f"Masa coba gratis sampai {day}, {self.days_left} hari lagi.",
            "active": f"Sudah dibayar sampai {day}, {self.days_left} hari lagi.",
            "held": f"Bukti transfer sedang dicocokkan. Semua tetap dapat dipakai, paling lama sampai {day}.",
            "grace": f"Belum dibayar. Semua masih dapat dipakai sampai {day}, sesudah itu buku hanya dapat dibaca.",
            "read_only": "Buku hanya dapat dibaca, dicetak, dan diunduh. Data tetap aman; buku terbuka begitu dibayar.",
        }["held" if self.state == "grace" and self.held_until else self.state]


def standing(session: Session, coop_id: int, on: date) -> Standing | None:
    """Where a cooperative's subscription stands; None for one without."""
    query = select(Subscription).where(Subscription.coop_id == coop_id).options(joinedload(Subscription.plan))
    subscription = session.scalars(query).first()
    if subscription is None:
        return None
    until = terms.until(subscription, on)
    return Standing(subscription, terms.state_on(subscription, on), until, max(0, (until - on).days + 1))


def notice(session: Session, coop_id: int, on: date) -> str:
    """What stands above every page when something is to be done soon; empty otherwise."""
    found = standing(session, coop_id, on)
    if found is None or found.state == "active" or (found.state == "trial" and found.days_left > LAST_DAYS):
        return ""
    return found.sentence


@dataclass(frozen=True)
class Use:
    """How much of a limit is taken; no `limit`: any number."""

    label: str
    used: int
    limit: int | None


def uses(session: Session, actor: Actor) -> list[Use]:
    """Each limit beside what is used of it."""
    actor.must("subscription.view")
    held = session.get_one(Coop, actor.coop_id).limits
    return [Use(label, limits.used(session, what), held.get(what)) for what, label in limits.NAMES.items()]


def invoices(session: Session, actor: Actor) -> Sequence[SubscriptionInvoice]:
    """The cooperative's invoices, newest first."""
    actor.must("subscription.view")
    query = select(SubscriptionInvoice).options(joinedload(SubscriptionInvoice.plan))
    return session.scalars(query.order_by(SubscriptionInvoice.id.desc()).limit(100)).all()
