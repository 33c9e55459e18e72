"""Loans that began outside these books, or were paid out before they were typed in.

Taken over: a running loan with its whole schedule, what was paid marked as paid. Paid out: a loan that an office has
disbursed, booked on its day with the fee it took.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import NotFound
from core.money import RoundingMode, Rupiah
from models.loans import HasTerms, Loan, LoanPayment, LoanProduct
from models.members import Member
from services.audit import trail
from services.ledger.chart import Role
from services.ledger.posting import Posting, credit, debit, post_many
from services.loans import products, schedules
from services.loans.schedule import TermsInvalid, schedule
from services.settings import dated

_TERMS = list(HasTerms.__annotations__)
_MODES: tuple[RoundingMode, ...] = ("half-up", "down", "up", "half-even")


@dataclass(frozen=True)
class LoanTaken:
    """A running loan as an office tells it: plafond, months, installments behind it, principal that is left."""

    principal_rp: Rupiah
    term_months: int
    installments_paid: int
    outstanding_rp: Rupiah
    collected_by: str = "payroll"


def take_over(session: Session, actor: Actor, loans: Sequence[tuple[Member, LoanTaken]], *, as_of: date) -> int:
    """Keep members' running loans at the start. The opening trial balance carries the control account.

    A loan's schedule is rounded the way that leaves what the office says is left; where none does, what is left is
    spread over the months that are left. A member's loan that is kept already stays. Returns how many are new.
    Raises NotFound without a loan product.
    """
    actor.must("imports.run")
    if not loans:
        return 0
    product = usual_product(session, actor)
    names = {member.id: f"import:opening:{member.number}" for member, _ in loans}
    known = set(session.scalars(select(Loan.token).where(Loan.token.startswith("import:opening:"))))
    new = [(member, told) for member, told in loans if names[member.id] not in known]
    pay_day = dated.whole(session, actor.coop_id, "payroll.pay_day", as_of)
    usual, fitting = _rounding(product, [told for _, told in new])
    for (member, told), modes in zip(new, fitting, strict=True):
        if not 0 < told.outstanding_rp <= told.principal_rp:
            raise TermsInvalid(
                field=f"Pinjaman {member.name}", reason="sisa harus di atas nol dan tidak melebihi plafon."
            )
        mode = usual if usual in modes else next(iter(modes), None)
        loan = _taken(actor, member, told, product, as_of, pay_day, names[member.id])
        loan.round_mode = mode or product.round_mode
        session.add(loan)
        session.flush()  # the schedule hangs on its id
        _keep_schedule(session, actor, loan, told, fits=mode is not None)
    if usual is not None and not known:
        product.round_mode = usual  # later loans follow what this office has always done
    session.flush()  # the opening check of this transaction reads them
    trail.record(session, actor, "loans.take_over", "import", count=len(new))
    return len(new)


def usual_product(session: Session, actor: Actor) -> LoanProduct:
    """The product that loans of a list belong to when it does not say. Raises NotFound."""
    found = products.active(session, actor)
    if not found:
        raise NotFound(what="Jenis pinjaman (buat dulu di Pengaturan > Jenis pinjaman)")
    return next((product for product in found if product.code == "UANG"), found[0])


def _rounding(
    product: LoanProduct, loans: Sequence[LoanTaken]
) -> tuple[RoundingMode | None, list[tuple[RoundingMode, ...]]]:
    """The rounding that fits most of these loans, and all that fit each. Of equals the product's own comes first."""
    own: RoundingMode = product.round_mode  # type: ignore[assignment]
    order = tuple(dict.fromkeys((own, *_MODES)))
    fitting = [tuple(mode for mode in order if _fits(product, told, mode)) for told in loans]
    counted = Counter(mode for modes in fitting for mode in modes)
    return max(counted, key=lambda mode: (counted[mode], -order.index(mode)), default=None), fitting


def _fits(product: LoanProduct, told: LoanTaken, mode: RoundingMode) -> bool:
    """Whether a schedule rounded so leaves what the office says is left."""
    if not 0 < told.installments_paid < told.term_months or told.principal_rp <= 0:
        return False
    terms = replace(products.terms_of(product, told.principal_rp, told.term_months), round_mode=mode)
    behind = schedule(terms)[: told.installments_paid]
    return told.principal_rp - sum(row.principal_rp for row in behind) == told.outstanding_rp


def _taken(
    actor: Actor, member: Member, told: LoanTaken, product: LoanProduct, as_of: date, pay_day: int, name: str
) -> Loan:
    left = max(1, told.term_months - told.installments_paid)
    loan = Loan(
        coop_id=actor.coop_id, number=f"SA/{member.number}", token=name, member_id=member.id, product_id=product.id,
        state="running", principal_rp=told.principal_rp, asked_rp=told.principal_rp,
        term=max(told.term_months, left), purpose="Pinjaman sebelum buku dimulai", collected_by=told.collected_by,
        asked_on=as_of, disbursed_on=as_of, outstanding_rp=told.outstanding_rp, created_by=actor.user_id,
        first_due_on=months_from(as_of, 1 - told.installments_paid, pay_day),
        **{field: getattr(product, field) for field in _TERMS},
    )  # fmt: skip
    loan.member, loan.product = member, product
    return loan


