"""Kasbon paid back: at the desk in cash or by bank, or out of wages; oldest first, never more than is owed."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core.actor import Actor
from core.display import rupiah
from core.errors import InvalidValue, NotFound
from core.money import Rupiah
from models.mart.orders import StoreCredit, StoreCreditPayment
from services.audit import trail
from services.ledger.chart import Role
from services.ledger.posting import credit, debit, post
from services.mart import refunds, stores
from services.mart.refusals import CreditDiffers, CreditTooMuch


def get(session: Session, actor: Actor, credit_id: int) -> StoreCredit:
    """A kasbon that the actor sees, locked in a writing session. Raises NotFound."""
    query = select(StoreCredit).where(StoreCredit.id == credit_id).options(joinedload(StoreCredit.order))
    if not session.info.get("read_only"):
        query = query.with_for_update(of=StoreCredit).execution_options(populate_existing=True)
    found = session.scalars(query).first()
    if found is None:
        raise NotFound(what="Kasbon")
    if not _may_take(actor):
        stores.get(session, actor, found.order.store_id)
    return found


def _may_take(actor: Actor) -> bool:
    return actor.may("mart.money") or actor.may("savings.teller")


def pay(
    session: Session, actor: Actor, credit_id: int, amount_rp: Rupiah, on: date, cash: Role, token: str
) -> StoreCredit:
    """A member pays (some of) a kasbon at the desk, once per `token`.

    Raises CreditTooMuch, CreditDiffers (the token was used for something else), InvalidValue, NotFound, NotAllowed.
    """
    if not _may_take(actor):
        actor.must("savings.teller")
    owed, source = get(session, actor, credit_id), f"mart:credit:{token}"
    before = select(StoreCreditPayment).where(StoreCreditPayment.source == source)
    if (found := session.scalars(before).first()) is not None:
        if (found.credit_id, found.amount_rp) != (credit_id, amount_rp):
            raise CreditDiffers()
        return owed
    _check(owed, amount_rp, cash, token)
    memo = f"Pembayaran kasbon {owed.order.label}"
    lines = [debit(cash, amount_rp), credit(Role.STORE_RECEIVABLE, amount_rp, member_id=owed.member_id)]
    posted = post(session, actor, booked_on=on, memo=memo, source=source, lines=lines)
    refunds.pay_credit(session, actor, owed, amount_rp, on=on, source=source, entry_seq=posted.seq)
    trail.record(session, actor, "mart.pay_credit", f"credit:{owed.id}", amount_rp=amount_rp)
    session.flush()
    return owed


def _check(owed: StoreCredit, amount_rp: Rupiah, cash: Role, token: str) -> None:
    if not 8 <= len(token) <= 60:
        raise InvalidValue(field="Formulir", reason="muat ulang halaman, lalu isi lagi.")
    if cash not in (Role.CASH, Role.BANK):
        raise InvalidValue(field="Tempat uang", reason="pilih Kas atau Bank.")
    if type(amount_rp) is not int or amount_rp <= 0:
        raise InvalidValue(field="Jumlah", reason="isi rupiah bulat lebih dari nol.")
    left_rp = owed.amount_rp - owed.paid_rp
    if amount_rp > left_rp:
        raise CreditTooMuch(left=rupiah(left_rp), amount=rupiah(amount_rp))


def open_of(session: Session, member_ids: Collection[int], until: date) -> dict[int, list[StoreCredit]]:
    """What members took on kasbon up to a day and have not paid back, by member, oldest first."""
    query = select(StoreCredit).where(StoreCredit.paid_rp < StoreCredit.amount_rp, StoreCredit.taken_on <= until)
    wanted, found = set(member_ids), dict[int, list[StoreCredit]]()
    for one in session.scalars(query.order_by(StoreCredit.taken_on, StoreCredit.id)):
        if one.member_id in wanted:
            found.setdefault(one.member_id, []).append(one)
    return found


def own(session: Session, actor: Actor, member_id: int) -> list[StoreCredit]:
    """What a member has not paid back of their kasbon, oldest first. Raises NotFound for somebody else's."""
    if not (actor.may("own.view") and actor.member_id == member_id):
        raise NotFound(what="Kasbon")
    query = select(StoreCredit).where(StoreCredit.member_id == member_id, StoreCredit.paid_rp < StoreCredit.amount_rp)
    query = query.options(joinedload(StoreCredit.order)).order_by(StoreCredit.taken_on, StoreCredit.id)
    return list(session.scalars(query))


def left(owed: Sequence[StoreCredit]) -> Rupiah:
    """What is still open of them together."""
    return sum(one.amount_rp - one.paid_rp for one in owed)


def take_off(
    session: Session, actor: Actor, owed: Sequence[StoreCredit], amount_rp: Rupiah, *, on: date, source: str,
    entry_seq: int,
) -> None:  # fmt: skip
    """Spread an amount that an entry booked over kasbon, oldest first; the whole of it must fit."""
    for one in owed:
        part_rp = min(amount_rp, one.amount_rp - one.paid_rp)
        if part_rp:
            own = f"{source}:{one.id}"
            refunds.pay_credit(session, actor, one, part_rp, on=on, source=own, entry_seq=entry_seq)
        amount_rp -= part_rp
    assert amount_rp == 0, "more than is owed was booked"
