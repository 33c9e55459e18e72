"""Money of time deposits: taken in for a term, paid out at its end or early."""

import secrets
from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired, Length

from admin_panel import finding, scope
from admin_panel.base import Screen, needs, seen
from admin_panel.forms import DayField, KopForm, Positive, RupiahField, short_text
from admin_panel.purse import money_places, place_of
from admin_panel.views.deposits.page import STATES
from core.display import percent_text, rupiah
from core.errors import StateChanged
from core.money import Rupiah
from models.deposits import TimeDeposit
from models.members import Member
from models.savings import Receipt
from services.deposits import ending, placing, queries, rates
from services.deposits.earning import PAYOUTS, ROLLOVERS, add_months, of_months
from services.deposits.refusals import QuoteChanged
from services.ledger.chart import Role


class PlaceForm(KopForm):
    """A deposit at the desk. `token` makes the second click the same deposit."""

    amount_rp = RupiahField("Jumlah", validators=[InputRequired(), Positive()])
    term_months = SelectField("Jangka", coerce=int)
    placed_on = DayField("Tanggal", validators=[InputRequired()])
    source = SelectField("Uangnya dari")
    payout = RadioField("Bunga dibayar", choices=list(PAYOUTS.items()), default="maturity")
    rollover = RadioField("Pada jatuh tempo", choices=list(ROLLOVERS.items()), default="none")
    voucher_no = short_text("Nomor bukti", 60)
    token = HiddenField(validators=[Length(max=60)])


class EndDay(KopForm):
    """The day it ends; asked in the address, so that the preview can be opened again."""

    class Meta(KopForm.Meta):
        csrf = False

    per = DayField("Dicairkan tanggal", validators=[InputRequired()])


@dataclass(frozen=True)
class Outlook:
    """What a deposit would bring, before it is placed."""

    amount_rp: Rupiah
    interest_rp: Rupiah
    matures_on: date


class PlaceDesk(Screen):
    """Terima simpanan berjangka."""

    route_base = "/kopmin/simpanan-berjangka"

    @expose("/terima", methods=["GET", "POST"])
    @needs("savings.teller")
    def place(self) -> ResponseReturnValue:
        member, title = finding.chosen(), "Terima simpanan berjangka"
        if member is None:
            return self.page("find_member.html", title=title, endpoint="PlaceDesk.place", **finding.matches())
        form, shown = _place_form(member), None
        if form.validate_on_submit():
            with self.posting(form):
                if request.form.get("act") != "hitung":
                    return _placed(member, form)
                shown = _outlook(form)
        offered = bool(form.term_months.choices)
        return self.page("deposit_place.html", title=title, form=form, member=member, shown=shown, offered=offered)


def _place_form(member: Member) -> PlaceForm:
    form = PlaceForm(placed_on=scope.today(), token=secrets.token_urlsafe(12))
    offered = rates.offered(scope.session(), scope.actor().coop_id, form.placed_on.data or scope.today())
    form.term_months.choices = [(n, f"{n} bulan, {percent_text(pct)} % per tahun") for n, pct in offered.items()]
    form.source.choices = money_places(member.id)
    return form


def _outlook(form: PlaceForm) -> Outlook:
    amount_rp, months = form.amount_rp.data or 0, form.term_months.data
    pct = rates.offered(scope.session(), scope.actor().coop_id, form.placed_on.data)[months]
    interest_rp = of_months(amount_rp, pct, months)
    if form.payout.data == "capitalised":
        interest_rp = 0
        for _ in range(months):
            interest_rp += of_months(amount_rp + interest_rp, pct, 1)
    return Outlook(amount_rp, interest_rp, add_months(form.placed_on.data, months))


def _placed(member: Member, form: PlaceForm) -> ResponseReturnValue:
    cash, product_id = place_of(form.source.data)
    wish = placing.Placement(
        member.id, form.amount_rp.data or 0, form.term_months.data, form.placed_on.data,
        form.token.data or secrets.token_urlsafe(12), form.payout.data, form.rollover.data,
    )  # fmt: skip
    deposit = placing.place(
        scope.session(), scope.actor(), wish, cash=cash, from_product_id=product_id,
        voucher_no=form.voucher_no.data or "",
    )  # fmt: skip
    flash(f"{deposit} atas nama {member.name} tercatat.", "success")
    return _shown(queries.receipt_of(scope.session(), scope.actor(), deposit), deposit.id)


def _shown(receipt: Receipt | None, deposit_id: int) -> ResponseReturnValue:
    """Every money act ends on its kuitansi."""
    if receipt is None:
        return redirect(url_for("DepositView.show", pk=deposit_id))
    return redirect(url_for("ReceiptView.show", pk=receipt.id))


class DepositEndDesk(Screen):
    """Pencairan: hitungan dulu, lalu dibayar sekali."""

    route_base = "/kopmin/simpanan-berjangka"

    @expose("/<row:deposit_id>/cairkan", methods=["GET", "POST"])
    @needs("savings.teller")
    def end(self, deposit_id: int) -> ResponseReturnValue:
        deposit = queries.get(scope.session(), scope.actor(), deposit_id)
        if deposit.state == "closed" and request.method == "GET":
            raise StateChanged(what=str(deposit), state=STATES[deposit.state].lower())
        form, offer = EndDay(request.args if request.args.get("per") else None, per=scope.today()), None
        if not request.args.get("per") or form.validate():
            with self.posting(form):
                if request.method == "POST":
                    return _paid_out(deposit, form.per.data)
                offer = ending.preview(scope.session(), scope.actor(), deposit_id, on=form.per.data)
        places = money_places(deposit.member_id)
        return self.page("deposit_end.html", title=f"Cairkan {deposit.number}", form=form, deposit=deposit,
                         offer=offer, mark=seen(offer), places=places)  # fmt: skip


def _paid_out(deposit: TimeDeposit, on: date) -> ResponseReturnValue:
    session, who = scope.session(), scope.actor()
    before = queries.receipt_of(session, who, deposit, "closed")
    if before is not None and deposit.closed_on == on:  # the second click of the same button
        return _shown(before, deposit.id)
    offer = ending.preview(session, who, deposit.id, on=on)
    if request.form.get("mark") != seen(offer):
        raise QuoteChanged(number=deposit.number)
    said = request.form.get("to", "")
    cash, product_id = place_of(said if said in dict(money_places(deposit.member_id)) else Role.CASH.value)
    receipt = ending.pay_out(session, who, offer, cash=cash, to_product_id=product_id)
    flash(f"{rupiah(receipt.amount_rp)} dibayarkan kepada {receipt.member.name}.", "success")
    return _shown(receipt, deposit.id)


SCREENS = (PlaceDesk, DepositEndDesk)
