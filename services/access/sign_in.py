"""Coming in and going out: password, limits on both login paths, sessions that can be revoked."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, func, select, update
from sqlalchemy.orm import Session

from core.actor import NOWHERE, Actor
from core.clock import now
from core.errors import NotAllowed, Refusal
from models.access import CoopUser, LoginSession, OneTimeLink, RoleGrant, User
from models.coops import Coop
from models.transaction import Database
from services.access import attempts, changes, codes, passwords, places
from services.access.attempts import TooManyAttempts as TooManyAttempts
from services.access.roles import LOOKING, ROLES, permissions_of

SEEN_EVERY = timedelta(minutes=1)
LINK_VALID = timedelta(days=3)
CODE_WITHIN = timedelta(minutes=10)


class SignInFailed(Refusal):
    code = "access.sign_in_failed"
    pesan = "Nama pengguna atau kata sandi tidak cocok. Periksa lagi, atau pakai Lupa kata sandi di halaman masuk."
    status = 401


class NoPassword(Refusal):
    code = "access.no_password"
    pesan = "Akun Anda belum punya kata sandi. Buat dulu di halaman Akun, lalu ulangi."
    status = 409


class LinkInvalid(Refusal):
    code = "access.link_invalid"
    pesan = "Tautan ini sudah dipakai atau kedaluwarsa. Minta tautan baru di halaman Lupa kata sandi, atau pada ketua."
    status = 410


@dataclass(frozen=True)
class SignedIn:
    """A browser known to be somebody's, in one cooperative, or none: then on the platform, or nowhere yet.

    With `support_grant_id` it is an operator's, who looks into that cooperative (`services.support.grants`).
    """

    session_id: int
    user_id: int
    coop_id: int | None
    full_name: str
    platform_role: str | None
    support_grant_id: int | None = None


def check_password(database: Database, username: str, password: str, ip: str) -> User:
    """The active user with this password; every try is counted per account and per address.

    Raises:
        TooManyAttempts: 8 failures of the account or 60 of the address in 15 minutes.
        SignInFailed: whatever else is wrong, said in one way so that nobody learns which accounts exist.
    """
    account = username.strip().casefold()[:64]
    with database.platform("sign-in", writes=True) as session:
        attempt_id = attempts.counted(session, account, ip)
        user = session.scalars(select(User).where(func.lower(User.username) == account)).first()
    succeeded = passwords.agrees(user.password_hash if user else None, password) and bool(user and user.is_active)
    if user is None or not succeeded:
        raise SignInFailed()
    with database.platform("sign-in", writes=True) as session:
        attempts.succeeded(session, attempt_id)
    return user


@dataclass(frozen=True)
class Confirmed:
    """Somebody signed in has just typed their password (or code) once more; commands that move their money ask so."""

    user_id: int


def confirm(database: Database, user_id: int, password: str, ip: str) -> Confirmed:
    """What somebody signed in proves again before money moves: their password, without one the second factor's code.

    Raises as `check_password` and `codes.verify`; NoPassword when there is neither.
    """
    with database.platform("who is signed in") as session:
        user = session.get_one(User, user_id)
    if user.password_hash is not None:
        return Confirmed(check_password(database, user.username, password, ip).id)
    if user.totp_since is None:
        raise NoPassword()
    codes.verify(database, user_id, password, ip)
    return Confirmed(user_id)


# asked in every request, so made once
_COUNTING = (
    select(LoginSession, User.id, User.full_name, User.platform_role)
    .join(User, User.id == LoginSession.user_id)
    .where(
        LoginSession.revoked_at.is_(None),
        ~LoginSession.waits_for_code,
        LoginSession.expires_at > bindparam("at"),
        LoginSession.seen_at > bindparam("idle_since"),
        User.is_active,
    )
)
_PLACE = (
    select(CoopUser.member_id, User.full_name, Coop.read_only_since)
    .join(User, User.id == CoopUser.user_id)
    .join(Coop, Coop.id == CoopUser.coop_id)
    .where(
        CoopUser.coop_id == bindparam("in_coop"),
        CoopUser.user_id == bindparam("of_user"),
        CoopUser.is_active,
        User.is_active,
    )
)
_ROLES = select(RoleGrant.role).where(
    RoleGrant.coop_id == bindparam("in_coop"), RoleGrant.user_id == bindparam("of_user")
)


def begin(database: Database, user: User, *, ip: str, agent: str, hours: int, proved_twice: bool = False) -> str:
    """A new session for a user who proved who they are; returns the token for the cookie, kept here only as hash.

    With a second factor it counts for nothing until the code is there, unless they `proved_twice` already (a passkey).
    """
    token = secrets.token_urlsafe(32)
    with database.platform("sign-in", writes=True) as session:
        has_factor = session.scalar(select(User.totp_since).where(User.id == user.id)) is not None
        waits = has_factor and not proved_twice
        session.add(
            LoginSession(
                token_hash=token_hash(token),
                user_id=user.id,
                coop_id=session.scalars(places.open_to(user.id).limit(1)).first(),
                waits_for_code=waits,
                expires_at=now() + (CODE_WITHIN if waits else timedelta(hours=hours)),
                ip=ip[:45],
                agent=agent[:200],
            )
        )
        session.execute(update(User).where(User.id == user.id).values(last_sign_in_at=now()))
    return token


def resolve(database: Database, token: str, idle_minutes: int) -> SignedIn | None:
    """Whose session a cookie's token is: neither revoked, expired nor idle too long, of an active user. One query."""
    at = now()
    found = _counting(database, at, idle_minutes, LoginSession.token_hash == token_hash(token))
    if found is not None and found[1] < at - SEEN_EVERY:
        with database.platform("session", writes=True) as session:
            session.execute(update(LoginSession).where(LoginSession.id == found[0].session_id).values(seen_at=at))
    return found and found[0]


