"""Savings: the teller's desk, passbook, receipts, monthly bills, products."""

import secrets
from typing import Any
from urllib.parse import quote

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from markupsafe import Markup
from sqlalchemy import func, select
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from admin_panel import finding, scope
from admin_panel.base import Pick, Screen, TenantModelView, Tool, needs, seen
from admin_panel.datamodel import TenantInterface
from admin_panel.exports import pdf
from admin_panel.forms import DayField, KopForm, MonthField, NoLoneSurrogate, Positive, RupiahField
from admin_panel.shown import day, tag, yes_no
from core.display import month_long, rupiah
from core.errors import InvalidValue, NotFound
from models.ledger import Account
from models.members import Member
from models.savings import Receipt, SavingsAccount, SavingsBill, SavingsMovement, SavingsProduct
from reports import documents
from reports.export import logo_of
from services.ledger.chart import Role
from services.members import commands as members
from services.savings import bills, commands, products, queries, receipts
from services.savings.refusals import PreviewStale

CASH = [(Role.CASH.value, "Kas"), (Role.BANK.value, "Bank")]
KINDS = {"deposit": "Setor", "withdrawal": "Tarik", "opening": "Saldo awal", "exit": "Keluar", "reversal": "Pembatalan"}


def _product_choices() -> list[tuple[str, str]]:
    found = scope.session().scalars(select(SavingsProduct).order_by(SavingsProduct.code))
    return [(str(product.id), product.name) for product in found]


class SavingsAccountView(TenantModelView):
    """Saldo tiap anggota per jenis simpanan."""

    datamodel = TenantInterface(SavingsAccount)
    route_base = "/kopmin/rekening-simpanan"
    read = "savings.view"
    list_title = "Rekening simpanan"
    seek, seek_label = ("member.name", "member.number"), "nama atau nomor anggota"
    picks = (Pick("jenis", "Jenis simpanan", "product_id", _product_choices),)
    list_columns = ["member.name", "member.number", "product.name", "balance_rp"]
    show_columns = ["member.name", "product.name", "balance_rp"]
    order_columns = ["member.name", "balance_rp"]
    base_order = ("member.name", "asc")
    label_columns = {
        "member.name": "Anggota", "member.number": "Nomor", "product.name": "Jenis", "balance_rp": "Saldo",
    }  # fmt: skip
    money_columns = ("balance_rp",)
    empty_text = "Belum ada simpanan. Setoran pertama membuka rekeningnya."

    def tools(self) -> list[Tool]:
        return [Tool("Setor", url_for("TellerDesk.deposit"), "savings.teller", main=True), self.export_tool()]

    @expose("/show/<pk>")
    def show(self, pk: str) -> ResponseReturnValue:
        """A balance is explained by its passbook."""
        refused = self._may("can_show")
        if refused is not None:
            return refused
        return redirect(url_for("TellerDesk.passbook", member_id=self.row(pk).member_id))


class MoveForm(KopForm):
    """One movement at the desk. `token` makes the second click the same movement."""

    product_id = SelectField("Jenis simpanan", coerce=int)
    amount_rp = RupiahField("Jumlah", validators=[InputRequired(), Positive()])
    booked_on = DayField("Tanggal", validators=[InputRequired()])
    cash = SelectField("Uangnya", choices=CASH)
    memo = StringField("Keterangan", validators=[Length(max=200), NoLoneSurrogate()])
    token = HiddenField(validators=[Length(max=60)])


class UndoForm(KopForm):
    booked_on = DayField("Tanggal pembatalan", validators=[InputRequired()])
    reason = StringField("Alasan", validators=[InputRequired(), Length(max=200), NoLoneSurrogate()])


