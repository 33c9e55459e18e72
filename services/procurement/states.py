"""From each state, the states an order may move to. Anything absent is refused."""

from sqlalchemy.orm import Session

from models.moves import move as move_row
from models.procurement import PurchaseOrder
from services.procurement.refusals import PurchaseWrongState

LABELS = {
    "asked": "menunggu persetujuan",
    "approved": "dipesan",
    "closed": "selesai",
    "rejected": "ditolak",
    "cancelled": "dibatalkan",
}
NEXT: dict[str, set[str]] = {
    "asked": {"approved", "rejected", "cancelled"},
    "approved": {"closed", "cancelled"},
    "closed": {"approved"},  # something of it was undone
}
ACTS = {
    "approved": "disetujui",
    "closed": "diselesaikan",
    "rejected": "ditolak",
    "cancelled": "dibatalkan",
}
LIVE = ("asked", "approved", "closed")
"""Orders in these states hold their lines of a request."""
REQUESTS = {"open": "terbuka", "ordered": "dipesan", "cancelled": "dibatalkan"}
BILLS = {"open": "belum lunas", "paid": "lunas", "undone": "dibatalkan"}


def move(session: Session, order: PurchaseOrder, to_state: str, **values: object) -> None:
    """Move the order on, once, whoever else tries at the same moment. Raises PurchaseWrongState."""
    origins = [state for state, goals in NEXT.items() if to_state in goals and state == order.state]
    if not move_row(session, order, origins, state=to_state, **values):
        raise wrong_state(order, ACTS[to_state])


def must_run(order: PurchaseOrder, act: str) -> None:
    """The order is approved and not finished. Raises PurchaseWrongState."""
    if order.state != "approved":
        raise wrong_state(order, act)


def wrong_state(order: PurchaseOrder, act: str) -> PurchaseWrongState:
    return PurchaseWrongState(what=f"Pesanan {order.label}", state=LABELS[order.state], act=act)
