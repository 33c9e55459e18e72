"""Between password and being in: a session that waits for the second factor's code, for ten minutes."""

import secrets
from datetime import timedelta

from sqlalchemy import ColumnElement, select, update

from core.clock import now
from core.errors import Refusal
from models.access import LoginSession, User
from models.transaction import Database
from services.access import codes
from services.access.sign_in import token_hash


class CodeLate(Refusal):
    code = "access.code_late"
    pesan = "Waktu untuk mengisi kode sudah habis. Masuk lagi dari awal."
    status = 401


class CodeMissing(Refusal):
    code = "access.code_missing"
    pesan = "Akun ini memakai kode kedua. Kirim juga otp: enam angka dari aplikasi kode, atau satu kode cadangan."
    status = 401


def whose(database: Database, token: str) -> int | None:
    """Whose session this is, while it waits for the code."""
    with database.platform("session") as session:
        query = select(LoginSession.user_id).join(User, User.id == LoginSession.user_id)
        return session.scalars(query.where(*_waiting(token), User.is_active)).first()


def give(database: Database, token: str, code: str, *, ip: str, hours: int) -> str:
    """The code that a waiting session asks for; returns the token of the session that counts now (a new one).

    Raises:
        CodeLate: it waits no more (10 minutes). TooManyAttempts. CodeWrong.
    """
    user_id = whose(database, token)
    if user_id is None:
        raise CodeLate()
    codes.verify(database, user_id, code, ip)
    fresh = secrets.token_urlsafe(32)
    at = now()
    counts = {"token_hash": token_hash(fresh), "waits_for_code": False, "seen_at": at,
              "expires_at": at + timedelta(hours=hours)}  # fmt: skip
    with database.platform("sign-in", writes=True) as session:
        done = session.execute(update(LoginSession).where(*_waiting(token)).values(counts))
        if done.rowcount != 1:  # type: ignore[attr-defined]
            raise CodeLate()
    return fresh


def at_once(database: Database, user: User, code: object, *, ip: str) -> None:
    """For programs, who send password and code together. Raises CodeMissing, CodeWrong, TooManyAttempts."""
    if user.totp_since is None:
        return
    if not isinstance(code, str) or not code:
        raise CodeMissing()
    codes.verify(database, user.id, code, ip)


def _waiting(token: str) -> list[ColumnElement[bool]]:
    still = [LoginSession.revoked_at.is_(None), LoginSession.waits_for_code.is_(True), LoginSession.expires_at > now()]
    return [LoginSession.token_hash == token_hash(token), *still]
