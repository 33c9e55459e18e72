"""Every try of a secret is counted before it is judged, and so is every form that strangers send: for all processes."""

import hashlib
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.clock import now
from core.errors import Refusal
from models.access import SignInAttempt
from models.transaction import Database

WINDOW = timedelta(minutes=15)
PER_ACCOUNT, PER_ADDRESS = 8, 60
FORM_WINDOW = timedelta(hours=1)


class TooManyAttempts(Refusal):
    code = "access.too_many_attempts"
    pesan = "Terlalu banyak percobaan masuk. Tunggu 15 menit lalu coba lagi, atau hubungi pengurus."
    status = 429


def counted(session: Session, account: str, ip: str) -> int:
    """Notes a try as failed until it succeeds: a crowd that comes at once gets no more tries than one person.

    Raises TooManyAttempts: 8 failures of the account or 60 of the address in 15 minutes.
    """
    _queue_up(session, account)
    _limit(session, account, ip)
    attempt = SignInAttempt(account=account, ip=ip[:45], succeeded=False)
    session.add(attempt)
    session.flush()  # the caller marks it by its id
    return attempt.id


def succeeded(session: Session, attempt_id: int) -> None:
    session.execute(update(SignInAttempt).where(SignInAttempt.id == attempt_id).values(succeeded=True))


def first_time(database: Database, once: str, ip: str) -> int | None:
    """Notes the answer to a challenge, as failed until it succeeds; None when it was answered before.

    A copied cookie brings a challenge back, but it counts once. Raises TooManyAttempts for the address.
    """
    account = f":1x:{hashlib.sha256(once.encode()).hexdigest()[:48]}"
    with database.platform("sign-in", writes=True) as session:
        _queue_up(session, account)
        if session.scalars(select(SignInAttempt.id).where(SignInAttempt.account == account)).first() is not None:
            return None
        return counted(session, account, ip)


def passed(database: Database, attempt_id: int) -> None:
    """The answer noted before was right."""
    with database.platform("sign-in", writes=True) as session:
        succeeded(session, attempt_id)


def form_sent(session: Session, form: str, ip: str, *, most: int, too_many: type[Refusal]) -> None:
    """Counts a form that anybody may send (`form` begins with a colon). Raises `too_many` after `most` in an hour."""
    sent = select(func.count()).where(
        SignInAttempt.account == form, SignInAttempt.ip == ip[:45], SignInAttempt.at > now() - FORM_WINDOW
    )
    if (session.scalar(sent) or 0) >= most:
        raise too_many()
    session.add(SignInAttempt(account=form, ip=ip[:45], succeeded=True))


def _queue_up(session: Session, account: str) -> None:
    if session.get_bind().dialect.name == "postgresql":  # SQLite lets one writer in at a time
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"ekopz.sign-in.{account}"))))


def _limit(session: Session, account: str, ip: str) -> None:
    since = now() - WINDOW
    last_success = select(func.max(SignInAttempt.at)).where(
        SignInAttempt.account == account, SignInAttempt.succeeded, SignInAttempt.at > since
    )
    failed = select(func.count()).where(~SignInAttempt.succeeded, SignInAttempt.at > since)
    of_account = failed.where(
        SignInAttempt.account == account, SignInAttempt.at > func.coalesce(last_success.scalar_subquery(), since)
    )
    if (session.scalar(of_account) or 0) >= PER_ACCOUNT:
        raise TooManyAttempts()
    if (session.scalar(failed.where(SignInAttempt.ip == ip[:45])) or 0) >= PER_ADDRESS:
        raise TooManyAttempts()
