"""The books: chart, journal, manual journals and reversals, approvals, periods, verification."""

import re
import secrets
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from sqlalchemy import select
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from admin_panel import scope
from admin_panel.base import Pick, Screen, TenantModelView, Tool, needs
from admin_panel.datamodel import TenantInterface
from admin_panel.forms import DayField, KopForm, NoLoneSurrogate, rupiah_of
from admin_panel.shown import at, day, tag, yes_no
from admin_panel.sources import source_links
from core.display import month_long, rupiah
from core.errors import InvalidValue, NotFound
from models.access import ApprovalRequest
from models.coops import Unit
from models.ledger import Account, AccountRole, JournalEntry
from services.access import approvals
from services.access.roles import roles_of
from services.approvals import commands as decisions
from services.coops import commands as coops
from services.ledger import chart, manual, periods
from services.ledger.checks import CHECKS, check_books
from services.ledger.posting import Line, entry_by_seq

TYPES = {"asset": "Aset", "liability": "Liabilitas", "equity": "Ekuitas", "income": "Pendapatan", "expense": "Beban"}
SIDES = {"debit": "Debit", "credit": "Kredit"}
PERIOD_STATES = {"open": "Terbuka", "closed": "Tertutup", "locked": "Terkunci"}
ORIGINS = {
    "savings": "Simpanan",
    "savings-reversal": "Pembatalan simpanan",
    "manual": "Jurnal manual",
    "reversal": "Pembatalan",
    "exit": "Anggota keluar",
    "payroll": "Potong gaji",
    "loan": "Pencairan atau hapus buku",
    "loan-payment": "Angsuran",
    "loan-recovery": "Pemulihan pinjaman",
    "provision": "Penyisihan pinjaman",
    "procurement": "Pengadaan",
    "mart": "Toko",
    "order": "Pesanan toko",
    "return": "Pengembalian barang",
    "import": "Impor berkas",
    "opening": "Saldo awal",
}
ACTIONS = {
    "ledger.journal": "Jurnal manual",
    "ledger.reversal": "Pembatalan jurnal",
    "loans.restructure": "Restrukturisasi pinjaman",
    "loans.write_off": "Hapus buku pinjaman",
}
FEWEST_LINES, MOST_LINES = 4, 200


def origin(source: str) -> str:
    """Where an entry came from, in a word."""
    return ORIGINS.get(source.split(":", 1)[0], source.split(":", 1)[0].title())


class AccountView(TenantModelView):
    """Bagan akun."""

    datamodel = TenantInterface(Account)
    route_base = "/kopmin/bagan-akun"
    read = "ledger.view"
    list_title = "Bagan akun"
    seek, seek_label = ("name", "code"), "kode atau nama akun"
    picks = (Pick("jenis", "Jenis", "type", lambda: list(TYPES.items())),)
    list_columns = ["code", "name", "type", "normal_balance", "is_header"]
    show_columns = ["code", "name", "type", "normal_balance", "is_header", "parent", "note", "is_active"]
    order_columns = ["code", "name", "type"]
    base_order = ("code", "asc")
    page_size = 100
    label_columns = {
        "code": "Kode", "name": "Nama", "type": "Jenis", "normal_balance": "Saldo normal", "is_header": "Induk",
        "parent": "Akun induk", "note": "Catatan", "is_active": "Dipakai",
    }  # fmt: skip
    formatters_columns = {
        "type": TYPES.get, "normal_balance": SIDES.get, "is_header": lambda yes: "Induk" if yes else "",
        "is_active": yes_no, "parent": lambda parent: str(parent) if parent else "",
    }  # fmt: skip

    def tools(self) -> list[Tool]:
        return [Tool("Peran akun", url_for("AccountRoleDesk.index"), "ledger.view"), self.export_tool()]

    def show_tools(self, item: Account) -> list[Tool]:
        pages = url_for("ReportDesk.show", report="general-ledger", akun=item.code)
        return [] if item.is_header else [Tool("Lihat buku besar", pages, "reports.view")]


class RoleForm(KopForm):
    account_id = SelectField("Akun yang memegang peran ini", coerce=int)


