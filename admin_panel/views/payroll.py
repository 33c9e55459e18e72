"""Payroll deduction: the list of a month, sent; what came back, booked once."""

import re
from datetime import date
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from sqlalchemy import func, select
from wtforms import SelectField
from wtforms.validators import InputRequired

from admin_panel import scope
from admin_panel.base import Screen, Tool, needs, seen, storable
from admin_panel.forms import DayField, KopForm, MonthField, rupiah_of
from admin_panel.payroll_sheet import deduction_list
from core.display import month_long, rupiah
from core.errors import InvalidValue
from core.money import Rupiah
from models.members import Member
from models.payroll import PayrollLine, PayrollList
from services.payroll import lists, settlement
from services.payroll.refusals import AlreadySettled, PayrollStale

STATES = {"sent": ("Terkirim", "warn"), "settled": ("Sudah dibukukan", "good")}
SHARES = {
    "full": ("Penuh", "good"), "partial": ("Sebagian", "warn"), "failed": ("Gagal", "bad"), "excess": ("Lebih", "info"),
}  # fmt: skip
MOST_ROWS, MOST_TYPED = 150, 250


class ListForm(KopForm):
    """Which list; asked in the address, so that the preview can be opened again."""

    class Meta(KopForm.Meta):
        csrf = False

    bulan = MonthField("Bulan", validators=[InputRequired()])
    instansi = SelectField("Instansi")


class PaidForm(KopForm):
    paid_on = DayField("Tanggal uang diterima", validators=[InputRequired()])


def _employers() -> list[tuple[str, str]]:
    query = select(Member.employer).where(Member.state == "active", Member.employer != "").distinct()
    return [("", "Semua anggota"), *((one, one) for one in sorted(scope.session().scalars(query)))]


def _sought(rows: Any, name: Any) -> list[Any]:
    """The rows whose member fits `?cari=`."""
    text = storable(request.args.get("cari", "").strip()[:100]).casefold()
    return [row for row in rows if text in name(row).casefold()] if text else list(rows)


def _last_month(month_on: date, employer: str) -> dict[int, Rupiah]:
    """What the list of the month before asked, by member."""
    years, month = divmod(month_on.year * 12 + month_on.month - 2, 12)
    before = lists.of_month(scope.session(), scope.actor(), date(years, month + 1, 1), employer=employer)
    return {} if before is None else {line.member_id: line.total_rp for line in lists.lines(scope.session(), before)}


class PayrollDesk(Screen):
    """Daftar potongan."""

    route_base = "/kopmin/potongan"

    @expose("/")
    @needs("payroll.run")
    def index(self) -> ResponseReturnValue:
        tools = [Tool("Buat daftar", url_for("PayrollDesk.make"), "payroll.run", main=True)]
        return self.page("payroll_lists.html", title="Daftar potongan", rows=_all_lists(), states=STATES, tools=tools)

    @expose("/buat", methods=["GET", "POST"])
    @needs("payroll.run")
    def make(self) -> ResponseReturnValue:
        form, wanted = ListForm(request.args, bulan=scope.today().replace(day=1)), None
        form.instansi.choices = _employers()
        form.instansi.data = form.instansi.data or ""
        if request.args.get("bulan") and form.validate():
            with self.posting(form):
                wanted = _wanted(form)
                if request.method == "POST":
                    return _sent(wanted)
        title = "Buat daftar potongan"
        return self.page(
            "payroll_make.html", title=title, form=form, wanted=wanted, mark=seen(wanted), **_compared(wanted)
        )

    @expose("/<row:list_id>")
    @needs("payroll.run")
    def show(self, list_id: int) -> ResponseReturnValue:
        sent = lists.get(scope.session(), scope.actor(), list_id)
        lines = lists.lines(scope.session(), sent)
        found = _sought(lines, lambda line: f"{line.member.number} {line.member.nip} {line.member.name}")
        title = f"Potongan {month_long(sent.month_on)}"
        return self.page(
            "payroll_list.html", title=title, sent=sent, lines=found[:MOST_ROWS], more=max(0, len(found) - MOST_ROWS),
            totals=_totals(lines), state=STATES[sent.state], tools=_list_tools(sent),
            sought=storable(request.args.get("cari", "")[:100]), short=_short(lines) if sent.state == "settled" else [],
        )  # fmt: skip

    @expose("/<row:list_id>/unduh.xlsx")
    @needs("payroll.run")
    def download(self, list_id: int) -> ResponseReturnValue:
        sent = lists.get(scope.session(), scope.actor(), list_id)
        return deduction_list(scope.coop(), sent, lists.lines(scope.session(), sent))

    @expose("/<row:list_id>/hapus", methods=["POST"])
    @needs("payroll.run")
    def withdraw(self, list_id: int) -> ResponseReturnValue:
        sent = lists.get(scope.session(), scope.actor(), list_id)
        month = month_long(sent.month_on)
        with self.posting():
            lists.withdraw(scope.session(), scope.actor(), list_id)
            flash(f"Daftar potongan {month} dihapus. Tagihannya tetap ada.", "success")
            return redirect(url_for("PayrollDesk.index"))
        return redirect(url_for("PayrollDesk.show", list_id=list_id))


