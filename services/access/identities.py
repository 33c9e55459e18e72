"""Whose account a person at Google is. Linked by hand, never by the mail address alone."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from core.clock import now
from core.errors import Refusal
from models.access import Passkey, User, UserIdentity
from models.transaction import Database
from services.access import sign_in
from services.access.google import Person

GOOGLE = "google"


class KnownEmail(Refusal):
    code = "access.known_email"
    pesan = (
        "Email Google itu sudah dipakai sebuah akun. Masuk dulu dengan kata sandi akun itu, "
        "lalu hubungkan Google di halaman Akun. Lupa kata sandi? Tekan Lupa kata sandi di halaman masuk."
    )
    status = 409


class LinkedElsewhere(Refusal):
    code = "access.linked_elsewhere"
    pesan = "Akun Google itu sudah terhubung dengan akun lain. Pilih akun Google yang berbeda."
    status = 409


class LastWayIn(Refusal):
    code = "access.last_way_in"
    pesan = "Ini satu-satunya cara Anda masuk. Buat kata sandi dulu, baru cara ini dapat dilepas."
    status = 409


@dataclass(frozen=True)
class Linked:
    """A Google account as its owner's account page shows it."""

    email: str


def whose(database: Database, person: Person) -> User | None:
    """The account linked with this person; None for somebody new.

    Raises:
        SignInFailed: the account is switched off. KnownEmail: somebody new, whose address an account already has.
    """
    with database.platform("sign-in with Google", writes=True) as session:
        user = session.scalars(
            select(User).join(UserIdentity, UserIdentity.user_id == User.id).where(_is(person))
        ).first()
        if user is None:
            taken = select(User.id).where(func.lower(User.email) == person.email)
            if session.scalars(taken).first() is not None:
                raise KnownEmail()
            return None
        if not user.is_active:
            raise sign_in.SignInFailed()
        session.execute(update(UserIdentity).where(_is(person)).values(last_used_at=now(), email=person.email))
    return user


def link(database: Database, user_id: int, person: Person) -> None:
    """Let this person come into the account from now on. Raises LinkedElsewhere."""
    with database.platform("link with Google", writes=True) as session:
        mine = select(UserIdentity).where(UserIdentity.user_id == user_id, UserIdentity.provider == GOOGLE)
        owner = session.scalars(select(UserIdentity.user_id).where(_is(person))).first()
        if owner not in (None, user_id):
            raise LinkedElsewhere()
        if owner is None and session.scalars(mine).first() is not None:
            raise LinkedElsewhere()
        if owner is None:
            add(session, user_id, person)
            same = update(User).where(User.id == user_id, func.lower(User.email) == person.email)
            session.execute(same.where(User.email_confirmed_at.is_(None)).values(email_confirmed_at=now()))


def add(session: Session, user_id: int, person: Person) -> None:
    session.add(UserIdentity(user_id=user_id, provider=GOOGLE, subject=person.subject, email=person.email))


def linked(database: Database, user_id: int) -> Linked | None:
    """The Google account that an account is linked with."""
    with database.platform("own ways in") as session:
        found = session.scalars(select(UserIdentity).where(UserIdentity.user_id == user_id)).first()
        return Linked(found.email) if found is not None else None


def unlink(database: Database, user_id: int, password: str, *, ip: str) -> None:
    """Google opens this account no more. Raises LastWayIn, and as `sign_in.confirm`."""
    with database.platform("unlink Google") as session:
        if not has_other_way(session, user_id, but=UserIdentity):
            raise LastWayIn()
    sign_in.confirm(database, user_id, password, ip)
    with database.platform("unlink Google", writes=True) as session:
        session.execute(delete(UserIdentity).where(UserIdentity.user_id == user_id))


def has_other_way(session: Session, user_id: int, *, but: type[UserIdentity] | type[Passkey]) -> bool:
    """Whether the person still comes in by something else: a password, Google, a passkey."""
    if session.get_one(User, user_id).password_hash is not None:
        return True
    others = [table for table in (UserIdentity, Passkey) if table is not but]
    return any(session.scalars(select(table.id).where(table.user_id == user_id)).first() for table in others)


def _is(person: Person) -> ColumnElement[bool]:
    return (UserIdentity.provider == GOOGLE) & (UserIdentity.subject == person.subject)
