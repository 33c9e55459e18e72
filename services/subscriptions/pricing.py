"""What an invoice says, line by line: a whole term, or the rest of paid terms on a bigger plan, by days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.display import date_long
from core.money import Rupiah, round_rp
from models.subscriptions import DiscountCode, Plan, SubscriptionInvoice
from services.subscriptions import discounts, plans

_TERM = {"month": "1 bulan", "year": "1 tahun"}


@dataclass(frozen=True)
class PriceLine:
    """One line of an invoice; what was paid before and discounts are negative."""

    label: str
    amount_rp: Rupiah


@dataclass(frozen=True)
class Price:
    """Lines that sum to the total, which is never below zero."""

    lines: tuple[PriceLine, ...]

    @property
    def total_rp(self) -> Rupiah:
        return sum(line.amount_rp for line in self.lines)


def of_term(plan: Plan, period: str, discount: DiscountCode | None = None) -> Price:
    """A whole term, less what a code takes off."""
    price_rp = plans.price_rp(plan, period)
    lines = [PriceLine(f"Paket {plan.name}, {_TERM[period]}", price_rp)]
    if discount is not None and price_rp:
        said = f"{discount.percent}%" if discount.percent is not None else "potongan harga"
        lines.append(PriceLine(f"Diskon {discount.code} ({said})", -discounts.off_rp(discount, price_rp)))
    return Price(tuple(lines))


def of_upgrade(plan: Plan, paid: Sequence[SubscriptionInvoice], on: date) -> Price:
    """A bigger plan for every day that is paid for from `on`: its price by days, less what of those days was paid.

    `paid` are the invoices that cover them: terms, and upgrades within terms. What was paid is counted as it was paid,
    discounts included, and never exceeds the new price.
    """
    new = [
        _share(f"Paket {plan.name}", plans.price_rp(plan, one.period), one, on) for one in paid if one.kind == "term"
    ]
    old = [_share(f"Sisa paket {one.plan.name} yang sudah dibayar", one.total_rp, one, on) for one in paid]
    left_rp = sum(line.amount_rp for line in new)
    lines = [line for line in new if line.amount_rp]
    for line in old:
        credit_rp = min(line.amount_rp, left_rp)
        left_rp -= credit_rp
        if credit_rp:
            lines.append(PriceLine(line.label, -credit_rp))
    return Price(tuple(lines))


def _share(what: str, whole_rp: Rupiah, cover: SubscriptionInvoice, on: date) -> PriceLine:
    """The part of an amount that falls on the days from `on`, rounded half-up."""
    first = max(on, cover.starts_on)
    days, whole = (cover.ends_on - first).days + 1, (cover.ends_on - cover.starts_on).days + 1
    said = f"{what}, {days} dari {whole} hari ({date_long(first)} sampai {date_long(cover.ends_on)})"
    return PriceLine(said, round_rp(Decimal(whole_rp) * days / whole))
