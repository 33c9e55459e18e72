"""The life of an order as a table of data: six states that people know, and the moves between them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from core.actor import Actor
from models.mart.orders import Order, OrderEvent
from models.moves import move as move_row
from services.mart import news
from services.mart.refusals import OrderWrongState

STATES = {
    "unpaid": "Belum Bayar",
    "packing": "Dikemas",
    "shipped": "Dikirim",
    "done": "Selesai",
    "cancelled": "Dibatalkan",
    "returned": "Pengembalian",
}


@dataclass(frozen=True)
class Move:
    """From one of `origins` to `to`; `label` is what the timeline says, `act` what a refusal says."""

    origins: tuple[str, ...]
    to: str
    label: str
    act: str


MOVES = {
    "pay": Move(("unpaid",), "packing", "Pembayaran diterima", "dibayar"),
    "expire": Move(("unpaid", "packing"), "cancelled", "Batas waktu pembayaran lewat", "dihentikan"),
    "cancel": Move(("unpaid", "packing"), "cancelled", "Pesanan dibatalkan", "dibatalkan"),
    "ship": Move(("packing",), "shipped", "Diserahkan ke pengiriman", "dikirim"),
    "hand_over": Move(("packing",), "done", "Diterima pembeli", "diserahkan"),
    "complete": Move(("shipped",), "done", "Pesanan selesai", "diselesaikan"),
    "ask_return": Move(("done", "returned"), "returned", "Pengembalian diajukan", "dikembalikan"),
    "decline": Move(("returned",), "done", "Pengembalian ditolak", "ditolak pengembaliannya"),
    "take_back": Move(("returned",), "done", "Pengembalian dibatalkan pembeli", "ditarik pengembaliannya"),
}
OTHER_EVENTS = {
    "place": "Pesanan dibuat",
    "claim": "Bukti pembayaran dikirim",
    "refuse_proof": "Bukti pembayaran ditolak",
    "deliver": "Paket sampai",
    "complain": "Keluhan dikirim",
    "refund": "Uang dikembalikan",
    "late_money": "Uang masuk setelah pesanan batal",
}
LABELS = {name: move.label for name, move in MOVES.items()} | OTHER_EVENTS


def move(session: Session, actor: Actor, order: Order, act: str, note: str = "", **values: Any) -> None:
    """Let an order take one of `MOVES`, once, and write it on its timeline. Raises OrderWrongState."""
    step = MOVES[act]
    if not move_row(session, order, step.origins, state=step.to, **values):
        raise wrong(order, step.act)
    tell(session, actor, order, act, note)


def tell(session: Session, actor: Actor, order: Order, act: str, note: str = "") -> None:
    """Write on an order's timeline, and let those hear of it whom it concerns."""
    row = OrderEvent(
        coop_id=order.coop_id, order_id=order.id, act=act, state=order.state, note=note[:200], user_id=actor.user_id
    )
    session.add(row)
    session.flush()  # what is told names it
    news.tell(session, order, news.Act(act, row.id, actor.user_id, note.strip()))


def wrong(order: Order, act: str) -> OrderWrongState:
    return OrderWrongState(number=order.label, state=STATES[order.state], act=act)
