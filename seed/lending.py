"""Loans as people at the desk act them out: asked for, analysed, decided, paid out, paid back. All are services."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from models.loans import Loan, LoanProduct
from models.members import Member
from seed.seasons import shifted
from seed.stage import Stage
from services.approvals import commands as approvals
from services.loans import adjustments, applications, disbursement, history, products, queries, repayment
from services.loans.adjustments import NewTerms
from services.loans.applications import Wish
from services.loans.history import LoanTaken, PaidOut
from services.loans.products import ProductData
from services.loans.repayment import Payment
from services.loans.schedule import schedule

DUE_DAY = 25


@dataclass(frozen=True)
class Offer:
    """A loan as it is usually asked for: the product's code, how much, for how many months."""

    code: str
    amount_rp: int
    term: int


def taken(product: ProductData, amount_rp: int, term: int, paid: int) -> LoanTaken:
    """A loan that ran when the books began, with so many installments behind it."""
    behind = schedule(products.terms_of(product, amount_rp, term))[:paid]  # type: ignore[arg-type]
    return LoanTaken(amount_rp, term, paid, amount_rp - sum(row.principal_rp for row in behind))


def _first_due(paid_on: date) -> date:
    return shifted(paid_on.replace(day=1), 1).replace(day=DUE_DAY)


@dataclass
class Desk:
    """Who lends: money lies on `bank` (an account's code), and some borrowers pay by payroll."""

    stage: Stage
    bank: str
    purposes: tuple[str, ...]
    salary_rp: tuple[int, int]
    by_payroll: Callable[[Member], bool]
    loans: list[Loan] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.loans = queries.waiting(self.stage.session, self.stage.people["bendahara"], "running")

    @cached_property
    def products(self) -> dict[str, LoanProduct]:
        return {
            product.code: product for product in products.active(self.stage.session, self.stage.people["bendahara"])
        }

    def running(self, member: Member | None = None, code: str = "") -> list[Loan]:
        """Loans that are not paid back, of one member and product or of all."""
        return [
            loan
            for loan in self.loans
            if loan.state == "running"
            and (member is None or loan.member_id == member.id)
            and code in ("", loan.product.code)
        ]

    def ask(self, member: Member, offer: Offer, on: date, *, replaces: Loan | None = None, by: str = "petugas") -> Loan:
        """The wish, written down at the desk, or by the member."""
        rng = random.Random(f"{self.stage.coop.slug}:penghasilan:{member.number}")
        salary_rp = rng.randrange(*self.salary_rp, 50_000)
        wish = Wish(
            member.id, self.products[offer.code].id, offer.amount_rp, offer.term, on, self.stage.token("pinjaman"),
            self._purpose(member), self._collected_by(member), salary_rp,
            replaces_id=replaces.id if replaces else None,
        )  # fmt: skip
        loan = applications.ask(self.stage.session, self.stage.people[by], wish)
        self.loans.append(loan)
        return loan

    def _purpose(self, member: Member) -> str:
        return self.purposes[(int(member.number or 0) + len(self.loans)) % len(self.purposes)]

    def _collected_by(self, member: Member) -> str:
        return "payroll" if self.by_payroll(member) else "cash"

    def analyse(self, loan: Loan, on: date) -> None:
        applications.analyse(
            self.stage.session, self.stage.people["bendahara"], loan.id, on=on, principal_rp=loan.asked_rp,
            term=loan.term, note="Data lengkap, kemampuan bayar cukup.",
        )  # fmt: skip

    def decide(self, loan: Loan, part: str, on: date, *, approved: bool = True, note: str = "") -> None:
        who = self.stage.people[part]
        applications.decide(self.stage.session, who, loan.id, approved=approved, on=on, note=note)

    def pay_out(self, loan: Loan, on: date) -> None:
        """The first installment falls due next month."""
        session, who = self.stage.session, self.stage.people["bendahara"]
        payout = disbursement.preview(session, who, loan.id, paid_on=on, first_due_on=_first_due(on))
        disbursement.disburse(session, who, payout, cash=self.stage.account(self.bank))

    def lend(self, member: Member, offer: Offer, on: date, *, replaces: Loan | None = None) -> Loan:
        """The whole way, within a week."""
        loan = self.ask(member, offer, on - timedelta(days=6), replaces=replaces)
        self.analyse(loan, on - timedelta(days=4))
        self.decide(loan, "bendahara", on - timedelta(days=3))
        self.decide(loan, "ketua", on - timedelta(days=2))
        self.pay_out(loan, on)
        return loan

    def bring_in(self, wanted: Sequence[tuple[Member, Offer]], on: date) -> None:
        """A month's loans from the office's own list, of the time before applications were written down here."""
        for code in sorted({offer.code for _, offer in wanted}):
            own = [(member, offer) for member, offer in wanted if offer.code == code]
            paid = [self._paid_out(member, offer, on, nth) for nth, (member, offer) in enumerate(own, start=1)]
            bank = self.stage.account(self.bank)
            self.loans += history.book_paid_out(
                self.stage.session, self.stage.people["bendahara"], paid, self.products[code], cash=bank
            )

    def _paid_out(self, member: Member, offer: Offer, on: date, nth: int) -> PaidOut:
        prefix = f"P/{on.year}/"
        last = max((int(loan.number[-4:]) for loan in self.loans if loan.number.startswith(prefix)), default=0)
        return PaidOut(
            member, f"{prefix}{last + nth:04d}", offer.amount_rp, offer.amount_rp, offer.term,
            products.fees_of(self.products[offer.code], offer.amount_rp).total_rp, on - timedelta(days=6),
            on - timedelta(days=2), on, _first_due(on), self._purpose(member), self._collected_by(member),
        )  # fmt: skip

    def collect(self, loans: Sequence[Loan], on: date) -> None:
        """Everything due up to this month's due day, penalty with it, over the counter."""
        session, until = self.stage.session, on.replace(day=DUE_DAY)
        due = queries.installments_of(session, loans, until=until, open_only=True)
        for loan in loans:
            amount_rp = sum(one.total_rp for one in repayment.owed(loan, due[loan.id], on))
            if amount_rp:
                payment = Payment(loan.id, amount_rp, on, self.stage.token("angsuran"))
                repayment.pay(session, self.stage.people["petugas"], payment)

    def settle(self, loan: Loan, on: date) -> None:
        """Paid back before its time, by transfer."""
        session, who = self.stage.session, self.stage.people["petugas"]
        offered = repayment.quote(session, who, loan.id, on=on)
        repayment.settle(session, who, offered, token=self.stage.token("pelunasan"), cash=self.stage.account(self.bank))

    def restructure(self, loan: Loan, on: date, term: int, reason: str) -> None:
        """What is left over more months, from this month's due day."""
        session = self.stage.session
        wanted = NewTerms(loan.id, on, on.replace(day=DUE_DAY), term, loan.rate_pct, reason)
        asked = adjustments.request_restructure(session, self.stage.people["bendahara"], wanted)
        approvals.approve(session, self.stage.people["ketua"], asked.id)
