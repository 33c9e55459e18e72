"""From each state, the states a loan may move to. Anything absent is refused."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from core.clock import today
from models.loans import Loan
from models.moves import move as move_row
from services.loans.refusals import LoanWrongState
from services.notifications import texts
from services.notifications.commands import notify

LABELS = {
    "draft": "draf",
    "asked": "diajukan",
    "analysed": "dianalisis",
    "approved": "disetujui",
    "rejected": "ditolak",
    "cancelled": "dibatalkan",
    "running": "berjalan",
    "settled": "lunas",
    "written_off": "dihapus buku",
}
NEXT: dict[str, set[str]] = {
    "draft": {"asked", "cancelled"},
    "asked": {"analysed", "rejected", "cancelled"},
    "analysed": {"approved", "rejected", "cancelled"},
    "approved": {"running", "cancelled"},
    "running": {"settled", "written_off"},
    "settled": {"running"},  # its last payment undone
}
OPEN = ("draft", "asked", "analysed", "approved")
ACTS = {
    "asked": "diajukan",
    "analysed": "dianalisis",
    "approved": "disetujui",
    "rejected": "ditolak",
    "cancelled": "dibatalkan",
    "running": "dicairkan",
    "settled": "dilunasi",
    "written_off": "dihapus buku",
}


def move(session: Session, loan: Loan, to_state: str, **values: object) -> None:
    """Move the loan on, once, whoever else tries at the same moment. Raises LoanWrongState."""
    origins = [state for state, goals in NEXT.items() if to_state in goals and state == loan.state]
    if not move_row(session, loan, origins, state=to_state, **values):
        raise wrong_state(loan, ACTS[to_state])
    message = texts.application(loan.number, to_state, loan.note)
    if message is not None and all(is_news(value) for value in values.values() if isinstance(value, date)):
        key = f"loan:{loan.id}:{to_state}"
        notify(session, loan.coop_id, key, message, topic="pinjaman", member_id=loan.member_id)


def is_news(day: date) -> bool:
    """Whether a day is recent enough to tell anybody of it: history that is brought in is no news."""
    return day >= today() - timedelta(days=14)


def wrong_state(loan: Loan, act: str) -> LoanWrongState:
    return LoanWrongState(number=loan.number, state=LABELS[loan.state], act=act)
