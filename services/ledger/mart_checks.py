"""Truths between the ledger and the shops: stock, orders, what shops are owed, kasbon, points."""

from collections.abc import Sequence

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from core.display import rupiah
from models.ledger import AccountMonth, AccountRole, JournalEntry, JournalLine
from models.mart.balance import StoreMovement
from models.mart.campaigns import CampaignItem, PointMovement, Voucher
from models.mart.orders import Order, OrderLine, StoreCredit
from models.mart.products import Product, ProductVariant, StockMovement
from models.mart.stores import Store
from services.ledger.chart import Role

_OURS = ("mart:%", "procurement:%", "payroll:%")


def _account(session: Session, coop_id: int, role: Role) -> int | None:
    query = select(AccountRole.account_id).where(AccountRole.coop_id == coop_id, AccountRole.role == role.value)
    return session.scalar(query)


def _booked(session: Session, coop_id: int, role: Role, *, unit_id: int | None = None, members: bool = False) -> int:
    """Debits less credits of our entries on the account that plays a role."""
    line = JournalLine
    query = (
        select(func.coalesce(func.sum(line.debit_rp - line.credit_rp), 0))
        .join(JournalEntry, and_(JournalEntry.coop_id == line.coop_id, JournalEntry.seq == line.entry_seq))
        .where(line.coop_id == coop_id, line.account_id == _account(session, coop_id, role))
        .where(or_(*(JournalEntry.source.like(ours) for ours in _OURS)))
    )
    if unit_id is not None:
        query = query.where(line.unit_id == unit_id)
    return int(session.scalar(query.where(line.member_id.is_not(None)) if members else query) or 0)


def _stores(session: Session, coop_id: int) -> Sequence[Store]:
    return session.scalars(select(Store).where(Store.coop_id == coop_id)).all()


def stock_equals_its_cards(session: Session, coop_id: int) -> list[str]:
    """Pieces and value of every variant are the sums of its movements; what orders keep is what they have ordered."""
    moved = (
        select(
            StockMovement.variant_id, func.sum(StockMovement.quantity).label("pieces"),
            func.sum(StockMovement.value_rp).label("value_rp"),
        )
        .where(StockMovement.coop_id == coop_id)
        .group_by(StockMovement.variant_id)
        .subquery()
    )  # fmt: skip
    kept = (
        select(OrderLine.variant_id, func.sum(OrderLine.quantity).label("pieces"))
        .join(Order, Order.id == OrderLine.order_id)
        .where(OrderLine.coop_id == coop_id, Order.state.in_(("unpaid", "packing")))
        .group_by(OrderLine.variant_id)
        .subquery()
    )
    variant = ProductVariant
    query = (
        select(variant.sku)
        .outerjoin(moved, moved.c.variant_id == variant.id)
        .outerjoin(kept, kept.c.variant_id == variant.id)
        .where(variant.coop_id == coop_id)
        .where(
            or_(
                variant.on_hand != func.coalesce(moved.c.pieces, 0),
                variant.value_rp != func.coalesce(moved.c.value_rp, 0),
                variant.reserved != func.coalesce(kept.c.pieces, 0),
            )
        )
    )
    return [f"Stok {sku} berbeda dari kartunya atau dari pesanannya." for sku in session.scalars(query.limit(20))]


def inventory_equals_the_shelves(session: Session, coop_id: int) -> list[str]:
    """What the books hold of a shop's inventory is what lies on its shelves, and what is not on cards yet."""
    account_id = _account(session, coop_id, Role.INVENTORY)
    problems = []
    for store in _stores(session, coop_id):
        month = AccountMonth
        query = select(func.coalesce(func.sum(month.debit_rp - month.credit_rp), 0)).where(
            month.coop_id == coop_id, month.account_id == account_id, month.unit_id == store.unit_id
        )
        booked_rp = int(session.scalar(query) or 0)
        shelf = (
            select(func.coalesce(func.sum(ProductVariant.value_rp), 0))
            .join(Product, Product.id == ProductVariant.product_id)
            .where(Product.coop_id == coop_id, Product.store_id == store.id)
        )
        value_rp = int(session.scalar(shelf) or 0) + store.unopened_rp
        if booked_rp != value_rp:
            problems.append(f"Persediaan {store.name} di buku {rupiah(booked_rp)}, di kartu stok {rupiah(value_rp)}.")
    return problems


def orders_equal_their_advances(session: Session, coop_id: int) -> list[str]:
    """What was paid for orders and is not sold yet stands in the books, shop by shop."""
    problems = []
    for store in _stores(session, coop_id):
        held = select(func.coalesce(func.sum(Order.held_rp), 0)).where(
            Order.coop_id == coop_id, Order.store_id == store.id
        )
        held_rp = int(session.scalar(held) or 0)
        booked_rp = -_booked(session, coop_id, Role.ORDER_ADVANCES, unit_id=store.unit_id)
        if held_rp != booked_rp:
            problems.append(f"Uang pesanan {store.name} {rupiah(held_rp)}, di buku {rupiah(booked_rp)}.")
    return problems


