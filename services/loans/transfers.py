"""Installments sent by bank: the member says so with the proof, the desk finds the money and books it once."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core.actor import Actor
from core.clock import now
from core.display import date_long, rupiah
from core.errors import InvalidValue, NotAllowed, NotFound
from core.money import LIMIT_RP, Rupiah
from core.pictures import redrawn
from models.loans import Loan, LoanPayment, LoanTransfer
from models.moves import move as move_row
from models.savings import Receipt
from services.audit import trail
from services.ledger import chart
from services.ledger.chart import Role
from services.loans import pictures, queries, repayment
from services.loans.allocation import Allocation
from services.loans.refusals import (
    OwnTransfer,
    PaymentInvalid,
    TooManyTransfers,
    TransferDiffers,
    TransferEndsDifferently,
    TransferProofUsed,
    TransferTooMuch,
    TransferWrongState,
)
from services.notifications import texts
from services.notifications.commands import notify

STATES = {"waiting": "diproses", "booked": "dibukukan", "rejected": "ditolak", "cancelled": "dibatalkan"}
MOST = 5
Use = Literal["next", "shorter", "smaller", "settle"]
USES = {**repayment.EXTRAS, "settle": "Melunasi pinjaman"}


@dataclass(frozen=True)
class Wish:
    """What a member says they sent. `token` makes the form's second click the same transfer."""

    loan_id: int
    amount_rp: Rupiah
    paid_on: date
    asked_on: date
    token: str
    proof: bytes
    bank: str
    sender: str = ""
    note: str = ""


@dataclass(frozen=True)
class Found:
    """The money as the bank's statement shows it: into which account, and what it is used for."""

    amount_rp: Rupiah
    booked_on: date
    account: Role | int = Role.BANK
    use: Use = "next"


def ask(session: Session, actor: Actor, wish: Wish, folder: Path) -> LoanTransfer:
    """Tell of one's own transfer, with its proof. The same `token` again returns the same transfer.

    Raises:
        LoanWrongState: not running. PaidBeforeDisbursed, PaymentInvalid, InvalidValue, TransferTooMuch,
        TooManyTransfers, TransferDiffers, TransferProofUsed, PictureRefused, StorageFull, NotFound, NotAllowed.
    """
    loan = queries.loan(session, actor, wish.loan_id)
    if not (actor.may("own.ask") and actor.member_id == loan.member_id):
        raise NotAllowed(permission="own.ask")
    if found := session.scalars(select(LoanTransfer).where(LoanTransfer.token == wish.token)).first():
        if (found.loan_id, found.amount_rp, found.paid_on) != (loan.id, wish.amount_rp, wish.paid_on):
            raise TransferDiffers()
        return found
    _check(session, loan, wish)
    picture = redrawn(wish.proof)
    digest = hashlib.sha256(picture).hexdigest()
    used = select(LoanTransfer.id).where(LoanTransfer.digest == digest, LoanTransfer.state.in_(("waiting", "booked")))
    if session.scalars(used).first() is not None:
        raise TransferProofUsed()
    transfer = LoanTransfer(
        coop_id=actor.coop_id, token=wish.token, loan_id=loan.id, amount_rp=wish.amount_rp, paid_on=wish.paid_on,
        bank=_line(wish.bank, 60), sender=_line(wish.sender, 80), note=_line(wish.note, 200),
        stored_as=pictures.keep(folder, actor.coop_id, picture), digest=digest, created_by=actor.user_id,
    )  # fmt: skip
    session.add(transfer)
    session.flush()  # the trail names its id
    trail.record(session, actor, "loans.transfer", f"transfer:{transfer.id}", amount_rp=wish.amount_rp, loan=loan.id)
    return transfer


def _line(text: str, most: int) -> str:
    return " ".join(text.split())[:most]


def _check(session: Session, loan: Loan, wish: Wish) -> None:
    if type(wish.amount_rp) is not int or not 0 < wish.amount_rp < LIMIT_RP:
        raise PaymentInvalid(amount=wish.amount_rp)
    if not 1 <= len(wish.token) <= 60:
        raise InvalidValue(field="Formulir", reason="muat ulang halaman, lalu isi lagi.")
    if wish.paid_on > wish.asked_on:
        raise InvalidValue(field="Tanggal transfer", reason="belum tiba. Isi tanggal uangnya dikirim.")
    if not wish.bank.strip():
        raise InvalidValue(field="Dari bank", reason="isi nama bank atau dompet asalnya.")
    ours = select(LoanTransfer.amount_rp).where(LoanTransfer.loan_id == loan.id, LoanTransfer.state == "waiting")
    waiting = list(session.scalars(ours))
    if len(waiting) >= MOST:
        raise TooManyTransfers(most=MOST)
    _not_too_much(repayment.quote_of(session, loan, wish.paid_on), wish.amount_rp, sum(waiting))


