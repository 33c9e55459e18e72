"""A member asks for money from voluntary savings: asked, approved by a second person, paid once. Or declined."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from core.actor import Actor
from core.clock import now
from core.display import rupiah
from core.errors import InvalidValue, NotAllowed, NotFound
from core.money import LIMIT_RP, Rupiah
from models.members import Member
from models.moves import move as move_row
from models.savings import Receipt, SavingsAccount, SavingsProduct, WithdrawalRequest
from services.audit import trail
from services.ledger.chart import Role
from services.members import commands as members
from services.notifications import texts
from services.notifications.commands import notify
from services.savings import commands
from services.savings.refusals import (
    AmountInvalid,
    NotMember,
    NotWithdrawable,
    OwnRequest,
    RequestTokenTaken,
    RequestTooMuch,
    RequestWrongState,
)

STATES = {
    "asked": "menunggu persetujuan",
    "approved": "disetujui, menunggu dibayar",
    "paid": "sudah dibayar",
    "rejected": "ditolak",
    "cancelled": "dibatalkan",
}
OPEN = ("asked", "approved")


@dataclass(frozen=True)
class Wish:
    """What a member wants out. `token` makes the form's second click the same request."""

    member_id: int
    product_id: int
    amount_rp: Rupiah
    asked_on: date
    token: str
    pay_to: str = ""
    note: str = ""


def ask(session: Session, actor: Actor, wish: Wish) -> WithdrawalRequest:
    """Ask for oneself, or at the desk for a member. The same `token` again returns the same request.

    Raises:
        NotWithdrawable, NotMember, AmountInvalid, RequestTooMuch, RequestTokenTaken, NotFound, NotAllowed.
    """
    _may_ask(actor, wish.member_id)
    query = select(WithdrawalRequest).where(WithdrawalRequest.token == wish.token)
    if found := session.scalars(query).first():
        if (found.member_id, found.product_id, found.amount_rp) != (wish.member_id, wish.product_id, wish.amount_rp):
            raise RequestTokenTaken()
        return found
    member, product = members.get(session, actor, wish.member_id), session.get(SavingsProduct, wish.product_id)
    if product is None or not product.is_active:
        raise NotFound(what="Jenis simpanan")
    _check(session, actor, member, product, wish)
    request = WithdrawalRequest(
        coop_id=actor.coop_id, token=wish.token[:60], member_id=member.id, product_id=product.id,
        amount_rp=wish.amount_rp, pay_to=wish.pay_to.strip()[:120], note=wish.note.strip()[:200],
        asked_on=wish.asked_on, created_by=actor.user_id,
    )  # fmt: skip
    session.add(request)
    session.flush()  # the trail and the message name its id
    trail.record(session, actor, "savings.ask", f"withdrawal:{request.id}", amount_rp=wish.amount_rp)
    _tell(session, request)
    return request


def _may_ask(actor: Actor, member_id: int) -> None:
    if not (actor.may("savings.teller") or (actor.may("own.ask") and actor.member_id == member_id)):
        raise NotAllowed(permission="savings.teller")


def _check(session: Session, actor: Actor, member: Member, product: SavingsProduct, wish: Wish) -> None:
    if type(wish.amount_rp) is not int or not 0 < wish.amount_rp < LIMIT_RP:
        raise AmountInvalid(amount=wish.amount_rp)
    if not 1 <= len(wish.token) <= 60:
        raise InvalidValue(field="Formulir", reason="muat ulang halaman, lalu isi lagi.")
    if member.state != "active":
        raise NotMember(member=member.name, state=members.STATES[member.state])
    if product.kind != "voluntary":
        raise NotWithdrawable(product=product.name)
    held_rp, asked_rp = _standing(session, member.id, product.id)
    free_rp = max(0, held_rp - product.minimum_balance_rp - asked_rp)
    if wish.amount_rp > free_rp:
        raise RequestTooMuch(
            product=product.name, free=rupiah(free_rp), asked=rupiah(asked_rp), amount=rupiah(wish.amount_rp)
        )


def _standing(session: Session, member_id: int, product_id: int) -> tuple[Rupiah, Rupiah]:
    """What is saved, and what of it is asked for by requests that still run."""
    account = select(SavingsAccount.balance_rp).where(
        SavingsAccount.member_id == member_id, SavingsAccount.product_id == product_id
    )
    asked = select(func.coalesce(func.sum(WithdrawalRequest.amount_rp), 0)).where(
        WithdrawalRequest.member_id == member_id,
        WithdrawalRequest.product_id == product_id,
        WithdrawalRequest.state.in_(OPEN),
    )
    return session.scalar(account) or 0, int(session.scalar(asked) or 0)


def free(session: Session, actor: Actor, member_id: int, product_id: int) -> Rupiah:
    """What a member may still ask for from a product. Raises NotFound for somebody else's."""
    _may_see(actor, member_id)
    product = session.get(SavingsProduct, product_id)
    if product is None or product.kind != "voluntary":
        return 0
    held_rp, asked_rp = _standing(session, member_id, product_id)
    return max(0, held_rp - product.minimum_balance_rp - asked_rp)


def approve(session: Session, actor: Actor, request_id: int) -> WithdrawalRequest:
    """Say yes; who asked, or whose money it is, may not. Raises OwnRequest, RequestWrongState, NotFound."""
    return _decide(session, actor, request_id, "approved", "")


