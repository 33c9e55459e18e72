"""A shop asks the treasury for its balance: asked, approved by a second person, paid once. Or declined.

Nothing is paid to an account that changed within a day, or after the money was asked for: whoever takes over a
manager's sign-in must not be able to send the balance elsewhere.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from core.actor import Actor
from core.clock import now
from core.display import moment, rupiah
from core.errors import InvalidValue, NotFound
from core.money import LIMIT_RP, Rupiah
from models.coops import Coop
from models.mart.balance import StoreWithdrawal
from models.mart.stores import Store
from models.moves import move as move_row
from services.audit import trail
from services.ledger.chart import Role
from services.ledger.posting import credit, debit, post
from services.mart import balance, payout_ways, stores
from services.mart.payout_ways import Proof
from services.mart.refusals import (
    BankChangedLately,
    BankChangedSince,
    BankMissing,
    OwnPayout,
    PayoutDiffers,
    PayoutWrongState,
    StoreBalanceTooLow,
)
from services.notifications import texts
from services.notifications.commands import notify

STATES = {
    "asked": "menunggu persetujuan",
    "approved": "disetujui dan menunggu dibayar",
    "paid": "sudah dibayar",
    "rejected": "ditolak",
    "cancelled": "dibatalkan",
}
OPEN = ("asked", "approved")
BANK_RESTS = timedelta(hours=24)


@dataclass(frozen=True)
class Move:
    """From one of `origins` to `to`; `act` is what a refusal says."""

    origins: tuple[str, ...]
    to: str
    act: str


MOVES = {
    "approve": Move(("asked",), "approved", "disetujui"),
    "reject": Move(("asked",), "rejected", "ditolak"),
    "cancel": Move(OPEN, "cancelled", "dibatalkan"),
    "pay": Move(("approved",), "paid", "dibayar"),
}


def ask(
    session: Session, actor: Actor, store_id: int, amount_rp: Rupiah, on: date, token: str, note: str = ""
) -> StoreWithdrawal:
    """Ask for a part of the shop's balance, paid to its bank account. The same `token` again returns the same.

    Raises:
        BankMissing, BankChangedLately: where the money would go. StoreBalanceTooLow: more than the balance less what
        is asked for. PayoutDiffers, InvalidValue, NotAllowed, NotFound.
    """
    actor.must("mart.payout_ask")
    store = stores.must_keep(session, actor, store_id)
    if found := session.scalars(select(StoreWithdrawal).where(StoreWithdrawal.token == token)).first():
        if (found.store_id, found.amount_rp) != (store.id, amount_rp):
            raise PayoutDiffers()
        return found
    _check(session, store, amount_rp, token)
    payout = StoreWithdrawal(
        coop_id=actor.coop_id, token=token, store_id=store.id, amount_rp=amount_rp, pay_to=bank_of(store)[:160],
        note=" ".join(note.split())[:200], asked_on=on, created_by=actor.user_id,
    )  # fmt: skip
    session.add(payout)
    session.flush()  # the trail names its id
    trail.record(session, actor, "mart.ask_payout", f"payout:{payout.id}", store=store.id, amount_rp=amount_rp)
    return payout


def bank_of(store: Store) -> str:
    """Where the shop's money goes, its number masked; empty when nobody said."""
    return f"{store.bank_name} {store.bank_account_masked} a.n. {store.bank_holder}" if store.bank_name else ""


def _check(session: Session, store: Store, amount_rp: Rupiah, token: str) -> None:
    if not 1 <= len(token) <= 60:
        raise InvalidValue(field="Formulir", reason="muat ulang halaman, lalu isi lagi.")
    if type(amount_rp) is not int or not 0 < amount_rp < LIMIT_RP:
        raise InvalidValue(field="Jumlah", reason="isi rupiah bulat yang lebih dari nol.")
    if not (store.bank_name and store.bank_account_cipher):
        raise BankMissing(store=store.name)
    if (until := rests_until(store)) is not None:
        zone = session.get_one(Coop, store.coop_id).zone
        raise BankChangedLately(until=f"mulai {moment(until, zone)}")
    free_rp = _free(session, store)
    if amount_rp > free_rp:
        raise StoreBalanceTooLow(free=rupiah(free_rp), amount=rupiah(amount_rp))