class TellerDesk(Screen):
    """Setor, tarik, buku simpanan."""

    route_base = "/kopmin/simpanan"

    @expose("/setor", methods=["GET", "POST"])
    @needs("savings.teller")
    def deposit(self) -> ResponseReturnValue:
        return self._desk("Setor simpanan", commands.deposit, "TellerDesk.deposit", {"share", "mandatory", "voluntary"})

    @expose("/tarik", methods=["GET", "POST"])
    @needs("savings.teller")
    def withdraw(self) -> ResponseReturnValue:
        return self._desk("Tarik simpanan", commands.withdraw, "TellerDesk.withdraw", {"voluntary"})

    def _desk(self, title: str, move: Any, endpoint: str, kinds: set[str]) -> ResponseReturnValue:
        member = finding.chosen()
        if member is None:
            return self.page("find_member.html", title=title, endpoint=endpoint, **finding.matches())
        form = self._form(kinds)
        if form.validate_on_submit():
            with self.posting(form):
                receipt = self._move(move, member, form)
                return redirect(url_for("ReceiptView.show", pk=receipt.id))
        shown = self._balances(member)
        return self.page("teller.html", title=title, form=form, member=member, balances=shown, endpoint=endpoint)

    def _form(self, kinds: set[str]) -> MoveForm:
        form = MoveForm(booked_on=scope.today(), token=secrets.token_urlsafe(12))
        offered = [p for p in products.active(scope.session(), scope.actor()) if p.kind in kinds]
        usual = {p.id: f" ({rupiah(p.amount_rp)})" if p.amount_rp else "" for p in offered}
        form.product_id.choices = [(p.id, p.name + usual[p.id]) for p in offered]
        return form

    def _balances(self, member: Member) -> list[queries.Balance]:
        who = scope.actor()
        return queries.balances(scope.session(), who, member.id) if who.may("savings.view") else []

    def _move(self, move: Any, member: Member, form: MoveForm) -> Receipt:
        receipt: Receipt = move(
            scope.session(),
            scope.actor(),
            member_id=member.id,
            product_id=form.product_id.data,
            amount_rp=form.amount_rp.data,
            booked_on=form.booked_on.data,
            token=form.token.data or secrets.token_urlsafe(12),
            cash=Role(form.cash.data),
            memo=form.memo.data or "",
        )
        flash(f"{receipt.label} {rupiah(receipt.amount_rp)} tercatat untuk {member.name}.", "success")
        return receipt

    @expose("/buku/<row:member_id>")
    @needs("savings.view")
    def passbook(self, member_id: int) -> ResponseReturnValue:
        member = members.get(scope.session(), scope.actor(), member_id)
        lines = queries.mutations(scope.session(), scope.actor(), member_id)
        owed = queries.bills_of(scope.session(), scope.actor(), member_id)
        shown = queries.balances(scope.session(), scope.actor(), member_id)
        title = f"Buku simpanan {member.name}"
        return self.page(
            "passbook.html", title=title, member=member, lines=lines[::-1], bills=owed, balances=shown, kinds=KINDS
        )

    @expose("/mutasi/<row:movement_id>/batal", methods=["GET", "POST"])
    @needs("savings.reverse")
    def undo(self, movement_id: int) -> ResponseReturnValue:
        movement = scope.session().get(SavingsMovement, movement_id)
        if movement is None:
            raise NotFound(what="Transaksi simpanan")
        form, member_id = UndoForm(booked_on=scope.today()), movement.account.member_id
        back = url_for("TellerDesk.passbook", member_id=member_id)
        if form.validate_on_submit():
            with self.posting(form):
                booked_on, reason = form.booked_on.data, form.reason.data
                commands.reverse_movement(
                    scope.session(), scope.actor(), movement_id, booked_on=booked_on, reason=reason
                )
                flash("Transaksi dibatalkan dengan catatan balik; catatan aslinya tetap ada.", "success")
                return redirect(back)
        return self.page(
            "form.html",
            title="Batalkan transaksi",
            form=form,
            back=back,
            yes="Batalkan transaksi",
            facts=_facts(movement),
        )


def _facts(movement: SavingsMovement) -> list[tuple[str, str]]:
    return [
        ("Anggota", movement.account.member.name),
        ("Jenis simpanan", movement.account.product.name),
        ("Tanggal", day(movement.booked_on)),
        ("Jumlah", rupiah(movement.amount_rp)),
        ("Keterangan", movement.memo),
    ]


