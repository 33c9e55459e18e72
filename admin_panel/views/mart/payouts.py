"""A shop's balance: what it earned and got, and its way from the treasury to the shop."""

import secrets
from collections.abc import Iterator, Sequence
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_wtf.file import FileField
from wtforms import HiddenField, SelectField
from wtforms.validators import InputRequired, Length

from admin_panel import scope
from admin_panel.base import Screen, Tool, needs, storable
from admin_panel.exports import spreadsheet
from admin_panel.forms import DayField, KopForm, Positive, RupiahField, short_text
from admin_panel.shown import day, tag
from core.display import moment, rupiah
from core.errors import StateChanged
from models.access import User
from models.mart.balance import StoreMovement, StoreWithdrawal
from models.mart.stores import Store
from services.ledger.chart import Role
from services.mart import balance, payout_ways, payouts, store_bank, stores
from web.headers import picture

KINDS = {"sale": "Pesanan selesai", "commission": "Komisi koperasi", "refund": "Pengembalian uang",
         "withdrawal": "Penarikan"}  # fmt: skip
STATES = {"asked": "Diajukan", "approved": "Disetujui", "paid": "Dibayar", "rejected": "Ditolak",
          "cancelled": "Dibatalkan"}  # fmt: skip
TONES = {"asked": "warn", "approved": "info", "paid": "good", "rejected": "bad"}
MOST_SHOWN = 100


def state_tag(code: str) -> Any:
    return tag(STATES[code], TONES.get(code, ""))


def waiting_for_me() -> list[StoreWithdrawal]:
    """Requests that the signed-in person decides on or pays."""
    who = scope.actor()
    if not (who.may("mart.view") and (who.may("mart.payout_approve") or who.may("mart.payout"))):
        return []
    return [one for one in payouts.listed(scope.session(), who, *payouts.OPEN) if may_decide(one) or may_pay(one)]


def may_decide(payout: StoreWithdrawal) -> bool:
    who = scope.actor()
    return payout.state == "asked" and who.may("mart.payout_approve") and payout.created_by != who.user_id


def may_pay(payout: StoreWithdrawal) -> bool:
    who = scope.actor()
    return payout.state == "approved" and who.may("mart.payout") and payout.created_by != who.user_id


class AskForm(KopForm):
    """A part of the balance. `token` makes the second click the same request."""

    amount_rp = RupiahField("Jumlah", validators=[InputRequired(), Positive()])
    note = short_text("Keterangan", 200, description="Misalnya: kulakan minggu depan.")
    token = HiddenField(validators=[Length(max=60)])


class PayForm(KopForm):
    paid_on = DayField("Tanggal bayar", validators=[InputRequired()])
    account = SelectField("Dibayar dari")
    into = SelectField("Dicatat di toko sebagai")
    proof = FileField("Foto bukti transfer", render_kw={"accept": "image/png,image/jpeg,image/webp"},
                      description="Boleh kosong. PNG, JPEG atau WebP, paling besar 5 MB.")  # fmt: skip