class AccountRoleDesk(Screen):
    """Akun mana yang memegang peran apa; perintah menyebut perannya, bukan kodenya."""

    route_base = "/kopmin/peran-akun"

    @expose("/")
    @needs("ledger.view")
    def index(self) -> ResponseReturnValue:
        held = {row.role: row.account for row in scope.session().scalars(select(AccountRole))}
        rows = [(role.value, role.value.replace("_", " ").capitalize(), held.get(role.value)) for role in chart.Role]
        return self.page("account_roles.html", title="Peran akun", rows=rows)

    @expose("/<role>", methods=["GET", "POST"])
    @needs("ledger.chart")
    def change(self, role: str) -> ResponseReturnValue:
        if role not in set(chart.Role):
            raise NotFound(what="Peran akun")
        form, session = RoleForm(), scope.session()
        accounts = list(
            session.scalars(select(Account).where(~Account.is_header, Account.is_active).order_by(Account.code))
        )
        form.account_id.choices = [(account.id, str(account)) for account in accounts]
        if form.validate_on_submit():
            with self.posting(form):
                chosen = next(account for account in accounts if account.id == form.account_id.data)
                chart.assign_role(session, scope.actor(), chart.Role(role), chosen)
                flash("Peran akun tersimpan. Jurnal yang sudah ada tidak berubah.", "success")
                return redirect(url_for("AccountRoleDesk.index"))
        return self.page(
            "form.html", title=f"Peran {role.replace('_', ' ')}", form=form, back=url_for("AccountRoleDesk.index")
        )


class UnitView(TenantModelView):
    """Unit usaha."""

    datamodel = TenantInterface(Unit)
    route_base = "/kopmin/unit"
    read, write = "ledger.view", "ledger.chart"
    base_permissions = ["can_list", "can_show", "can_add"]
    list_title, add_title, add_label = "Unit usaha", "Tambah unit usaha", "Tambah unit"
    list_columns = ["name", "code", "is_default"]
    show_columns = ["name", "code", "is_default"]
    add_columns = ["code", "name"]
    base_order = ("code", "asc")
    label_columns = {"name": "Nama", "code": "Kode", "is_default": "Unit utama"}
    formatters_columns = {"is_default": yes_no}

    def save_new(self, item: Unit) -> None:
        coops.add_unit(scope.session(), scope.actor(), code=item.code or "", name=item.name or "")


class JournalView(TenantModelView):
    """Jurnal: hanya dibaca; koreksi lewat pembatalan."""

    datamodel = TenantInterface(JournalEntry)
    route_base = "/kopmin/jurnal"
    read = "ledger.view"
    list_title = "Jurnal"
    show_template = "kopmin/entry.html"
    seek, seek_label = ("memo", "voucher_no"), "uraian atau nomor bukti"
    picks = (
        Pick("dari", "Dari", "booked_on", kind="date_from"),
        Pick("sampai", "Sampai", "booked_on", kind="date_to"),
    )
    list_columns = ["label", "booked_on", "memo", "voucher_no", "source", "total_rp"]
    show_columns = ["label", "booked_on", "memo", "voucher_no", "source", "total_rp", "posted_at"]
    order_columns = ["booked_on", "total_rp"]
    base_order = ("seq", "desc")
    money_columns = ("total_rp",)
    label_columns = {
        "label": "Nomor", "booked_on": "Tanggal", "memo": "Uraian", "voucher_no": "Nomor bukti", "source": "Asal",
        "total_rp": "Jumlah", "posted_at": "Dicatat",
    }  # fmt: skip
    formatters_columns = {"booked_on": day, "posted_at": at, "source": origin}
    empty_text = "Belum ada jurnal. Setoran, impor, atau jurnal manual membuatnya."

    def tools(self) -> list[Tool]:
        return [
            Tool("Buat jurnal manual", url_for("JournalDesk.draft"), "ledger.journal", main=True),
            self.export_tool(),
        ]

    def show_heading(self, item: JournalEntry) -> str:
        return str(item)

    def show_tools(self, item: JournalEntry) -> list[Tool]:
        if self._reversal_of(item) is not None or item.reverses_seq is not None:
            return []
        return [Tool("Ajukan pembatalan", url_for("JournalDesk.reverse", seq=item.seq), "ledger.journal")]

    def show_extra(self, item: JournalEntry) -> dict[str, Any]:
        undone = entry_by_seq(scope.session(), scope.actor(), item.reverses_seq) if item.reverses_seq else None
        return {
            "undone": undone,
            "reversal": self._reversal_of(item),
            "origin": origin(item.source),
            "sources": source_links(item),
        }

    @staticmethod
    def _reversal_of(item: JournalEntry) -> JournalEntry | None:
        return scope.session().scalars(select(JournalEntry).where(JournalEntry.reverses_seq == item.seq)).first()


