"""The list of loans, and the page of one: where it stands, what is due, what was paid, what may be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_appbuilder.models.filters import BaseFilter, Filters
from sqlalchemy import select
from sqlalchemy.orm import Query

from admin_panel import scope
from admin_panel.base import Pick, TenantModelView, Tool
from admin_panel.datamodel import TenantInterface
from admin_panel.shown import at, day, tag
from admin_panel.views.loans import applications as desk
from admin_panel.views.loans import reminders
from core.display import date_long, rupiah
from core.money import Rupiah
from models.access import User
from models.loans import Loan, LoanDecision, LoanInstallment, LoanPayment, LoanProduct
from services.loans import applications, arrears, collectibility, documents, products, queries, repayment, undoing
from services.loans.simulation import Outlook
from services.loans.states import LABELS

STATES = {code: label.capitalize() for code, label in LABELS.items()}
KINDS = {
    "payment": "Angsuran", "payroll": "Potong gaji", "savings": "Dari simpanan", "settlement": "Pelunasan",
    "top_up": "Kompensasi", "exit": "Anggota keluar", "reversal": "Pembatalan", "write_off": "Hapus buku",
    "recovery": "Pemulihan", "opening": "Saldo awal",
}  # fmt: skip
TONES = {"asked": "info", "analysed": "info", "approved": "warn", "running": "good", "rejected": "bad",
         "written_off": "bad"}  # fmt: skip
MOST_ROWS = 72


class FilterIds(BaseFilter):
    """Only these rows."""

    name = "Kelas"

    def apply(self, query: Query[Any], value: Sequence[int]) -> Query[Any]:
        return query.filter(self.model.id.in_(value))


def _product_choices() -> list[tuple[str, str]]:
    found = scope.session().scalars(select(LoanProduct).order_by(LoanProduct.code))
    return [(str(product.id), product.name) for product in found]


def _class_choices() -> list[tuple[str, str]]:
    classes = collectibility.table(scope.session(), scope.actor().coop_id, scope.today())
    return [(one.name, one.name) for one in classes]


def state_tag(code: str) -> Any:
    return tag(STATES.get(code, code), TONES.get(code, ""))


class LoanView(TenantModelView):
    """Pinjaman."""

    datamodel = TenantInterface(Loan)
    route_base = "/kopmin/pinjaman"
    read = "loans.view"
    list_title = "Pinjaman"
    show_template = "kopmin/loan.html"
    seek, seek_label = ("member.name", "member.number", "number"), "anggota atau nomor pinjaman"
    picks = (
        Pick("keadaan", "Keadaan", "state", lambda: list(STATES.items())),
        Pick("jenis", "Jenis", "product_id", _product_choices),
        Pick("kelas", "Kelas", "id", _class_choices, kind="class"),
    )
    list_columns = ["member.name", "number", "product.name", "principal_rp", "term", "disbursed_on", "outstanding_rp",
                    "state"]  # fmt: skip
    show_columns = ["number", "member.name"]
    order_columns = ["member.name", "number", "principal_rp", "disbursed_on", "outstanding_rp"]
    base_order = ("number", "desc")
    label_columns = {
        "member.name": "Anggota", "number": "Nomor", "product.name": "Jenis", "principal_rp": "Plafon",
        "term": "Tenor", "disbursed_on": "Cair", "outstanding_rp": "Sisa pokok", "state": "Keadaan",
    }  # fmt: skip
    money_columns = ("principal_rp", "outstanding_rp")
    formatters_columns = {"disbursed_on": day, "state": state_tag, "term": lambda n: f"{n} kali"}
    empty_text = "Belum ada pinjaman. Catat pengajuan pertama."

    def tools(self) -> list[Tool]:
        return [
            Tool("Catat pengajuan", url_for("LoanDesk.ask"), "loans.ask"),
            Tool("Terima angsuran", url_for("InstallmentDesk.find"), "loans.pay", main=True),
            self.export_tool(),
        ]

    def _pick(self, filters: Filters, pick: Pick, value: str) -> None:
        if pick.kind != "class":
            super()._pick(filters, pick, value)
        elif value in dict(_class_choices()):
            filters._add_filter(FilterIds("id", self.datamodel), _ids_of_class(value))

    def show_heading(self, item: Loan) -> str:
        return f"Pinjaman {item.number}"

    def show_tools(self, item: Loan) -> list[Tool]:
        return _tools(item)

    def show_extra(self, item: Loan) -> dict[str, Any]:
        session = scope.session()
        held = documents.of_loan(session, item)
        return {
            "steps": _steps(item), "facts": desk.facts_of(item), "card": item.analysis or None,
            "papers": held, "missing": [d for d in item.product.documents if d not in {one.label for one in held}],
            "decisions": queries.decisions(session, item), "may_decide": desk.my_turn(item),
            "asks": products.STEPS.get(applications.next_step(session, item) or ""), "state": state_tag(item.state),
            "shown": _planned(item), **_money(item),
        }  # fmt: skip


def _ids_of_class(name: str) -> list[int]:
    coop_id, today = scope.actor().coop_id, scope.today()
    classes = collectibility.table(scope.session(), coop_id, today)
    found = arrears.standings(scope.session(), coop_id, today)
    return [one.loan_id for one in found if collectibility.class_of(classes, one.days_late).name == name]


@dataclass(frozen=True)
class Step:
    """One stop of a loan's way. `mark` is done, now, stopped or empty; `said` tells who and when."""

    label: str
    mark: str = ""
    said: str = ""


