"""Laporan: every report of the catalogue as a page and as a file; each figure leads to where it comes from."""

from typing import Any
from urllib.parse import urlencode

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Screen, Tool, needs, whole_argument
from admin_panel.report_choices import ReportForm, accounts, address, ask, chosen, missing
from admin_panel.report_page import draw, rows_of
from core.clock import now
from core.errors import NotAllowed, Refusal
from reports.catalog import CATALOG, ReportEntry, entry_of, run
from reports.export import FORMATS, LONGEST, check_length, file_name, logo_of, render
from reports.signatures import signatures
from reports.tables import Report, as_table
from services.ledger.posting import entry_by_seq

FILES = {"xlsx": "Excel", "pdf": "PDF", "json": "JSON"}
LAST_PAGE = 10_000


class ReportDesk(Screen):
    route_base = "/kopmin/laporan"

    @expose("/")
    @needs("reports.view")
    def index(self) -> ResponseReturnValue:
        groups: dict[str, list[ReportEntry]] = {}
        for entry in CATALOG.values():
            if scope.actor().may(entry.permission):
                groups.setdefault(entry.group, []).append(entry)
        return self.page("reports.html", title="Laporan", groups=groups)

    @expose("/<report>")
    @needs("reports.view")
    def show(self, report: str) -> ResponseReturnValue:
        entry, page = allowed_entry(report), whole_argument("hal", 0, LAST_PAGE)
        form, rows = ask(entry), rows_of(entry.name)
        found, status = read(entry, form, limit=rows, offset=page * rows)
        return self.page("report.html", **shown(entry, form, found, page))[0], status

    @expose("/<report>/unduh.json")
    @expose("/<report>/unduh.pdf")
    @expose("/<report>/unduh.xlsx")
    @needs("reports.view")
    def download(self, report: str) -> ResponseReturnValue:
        entry, kind = allowed_entry(report), request.path.rsplit(".", 1)[1]
        form = ask(entry)
        found, status = read(entry, form, limit=LONGEST[kind], kind=kind)
        if found is not None:
            return as_file(found, kind)
        return self.page("report.html", **shown(entry, form, None, 0))[0], status

    @expose("/jurnal/<row:seq>")
    @needs("ledger.view")
    def entry(self, seq: int) -> ResponseReturnValue:
        """A report knows an entry by its place in the chain, its page by its id."""
        return redirect(url_for("JournalView.show", pk=entry_by_seq(scope.session(), scope.actor(), seq).id))


def allowed_entry(name: str) -> ReportEntry:
    """Raises UnknownReport, NotAllowed."""
    entry = entry_of(name)
    scope.actor().must(entry.permission)
    return entry


def read(
    entry: ReportEntry, form: ReportForm, *, limit: int, offset: int = 0, kind: str = ""
) -> tuple[Report | None, int]:
    """The report the form asks for, or None with the reason on the form; and the status to answer with."""
    if not form.validate():
        return None, 422
    if missing(entry, form):
        return None, 200
    try:
        found = run(scope.session(), scope.actor(), entry.name, **chosen(entry, form), limit=limit, offset=offset)
        if kind:
            check_length(found, kind)
        return found, 200
    except NotAllowed:
        raise  # a page of its own: nothing on the form would help
    except Refusal as refusal:
        form.refused(refusal.sentence)
        return None, refusal.status


def shown(entry: ReportEntry, form: ReportForm, found: Report | None, page: int) -> dict[str, Any]:
    """What the page shows: the form, and below it the table or what is still to be chosen."""
    context = {"title": entry.title, "entry": entry, "form": form, "accounts": accounts() if "akun" in form else []}
    if found is None:
        return {**context, "wanted": "" if form.errors else missing(entry, form)}
    table, asked = as_table(found), address(form)
    count = found.count if entry.is_paged else None  # type: ignore[attr-defined]  # what a paged report has
    drawn = draw(found, table, unit=asked.get("unit", ""), page=page, count=count)
    here = url_for("ReportDesk.show", report=entry.name)
    tools = [Tool(label, f"{here}/unduh.{kind}?{urlencode(asked)}", "reports.view") for kind, label in FILES.items()]
    signing = signatures(table.frame, now())
    more = {"table": table, "drawn": drawn, "tools": tools, "sign": signing, "here": here, "asked": asked}
    return {**context, **more, "title": table.title}


def as_file(report: Report, kind: str) -> Response:
    """The report as a download."""
    logo = logo_of(report.frame.coop, scope.settings().uploads)
    named = {"Content-Disposition": f'attachment; filename="{file_name(report, kind)}"'}
    return Response(render(report, kind, logo=logo), mimetype=FORMATS[kind].mime, headers=named)


SCREENS = (ReportDesk,)
