"""When the operator may look into a cooperative: the cooperative lets them, for a while, and sees what they saw."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import now
from core.display import moment
from core.errors import InvalidValue, NotFound, Refusal
from models.access import LoginSession, User
from models.coops import Coop
from models.support import SupportGrant, SupportVisit
from models.transaction import Database
from services.access.roles import LOOKING, ROLES
from services.access.sign_in import SignedIn
from services.audit import trail

HOURS = {1: "1 jam", 4: "4 jam", 24: "1 hari", 72: "3 hari", 168: "7 hari"}
SEES = (ROLES["pengawas"].permissions & LOOKING) - {
    "own.view", "members.unmask", "dashboards.view", "support.grant", "subscription.view", "subscription.pay",
}  # fmt: skip
"""What an operator who was let in may look at: what a pengawas sees, without opening numbers or deciding anything."""
LONGEST_PATH = 200


class GrantOpen(Refusal):
    code = "support.grant_open"
    pesan = "Tim eKopz sudah diizinkan melihat sampai {until}. Akhiri dulu izin itu bila ingin mengubahnya."
    status = 409


class NotGranted(Refusal):
    code = "support.not_granted"
    pesan = "Koperasi ini tidak mengizinkan tim eKopz melihat. Minta pengurusnya membuka Pengaturan, Izin bantuan."
    status = 403


class LookingOnly(Refusal):
    code = "support.looking_only"
    pesan = "Dengan izin bantuan Anda hanya dapat melihat halaman: tidak mengubah, mengunduh, atau membuka berkas."
    status = 403


@dataclass(frozen=True)
class GrantRow:
    """A permission as the cooperative sees it. `visits` counts pages looked at under it."""

    grant_id: int
    reason: str
    granted_by: str
    granted_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    visits: int

    def is_open(self, at: datetime) -> bool:
        return self.ended_at is None and self.expires_at > at


@dataclass(frozen=True)
class Looking:
    """An operator inside a cooperative: as whom they act, and until when."""

    actor: Actor
    coop_name: str
    until: datetime

    @property
    def left(self) -> str:
        """How long it still holds: `3 jam 58 menit`."""
        minutes = max(1, int((self.until - now()).total_seconds()) // 60)
        parts = ((minutes // 1440, "hari"), (minutes // 60 % 24, "jam"), (minutes % 60, "menit"))
        return " ".join([f"{count} {unit}" for count, unit in parts if count][:2])


def grant(session: Session, actor: Actor, *, reason: str, hours: int) -> SupportGrant:
    """Let the operator look for so many hours. Raises GrantOpen while another permission holds, InvalidValue."""
    actor.must("support.grant")
    if hours not in HOURS:
        raise InvalidValue(field="Lama", reason=f"pilih {', '.join(HOURS.values())}.")
    if not reason.strip():
        raise InvalidValue(field="Alasan", reason="tulis apa yang perlu dibantu.")
    if (held := _open(session, actor.coop_id)) is not None:
        raise GrantOpen(until=moment(held.expires_at))
    at = now()
    made = SupportGrant(
        reason=reason.strip()[:200], granted_by=actor.user_id, granted_at=at, expires_at=at + timedelta(hours=hours)
    )
    session.add(made)
    session.flush()  # the trail names it
    trail.record(session, actor, "support.grant", f"grant:{made.id}", hours=hours, reason=made.reason)
    return made


def end(session: Session, actor: Actor, grant_id: int) -> None:
    """Take the permission back: the operator is out at their next click. Ended twice is ended. Raises NotFound."""
    actor.must("support.grant")
    found = session.get(SupportGrant, grant_id)
    if found is None:
        raise NotFound(what="Izin")
    if found.ended_at is None:
        found.ended_at, found.ended_by = now(), actor.user_id
        trail.record(session, actor, "support.end", f"grant:{grant_id}")


def history(session: Session, actor: Actor) -> list[GrantRow]:
    """Every permission the cooperative gave, the newest first."""
    actor.must("support.grant")
    counted = dict(session.execute(_counts).all())  # type: ignore[arg-type]
    query = select(SupportGrant, User.full_name).join(User, User.id == SupportGrant.granted_by)
    return [
        GrantRow(one.id, one.reason, name, one.granted_at, one.expires_at, one.ended_at, counted.get(one.id, 0))
        for one, name in session.execute(query.order_by(SupportGrant.id.desc()))
    ]


_counts = select(SupportVisit.grant_id, func.count(SupportVisit.id)).group_by(SupportVisit.grant_id)


def visits(session: Session, actor: Actor, grant_id: int, *, most: int = 500) -> Sequence[SupportVisit]:
    """Pages looked at under a permission, the last first. Raises NotFound."""
    actor.must("support.grant")
    if session.get(SupportGrant, grant_id) is None:
        raise NotFound(what="Izin")
    query = select(SupportVisit).where(SupportVisit.grant_id == grant_id).order_by(SupportVisit.id.desc())
    return session.scalars(query.limit(most)).all()


def enter(database: Database, signed_in: SignedIn, actor: Actor, coop_id: int) -> None:
    """Take the operator's browser into a cooperative that allows it. Raises NotGranted."""
    actor.must("platform.support")
    with database.transaction(coop_id) as session:
        held = _open(session, coop_id)
        if held is None:
            raise NotGranted()
        trail.record(session, actor.named_in(coop_id), "support.enter", f"grant:{held.id}")
        grant_id = held.id
    _move(database, signed_in, coop_id, grant_id)


def leave(database: Database, signed_in: SignedIn) -> None:
    """Back to the platform."""
    _move(database, signed_in, None, None)


def looking(database: Database, signed_in: SignedIn) -> Looking | None:
    """An operator's browser inside a cooperative, as long as the permission holds and they are still an operator."""
    role = ROLES.get(signed_in.platform_role or "")
    if signed_in.coop_id is None or role is None or "platform.support" not in role.permissions:
        return None
    with database.reading(signed_in.coop_id) as session:
        held = _open(session, signed_in.coop_id)
        if held is None or held.id != signed_in.support_grant_id:
            return None
        name = session.get_one(Coop, signed_in.coop_id).name
    return Looking(Actor(signed_in.user_id, signed_in.coop_id, SEES, name=signed_in.full_name), name, held.expires_at)


def note(database: Database, signed_in: SignedIn, path: str) -> None:
    """Keep that the operator asks for a page, before it is shown."""
    assert signed_in.coop_id is not None
    with database.transaction(signed_in.coop_id) as session:
        session.add(
            SupportVisit(grant_id=signed_in.support_grant_id, user_id=signed_in.user_id, path=path[:LONGEST_PATH])
        )


def _open(session: Session, coop_id: int) -> SupportGrant | None:
    holds = (SupportGrant.coop_id == coop_id, SupportGrant.ended_at.is_(None), SupportGrant.expires_at > now())
    return session.scalars(select(SupportGrant).where(*holds).order_by(SupportGrant.id.desc()).limit(1)).first()


def _move(database: Database, signed_in: SignedIn, coop_id: int | None, grant_id: int | None) -> None:
    with database.platform("support view", writes=True) as session:
        row = update(LoginSession).where(LoginSession.id == signed_in.session_id)
        session.execute(row.values(coop_id=coop_id, support_grant_id=grant_id))
