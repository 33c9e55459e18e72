"""Members ask for money from their savings: the list, one request, yes or no, paying it out."""

import secrets
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_wtf.file import FileField
from wtforms import HiddenField, SelectField
from wtforms.validators import InputRequired, Length

from admin_panel import finding, scope
from admin_panel.base import Pick, Screen, TenantModelView, Tool, needs, storable
from admin_panel.chat import to_member
from admin_panel.datamodel import TenantInterface
from admin_panel.forms import CASH, DayField, KopForm, Positive, ReasonForm, RupiahField, short_text
from admin_panel.shown import day, tag
from admin_panel.views.savings.desk import product_choices
from core.display import rupiah
from core.errors import StateChanged
from models.access import User
from models.members import Member
from models.savings import Receipt, WithdrawalRequest
from services.ledger.chart import Role
from services.notifications import texts
from services.savings import products, proofs, queries, requests
from web.headers import picture

STATES = {"asked": "Diproses", "approved": "Disetujui", "paid": "Dibayar", "rejected": "Ditolak",
          "cancelled": "Dibatalkan"}  # fmt: skip
TONES = {"asked": "warn", "approved": "info", "paid": "good", "rejected": "bad"}


def state_tag(code: str) -> Any:
    return tag(STATES[code], TONES.get(code, ""))


def may_decide(asked: WithdrawalRequest) -> bool:
    """Whether yes or no is the signed-in person's to say: neither who asked nor whose money it is."""
    who = scope.actor()
    own = who.user_id == asked.created_by or who.member_id == asked.member_id
    return asked.state == "asked" and who.may("savings.approve") and not own


def may_pay(asked: WithdrawalRequest) -> bool:
    who = scope.actor()
    return asked.state == "approved" and who.may("savings.teller") and who.member_id != asked.member_id


class WithdrawalView(TenantModelView):
    """Permintaan penarikan."""

    datamodel = TenantInterface(WithdrawalRequest)
    route_base = "/kopmin/penarikan"
    read = "savings.view"
    list_title = "Permintaan penarikan"
    lead = "Diminta anggota atau dicatat petugas, disetujui orang lain, lalu dibayar sekali."
    show_template = "kopmin/withdrawal.html"
    seek, seek_label = ("member.name", "member.number"), "nama atau nomor anggota"
    picks = (
        Pick("keadaan", "Keadaan", "state", lambda: list(STATES.items())),
        Pick("jenis", "Jenis simpanan", "product_id", product_choices),
        Pick("dari", "Dari", "asked_on", kind="date_from"),
        Pick("sampai", "Sampai", "asked_on", kind="date_to"),
    )
    list_columns = ["member.name", "asked_on", "product.name", "amount_rp", "pay_to", "state"]
    show_columns = ["member.name", "amount_rp"]
    order_columns = ["member.name", "asked_on", "amount_rp"]
    base_order = ("id", "desc")
    label_columns = {
        "member.name": "Anggota", "asked_on": "Diminta", "product.name": "Dari", "amount_rp": "Jumlah",
        "pay_to": "Dibayar ke", "state": "Keadaan",
    }  # fmt: skip
    money_columns = ("amount_rp",)
    formatters_columns = {"asked_on": day, "state": state_tag}
    empty_text = "Belum ada permintaan penarikan."

    def tools(self) -> list[Tool]:
        return [Tool("Catat permintaan", url_for("WithdrawalDesk.ask"), "savings.teller", main=True),
                self.export_tool()]  # fmt: skip

    def show_heading(self, item: WithdrawalRequest) -> str:
        return f"Penarikan {rupiah(item.amount_rp)}"

    def show_tools(self, item: WithdrawalRequest) -> list[Tool]:
        pay = Tool("Bayar", url_for("WithdrawalDesk.pay", withdrawal_id=item.id), "savings.teller", main=True)
        stop = Tool("Batalkan", url_for("WithdrawalDesk.cancel", withdrawal_id=item.id), "savings.teller")
        return [*([stop] if item.state in requests.OPEN else []), *([pay] if may_pay(item) else [])]

    def show_extra(self, item: WithdrawalRequest) -> dict[str, Any]:
        session, who = scope.session(), scope.actor()
        balance_rp = {one.product_id: one.balance_rp for one in queries.balances(session, who, item.member_id)}
        told = texts.withdrawal(item.product.name, item.amount_rp, item.state, item.reason)
        return {
            "state": state_tag(item.state), "may_decide": may_decide(item), "facts": facts_of(item),
            "balance_rp": balance_rp.get(item.product_id, 0),
            "free_rp": requests.free(session, who, item.member_id, item.product_id),
            "receipt": session.get(Receipt, item.receipt_id) if item.receipt_id else None,
            "chat": to_member(item.member, told),
        }  # fmt: skip