class BalanceDesk(Screen):
    """Saldo toko."""

    route_base = "/kopmin/saldo-toko"

    @expose("/")
    @needs("mart.view")
    def index(self) -> ResponseReturnValue:
        session, who = scope.session(), scope.actor()
        mine = stores.mine(session, who)
        asked = payouts.listed(session, who, *payouts.OPEN)
        if len(mine) == 1 and not asked:
            return redirect(url_for("BalanceDesk.show", store_id=mine[0].id))
        rows = [(store, payouts.asked_rp(session, store.id), balance.held(session, store.id)) for store in mine]
        return self.page("store_balances.html", title="Saldo toko", rows=rows, asked=asked, tag=state_tag)

    @expose("/<row:store_id>")
    @needs("mart.view")
    def show(self, store_id: int) -> ResponseReturnValue:
        session, who = scope.session(), scope.actor()
        store = stores.get(session, who, store_id)
        moved = balance.statement(session, who, store_id)
        return self.page(
            "store_balance.html", title=f"Saldo {store.name}", store=store, tools=_tools(store), kinds=KINDS,
            asked=payouts.listed(session, who, store_id=store_id)[:20], tag=state_tag, rows=_rows(moved)[:MOST_SHOWN],
            more=max(0, len(moved) - MOST_SHOWN), bank=payouts.bank_of(store), rests=_rests(store),
            free_rp=payouts.free(session, who, store_id), asked_rp=payouts.asked_rp(session, store_id),
            held_rp=balance.held(session, store_id),
        )  # fmt: skip

    @expose("/<row:store_id>/unduh.xlsx")
    @needs("mart.view")
    def export(self, store_id: int) -> ResponseReturnValue:
        store = stores.get(scope.session(), scope.actor(), store_id)
        moved = balance.statement(scope.session(), scope.actor(), store_id)
        return spreadsheet(f"Saldo {store.name}", _sheet(moved))

    @expose("/<row:store_id>/tarik", methods=["GET", "POST"])
    @needs("mart.payout_ask")
    def ask(self, store_id: int) -> ResponseReturnValue:
        session, who = scope.session(), scope.actor()
        store = stores.must_keep(session, who, store_id)
        form, back = AskForm(token=secrets.token_urlsafe(12)), url_for("BalanceDesk.show", store_id=store_id)
        if form.validate_on_submit():
            with self.posting(form):
                wanted_rp, token = form.amount_rp.data or 0, form.token.data or ""
                asked = payouts.ask(session, who, store_id, wanted_rp, scope.today(), token, form.note.data or "")
                flash("Penarikan diajukan. Pengurus atau bendahara memutuskannya.", "success")
                return redirect(url_for("BalanceDesk.payout", payout_id=asked.id))
        facts = [("Dapat ditarik", rupiah(payouts.free(session, who, store_id))),
                 ("Dibayar ke", payouts.bank_of(store) or "Belum ada rekening")]  # fmt: skip
        return self.page("form.html", title=f"Tarik saldo {store.name}", form=form, back=back, facts=facts,
                         yes="Ajukan penarikan")  # fmt: skip

    @expose("/penarikan/<row:payout_id>")
    @needs("mart.view")
    def payout(self, payout_id: int) -> ResponseReturnValue:
        return self._payout(payouts.get(scope.session(), scope.actor(), payout_id))

    def _payout(self, payout: StoreWithdrawal, number: str = "") -> ResponseReturnValue:
        return self.page(
            "store_payout.html", title=f"Penarikan {rupiah(payout.amount_rp)}", payout=payout, number=number,
            state=state_tag(payout.state), facts=_facts(payout), may_decide=may_decide(payout),
            may_pay=may_pay(payout), tools=_payout_tools(payout),
        )  # fmt: skip

    @expose("/penarikan/<row:payout_id>/nomor", methods=["POST"])
    @needs("mart.payout")
    def number(self, payout_id: int) -> ResponseReturnValue:
        payout, number = payouts.get(scope.session(), scope.actor(), payout_id), ""
        with self.posting():
            number = store_bank.bank_account(scope.session(), scope.actor(), payout.store_id)
        return self._payout(payout, number)

    @expose("/penarikan/<row:payout_id>/putuskan", methods=["POST"])
    @needs("mart.payout_approve")
    def decide(self, payout_id: int) -> ResponseReturnValue:
        payouts.get(scope.session(), scope.actor(), payout_id)
        with self.posting():
            payout = _decided(payout_id, request.form.get("answer", ""))
            flash(f"Penarikan {payout.store.name} {STATES[payout.state].lower()}.", "success")
        return redirect(url_for("BalanceDesk.payout", payout_id=payout_id))

    @expose("/penarikan/<row:payout_id>/bayar", methods=["GET", "POST"])
    @needs("mart.payout")
    def pay(self, payout_id: int) -> ResponseReturnValue:
        payout = payouts.get(scope.session(), scope.actor(), payout_id)
        form, back = _pay_form(), url_for("BalanceDesk.payout", payout_id=payout_id)
        if form.validate_on_submit():
            with self.posting(form):
                _paid(payout_id, form)
                flash(f"{rupiah(payout.amount_rp)} dibayar kepada {payout.store.name}.", "success")
                return redirect(back)
        if payout.state != "approved" and request.method == "GET":
            raise StateChanged(what="Penarikan", state=STATES[payout.state].lower())
        facts = [("Toko", payout.store.name), ("Jumlah", rupiah(payout.amount_rp)), ("Dibayar ke", payout.pay_to)]
        return self.page("form.html", title="Bayar penarikan saldo toko", form=form, back=back, facts=facts,
                         has_file=True, yes=f"Bayar {rupiah(payout.amount_rp)}")  # fmt: skip

    @expose("/penarikan/<row:payout_id>/batalkan", methods=["GET", "POST"])
    @needs("mart.payout_ask")
    def cancel(self, payout_id: int) -> ResponseReturnValue:
        payout, back = payouts.get(scope.session(), scope.actor(), payout_id), url_for(".payout", payout_id=payout_id)
        if request.method == "POST":
            with self.posting():
                payouts.cancel(scope.session(), scope.actor(), payout_id)
                flash("Penarikan dibatalkan. Saldonya dapat ditarik lagi.", "success")
            return redirect(back)
        facts = [("Toko", payout.store.name), ("Jumlah", rupiah(payout.amount_rp))]
        return self.page("sure.html", title="Batalkan penarikan", question="Batalkan penarikan ini?", facts=facts,
                         back=back, yes="Batalkan penarikan", danger=True)  # fmt: skip

    @expose("/penarikan/<row:payout_id>/bukti")
    @needs("mart.view")
    def proof(self, payout_id: int) -> ResponseReturnValue:
        body = payouts.proof_of(scope.session(), scope.actor(), payout_id, scope.settings().data)
        return picture(body, f"bukti-penarikan-{payout_id}")


