"""A reminder of an installment, to be sent from the person's own WhatsApp; by itself the house tells members in the
app and by mail, too.
"""

from admin_panel import scope
from core.money import Rupiah
from models.loans import Loan
from services.loans.queries import NextDue
from services.notifications import texts


def link(loan: Loan, due: NextDue, days_late: int) -> str:
    """The address that opens the chat with the words; empty without a mobile number."""
    if days_late:
        return late_link(loan, due.late_rp, days_late)
    return _chat(loan, texts.due_soon(loan.number, due.amount_rp, due.due_on))


def late_link(loan: Loan, late_rp: Rupiah, days_late: int) -> str:
    return _chat(loan, texts.late(loan.number, late_rp, days_late))


def _chat(loan: Loan, message: texts.Message) -> str:
    return texts.whatsapp(loan.member.phone, f"{loan.member.name}, {message.body} {scope.coop().name}")
