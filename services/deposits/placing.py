"""Money comes in for a term: from cash, bank or the member's own savings; or it was there when the books began."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import date_long, rupiah
from core.errors import InvalidValue
from core.money import LIMIT_RP, Rupiah
from models.deposits import DepositMovement, TimeDeposit
from models.members import Member
from models.savings import SavingsProduct
from services.audit import trail
from services.deposits import rates
from services.deposits.earning import PAYOUTS, ROLLOVERS, add_months
from services.deposits.refusals import (
    AccountShared,
    DepositAmount,
    DepositOptions,
    DepositsNotDetailed,
    DepositTokenTaken,
    NoRate,
)
from services.ledger import deposit_checks
from services.ledger.chart import Role
from services.ledger.posting import credit, debit, entry_by_seq, post
from services.members import commands as members
from services.savings import commands as savings
from services.savings.receipts import issue
from services.savings.refusals import NotMember
from services.settings import dated


@dataclass(frozen=True)
class Placement:
    """What a member places. `token` makes the form's second click the same deposit."""

    member_id: int
    amount_rp: Rupiah
    term_months: int
    placed_on: date
    token: str
    payout: str = "maturity"
    rollover: str = "none"


def place(
    session: Session,
    actor: Actor,
    wish: Placement,
    *,
    cash: Role | int = Role.CASH,
    from_product_id: int | None = None,
    voucher_no: str = "",
) -> TimeDeposit:
    """Take a deposit at the rate of the day, from cash or bank, or out of voluntary savings; with its kuitansi.

    The same `token` again returns the same deposit.
    Raises:
        NoRate, DepositAmount, DepositOptions, DepositTokenTaken, NotMember, NotEnough, NotWithdrawable,
        DepositsNotDetailed, AccountShared, and as `post`.
    """
    actor.must("savings.teller")
    if (found := _same(session, wish)) is not None:
        return found
    member = members.get(session, actor, wish.member_id)
    _check(session, actor, member, wish)
    _must_be_detailed(session, actor)
    rate_pct = rates.offered(session, actor.coop_id, wish.placed_on).get(wish.term_months)
    if rate_pct is None:
        raise NoRate(term=wish.term_months, day=date_long(wish.placed_on))
    deposit = _new(session, actor, wish, rate_pct, _number(session, wish.placed_on))
    source, memo = f"deposit:{deposit.id}:placed", f"Simpanan berjangka {deposit.number} {member.name}"
    own = credit(Role.TIME_DEPOSITS, wish.amount_rp, member_id=member.id)
    out = None
    if from_product_id is not None:
        out = savings.taken_out(
            session, member, from_product_id, wish.amount_rp, booked_on=wish.placed_on, source=source, memo=memo
        )
    lines = [savings.line_of(out) if out else debit(cash, wish.amount_rp), own]
    posted = post(
        session, actor, booked_on=wish.placed_on, memo=memo, source=source, lines=lines, voucher_no=voucher_no
    )
    if out:
        savings.record(session, actor, [out], posted.seq)
    _record(session, actor, deposit, posted.seq, source)
    issue(
        session, actor, member=member, source=source, entry_seq=posted.seq, issued_on=wish.placed_on,
        amount_rp=wish.amount_rp, is_payment_in=True, balance_after_rp=wish.amount_rp, purpose=memo,
    )  # fmt: skip
    trail.record(session, actor, "deposits.place", f"deposit:{deposit.id}", amount_rp=wish.amount_rp)
    return deposit


def take_over(
    session: Session,
    actor: Actor,
    wish: Placement,
    *,
    number: str,
    rate_pct: Decimal,
    interest_until: date,
    opening_seq: int,
) -> TimeDeposit:
    """A deposit that ran when the books began: its money stands in the opening entry, from here on it earns here.

    Raises InvalidValue, DepositAmount, DepositOptions, DepositTokenTaken, NotMember, NotFound.
    """
    actor.must("ledger.opening")
    if (found := _same(session, wish)) is not None:
        return found
    member = members.get(session, actor, wish.member_id)
    _check(session, actor, member, wish, least_rp=1)
    if not number.strip() or not 0 < rate_pct <= 100 or not wish.placed_on <= interest_until:
        raise InvalidValue(
            field="Simpanan berjangka lama", reason="nomor, bunga, dan tanggal bunga terakhir wajib diisi."
        )
    entry_by_seq(session, actor, opening_seq)
    deposit = _new(session, actor, wish, rate_pct, number.strip()[:30])
    while deposit.matures_on <= interest_until:
        months = (deposit.matures_on.year - wish.placed_on.year) * 12 + deposit.matures_on.month - wish.placed_on.month
        deposit.matures_on = add_months(wish.placed_on, months + wish.term_months)
    deposit.interest_until = _due_day(wish.placed_on, interest_until)
    _record(session, actor, deposit, opening_seq, f"deposit:{deposit.id}:opening")
    trail.record(session, actor, "deposits.take_over", f"deposit:{deposit.id}", amount_rp=wish.amount_rp)
    return deposit