def _steps(loan: Loan) -> list[Step]:
    decided = {one.step: one for one in queries.decisions(scope.session(), loan)}
    analysed, asker = loan.analysis or {}, scope.session().get(User, loan.created_by)
    found = [Step("Diajukan", "done" if loan.state != "draft" else "now", _said(asker, loan.asked_on))]
    said = f"{analysed['by']}, {date_long(date.fromisoformat(analysed['on']))}" if analysed.get("by") else ""
    found.append(Step("Dianalisis", "done" if analysed else "", said))
    if not decided and loan.state in {"running", "settled", "written_off"} and not analysed:
        found = found[:1]  # taken over from older books: nobody decided here
    else:
        found += [_decision(decided.get(n), products.STEPS[p]) for n, p in enumerate(applications.steps_of(loan), 1)]
    found.append(Step("Dicairkan", "done" if loan.disbursed_on else "", day(loan.disbursed_on)))
    if loan.state in {"rejected", "cancelled", "written_off"}:
        return [one for one in found if one.mark] + [Step(STATES[loan.state], "stopped", day(loan.ended_on))]
    if loan.state == "running":
        found.append(Step("Berjalan", "now", f"sisa {rupiah(loan.outstanding_rp)}"))
    found.append(Step("Lunas", "done" if loan.state == "settled" else "", day(loan.ended_on)))
    return _with_now(found)


def _said(who: User | None, on: date) -> str:
    return f"{who.full_name}, {date_long(on)}" if who else date_long(on)


def _decision(made: LoanDecision | None, label: str) -> Step:
    if made is None:
        return Step(label)
    mark = "done" if made.verdict == "approved" else "stopped"
    return Step(label, mark, f"{made.decider.full_name}, {at(made.decided_at)}")


def _with_now(steps: list[Step]) -> list[Step]:
    """The first stop not reached is where the loan stands."""
    if any(one.mark == "now" for one in steps):
        return steps
    place = next((n for n, one in enumerate(steps) if not one.mark), None)
    return [Step(one.label, "now", one.said) if n == place else one for n, one in enumerate(steps)]


def _planned(loan: Loan) -> Outlook | None:
    """The schedule that would be, until there is one."""
    waiting = loan.state in {"draft", "asked", "analysed", "approved"}
    return desk.outlook(loan.product, loan.principal_rp, loan.term) if waiting else None


@dataclass(frozen=True)
class Due:
    """A row of the schedule and how it stands today."""

    row: LoanInstallment
    word: str
    tone: str


