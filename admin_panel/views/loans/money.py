"""Money of loans at the desk: paying out, taking installments, ending early, undoing, new terms, writing off."""

import secrets
from datetime import date
from decimal import Decimal
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from sqlalchemy import select

from admin_panel import finding, scope
from admin_panel.base import Screen, needs, seen
from admin_panel.forms import CASH, UndoForm
from admin_panel.purse import money_places, place_of
from admin_panel.shown import day
from admin_panel.views.loans.forms import NewTermsForm, PayForm, PayoutDates, QuoteDay, RecoveryForm, WriteOffForm
from core.display import date_long, rupiah
from core.errors import NotFound
from models.loans import Loan, LoanPayment
from models.savings import Receipt
from services.ledger.chart import Role
from services.loans import adjustments, disbursement, queries, repayment, undoing
from services.loans.refusals import QuoteStale
from services.loans.states import wrong_state
from services.settings import dated


def _receipt(source: str) -> Receipt | None:
    return scope.session().scalars(select(Receipt).where(Receipt.source == source)).first()


def _shown(receipt: Receipt | None, loan_id: int) -> ResponseReturnValue:
    """Every money act ends on its kuitansi."""
    if receipt is None:
        return redirect(url_for("LoanView.show", pk=loan_id))
    return redirect(url_for("ReceiptView.show", pk=receipt.id))


def _cash() -> Role:
    """Where the money goes, as a form of `CASH` said it."""
    said = request.form.get("cash", "")
    return Role(said) if said in dict(CASH) else Role.CASH


def _month_later(on: date, pay_day: int) -> date:
    years, month = divmod(on.year * 12 + on.month, 12)
    return date(years, month + 1, pay_day)


class PayoutDesk(Screen):
    """Pencairan: hitungan dulu, lalu dibayar sekali."""

    route_base = "/kopmin/pinjaman"

    @expose("/<row:loan_id>/cairkan", methods=["GET", "POST"])
    @needs("loans.disburse")
    def payout(self, loan_id: int) -> ResponseReturnValue:
        loan = queries.loan(scope.session(), scope.actor(), loan_id)
        if loan.state != "approved" and request.method == "GET":
            raise wrong_state(loan, "dicairkan")
        form, payout = PayoutDates(request.args if request.args.get("cair") else None, **_usual_dates(loan)), None
        if not request.args.get("cair") or form.validate():
            with self.posting(form):
                payout = disbursement.preview(scope.session(), scope.actor(), loan_id, paid_on=form.cair.data,
                                              first_due_on=form.tempo.data)  # fmt: skip
                if request.method == "POST":
                    return self._pay_out(payout)
        title = f"Cairkan {loan.number}"
        shown = {"payout": payout, "mark": seen(payout), "cash": CASH}
        return self.page("loan_payout.html", title=title, form=form, loan=loan, **shown)

    @staticmethod
    def _pay_out(payout: disbursement.Payout) -> ResponseReturnValue:
        if request.form.get("mark") != seen(payout):
            raise QuoteStale()
        voucher_no = request.form.get("voucher_no", "").encode("utf-8", "ignore").decode().replace("\x00", "")[:60]
        cash = _cash()
        loan = disbursement.disburse(scope.session(), scope.actor(), payout, cash=cash, voucher_no=voucher_no)
        flash(f"Pinjaman {loan.number} cair, {rupiah(payout.net_rp)} diterima {loan.member.name}.", "success")
        return _shown(_receipt(f"loan:{loan.id}:disbursed"), loan.id)


def _usual_dates(loan: Loan) -> dict[str, date]:
    """Today, and a month later: on the pay day of the payroll when that collects."""
    today = scope.today()
    pay_day = today.day if today.day <= 28 else 28
    if loan.collected_by == "payroll":
        pay_day = dated.whole(scope.session(), scope.actor().coop_id, "payroll.pay_day", today)
    return {"cair": today, "tempo": _month_later(today, pay_day)}


