"""Simulasi pinjaman: one wish under flat, efektif and anuitas, with all it costs and what it means for the purse."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import percent_text, rupiah
from core.money import Rupiah, percent_of, round_rp
from models.loans import LoanProduct
from reports.scope import frame_of
from reports.shape import Column, Frame, Table, TableRow, money
from reports.tables import as_table
from services.loans import products
from services.loans.schedule import (
    Installment,
    Method,
    Terms,
    TermsInvalid,
    check,
    periods_per_year,
)
from services.loans.simulation import outlook
from services.settings import dated

METHODS: dict[Method, str] = {"flat": "Flat", "effective": "Efektif (menurun)", "annuity": "Anuitas"}
LONGEST_WISHED = 360
_PERIODS = {"month": "bulan", "week": "minggu", "day": "hari"}
_BASES = {"year": "setahun", "month": "sebulan", "term": "selama jangka waktu"}


@dataclass(frozen=True)
class Offer:
    """A product on offer, as a borrower needs to know it. Limits of 0 do not limit."""

    product_id: int
    code: str
    name: str
    method: Method
    rate: str
    period: str
    minimum_rp: Rupiah
    maximum_rp: Rupiah
    longest_term: int

    def within(self, principal_rp: Rupiah, term: int) -> tuple[Rupiah, int]:
        """The nearest amount and term that this product lends."""
        fit_rp = min(max(principal_rp, self.minimum_rp), self.maximum_rp or principal_rp)
        return fit_rp, min(term, self.longest_term)

    def outside(self, principal_rp: Rupiah, term: int) -> str:
        """Why this product does not lend so much for so long; empty when it may."""
        if self.minimum_rp and principal_rp < self.minimum_rp:
            return f"{self.name} paling sedikit {rupiah(self.minimum_rp)}."
        if self.maximum_rp and principal_rp > self.maximum_rp:
            return f"{self.name} paling banyak {rupiah(self.maximum_rp)}."
        return f"{self.name} paling lama {self.longest_term} {self.period}." if term > self.longest_term else ""


@dataclass(frozen=True)
class Wish:
    """What is wanted: on a product's terms, or on one's own (`rate_pct` a month, fees in percent and rupiah)."""

    principal_rp: Rupiah
    term: int
    product_id: int | None = None
    rate_pct: Decimal = Decimal(1)
    fee_pct: Decimal = Decimal(0)
    admin_rp: Rupiah = 0


@dataclass(frozen=True)
class Ended:
    """The loan paid off right after an installment: the payment of that day, and what then never has to be paid."""

    payoff_rp: Rupiah
    saved_rp: Rupiah


@dataclass(frozen=True)
class LoanSimulation:
    """The wish under one method. `yearly_pct` holds fees too; `above_pct` is the cap it is above, or None."""

    frame: Frame
    method: Method
    period: str
    principal_rp: Rupiah
    fees_rp: Rupiah
    linked_rp: Rupiah
    rows: tuple[Installment, ...]
    yearly_pct: Decimal
    above_pct: Decimal | None
    monthly_rp: Rupiah
    ends_free: bool

    @property
    def interest_rp(self) -> Rupiah:
        return sum(row.interest_rp for row in self.rows)

    @property
    def cost_rp(self) -> Rupiah:
        """All the loan costs: interest and fees."""
        return self.interest_rp + self.fees_rp

    @property
    def received_rp(self) -> Rupiah:
        return self.principal_rp - self.fees_rp - self.linked_rp

    def ended(self, after: int) -> Ended:
        """Paid off with installment number `after`."""
        to_come_rp = sum(row.interest_rp for row in self.rows[after:])
        row = self.rows[after - 1]
        owed_rp = row.balance_rp + (0 if self.ends_free else to_come_rp)
        return Ended(row.installment_rp + owed_rp, to_come_rp if self.ends_free else 0)


@dataclass(frozen=True)
class Purse:
    """`ability_rp` is what an income leaves for installments each month, after other debts."""

    ability_pct: Decimal
    ability_rp: Rupiah


def offers(session: Session, who: Actor) -> tuple[Offer, ...]:
    """Products that are lent now, by code: everybody of the cooperative may know them."""
    return tuple(_offer(product) for product in products.active(session, who))


def _offer(product: LoanProduct) -> Offer:
    rate = f"{percent_text(product.rate_pct)} % {_BASES[product.rate_basis]}"
    return Offer(
        product.id, product.code, product.name, product.method,  # type: ignore[arg-type]
        rate, _PERIODS[product.period], product.minimum_rp, product.maximum_rp, product.longest_term,
    )  # fmt: skip


def loan_simulation(session: Session, who: Actor, wish: Wish, on: date) -> tuple[LoanSimulation, ...]:
    """The wish under each of METHODS, paid out on `on`. Raises NotFound (the product), TermsInvalid."""
    terms, fees, ends_free = _terms(session, who, wish)
    terms = replace(terms, disbursed_on=on)
    check(terms)
    if fees.total_rp >= wish.principal_rp:
        raise TermsInvalid(field="Biaya di muka", reason="harus lebih kecil dari pinjaman.")
    frame = frame_of(session, who.coop_id, "loan-simulation", "Simulasi Pinjaman", since=None, until=on)
    return tuple(_simulated(session, who, frame, replace(terms, method=method), fees, ends_free) for method in METHODS)


def _terms(session: Session, who: Actor, wish: Wish) -> tuple[Terms, products.Fees, bool]:
    if wish.product_id is not None:
        product = products.get(session, who, wish.product_id)
        fees = products.fees_of(product, wish.principal_rp)
        return products.terms_of(product, wish.principal_rp, wish.term), fees, product.early_interest != "all"
    fees = products.Fees(percent_of(wish.principal_rp, wish.fee_pct), wish.admin_rp, 0)
    return Terms(wish.principal_rp, wish.rate_pct, "flat", wish.term, "month"), fees, True


def _simulated(
    session: Session, who: Actor, frame: Frame, terms: Terms, fees: products.Fees, ends_free: bool
) -> LoanSimulation:
    assert terms.disbursed_on is not None
    seen = outlook(session, who.coop_id, terms, fees, terms.disbursed_on)
    largest_rp = max(row.installment_rp for row in seen.rows)
    monthly_rp = round_rp(Decimal(largest_rp) * periods_per_year(terms) / 12, "up")
    return LoanSimulation(
        replace(frame, title=f"Simulasi Pinjaman {METHODS[terms.method]}"), terms.method, _PERIODS[terms.period],
        terms.principal_rp, fees.fee_rp + fees.admin_rp, fees.linked_rp, seen.rows, seen.yearly_pct, seen.cap_pct,
        monthly_rp, ends_free,
    )  # fmt: skip


def purse(session: Session, who: Actor, income_rp: Rupiah, debts_rp: Rupiah, on: date) -> Purse:
    """What the cooperative's rule of that day leaves of an income for installments."""
    percent = dated.percent(session, who.coop_id, "loans.ability_pct", on)
    return Purse(percent, max(0, percent_of(income_rp, percent, "down") - debts_rp))


@as_table.register
def _(report: LoanSimulation) -> Table:
    columns = (
        Column("code", "Ke", "count", 0.5), Column("due_on", "Jatuh tempo", "date", 1), money("principal_rp", "Pokok"),
        money("interest_rp", "Jasa"), money("installment_rp", "Angsuran"), money("balance_rp", "Sisa pokok"),
    )  # fmt: skip
    rows = [
        TableRow((r.no, r.due_on, r.principal_rp, r.interest_rp, r.installment_rp, r.balance_rp)) for r in report.rows
    ]
    totals = {
        "principal_rp": report.principal_rp, "interest_rp": report.interest_rp,
        "installment_rp": report.principal_rp + report.interest_rp,
    }  # fmt: skip
    rows.append(TableRow((None, None, *totals.values(), None), "total"))
    return Table(report.frame, columns, rows, totals, (), _notes(report))


def _notes(report: LoanSimulation) -> tuple[str, ...]:
    return (
        f"Bunga efektif {percent_text(report.yearly_pct)} % setahun, termasuk biaya di muka {rupiah(report.fees_rp)}.",
        "Perkiraan: dihitung seolah cair hari ini. Angka yang mengikat ada di perjanjian pinjaman.",
    )