class ReceiptView(TenantModelView):
    """Kuitansi."""

    datamodel = TenantInterface(Receipt)
    route_base = "/kopmin/kuitansi"
    read = "savings.view"
    list_title = "Kuitansi"
    show_template = "kopmin/receipt.html"
    seek, seek_label = ("member.name", "member.number", "purpose"), "anggota atau keperluan"
    picks = (
        Pick("dari", "Dari", "issued_on", kind="date_from"),
        Pick("sampai", "Sampai", "issued_on", kind="date_to"),
    )
    list_columns = ["label", "member.name", "issued_on", "purpose", "amount_rp", "printed"]
    show_columns = ["label", "member.name", "issued_on", "purpose", "amount_rp"]
    order_columns = ["issued_on", "amount_rp", "member.name"]
    base_order = ("issued_at", "desc")
    label_columns = {
        "label": "Nomor", "member.name": "Anggota", "issued_on": "Tanggal", "purpose": "Untuk", "amount_rp": "Jumlah",
        "printed": "Dicetak",
    }  # fmt: skip
    money_columns = ("amount_rp",)
    formatters_columns = {"issued_on": day, "printed": lambda n: f"{n} kali" if n else "Belum"}
    empty_text = "Belum ada kuitansi. Setiap setoran dan penarikan membuat kuitansinya."

    def tools(self) -> list[Tool]:
        return [self.export_tool()]

    def show_heading(self, item: Receipt) -> str:
        return f"Kuitansi {item.label}"

    def show_extra(self, item: Receipt) -> dict[str, Any]:
        address = documents.receipt_url(item, scope.settings().public_url)
        text = f"Kuitansi {item.label} {scope.coop().name}, {rupiah(item.amount_rp)}. Periksa: {address}"
        return {
            "coop": scope.coop(),
            "qr": Markup(documents.qr_svg(address, 2)),  # noqa: S704  our own drawing
            "papers": documents.PAPERS,
            "whatsapp": whatsapp(item.member.phone, text),
        }


def whatsapp(phone: str, text: str) -> str:
    """A link that opens the person's own WhatsApp with the text; nothing is sent by us."""
    digits = "".join(character for character in phone if character.isdigit())
    number = f"62{digits[1:]}" if digits.startswith("0") else digits
    return f"https://wa.me/{number}?text={quote(text)}"


class ReceiptDesk(Screen):
    """Printing counts: from the second time on the paper says SALINAN."""

    route_base = "/kopmin/kuitansi"

    @expose("/<row:receipt_id>/cetak", methods=["POST"])
    @needs("savings.view")
    def print_it(self, receipt_id: int) -> ResponseReturnValue:
        paper = request.form.get("kertas", "a6")
        if paper not in documents.PAPERS:
            raise NotFound(what="Ukuran kertas")
        with scope.unit_of_work() as work:
            receipt = receipts.get(work, scope.actor(), receipt_id)
            copy = receipts.printed(work, scope.actor(), receipt)
            public_url = scope.settings().public_url
            logo = logo_of(scope.coop(), scope.settings().uploads)
            slip = documents.receipt_slip(work, receipt, public_url=public_url, is_copy=copy, logo=logo)
        return pdf(documents.receipt_pdf(slip, paper), f"kuitansi-{receipt.year}-{receipt.number}")


class BillForm(KopForm):
    """Which bills; asked in the address, so that the preview can be opened again."""

    class Meta(KopForm.Meta):
        csrf = False

    jenis = SelectField("Jenis simpanan", coerce=int)
    bulan = MonthField("Bulan", validators=[InputRequired()])


class WaiveForm(KopForm):
    reason = StringField("Alasan", validators=[InputRequired(), Length(max=200), NoLoneSurrogate()])


