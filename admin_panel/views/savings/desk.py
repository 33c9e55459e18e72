"""The teller's desk: setor, tarik, the passbook; balances of all members."""

import secrets
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from sqlalchemy import select
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from admin_panel import finding, scope
from admin_panel.base import Pick, Screen, TenantModelView, Tool, needs
from admin_panel.datamodel import TenantInterface
from admin_panel.forms import (
    CASH,
    DayField,
    KopForm,
    NoLoneSurrogate,
    Positive,
    RupiahField,
    UndoForm,
)
from admin_panel.shown import day
from core.display import rupiah
from core.errors import NotFound
from models.members import Member
from models.savings import Receipt, SavingsAccount, SavingsMovement, SavingsProduct
from services.ledger.chart import Role
from services.members import commands as members
from services.savings import commands, products, queries

KINDS = {"deposit": "Setor", "withdrawal": "Tarik", "opening": "Saldo awal", "exit": "Keluar", "reversal": "Pembatalan",
         "interest": "Jasa", "tax": "PPh final"}  # fmt: skip


def product_choices() -> list[tuple[str, str]]:
    found = scope.session().scalars(select(SavingsProduct).order_by(SavingsProduct.code))
    return [(str(product.id), product.name) for product in found]


class SavingsAccountView(TenantModelView):
    """Saldo tiap anggota per jenis simpanan."""

    datamodel = TenantInterface(SavingsAccount)
    route_base = "/kopmin/rekening-simpanan"
    read = "savings.view"
    list_title = "Rekening simpanan"
    seek, seek_label = ("member.name", "member.number"), "nama atau nomor anggota"
    picks = (Pick("jenis", "Jenis simpanan", "product_id", product_choices),)
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


SCREENS = (TellerDesk, SavingsAccountView)