class JournalForm(KopForm):
    """The head of a manual journal; its lines are read by `typed_lines`."""

    booked_on = DayField("Tanggal", validators=[InputRequired()])
    memo = StringField("Uraian", validators=[InputRequired(), Length(max=250), NoLoneSurrogate()])
    voucher_no = StringField("Nomor bukti", validators=[Length(max=60), NoLoneSurrogate()])
    token = HiddenField(validators=[Length(max=60)])


class ReverseForm(KopForm):
    booked_on = DayField("Tanggal pembatalan", validators=[InputRequired()])
    reason = StringField("Alasan", validators=[InputRequired(), Length(max=180), NoLoneSurrogate()])


def typed_lines() -> list[dict[str, str]]:
    """The rows of the journal form as typed, always with some to spare."""
    numbers = {int(found[1]) for key in request.form if (found := re.fullmatch(r"lines-(\d{1,3})-\w+", key))}
    rows = [
        {part: request.form.get(f"lines-{n}-{part}", "").strip() for part in ("account", "unit", "debit", "credit")}
        for n in sorted(numbers)[:MOST_LINES]
    ]
    spare = 4 if request.form.get("more") else max(0, FEWEST_LINES - len(rows))
    return rows + [dict.fromkeys(("account", "unit", "debit", "credit"), "") for _ in range(spare)]


def lines_of(rows: list[dict[str, str]]) -> list[Line]:
    """Lines for the ledger. Raises InvalidValue naming the row, UnknownAccount."""
    lines = []
    for number, row in enumerate(rows, start=1):
        if not (row["account"] or row["debit"] or row["credit"]):
            continue
        account = chart.account_of(scope.session(), scope.actor(), row["account"].split(" ", 1)[0])
        unit = int(row["unit"]) if row["unit"].isdigit() and len(row["unit"]) < 18 else None
        lines.append(Line(account.id, _amount(row["debit"], number), _amount(row["credit"], number), unit))
    return lines


def _amount(text: str, number: int) -> int:
    try:
        return rupiah_of(text) if text else 0
    except ValueError as reason:
        raise InvalidValue(field=f"Baris {number}", reason=str(reason)) from None


class JournalDesk(Screen):
    """Jurnal manual dan pembatalan: diajukan di sini, dibukukan setelah disetujui orang lain."""

    route_base = "/kopmin/jurnal"

    @expose("/manual", methods=["GET", "POST"])
    @needs("ledger.journal")
    def draft(self) -> ResponseReturnValue:
        form, rows = JournalForm(booked_on=scope.today(), token=secrets.token_urlsafe(12)), typed_lines()
        if not request.form.get("more") and form.validate_on_submit():
            with self.posting(form):
                asked = manual.request_journal(scope.session(), scope.actor(), self._draft(form, rows))
                flash("Jurnal diajukan. Pengurus lain yang berwenang memutuskannya.", "success")
                return redirect(url_for("ApprovalDesk.show", request_id=asked.id))
        found = select(Account).where(~Account.is_header, Account.is_active).order_by(Account.code)
        units = list(scope.session().scalars(select(Unit).order_by(Unit.code)))
        accounts = list(scope.session().scalars(found))
        return self.page(
            "journal_form.html", title="Jurnal manual", form=form, rows=rows, accounts=accounts, units=units
        )

    @staticmethod
    def _draft(form: JournalForm, rows: list[dict[str, str]]) -> manual.JournalDraft:
        return manual.JournalDraft(
            booked_on=form.booked_on.data,
            memo=form.memo.data,
            lines=lines_of(rows),
            token=form.token.data or secrets.token_urlsafe(12),
            voucher_no=form.voucher_no.data or "",
        )

    @expose("/<row:seq>/batalkan", methods=["GET", "POST"])
    @needs("ledger.journal")
    def reverse(self, seq: int) -> ResponseReturnValue:
        entry, form = entry_by_seq(scope.session(), scope.actor(), seq), ReverseForm(booked_on=scope.today())
        if form.validate_on_submit():
            with self.posting(form):
                on, why = form.booked_on.data, form.reason.data
                asked = manual.request_reversal(scope.session(), scope.actor(), seq, booked_on=on, reason=why)
                flash("Pembatalan diajukan dan menunggu persetujuan.", "success")
                return redirect(url_for("ApprovalDesk.show", request_id=asked.id))
        facts = [
            ("Jurnal", entry.label),
            ("Tanggal", day(entry.booked_on)),
            ("Uraian", entry.memo),
            ("Jumlah", rupiah(entry.total_rp)),
        ]
        back = url_for("JournalView.show", pk=entry.id)
        return self.page(
            "form.html", title="Ajukan pembatalan", form=form, facts=facts, back=back, yes="Ajukan pembatalan"
        )