class BillDesk(Screen):
    """Tagihan simpanan wajib: pratinjau semua anggota, lalu dibuat sekali."""

    route_base = "/kopmin/tagihan"

    @expose("/")
    @needs("savings.view")
    def index(self) -> ResponseReturnValue:
        month = func.sum(SavingsBill.paid_rp), func.sum(SavingsBill.amount_rp), func.count()
        query = (
            select(SavingsBill.month_on, *month).group_by(SavingsBill.month_on).order_by(SavingsBill.month_on.desc())
        )
        count, owed_rp = queries.unpaid(scope.session(), scope.actor())
        months = scope.session().execute(query.limit(24)).all()
        tools = [
            Tool("Buat tagihan", url_for("BillDesk.run"), "savings.bill", main=True),
            Tool("Lihat per anggota", url_for("BillView.list")),
        ]
        return self.page(
            "bills.html", title="Tagihan bulanan", months=months, count=count, owed_rp=owed_rp, tools=tools
        )

    @expose("/buat", methods=["GET", "POST"])
    @needs("savings.bill")
    def run(self) -> ResponseReturnValue:
        form, run = BillForm(request.args, bulan=scope.today().replace(day=1)), None
        form.jenis.choices = [
            (p.id, p.name) for p in products.active(scope.session(), scope.actor()) if p.kind == "mandatory"
        ]
        if request.args.get("bulan") and form.validate():
            with self.posting(form):
                run = self._preview(form)
                if request.method == "POST":
                    return self._book(run)
        return self.page("bill_run.html", title="Buat tagihan", form=form, run=run, mark=seen(run))

    def _preview(self, form: BillForm) -> bills.BillRun:
        assert form.bulan.data is not None, "the form was validated"
        return bills.preview(
            scope.session(), scope.actor(), product_id=form.jenis.data, month_on=form.bulan.data, today=scope.today()
        )

    def _book(self, run: bills.BillRun) -> ResponseReturnValue:
        if request.form.get("mark") != seen(run):
            raise PreviewStale()
        count = bills.book(scope.session(), scope.actor(), run, today=scope.today())
        flash(f"{count} tagihan {run.product_name} {month_long(run.month_on)} dibuat.", "success")
        return redirect(url_for("BillDesk.index"))

    @expose("/<row:bill_id>/bebaskan", methods=["GET", "POST"])
    @needs("savings.bill")
    def waive(self, bill_id: int) -> ResponseReturnValue:
        form, bill = WaiveForm(), scope.session().get(SavingsBill, bill_id)
        if bill is None:
            raise NotFound(what="Tagihan")
        if form.validate_on_submit():
            with self.posting(form):
                bills.waive(scope.session(), scope.actor(), bill_id, reason=form.reason.data)
                flash("Sisa tagihan dibebaskan.", "success")
                return redirect(url_for("BillView.list"))
        facts = [
            ("Anggota", bill.member.name),
            ("Bulan", month_long(bill.month_on)),
            ("Sisa", rupiah(bill.amount_rp - bill.paid_rp)),
        ]
        return self.page(
            "form.html", title="Bebaskan tagihan", form=form, facts=facts, back=url_for("BillView.list"), yes="Bebaskan"
        )


class BillView(TenantModelView):
    """Tagihan per anggota."""

    datamodel = TenantInterface(SavingsBill)
    route_base = "/kopmin/tagihan-anggota"
    read = "savings.view"
    list_title = "Tagihan per anggota"
    seek, seek_label = ("member.name", "member.number"), "nama atau nomor anggota"
    picks = (
        Pick("jenis", "Jenis simpanan", "product_id", _product_choices),
        Pick("dari", "Bulan mulai", "month_on", kind="date_from"),
    )
    list_columns = ["member.name", "month_on", "product.name", "amount_rp", "paid_rp"]
    show_columns = ["member.name", "member.number", "month_on", "product.name", "amount_rp", "paid_rp", "is_waived"]
    order_columns = ["member.name", "month_on", "paid_rp"]
    base_order = ("month_on", "desc")
    label_columns = {
        "member.name": "Anggota", "member.number": "Nomor", "month_on": "Bulan", "product.name": "Jenis",
        "amount_rp": "Tagihan", "paid_rp": "Dibayar", "is_waived": "Dibebaskan",
    }  # fmt: skip
    money_columns = ("amount_rp", "paid_rp")
    formatters_columns = {"month_on": month_long, "is_waived": yes_no}
    empty_text = "Belum ada tagihan. Buat tagihan bulan ini untuk semua anggota sekaligus."

    def tools(self) -> list[Tool]:
        return [self.export_tool()]

    def show_heading(self, item: SavingsBill) -> str:
        return f"Tagihan {item.member.name}, {month_long(item.month_on)}"

    def show_tools(self, item: SavingsBill) -> list[Tool]:
        if item.is_waived or item.paid_rp == item.amount_rp:
            return []
        pay = url_for("TellerDesk.deposit", anggota=item.member_id)
        return [
            Tool("Bebaskan", url_for("BillDesk.waive", bill_id=item.id), "savings.bill"),
            Tool("Terima setoran", pay, "savings.teller", main=True),
        ]


