"""What is known of purchases. No writes.

Who may read the books sees every purchase; others only those of the shops they keep.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from core.actor import Actor
from core.errors import InvalidValue, NotFound
from core.money import LIMIT_RP, Rupiah
from models.coops import Unit
from models.ledger import Account
from models.mart.products import Product, ProductVariant
from models.mart.stores import Store, StoreManager
from models.procurement import (
    GoodsReceipt,
    GoodsReceiptLine,
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseRequest,
    PurchaseRequestLine,
    Supplier,
    SupplierBill,
    SupplierBillLine,
    SupplierPayment,
)
from services.ledger import chart
from services.ledger.chart import Role
from services.procurement.states import LIVE


def stores_of(session: Session, actor: Actor) -> list[Store]:
    """The open shops a person may buy for."""
    query = select(Store).order_by(Store.name)
    if not actor.may("mart.every_store"):
        query = query.where(Store.id.in_(_kept(actor)))
    return list(session.scalars(query))


def units_of(session: Session, actor: Actor) -> list[Unit]:
    """The business units a person may buy for without a shop: none for keepers of shops."""
    return list(session.scalars(select(Unit).order_by(Unit.id))) if actor.may("ledger.view") else []


def _kept(actor: Actor) -> Any:
    return select(StoreManager.store_id).where(StoreManager.user_id == actor.user_id)


def seen_by(actor: Actor, model: type[PurchaseRequest] | type[PurchaseOrder]) -> ColumnElement[bool] | None:
    """The rows a person may see, as a condition; None when all of them."""
    return None if actor.may("ledger.view") else model.store_id.in_(_kept(actor))


def request(session: Session, actor: Actor, request_id: int) -> PurchaseRequest:
    """A request the actor may see. Raises NotFound, NotAllowed."""
    actor.must("procurement.view")
    found = session.get(PurchaseRequest, request_id)
    if found is None or not _may_see(session, actor, found.store_id):
        raise NotFound(what="Permintaan pengadaan")
    return found


def order(session: Session, actor: Actor, order_id: int) -> PurchaseOrder:
    """An order the actor may see. Raises NotFound, NotAllowed."""
    actor.must("procurement.view")
    found = session.get(PurchaseOrder, order_id)
    if found is None or not _may_see(session, actor, found.store_id):
        raise NotFound(what="Pesanan")
    return found


def held(session: Session, actor: Actor, order_id: int) -> PurchaseOrder:
    """As `order`, until the transaction ends: two deliveries or payments of one order take turns."""
    order(session, actor, order_id)
    query = select(PurchaseOrder).where(PurchaseOrder.id == order_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def _may_see(session: Session, actor: Actor, store_id: int | None) -> bool:
    if actor.may("ledger.view"):
        return True
    return store_id is not None and store_id in set(session.scalars(_kept(actor)))


def bill(session: Session, actor: Actor, bill_id: int) -> SupplierBill:
    """A bill the actor may see. Raises NotFound, NotAllowed."""
    actor.must("procurement.view")
    found = session.get(SupplierBill, bill_id)
    if found is None:
        raise NotFound(what="Tagihan pemasok")
    order(session, actor, found.order_id)
    return found


def open_lines(session: Session, request_id: int) -> list[PurchaseRequestLine]:
    """The lines of a request that stand in no order, or only in orders refused or called off."""
    taken = (
        select(PurchaseOrderLine.request_line_id)
        .join(PurchaseOrder, PurchaseOrder.id == PurchaseOrderLine.order_id)
        .where(PurchaseOrder.request_id == request_id, PurchaseOrder.state.in_(LIVE))
    )
    query = select(PurchaseRequestLine).where(
        PurchaseRequestLine.request_id == request_id, PurchaseRequestLine.id.not_in(taken)
    )
    return list(session.scalars(query.order_by(PurchaseRequestLine.id)))


def lines(session: Session, order_id: int) -> list[PurchaseOrderLine]:
    """The lines of an order, in order."""
    query = select(PurchaseOrderLine).where(PurchaseOrderLine.order_id == order_id).order_by(PurchaseOrderLine.id)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def orders_of(session: Session, request_id: int) -> list[PurchaseOrder]:
    """The orders made of a request."""
    query = select(PurchaseOrder).where(PurchaseOrder.request_id == request_id).order_by(PurchaseOrder.id)
    return list(session.scalars(query.options(joinedload(PurchaseOrder.supplier))))


def waiting(session: Session, actor: Actor) -> list[PurchaseOrder]:
    """Orders this person may decide on: not those they made themselves."""
    actor.must("procurement.approve")
    query = select(PurchaseOrder).where(PurchaseOrder.state == "asked", PurchaseOrder.created_by != actor.user_id)
    return list(session.scalars(query.order_by(PurchaseOrder.id)))


def due(session: Session, actor: Actor, today: date) -> list[SupplierBill]:
    """Bills that wait for money and are due within a week (or tell no day), the most urgent first."""
    actor.must("procurement.view")
    soon = or_(SupplierBill.due_on.is_(None), SupplierBill.due_on <= today + timedelta(days=7))
    query = select(SupplierBill).where(SupplierBill.state == "open", soon)
    return list(session.scalars(query.order_by(SupplierBill.due_on, SupplierBill.id)))


_undoing = aliased(GoodsReceipt)
_STANDS = (
    GoodsReceipt.reverses_id.is_(None),
    ~exists(select(_undoing.id).where(_undoing.reverses_id == GoodsReceipt.id)),
)


def receipts(session: Session, order_id: int) -> list[GoodsReceipt]:
    """What came of an order, those undone and their undoing with them."""
    return list(
        session.scalars(select(GoodsReceipt).where(GoodsReceipt.order_id == order_id).order_by(GoodsReceipt.id))
    )


def to_bill(session: Session, order_id: int) -> list[GoodsReceiptLine]:
    """What came and stands in no bill yet."""
    billed = (
        select(SupplierBillLine.receipt_line_id)
        .join(SupplierBill, SupplierBill.id == SupplierBillLine.bill_id)
        .where(SupplierBill.order_id == order_id, SupplierBill.state != "undone")
    )
    query = (
        select(GoodsReceiptLine)
        .join(GoodsReceipt, GoodsReceipt.id == GoodsReceiptLine.receipt_id)
        .where(GoodsReceipt.order_id == order_id, *_STANDS, GoodsReceiptLine.id.not_in(billed))
        .options(joinedload(GoodsReceiptLine.line))
        .order_by(GoodsReceiptLine.id)
    )
    return list(session.scalars(query))


def bills(session: Session, order_id: int) -> list[SupplierBill]:
    """The bills of an order, in the order they came."""
    return list(
        session.scalars(select(SupplierBill).where(SupplierBill.order_id == order_id).order_by(SupplierBill.id))
    )


def payments(session: Session, order_id: int) -> list[SupplierPayment]:
    """The money of an order, in the order it went."""
    query = select(SupplierPayment).where(SupplierPayment.order_id == order_id)
    return list(session.scalars(query.order_by(SupplierPayment.id)))


def advance_left(session: Session, order_id: int) -> Rupiah:
    """What was paid before a bill came, and not used or given back."""
    return sum(
        {"advance": one.amount_rp, "refund": -one.amount_rp, "payment": -one.advance_rp}[one.kind]
        for one in payments(session, order_id)
    )


def targets(session: Session, actor: Actor) -> list[Account]:
    """The accounts a purchase that is no shop's goods may go to: expenses first, then assets; none that we keep."""
    ours = set(chart.roles(session, actor).values()) | chart.control_accounts(session)
    found = [
        one
        for one in chart.all_accounts(session, actor)
        if not one.is_header and one.is_active and one.id not in ours and one.normal_balance == "debit"
        and one.cash_flow not in ("kas", "pinjaman", "non kas")
    ]  # fmt: skip
    return [one for kind in ("expense", "asset") for one in found if one.type == kind]