class ApprovalDesk(Screen):
    """Yang menunggu orang kedua."""

    route_base = "/kopmin/persetujuan"

    @expose("/")
    @needs("ledger.view")
    def index(self) -> ResponseReturnValue:
        waiting = approvals.pending(scope.session(), scope.actor())
        done = select(ApprovalRequest).where(ApprovalRequest.state != "pending").order_by(ApprovalRequest.id.desc())
        decided = list(scope.session().scalars(done.limit(30)))
        return self.page(
            "approvals.html",
            title="Persetujuan",
            waiting=waiting,
            decided=decided,
            states=approvals.STATES,
            actions=ACTIONS,
        )

    @expose("/<row:request_id>")
    @needs("ledger.view")
    def show(self, request_id: int) -> ResponseReturnValue:
        asked = scope.session().get(ApprovalRequest, request_id)
        if asked is None:
            raise NotFound(what="Pengajuan")
        who, permission = scope.actor(), decisions.EXECUTORS[asked.action][0]
        may = who.may(permission) and who.user_id != asked.requested_by and asked.state == "pending"
        return self.page(
            "approval.html",
            title=ACTIONS.get(asked.action, "Pengajuan"),
            asked=asked,
            may=may,
            lines=_payload_lines(asked),
            state=tag(approvals.STATES[asked.state].capitalize()),
            deciders=roles_of(permission),
            entry=_payload_entry(asked),
        )

    @expose("/<row:request_id>", methods=["POST"])
    @needs("ledger.view")
    def decide(self, request_id: int) -> ResponseReturnValue:
        answer = request.form.get("answer")
        with self.posting():
            if answer == "setuju":
                done = decisions.approve(scope.session(), scope.actor(), request_id)
                label = getattr(done, "label", "")  # a journal; new terms and a loan written off have none to show
                flash(f"Disetujui dan dibukukan sebagai jurnal {label}." if label else "Disetujui.", "success")
            elif answer == "tolak":
                self._reject(request_id, request.form.get("reason", "").strip())
        return redirect(url_for("ApprovalDesk.show", request_id=request_id))

    @staticmethod
    def _reject(request_id: int, reason: str) -> None:
        if not reason:
            raise InvalidValue(field="Alasan", reason="isi dulu, supaya pengaju tahu.")
        decisions.reject(scope.session(), scope.actor(), request_id, reason)
        flash("Pengajuan ditolak.", "success")


def _payload_lines(asked: ApprovalRequest) -> list[dict[str, Any]]:
    rows = asked.payload.get("lines", [])
    wanted = {int(row["account"]) for row in rows}
    names = {a.id: str(a) for a in scope.session().scalars(select(Account).where(Account.id.in_(wanted)))}
    units = {unit.id: unit.name for unit in scope.session().scalars(select(Unit).where(~Unit.is_default))}
    return [{**row, "name": names.get(int(row["account"]), "?"), "unit": units.get(row.get("unit_id"))} for row in rows]


def _payload_entry(asked: ApprovalRequest) -> JournalEntry | None:
    """The entry a reversal is about, or the one an approved request became."""
    session = scope.session()
    if asked.state == "approved" and asked.action == "ledger.journal":
        return session.scalars(select(JournalEntry).where(JournalEntry.source == f"manual:{asked.id}")).first()
    seq = asked.payload.get("seq")
    return session.scalars(select(JournalEntry).where(JournalEntry.seq == seq)).first() if seq else None