class SavingsProductView(TenantModelView):
    """Jenis simpanan."""

    datamodel = TenantInterface(SavingsProduct)
    route_base = "/kopmin/jenis-simpanan"
    read, write = "savings.view", "savings.products"
    base_permissions = ["can_list", "can_show", "can_add", "can_edit"]
    list_title, add_title, edit_title = "Jenis simpanan", "Tambah jenis simpanan", "Ubah jenis simpanan"
    add_label = "Tambah jenis"
    list_columns = ["name", "code", "kind", "amount_rp", "is_active"]
    show_columns = ["name", "code", "kind", "amount_rp", "minimum_balance_rp", "is_active"]
    add_columns = ["code", "name", "kind", "account_id", "amount_rp", "minimum_balance_rp", "is_active"]
    edit_columns = add_columns
    base_order = ("code", "asc")
    label_columns = {
        "name": "Nama", "code": "Kode", "kind": "Jenis", "amount_rp": "Jumlah tiap bulan atau sekali",
        "minimum_balance_rp": "Saldo paling sedikit", "is_active": "Dipakai", "account_id": "Akun",
    }  # fmt: skip
    money_columns = ("amount_rp", "minimum_balance_rp")
    formatters_columns = {
        "kind": products.KIND_LABELS.get,
        "is_active": lambda yes: tag("Aktif" if yes else "Nonaktif"),
    }  # fmt: skip
    add_form_extra_fields = {
        "kind": SelectField("Jenis", choices=list(products.KIND_LABELS.items())),
        "account_id": SelectField(
            "Akun", coerce=int, description="Akun liabilitas atau ekuitas tempat simpanan ini dicatat."
        ),
        "amount_rp": RupiahField("Jumlah tiap bulan atau sekali", validators=[Optional()]),
        "minimum_balance_rp": RupiahField("Saldo paling sedikit", validators=[Optional()]),
        "is_active": BooleanField("Dipakai", default=True),
    }
    edit_form_extra_fields = add_form_extra_fields

    def prepare_form(self, form: Any) -> None:
        of_members = select(Account).where(~Account.is_header, Account.type.in_(("liability", "equity")))
        form.account_id.choices = [(a.id, str(a)) for a in scope.session().scalars(of_members.order_by(Account.code))]

    def save_new(self, item: SavingsProduct) -> None:
        self._save(item, None)

    def save_change(self, item: SavingsProduct) -> None:
        self._save(item, item.id)

    def _save(self, item: SavingsProduct, product_id: int | None) -> None:
        if not item.code or not item.name:
            raise InvalidValue(field="Jenis simpanan", reason="kode dan nama wajib diisi.")
        products.save(
            scope.session(), scope.actor(), code=item.code, name=item.name, kind=item.kind, account_id=item.account_id,
            amount_rp=item.amount_rp or 0, minimum_balance_rp=item.minimum_balance_rp or 0, is_active=item.is_active,
            product_id=product_id,
        )  # fmt: skip


SCREENS = (TellerDesk, SavingsAccountView, ReceiptView, ReceiptDesk, BillDesk, BillView, SavingsProductView)