def _wanted(form: ListForm) -> lists.Deductions:
    assert form.bulan.data is not None, "the form was validated"
    return lists.preview(scope.session(), scope.actor(), form.bulan.data, employer=form.instansi.data)


def _all_lists() -> list[tuple[PayrollList, int, Rupiah, Rupiah | None]]:
    """Every list, newest first: members, asked, received."""
    asked = (
        PayrollLine.share_rp + PayrollLine.mandatory_rp + PayrollLine.voluntary_rp + PayrollLine.principal_rp
        + PayrollLine.interest_rp + PayrollLine.store_rp
    )  # fmt: skip
    query = (
        select(PayrollList, func.count(PayrollLine.id), func.sum(asked), func.sum(PayrollLine.received_rp))
        .outerjoin(PayrollLine, PayrollLine.list_id == PayrollList.id)
        .group_by(PayrollList.id)
        .order_by(PayrollList.month_on.desc(), PayrollList.employer)
        .limit(60)
    )
    return [
        (sent, count, int(total or 0), None if sent.state == "sent" else int(came or 0))
        for sent, count, total, came in scope.session().execute(query)
    ]


def _sent(wanted: lists.Deductions) -> ResponseReturnValue:
    if request.form.get("mark") != seen(wanted):
        raise PayrollStale()
    made = lists.send(scope.session(), scope.actor(), wanted)
    flash(f"Daftar potongan {month_long(made.month_on)} dikirim: {rupiah(wanted.total_rp)}.", "success")
    return redirect(url_for("PayrollDesk.show", list_id=made.id))


def _compared(wanted: lists.Deductions | None) -> dict[str, Any]:
    """The rows to show, and how each differs from last month."""
    if wanted is None:
        return {"rows": [], "more": 0, "before": {}, "gone": 0, "changed": 0, "sought": ""}
    before = _last_month(wanted.month_on, wanted.employer)
    found = _sought(wanted.rows, lambda row: f"{row.number} {row.nip} {row.name}")
    changed = sum(before.get(row.member_id) != row.total_rp for row in wanted.rows) if before else 0
    gone = len(before.keys() - {row.member_id for row in wanted.rows})
    return {
        "rows": found[:MOST_ROWS], "more": max(0, len(found) - MOST_ROWS), "before": before, "gone": gone,
        "changed": changed, "sought": storable(request.args.get("cari", "")[:100]),
    }  # fmt: skip


def _totals(lines: list[PayrollLine]) -> dict[str, Rupiah]:
    return {
        "saved": sum(line.share_rp + line.mandatory_rp + line.voluntary_rp for line in lines),
        "lent": sum(line.principal_rp + line.interest_rp for line in lines),
        "bought": sum(line.store_rp for line in lines),
        "asked": sum(line.total_rp for line in lines),
        "received": sum(line.received_rp or 0 for line in lines),
    }