def _due_day(placed_on: date, interest_until: date) -> date:
    """The last monthly due day up to `interest_until`: interest is counted from there."""
    months = (interest_until.year - placed_on.year) * 12 + interest_until.month - placed_on.month
    day = add_months(placed_on, months)
    return day if day <= interest_until else add_months(placed_on, months - 1)


def _same(session: Session, wish: Placement) -> TimeDeposit | None:
    found = session.scalars(select(TimeDeposit).where(TimeDeposit.token == wish.token)).first()
    if found is None:
        return None
    placed = select(DepositMovement.amount_rp).where(
        DepositMovement.deposit_id == found.id, DepositMovement.kind == "placed"
    )
    kept = (found.member_id, session.scalar(placed), found.term_months, found.payout, found.rollover, found.placed_on)
    if kept != (wish.member_id, wish.amount_rp, wish.term_months, wish.payout, wish.rollover, wish.placed_on):
        raise DepositTokenTaken()
    return found


def _check(session: Session, actor: Actor, member: Member, wish: Placement, least_rp: Rupiah | None = None) -> None:
    if least_rp is None:
        least_rp = max(1, dated.whole(session, actor.coop_id, "deposits.minimum_rp", wish.placed_on))
    if type(wish.amount_rp) is not int or not least_rp <= wish.amount_rp < LIMIT_RP:
        shown = rupiah(wish.amount_rp) if type(wish.amount_rp) is int else wish.amount_rp
        raise DepositAmount(least=rupiah(least_rp), amount=shown)
    if member.state != "active":
        raise NotMember(member=member.name, state=members.STATES[member.state])
    if not 1 <= len(wish.token) <= 60:
        raise DepositOptions(field="Formulir", reason="muat ulang halaman, lalu isi lagi.")
    if type(wish.term_months) is not int or not 1 <= wish.term_months <= 60:
        raise DepositOptions(field="Jangka", reason="1 sampai 60 bulan.")
    if wish.payout not in PAYOUTS or wish.rollover not in ROLLOVERS:
        raise DepositOptions(field="Bunga dan perpanjangan", reason="pilih salah satu yang ditawarkan.")
    if wish.payout == "monthly" and wish.rollover == "all":
        reason = "bunga yang dibayar tiap bulan tidak ikut diperpanjang. Pilih perpanjang pokok."
        raise DepositOptions(field="Perpanjangan", reason=reason)
    if wish.payout == "capitalised" and wish.rollover == "principal":
        reason = "bunga sudah menjadi pokok. Pilih perpanjang pokok dan bunga."
        raise DepositOptions(field="Perpanjangan", reason=reason)


def _must_be_detailed(session: Session, actor: Actor) -> None:
    """The control account is the deposits' alone, and each rupiah on it has its deposit."""
    account_id, booked_rp, listed_rp = deposit_checks.standing(session, actor.coop_id)
    shared = session.scalars(select(SavingsProduct).where(SavingsProduct.account_id == account_id)).first()
    if account_id is not None and shared is not None:
        raise AccountShared(product=shared.name)
    if booked_rp != listed_rp:
        raise DepositsNotDetailed(booked=rupiah(booked_rp), listed=rupiah(listed_rp))


def _new(session: Session, actor: Actor, wish: Placement, rate_pct: Decimal, number: str) -> TimeDeposit:
    if session.scalars(select(TimeDeposit.id).where(TimeDeposit.number == number)).first() is not None:
        raise InvalidValue(field="Nomor", reason=f"'{number}' sudah dipakai.")
    deposit = TimeDeposit(
        coop_id=actor.coop_id, number=number, token=wish.token, member_id=wish.member_id, amount_rp=wish.amount_rp,
        term_months=wish.term_months, rate_pct=rate_pct, payout=wish.payout, rollover=wish.rollover,
        break_pct=dated.percent(session, actor.coop_id, "deposits.break_pct", wish.placed_on),
        placed_on=wish.placed_on, matures_on=add_months(wish.placed_on, wish.term_months),
        interest_until=wish.placed_on, state="running", created_by=actor.user_id,
    )  # fmt: skip
    session.add(deposit)
    session.flush()  # the entry's source names its id
    return deposit


def _record(session: Session, actor: Actor, deposit: TimeDeposit, entry_seq: int, source: str) -> None:
    session.add(
        DepositMovement(
            coop_id=actor.coop_id, deposit_id=deposit.id, booked_on=deposit.placed_on, kind="placed",
            amount_rp=deposit.amount_rp, source=source, entry_seq=entry_seq, created_by=actor.user_id,
        )
    )  # fmt: skip
    session.flush()  # checks of this transaction read it


def _number(session: Session, placed_on: date) -> str:
    """`SB/2026/0001`, next in its year."""
    prefix = f"SB/{placed_on.year}/"
    last = session.scalar(select(func.max(TimeDeposit.number)).where(TimeDeposit.number.startswith(prefix)))
    return f"{prefix}{int(last.rsplit('/', 1)[1]) + 1 if last else 1:04d}"