def rests_until(store: Store) -> datetime | None:
    """When money may be asked for again after the bank account changed; None when it may now."""
    if store.bank_changed_at is None:
        return None
    until = store.bank_changed_at + BANK_RESTS
    return until if until > now() else None


def _free(session: Session, store: Store) -> Rupiah:
    session.refresh(store, ["balance_rp"])
    return max(0, store.balance_rp - asked_rp(session, store.id))


def asked_rp(session: Session, store_id: int) -> Rupiah:
    """What running requests of a shop ask for together."""
    asked = select(func.coalesce(func.sum(StoreWithdrawal.amount_rp), 0)).where(
        StoreWithdrawal.store_id == store_id, StoreWithdrawal.state.in_(OPEN)
    )
    return int(session.scalar(asked) or 0)


def free(session: Session, actor: Actor, store_id: int) -> Rupiah:
    """What may still be asked for. Raises NotFound."""
    return _free(session, stores.get(session, actor, store_id))


def approve(session: Session, actor: Actor, payout_id: int) -> StoreWithdrawal:
    """Say yes; who asked may not. Raises OwnPayout, PayoutWrongState, BankChangedSince, NotFound."""
    return _decide(session, actor, payout_id, "approve", "")


def reject(session: Session, actor: Actor, payout_id: int, *, reason: str) -> StoreWithdrawal:
    """Say no, with the reason the managers read. Raises as `approve`, InvalidValue."""
    if not reason.strip():
        raise InvalidValue(field="Alasan", reason="isi dulu, supaya pengelola toko tahu.")
    return _decide(session, actor, payout_id, "reject", reason)


def _decide(session: Session, actor: Actor, payout_id: int, act: str, reason: str) -> StoreWithdrawal:
    actor.must("mart.payout_approve")
    payout = get(session, actor, payout_id)
    if payout.created_by == actor.user_id:
        raise OwnPayout()
    if act == "approve":
        _same_bank(payout)
    _move(session, payout, act, decided_by=actor.user_id, decided_at=now(), reason=" ".join(reason.split())[:200])
    trail.record(session, actor, f"mart.{act}_payout", f"payout:{payout.id}", reason=reason)
    _tell(session, actor, payout)
    return payout


def cancel(session: Session, actor: Actor, payout_id: int) -> StoreWithdrawal:
    """The shop takes its request back before it is paid. Raises PayoutWrongState, NotFound."""
    actor.must("mart.payout_ask")
    payout = get(session, actor, payout_id)
    stores.must_keep(session, actor, payout.store_id)
    _move(session, payout, "cancel")
    trail.record(session, actor, "mart.cancel_payout", f"payout:{payout.id}")
    return payout


def pay(
    session: Session,
    actor: Actor,
    payout_id: int,
    *,
    on: date,
    account: Role | int = Role.BANK,
    into: Role | int = Role.STORE_CASH,
    proof: Proof | None = None,
) -> StoreWithdrawal:
    """Pay an approved request out of the treasury's `account`, into what the shop keeps its money in, once.

    The second click returns what was paid and keeps the first picture.

    Raises:
        OwnPayout: who asked. PayoutWrongState: nobody approved it, or it ended. StoreBalanceTooLow: refunds took the
        balance meanwhile. BankChangedSince, InvalidValue, PictureRefused, StorageFull; as `post`.
    """
    actor.must("mart.payout")
    payout = _held(session, actor, payout_id)
    if payout.created_by == actor.user_id:
        raise OwnPayout()
    if payout.state == "paid":
        return payout
    if payout.state not in MOVES["pay"].origins:
        raise _wrong(payout, "pay")
    _same_bank(payout)
    payout_ways.check(session, actor, account, into)
    name = payout_ways.keep(actor, proof) if proof is not None and proof.picture else None
    seq = _book(session, actor, payout, on, account, into)
    _move(session, payout, "pay", paid_on=on, entry_seq=seq, proof_file=name)
    trail.record(session, actor, "mart.pay_payout", f"payout:{payout.id}", amount_rp=payout.amount_rp, entry=seq)
    _tell(session, actor, payout)
    return payout