def _not_too_much(quote: repayment.Quote, amount_rp: Rupiah, waiting_rp: Rupiah = 0) -> None:
    if amount_rp + waiting_rp > quote.total_rp:
        waits = f", sedang {rupiah(waiting_rp)} masih diproses" if waiting_rp else ""
        payoff, on = rupiah(quote.total_rp), date_long(quote.on)
        raise TransferTooMuch(amount=rupiah(amount_rp), payoff=payoff, on=on, waits=waits)


def _quote(session: Session, loan: Loan, found: Found) -> repayment.Quote:
    """What would end the loan on the day the money came; what came fits it."""
    quote = repayment.quote_of(session, loan, found.booked_on)
    _not_too_much(quote, found.amount_rp)
    if found.use == "settle" and found.amount_rp != quote.total_rp:
        payoff, amount = rupiah(quote.total_rp), rupiah(found.amount_rp)
        raise TransferEndsDifferently(on=date_long(quote.on), payoff=payoff, amount=amount)
    return quote


def likely(session: Session, transfer: LoanTransfer) -> Found:
    """What the member says it is; it ends the loan when it is just what that takes."""
    found = Found(transfer.amount_rp, transfer.paid_on)
    if transfer.loan.state != "running":
        return found
    payoff_rp = repayment.quote_of(session, transfer.loan, transfer.paid_on).total_rp
    return replace(found, use="settle") if payoff_rp == transfer.amount_rp else found


def preview(session: Session, actor: Actor, transfer_id: int, found: Found) -> Allocation:
    """What the money would pay: penalty, interest, principal. Books nothing; raises as `confirm`."""
    actor.must("loans.pay")
    transfer = get(session, actor, transfer_id)
    quote = _quote(session, transfer.loan, found)
    if found.use == "settle":
        return repayment.ending(transfer.loan, queries.installments(session, transfer.loan), quote)
    return repayment.preview(session, actor, _payment(transfer, found))


def confirm(session: Session, actor: Actor, transfer_id: int, found: Found) -> Receipt:
    """Book the money as the bank shows it, and give the kuitansi; the same again returns the same kuitansi.

    Raises:
        OwnTransfer: the payer may not. TransferWrongState: booked otherwise, rejected, cancelled.
        TransferTooMuch, TransferEndsDifferently: more than is owed; not what ends the loan. As `repayment.pay`.
    """
    actor.must("loans.pay")
    transfer = _held(session, actor, transfer_id)
    if transfer.state == "booked" and (transfer.booked_rp, transfer.booked_on) == (found.amount_rp, found.booked_on):
        return session.get_one(Receipt, transfer.receipt_id)
    if transfer.state != "waiting":
        raise _wrong(transfer, "dibukukan")
    if isinstance(found.account, int) and found.account not in dict(accounts(session, actor)):
        raise InvalidValue(field="Masuk ke rekening", reason="pilih salah satu rekening bank koperasi.")
    receipt = _paid(session, actor, transfer, found)
    _move(session, transfer, "booked", "dibukukan", booked_rp=found.amount_rp, booked_on=found.booked_on,
          receipt_id=receipt.id, decided_by=actor.user_id, decided_at=now())  # fmt: skip
    trail.record(session, actor, "loans.transfer_booked", f"transfer:{transfer.id}", said_rp=transfer.amount_rp,
                 booked_rp=found.amount_rp, receipt=receipt.label)  # fmt: skip
    _tell(session, transfer)
    return receipt


def _paid(session: Session, actor: Actor, transfer: LoanTransfer, found: Found) -> Receipt:
    quote, payment = _quote(session, transfer.loan, found), _payment(transfer, found)
    if found.use == "settle":
        return repayment.settle(session, actor, quote, token=payment.token, cash=found.account)
    return repayment.pay(session, actor, payment)


def _payment(transfer: LoanTransfer, found: Found) -> repayment.Payment:
    extra: repayment.Extra = "next" if found.use == "settle" else found.use
    memo = f"Angsuran pinjaman {transfer.loan.number} {transfer.loan.member.name}, transfer dari {transfer.bank}"
    return repayment.Payment(
        transfer.loan_id, found.amount_rp, found.booked_on, f"transfer:{transfer.id}", found.account, extra, memo
    )


