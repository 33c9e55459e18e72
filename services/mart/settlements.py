"""The payment service pays out, and every day its payments are laid beside the books."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from core.actor import Actor
from core.display import date_long, rupiah
from core.errors import InvalidValue, NotFound, Refusal
from core.money import Rupiah, split
from models.mart.orders import OrderPayment
from services.audit import trail
from services.ledger import balances, chart
from services.ledger.chart import Role
from services.ledger.posting import Posted, credit, debit, post

ONLINE = ("gateway", "qris")
"""Ways of paying whose money lies with a service first."""
MOST = 500


class SettledAlready(Refusal):
    code = "mart.settled_already"
    pesan = "{count} dari pembayaran yang dipilih sudah dicairkan. Muat ulang halaman, lalu pilih lagi."
    status = 409


class SettlementDiffers(Refusal):
    code = "mart.settlement_differs"
    pesan = "Formulir ini sudah dikirim dengan isi lain. Buka lagi Pembayaran online, lalu isi dari sana."
    status = 409


@dataclass(frozen=True)
class Payout:
    """Money from the service on the bank's statement: which payments, and what it kept. `token` makes it once."""

    payment_ids: Sequence[int]
    received_on: date
    fee_rp: Rupiah
    token: str
    bank_account: Role | int = Role.BANK


@dataclass(frozen=True)
class Day:
    """Payments beside the books of the service's account: what came in on a day, and what lies there now."""

    day: date
    paid_rp: Rupiah
    booked_rp: Rupiah
    lying_rp: Rupiah
    balance_rp: Rupiah
    differences: tuple[str, ...]


def open_payments(session: Session, actor: Actor) -> list[OrderPayment]:
    """Paid by buyers and not yet paid out to us, oldest first."""
    actor.must("mart.money")
    query = select(OrderPayment).where(
        OrderPayment.kind.in_(ONLINE), OrderPayment.state == "paid", OrderPayment.settled_seq.is_(None)
    )
    query = query.options(joinedload(OrderPayment.order)).order_by(OrderPayment.paid_on, OrderPayment.id)
    return list(session.scalars(query.limit(MOST)))


def odd_payments(session: Session, actor: Actor) -> list[OrderPayment]:
    """Payments at the service that a person has to look at, newest first: `reason` says why."""
    actor.must("mart.money")
    query = select(OrderPayment).where(OrderPayment.kind == "gateway", OrderPayment.reason.startswith("Midtrans "))
    return list(session.scalars(query.options(joinedload(OrderPayment.order)).order_by(OrderPayment.id.desc())))


def waiting_payments(session: Session, actor: Actor) -> list[OrderPayment]:
    """Begun at the service and not heard of since, newest first."""
    actor.must("mart.money")
    query = select(OrderPayment).where(OrderPayment.kind == "gateway", OrderPayment.state == "waiting")
    query = query.options(joinedload(OrderPayment.order)).order_by(OrderPayment.id.desc())
    return list(session.scalars(query.limit(MOST)))


def accounts(session: Session, actor: Actor) -> list[tuple[int, str]]:
    """The cooperative's bank accounts, id and name, the usual one first."""
    return [(account.id, str(account)) for account in chart.beside(session, actor, Role.BANK)]


def settle(session: Session, actor: Actor, payout: Payout) -> Posted:
    """Book money from the service: bank and its fee against what lay there. The same `token` again books nothing.

    Raises:
        SettledAlready: one of them was paid out before. SettlementDiffers: the token was used for others.
        InvalidValue, NotFound, NotAllowed, as `post`.
    """
    actor.must("mart.money")
    payments = _chosen(session, payout)
    total_rp = sum(payment.amount_rp for payment in payments)
    if type(payout.fee_rp) is not int or not 0 <= payout.fee_rp < total_rp:
        raise InvalidValue(field="Biaya layanan", reason=f"isi 0 sampai kurang dari {rupiah(total_rp)}.")
    lines = [debit(_bank(session, actor, payout.bank_account), total_rp - payout.fee_rp)]
    lines += [debit(Role.GATEWAY_FEE, payout.fee_rp)] if payout.fee_rp else []
    lines.append(credit(Role.ONLINE_CLEARING, total_rp))
    posted = post(
        session, actor, booked_on=payout.received_on, memo=f"Pencairan {len(payments)} pembayaran online",
        source=f"mart:settlement:{payout.token}", lines=lines,
    )  # fmt: skip
    _mark(session, payments, payout, posted)
    if posted.is_new:
        trail.record(session, actor, "mart.settle", f"entry:{posted.seq}", amount_rp=total_rp, fee_rp=payout.fee_rp)
    return posted


