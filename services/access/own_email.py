"""One's own mail address: it counts once its mailbox has answered, and the one before is told."""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock import now
from core.errors import InvalidValue, Refusal
from core.secrets import cipher
from models.access import User
from models.transaction import Database, TenantSession
from services.access import attempts, changes, sign_in
from services.access.registration import is_email
from services.access.reset import NoMailHere
from services.notifications import letters, outbox

VALID = timedelta(days=1)
PER_ADDRESS = 10
_PLACE = "users.email"
_COUNTED = ":surel"


class TooManyAddresses(Refusal):
    code = "access.too_many_addresses"
    pesan = "Terlalu sering meminta konfirmasi surel. Tunggu satu jam lalu coba lagi."
    status = 429


class AddressLinkOver(Refusal):
    code = "access.address_link_over"
    pesan = "Tautan ini sudah tidak berlaku. Minta surat konfirmasi baru di halaman Akun, bagian Surel."
    status = 410


@dataclass(frozen=True)
class Standing:
    """The address of an account, and whether its mailbox has answered."""

    email: str
    is_confirmed: bool


@dataclass(frozen=True)
class Wanted:
    """Which address a link makes an account's own, and which it has until then."""

    user_id: int
    email: str
    before: str


def of(session: Session, user_id: int) -> Standing:
    user = session.get_one(User, user_id)
    return Standing(user.email or "", bool(user.email) and user.email_confirmed_at is not None)


def ask(database: Database, user_id: int, email: str, password: str, *, ip: str) -> None:
    """Mail a link to the address; once it is pressed there, the address is the account's. A double click is one mail.

    Raises:
        NoMailHere, TooManyAddresses. InvalidValue: no address, or another account's. As `sign_in.confirm`.
    """
    if not outbox.is_open():
        raise NoMailHere()
    address = email.strip().casefold()
    if not is_email(address):
        raise InvalidValue(field="Surel", reason="alamatnya belum benar, misalnya nama@contoh.id.")
    sign_in.confirm(database, user_id, password, ip)
    with database.platform("own mail address", writes=True) as session:
        attempts.form_sent(session, _COUNTED, ip, most=PER_ADDRESS, too_many=TooManyAddresses)
        user = session.get_one(User, user_id)
        _must_be_free(session, user_id, address)
        path = f"/konfirmasi-surel/{_token(Wanted(user_id, address, user.email or ''))}"
        mark = hashlib.sha256(address.encode()).hexdigest()[:12]
        key = f"email:{user_id}:{mark}:{now():%Y%m%d%H%M}"[:-1]  # one in ten minutes
        message = letters.confirm_address(user.full_name, user.username, path)
        outbox.queue(session, None, key=key, to_address=address, message=message)


def wanted(session: Session, token: str) -> Wanted:
    """What a link asks, while it is good. Raises AddressLinkOver."""
    try:
        sealed = base64.urlsafe_b64decode(token.encode() + b"=" * (-len(token) % 4))
        if _written(sealed) != token:  # the decoder passes over unused bits and foreign letters
            raise AddressLinkOver()
        user_id, email, before, until = json.loads(cipher().open(sealed, _PLACE))
    except ValueError:  # changed, cut, or not ours
        raise AddressLinkOver() from None
    user = session.get(User, user_id)
    if user is None or not user.is_active or until < now().timestamp() or (user.email or "") not in (before, email):
        raise AddressLinkOver()
    return Wanted(user_id, email, before)


def confirm(session: TenantSession, token: str) -> Wanted:
    """The mailbox answered: the address is the account's own. A second click changes nothing.

    Needs a platform session. Raises AddressLinkOver, InvalidValue: another account took it meanwhile.
    """
    asked = wanted(session, token)
    user = session.get_one(User, asked.user_id)
    if user.email == asked.email and user.email_confirmed_at is not None:
        return asked
    _must_be_free(session, user.id, asked.email)
    user.email, user.email_confirmed_at = asked.email, now()
    changes.noted(session, user, "access.email")
    if asked.before and asked.before.casefold() != asked.email:
        message = letters.address_changed(user.full_name, user.username)
        key = f"email-changed:{user.id}:{now():%Y%m%d%H%M%S}"
        outbox.queue(session, None, key=key, to_address=asked.before, message=message)
    return asked


def _must_be_free(session: Session, user_id: int, address: str) -> None:
    taken = select(User.id).where(func.lower(User.email) == address, User.id != user_id)
    if session.scalars(taken).first() is not None:
        raise InvalidValue(field="Surel", reason="tidak dapat dipakai. Pakai alamat lain.")


def _token(asked: Wanted) -> str:
    content = [asked.user_id, asked.email, asked.before, int((now() + VALID).timestamp())]
    return _written(cipher().seal(json.dumps(content), _PLACE))


def _written(sealed: bytes) -> str:
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()
