"""Beranda: the day's work that waits, each with the way to do it."""

from datetime import date

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from sqlalchemy import func, select

from admin_panel import scope
from admin_panel.base import Screen, needs
from admin_panel.views.loans.applications import is_mine
from admin_panel.views.mart.payouts import waiting_for_me
from admin_panel.views.platform import home as platform
from admin_panel.views.savings.requests import may_decide, may_pay
from admin_panel.work import Work
from core.display import date_long, month_long, rupiah
from models.loans import Loan
from models.members import Member
from models.payroll import PayrollList
from models.savings import SavingsBill
from services.access import approvals
from services.approvals import commands as decisions
from services.coops import setup
from services.deposits import queries as deposits
from services.ledger import periods
from services.loans import arrears, transfers
from services.loans import queries as lending
from services.loans.states import OPEN
from services.mart import queries as trade
from services.members import claims, joining
from services.members import commands as members
from services.privacy import requests as requests_about_data
from services.procurement import queries as purchasing
from services.savings import interest_runs, products, queries, requests
from services.settings import dated
from services.support import desk, tickets
from web.request import safe_next

MOST_BY_NAME = 4
WAITS = {"draft": "Lengkapi", "asked": "Analisis", "analysed": "Putuskan", "approved": "Cairkan"}


class Home(Screen):
    route_base = "/kopmin"

    @expose("/")
    @needs("panel.enter")
    def index(self) -> ResponseReturnValue:
        waiting = [work for work in _work() if work.count]
        return self.page(
            "home.html", title="Beranda", waiting=waiting, today=scope.today(), figures=_figures(), steps=_first_steps()
        )

    @expose("/teks/<size>")
    def text_size(self, size: str) -> ResponseReturnValue:
        """Larger or usual letters, remembered in this browser."""
        answer = redirect(safe_next(request.args.get("next"), "/"))
        answer.set_cookie(
            "teks", "besar" if size == "besar" else "biasa", max_age=31536000, samesite="Lax", httponly=True
        )
        return answer


class PlatformHome(Screen):
    """Where people of the platform come in: no cooperative's rows are in sight here."""

    route_base = "/platform"

    @expose("/")
    @needs("platform.enter")
    def index(self) -> ResponseReturnValue:
        waiting = [work for work in platform.waiting() if work.count]
        return self.page("platform_home.html", title="Meja platform", waiting=waiting, health=platform.health())


def _first_steps() -> list[setup.Step]:
    """The checklist of a new cooperative, for who sets it up, until nothing of it is left."""
    if not scope.actor().may("coop.settings") or scope.coop().is_demo:
        return []
    steps = setup.steps(scope.session(), scope.actor())
    return steps if any(step.is_open for step in steps) else []


def _work() -> list[Work]:
    """Everything that may wait for this person, by what they may do."""
    session, who, today = scope.session(), scope.actor(), scope.today()
    found = []
    if who.may("ledger.approve") or who.may("loans.adjust_approve"):
        mine = [r for r in approvals.pending(session, who) if r.requested_by != who.user_id]
        mine = [r for r in mine if who.may(decisions.EXECUTORS[r.action][0])]
        note = "jurnal, pembatalan, perubahan pinjaman"
        found.append(Work("Menunggu persetujuan", len(mine), note, url_for("ApprovalDesk.index")))
    found += [*_lending(), *_payroll(), *_withdrawals(), *_deposits(), *_shops(), *_payouts(), *_purchases()]
    if who.may("members.decide"):
        count = members.waiting(session, who)
        found.append(Work("Pendaftaran anggota", count, "menunggu keputusan", url_for("ApplicationView.list")))
        claimed = len(claims.waiting(session, who))
        found.append(Work("Permintaan keanggotaan", claimed, "menunggu keputusan", url_for("ClaimDesk.index")))
        asked = joining.how_many(session, who)
        found.append(Work("Permintaan bergabung", asked, "dari halaman publik", url_for("JoinDesk.index")))
    found += _help()
    if who.may("privacy.handle"):
        asked = requests_about_data.waiting(session, who)
        found.append(Work("Permintaan data pribadi", asked, "jawab dalam 3 x 24 jam", url_for("PrivacyDesk.index")))
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


