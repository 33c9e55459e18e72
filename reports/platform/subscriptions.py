"""The figures of subscriptions out of the database, and the way from a look at the site to the first payment."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import ZONES
from models.audit import PageCount
from models.coops import Coop
from models.members import Member
from models.savings import SavingsMovement
from models.subscriptions import CoopRegistration, SubscriptionChange
from reports.platform.metrics import Metrics, Step, measure
from reports.scope import earlier

MONTHS = 24
REGISTER = "/daftar-koperasi"
FUNNEL_FORMULA = (
    "Kunjungan dan formulir dibuka dihitung per tampilan halaman tanpa mengenali orang. Mulai dari formulir dikirim, "
    "yang dihitung adalah koperasi: pendaftaran dalam masa ini yang sampai ke tiap langkah, sampai hari ini."
)


@dataclass(frozen=True)
class FunnelStep:
    """How many came this far."""

    label: str
    count: int


@dataclass(frozen=True)
class Funnel:
    """From a look at a public page to the first payment, for what began between two days, both counted."""

    since: date
    until: date
    steps: tuple[FunnelStep, ...]


def real() -> ColumnElement[bool]:
    """Cooperatives that are neither demo nor practice."""
    return ~Coop.is_demo & Coop.practice_of_id.is_(None)


def metrics(session: Session, actor: Actor, today: date) -> Metrics:
    """Two years of months up to today, of all real cooperatives. Needs a platform session."""
    actor.must("platform.manage")
    query = select(SubscriptionChange).join(Coop, Coop.id == SubscriptionChange.coop_id)
    changes = session.scalars(
        query.where(real(), SubscriptionChange.happened_on <= today).order_by(
            SubscriptionChange.happened_on, SubscriptionChange.id
        )
    )
    months = [earlier(today.replace(day=1), back) for back in range(MONTHS - 1, -1, -1)]
    return measure((Step(one.coop_id, one.happened_on, one.mrr_after_rp) for one in changes), months)


def funnel(session: Session, actor: Actor, since: date, until: date) -> Funnel:
    """How far those came who looked at the site or signed up between the days. Needs a platform session."""
    actor.must("platform.manage")
    starts, ends = (datetime.combine(day, edge, ZoneInfo(ZONES["WIB"])) for day, edge in
                    ((since, time.min), (until, time.max)))  # fmt: skip
    sent = CoopRegistration.created_at.between(starts, ends)
    born = select(CoopRegistration.coop_id).join(Coop, Coop.id == CoopRegistration.coop_id).where(sent, real())
    active = Member.state == "active"
    saved, paid = SavingsMovement.amount_rp > 0, SubscriptionChange.mrr_after_rp > 0
    return Funnel(
        since,
        until,
        (
            FunnelStep("Melihat halaman publik", _looks(session, since, until, PageCount.page.startswith("/"))),
            FunnelStep("Membuka formulir daftar", _looks(session, since, until, PageCount.page == REGISTER)),
            FunnelStep("Mengirim formulir", _count(session, select(CoopRegistration.id).where(sent))),
            FunnelStep("Koperasi dibuat", _count(session, born)),
            FunnelStep("Anggota pertama", _count(session, _among(Member, born, active))),
            FunnelStep("Setoran pertama", _count(session, _among(SavingsMovement, born, saved))),
            FunnelStep("Membayar", _count(session, _among(SubscriptionChange, born, paid))),
        ),
    )


def _looks(session: Session, since: date, until: date, which: ColumnElement[bool]) -> int:
    query = select(func.coalesce(func.sum(PageCount.views), 0)).where(PageCount.day.between(since, until), which)
    return int(session.scalar(query) or 0)


def _among(table: Any, born: Select[Any], which: ColumnElement[bool]) -> Select[Any]:
    """Cooperatives of `born` with at least one such row."""
    return select(table.coop_id).where(table.coop_id.in_(born), which).distinct()


def _count(session: Session, query: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0