def still_signed_in(database: Database, session_id: int, idle_minutes: int) -> SignedIn | None:
    """As `resolve`, for a session whose token was shown before; looking does not count as being used."""
    found = _counting(database, now(), idle_minutes, LoginSession.id == session_id)
    return found and found[0]


def _counting(
    database: Database, at: datetime, idle_minutes: int, which: ColumnElement[bool]
) -> tuple[SignedIn, datetime] | None:
    """The one session `which` names, if it counts at that moment, and when it was last used."""
    moments = {"at": at, "idle_since": at - timedelta(minutes=idle_minutes)}
    with database.platform("session") as session:
        found = session.execute(_COUNTING.where(which), moments).first()
    if found is None:
        return None
    row, user_id, full_name, platform_role = found
    return SignedIn(row.id, user_id, row.coop_id, full_name, platform_role, row.support_grant_id), row.seen_at


def end(database: Database, session_id: int) -> None:
    """Sign out: the session counts no more, whoever holds a copy of the cookie."""
    with database.platform("sign-out", writes=True) as session:
        query = update(LoginSession).where(LoginSession.id == session_id, LoginSession.revoked_at.is_(None))
        session.execute(query.values(revoked_at=now()))


def revoke_all(session: Session, user_id: int, *, but: int | None = None) -> None:
    """End every session and token of a user, except possibly the one in use."""
    query = update(LoginSession).where(LoginSession.user_id == user_id, LoginSession.revoked_at.is_(None))
    if but is not None:
        query = query.where(LoginSession.id != but)
    session.execute(query.values(revoked_at=now()).execution_options(synchronize_session=False))
    bump = update(User).where(User.id == user_id).values(token_epoch=User.token_epoch + 1)
    session.execute(bump.execution_options(synchronize_session=False))


