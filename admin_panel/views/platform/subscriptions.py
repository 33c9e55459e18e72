"""The figures of subscriptions: each with its formula, by month, by cohort, and the way to the first payment."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import dropwhile
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Screen, Tool, needs
from admin_panel.exports import spreadsheet
from core import clock
from core.display import month_long
from reports.platform.figures import headline
from reports.platform.metrics import FORMULAS, Metrics
from reports.platform.subscriptions import FUNNEL_FORMULA, Funnel, funnel, metrics

FUNNEL_DAYS = timedelta(days=89)
MOVES = (("opening_rp", "Awal"), ("new_rp", "Baru"), ("returned_rp", "Kembali"), ("raised_rp", "Naik"),
         ("lowered_rp", "Turun"), ("lost_rp", "Hilang"), ("mrr_rp", "MRR"))  # fmt: skip
HEADS = (("paying_before", "Awal"), ("started", "Baru"), ("returned", "Kembali"), ("lost", "Berhenti"),
         ("paying", "Membayar"))  # fmt: skip
SHARES = (("logo_churn", "Churn koperasi"), ("revenue_churn", "Churn pendapatan"), ("retention", "Retensi bersih"))


class FigureDesk(Screen):
    route_base = "/platform/angka"

    @expose("/")
    @needs("platform.manage")
    def index(self) -> ResponseReturnValue:
        found, way = _asked()
        sheet = url_for("FigureDesk.export", dari=way.since, sampai=way.until)
        tools = [Tool("Unduh Excel", sheet, "platform.manage")]
        begun = list(dropwhile(lambda month: not (month.mrr_rp or month.lost), found.months))  # nobody paid before
        return self.page("platform_figures.html", title="Angka langganan", figures=headline(found),
                         months=begun or found.months[-1:], cohorts=found.cohorts, funnel=way, tools=tools,
                         moves=MOVES, heads=HEADS, shares=SHARES, formulas=FORMULAS, funnel_formula=FUNNEL_FORMULA,
                         highest=_highest(found))  # fmt: skip

    @expose("/unduh.xlsx")
    @needs("platform.manage")
    def export(self) -> ResponseReturnValue:
        return spreadsheet("Angka langganan", _sheet(*_asked()))


def _asked() -> tuple[Metrics, Funnel]:
    today = clock.today()
    until = _day("sampai", today)
    since = min(_day("dari", until - FUNNEL_DAYS), until)
    with scope.database().platform("figures for the operator") as session:
        return metrics(session, scope.actor(), today), funnel(session, scope.actor(), since, until)


def _day(name: str, default: date) -> date:
    """A day from the address; what is none, or lies outside of people's calendars, asks nothing."""
    try:
        found = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return default
    return found if 2000 <= found.year <= 2200 else default


def _highest(found: Metrics) -> int:
    return max((month.mrr_rp for month in found.months), default=0) or 1


def _sheet(found: Metrics, way: Funnel) -> Iterator[Sequence[Any]]:
    moves, heads, shares = ([label for _, label in columns] for columns in (MOVES, HEADS, SHARES))
    yield ["Bulan", *(f"{label} (Rp)" for label in moves), *(f"{label} (koperasi)" for label in heads), "ARPU (Rp)",
           *(f"{label} (%)" for label in shares), "CLV (Rp)"]  # fmt: skip
    for month in found.months:
        counted = [getattr(month, name) for name, _ in (*MOVES, *HEADS)]
        yield [month.starts_on, *counted, month.arpu_rp, *(_share(getattr(month, name)) for name, _ in SHARES),
               month.value_rp]  # fmt: skip
    yield []
    yield ["Kohor (mulai membayar)", "Koperasi", "Masih membayar pada akhir bulan ke-0, 1, 2 …"]
    for cohort in found.cohorts:
        yield [month_long(cohort.starts_on), cohort.size, *cohort.kept]
    yield []
    yield ["Perjalanan pendaftar", "Dari", way.since, "Sampai", way.until]
    yield from ([step.label, step.count] for step in way.steps)
    yield []
    yield from ([name, sentence] for name, sentence in (*FORMULAS.values(), ("Perjalanan", FUNNEL_FORMULA)))


def _share(value: Decimal | None) -> float | None:
    """A spreadsheet's own kind of number; no rupiah passes here."""
    return None if value is None else float(value)


SCREENS = (FigureDesk,)