class InstallmentDesk(Screen):
    """Angsuran, pelunasan, pembatalan, pemulihan."""

    route_base = "/kopmin/angsuran"

    @expose("/terima")
    @needs("loans.pay")
    def find(self) -> ResponseReturnValue:
        member, rows = finding.chosen(), []
        if member is None:
            found = finding.matches()
            return self.page("find_member.html", title="Terima angsuran", endpoint="InstallmentDesk.find", **found)
        held = queries.of_member(scope.session(), scope.actor(), member.id)
        running = [one for one in held if one.state == "running"]
        if len(running) == 1:
            return redirect(url_for("InstallmentDesk.pay", loan_id=running[0].id))
        for loan in running:
            rows.append((loan, queries.next_due(queries.installments(scope.session(), loan), scope.today())))
        return self.page("loan_choose.html", title="Terima angsuran", member=member, rows=rows)

    @expose("/<row:loan_id>", methods=["GET", "POST"])
    @needs("loans.pay")
    def pay(self, loan_id: int) -> ResponseReturnValue:
        loan = queries.loan(scope.session(), scope.actor(), loan_id)
        rows = queries.installments(scope.session(), loan)
        due = queries.next_due(rows, scope.today())
        if loan.state != "running" and request.method == "GET":
            raise wrong_state(loan, "menerima pembayaran")
        form = PayForm(amount_rp=_usual_amount(loan, rows), paid_on=scope.today(), token=secrets.token_urlsafe(12))
        form.cash.choices = money_places(loan.member_id)
        if form.validate_on_submit():
            with self.posting(form):
                receipt = repayment.pay(scope.session(), scope.actor(), _payment(loan_id, form))
                flash(f"Angsuran {rupiah(receipt.amount_rp)} dari {receipt.member.name} tercatat.", "success")
                return _shown(receipt, loan_id)
        owed = repayment.owed(loan, rows, scope.today())[:4]
        return self.page("loan_pay.html", title="Terima angsuran", form=form, loan=loan, due=due, owed=owed)

    @expose("/<row:loan_id>/lunasi", methods=["GET", "POST"])
    @needs("loans.pay")
    def settle(self, loan_id: int) -> ResponseReturnValue:
        loan = queries.loan(scope.session(), scope.actor(), loan_id)
        if loan.state != "running" and request.method == "GET":
            raise wrong_state(loan, "dilunasi")
        form, quote = QuoteDay(request.args if request.args.get("per") else None, per=scope.today()), None
        if not request.args.get("per") or form.validate():
            with self.posting(form):
                if request.method == "POST":
                    return self._settle(loan_id, form.per.data)
                quote = repayment.quote(scope.session(), scope.actor(), loan_id, on=form.per.data)
        token = secrets.token_urlsafe(12)
        return self.page("loan_settle.html", title=f"Lunasi {loan.number}", form=form, loan=loan, quote=quote,
                         mark=seen(quote), token=token, cash=CASH)  # fmt: skip

    @staticmethod
    def _settle(loan_id: int, on: date) -> ResponseReturnValue:
        token = request.form.get("token", "").encode("ascii", "ignore").decode()[:60]
        before = _receipt(f"loan-payment:{token}")
        if before is not None:  # the second click of the same button
            return _shown(before, loan_id)
        quote = repayment.quote(scope.session(), scope.actor(), loan_id, on=on)
        if request.form.get("mark") != seen(quote) or not token:
            raise QuoteStale()
        receipt = repayment.settle(scope.session(), scope.actor(), quote, token=token, cash=_cash())
        flash(f"Pinjaman lunas dengan {rupiah(receipt.amount_rp)}.", "success")
        return _shown(receipt, loan_id)

    @expose("/pembayaran/<row:payment_id>/batal", methods=["GET", "POST"])
    @needs("loans.reverse")
    def undo(self, payment_id: int) -> ResponseReturnValue:
        payment, form = scope.session().get(LoanPayment, payment_id), UndoForm(booked_on=scope.today())
        if payment is None:
            raise NotFound(what="Pembayaran")
        loan, back = payment.loan, url_for("LoanView.show", pk=payment.loan_id)
        if form.validate_on_submit():
            with self.posting(form):
                on, why = form.booked_on.data, form.reason.data
                undoing.undo(scope.session(), scope.actor(), payment_id, booked_on=on, reason=why)
                flash("Pembayaran dibatalkan dengan catatan balik; catatan aslinya tetap ada.", "success")
                return redirect(back)
        facts = [("Anggota", loan.member.name), ("Pinjaman", loan.number), ("Tanggal", day(payment.booked_on)),
                 ("Jumlah", rupiah(payment.amount_rp))]  # fmt: skip
        return self.page("form.html", title="Batalkan pembayaran", form=form, back=back, facts=facts,
                         yes="Batalkan pembayaran")  # fmt: skip

    @expose("/<row:loan_id>/pemulihan", methods=["GET", "POST"])
    @needs("loans.pay")
    def recover(self, loan_id: int) -> ResponseReturnValue:
        loan = queries.loan(scope.session(), scope.actor(), loan_id)
        form = RecoveryForm(paid_on=scope.today(), token=secrets.token_urlsafe(12))
        if loan.state != "written_off" and request.method == "GET":
            raise wrong_state(loan, "dicatat pemulihannya")
        if form.validate_on_submit():
            with self.posting(form):
                receipt = adjustments.recover(
                    scope.session(), scope.actor(), loan_id=loan_id, amount_rp=form.amount_rp.data or 0,
                    paid_on=form.paid_on.data, token=form.token.data or secrets.token_urlsafe(12), cash=_cash(),
                )  # fmt: skip
                return _shown(receipt, loan_id)
        left = rupiah(loan.written_off_rp - loan.recovered_rp)
        facts = [("Anggota", loan.member.name), ("Belum kembali", left)]
        back = url_for("LoanView.show", pk=loan_id)
        return self.page("form.html", title=f"Pemulihan {loan.number}", form=form, back=back, facts=facts)


