"""Who is late and what it costs: classes as of a day, their table, the month's allowance."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from wtforms.validators import InputRequired

from admin_panel import scope
from admin_panel.base import Screen, Tool, needs, seen, storable
from admin_panel.forms import DayField, KopForm, MonthField
from admin_panel.views.loans import reminders
from core.display import month_long, percent_text, rupiah
from models.loans import Loan
from services.loans import arrears, collectibility, provisioning
from services.loans.refusals import ClassesInvalid, QuoteStale

MOST_LATE, MOST_CLASSES = 100, 8


class AsOf(KopForm):
    class Meta(KopForm.Meta):
        csrf = False

    per = DayField("Per tanggal", validators=[InputRequired()])


class MonthOf(KopForm):
    class Meta(KopForm.Meta):
        csrf = False

    bulan = MonthField("Bulan", validators=[InputRequired()])


class TableForm(KopForm):
    effective_on = DayField("Berlaku mulai", validators=[InputRequired()])


class ClassDesk(Screen):
    """Kolektibilitas dan penyisihan."""

    route_base = "/kopmin/kolektibilitas"

    @expose("/")
    @needs("loans.view")
    def index(self) -> ResponseReturnValue:
        form = AsOf(request.args if request.args.get("per") else None, per=scope.today())
        on = form.per.data if not request.args.get("per") or form.validate() else scope.today()
        tools = [
            Tool("Tabel kelas", url_for("ClassDesk.table"), "loans.products"),
            Tool("Penyisihan bulanan", url_for("ClassDesk.provision"), "loans.provision", main=True),
        ]
        return self.page("loan_classes.html", title="Kolektibilitas", form=form, tools=tools, **_standing(on))

    @expose("/kelas", methods=["GET", "POST"])
    @needs("loans.products")
    def table(self) -> ResponseReturnValue:
        form, rows = TableForm(effective_on=scope.today().replace(day=1)), _shown_rows()
        if form.validate_on_submit() and request.form.get("act") != "isi":
            with self.posting(form):
                classes, on = _classes(rows), form.effective_on.data
                collectibility.decide(scope.session(), scope.actor(), classes, effective_on=on)
                flash("Tabel kelas tersimpan.", "success")
                return redirect(url_for("ClassDesk.index"))
        presets = [(code, label) for code, (label, _) in collectibility.PRESETS.items()]
        return self.page("loan_class_table.html", title="Tabel kelas", form=form, rows=rows, presets=presets)

    @expose("/penyisihan", methods=["GET", "POST"])
    @needs("loans.provision")
    def provision(self) -> ResponseReturnValue:
        form, found = MonthOf(request.args if request.args.get("bulan") else None, bulan=_last_month()), None
        if not request.args.get("bulan") or form.validate():
            with self.posting(form):
                found = provisioning.preview(scope.session(), scope.actor(), form.bulan.data or _last_month())
                if request.method == "POST":
                    return _booked(found)
        title = "Penyisihan pinjaman"
        return self.page("loan_provision.html", title=title, form=form, found=found, mark=seen(found))


def _standing(on: date) -> dict[str, Any]:
    """All classes as of a day, and who is late, the longest first."""
    session, coop_id = scope.session(), scope.actor().coop_id
    classes, found = collectibility.table(session, coop_id, on), arrears.standings(session, coop_id, on)
    lines = collectibility.by_class(classes, found)
    late = sorted((one for one in found if one.days_late), key=lambda one: -one.days_late)
    query = (
        select(Loan).where(Loan.id.in_([one.loan_id for one in late[:MOST_LATE]])).options(selectinload(Loan.member))
    )
    loans = {loan.id: loan for loan in session.scalars(query)}
    rows = [
        (loans[one.loan_id], one, collectibility.class_of(classes, one.days_late),
         reminders.late_link(loans[one.loan_id], one.late_rp, one.days_late)) for one in late[:MOST_LATE]
    ]  # fmt: skip
    return {
        "on": on, "lines": lines, "late": rows, "more": max(0, len(late) - MOST_LATE),
        "npl": percent_text(collectibility.npl_pct(lines)), "par": percent_text(collectibility.par_pct(found)),
        "percent": percent_text,
    }  # fmt: skip


def _last_month() -> date:
    first = scope.today().replace(day=1)
    years, month = divmod(first.year * 12 + first.month - 2, 12)
    return date(years, month + 1, 1)


def _booked(found: provisioning.Provision) -> ResponseReturnValue:
    if request.form.get("mark") != seen(found):
        raise QuoteStale()
    posted = provisioning.book(scope.session(), scope.actor(), found)
    month = month_long(found.as_of)
    told = f"dibukukan {rupiah(abs(found.change_rp))} sebagai jurnal {posted.label}" if posted else "sudah sesuai"
    flash(f"Penyisihan {month} {told}.", "success")
    return redirect(url_for("ClassDesk.provision", bulan=f"{found.as_of:%Y-%m}"))


def _shown_rows() -> list[dict[str, str]]:
    """The table as typed, as a preset, or as it is in force; always with rows to spare."""
    preset = request.form.get("preset", "") if request.form.get("act") == "isi" else ""
    if request.method == "POST" and preset not in collectibility.PRESETS:
        rows = [
            {part: storable(request.form.get(f"{part}-{n}", "").strip())[:40] for part in ("name", "days", "pct")}
            | {"bad": request.form.get(f"bad-{n}", "")}
            for n in range(MOST_CLASSES)
        ]
    else:
        held = collectibility.table(scope.session(), scope.actor().coop_id, scope.today())
        classes = collectibility.PRESETS[preset][1] if preset else held
        rows = [
            {"name": one.name, "days": str(one.from_days), "pct": percent_text(one.allowance_pct),
             "bad": "y" if one.is_bad else ""} for one in classes
        ]  # fmt: skip
    blank = {"name": "", "days": "", "pct": "", "bad": ""}
    return (rows + [blank] * MOST_CLASSES)[:MOST_CLASSES]


def _classes(rows: list[dict[str, str]]) -> list[collectibility.Class]:
    """The typed table; the last class is the loss. Raises ClassesInvalid."""
    filled = [row for row in rows if row["name"] or row["days"] or row["pct"]]
    found = []
    for place, row in enumerate(filled, start=1):
        pct = row["pct"].replace(",", ".")
        if not re.fullmatch(r"[0-9]{1,5}", row["days"]) or not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,4})?", pct):
            raise ClassesInvalid(reason=f"baris {place}: isi hari dan persen dengan angka, misalnya 91 dan 10.")
        last = place == len(filled)
        found.append(collectibility.Class(row["name"], int(row["days"]), Decimal(pct), bool(row["bad"]) or last, last))
    return found


SCREENS = (ClassDesk,)
