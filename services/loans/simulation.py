"""What a loan would mean before anybody decides: its rows, its true cost, and the three methods side by side."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from core.money import Rupiah, round_rp
from models.loans import LoanProduct
from services.loans.products import Fees, fees_of, terms_of, too_dear
from services.loans.schedule import Installment, Method, Terms, effective_annual_pct, periods_per_year, schedule

METHODS: tuple[Method, ...] = ("flat", "effective", "annuity")


@dataclass(frozen=True)
class Outlook:
    """One way to lend. `yearly_pct` counts provisi and administrasi as well; `cap_pct` is the cap it goes above."""

    terms: Terms
    rows: tuple[Installment, ...]
    fees: Fees
    yearly_pct: Decimal
    cap_pct: Decimal | None

    @property
    def first_rp(self) -> Rupiah:
        return self.rows[0].installment_rp

    @property
    def last_rp(self) -> Rupiah:
        return self.rows[-1].installment_rp

    @property
    def interest_rp(self) -> Rupiah:
        return sum(row.interest_rp for row in self.rows)

    @property
    def total_rp(self) -> Rupiah:
        """Every installment together."""
        return sum(row.installment_rp for row in self.rows)

    @property
    def cost_rp(self) -> Rupiah:
        """What the loan costs; simpanan wajib pinjaman stays the member's own."""
        return self.interest_rp + self.fees.fee_rp + self.fees.admin_rp

    @property
    def net_rp(self) -> Rupiah:
        """What is paid out."""
        return self.terms.principal_rp - self.fees.total_rp

    @property
    def monthly_rp(self) -> Rupiah:
        """The most that installments take out of a month."""
        largest_rp = max(row.installment_rp for row in self.rows)
        return round_rp(largest_rp * periods_per_year(self.terms) / 12)


def of_product(session: Session, coop_id: int, product: LoanProduct, asked_rp: Rupiah, term: int, on: date) -> Outlook:
    """A product's loan as if it were paid out on that day. Raises TermsInvalid."""
    terms = replace(terms_of(product, asked_rp, term), disbursed_on=on)
    return outlook(session, coop_id, terms, fees_of(product, asked_rp), on)


def outlook(session: Session, coop_id: int, terms: Terms, fees: Fees, on: date) -> Outlook:
    """The schedule of these terms and what it costs a year. Raises TermsInvalid."""
    rows = schedule(terms)
    received_rp = terms.principal_rp - fees.fee_rp - fees.admin_rp
    yearly_pct = effective_annual_pct(rows, received_rp, periods_per_year(terms))
    return Outlook(terms, tuple(rows), fees, yearly_pct, too_dear(session, coop_id, yearly_pct, on))


def side_by_side(session: Session, coop_id: int, terms: Terms, fees: Fees, on: date) -> dict[Method, Outlook]:
    """The same loan at the same rate, counted flat, efektif and anuitas. Raises TermsInvalid."""
    return {method: outlook(session, coop_id, replace(terms, method=method), fees, on) for method in METHODS}


def share_pct(installment_rp: Rupiah, other_debts_rp: Rupiah, income_rp: Rupiah) -> Decimal:
    """How much of a month's income all installments take, percent with one decimal."""
    return (Decimal(installment_rp + other_debts_rp) * 100 / income_rp).quantize(Decimal("0.1"))
