"""Laporan bulanan: the months a member has been here, each as a PDF."""

from datetime import date, timedelta
from itertools import groupby

from flask.typing import ResponseReturnValue

from core.errors import NotFound
from member_portal.frame import coop, me, members_only, page, portal
from member_portal.views.savings import pdf
from reports.choices import Choices, own_choices
from reports.export import file_name, logo_of, render
from reports.member_month import member_month
from services.ledger.balances import month_end
from web.request import db, settings


@portal.get("/mykoperasi/laporan")
@members_only
def statements() -> ResponseReturnValue:
    months = _months(_known())
    years = [(year, list(group)) for year, group in groupby(months, lambda month: month.year)]
    return page("statements.html", title="Laporan bulanan", years=years, running=months[0])


@portal.get("/mykoperasi/laporan/<month>.pdf")
@members_only
def statement(month: str) -> ResponseReturnValue:
    """One of the months listed, up to today while it runs. Raises NotFound for any other."""
    who, member_id = me()
    known = _known()
    since = next((one for one in _months(known) if f"{one:%Y-%m}" == month), None)
    if since is None:
        raise NotFound(what="Laporan bulan itu")
    report = member_month(db(), who, since, min(month_end(since), known.today), member=member_id)
    return pdf(render(report, "pdf", logo=logo_of(report.frame.coop, settings().uploads)), file_name(report, "pdf"))


def _known() -> Choices:
    here = coop()
    assert here is not None
    return own_choices(db(), me()[0], here.zone)


def _months(known: Choices) -> list[date]:
    """First days of the months from a member's first movement to now, newest first."""
    last = known.today.replace(day=1)
    month, months = min(known.first_on or last, last).replace(day=1), []
    while month <= last:
        months.append(month)
        month = month_end(month) + timedelta(days=1)
    return months[::-1]
