"""The supplier's bill for what came: seen first with its differences to the order, then booked once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import date_long, rupiah
from core.errors import InvalidValue
from core.money import LIMIT_RP, Rupiah
from models.moves import move as move_row
from models.procurement import GoodsReceipt, GoodsReceiptLine, PurchaseOrder, SupplierBill, SupplierBillLine
from services.audit import trail
from services.ledger.chart import Role
from services.ledger.posting import Line, credit, debit, post
from services.procurement import orders, queries, states
from services.procurement.refusals import (
    AlreadyUndone,
    BillBeforeReceipt,
    BillPaid,
    BillReferenceUsed,
    NotToBill,
    PurchaseDiffers,
)
from services.procurement.undoing import mirror, why


@dataclass(frozen=True)
class Invoice:
    """What the supplier wants: `amounts` before VAT, by line of what came. `token` makes the second click the same."""

    order_id: int
    reference: str
    amounts: Mapping[int, Rupiah]
    billed_on: date
    booked_on: date
    token: str
    vat_rp: Rupiah = 0
    due_on: date | None = None
    note: str = ""


@dataclass(frozen=True)
class BilledLine:
    """One line of what came, its value at the order's price and what the bill asks for it."""

    line: GoodsReceiptLine
    value_rp: Rupiah
    billed_rp: Rupiah

    @property
    def difference_rp(self) -> Rupiah:
        return self.billed_rp - self.value_rp


@dataclass(frozen=True)
class Outlook:
    """A bill before it is booked: value + difference + VAT = total."""

    lines: list[BilledLine]
    value_rp: Rupiah
    difference_rp: Rupiah
    vat_rp: Rupiah
    total_rp: Rupiah


def preview(session: Session, actor: Actor, invoice: Invoice) -> Outlook:
    """What the bill would book; books nothing. Raises as `book`."""
    actor.must("procurement.order")
    return _outlook(session, queries.order(session, actor, invoice.order_id), invoice)


def book(session: Session, actor: Actor, invoice: Invoice) -> SupplierBill:
    """Owe the supplier what the bill says. The same `token` again returns the same bill.

    A difference to the order's price goes to the stock difference for goods, to the line's account for all else.
    Raises:
        NotToBill, BillReferenceUsed, BillBeforeReceipt, PurchaseWrongState, PurchaseDiffers, InvalidValue, NotFound;
        PeriodClosed, RoleUnmapped and as `post`.
    """
    actor.must("procurement.order")
    order = queries.held(session, actor, invoice.order_id)
    source = f"procurement:bill:{invoice.token}"
    if found := session.scalars(select(SupplierBill).where(SupplierBill.source == source)).first():
        held = {line.receipt_line_id: line.billed_rp for line in found.lines}
        said = (order.id, invoice.booked_on, invoice.vat_rp, dict(invoice.amounts))
        if (found.order_id, found.booked_on, found.vat_rp, held) != said:
            raise PurchaseDiffers()
        return found
    states.must_run(order, "ditagih")
    outlook = _outlook(session, order, invoice)
    reference = queries.line_of_text(invoice.reference, 60)
    posted = post(
        session, actor, booked_on=invoice.booked_on, memo=f"Tagihan {reference} {order.supplier.name}, {order.label}",
        source=source, voucher_no=reference, lines=_entry(order, outlook),
    )  # fmt: skip
    bill = _kept(session, actor, order, invoice, outlook, posted.seq)
    trail.record(
        session, actor, "procurement.bill", f"supplier_bill:{bill.id}", order=order.label, reference=reference,
        total_rp=bill.total_rp, difference_rp=bill.difference_rp,
    )  # fmt: skip
    return bill


def _outlook(session: Session, order: PurchaseOrder, invoice: Invoice) -> Outlook:
    _check(session, order, invoice)
    waiting = {line.id: line for line in queries.to_bill(session, order.id)}
    if not set(invoice.amounts) <= set(waiting):
        raise NotToBill()
    lines = [BilledLine(line, line.value_rp, invoice.amounts[key]) for key, line in waiting.items()
             if key in invoice.amounts]  # fmt: skip
    last_on = max(session.get_one(GoodsReceipt, one.line.receipt_id).received_on for one in lines)
    if invoice.booked_on < last_on:
        raise BillBeforeReceipt(booked=date_long(invoice.booked_on), received=date_long(last_on))
    value_rp = sum(one.value_rp for one in lines)
    billed_rp = sum(one.billed_rp for one in lines)
    if not 0 < billed_rp + invoice.vat_rp < LIMIT_RP:
        raise InvalidValue(field="Jumlah tagihan", reason="isi rupiah bulat di atas nol.")
    return Outlook(lines, value_rp, billed_rp - value_rp, invoice.vat_rp, billed_rp + invoice.vat_rp)


