"""The list of time deposits, and the page of one: what it is, what it earned, what happened to it."""

from typing import Any

from flask import url_for

from admin_panel import scope
from admin_panel.base import Pick, TenantModelView, Tool
from admin_panel.chat import to_member
from admin_panel.datamodel import TenantInterface
from admin_panel.shown import day, tag
from core.display import percent_text
from models.deposits import TimeDeposit
from services.deposits import queries
from services.deposits.earning import PAYOUTS, ROLLOVERS
from services.notifications import texts

STATES = {code: label.capitalize() for code, label in queries.STATES.items()}
TONES = {"running": "good", "matured": "warn"}
KINDS = {"placed": "Penempatan", "interest": "Bunga", "rolled": "Diperpanjang", "broken": "Dicairkan lebih awal",
         "paid": "Dicairkan"}  # fmt: skip


def state_tag(code: str) -> Any:
    return tag(STATES[code], TONES.get(code, ""))


def yearly(pct: Any) -> str:
    return f"{percent_text(pct)} %"


class DepositView(TenantModelView):
    """Simpanan berjangka."""

    datamodel = TenantInterface(TimeDeposit)
    route_base = "/kopmin/simpanan-berjangka"
    read = "savings.view"
    list_title = "Simpanan berjangka"
    show_template = "kopmin/deposit.html"
    seek, seek_label = ("member.name", "member.number", "number"), "anggota atau nomor simpanan"
    picks = (
        Pick("keadaan", "Keadaan", "state", lambda: list(STATES.items())),
        Pick("dari", "Jatuh tempo dari", "matures_on", kind="date_from"),
        Pick("sampai", "Sampai", "matures_on", kind="date_to"),
    )
    list_columns = ["member.name", "number", "amount_rp", "term_months", "rate_pct", "matures_on", "state"]
    show_columns = ["number", "member.name"]
    order_columns = ["member.name", "number", "amount_rp", "matures_on"]
    base_order = ("matures_on", "asc")
    label_columns = {
        "member.name": "Anggota", "number": "Nomor", "amount_rp": "Jumlah", "term_months": "Jangka",
        "rate_pct": "Bunga setahun", "matures_on": "Jatuh tempo", "state": "Keadaan",
    }  # fmt: skip
    money_columns = ("amount_rp",)
    formatters_columns = {
        "term_months": lambda months: f"{months} bulan", "rate_pct": yearly, "matures_on": day, "state": state_tag,
    }  # fmt: skip
    empty_text = "Belum ada simpanan berjangka. Tetapkan bunganya, lalu terima yang pertama."

    def tools(self) -> list[Tool]:
        return [
            Tool("Terima baru", url_for("PlaceDesk.place"), "savings.teller", main=True),
            Tool("Jatuh tempo", url_for("DepositDueDesk.index")),
            Tool("Bunga", url_for("DepositRateDesk.index")),
            self.export_tool(),
        ]

    def show_heading(self, item: TimeDeposit) -> str:
        return f"Simpanan berjangka {item.number}"

    def show_tools(self, item: TimeDeposit) -> list[Tool]:
        if item.state == "closed":
            return []
        label = "Cairkan" if item.state == "matured" else "Cairkan lebih awal"
        end = url_for("DepositEndDesk.end", deposit_id=item.id)
        return [Tool(label, end, "savings.teller", main=item.state == "matured")]

    def show_extra(self, item: TimeDeposit) -> dict[str, Any]:
        session, who, today = scope.session(), scope.actor(), scope.today()
        terms = queries.terms_of(item)
        pending = item.state == "running" and terms.next_due_on <= today
        accrued = item.state == "running" and not pending and today > item.interest_until
        return {
            "state": state_tag(item.state), "kinds": KINDS, "moves": queries.movements(session, who, item.id)[::-1],
            "facts": facts_of(item), "next_due_on": terms.next_due_on if item.state == "running" else None,
            "pending": pending, "accrued_rp": terms.accrued(today) if accrued else 0,
            "earned_rp": queries.earned_in_term(session, item),
            "chat": to_member(item.member, texts.deposit_matured(item.number, item.amount_rp))
            if item.state == "matured" else "",
            "papers": [(label, paper.id) for event, label in (("placed", "Kuitansi"), ("closed", "Kuitansi pencairan"))
                       if (paper := queries.receipt_of(session, who, item, event))],
        }  # fmt: skip


def facts_of(deposit: TimeDeposit) -> list[tuple[str, Any]]:
    """What was agreed, label and value."""
    rate = f"{yearly(deposit.rate_pct)} per tahun selama {deposit.term_months} bulan"
    pairs = [
        ("Bunga", rate),
        ("Ditempatkan", day(deposit.placed_on)),
        ("Jatuh tempo", day(deposit.matures_on)),
        ("Bunga dibayar", PAYOUTS[deposit.payout]),
        ("Pada jatuh tempo", ROLLOVERS[deposit.rollover]),
        ("Bila dicairkan lebih awal", f"dipotong {yearly(deposit.break_pct)} dari bunganya"),
        ("Ditutup", day(deposit.closed_on)),
    ]
    return [(label, value) for label, value in pairs if value]


SCREENS = (DepositView,)
