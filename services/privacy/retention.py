"""What has had its time is deleted: rules as a table, looked at each day. Bookkeeping is kept by law and not here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete
from sqlalchemy.orm import Session

from models.base import Base
from models.members import JoinRequest
from models.news import NewsletterReader
from models.notifications import OutgoingMail, PlatformMail
from models.subscriptions import CoopRegistration
from models.support import VisitorMessage

MONTH, HALF_YEAR, YEAR = timedelta(days=30), timedelta(days=182), timedelta(days=365)


@dataclass(frozen=True)
class Rule:
    """Rows of `table` for which `over` holds, given the moment `kept` ago, are deleted."""

    label: str
    table: type[Base]
    kept: timedelta
    over: Callable[[datetime], ColumnElement[bool]]


def _settled(kind: Any) -> Callable[[datetime], ColumnElement[bool]]:
    return lambda before: (kind.state != "waiting") & (kind.created_at < before)


RULES = (
    Rule("pesan pengunjung yang selesai", VisitorMessage, YEAR,
         lambda before: (VisitorMessage.state != "open") & (VisitorMessage.created_at < before)),
    Rule("pendaftaran koperasi tanpa konfirmasi", CoopRegistration, MONTH,
         lambda before: CoopRegistration.confirmed_at.is_(None) & (CoopRegistration.expires_at < before)),
    Rule("langganan buletin tanpa konfirmasi", NewsletterReader, MONTH,
         lambda before: NewsletterReader.confirmed_at.is_(None) & (NewsletterReader.asked_at < before)),
    Rule("langganan buletin yang berakhir", NewsletterReader, MONTH, lambda before: NewsletterReader.ended_at < before),
    Rule("permohonan anggota yang ditolak", JoinRequest, YEAR,
         lambda before: (JoinRequest.state == "refused") & (JoinRequest.decided_at < before)),
    Rule("salinan surel koperasi", OutgoingMail, HALF_YEAR, _settled(OutgoingMail)),
    Rule("salinan surel eKopz", PlatformMail, HALF_YEAR, _settled(PlatformMail)),
)  # fmt: skip


def prune(session: Session, at: datetime) -> dict[str, int]:
    """Delete what each rule says; how many of each. Needs a platform session. Again it deletes nothing."""
    gone = {}
    for rule in RULES:
        over = delete(rule.table).where(rule.over(at - rule.kept))
        gone[rule.label] = int(session.execute(over.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]
    return gone