def _check(session: Session, order: PurchaseOrder, invoice: Invoice) -> None:
    queries.check_token(invoice.token)
    reference = queries.line_of_text(invoice.reference, 60)
    if not reference:
        raise InvalidValue(field="Nomor tagihan", reason="isi nomor yang tertulis di tagihan pemasok.")
    if not invoice.amounts:
        raise InvalidValue(field="Yang ditagih", reason="pilih paling sedikit satu penerimaan.")
    for amount_rp in (*invoice.amounts.values(), invoice.vat_rp):
        if type(amount_rp) is not int or not 0 <= amount_rp < LIMIT_RP:
            raise InvalidValue(field="Jumlah tagihan", reason="isi rupiah bulat, paling sedikit nol.")
    if invoice.due_on is not None and invoice.due_on < invoice.billed_on:
        raise InvalidValue(field="Jatuh tempo", reason="lebih awal dari tanggal tagihan.")
    same = select(SupplierBill).where(
        SupplierBill.supplier_id == order.supplier_id, SupplierBill.reference == reference,
        SupplierBill.state != "undone",
    )  # fmt: skip
    if (before := session.scalars(same).first()) is not None:
        supplier, on = order.supplier.name, date_long(before.booked_on)
        raise BillReferenceUsed(reference=reference, supplier=supplier, on=on)


def _entry(order: PurchaseOrder, outlook: Outlook) -> list[Line]:
    """Clear what was not billed, put differences where they belong, claim VAT, owe the whole; in the order's unit."""
    differences: dict[Role | int, Rupiah] = {}
    for one in outlook.lines:
        account: Role | int = one.line.line.account_id or Role.STOCK_DIFFERENCE
        differences[account] = differences.get(account, 0) + one.difference_rp
    sides = {Role.RECEIVED_NOT_BILLED: outlook.value_rp} | differences
    if outlook.vat_rp:
        sides[Role.VAT_INPUT] = outlook.vat_rp
    return [
        *(
            debit(account, amount_rp, unit_id=order.unit_id)
            if amount_rp > 0
            else credit(account, -amount_rp, unit_id=order.unit_id)
            for account, amount_rp in sides.items()
            if amount_rp
        ),
        credit(Role.SUPPLIER_PAYABLE, outlook.total_rp, unit_id=order.unit_id),
    ]


def _kept(
    session: Session, actor: Actor, order: PurchaseOrder, invoice: Invoice, outlook: Outlook, seq: int
) -> SupplierBill:
    bill = SupplierBill(
        coop_id=actor.coop_id, order_id=order.id, supplier_id=order.supplier_id,
        reference=queries.line_of_text(invoice.reference, 60), billed_on=invoice.billed_on,
        booked_on=invoice.booked_on, due_on=invoice.due_on, value_rp=outlook.value_rp,
        difference_rp=outlook.difference_rp, vat_rp=outlook.vat_rp, total_rp=outlook.total_rp,
        note=queries.line_of_text(invoice.note, 200), source=f"procurement:bill:{invoice.token}", entry_seq=seq,
        created_by=actor.user_id,
    )  # fmt: skip
    session.add(bill)
    session.flush()  # its lines point at it
    session.add_all(
        SupplierBillLine(
            coop_id=actor.coop_id, bill_id=bill.id, receipt_line_id=one.line.id, billed_rp=one.billed_rp
        )
        for one in outlook.lines
    )  # fmt: skip
    session.flush()
    return bill


def undo(session: Session, actor: Actor, bill_id: int, *, booked_on: date, reason: str) -> SupplierBill:
    """Take a mistaken bill back by its mirror image, while nothing of it is paid; what came can be billed again.

    Raises AlreadyUndone, BillPaid, InvalidValue, NotFound, and as `post`.
    """
    actor.must("procurement.order")
    bill = queries.bill(session, actor, bill_id)
    order = queries.held(session, actor, bill.order_id)
    session.refresh(bill)
    said = why(reason)
    if bill.state == "undone":
        raise AlreadyUndone(what=f"Tagihan {bill.reference}")
    if bill.paid_rp:
        raise BillPaid(reference=bill.reference, paid=rupiah(bill.paid_rp))
    memo, lines = f"Pembatalan tagihan {bill.reference}: {said}", mirror(session, actor, bill.entry_seq)
    posted = post(
        session, actor, booked_on=booked_on, memo=memo, source=f"procurement:bill-undo:{bill.id}", lines=lines
    )
    move_row(session, bill, ("open",), state="undone", undone_seq=posted.seq)
    orders.reopen(session, order)
    trail.record(session, actor, "procurement.undo_bill", f"supplier_bill:{bill.id}", reason=said)
    return bill
