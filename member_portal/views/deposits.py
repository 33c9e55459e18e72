"""Tabungan: voluntary savings month by month, asking for money from them, and time deposits."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import rupiah
from core.errors import Refusal
from core.money import Rupiah
from core.numbers import Style, parse_amount
from member_portal.frame import LARGEST_ID, me, members_only, page, portal, today
from member_portal.views.savings import whole
from services.deposits import queries as deposits
from services.deposits import rates
from services.deposits.earning import PAYOUTS, ROLLOVERS
from services.savings import proofs, queries, requests
from services.savings.refusals import AmountInvalid, NotWithdrawable, RequestTokenTaken, RequestTooMuch
from web.headers import picture
from web.request import db, settings, transaction

WITHDRAWAL_ID = f"<int(max={LARGEST_ID}):withdrawal_id>"
DEPOSIT_ID = f"<int(max={LARGEST_ID}):deposit_id>"
FIELDS = ("jenis", "jumlah", "tujuan", "catatan", "token")
ABOUT: dict[type[Refusal], str] = {AmountInvalid: "jumlah", RequestTooMuch: "jumlah", NotWithdrawable: "jenis"}
LONGEST = 200


@dataclass(frozen=True)
class Purse:
    """One kind of voluntary savings on the page."""

    balance: queries.Balance
    free_rp: Rupiah
    months: list[queries.Month]


@portal.get("/mykoperasi/tabungan")
@members_only
def tabungan() -> ResponseReturnValue:
    return _tabungan({})


def _tabungan(wish: Mapping[str, str], problem: str = "", about: str = "") -> str:
    who, member_id = me()
    session, day = db(), today()
    placed = deposits.of_member(session, who, member_id)
    return page(
        "tabungan.html", title="Tabungan", wish={**wish, "token": wish.get("token") or secrets.token_urlsafe(12)},
        problem=problem, about=about, purses=_purses(session, who, member_id), states=requests.STATES,
        requests=requests.of_member(session, who, member_id), offers=rates.offered(session, who.coop_id, day),
        running=[(one, deposits.earned_by(session, one, day)) for one in placed if one.state != "closed"],
        closed=[one for one in placed if one.state == "closed"], rollovers=ROLLOVERS,
    )  # fmt: skip


def _purses(session: Session, who: Actor, member_id: int) -> list[Purse]:
    return [
        Purse(
            row,
            requests.free(session, who, member_id, row.product_id),
            queries.by_month(queries.mutations(session, who, member_id, product_id=row.product_id)),
        )
        for row in queries.balances(session, who, member_id)
        if row.kind == "voluntary"
    ]


@portal.post("/mykoperasi/tabungan/tarik")
@members_only
def ask_withdrawal() -> ResponseReturnValue:
    """Ask for money; what was typed stays when it is refused."""
    wish = {name: request.form.get(name, "")[:LONGEST] for name in FIELDS}
    try:
        with transaction() as work:
            asked = requests.ask(work, me()[0], _wish(wish))
    except ValueError as wrong:
        return _tabungan(wish, f"Jumlah: {wrong}.", "jumlah"), 422
    except Refusal as refusal:
        kept = wish | ({"token": ""} if isinstance(refusal, RequestTokenTaken) else {})
        return _tabungan(kept, refusal.sentence, ABOUT.get(type(refusal), "")), refusal.status
    flash(f"Pengajuan penarikan {rupiah(asked.amount_rp)} sudah kami terima. Pengurus akan memeriksanya.", "success")
    return redirect(url_for("portal.tabungan", _anchor="pengajuan"))


def _wish(told: Mapping[str, str]) -> requests.Wish:
    """Raises ValueError for what is no amount."""
    amount_rp = parse_amount(told["jumlah"], style=Style.INDONESIAN)
    return requests.Wish(
        me()[1], whole(told["jenis"]) or 0, amount_rp, today(), told["token"], told["tujuan"], told["catatan"]
    )


@portal.post(f"/mykoperasi/tabungan/pengajuan/{WITHDRAWAL_ID}/batal")
@members_only
def cancel_withdrawal(withdrawal_id: int) -> ResponseReturnValue:
    """Take an own request back before it is paid."""
    with transaction() as work:
        requests.cancel(work, me()[0], withdrawal_id)
    flash("Pengajuan penarikan sudah dibatalkan.", "success")
    return redirect(url_for("portal.tabungan", _anchor="pengajuan"))


@portal.get(f"/mykoperasi/tabungan/pengajuan/{WITHDRAWAL_ID}/bukti")
@members_only
def withdrawal_proof(withdrawal_id: int) -> ResponseReturnValue:
    """The proof of the transfer, for its owner."""
    return picture(proofs.read(db(), me()[0], withdrawal_id, settings().data), f"bukti-{withdrawal_id}")


@portal.get(f"/mykoperasi/tabungan/berjangka/{DEPOSIT_ID}")
@members_only
def time_deposit(deposit_id: int) -> ResponseReturnValue:
    """One deposit with its terms and everything that happened to it."""
    session, who = db(), me()[0]
    found = deposits.get(session, who, deposit_id)
    return page(
        "deposit.html", title=f"Simpanan berjangka {found.number}", deposit=found, terms=deposits.terms_of(found),
        earned_rp=deposits.earned_by(session, found, today()), payout=PAYOUTS[found.payout],
        rollover=ROLLOVERS[found.rollover], movements=deposits.movements(session, who, deposit_id),
        receipts=[one for event in ("placed", "closed") if (one := deposits.receipt_of(session, who, found, event))],
    )  # fmt: skip
