"""Installments sent by bank: the proof beside what it would pay, then booked once or refused."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Screen, needs
from admin_panel.chat import to_member
from admin_panel.forms import ReasonForm
from admin_panel.views.loans.forms import FoundForm
from core.display import rupiah
from models.loans import LoanTransfer
from models.savings import Receipt
from services.ledger.chart import Role
from services.loans import transfers
from services.loans.allocation import Allocation
from services.loans.transfers import Found
from services.notifications import texts
from web.headers import picture


class TransferDesk(Screen):
    """Transfer angsuran: dicocokkan dengan rekening koran, lalu dibukukan sekali."""

    route_base = "/kopmin/transfer-angsuran"

    @expose("/")
    @needs("loans.pay")
    def index(self) -> ResponseReturnValue:
        rows = transfers.waiting(scope.session(), scope.actor())
        return self.page("transfers.html", title="Transfer angsuran", rows=rows)

    @expose("/<row:transfer_id>", methods=["GET", "POST"])
    @needs("loans.pay")
    def show(self, transfer_id: int) -> ResponseReturnValue:
        transfer = transfers.get(scope.session(), scope.actor(), transfer_id)
        form, taken = _form(transfer), None
        if request.method == "GET" or form.validate():
            with self.posting(form):
                if request.method == "POST" and request.form.get("act") != "hitung":
                    return _booked(transfer_id, _found(form))
                taken = _preview(transfer, form)
        receipt = scope.session().get(Receipt, transfer.receipt_id) if transfer.receipt_id else None
        shown = {"form": form, "taken": taken, "receipt": receipt, "state": transfers.STATES[transfer.state]}
        return self.page("transfer.html", title="Transfer angsuran", transfer=transfer, chat=_chat(transfer), **shown)

    @expose("/<row:transfer_id>/bukti")
    @needs("loans.pay")
    def proof(self, transfer_id: int) -> ResponseReturnValue:
        body = transfers.proof(scope.session(), scope.actor(), transfer_id, scope.settings().data)
        return picture(body, f"bukti-{transfer_id}")

    @expose("/<row:transfer_id>/tolak", methods=["GET", "POST"])
    @needs("loans.pay")
    def reject(self, transfer_id: int) -> ResponseReturnValue:
        transfer, form = transfers.get(scope.session(), scope.actor(), transfer_id), ReasonForm()
        back = url_for("TransferDesk.show", transfer_id=transfer_id)
        if form.validate_on_submit():
            with self.posting(form):
                transfers.reject(scope.session(), scope.actor(), transfer_id, reason=form.reason.data)
                flash(f"Transfer {transfer.loan.member.name} ditolak. Anggota mendapat kabar alasannya.", "success")
                return redirect(url_for("TransferDesk.index"))
        facts = [("Anggota", transfer.loan.member.name), ("Jumlah", rupiah(transfer.amount_rp))]
        lead = "Anggota membaca alasan ini."
        return self.page("form.html", title="Tolak transfer", form=form, back=back, facts=facts, lead=lead, yes="Tolak")


def _form(transfer: LoanTransfer) -> FoundForm:
    likely = transfers.likely(scope.session(), transfer)
    form = FoundForm(amount_rp=likely.amount_rp, booked_on=likely.booked_on, use=likely.use)
    form.account.choices = transfers.accounts(scope.session(), scope.actor()) or [(0, "Bank")]
    return form


def _found(form: FoundForm) -> Found:
    return Found(form.amount_rp.data or 0, form.booked_on.data, form.account.data or Role.BANK, form.use.data)


def _preview(transfer: LoanTransfer, form: FoundForm) -> Allocation | None:
    if transfer.state != "waiting":
        return None
    return transfers.preview(scope.session(), scope.actor(), transfer.id, _found(form))


def _chat(transfer: LoanTransfer) -> str:
    """What became of it, for the member's WhatsApp; empty while it waits."""
    if transfer.state not in {"booked", "rejected"}:
        return ""
    loan = transfer.loan
    message = texts.transfer(loan.number, transfer.amount_rp, transfer.booked_rp, "", transfer.reason)
    return to_member(loan.member, message)


def _booked(transfer_id: int, found: Found) -> ResponseReturnValue:
    receipt = transfers.confirm(scope.session(), scope.actor(), transfer_id, found)
    flash(f"Transfer {rupiah(receipt.amount_rp)} dari {receipt.member.name} dibukukan.", "success")
    return redirect(url_for("ReceiptView.show", pk=receipt.id))


SCREENS = (TransferDesk,)
