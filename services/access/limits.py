"""What a cooperative's plan allows: how many members, users and stores. Without a limit there is always room."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import number
from core.errors import Refusal
from models.access import CoopUser, RoleGrant
from models.coops import Coop
from models.mart.stores import Store
from models.members import Member

NAMES = {"members": "anggota", "users": "pengguna", "stores": "toko"}


class LimitReached(Refusal):
    code = "access.limit_reached"
    pesan = (
        "Paket langganan ini memuat {limit} {what}; {used} sudah dipakai, jadi {more} lagi tidak muat. "
        "Perbesar paketnya lewat Pengaturan, Langganan, lalu ulangi. Yang sudah diisi tidak hilang."
    )
    status = 409


def room(session: Session, actor: Actor, what: str, more: int = 1) -> None:
    """Raises LimitReached when `more` members, users or stores would go past what the plan allows."""
    limit = session.get_one(Coop, actor.coop_id).limits.get(what)
    if limit is None or more <= 0:
        return
    session.flush()  # what this transaction added counts
    taken = used(session, what)
    if taken + more > limit:
        raise LimitReached(limit=number(limit), what=NAMES[what], used=number(taken), more=number(more))


def left(session: Session, actor: Actor, what: str) -> int | None:
    """How many more the plan allows; None without a limit."""
    limit = session.get_one(Coop, actor.coop_id).limits.get(what)
    return None if limit is None else max(0, limit - used(session, what))


def used(session: Session, what: str) -> int:
    """How many the session's cooperative has. Who left or was shut out does not count; nor do members who only look
    after their own money count as users.
    """
    if what == "members":
        query = select(func.count()).select_from(Member).where(Member.state == "active")
    elif what == "stores":
        query = select(func.count()).select_from(Store)
    else:
        assert what == "users", what
        query = (
            select(func.count(RoleGrant.user_id.distinct()))
            .join(CoopUser, CoopUser.user_id == RoleGrant.user_id)
            .where(CoopUser.is_active, RoleGrant.role != "anggota")
        )
    return session.scalar(query) or 0