def reject(session: Session, actor: Actor, request_id: int, *, reason: str) -> WithdrawalRequest:
    """Say no, with the reason the member will read. Raises as `approve`, InvalidValue."""
    if not reason.strip():
        raise InvalidValue(field="Alasan", reason="isi dulu, supaya anggota tahu.")
    return _decide(session, actor, request_id, "rejected", reason)


def _decide(session: Session, actor: Actor, request_id: int, state: str, reason: str) -> WithdrawalRequest:
    actor.must("savings.approve")
    request = _get(session, request_id)
    if request.created_by == actor.user_id or request.member_id == actor.member_id:
        raise OwnRequest()
    act = "disetujui" if state == "approved" else "ditolak"
    decided = {"decided_by": actor.user_id, "decided_at": now(), "reason": reason.strip()[:200]}
    _move(session, request, ("asked",), state, act, **decided)
    trail.record(session, actor, f"savings.{state}", f"withdrawal:{request.id}", reason=reason)
    _tell(session, request)
    return request


def cancel(session: Session, actor: Actor, request_id: int, *, reason: str = "") -> WithdrawalRequest:
    """Take a request back before it is paid: the member their own, or the desk. Raises RequestWrongState."""
    request = _get(session, request_id)
    own = actor.may("own.ask") and request.member_id == actor.member_id
    if not (own or actor.may("savings.teller")):
        raise NotFound(what="Pengajuan penarikan")
    _move(session, request, OPEN, "cancelled", "dibatalkan", reason=reason.strip()[:200])
    trail.record(session, actor, "savings.cancel", f"withdrawal:{request.id}", reason=reason)
    if not own:
        _tell(session, request)
    return request


def pay(
    session: Session,
    actor: Actor,
    request_id: int,
    *,
    paid_on: date,
    cash: Role | int = Role.CASH,
    proof_file: str | None = None,
) -> Receipt:
    """Pay an approved request out and issue the kuitansi, once, whatever is clicked.

    Raises:
        RequestWrongState: nobody approved it, or it ended. OwnRequest: the payer's own money.
        NotEnough: the money was taken at the desk meanwhile. As `post`.
    """
    actor.must("savings.teller")
    query = select(WithdrawalRequest).where(WithdrawalRequest.id == request_id).with_for_update()
    request = session.scalars(query.execution_options(populate_existing=True)).first()
    if request is None:
        raise NotFound(what="Pengajuan penarikan")
    if request.member_id == actor.member_id:
        raise OwnRequest()
    if request.state == "paid":
        return session.get_one(Receipt, request.receipt_id)
    if request.state != "approved":
        raise _wrong(request, "dibayar")
    receipt = commands.withdraw(
        session, actor, member_id=request.member_id, product_id=request.product_id, amount_rp=request.amount_rp,
        booked_on=paid_on, token=f"request:{request.id}", cash=cash, memo=f"Penarikan {request.product.name}",
    )  # fmt: skip
    _move(
        session, request, ("approved",), "paid", "dibayar",
        paid_on=paid_on, receipt_id=receipt.id, proof_file=proof_file,
    )  # fmt: skip
    trail.record(session, actor, "savings.pay", f"withdrawal:{request.id}", receipt=receipt.label)
    _tell(session, request)
    return receipt


def _move(
    session: Session, request: WithdrawalRequest, origins: tuple[str, ...], state: str, act: str, **values: object
) -> None:
    if not move_row(session, request, origins, state=state, **values):
        raise _wrong(request, act)


def _wrong(request: WithdrawalRequest, act: str) -> RequestWrongState:
    return RequestWrongState(state=STATES[request.state], act=act)


def _tell(session: Session, request: WithdrawalRequest) -> None:
    message = texts.withdrawal(request.product.name, request.amount_rp, request.state, request.reason)
    key = f"withdrawal:{request.id}:{request.state}"
    notify(session, request.coop_id, key, message, topic="simpanan", member_id=request.member_id)


def _get(session: Session, request_id: int) -> WithdrawalRequest:
    request = session.get(WithdrawalRequest, request_id)
    if request is None:
        raise NotFound(what="Pengajuan penarikan")
    return request


def _may_see(actor: Actor, member_id: int) -> None:
    if not (actor.may("savings.view") or (actor.may("own.view") and actor.member_id == member_id)):
        raise NotFound(what="Anggota")


def get(session: Session, actor: Actor, request_id: int) -> WithdrawalRequest:
    """One request: any for the desk, their own for a member. Raises NotFound."""
    request = _get(session, request_id)
    _may_see(actor, request.member_id)
    return request


def of_member(session: Session, actor: Actor, member_id: int) -> list[WithdrawalRequest]:
    """A member's requests, newest first. Raises NotFound for somebody else's."""
    _may_see(actor, member_id)
    query = select(WithdrawalRequest).where(WithdrawalRequest.member_id == member_id)
    return list(session.scalars(query.options(*_WHOLE).order_by(WithdrawalRequest.id.desc())))


def waiting(session: Session, actor: Actor, *states: str) -> list[WithdrawalRequest]:
    """What the desk has to do, oldest first: those to decide and those to pay, or those in the given states."""
    actor.must("savings.view")
    query = select(WithdrawalRequest).where(WithdrawalRequest.state.in_(states or OPEN))
    return list(session.scalars(query.options(*_WHOLE).order_by(WithdrawalRequest.id)))


_WHOLE = (joinedload(WithdrawalRequest.member), joinedload(WithdrawalRequest.product))