def _help() -> list[Work]:
    """What members wrote and nobody has answered, and what eKopz answered this person."""
    session, who = scope.session(), scope.actor()
    answered = tickets.answered(session, who)
    found = [Work("Jawaban eKopz", answered, "baca, lalu selesaikan", url_for("TicketDesk.index"))]
    if who.may("support.answer"):
        count = desk.figures(session, who).waiting
        found.append(Work("Masukan anggota", count, "menunggu jawaban", url_for("AnswerDesk.index")))
    return found


def _lending() -> list[Work]:
    """Loans that wait for this person's step (each by name while they are few), and those that are late."""
    session, who, today = scope.session(), scope.actor(), scope.today()
    if not who.may("loans.view"):
        return []
    mine = [loan for loan in lending.waiting(session, who, *OPEN) if is_mine(loan)]
    found = [Work("Pengajuan pinjaman", len(mine), "giliran Anda", url_for("LoanDesk.index"))]
    if len(mine) <= MOST_BY_NAME:
        found = [
            Work(f"{WAITS[loan.state]} pinjaman", 1, f"{loan.member.name}, {rupiah(loan.principal_rp)}",
                 url_for("LoanView.show", pk=loan.id), by_name=True) for loan in mine
        ]  # fmt: skip
    if who.may("loans.pay"):
        sent = transfers.waiting(session, who)
        note = rupiah(sum(one.amount_rp for one in sent))
        found.append(Work("Transfer angsuran", len(sent), note, url_for("TransferDesk.index")))
    if who.may("loans.pay") or who.may("loans.adjust"):
        late = [one for one in arrears.standings(session, who.coop_id, today) if one.days_late]
        note = f"menunggak {rupiah(sum(one.late_rp for one in late))}"
        found.append(Work("Pinjaman terlambat", len(late), note, url_for("ClassDesk.index")))
    return found


def _shops() -> list[Work]:
    """What waits in this person's shops: parcels and returns for who sells, low stock, money for the treasurer."""
    session, who = scope.session(), scope.actor()
    if not who.may("mart.view"):
        return []
    waits, found = trade.waiting(session, who), []
    if who.may("mart.sell"):
        found.append(Work("Pesanan perlu dikemas", waits.packing, "sudah dibayar atau bayar saat diambil",
                          url_for("OrderView.list", keadaan="packing")))  # fmt: skip
    if who.may("mart.sell") or who.may("mart.money"):
        note = "menunggu jawaban toko"
        found.append(Work("Pengembalian barang", waits.returns, note, url_for("OrderView.list", keadaan="returned")))
    if who.may("mart.money"):
        here = url_for("OrderPaymentDesk.index")
        found.append(Work("Bukti bayar pesanan", waits.proofs, "menunggu dicocokkan", here))
        found.append(Work("Uang pesanan batal", waits.late, "harus dikembalikan", here))
    if who.may("mart.stock"):
        found.append(Work("Barang menipis", waits.low, "di bawah batas pesan lagi", url_for("StockDesk.index")))
    return found


def _withdrawals() -> list[Work]:
    """Money members asked for, that this person decides on or pays."""
    session, who = scope.session(), scope.actor()
    if not (who.may("savings.view") and (who.may("savings.approve") or who.may("savings.teller"))):
        return []
    waiting = requests.waiting(session, who)
    found = []
    for label, state, mine in (
        ("Permintaan penarikan", "asked", [one for one in waiting if may_decide(one)]),
        ("Penarikan siap dibayar", "approved", [one for one in waiting if may_pay(one)]),
    ):
        note = rupiah(sum(one.amount_rp for one in mine))
        found.append(Work(label, len(mine), note, url_for("WithdrawalView.list", keadaan=state)))
    return found