def facts_of(asked: WithdrawalRequest) -> list[tuple[str, Any]]:
    """What was asked and what became of it, label and value."""
    names = {user_id: scope.session().get_one(User, user_id).full_name
             for user_id in (asked.created_by, asked.decided_by) if user_id}  # fmt: skip
    pairs = [
        ("Dari", asked.product.name),
        ("Dibayar ke", asked.pay_to or "Tunai di kantor"),
        ("Keterangan", asked.note),
        ("Diminta", f"{day(asked.asked_on)} oleh {names[asked.created_by]}"),
        ("Diputuskan oleh", names.get(asked.decided_by or 0)),
        ("Alasan", asked.reason),
        ("Dibayar pada", day(asked.paid_on)),
    ]
    return [(label, value) for label, value in pairs if value]


class AskForm(KopForm):
    """A wish brought to the desk. `token` makes the second click the same request."""

    product_id = SelectField("Dari simpanan", coerce=int)
    amount_rp = RupiahField("Jumlah", validators=[InputRequired(), Positive()])
    pay_to = short_text("Dibayar ke", 120, description="Bank dan nomor rekening. Kosongkan bila tunai di kantor.")
    note = short_text("Keterangan", 200)
    token = HiddenField(validators=[Length(max=60)])


class PayForm(KopForm):
    paid_on = DayField("Tanggal bayar", validators=[InputRequired()])
    cash = SelectField("Uangnya dari", choices=CASH)
    proof = FileField("Foto bukti bayar", render_kw={"accept": "image/png,image/jpeg,image/webp"},
                      description="Boleh kosong. PNG, JPEG atau WebP, paling besar 5 MB.")  # fmt: skip


