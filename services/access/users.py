"""Users of a cooperative and the roles they hold there."""

import re
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import InvalidValue, NotFound, Refusal
from models.access import CoopUser, RoleGrant, User
from models.members import Member
from models.transaction import Database
from services.access import limits, places
from services.access.elsewhere import must_be_ours_alone
from services.access.roles import ROLES
from services.access.sign_in import one_time_link, revoke_all
from services.audit import trail

OWN_PAGE = {"anggota"}
USERNAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{2,63}")


class LastManager(Refusal):
    code = "access.last_manager"
    pesan = "Harus ada paling sedikit satu orang yang dapat mengatur pengguna. Beri peran ketua kepada orang lain dulu."


class OwnRoles(Refusal):
    code = "access.own_roles"
    pesan = "Peran sendiri tidak dapat diubah sendiri. Minta pengurus lain."
    status = 403


@dataclass(frozen=True)
class UserRow:
    """A user as the list of users shows them."""

    user_id: int
    username: str
    full_name: str
    roles: tuple[str, ...]
    member_id: int | None
    is_active: bool
    has_factor: bool = False


def add(
    session: Session,
    actor: Actor,
    *,
    username: str,
    full_name: str,
    roles: set[str],
    email: str | None = None,
    member_id: int | None = None,
) -> tuple[User, str]:
    """A new user of this cooperative with roles; returns them and the token of the link that sets the password.

    Raises:
        InvalidValue: the name or mail is taken or unusable, a role does not exist, the member has a user.
        NotFound: no such member here. LimitReached: the plan allows no more.
    """
    actor.must("access.manage")
    _room(session, actor, set(), roles)
    name = username.strip().casefold()
    if not USERNAME.fullmatch(name):
        raise InvalidValue(field="Nama pengguna", reason="3 sampai 64 huruf kecil, angka, titik, atau garis.")
    if session.scalar(select(func.count()).select_from(User).where(func.lower(User.username) == name)):
        raise InvalidValue(field="Nama pengguna", reason=f"'{name}' sudah dipakai. Pilih nama lain.")
    if not full_name.strip():
        raise InvalidValue(field="Nama lengkap", reason="isi dulu.")
    mail = (email or "").strip().casefold()[:120] or None
    if mail and session.scalar(select(func.count()).select_from(User).where(func.lower(User.email) == mail)):
        raise InvalidValue(field="Surel", reason=f"'{mail}' sudah dipakai. Pilih surel lain atau kosongkan.")
    if member_id is not None:
        _free_member(session, member_id)
    user = User(username=name, full_name=full_name.strip()[:120], email=mail)
    session.add(user)
    session.flush()  # the place and the grants need the id
    session.add(CoopUser(coop_id=actor.coop_id, user_id=user.id, member_id=member_id))
    _grant(session, actor, user.id, roles)
    trail.record(session, actor, "access.add_user", f"user:{user.id}", username=name, roles=sorted(roles))
    return user, one_time_link(session, user.id)


def _free_member(session: Session, member_id: int) -> None:
    if session.get(Member, member_id) is None:
        raise NotFound(what="Anggota")
    if places.is_taken(session, member_id):
        raise InvalidValue(field="Anggota", reason="anggota ini sudah punya pengguna. Beri tautan baru kepadanya.")


def _room(session: Session, actor: Actor, before: set[str], roles: set[str]) -> None:
    """Somebody who begins to work here needs room in the plan; members with their own page alone do not."""
    if roles - OWN_PAGE and not before - OWN_PAGE:
        limits.room(session, actor, "users")


def _grant(session: Session, actor: Actor, user_id: int, roles: set[str]) -> None:
    for role in sorted(roles):
        if role not in ROLES or ROLES[role].on_platform:
            raise InvalidValue(field="Peran", reason=f"'{role}' tidak ada.")
        session.add(RoleGrant(coop_id=actor.coop_id, user_id=user_id, role=role, granted_by=actor.user_id))
    session.flush()  # the check of who may still manage reads them


def set_roles(session: Session, actor: Actor, user_id: int, roles: set[str]) -> None:
    """Replace a user's roles here; sessions end with the old rights. Raises OwnRoles, LastManager, LimitReached."""
    actor.must("access.manage")
    if user_id == actor.user_id:
        raise OwnRoles()
    place = _place(session, user_id)
    before = _roles_of(session, user_id)
    if place.is_active:
        _room(session, actor, before, roles)
    session.execute(delete(RoleGrant).where(RoleGrant.user_id == user_id))
    _grant(session, actor, user_id, roles)
    _someone_manages(session)
    revoke_all(session, user_id)
    trail.record(session, actor, "access.set_roles", f"user:{user_id}", before=sorted(before), after=sorted(roles))


def set_active(session: Session, actor: Actor, user_id: int, *, is_active: bool) -> None:
    """Let a user in or keep them out here; out ends their sessions. Raises OwnRoles, LastManager, LimitReached."""
    actor.must("access.manage")
    if user_id == actor.user_id:
        raise OwnRoles()
    place = _place(session, user_id)
    if is_active and not place.is_active:
        _room(session, actor, set(), _roles_of(session, user_id))
    place.is_active = is_active
    session.flush()  # the check of who may still manage reads it
    _someone_manages(session)
    if not is_active:
        revoke_all(session, user_id)
    trail.record(session, actor, "access.set_active", f"user:{user_id}", is_active=is_active)


def _roles_of(session: Session, user_id: int) -> set[str]:
    return set(session.scalars(select(RoleGrant.role).where(RoleGrant.user_id == user_id)))


def new_link(session: Session, actor: Actor, user_id: int, database: Database) -> str:
    """A fresh link for somebody who lost theirs or their password. Raises NotFound, ElsewhereToo."""
    actor.must("access.manage")
    _place(session, user_id)
    must_be_ours_alone(database, user_id, actor.coop_id)
    trail.record(session, actor, "access.new_link", f"user:{user_id}")
    return one_time_link(session, user_id)


def by_name(session: Session, username: str) -> User:
    """The user of this name, wherever they have a place; for whoever runs the server. Raises NotFound."""
    name = username.strip().casefold()
    user = session.scalars(select(User).where(func.lower(User.username) == name)).first()
    if user is None:
        raise NotFound(what="Pengguna")
    return user


def everyone(session: Session, actor: Actor) -> list[UserRow]:
    """Users of this cooperative with their roles, by name."""
    actor.must("access.manage")
    roles: dict[int, list[str]] = {}
    for user_id, role in session.execute(select(RoleGrant.user_id, RoleGrant.role)):
        roles.setdefault(user_id, []).append(role)
    query = select(User, CoopUser).join(CoopUser, CoopUser.user_id == User.id).order_by(User.full_name)
    return [
        UserRow(
            user.id,
            user.username,
            user.full_name,
            tuple(sorted(roles.get(user.id, []))),
            place.member_id,
            place.is_active,
            user.totp_since is not None,
        )
        for user, place in session.execute(query)
    ]


def _place(session: Session, user_id: int) -> CoopUser:
    place = places.of_user(session, user_id)
    if place is None:
        raise NotFound(what="Pengguna")
    return place


def _someone_manages(session: Session) -> None:
    managing = [role for role, spec in ROLES.items() if "access.manage" in spec.permissions]
    query = (
        select(func.count())
        .select_from(RoleGrant)
        .join(CoopUser, CoopUser.user_id == RoleGrant.user_id)
        .where(RoleGrant.role.in_(managing), CoopUser.is_active)
    )
    if not session.scalar(query):
        raise LastManager()
