"""The second factor of an account: set up with an app, switched off again, lost and reset, asked of whole roles."""

from dataclasses import dataclass

import pyotp
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import now
from core.errors import NotFound, Refusal, StateChanged
from models.access import CoopUser, RecoveryCode, User
from models.coops import Coop
from models.transaction import Database
from services.access import codes, sign_in, users
from services.access.elsewhere import must_be_ours_alone
from services.access.roles import MOVES_MONEY
from services.access.sign_in import SignedIn, revoke_all
from services.audit import trail

ISSUER = "eKopz"


class OwnFactor(Refusal):
    code = "access.own_factor"
    pesan = "Kode kedua sendiri dimatikan di halaman Akun, bukan di sini."
    status = 403


@dataclass(frozen=True)
class Offer:
    """A key for the person's app: as an address for its camera, and to type by hand."""

    uri: str
    typed: str


@dataclass(frozen=True)
class State:
    """How an account stands: whether a code is asked, how many recovery codes are left, whether a password is there."""

    is_on: bool
    codes_left: int
    has_password: bool


def state(database: Database, user_id: int) -> State:
    with database.platform("second factor") as session:
        user = session.get_one(User, user_id)
        left = select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
        return State(user.totp_since is not None, session.scalar(left) or 0, user.password_hash is not None)


def start(database: Database, signed_in: SignedIn, password: str, *, ip: str) -> None:
    """A new key, which counts only once a code of it was typed. Raises as `sign_in.confirm`; StateChanged when on."""
    sign_in.confirm(database, signed_in.user_id, password, ip)
    with database.platform("second factor", writes=True) as session:
        user = session.get_one(User, signed_in.user_id)
        if user.totp_since is not None:
            raise StateChanged(what="Kode kedua", state="aktif")
        codes.seal(user, pyotp.random_base32())


def offer(database: Database, user_id: int) -> Offer | None:
    """The key that waits for its first code; None when nothing was begun or it is on already: it is shown no more."""
    with database.platform("second factor") as session:
        user = session.get_one(User, user_id)
    key = codes.key_of(user) if user.totp_since is None else None
    if key is None:
        return None
    uri = pyotp.TOTP(key).provisioning_uri(name=user.username, issuer_name=ISSUER)
    return Offer(uri, " ".join(key[at : at + 4] for at in range(0, len(key), 4)))


def switch_on(database: Database, signed_in: SignedIn, code: str) -> tuple[str, ...]:
    """From now on a code is asked; returns the recovery codes, shown this once. Other sessions and tokens end.

    Raises:
        CodeWrong. StateChanged: it is on already, or nothing was begun.
    """
    with database.platform("second factor", writes=True) as session:
        user = session.get_one(User, signed_in.user_id)
        if user.totp_since is not None or user.totp_cipher is None:
            raise StateChanged(what="Kode kedua", state="aktif atau belum disiapkan")
        if not codes.use(session, user, code):
            raise codes.CodeWrong()
        user.totp_since = now()
        fresh = codes.new_recovery_codes(session, user.id)
        session.flush()  # the revocation below bumps the same row
        revoke_all(session, user.id, but=signed_in.session_id)
    return fresh


def recovery_codes(database: Database, signed_in: SignedIn, code: str, *, ip: str) -> tuple[str, ...]:
    """Ten new recovery codes instead of the old ones, for a code of the app. Raises CodeWrong, TooManyAttempts."""
    codes.verify(database, signed_in.user_id, code, ip)
    with database.platform("second factor", writes=True) as session:
        return codes.new_recovery_codes(session, signed_in.user_id)


def switch_off(database: Database, signed_in: SignedIn, password: str, code: str, *, ip: str) -> None:
    """Password and code, then no code is asked any more. Raises as `sign_in.confirm`, CodeWrong."""
    if state(database, signed_in.user_id).has_password:
        sign_in.confirm(database, signed_in.user_id, password, ip)
    codes.verify(database, signed_in.user_id, code, ip)
    with database.platform("second factor", writes=True) as session:
        _forget(session, session.get_one(User, signed_in.user_id))
        revoke_all(session, signed_in.user_id, but=signed_in.session_id)


def reset(session: Session, actor: Actor, user_id: int, database: Database) -> None:
    """For somebody who lost their phone and their recovery codes: the factor is off, their sessions end.

    Raises:
        OwnFactor: one's own. NotFound: nobody of this cooperative.
        ElsewhereToo: their account opens another cooperative, too.
    """
    actor.must("access.manage")
    if user_id == actor.user_id:
        raise OwnFactor()
    if session.scalars(select(CoopUser.id).where(CoopUser.user_id == user_id)).first() is None:
        raise NotFound(what="Pengguna")
    must_be_ours_alone(database, user_id, actor.coop_id)
    _forget(session, session.get_one(User, user_id))
    revoke_all(session, user_id)
    trail.record(session, actor, "access.reset_factor", f"user:{user_id}")


def reset_on_server(database: Database, username: str) -> str:
    """As `reset`, for whoever runs the server and may do anything; the person's name. Raises NotFound."""
    with database.platform("second factor switched off on the server", writes=True) as session:
        user = users.by_name(session, username)
        _forget(session, user)
        revoke_all(session, user.id)
        return user.full_name


def require(session: Session, actor: Actor, *, is_required: bool) -> None:
    """Ask the second factor of everybody here whose role moves money."""
    actor.must("access.manage")
    session.get_one(Coop, actor.coop_id).needs_second_factor = is_required
    trail.record(session, actor, "access.require_factor", f"coop:{actor.coop_id}", is_required=is_required)


def is_advised(actor: Actor) -> bool:
    """Whether somebody with such rights should have a second factor: they move other people's money."""
    return bool((actor.permissions | actor.withheld) & MOVES_MONEY)


def is_missing(session: Session, actor: Actor) -> bool:
    """Whether somebody who moves money signs in without a second factor."""
    return is_advised(actor) and session.get_one(User, actor.user_id).totp_since is None


def is_owed(database: Database, actor: Actor) -> bool:
    """Whether the cooperative asks a second factor of this person, and they have none yet."""
    if not is_advised(actor):
        return False
    query = select(User.id).join(Coop, Coop.id == actor.coop_id)
    owing = query.where(User.id == actor.user_id, User.totp_since.is_(None), Coop.needs_second_factor)
    with database.platform("second factor asked of a role") as session:
        return session.scalar(owing) is not None


def _forget(session: Session, user: User) -> None:
    user.totp_cipher = user.totp_since = user.totp_last_step = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    session.flush()  # the caller's revocation bumps the same row
