"""The loan simulator for programs: the same figures as `./run.sh loan-schedule`."""

from datetime import date
from decimal import Decimal
from typing import Any

from services.loans.schedule import Installment, Terms, effective_annual_pct, periods_per_year, schedule


def loan_schedule(
    principal: int, rate: Decimal, rate_basis: Any, method: Any, term: int, period: Any, first_due: date | None,
    round_to: int, round_what: Any, round_mode: Any, grace: int,
) -> dict[str, Any]:  # fmt: skip
    """Every installment and their sums. Raises TermsInvalid."""
    terms = Terms(
        principal_rp=principal, rate_pct=rate, rate_basis=rate_basis, method=method, periods=term, period=period,
        first_due=first_due, round_to_rp=round_to, round_what=round_what, round_mode=round_mode, grace=grace,
    )  # fmt: skip
    rows = schedule(terms)
    yearly = effective_annual_pct(rows, terms.principal_rp, periods_per_year(terms))
    return {
        "rows": [_row(row) for row in rows],
        "totals": {
            "principal_rp": sum(row.principal_rp for row in rows),
            "interest_rp": sum(row.interest_rp for row in rows),
            "installment_rp": sum(row.installment_rp for row in rows),
            "effective_annual_pct": yearly,
        },
    }


def _row(row: Installment) -> dict[str, Any]:
    return {
        "no": row.no, "due_on": row.due_on, "principal_rp": row.principal_rp, "interest_rp": row.interest_rp,
        "installment_rp": row.installment_rp, "balance_rp": row.balance_rp,
    }  # fmt: skip