def reject(session: Session, actor: Actor, transfer_id: int, *, reason: str) -> LoanTransfer:
    """Say that the money is not there, with the reason the member reads. Raises OwnTransfer, TransferWrongState."""
    actor.must("loans.pay")
    if not reason.strip():
        raise InvalidValue(field="Alasan", reason="isi dulu, supaya anggota tahu.")
    transfer = _held(session, actor, transfer_id)
    _move(session, transfer, "rejected", "ditolak", reason=_line(reason, 200), decided_by=actor.user_id,
          decided_at=now())  # fmt: skip
    trail.record(session, actor, "loans.transfer_rejected", f"transfer:{transfer.id}", reason=reason)
    _tell(session, transfer)
    return transfer


def cancel(session: Session, actor: Actor, transfer_id: int) -> LoanTransfer:
    """Take one's own word back before it is booked. Raises TransferWrongState, NotFound."""
    transfer = get(session, actor, transfer_id)
    if not (actor.may("own.ask") and actor.member_id == transfer.loan.member_id):
        raise NotAllowed(permission="own.ask")
    _move(session, transfer, "cancelled", "dibatalkan")
    trail.record(session, actor, "loans.transfer_cancelled", f"transfer:{transfer.id}")
    return transfer


def _held(session: Session, actor: Actor, transfer_id: int) -> LoanTransfer:
    """A transfer to decide on, until the transaction ends; never the actor's own."""
    get(session, actor, transfer_id)
    query = select(LoanTransfer).where(LoanTransfer.id == transfer_id).with_for_update()
    transfer = session.scalars(query.execution_options(populate_existing=True)).one()
    if actor.user_id == transfer.created_by or actor.member_id == transfer.loan.member_id:
        raise OwnTransfer()
    return transfer


def _move(session: Session, transfer: LoanTransfer, state: str, act: str, **values: object) -> None:
    if not move_row(session, transfer, ("waiting",), state=state, **values):
        raise _wrong(transfer, act)


def _wrong(transfer: LoanTransfer, act: str) -> TransferWrongState:
    return TransferWrongState(state=f"sudah {STATES[transfer.state]}", act=act)


def _tell(session: Session, transfer: LoanTransfer) -> None:
    loan = transfer.loan
    url = f"{texts.LOANS}/{loan.public_id}/transfer"
    message = texts.transfer(loan.number, transfer.amount_rp, transfer.booked_rp, url, transfer.reason)
    key = f"transfer:{transfer.id}:{transfer.state}"
    notify(session, transfer.coop_id, key, message, topic="pinjaman", member_id=loan.member_id)


def get(session: Session, actor: Actor, transfer_id: int) -> LoanTransfer:
    """One transfer: any for the desk, their own for a member. Raises NotFound."""
    transfer = session.get(LoanTransfer, transfer_id)
    if transfer is None:
        raise NotFound(what="Transfer")
    queries.loan(session, actor, transfer.loan_id)
    return transfer


def proof(session: Session, actor: Actor, transfer_id: int, folder: Path) -> bytes:
    """The picture, for those who may see the transfer. Raises NotFound, DocumentGone."""
    transfer = get(session, actor, transfer_id)
    return pictures.kept(folder, actor.coop_id, transfer.stored_as, "bukti transfer")


def of_loan(session: Session, actor: Actor, loan_id: int) -> list[LoanTransfer]:
    """What was sent for a loan, newest first. Raises NotFound for somebody else's."""
    loan = queries.loan(session, actor, loan_id)
    query = select(LoanTransfer).where(LoanTransfer.loan_id == loan.id)
    return list(session.scalars(query.order_by(LoanTransfer.id.desc())))


def waiting(session: Session, actor: Actor) -> list[LoanTransfer]:
    """What the desk has to look for on the bank's statement, the longest waiting first."""
    actor.must("loans.pay")
    query = select(LoanTransfer).where(LoanTransfer.state == "waiting").order_by(LoanTransfer.id)
    return list(session.scalars(query.options(joinedload(LoanTransfer.loan).joinedload(Loan.member))))


def undone(session: Session, transfers: Sequence[LoanTransfer]) -> set[int]:
    """Which of them were booked and then undone, by id."""
    by_source = {f"loan-payment:transfer:{one.id}": one.id for one in transfers}
    made = select(LoanPayment.id, LoanPayment.source).where(LoanPayment.source.in_(by_source))
    sources = {row.id: row.source for row in session.execute(made)}
    reversing = select(LoanPayment.reverses_id).where(LoanPayment.reverses_id.in_(sources))
    return {by_source[sources[payment_id]] for payment_id in session.scalars(reversing) if payment_id is not None}


def accounts(session: Session, actor: Actor) -> list[tuple[int, str]]:
    """The cooperative's bank accounts, id and name, the usual one first."""
    return [(account.id, str(account)) for account in chart.beside(session, actor, Role.BANK)]