def months_from(day: date, months: int, pay_day: int) -> date:
    """The pay day so many months after (or before) the month of `day`."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, pay_day)


def _keep_schedule(session: Session, actor: Actor, loan: Loan, told: LoanTaken, *, fits: bool) -> None:
    """The rows, with those behind marked paid, and the payment that says so."""
    as_of, paid_rp = loan.asked_on, told.principal_rp - told.outstanding_rp
    if fits:
        rows = schedules.make(session, loan, starts_on=as_of)
    else:
        first_due_on = months_from(as_of, 1, loan.first_due_on.day if loan.first_due_on else 25)
        rows = schedules.make_rest(session, loan, starts_on=as_of, first_due_on=first_due_on, paid_rp=paid_rp)
    behind = rows[: told.installments_paid] if fits else rows[: 1 if paid_rp else 0]
    for row in behind:
        row.principal_paid_rp, row.interest_paid_rp = row.principal_rp, row.interest_rp
    if behind:
        session.add(
            LoanPayment(
                coop_id=actor.coop_id, loan_id=loan.id, schedule_no=1, booked_on=as_of, kind="opening",
                principal_rp=paid_rp, interest_rp=sum(row.interest_rp for row in behind), penalty_rp=0, excess_rp=0,
                parts=[[row.no, 0, row.interest_rp, row.principal_rp] for row in behind], memo="Saldo awal",
                source=f"{loan.token}:paid", created_by=actor.user_id,
            )
        )  # fmt: skip


@dataclass(frozen=True)
class PaidOut:
    """A loan an office has decided and disbursed; `fee_rp` is what it kept back (provisi)."""

    member: Member
    number: str
    principal_rp: Rupiah
    asked_rp: Rupiah
    term: int
    fee_rp: Rupiah
    asked_on: date
    decided_on: date
    paid_on: date
    first_due_on: date
    purpose: str = ""
    collected_by: str = "payroll"
    rate_pct: Decimal | None = None
    """Percent a month where the office agreed another rate than the product's."""


def book_paid_out(
    session: Session, actor: Actor, loans: Sequence[PaidOut], product: LoanProduct, *, cash: Role | int = Role.BANK
) -> list[Loan]:
    """Book loans in the order given, all or none; one whose number is known is passed over. Raises as `post_many`."""
    actor.must("imports.run")
    numbers = [one.number for one in loans]
    known = set(session.scalars(select(Loan.number).where(Loan.number.in_(numbers))))
    made = [_paid_out(session, actor, one, product) for one in loans if one.number not in known]
    session.flush()  # entries and schedules name their ids
    post_many(session, actor, [_payout_entry(loan, cash) for loan in made])
    for loan in made:
        schedules.make(session, loan, starts_on=loan.disbursed_on or loan.asked_on)
    trail.record(session, actor, "loans.paid_out", "import", count=len(made))
    return made


def _paid_out(session: Session, actor: Actor, one: PaidOut, product: LoanProduct) -> Loan:
    loan = Loan(
        coop_id=actor.coop_id, number=one.number, token=f"import:loan:{one.number}", member_id=one.member.id,
        product_id=product.id, state="running", principal_rp=one.principal_rp, asked_rp=one.asked_rp, term=one.term,
        purpose=one.purpose[:200], collected_by=one.collected_by, asked_on=one.asked_on, decided_on=one.decided_on,
        disbursed_on=one.paid_on, first_due_on=one.first_due_on, outstanding_rp=one.principal_rp, fee_rp=one.fee_rp,
        created_by=actor.user_id, **{field: getattr(product, field) for field in _TERMS},
    )  # fmt: skip
    if one.rate_pct is not None:
        loan.rate_pct, loan.rate_basis = one.rate_pct, "month"
    loan.member, loan.product = one.member, product
    session.add(loan)
    return loan


def _payout_entry(loan: Loan, cash: Role | int) -> Posting:
    assert loan.disbursed_on is not None
    net_rp = loan.principal_rp - loan.fee_rp
    lines = [
        debit(loan.product.account_id, loan.principal_rp, member_id=loan.member_id),
        credit(cash, net_rp),
        *([credit(Role.LOAN_FEE_INCOME, loan.fee_rp, member_id=loan.member_id)] if loan.fee_rp else []),
    ]
    memo = f"Pencairan pinjaman {loan.number} {loan.member.name}"
    return Posting(loan.disbursed_on, memo, f"loan:{loan.id}:disbursed", lines, loan.number)
