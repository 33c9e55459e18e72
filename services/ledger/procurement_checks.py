"""Truths of procurement: what came, what was billed and what was paid, and what the ledger says of each."""

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from core.display import rupiah
from core.money import Rupiah
from models.ledger import AccountRole, JournalEntry, JournalLine
from models.procurement import (
    GoodsReceipt,
    GoodsReceiptLine,
    PurchaseOrder,
    PurchaseOrderLine,
    SupplierBill,
    SupplierPayment,
)


def _booked(session: Session, coop_id: int, role: str) -> Rupiah:
    """What procurement's own entries left on the account of a role, credit minus debit."""
    query = (
        select(func.coalesce(func.sum(JournalLine.credit_rp - JournalLine.debit_rp), 0))
        .join(
            JournalEntry,
            and_(JournalEntry.coop_id == JournalLine.coop_id, JournalEntry.seq == JournalLine.entry_seq),
        )
        .join(
            AccountRole,
            and_(AccountRole.coop_id == JournalLine.coop_id, AccountRole.account_id == JournalLine.account_id),
        )
        .where(JournalLine.coop_id == coop_id, AccountRole.role == role, JournalEntry.source.startswith("procurement:"))
    )
    return int(session.scalar(query) or 0)


def _sum(session: Session, query: object) -> Rupiah:
    return int(session.scalar(query) or 0)  # type: ignore[call-overload]


def _differs(what: str, booked_rp: Rupiah, listed_rp: Rupiah) -> list[str]:
    if booked_rp == listed_rp:
        return []
    return [f"{what}: buku besar {rupiah(booked_rp)}, rincian {rupiah(listed_rp)}."]


def what_came_and_is_not_billed_is_booked(session: Session, coop_id: int) -> list[str]:
    """What came less what stands in bills is what procurement left on the account for it."""
    came = select(func.sum(GoodsReceipt.total_rp)).where(GoodsReceipt.coop_id == coop_id)
    billed = select(func.sum(SupplierBill.value_rp)).where(
        SupplierBill.coop_id == coop_id, SupplierBill.state != "undone"
    )
    listed_rp = _sum(session, came) - _sum(session, billed)
    return _differs("Diterima belum ditagih", _booked(session, coop_id, "received_not_billed"), listed_rp)


def suppliers_are_owed_their_unpaid_bills(session: Session, coop_id: int) -> list[str]:
    """Bills less what was paid of them is what procurement left on the suppliers' account."""
    owed = select(func.sum(SupplierBill.total_rp - SupplierBill.paid_rp)).where(
        SupplierBill.coop_id == coop_id, SupplierBill.state != "undone"
    )
    return _differs("Utang pemasok", _booked(session, coop_id, "supplier_payable"), _sum(session, owed))


def advances_to_suppliers_are_booked(session: Session, coop_id: int) -> list[str]:
    """Advances less what was used and given back is what procurement left on their account."""
    left = select(
        func.sum(
            case(
                (SupplierPayment.kind == "advance", SupplierPayment.amount_rp),
                (SupplierPayment.kind == "refund", -SupplierPayment.amount_rp),
                else_=-SupplierPayment.advance_rp,
            )
        )
    ).where(SupplierPayment.coop_id == coop_id)
    return _differs("Uang muka pemasok", -_booked(session, coop_id, "purchase_advances"), _sum(session, left))


def purchases_equal_their_details(session: Session, coop_id: int) -> list[str]:
    """Lines received are what the receipts say, orders what their lines say, bills paid what the payments say."""
    came = (
        select(GoodsReceiptLine.line_id, func.sum(GoodsReceiptLine.quantity).label("pieces"))
        .where(GoodsReceiptLine.coop_id == coop_id)
        .group_by(GoodsReceiptLine.line_id)
        .subquery()
    )
    lines = (
        select(PurchaseOrderLine.name)
        .outerjoin(came, came.c.line_id == PurchaseOrderLine.id)
        .where(PurchaseOrderLine.coop_id == coop_id)
        .where(PurchaseOrderLine.received != func.coalesce(came.c.pieces, 0))
    )
    paid = (
        select(SupplierPayment.bill_id, func.sum(SupplierPayment.amount_rp).label("sum_rp"))
        .where(SupplierPayment.coop_id == coop_id)
        .group_by(SupplierPayment.bill_id)
        .subquery()
    )
    bills = (
        select(SupplierBill.reference)
        .outerjoin(paid, paid.c.bill_id == SupplierBill.id)
        .where(SupplierBill.coop_id == coop_id, SupplierBill.paid_rp != func.coalesce(paid.c.sum_rp, 0))
    )
    return [
        *(f"Pesanan {name}: jumlah diterima tidak cocok dengan penerimaannya." for name in session.scalars(lines)),
        *(f"Tagihan pemasok {name}: yang dibayar tidak cocok dengan pembayarannya." for name in session.scalars(bills)),
    ]


def every_order_that_ran_was_approved_by_a_second_person(session: Session, coop_id: int) -> list[str]:
    """Nothing came of an order nobody else approved, and its total is its lines'."""
    total = (
        select(
            PurchaseOrderLine.order_id,
            func.sum(PurchaseOrderLine.quantity * PurchaseOrderLine.price_rp).label("sum_rp"),
        )
        .where(PurchaseOrderLine.coop_id == coop_id)
        .group_by(PurchaseOrderLine.order_id)
        .subquery()
    )
    query = (
        select(PurchaseOrder)
        .outerjoin(total, total.c.order_id == PurchaseOrder.id)
        .where(PurchaseOrder.coop_id == coop_id)
        .where(
            or_(
                PurchaseOrder.approved_by == PurchaseOrder.created_by,
                func.coalesce(total.c.sum_rp, 0) != PurchaseOrder.total_rp,
            )
        )
    )
    return [f"Pesanan {one.label}: persetujuan atau jumlahnya tidak sah." for one in session.scalars(query)]


TRUTHS = (
    what_came_and_is_not_billed_is_booked,
    suppliers_are_owed_their_unpaid_bills,
    advances_to_suppliers_are_booked,
    purchases_equal_their_details,
    every_order_that_ran_was_approved_by_a_second_person,
)
