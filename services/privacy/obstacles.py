"""What stands in the way of erasing a person's data: a plain list, each with the way on."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import rupiah
from models.access import CoopUser, RoleGrant
from models.deposits import TimeDeposit
from models.loans import Loan
from models.mart.orders import Order, OrderReturn, StoreCredit
from models.members import Member
from models.payroll import PayrollLine, PayrollList
from models.savings import SavingsAccount, WithdrawalRequest
from services.loans.states import OPEN
from services.privacy.sources import Person

_UNFINISHED = ("unpaid", "packing", "shipped")


def of(session: Session, actor: Actor, member: Member, who: Person) -> list[str]:
    """Sentences without a full stop; none: the data may go."""
    return [
        *_membership(member),
        *_money(session, member),
        *_shopping(session, who),
        *_at_work(session, who),
    ]


def _membership(member: Member) -> list[str]:
    if member.erased_at is not None:
        return ["datanya sudah dihapus"]
    if member.state in ("active", "applied"):
        is_in = member.state == "active"
        return ["masih anggota aktif (proses keluar dulu)" if is_in else "pendaftarannya belum diputus"]
    return []


def _money(session: Session, member: Member) -> list[str]:
    saved = select(SavingsAccount.balance_rp).where(
        SavingsAccount.member_id == member.id, SavingsAccount.balance_rp != 0
    )
    balance_rp = sum(session.scalars(saved))
    loans = select(Loan.number).where(Loan.member_id == member.id, Loan.state.in_((*OPEN, "running")))
    lost = select(Loan.number).where(Loan.member_id == member.id, Loan.written_off_rp > Loan.recovered_rp)
    deposits = select(TimeDeposit.number).where(TimeDeposit.member_id == member.id, TimeDeposit.state != "closed")
    asked = select(WithdrawalRequest.id).where(
        WithdrawalRequest.member_id == member.id, WithdrawalRequest.state.in_(("asked", "approved"))
    )
    listed = (
        select(PayrollLine.id)
        .join(PayrollList, PayrollList.id == PayrollLine.list_id)
        .where(PayrollLine.member_id == member.id, PayrollList.state == "sent")
    )
    found = [f"masih ada simpanan {rupiah(balance_rp)} (dibayarkan saat keluar)"] if balance_rp else []
    found += [f"pinjaman {number} belum selesai (lunasi atau batalkan dulu)" for number in session.scalars(loans)]
    found += [f"pinjaman {number} dihapus buku, tetapi belum dibayar (lunasi dulu)" for number in session.scalars(lost)]
    found += [f"simpanan berjangka {number} belum cair (cairkan dulu)" for number in session.scalars(deposits)]
    if session.scalars(asked).first():
        found.append("permintaan penarikan belum selesai (tunggu dibayar atau batalkan dulu)")
    if session.scalars(listed).first():
        found.append("potongan gajinya belum direalisasi (tunggu bulan ini dibukukan)")
    return found


def _shopping(session: Session, who: Person) -> list[str]:
    """What the member bought, and what their account bought in this cooperative's shops."""
    theirs = (Order.member_id == who.member_id) | (Order.buyer_id == who.user_id)
    orders = session.scalars(select(Order).where(theirs, Order.state.in_(_UNFINISHED)).order_by(Order.id))
    back = (
        select(OrderReturn.id).join(Order, Order.id == OrderReturn.order_id).where(theirs, OrderReturn.state == "asked")
    )
    owed = select(StoreCredit).where(
        StoreCredit.member_id == who.member_id, StoreCredit.paid_rp < StoreCredit.amount_rp
    )
    kasbon_rp = sum(credit.amount_rp - credit.paid_rp for credit in session.scalars(owed))
    found = [f"pesanan {order.label} belum selesai (terima atau batalkan dulu)" for order in orders]
    found += ["pengembalian barang belum dijawab (tunggu jawaban toko)"] if session.scalars(back).first() else []
    return found + ([f"kasbon belum dibayar {rupiah(kasbon_rp)} (lunasi dulu)"] if kasbon_rp else [])


def _at_work(session: Session, who: Person) -> list[str]:
    """Whoever still works for the cooperative keeps a name there."""
    roles = (
        select(RoleGrant.role)
        .join(CoopUser, CoopUser.user_id == RoleGrant.user_id)
        .where(RoleGrant.user_id == who.user_id, RoleGrant.role != "anggota", CoopUser.is_active)
    )
    return ["masih punya peran di koperasi (cabut perannya dulu)"] if session.scalars(roles).first() else []