def _short(lines: list[PayrollLine]) -> list[PayrollLine]:
    """Members of whom less came than was asked."""
    return [line for line in lines if (line.received_rp or 0) < line.total_rp][:MOST_ROWS]


def _list_tools(sent: PayrollList) -> list[Tool]:
    tools = [Tool("Unduh Excel", url_for("PayrollDesk.download", list_id=sent.id), "payroll.run")]
    if sent.state == "sent":
        here = url_for("SettlementDesk.settle", list_id=sent.id)
        tools.append(Tool("Isi realisasi", here, "payroll.run", main=True))
    return tools


class SettlementDesk(Screen):
    """Realisasi: yang benar-benar dipotong."""

    route_base = "/kopmin/realisasi"

    @expose("/")
    @needs("payroll.run")
    def index(self) -> ResponseReturnValue:
        rows = _all_lists()
        waiting = [row for row in rows if row[0].state == "sent"]
        return self.page("settlements.html", title="Realisasi potongan", waiting=waiting,
                         done=[row for row in rows if row[0].state == "settled"])  # fmt: skip

    @expose("/<row:list_id>", methods=["GET", "POST"])
    @needs("payroll.run")
    def settle(self, list_id: int) -> ResponseReturnValue:
        sent = lists.get(scope.session(), scope.actor(), list_id)
        if sent.state == "settled" and request.method == "GET":
            raise AlreadySettled(month=month_long(sent.month_on))
        lines, form, shown = lists.lines(scope.session(), sent), PaidForm(paid_on=sent.due_on), None
        if form.validate_on_submit():
            with self.posting(form):
                received = _received(lines)
                shown = settlement.preview(scope.session(), scope.actor(), list_id, received, paid_on=form.paid_on.data)
                if request.form.get("act") == "bukukan":
                    return _booked(shown)
        shares = [share for share in shown.shares if share.state != "full"][:MOST_ROWS] if shown else []
        return self.page(
            "payroll_settle.html", title=f"Realisasi {month_long(sent.month_on)}", sent=sent, lines=lines, form=form,
            shown=shown, shares=shares, words=SHARES, mark=seen(shown), most=MOST_TYPED, typed=_packed(shown),
            counts={state: shown.count(state) for state in SHARES} if shown else {},
        )  # fmt: skip


def _received(lines: list[PayrollLine]) -> list[settlement.Received]:
    """What was typed per member, or what a preview carried along. Raises InvalidValue naming the member."""
    packed = request.form.get("received", "")
    if packed:
        if not re.fullmatch(r"\d{1,18}:\d{1,15}(,\d{1,18}:\d{1,15})*", packed, re.ASCII):
            raise PayrollStale()
        pairs = [one.split(":") for one in packed.split(",")]
        return [settlement.Received(int(member_id), int(amount)) for member_id, amount in pairs]
    found = []
    for line in lines:
        text = request.form.get(f"m-{line.member_id}", "").strip()
        try:
            amount_rp = rupiah_of(text) if text else 0
        except ValueError as reason:
            raise InvalidValue(field=f"{line.member.number} {line.member.name}", reason=str(reason)) from None
        found.append(settlement.Received(line.member_id, amount_rp))
    return found


def _packed(shown: settlement.Settlement | None) -> str:
    """What a preview showed, to be sent back with it."""
    if shown is None:
        return ""
    return ",".join(f"{share.member_id}:{share.received_rp}" for share in shown.shares)


def _booked(shown: settlement.Settlement) -> ResponseReturnValue:
    if request.form.get("mark") != seen(shown):
        raise PayrollStale()
    excess = bool(request.form.get("accept_excess"))
    voucher_no = storable(request.form.get("voucher_no", ""))[:60]
    settlement.book(scope.session(), scope.actor(), shown, accept_excess=excess, voucher_no=voucher_no)
    flash(f"Realisasi {month_long(shown.month_on)} dibukukan: {rupiah(shown.received_rp)}.", "success")
    return redirect(url_for("PayrollDesk.show", list_id=shown.list_id))


SCREENS = (PayrollDesk, SettlementDesk)