def purses(session: Session, actor: Actor, store_id: int | None) -> list[tuple[int, str]]:
    """Where money for suppliers comes from: cash, bank, and for a shop its till. Account id and name."""
    found: dict[int, str] = {}
    for role in (Role.BANK, Role.CASH):
        found |= {one.id: str(one) for one in chart.beside(session, actor, role)}
    tills = {one.id for one in chart.beside(session, actor, Role.STORE_CASH)[:1]}
    if store_id is None:
        return [(key, label) for key, label in found.items() if key not in tills]
    return list(found.items())


def purse(session: Session, actor: Actor, account: Role | int, store_id: int | None) -> tuple[int, str]:
    """One of `purses`, by account or by the role it plays. Raises InvalidValue."""
    account_id = chart.roles(session, actor).get(account.value) if isinstance(account, Role) else account
    for key, label in purses(session, actor, store_id):
        if key == account_id:
            return key, label
    raise InvalidValue(field="Dibayar dari", reason="pilih salah satu kas atau rekening bank koperasi.")


def goods_of(session: Session, store_id: int) -> list[ProductVariant]:
    """What a shop can buy into its stock: its own goods in use, not those it sells for others."""
    query = (
        select(ProductVariant)
        .join(Product, Product.id == ProductVariant.product_id)
        .where(Product.store_id == store_id, Product.is_consigned.is_(False), ProductVariant.is_active)
        .options(joinedload(ProductVariant.product))
        .order_by(Product.name, ProductVariant.id)
    )
    return list(session.scalars(query))


def suppliers(session: Session, actor: Actor) -> list[Supplier]:
    """Suppliers in use, by name."""
    actor.must("procurement.view")
    return list(session.scalars(select(Supplier).where(Supplier.is_active).order_by(Supplier.name)))


def next_number(session: Session, model: type[PurchaseRequest] | type[PurchaseOrder], day: date) -> int:
    """The number after the last of that year; writers of a cooperative take turns, so there are no gaps."""
    return (session.scalar(select(func.max(model.number)).where(model.year == day.year)) or 0) + 1


def line_of_text(text: str, most: int) -> str:
    """One line of plain words, not longer than its column."""
    return " ".join(text.split())[:most]


def check_token(token: str) -> None:
    """Raises InvalidValue for a form that names itself not at all, or with something else."""
    if not 1 <= len(token) <= 60:
        raise InvalidValue(field="Formulir", reason="muat ulang halaman, lalu isi lagi.")


def check_amount(amount_rp: Rupiah, field: str = "Jumlah") -> None:
    """Raises InvalidValue unless it is whole rupiah above zero and plausible."""
    if type(amount_rp) is not int or not 0 < amount_rp < LIMIT_RP:
        raise InvalidValue(field=field, reason="isi rupiah bulat di atas nol.")


def undone_ids(rows: Sequence[GoodsReceipt] | Sequence[SupplierPayment]) -> set[int]:
    """Which of the rows were undone by another of them."""
    return {row.reverses_id for row in rows if row.reverses_id is not None}