def _money(loan: Loan) -> dict[str, Any]:
    if loan.disbursed_on is None:
        return {"rows": [], "paid": [], "due": None, "late": None, "more_rows": 0, "old": range(0)}
    session, today = scope.session(), scope.today()
    rows = queries.installments(session, loan)
    found = [_due(row, today) for row in rows]
    first = max(0, next((n for n, one in enumerate(found) if one.word != "Lunas"), 0) - 12)
    start = first if len(found) > MOST_ROWS else 0
    shown = found[start : start + MOST_ROWS]
    running = loan.state == "running"
    due = queries.next_due(rows, today) if running else None
    late = _standing(loan, today) if running else None
    return {
        "rows": shown, "more_rows": len(found) - len(shown), "paid": _paid(loan),
        "due": due, "late": late, "kinds": KINDS, "old": range(1, loan.schedule_no),
        "remind": reminders.link(loan, due, late.days_late if late else 0) if due else "",
    }  # fmt: skip


def _due(row: LoanInstallment, today: date) -> Due:
    if not row.left_rp:
        return Due(row, "Lunas", "good")
    if row.due_on < today:
        return Due(row, f"Terlambat {(today - row.due_on).days} hari", "bad")
    part = row.principal_paid_rp or row.interest_paid_rp
    return Due(row, "Sebagian" if part else "Belum", "warn" if part else "")


@dataclass(frozen=True)
class Standing:
    days_late: int
    class_name: str
    tone: str
    penalty_rp: Rupiah


def _standing(loan: Loan, today: date) -> Standing | None:
    session, coop_id = scope.session(), scope.actor().coop_id
    found = [one for one in arrears.standings(session, coop_id, today, member_id=loan.member_id)
             if one.loan_id == loan.id]  # fmt: skip
    if not found:
        return None
    classes = collectibility.table(session, coop_id, today)
    own = collectibility.class_of(classes, found[0].days_late)
    tone = "bad" if own.is_bad else "good" if own is classes[0] else "warn"
    penalty_rp = sum(one.penalty_rp for one in repayment.owed(loan, queries.installments(session, loan), today))
    return Standing(found[0].days_late, own.name, tone, penalty_rp)


@dataclass(frozen=True)
class Paid:
    """A payment, its kuitansi, and whether it may be undone."""

    payment: LoanPayment
    receipt_id: int | None
    undone: bool
    can_undo: bool


def _paid(loan: Loan) -> list[Paid]:
    session, may = scope.session(), scope.actor().may("loans.reverse")
    made = queries.payments(session, loan)
    papers = queries.receipt_ids(session, loan)
    undone = {one.reverses_id for one in made if one.reverses_id}
    standing = [one for one in made if one.kind != "reversal" and one.id not in undone]
    last = max(standing, key=lambda one: one.id, default=None)
    found = [
        Paid(one, papers.get(one.source), one.id in undone,
             may and one is last and one.kind in undoing.UNDOABLE and loan.state in {"running", "settled"})
        for one in made
    ]  # fmt: skip
    return found[::-1]


def _tools(loan: Loan) -> list[Tool]:
    """What may be done with a loan in its state; who may not is not shown it."""

    def tool(label: str, endpoint: str, word: str, *, main: bool = False) -> Tool:
        return Tool(label, url_for(endpoint, loan_id=loan.id), word, main=main)

    own = scope.actor().user_id == loan.created_by or scope.actor().member_id == loan.member_id
    by_state = {
        "draft": [tool("Unggah dokumen", "LoanDesk.paper", "loans.ask", main=True)],
        "asked": [tool("Analisis", "LoanDesk.analyse", "loans.analyse", main=True)] if not own else [],
        "approved": [tool("Cairkan", "PayoutDesk.payout", "loans.disburse", main=True)],
        "running": [
            tool("Terima angsuran", "InstallmentDesk.pay", "loans.pay", main=True),
            tool("Pelunasan dipercepat", "InstallmentDesk.settle", "loans.pay"),
        ],
        "written_off": [tool("Catat pemulihan", "InstallmentDesk.recover", "loans.pay", main=True)],
    }
    return by_state.get(loan.state, [])


SCREENS = (LoanView,)