def _chosen(session: Session, payout: Payout) -> list[OrderPayment]:
    wanted = set(payout.payment_ids)
    if not 0 < len(wanted) <= MOST:
        raise InvalidValue(field="Pembayaran", reason=f"pilih 1 sampai {MOST} pembayaran yang dicairkan.")
    if not 8 <= len(payout.token) <= 60:
        raise InvalidValue(field="Formulir", reason="muat ulang halaman, lalu isi lagi.")
    query = select(OrderPayment).where(OrderPayment.id.in_(wanted), OrderPayment.kind.in_(ONLINE))
    query = query.order_by(OrderPayment.id).with_for_update(of=OrderPayment)
    found = list(session.scalars(query.execution_options(populate_existing=True)))
    if len(found) != len(wanted) or any(payment.state != "paid" for payment in found):
        raise NotFound(what="Pembayaran")
    latest = max(payment.paid_on for payment in found if payment.paid_on is not None)
    if payout.received_on < latest:
        raise InvalidValue(field="Tanggal masuk", reason="lebih awal daripada pembayaran terakhir yang dipilih.")
    return found


def _bank(session: Session, actor: Actor, account: Role | int) -> Role | int:
    if account is Role.BANK or account in [one.id for one in chart.beside(session, actor, Role.BANK)]:
        return account
    raise InvalidValue(field="Rekening", reason="pilih salah satu rekening bank koperasi.")


def _mark(session: Session, payments: Sequence[OrderPayment], payout: Payout, posted: Posted) -> None:
    """Each payment bears its part of the fee. An entry that stands already must be the one of these very payments."""
    if not posted.is_new:
        same = select(func.count()).where(OrderPayment.settled_seq == posted.seq)
        if session.scalar(same) != len(payments) or any(one.settled_seq != posted.seq for one in payments):
            raise SettlementDiffers()
        return
    if before := sum(payment.settled_seq is not None for payment in payments):
        raise SettledAlready(count=before)
    fees = split(payout.fee_rp, [payment.amount_rp for payment in payments])
    for payment, fee_rp in zip(payments, fees, strict=True):
        payment.fee_rp, payment.settled_seq = fee_rp, posted.seq


def reconcile(session: Session, actor: Actor, day: date) -> Day:
    """A day's payments, and all that was not paid out yet, beside the books of `Role.ONLINE_CLEARING`."""
    actor.must("mart.money")
    account_id = chart.roles(session, actor).get(Role.ONLINE_CLEARING.value)
    if account_id is None:
        return Day(day, 0, 0, 0, 0, ("Bagan akun belum punya akun untuk uang di layanan pembayaran.",))
    moved = balances.movements(session, actor.coop_id, day, day, account_ids=[account_id])
    booked_rp = moved.get(account_id, balances.Sums()).debit_rp
    balance_rp = balances.balances(session, actor.coop_id, date.max, account_ids=[account_id]).get(account_id, 0)
    paid_rp = _sum(session, OrderPayment.paid_on == day)
    lying_rp = _sum(session, OrderPayment.settled_seq.is_(None))
    told = [
        *_told(f"Masuk {date_long(day)}", paid_rp, booked_rp),
        *_told("Belum dicairkan", lying_rp, balance_rp),
        *(f"{one.reference} ({one.order.label}): {one.reason}." for one in odd_payments(session, actor)),
    ]
    return Day(day, paid_rp, booked_rp, lying_rp, balance_rp, tuple(told))


def _told(what: str, ours_rp: Rupiah, books_rp: Rupiah) -> list[str]:
    if ours_rp == books_rp:
        return []
    return [
        f"{what}: menurut pembayaran {rupiah(ours_rp)}, menurut buku {rupiah(books_rp)}, "
        f"selisih {rupiah(abs(ours_rp - books_rp))}. Periksa jurnal akun itu."
    ]


def _sum(session: Session, which: ColumnElement[bool]) -> Rupiah:
    query = select(func.coalesce(func.sum(OrderPayment.amount_rp), 0))
    return int(session.scalar(query.where(OrderPayment.kind.in_(ONLINE), OrderPayment.state == "paid", which)) or 0)
