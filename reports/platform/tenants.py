"""Every cooperative of the installation as the operator may see it: how it stands with us and whether it is in use.

No figure of its books and nothing of its members is among this; how many there are is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import local, now
from models.access import CoopUser, User
from models.coops import Coop
from models.ledger import JournalEntry
from models.members import Member
from models.notifications import OutgoingMail
from models.subscriptions import Plan, Subscription
from models.support import SupportGrant
from services.access import machine
from services.jobs.outcome import Outcome
from services.subscriptions import terms

SOON, QUIET = timedelta(days=7), timedelta(days=14)
KINDS = {"real": "Koperasi", "practice": "Latihan", "demo": "Contoh"}
STATES = {"none": "tanpa paket", **terms.STATES}
BOOKS = {"sound": "Benar", "broken": "Rusak", "waiting": "Menunggu saldo awal", "unknown": "Belum diperiksa"}
CALLS = {
    "ending": f"Masa coba berakhir dalam {SOON.days} hari",
    "fresh": f"Baru mendaftar {SOON.days} hari ini",
    "unpaid": "Belum membayar",
    "quiet": f"Tidak dipakai {QUIET.days} hari",
}
"""What an operator acts on, by name."""


@dataclass(frozen=True)
class Tenant:
    """One cooperative. `state` is what the day says, `until` its last day."""

    coop_id: int
    slug: str
    name: str
    city: str
    email: str
    phone: str
    kind: str
    created_on: date
    plan: str
    state: str
    until: date | None
    paid_until: date | None
    members: int
    users: int
    signed_in_at: datetime | None
    posted_at: datetime | None
    books: str
    mails_given_up: int
    storage_bytes: int
    may_be_seen: bool

    @property
    def used_on(self) -> date | None:
        """The last day somebody signed in or booked something."""
        moments = [at for at in (self.signed_in_at, self.posted_at) if at is not None]
        return local(max(moments)).date() if moments else None

    def calls(self, day: date) -> frozenset[str]:
        """Which of CALLS hold on a day; none for demo and practice."""
        if self.kind != "real":
            return frozenset()
        ending = self.state == "trial" and self.until is not None and self.until <= day + SOON
        found = {
            "ending": ending,
            "fresh": self.created_on > day - SOON,
            "unpaid": self.state in ("grace", "read_only"),
            "quiet": (self.used_on or self.created_on) <= day - QUIET,
        }
        return frozenset(name for name, holds in found.items() if holds)


def tenants(
    session: Session,
    actor: Actor,
    on: date,
    outcome: Outcome | None = None,
    storage: Mapping[int, int] | None = None,
) -> tuple[Tenant, ...]:
    """All of them on a day, by name. Needs a platform session.

    `outcome` is of the daily chores, `storage` in bytes by id.
    """
    actor.must("platform.manage")
    by_machine = select(User.id).where(User.username == machine.USERNAME)
    facts = {
        "members": _by_coop(session, _counted(Member).where(Member.state == "active")),
        "users": _by_coop(session, _counted(CoopUser).where(CoopUser.is_active)),
        "signed_in_at": _by_coop(session, _latest(CoopUser, User.last_sign_in_at).join(
            User, User.id == CoopUser.user_id)),
        "posted_at": _by_coop(session, _latest(JournalEntry, JournalEntry.posted_at).where(
            JournalEntry.posted_by.not_in(by_machine))),
        "mails_given_up": _by_coop(session, _counted(OutgoingMail).where(OutgoingMail.state == "given_up")),
        "granted": _by_coop(session, _counted(SupportGrant).where(
            SupportGrant.ended_at.is_(None), SupportGrant.expires_at > now())),
        "storage_bytes": dict(storage or {}),
    }  # fmt: skip
    query = (
        select(Coop, Subscription, Plan.name)
        .outerjoin(Subscription, Subscription.coop_id == Coop.id)
        .outerjoin(Plan, Plan.id == Subscription.plan_id)
        .order_by(Coop.name, Coop.id)
    )
    rows = session.execute(query).tuples()
    return tuple(_tenant(coop, subscription, plan, facts, outcome, on) for coop, subscription, plan in rows)


def _counted(table: Any) -> Select[Any]:
    return select(table.coop_id, func.count()).group_by(table.coop_id)


def _latest(table: Any, column: Any) -> Select[Any]:
    return select(table.coop_id, func.max(column)).group_by(table.coop_id)


def _by_coop(session: Session, query: Select[Any]) -> dict[int, Any]:
    return {row[0]: row[1] for row in session.execute(query)}


def _tenant(
    coop: Coop,
    subscription: Subscription | None,
    plan: str | None,
    facts: Mapping[str, Mapping[int, Any]],
    outcome: Outcome | None,
    on: date,
) -> Tenant:
    return Tenant(
        coop.id, coop.slug, coop.name, coop.city, coop.email, coop.phone,
        kind="practice" if coop.practice_of_id else "demo" if coop.is_demo else "real",
        created_on=local(coop.created_at).date(), plan=plan or "",
        state=terms.state_on(subscription, on) if subscription else "none",
        until=terms.until(subscription, on) if subscription else None,
        paid_until=subscription.paid_until if subscription else None,
        members=facts["members"].get(coop.id, 0), users=facts["users"].get(coop.id, 0),
        signed_in_at=facts["signed_in_at"].get(coop.id), posted_at=facts["posted_at"].get(coop.id),
        books=_books(coop.slug, outcome), mails_given_up=facts["mails_given_up"].get(coop.id, 0),
        storage_bytes=facts["storage_bytes"].get(coop.id, 0), may_be_seen=coop.id in facts["granted"],
    )  # fmt: skip


def _books(slug: str, outcome: Outcome | None) -> str:
    if outcome is None:
        return "unknown"
    found = {"broken": outcome.broken, "waiting": outcome.waiting, "sound": outcome.sound}
    return next((name for name, slugs in found.items() if slug in slugs), "unknown")
