"""What a report's page was asked for: the small form above it, its defaults, and the words of the address."""

import re
from datetime import date
from typing import Any

from flask import request
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from wtforms import SelectField, StringField
from wtforms.validators import Length

from admin_panel import scope
from admin_panel.forms import DayField, KopForm, NoLoneSurrogate
from models.coops import Unit
from reports.catalog import ReportEntry
from reports.scope import AccountInfo, chart_of

FIELD_OF = {
    "account": "akun", "member": "anggota", "as_of": "per", "since": "dari", "until": "sampai", "unit": "unit",
    "compare": "banding",
}  # fmt: skip
"""A report's parameter -> its word in the address and its field."""
COMPARED = {"": "Tidak", "bulan": "Masa sebelumnya", "tahun": "Tahun lalu"}
COMPARISONS = {"bulan": "previous", "tahun": "year"}
WANTED = {"account": "Pilih akun yang ingin dilihat.", "member": "Tulis nomor anggota yang ingin dilihat."}
BY_MONTH = {"cash-book", "journal"}


def _words(label: str, **options: Any) -> StringField:
    return StringField(label, validators=[Length(max=120), NoLoneSurrogate()], **options)


class ReportForm(KopForm):
    """Every choice there is; a report's page keeps those it takes."""

    akun = _words("Akun", render_kw={"list": "daftar-akun", "autocomplete": "off"})
    anggota = _words("Nomor anggota", render_kw={"autocomplete": "off"})
    per = DayField("Per tanggal")
    dari = DayField("Dari")
    sampai = DayField("Sampai")
    unit = SelectField("Unit usaha", default="")
    banding = SelectField("Bandingkan", choices=list(COMPARED.items()), default="")

    class Meta(KopForm.Meta):
        csrf = False  # it only asks; the address is the whole request


def ask(entry: ReportEntry) -> ReportForm:
    """The form as the address fills it; what it leaves out gets the report's usual value."""
    given = {key: value for key, value in request.args.items() if value.strip()}
    form = ReportForm(MultiDict({**defaults(entry, given), **given}))
    for parameter, field in FIELD_OF.items():
        if parameter not in entry.parameters:
            del form[field]
    if "unit" in form:
        units = list(scope.session().scalars(select(Unit).order_by(Unit.code)))
        form.unit.choices = [("", "Semua unit"), *((unit.code, unit.name) for unit in units)]
        if len(units) < 2 and not given.get("unit"):
            del form.unit
    if "banding" in form and entry.is_as_of:
        form.banding.choices = [(key, label.replace("Masa", "Bulan")) for key, label in COMPARED.items()]
    return form


def defaults(entry: ReportEntry, given: dict[str, str]) -> dict[str, str]:
    """Today; from the start of the year, or of the month where every day has many lines."""
    today = scope.today()
    asked = re.match(r"(19|20|21)\d\d(?=-)", given.get("sampai", ""))
    year = int(asked[0]) if asked else today.year
    since = today.replace(day=1) if entry.name in BY_MONTH and "sampai" not in given else date(year, 1, 1)
    return {"per": today.isoformat(), "dari": since.isoformat(), "sampai": today.isoformat()}


def chosen(entry: ReportEntry, form: ReportForm) -> dict[str, Any]:
    """The validated form as arguments of `reports.catalog.run`."""
    found: dict[str, Any] = {p: form[f].data for p, f in FIELD_OF.items() if f in form and form[f].data}
    if "compare" in found:
        found["compare"] = COMPARISONS[found["compare"]]
    if "account" in found:
        found["account"] = _code(found["account"])
    return found


def _code(text: str) -> str:
    """`11011 Kas Besar` as the list offers it is its code."""
    first = text.strip().split(" ", 1)[0]
    return first if any(account.code == first for account in accounts()) else text


def accounts() -> list[AccountInfo]:
    """Accounts that take postings, by code."""
    found = chart_of(scope.session(), scope.actor().coop_id).values()
    return [account for account in found if not account.is_header]


def missing(entry: ReportEntry, form: ReportForm) -> str:
    """What must be chosen before there is anything to show, as a sentence."""
    return WANTED[entry.needs] if entry.needs and not form[FIELD_OF[entry.needs]].data else ""


def address(form: ReportForm) -> dict[str, str]:
    """What the form says, for links to the same choices."""
    raw = {name: field._value() if hasattr(field, "_value") else field.data for name, field in form._fields.items()}
    return {name: str(value) for name, value in raw.items() if value}
