"""Codes of the second factor: six figures of the moment (TOTP), or one of the recovery codes. Each counts once."""

import hmac
import re
import secrets
from datetime import datetime

import pyotp
from sqlalchemy import Update, delete, or_, update
from sqlalchemy.orm import Session

from core.clock import now
from core.errors import Refusal
from core.secrets import cipher
from models.access import RecoveryCode, User
from models.transaction import Database
from services.access import attempts

STEP_S, WINDOW = 30, 1
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look like another
_TYPED = re.compile(r"[\s.-]+")


class CodeWrong(Refusal):
    code = "access.code_wrong"
    pesan = "Kode tidak cocok atau sudah dipakai. Ketik kode yang kini tampil di aplikasi, atau kode cadangan lain."
    status = 401


def key_of(user: User) -> str | None:
    """The key that the person's app counts with; None when they never began to set one up."""
    return cipher().open(user.totp_cipher, _place(user.id)) if user.totp_cipher else None


def seal(user: User, key: str) -> None:
    user.totp_cipher = cipher().seal(key, _place(user.id))


def verify(database: Database, user_id: int, typed: str, ip: str) -> None:
    """The code of somebody whose second factor is on; every try is counted, and what was right once is used up.

    Raises:
        TooManyAttempts: 8 wrong codes of the account in 15 minutes.
        CodeWrong: wrong, too old, used before, or there is no second factor.
    """
    with database.platform("second factor", writes=True) as session:
        attempt_id = attempts.counted(session, f":kode:{user_id}", ip)
    with database.platform("second factor", writes=True) as session:
        user = session.get_one(User, user_id)
        if user.totp_since is None or not use(session, user, typed):
            raise CodeWrong()
        attempts.succeeded(session, attempt_id)


def use(session: Session, user: User, typed: str) -> bool:
    """Whether `typed` is a code of theirs that was not used yet; it is used up by this. Two at once: one is right."""
    code = _TYPED.sub("", typed)[:20].casefold()
    key = key_of(user)
    step = _step(key, code, now()) if key else None
    if step is None:
        return user.totp_since is not None and _use_recovery(session, user.id, code)
    fresh = or_(User.totp_last_step.is_(None), User.totp_last_step < step)
    used = update(User).where(User.id == user.id, fresh).values(totp_last_step=step)
    return _one(session, used)


def new_recovery_codes(session: Session, user_id: int) -> tuple[str, ...]:
    """Ten new ones instead of those before; only their hashes are kept."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    fresh = ["".join(secrets.choice(_LETTERS) for _ in range(10)) for _ in range(RECOVERY_CODES)]
    session.add_all([RecoveryCode(user_id=user_id, code_hash=_hash(user_id, code)) for code in fresh])
    return tuple(f"{code[:5]}-{code[5:]}" for code in fresh)


def _step(key: str, code: str, at: datetime) -> int | None:
    """The step of time whose code this is, of the one now and its neighbours."""
    if not (code.isascii() and code.isdigit() and len(code) == 6):
        return None
    current, totp = int(at.timestamp()) // STEP_S, pyotp.TOTP(key)
    steps = range(current - WINDOW, current + WINDOW + 1)
    return next((step for step in steps if hmac.compare_digest(totp.generate_otp(step), code)), None)


def _use_recovery(session: Session, user_id: int, code: str) -> bool:
    mine = update(RecoveryCode).where(
        RecoveryCode.user_id == user_id, RecoveryCode.code_hash == _hash(user_id, code), RecoveryCode.used_at.is_(None)
    )
    return _one(session, mine.values(used_at=now()))


def _one(session: Session, query: Update) -> bool:
    done = session.execute(query.execution_options(synchronize_session=False))
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def _hash(user_id: int, code: str) -> str:
    """Keyed: whoever reads the table alone cannot try codes against it."""
    return cipher().index(f"recovery|{user_id}|{code}", 0)


def _place(user_id: int) -> str:
    return f"users|totp|{user_id}"