class PeriodDesk(Screen):
    """Bulan buku: ditutup berurutan, dapat dibuka lagi selama belum dikunci."""

    route_base = "/kopmin/periode"
    acts = {"close": "Tutup", "reopen": "Buka lagi", "lock": "Kunci"}

    @expose("/")
    @needs("ledger.view")
    def index(self) -> ResponseReturnValue:
        found, who = periods.all_periods(scope.session(), scope.actor()), scope.actor()
        rows = [(period, tag(PERIOD_STATES[period.state]), self._acts(period.state)) for period in found]
        year = max((period.starts_on.year for period in found), default=scope.today().year - 1) + 1
        return self.page("periods.html", title="Periode", rows=rows, year=year, may_open=who.may("ledger.close"))

    def _acts(self, state: str) -> list[tuple[str, str]]:
        who = scope.actor()
        held = {"close": "ledger.close", "reopen": "ledger.reopen", "lock": "ledger.lock"}
        return [(act, self.acts[act]) for from_state, act in periods.NEXT if from_state == state and who.may(held[act])]

    @expose("/<row:period_id>/<act>", methods=["POST"])
    @needs("ledger.view")
    def change(self, period_id: int, act: str) -> ResponseReturnValue:
        if act not in self.acts:
            raise NotFound(what="Tindakan")
        with self.posting():
            period = periods.change(scope.session(), scope.actor(), period_id, act)
            flash(f"{month_long(period.starts_on)} sekarang {PERIOD_STATES[period.state].lower()}.", "success")
        return redirect(url_for("PeriodDesk.index"))

    @expose("/buka", methods=["POST"])
    @needs("ledger.close")
    def open_year(self) -> ResponseReturnValue:
        text = request.form.get("year", "")
        with self.posting():
            if not re.fullmatch(r"20\d\d", text):
                raise InvalidValue(field="Tahun", reason="tulis empat angka, misalnya 2027.")
            opened = periods.open_year(scope.session(), scope.actor(), int(text))
            flash(f"{len(opened)} bulan tahun {text} dibuka.", "success")
        return redirect(url_for("PeriodDesk.index"))


class VerifyDesk(Screen):
    """Setiap kebenaran buku, diperiksa sekarang."""

    route_base = "/kopmin/periksa"

    @expose("/")
    @needs("ledger.verify")
    def index(self) -> ResponseReturnValue:
        found, findings = check_books(scope.session(), scope.actor().coop_id), dict[str, list[str]]()
        for finding in found:
            findings.setdefault(finding.check, []).append(finding.message)
        rows = [
            (WORDS.get(check.__name__, check.__name__.replace("_", " ")), findings.get(check.__name__, []))
            for check in CHECKS
        ]
        broken = [one for one in found if not one.waits]
        return self.page(
            "verify.html", title="Periksa buku", rows=rows, broken=len(broken), waits=len(found) > len(broken)
        )


WORDS = {
    "every_entry_balances": "Setiap jurnal seimbang",
    "months_equal_the_lines": "Saldo bulanan sama dengan jumlah barisnya",
    "the_chain_is_unbroken": "Rantai jurnal utuh dan nomornya tidak melompat",
    "every_entry_lies_in_a_period": "Setiap jurnal berada dalam periode",
    "the_opening_account_is_zero": "Akun saldo awal (3901) nol",
    "savings_balances_equal_their_movements": "Saldo simpanan sama dengan mutasinya",
    "savings_equal_their_control_accounts": "Simpanan anggota sama dengan buku besar",
    "every_savings_movement_is_booked": "Setiap mutasi simpanan punya jurnal",
    "every_receipt_is_counted_and_booked": "Kuitansi bernomor urut dan masing-masing punya jurnal",
    "loans_equal_their_control_account": "Pinjaman anggota sama dengan buku besar",
    "loans_equal_their_payments": "Sisa pinjaman sama dengan pembayaran dan jadwalnya",
    "every_loan_payment_is_booked": "Setiap pembayaran pinjaman punya jurnal",
    "every_booked_transfer_is_one_payment": "Setiap transfer yang dibukukan punya satu pembayaran",
    "deposits_equal_their_control_account": "Simpanan berjangka sama dengan buku besar",
    "deposits_equal_their_movements": "Simpanan berjangka sama dengan mutasinya",
    "every_deposit_movement_is_booked": "Setiap mutasi simpanan berjangka punya jurnal",
    "the_audit_trail_is_unbroken": "Jejak audit utuh",
    "four_eyes_decided_every_approval": "Tidak ada yang menyetujui pengajuannya sendiri",
}

SCREENS = (
    AccountView, AccountRoleDesk, UnitView, JournalView, JournalDesk, ApprovalDesk, PeriodDesk, VerifyDesk,
)  # fmt: skip
