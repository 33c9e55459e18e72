"""The shop's balance: what the treasury took for it and owes it, since the orders are done."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.money import Rupiah, percent_of
from models.mart.balance import StoreMovement
from models.mart.orders import Order
from models.mart.stores import Store
from services.mart import booking, stores


def earn(session: Session, actor: Actor, order: Order, *, on: date) -> None:
    """A done order's money becomes the shop's, less commission. Cash in the drawer is the shop's already."""
    amount_rp = order.claim_rp
    if not amount_rp:
        return
    assert order.sale_seq is not None
    fee_rp = booking.commission_of(order)
    move(
        session,
        actor,
        order.store,
        order,
        "sale",
        amount_rp,
        on=on,
        source=f"order:{order.id}:sale",
        seq=order.sale_seq,
    )
    order.claim_rp = 0
    if fee_rp:
        source = f"mart:order:{order.id}:commission"
        memo = f"Komisi pesanan {order.label} {order.store.name}"
        seq = booking.commission(session, actor, order.store, fee_rp, on=on, memo=memo, source=source).seq
        own = f"order:{order.id}:commission"
        move(session, actor, order.store, order, "commission", -fee_rp, on=on, source=own, seq=seq)


def pay_back(
    session: Session, actor: Actor, order: Order, amount_rp: Rupiah, *, on: date, source: str, seq: int
) -> None:
    """What the treasury refunded for a done order comes off the shop's balance, its commission comes back."""
    move(session, actor, order.store, order, "refund", -amount_rp, on=on, source=source, seq=seq)
    taken = select(func.sum(StoreMovement.amount_rp)).where(
        StoreMovement.order_id == order.id, StoreMovement.kind == "commission"
    )
    back_rp = min(percent_of(amount_rp, order.commission_pct), -int(session.scalar(taken) or 0))
    if back_rp > 0:
        memo = f"Komisi kembali {order.label} {order.store.name}"
        entry = booking.commission(
            session, actor, order.store, -back_rp, on=on, memo=memo, source=f"mart:{source}:commission"
        )
        own = f"{source}:commission"
        move(session, actor, order.store, order, "commission", back_rp, on=on, source=own, seq=entry.seq)


def move(
    session: Session,
    actor: Actor,
    store: Store,
    order: Order | None,
    kind: str,
    amount_rp: Rupiah,
    *,
    on: date,
    source: str,
    seq: int,
    memo: str = "",
) -> None:
    """Change the balance, as the entry `seq` booked it. Writers of a cooperative take turns."""
    session.refresh(store, ["balance_rp"])
    store.balance_rp += amount_rp
    session.add(
        StoreMovement(
            coop_id=store.coop_id, store_id=store.id, order_id=order.id if order else None, kind=kind,
            amount_rp=amount_rp, booked_on=on, memo=memo or (order.label if order else ""), source=source,
            entry_seq=seq, created_by=actor.user_id,
        )
    )  # fmt: skip
    session.flush()


def held(session: Session, store_id: int) -> Rupiah:
    """What was paid for orders that are not done yet."""
    query = select(func.coalesce(func.sum(Order.claim_rp), 0)).where(Order.store_id == store_id)
    return int(session.scalar(query) or 0)


def statement(session: Session, actor: Actor, store_id: int, *, since: date | None = None) -> list[StoreMovement]:
    """The movements of a shop's balance, oldest first. Raises NotFound."""
    stores.get(session, actor, store_id)
    query = select(StoreMovement).where(StoreMovement.store_id == store_id)
    if since is not None:
        query = query.where(StoreMovement.booked_on >= since)
    return list(session.scalars(query.order_by(StoreMovement.id)))