def _rests(store: Store) -> str:
    """When money may be asked for again, where the account has just changed."""
    until = payouts.rests_until(store)
    return moment(until, scope.coop().zone) if until else ""


def _rows(moved: Sequence[StoreMovement]) -> list[tuple[StoreMovement, int]]:
    """Movements with the balance after each, newest first."""
    found, stood_rp = [], 0
    for one in moved:
        stood_rp += one.amount_rp
        found.append((one, stood_rp))
    return found[::-1]


def _sheet(moved: Sequence[StoreMovement]) -> Iterator[Sequence[Any]]:
    yield ["Tanggal", "Kejadian", "Keterangan", "Jumlah", "Saldo"]
    for one, stood_rp in reversed(_rows(moved)):
        yield [one.booked_on, KINDS[one.kind], one.memo, one.amount_rp, stood_rp]


def _tools(store: Store) -> list[Tool]:
    ask = Tool("Tarik saldo", url_for("BalanceDesk.ask", store_id=store.id), "mart.payout_ask", main=True)
    return [Tool("Unduh Excel", url_for("BalanceDesk.export", store_id=store.id)), ask]


def _payout_tools(payout: StoreWithdrawal) -> list[Tool]:
    pay = Tool("Bayar", url_for("BalanceDesk.pay", payout_id=payout.id), "mart.payout", main=True)
    stop = Tool("Batalkan", url_for("BalanceDesk.cancel", payout_id=payout.id), "mart.payout_ask")
    return [*([stop] if payout.state in payouts.OPEN else []), *([pay] if may_pay(payout) else [])]


def _facts(payout: StoreWithdrawal) -> list[tuple[str, Any]]:
    session = scope.session()
    names = {user_id: session.get_one(User, user_id).full_name
             for user_id in (payout.created_by, payout.decided_by) if user_id}  # fmt: skip
    pairs = [
        ("Toko", payout.store.name),
        ("Dibayar ke", payout.pay_to),
        ("Keterangan", payout.note),
        ("Diajukan", f"{day(payout.asked_on)} oleh {names[payout.created_by]}"),
        ("Diputuskan oleh", names.get(payout.decided_by or 0)),
        ("Alasan", payout.reason),
        ("Dibayar pada", day(payout.paid_on)),
    ]
    return [(label, value) for label, value in pairs if value]


def _decided(payout_id: int, answer: str) -> StoreWithdrawal:
    if answer == "setuju":
        return payouts.approve(scope.session(), scope.actor(), payout_id)
    if answer == "tolak":
        reason = storable(request.form.get("reason", ""))
        return payouts.reject(scope.session(), scope.actor(), payout_id, reason=reason)
    raise StateChanged(what="Pilihan", state="tidak dikenal")


def _pay_form() -> PayForm:
    session, who = scope.session(), scope.actor()
    form = PayForm(paid_on=scope.today())
    form.account.choices = [(str(key), label) for key, label in payout_ways.money_from(session, who)]
    form.into.choices = [(str(key), label) for key, label in payout_ways.money_into(session, who)]
    return form


def _account(text: str) -> Role | int:
    """What a choice of `_pay_form` means: a role, or an account's id."""
    return int(text) if text.isdigit() else Role(text)


def _paid(payout_id: int, form: PayForm) -> None:
    body = form.proof.data.read() if form.proof.data else b""
    payouts.pay(
        scope.session(), scope.actor(), payout_id, on=form.paid_on.data, account=_account(form.account.data),
        into=_account(form.into.data), proof=payout_ways.Proof(body, scope.settings().data) if body else None,
    )  # fmt: skip


SCREENS = (BalanceDesk,)