def _held(session: Session, actor: Actor, payout_id: int) -> StoreWithdrawal:
    """A request that nobody else changes until the transaction ends."""
    get(session, actor, payout_id)
    query = select(StoreWithdrawal).where(StoreWithdrawal.id == payout_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def _same_bank(payout: StoreWithdrawal) -> None:
    """The money goes where it was asked to go."""
    changed = payout.store.bank_changed_at
    if changed is not None and changed > payout.created_at:
        raise BankChangedSince()


def _book(
    session: Session, actor: Actor, payout: StoreWithdrawal, on: date, account: Role | int, into: Role | int
) -> int:
    store, amount_rp = payout.store, payout.amount_rp
    session.refresh(store, ["balance_rp"])
    if amount_rp > store.balance_rp:
        raise StoreBalanceTooLow(free=rupiah(max(0, store.balance_rp)), amount=rupiah(amount_rp))
    lines = [
        debit(Role.UNIT_DEBT, amount_rp),
        credit(account, amount_rp),
        debit(into, amount_rp, unit_id=store.unit_id),
        credit(Role.UNIT_CLAIM, amount_rp, unit_id=store.unit_id),
    ]
    memo = f"Penarikan saldo {store.name}"
    source = f"mart:payout:{payout.id}"
    posted = post(session, actor, booked_on=on, memo=memo, source=source, lines=lines)
    own = f"payout:{payout.id}"
    balance.move(
        session, actor, store, None, "withdrawal", -amount_rp, on=on, source=own, seq=posted.seq, memo=payout.pay_to
    )
    return posted.seq


def proof_of(session: Session, actor: Actor, payout_id: int, folder: Path) -> bytes:
    """The picture of the transfer, for those who see the shop. Raises NotFound, also when the file is gone."""
    payout = get(session, actor, payout_id)
    if not payout.proof_file:
        raise NotFound(what="Bukti bayar")
    body = payout_ways.read(actor, payout.proof_file, folder)
    if body is None:
        raise NotFound(what="Bukti bayar")
    return body


def _move(session: Session, payout: StoreWithdrawal, act: str, **values: object) -> None:
    step = MOVES[act]
    if not move_row(session, payout, step.origins, state=step.to, **values):
        raise _wrong(payout, act)


def _wrong(payout: StoreWithdrawal, act: str) -> PayoutWrongState:
    return PayoutWrongState(state=STATES[payout.state], act=MOVES[act].act)


def _tell(session: Session, actor: Actor, payout: StoreWithdrawal) -> None:
    """Whoever keeps the shop reads what became of it."""
    store = payout.store
    message = texts.payout(store.name, payout.amount_rp, payout.state, payout.reason, payout.id)
    told = {user.id for user in stores.managers(session, actor, store.id)} | {payout.created_by}
    for user_id in sorted(told - {actor.user_id}):
        key = f"payout:{payout.id}:{payout.state}:{user_id}"
        notify(session, payout.coop_id, key, message, topic="belanja", user_id=user_id)


def get(session: Session, actor: Actor, payout_id: int) -> StoreWithdrawal:
    """A request of a shop the actor sees. Raises NotFound."""
    query = select(StoreWithdrawal).where(StoreWithdrawal.id == payout_id)
    payout = session.scalars(query.options(joinedload(StoreWithdrawal.store))).first()
    if payout is None:
        raise NotFound(what="Penarikan saldo toko")
    stores.get(session, actor, payout.store_id)
    return payout


def listed(session: Session, actor: Actor, *states: str, store_id: int | None = None) -> list[StoreWithdrawal]:
    """Requests of the shops the actor sees, newest first; those in the given states, of one shop."""
    seen = [store.id for store in stores.mine(session, actor)]
    query = select(StoreWithdrawal).where(StoreWithdrawal.store_id.in_(seen))
    query = query.where(StoreWithdrawal.state.in_(states)) if states else query
    query = query.where(StoreWithdrawal.store_id == store_id) if store_id is not None else query
    return list(session.scalars(query.options(joinedload(StoreWithdrawal.store)).order_by(StoreWithdrawal.id.desc())))