def actor_in(session: Session, user_id: int, coop_id: int) -> Actor | None:
    """The user as actor of one cooperative, or None without an active place there.

    While its books are read-only, whatever would change them is withheld.
    """
    whose = {"in_coop": coop_id, "of_user": user_id}
    place = session.execute(_PLACE, whose).first()
    if place is None:
        return None
    roles = session.scalars(_ROLES, whose)
    words = permissions_of({role for role in roles if role in ROLES and not ROLES[role].on_platform})
    withheld = words - LOOKING if place.read_only_since is not None else frozenset()
    return Actor(user_id, coop_id, words - withheld, place.member_id, place.full_name, withheld)


def on_platform(signed_in: SignedIn) -> Actor | None:
    """Somebody with a role on the platform who works in no cooperative: that role's words, and no tenant's rows."""
    spec = ROLES.get(signed_in.platform_role or "")
    if spec is None or not spec.on_platform or signed_in.coop_id is not None:
        return None
    return Actor(signed_in.user_id, NOWHERE, spec.permissions, name=signed_in.full_name)


def actor_for(database: Database, user_id: int, coop_id: int) -> Actor | None:
    """As `actor_in`, in a reading session of that cooperative."""
    with database.reading(coop_id) as session:
        return actor_in(session, user_id, coop_id)


def coops_of(database: Database, user_id: int) -> list[int]:
    """Cooperatives a user has a place in, for choosing between them."""
    with database.platform("choose cooperative") as session:
        return list(session.scalars(places.open_to(user_id)))


def choose_coop(database: Database, signed_in: SignedIn, coop_id: int | None) -> None:
    """Work in another of the user's own cooperatives, or (None) on the platform. Raises NotAllowed for what is not."""
    if coop_id is None and signed_in.platform_role is None:
        raise NotAllowed(permission="orang yang bekerja di platform")
    if coop_id is not None and coop_id not in coops_of(database, signed_in.user_id):
        raise NotAllowed(permission="anggota atau pengurus koperasi itu")
    with database.platform("choose cooperative", writes=True) as session:
        row = update(LoginSession).where(LoginSession.id == signed_in.session_id)
        session.execute(row.values(coop_id=coop_id, support_grant_id=None))


def one_time_link(session: Session, user_id: int, *, valid: timedelta = LINK_VALID) -> str:
    """A token that lets its holder set the user's password once, while it is `valid`."""
    token = secrets.token_urlsafe(32)
    session.add(OneTimeLink(token_hash=token_hash(token), user_id=user_id, expires_at=now() + valid))
    return token


def link_user(database: Database, token: str) -> User:
    """Whose link this is, while it is good. Raises LinkInvalid."""
    with database.platform("one-time link") as session:
        query = select(User).join(OneTimeLink, OneTimeLink.user_id == User.id)
        user = session.scalars(
            query.where(
                OneTimeLink.token_hash == token_hash(token),
                OneTimeLink.used_at.is_(None),
                OneTimeLink.expires_at > now(),
                User.is_active,
            )
        ).first()
    if user is None:
        raise LinkInvalid()
    return user


def use_link(database: Database, token: str, new_password: str) -> User:
    """Set the password and burn the person's links; of two who try, one succeeds. Who came in before is told by mail.

    Raises LinkInvalid, PasswordWeak.
    """
    user = link_user(database, token)
    password_hash = passwords.hashed(passwords.checked(new_password, user.username))
    with database.platform("one-time link", writes=True) as session:
        burned = session.execute(
            update(OneTimeLink)
            .where(OneTimeLink.token_hash == token_hash(token), OneTimeLink.used_at.is_(None))
            .values(used_at=now())
        )
        if burned.rowcount != 1:  # type: ignore[attr-defined]
            raise LinkInvalid()
        others = update(OneTimeLink).where(OneTimeLink.user_id == user.id, OneTimeLink.used_at.is_(None))
        session.execute(others.values(used_at=now()))
        session.execute(update(User).where(User.id == user.id).values(password_hash=password_hash))
        revoke_all(session, user.id)
        if user.last_sign_in_at is not None:
            changes.password_changed(session, user, "link")
    return user


def token_hash(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
