"""Beranda: the day's work that waits, each with the way to do it."""

from dataclasses import dataclass

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from sqlalchemy import func, select

from admin_panel import scope
from admin_panel.base import Screen, needs
from core.display import date_long, month_long, rupiah
from models.members import Member
from models.savings import SavingsBill
from services.access import approvals
from services.ledger import periods
from services.members import commands as members
from services.savings import products, queries
from web.request import safe_next


@dataclass(frozen=True)
class Work:
    """One thing that waits: how many, of what, and where it is done."""

    label: str
    count: int
    note: str
    url: str


class Home(Screen):
    route_base = "/kopmin"

    @expose("/")
    @needs("panel.enter")
    def index(self) -> ResponseReturnValue:
        waiting = [work for work in _work() if work.count]
        return self.page("home.html", title="Beranda", waiting=waiting, today=scope.today(), figures=_figures())

    @expose("/teks/<size>")
    def text_size(self, size: str) -> ResponseReturnValue:
        """Larger or usual letters, remembered in this browser."""
        answer = redirect(safe_next(request.args.get("next"), "/"))
        answer.set_cookie(
            "teks", "besar" if size == "besar" else "biasa", max_age=31536000, samesite="Lax", httponly=True
        )
        return answer


def _work() -> list[Work]:
    """Everything that may wait for this person, by what they may do."""
    session, who, today = scope.session(), scope.actor(), scope.today()
    found = []
    if who.may("ledger.approve"):
        mine = [r for r in approvals.pending(session, who) if r.requested_by != who.user_id]
        found.append(Work("Menunggu persetujuan", len(mine), "jurnal dan pembatalan", url_for("ApprovalDesk.index")))
    if who.may("members.decide"):
        count = members.waiting(session, who)
        found.append(Work("Pendaftaran anggota", count, "menunggu keputusan", url_for("ApplicationView.list")))
    if who.may("ledger.close"):
        late = periods.closable(session, who, today)
        note = f"mulai {month_long(late[0].starts_on)}" if late else ""
        found.append(Work("Bulan belum ditutup", len(late), note, url_for("PeriodDesk.index")))
    if who.may("savings.bill"):
        found.append(_bills_to_make())
    if who.may("savings.view"):
        count, owed_rp = queries.unpaid(session, who)
        found.append(Work("Tagihan belum lunas", count, rupiah(owed_rp), url_for("BillDesk.index")))
    return found


def _bills_to_make() -> Work:
    session, month_on = scope.session(), scope.today().replace(day=1)
    billed = select(SavingsBill.product_id).where(SavingsBill.month_on == month_on)
    held = set(session.scalars(billed.distinct()))
    wanted = [
        p for p in products.active(session, scope.actor()) if p.kind == "mandatory" and p.amount_rp and p.id not in held
    ]
    return Work("Tagihan bulan ini", len(wanted), f"{month_long(month_on)} belum dibuat", url_for("BillDesk.run"))


def _figures() -> list[tuple[str, str]]:
    if not scope.actor().may("members.view"):
        return []
    active = scope.session().scalar(select(func.count()).select_from(Member).where(Member.state == "active")) or 0
    start = scope.coop().books_start_on
    return [
        ("Anggota aktif", f"{active:,}".replace(",", ".")),
        *([("Buku dimulai", date_long(start))] if start else []),
    ]