def _payouts() -> list[Work]:
    """Balances that shops asked for, and this person decides on or pays."""
    mine = waiting_for_me()
    note = rupiah(sum(one.amount_rp for one in mine))
    return [Work("Penarikan saldo toko", len(mine), note, url_for("BalanceDesk.index"))]


def _deposits() -> list[Work]:
    """Time deposits to pay out or to book, and months whose interest on savings is not booked."""
    session, who, today = scope.session(), scope.actor(), scope.today()
    found = []
    if who.may("savings.teller") and who.may("savings.view"):
        matured = deposits.everyone(session, who, "matured")
        note = f"{rupiah(sum(one.amount_rp for one in matured))} menunggu diambil"
        found.append(Work("Simpanan berjangka jatuh tempo", len(matured), note, url_for("DepositDueDesk.index")))
    if who.may("savings.interest"):
        pending = len(deposits.fallen_due(session, who, today))
        note = "belum dibukukan"
        found.append(Work("Bunga simpanan berjangka", pending, note, url_for("DepositDueDesk.index")))
        months = interest_runs.months_waiting(session, who, today=today)
        note = f"mulai {month_long(months[0])}" if months else ""
        found.append(Work("Jasa simpanan", len(months), note, url_for("InterestDesk.index")))
    return found


def _purchases() -> list[Work]:
    """Orders that wait for this person's yes, and bills of suppliers that are due."""
    session, who, today = scope.session(), scope.actor(), scope.today()
    found = []
    if who.may("procurement.approve"):
        asked = purchasing.waiting(session, who)
        note = rupiah(sum(one.total_rp for one in asked))
        waiting = url_for("PurchaseOrderView.list", keadaan="asked")
        found.append(Work("Pesanan menunggu persetujuan", len(asked), note, waiting))
    if who.may("procurement.pay"):
        due = purchasing.due(session, who, today)
        note = f"{rupiah(sum(one.owed_rp for one in due))} jatuh tempo minggu ini"
        found.append(Work("Tagihan pemasok", len(due), note, url_for("SupplierBillView.list", keadaan="open")))
    return found


def _payroll() -> list[Work]:
    """The month's list, once its day has come, and lists whose money should be here."""
    session, who, today = scope.session(), scope.actor(), scope.today()
    if not who.may("payroll.run"):
        return []
    month_on = today.replace(day=1)
    found = [
        Work("Realisasi potongan", 1, f"{month_long(sent.month_on)} belum dibukukan",
             url_for("SettlementDesk.settle", list_id=sent.id), by_name=True)
        for sent in _unsettled(today)
    ]  # fmt: skip
    cutoff = dated.whole(session, who.coop_id, "payroll.cutoff_day", today)
    held = session.scalars(select(PayrollList.id).where(PayrollList.month_on == month_on)).first() is not None
    if today.day >= cutoff and not held and _deducted():
        note = f"{month_long(month_on)} belum dikirim"
        make = url_for("PayrollDesk.make", bulan=f"{month_on:%Y-%m}")
        found.append(Work("Daftar potongan", 1, note, make, by_name=True))
    return found


def _unsettled(today: date) -> list[PayrollList]:
    waiting = select(PayrollList).where(PayrollList.state == "sent", PayrollList.due_on <= today)
    return list(scope.session().scalars(waiting.order_by(PayrollList.month_on).limit(MOST_BY_NAME)))


def _deducted() -> bool:
    """Whether the cooperative works with payroll at all: a list was ever made, or a loan is collected that way."""
    session = scope.session()
    by_payroll = select(Loan.id).where(Loan.state == "running", Loan.collected_by == "payroll").limit(1)
    return bool(session.scalar(select(PayrollList.id).limit(1)) or session.scalar(by_payroll))


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


SCREENS = (PlatformHome,)
