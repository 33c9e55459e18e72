"""Schedules of a loan: the one in force as a file, and those it replaced."""

from typing import Any

from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Screen, needs
from admin_panel.exports import spreadsheet
from core.errors import NotFound
from models.loans import Loan
from services.loans import queries

HEADS = ["Ke", "Jatuh tempo", "Pokok", "Jasa", "Angsuran", "Pokok dibayar", "Jasa dibayar", "Jasa dibebaskan",
         "Sisa"]  # fmt: skip


class ScheduleDesk(Screen):
    """Jadwal pinjaman."""

    route_base = "/kopmin/pinjaman"

    @expose("/<row:loan_id>/jadwal.xlsx")
    @needs("loans.view")
    def download(self, loan_id: int) -> ResponseReturnValue:
        loan = queries.loan(scope.session(), scope.actor(), loan_id)
        return spreadsheet(f"Jadwal {loan.number}", _table(loan))

    @expose("/<row:loan_id>/jadwal/<row:no>")
    @needs("loans.view")
    def show(self, loan_id: int, no: int) -> ResponseReturnValue:
        loan = queries.loan(scope.session(), scope.actor(), loan_id)
        rows = queries.installments(scope.session(), loan, no) if 0 < no <= loan.schedule_no else []
        if not rows:
            raise NotFound(what="Jadwal")
        return self.page("loan_schedule.html", title=f"Jadwal ke-{no} {loan.number}", loan=loan, rows=rows, no=no)


def _table(loan: Loan) -> list[list[Any]]:
    rows = queries.installments(scope.session(), loan)
    return [HEADS, *(
        [row.no, row.due_on, row.principal_rp, row.interest_rp, row.principal_rp + row.interest_rp,
         row.principal_paid_rp, row.interest_paid_rp, row.waived_rp, row.left_rp] for row in rows
    )]  # fmt: skip


SCREENS = (ScheduleDesk,)
