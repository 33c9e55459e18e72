"""From each state, the states a loan may move to. Anything absent is refused."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.loans import Loan
from services.loans.refusals import LoanWrongState

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
    moved = session.execute(
        update(Loan)
        .where(Loan.id == loan.id, Loan.state.in_(origins))
        .values(state=to_state, **values)
        .execution_options(synchronize_session=False)
    )
    session.refresh(loan)
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise wrong_state(loan, ACTS[to_state])


def wrong_state(loan: Loan, act: str) -> LoanWrongState:
    return LoanWrongState(number=loan.number, state=LABELS[loan.state], act=act)