class WithdrawalDesk(Screen):
    """Catat, putuskan, bayar, batalkan."""

    route_base = "/kopmin/penarikan"

    @expose("/catat", methods=["GET", "POST"])
    @needs("savings.teller")
    def ask(self) -> ResponseReturnValue:
        member = finding.chosen()
        if member is None:
            found = finding.matches()
            return self.page("find_member.html", title="Catat permintaan", endpoint="WithdrawalDesk.ask", **found)
        form = _ask_form(member)
        if form.validate_on_submit():
            with self.posting(form):
                asked = requests.ask(scope.session(), scope.actor(), _wish(member, form))
                flash(f"Permintaan {member.name} tercatat dan menunggu persetujuan orang lain.", "success")
                return redirect(url_for("WithdrawalView.show", pk=asked.id))
        back = url_for("WithdrawalView.list")
        return self.page("form.html", title=f"Penarikan {member.name}", form=form, back=back, yes="Simpan permintaan")

    @expose("/<row:withdrawal_id>/putuskan", methods=["POST"])
    @needs("savings.approve")
    def decide(self, withdrawal_id: int) -> ResponseReturnValue:
        requests.get(scope.session(), scope.actor(), withdrawal_id)
        with self.posting():
            asked = _decided(withdrawal_id, request.form.get("answer", ""))
            flash(f"Penarikan {rupiah(asked.amount_rp)} {asked.member.name} {STATES[asked.state].lower()}.", "success")
        return redirect(url_for("WithdrawalView.show", pk=withdrawal_id))

    @expose("/<row:withdrawal_id>/bayar", methods=["GET", "POST"])
    @needs("savings.teller")
    def pay(self, withdrawal_id: int) -> ResponseReturnValue:
        asked = requests.get(scope.session(), scope.actor(), withdrawal_id)
        form, back = PayForm(paid_on=scope.today()), url_for("WithdrawalView.show", pk=withdrawal_id)
        if form.validate_on_submit():
            with self.posting(form):
                receipt = _paid(withdrawal_id, form)
                flash(f"{rupiah(receipt.amount_rp)} dibayar kepada {receipt.member.name}.", "success")
                return redirect(url_for("ReceiptView.show", pk=receipt.id))
        if asked.state != "approved" and request.method == "GET":
            raise StateChanged(what="Permintaan penarikan", state=STATES[asked.state].lower())
        facts = [("Anggota", asked.member.name), ("Jumlah", rupiah(asked.amount_rp)), *facts_of(asked)[:2]]
        return self.page("form.html", title="Bayar penarikan", form=form, back=back, facts=facts, has_file=True,
                         yes=f"Bayar {rupiah(asked.amount_rp)}")  # fmt: skip

    @expose("/<row:withdrawal_id>/batalkan", methods=["GET", "POST"])
    @needs("savings.teller")
    def cancel(self, withdrawal_id: int) -> ResponseReturnValue:
        asked = requests.get(scope.session(), scope.actor(), withdrawal_id)
        form, back = ReasonForm(), url_for("WithdrawalView.show", pk=withdrawal_id)
        if form.validate_on_submit():
            with self.posting(form):
                requests.cancel(scope.session(), scope.actor(), withdrawal_id, reason=form.reason.data)
                flash("Permintaan penarikan dibatalkan.", "success")
                return redirect(back)
        facts = [("Anggota", asked.member.name), ("Jumlah", rupiah(asked.amount_rp))]
        return self.page("form.html", title="Batalkan permintaan penarikan", form=form, back=back, facts=facts,
                         yes="Batalkan permintaan")  # fmt: skip

    @expose("/<row:withdrawal_id>/bukti")
    @needs("savings.view")
    def proof(self, withdrawal_id: int) -> ResponseReturnValue:
        body = proofs.read(scope.session(), scope.actor(), withdrawal_id, scope.settings().data)
        return picture(body, f"bukti-{withdrawal_id}")


def _ask_form(member: Member) -> AskForm:
    form, session, who = AskForm(token=secrets.token_urlsafe(12)), scope.session(), scope.actor()
    offered = [p for p in products.active(session, who) if p.kind == "voluntary"]
    free = {p.id: rupiah(requests.free(session, who, member.id, p.id)) for p in offered}
    form.product_id.choices = [(p.id, f"{p.name} (dapat ditarik {free[p.id]})") for p in offered]
    return form


def _wish(member: Member, form: AskForm) -> requests.Wish:
    token = form.token.data or secrets.token_urlsafe(12)
    return requests.Wish(
        member.id, form.product_id.data, form.amount_rp.data or 0, scope.today(), token,
        form.pay_to.data or "", form.note.data or "",
    )  # fmt: skip


def _decided(withdrawal_id: int, answer: str) -> WithdrawalRequest:
    if answer == "setuju":
        return requests.approve(scope.session(), scope.actor(), withdrawal_id)
    if answer == "tolak":
        reason = storable(request.form.get("reason", ""))
        return requests.reject(scope.session(), scope.actor(), withdrawal_id, reason=reason)
    raise StateChanged(what="Pilihan", state="tidak dikenal")


def _paid(withdrawal_id: int, form: PayForm) -> Receipt:
    said = {"paid_on": form.paid_on.data, "cash": Role(form.cash.data)}
    body = form.proof.data.read() if form.proof.data else b""
    if not body:
        return requests.pay(scope.session(), scope.actor(), withdrawal_id, **said)
    folder = scope.settings().data
    return proofs.pay(scope.session(), scope.actor(), withdrawal_id, picture=body, folder=folder, **said)


SCREENS = (WithdrawalView, WithdrawalDesk)
