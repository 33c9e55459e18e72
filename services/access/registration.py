"""Anyone may make a visitor's account: a name, a password, perhaps a mail address. It opens no cooperative yet."""

import re
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.clock import now
from core.errors import InvalidValue, Refusal
from models.access import User
from models.privacy import Consent
from models.transaction import Database
from services.access import attempts, identities, passwords
from services.access.google import Person
from services.access.users import USERNAME

PER_ADDRESS = 10
_COUNTED = ":daftar"
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


class TooManyRegistrations(Refusal):
    code = "access.too_many_registrations"
    pesan = "Terlalu banyak pendaftaran dari jaringan ini. Tunggu satu jam lalu coba lagi, atau minta bantuan pengurus."
    status = 429


@dataclass(frozen=True)
class Visitor:
    """Who wants an account."""

    username: str
    full_name: str
    password: str = field(repr=False)
    email: str = ""
    terms_version: str = ""  # which words of the privacy page and the terms they agreed to


def register(database: Database, visitor: Visitor, *, ip: str, google: Person | None = None) -> User:
    """A new user who belongs nowhere yet. Every try counts against its address.

    Somebody whom `google` knows needs no password: it is how they come in.

    Raises:
        TooManyRegistrations: ten tries of an address in an hour.
        InvalidValue: the name, username or mail address cannot be used. PasswordWeak.
    """
    count_try(database, ip)
    username, email = visitor.username.strip().casefold(), visitor.email.strip()
    _check(visitor, username, email)
    password_hash = None if google else passwords.hashed(passwords.checked(visitor.password, username))
    try:
        with database.platform("registration", writes=True) as session:
            _must_be_free(session, username, email)
            user = User(
                username=username, full_name=visitor.full_name.strip()[:120], email=email or None,
                password_hash=password_hash, email_confirmed_at=now() if google else None,
            )  # fmt: skip
            session.add(user)
            session.flush()  # what follows names their id
            if google is not None:
                identities.add(session, user.id, google)
            if visitor.terms_version:
                session.add(Consent(user_id=user.id, purpose="akun", version=visitor.terms_version))
    except IntegrityError:  # two people chose the same at the same moment
        raise _taken(username) from None
    return user


def is_email(text: str) -> bool:
    """Whether a text can be a mail address as we keep them."""
    return len(text) <= 120 and _EMAIL.fullmatch(text) is not None


def suggested(database: Database, email: str) -> str:
    """A username like the mail address, still free."""
    plain = re.sub(r"[^a-z0-9._-]", "", email.split("@")[0].casefold()).strip("._-")[:40]
    stem = plain if USERNAME.fullmatch(plain) else "anggota"
    with database.platform("registration") as session:
        taken = set(session.scalars(select(func.lower(User.username)).where(User.username.startswith(stem))))
    return next(name for name in (stem, *(f"{stem}{n}" for n in range(2, len(taken) + 3))) if name not in taken)


def count_try(database: Database, ip: str, what: str = _COUNTED) -> None:
    """Count one try of an address at one kind of registration. Raises TooManyRegistrations for the eleventh an hour."""
    with database.platform("registration", writes=True) as session:
        attempts.form_sent(session, what, ip, most=PER_ADDRESS, too_many=TooManyRegistrations)


def _check(visitor: Visitor, username: str, email: str) -> None:
    if not USERNAME.fullmatch(username):
        raise InvalidValue(field="Nama pengguna", reason="3 sampai 64 huruf kecil, angka, titik, atau garis.")
    if not visitor.full_name.strip():
        raise InvalidValue(field="Nama lengkap", reason="isi dulu.")
    if email and not is_email(email):
        raise InvalidValue(field="Email", reason="alamatnya belum benar. Perbaiki, atau kosongkan.")


def _must_be_free(session: Session, username: str, email: str) -> None:
    if session.scalar(select(func.count()).select_from(User).where(func.lower(User.username) == username)):
        raise _taken(username)
    if email and session.scalar(select(func.count()).select_from(User).where(func.lower(User.email) == email.lower())):
        raise InvalidValue(field="Email", reason="tidak dapat dipakai. Pakai alamat lain, atau kosongkan.")


def _taken(username: str) -> InvalidValue:
    return InvalidValue(field="Nama pengguna", reason=f"'{username}' sudah dipakai. Pilih nama lain.")
