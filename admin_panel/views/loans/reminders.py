"""A reminder of an installment, to be sent from the person's own WhatsApp."""

from admin_panel.chat import to_member
from core.money import Rupiah
from models.loans import Loan
from services.loans.queries import NextDue
from services.notifications import texts


def link(loan: Loan, due: NextDue, days_late: int) -> str:
    """The address that opens the chat with the words; empty without a mobile number."""
    if days_late:
        return late_link(loan, due.late_rp, days_late)
    return to_member(loan.member, texts.due_soon(loan.number, due.amount_rp, due.due_on))


def late_link(loan: Loan, late_rp: Rupiah, days_late: int) -> str:
    return to_member(loan.member, texts.late(loan.number, late_rp, days_late))
