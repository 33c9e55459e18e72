"""People of the platform: who they are, what part they have, the link that sets a first password."""

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import InvalidValue, NotFound, Refusal
from models.access import User
from services.access.roles import ROLES
from services.access.sign_in import one_time_link, revoke_all
from services.access.users import USERNAME, OwnRoles

STAFF = {role: spec.label for role, spec in ROLES.items() if spec.on_platform}
OPERATOR = "operator_platform"
log = logging.getLogger("ekopz.platform")


class LastOperator(Refusal):
    code = "access.last_operator"
    pesan = "Harus ada paling sedikit satu operator platform. Jadikan orang lain operator dulu."


@dataclass(frozen=True)
class StaffRow:
    """Somebody of the platform as the list shows them."""

    user_id: int
    username: str
    full_name: str
    role: str
    last_sign_in_at: datetime | None


def appoint(session: Session, *, username: str, full_name: str, role: str = OPERATOR) -> tuple[User, str | None]:
    """Give somebody a part on the platform: a new user, or one who is known and keeps their password.

    Returns the token of the link that sets a password, None for who has one. Raises InvalidValue.
    """
    name = username.strip().casefold()
    if role not in STAFF:
        raise InvalidValue(field="Peran", reason=f"pilih {', '.join(STAFF)}.")
    if not USERNAME.fullmatch(name):
        raise InvalidValue(field="Nama pengguna", reason="3 sampai 64 huruf kecil, angka, titik, atau garis.")
    user = session.scalars(select(User).where(func.lower(User.username) == name)).first()
    if user is None:
        if not full_name.strip():
            raise InvalidValue(field="Nama lengkap", reason="isi dulu.")
        user = User(username=name, full_name=full_name.strip()[:120])
        session.add(user)
    elif user.platform_role is not None or not user.is_active:
        raise InvalidValue(field="Nama pengguna", reason=f"'{name}' sudah bekerja di platform, atau tidak aktif.")
    user.platform_role = role
    session.flush()  # the link names the id
    log.warning("%s works on the platform now, as %s", name, role)
    return user, one_time_link(session, user.id) if user.password_hash is None else None


def add(session: Session, actor: Actor, *, username: str, full_name: str, role: str) -> tuple[User, str | None]:
    """As `appoint`, by somebody of the platform. Raises InvalidValue."""
    actor.must("platform.manage")
    return appoint(session, username=username, full_name=full_name, role=role)


def change(session: Session, actor: Actor, user_id: int, role: str | None) -> None:
    """Another part, or (None) none any more; their sessions end. Raises OwnRoles, LastOperator, InvalidValue."""
    actor.must("platform.manage")
    if user_id == actor.user_id:
        raise OwnRoles()
    if role is not None and role not in STAFF:
        raise InvalidValue(field="Peran", reason=f"pilih {', '.join(STAFF)}.")
    user = one(session, actor, user_id)
    user.platform_role = role
    session.flush()  # the check below reads it
    if not session.scalar(select(func.count()).select_from(User).where(User.platform_role == OPERATOR, User.is_active)):
        raise LastOperator()
    revoke_all(session, user_id)
    log.warning("user %s made user %s %s on the platform", actor.user_id, user_id, role or "nobody")


def new_link(session: Session, actor: Actor, user_id: int) -> str:
    """A fresh link for somebody of the platform who lost theirs or their password."""
    actor.must("platform.manage")
    return one_time_link(session, one(session, actor, user_id).id)


def everyone(session: Session, actor: Actor) -> list[StaffRow]:
    """People of the platform, by name."""
    actor.must("platform.manage")
    query = select(User).where(User.platform_role.is_not(None)).order_by(User.full_name, User.id)
    return [
        StaffRow(user.id, user.username, user.full_name, user.platform_role or "", user.last_sign_in_at)
        for user in session.scalars(query)
    ]


def one(session: Session, actor: Actor, user_id: int) -> User:
    """Somebody of the platform. Raises NotFound for everybody else."""
    actor.must("platform.manage")
    user = session.scalars(select(User).where(User.id == user_id, User.platform_role.is_not(None))).first()
    if user is None:
        raise NotFound(what="Orang platform")
    return user
