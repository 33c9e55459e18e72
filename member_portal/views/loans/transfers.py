"""Telling of an installment sent by bank, with its proof; what was sent before and how far it is."""

import secrets
import uuid

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from core.display import number
from core.errors import InvalidValue, NotFound, Refusal
from core.pictures import PictureRefused
from member_portal.frame import LARGEST_ID, me, members_only, page, portal, today
from member_portal.typed import Typed
from member_portal.views.loans.page import ONE
from models.loans import Loan, LoanTransfer
from services.loans import queries, refusals, repayment, transfers
from web.headers import picture
from web.request import db, settings, transaction

SENT = f"{ONE}/transfer/<int(max={LARGEST_ID}):transfer_id>"
TONES = {"waiting": "warn", "booked": "good", "rejected": "bad"}
BESIDE: dict[type[Refusal], str] = {
    refusals.TransferTooMuch: "jumlah", refusals.PaymentInvalid: "jumlah", refusals.PaidBeforeDisbursed: "tanggal",
    PictureRefused: "bukti", refusals.TransferProofUsed: "bukti",
}  # fmt: skip
NAMED = {"Tanggal transfer": "tanggal", "Dari bank": "bank"}


@portal.get(f"{ONE}/transfer")
@members_only
def transfer_form(public_id: uuid.UUID) -> ResponseReturnValue:
    who, _ = me()
    loan = queries.by_public_id(db(), who, public_id)
    return _page(public_id, Typed({}, _usual(loan)))


@portal.post(f"{ONE}/transfer")
@members_only
def ask_transfer(public_id: uuid.UUID) -> ResponseReturnValue:
    typed = Typed(request.form)
    wish = _wish(queries.by_public_id(db(), me()[0], public_id), typed)
    if not typed.ok:
        return _page(public_id, typed), 422
    try:
        with transaction() as session:
            transfers.ask(session, me()[0], wish, settings().data)
    except Refusal as refusal:
        typed.refused(_place(refusal), refusal)
        return _page(public_id, typed), refusal.status
    flash("Bukti transfer terkirim. Petugas mencocokkannya dengan rekening koran, lalu Anda mendapat kabar.", "success")
    return redirect(url_for("portal.transfer_form", public_id=public_id))


@portal.post(f"{SENT}/batal")
@members_only
def cancel_transfer(public_id: uuid.UUID, transfer_id: int) -> ResponseReturnValue:
    _own(public_id, transfer_id)
    try:
        with transaction() as session:
            transfers.cancel(session, me()[0], transfer_id)
        flash("Transfer ditarik kembali.", "success")
    except refusals.TransferWrongState as refusal:
        flash(refusal.sentence, "danger")
    return redirect(url_for("portal.transfer_form", public_id=public_id))


@portal.get(f"{SENT}/bukti")
@members_only
def transfer_proof(public_id: uuid.UUID, transfer_id: int) -> ResponseReturnValue:
    _own(public_id, transfer_id)
    body = transfers.proof(db(), me()[0], transfer_id, settings().data)
    return picture(body, f"bukti-{transfer_id}")


def _own(public_id: uuid.UUID, transfer_id: int) -> LoanTransfer:
    loan, transfer = queries.by_public_id(db(), me()[0], public_id), transfers.get(db(), me()[0], transfer_id)
    if transfer.loan_id != loan.id:
        raise NotFound(what="Transfer")
    return transfer


def _place(refusal: Refusal) -> str:
    if isinstance(refusal, InvalidValue):
        return NAMED.get(refusal.fields["field"], "form")
    return BESIDE.get(type(refusal), "form")


def _wish(loan: Loan, typed: Typed) -> transfers.Wish:
    given = request.files.get("bukti")
    return transfers.Wish(
        loan_id=loan.id, amount_rp=typed.rupiah("jumlah", least=1), paid_on=typed.day("tanggal", today()),
        asked_on=today(), token=typed["token"][:60] or secrets.token_urlsafe(12),
        proof=given.read() if given else b"", bank=typed.must("bank", "Isi nama bank atau dompet asalnya."),
        sender=typed["nama"], note=typed["catatan"],
    )  # fmt: skip


def _usual(loan: Loan) -> dict[str, str]:
    due = queries.next_due(queries.installments(db(), loan), today())
    return {
        "jumlah": number(due.amount_rp) if due else "", "tanggal": today().isoformat(), "nama": loan.member.name,
        "token": secrets.token_urlsafe(12),
    }  # fmt: skip


def _page(public_id: uuid.UUID, typed: Typed) -> str:
    who, _ = me()
    loan = queries.by_public_id(db(), who, public_id)
    sent = transfers.of_loan(db(), who, loan.id)
    runs = loan.state == "running" and loan.disbursed_on is not None and loan.disbursed_on <= today()
    return page(
        "loan_transfer.html", title="Bayar lewat transfer", loan=loan, typed=typed, sent=sent, tones=TONES,
        states=transfers.STATES, undone=transfers.undone(db(), sent), newest=today(),
        due=queries.next_due(queries.installments(db(), loan), today()) if runs else None,
        quote=repayment.quote(db(), who, loan.id, on=today()) if runs else None,
    )  # fmt: skip