def shops_are_owed_what_their_orders_brought(session: Session, coop_id: int) -> list[str]:
    """The treasury owes each shop its balance and the money of orders not done; the balance is its movements."""
    problems = []
    if _booked(session, coop_id, Role.UNIT_CLAIM) + _booked(session, coop_id, Role.UNIT_DEBT):
        problems.append("Rekening antar unit tidak seimbang.")
    for store in _stores(session, coop_id):
        waits = select(func.coalesce(func.sum(Order.claim_rp), 0)).where(
            Order.coop_id == coop_id, Order.store_id == store.id
        )
        owed_rp = store.balance_rp + int(session.scalar(waits) or 0)
        booked_rp = _booked(session, coop_id, Role.UNIT_CLAIM, unit_id=store.unit_id)
        if owed_rp != booked_rp:
            problems.append(f"Saldo {store.name} {rupiah(owed_rp)}, di buku {rupiah(booked_rp)}.")
        moved = select(func.coalesce(func.sum(StoreMovement.amount_rp), 0)).where(
            StoreMovement.coop_id == coop_id, StoreMovement.store_id == store.id
        )
        if int(session.scalar(moved) or 0) != store.balance_rp:
            problems.append(f"Saldo {store.name} berbeda dari mutasinya.")
    return problems


def kasbon_equals_its_account(session: Session, coop_id: int) -> list[str]:
    """What members owe shops stands on the receivable, in their names."""
    owed = select(func.coalesce(func.sum(StoreCredit.amount_rp - StoreCredit.paid_rp), 0))
    owed_rp = int(session.scalar(owed.where(StoreCredit.coop_id == coop_id)) or 0)
    booked_rp = _booked(session, coop_id, Role.STORE_RECEIVABLE, members=True)
    return [f"Kasbon {rupiah(owed_rp)}, di buku {rupiah(booked_rp)}."] if owed_rp != booked_rp else []


def points_equal_their_debt(session: Session, coop_id: int) -> list[str]:
    """Points are owed at their value, and nobody has fewer than none."""
    value = select(func.coalesce(func.sum(PointMovement.value_rp), 0)).where(PointMovement.coop_id == coop_id)
    value_rp, booked_rp = int(session.scalar(value) or 0), -_booked(session, coop_id, Role.POINTS_LIABILITY)
    problems = [f"Poin bernilai {rupiah(value_rp)}, di buku {rupiah(booked_rp)}."] if value_rp != booked_rp else []
    short = (
        select(PointMovement.member_id)
        .where(PointMovement.coop_id == coop_id)
        .group_by(PointMovement.member_id)
        .having(func.sum(PointMovement.points) < 0)
    )
    return problems + [f"Poin anggota {member_id} kurang dari nol." for member_id in session.scalars(short)]


def campaigns_and_vouchers_are_counted(session: Session, coop_id: int) -> list[str]:
    """What campaigns sold and how often vouchers were used is what living orders say."""
    alive = and_(Order.coop_id == coop_id, Order.state != "cancelled")
    sold = (
        select(OrderLine.campaign_item_id, func.sum(OrderLine.covered).label("pieces"))
        .join(Order, Order.id == OrderLine.order_id)
        .where(alive)
        .group_by(OrderLine.campaign_item_id)
        .subquery()
    )
    items = (
        select(CampaignItem.id)
        .outerjoin(sold, sold.c.campaign_item_id == CampaignItem.id)
        .where(CampaignItem.coop_id == coop_id, CampaignItem.sold != func.coalesce(sold.c.pieces, 0))
    )
    used = select(Order.voucher_id, func.count().label("times")).where(alive).group_by(Order.voucher_id).subquery()
    vouchers = (
        select(Voucher.code)
        .outerjoin(used, used.c.voucher_id == Voucher.id)
        .where(Voucher.coop_id == coop_id, Voucher.used != func.coalesce(used.c.times, 0))
    )
    problems = [f"Kuota promo {item_id} salah hitung." for item_id in session.scalars(items)]
    return problems + [f"Pemakaian voucher {code} salah hitung." for code in session.scalars(vouchers)]


def every_sale_is_booked_once(session: Session, coop_id: int) -> list[str]:
    """An order handed over has its sale in the books; one that was not has none. Numbers have no gaps."""
    wrong = select(Order.year, Order.number).where(
        Order.coop_id == coop_id,
        or_(
            and_(Order.state.in_(("shipped", "done", "returned")), Order.sale_seq.is_(None)),
            and_(Order.state.in_(("unpaid", "packing", "cancelled")), Order.sale_seq.is_not(None)),
        ),
    )
    rows = session.execute(wrong)
    problems = [f"Pesanan T/{year}/{number:05d} tidak cocok dengan penjualannya." for year, number in rows]
    numbers = select(Order.year, func.max(Order.number), func.count()).where(Order.coop_id == coop_id)
    for year, last, count in session.execute(numbers.group_by(Order.year)):
        if last != count:
            problems.append(f"Nomor pesanan {year} melompat.")
    return problems


CHECKS = [
    stock_equals_its_cards,
    inventory_equals_the_shelves,
    orders_equal_their_advances,
    shops_are_owed_what_their_orders_brought,
    kasbon_equals_its_account,
    points_equal_their_debt,
    campaigns_and_vouchers_are_counted,
    every_sale_is_booked_once,
]


def shops_and_the_books_agree(session: Session, coop_id: int) -> list[str]:
    """Every truth of shops; nothing to ask where there is no shop."""
    if session.scalars(select(Store.id).where(Store.coop_id == coop_id).limit(1)).first() is None:
        return []
    return [message for check in CHECKS for message in check(session, coop_id)]