def _usual_amount(loan: Loan, rows: Any) -> int:
    """What is due: everything late with its penalty, and the installment that comes next."""
    owed = repayment.owed(loan, rows, scope.today())
    late = [one for one in owed if one.due_on <= scope.today()]
    coming = [one for one in owed if one.due_on > scope.today()][:1]
    return sum(one.total_rp for one in (late or coming))


def _payment(loan_id: int, form: PayForm) -> repayment.Payment:
    cash, product_id = place_of(form.cash.data)
    return repayment.Payment(
        loan_id, form.amount_rp.data or 0, form.paid_on.data, form.token.data or secrets.token_urlsafe(12),
        cash, form.extra.data, form.memo.data or "", form.voucher_no.data or "", product_id,
    )  # fmt: skip


class AdjustDesk(Screen):
    """Restrukturisasi dan hapus buku: diajukan di sini, berlaku setelah disetujui orang lain."""

    route_base = "/kopmin/pinjaman"

    @expose("/<row:loan_id>/restrukturisasi", methods=["GET", "POST"])
    @needs("loans.adjust")
    def restructure(self, loan_id: int) -> ResponseReturnValue:
        loan = queries.loan(scope.session(), scope.actor(), loan_id)
        first = _month_later(scope.today(), min(scope.today().day, 28))
        form = NewTermsForm(starts_on=scope.today(), first_due_on=first, term=loan.term, rate_pct=loan.rate_pct)
        if form.validate_on_submit():
            with self.posting(form):
                wanted = adjustments.NewTerms(loan_id, form.starts_on.data, form.first_due_on.data, form.term.data,
                                              form.rate_pct.data or Decimal(0), form.reason.data)  # fmt: skip
                asked = adjustments.request_restructure(scope.session(), scope.actor(), wanted)
                flash("Restrukturisasi diajukan dan menunggu persetujuan.", "success")
                return redirect(url_for("ApprovalDesk.show", request_id=asked.id))
        return self.page("form.html", title=f"Restrukturisasi {loan.number}", form=form, facts=_facts(loan),
                         back=url_for("LoanView.show", pk=loan_id), yes="Ajukan")  # fmt: skip

    @expose("/<row:loan_id>/hapus-buku", methods=["GET", "POST"])
    @needs("loans.adjust")
    def write_off(self, loan_id: int) -> ResponseReturnValue:
        loan = queries.loan(scope.session(), scope.actor(), loan_id)
        form = WriteOffForm(on=scope.today())
        if form.validate_on_submit():
            with self.posting(form):
                on, why = form.on.data, form.reason.data
                asked = adjustments.request_write_off(scope.session(), scope.actor(), loan_id, on=on, reason=why)
                flash("Hapus buku diajukan dan menunggu persetujuan.", "success")
                return redirect(url_for("ApprovalDesk.show", request_id=asked.id))
        return self.page("form.html", title=f"Hapus buku {loan.number}", form=form, facts=_facts(loan),
                         back=url_for("LoanView.show", pk=loan_id), yes="Ajukan")  # fmt: skip


def _facts(loan: Loan) -> list[tuple[str, str]]:
    cair = date_long(loan.disbursed_on) if loan.disbursed_on else "belum"
    return [("Anggota", loan.member.name), ("Cair", cair), ("Sisa pokok", rupiah(loan.outstanding_rp))]


SCREENS = (PayoutDesk, InstallmentDesk, AdjustDesk)
