"""Schedules equal the worked cases of other systems and of Indonesian sources, row by row."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import round_rp
from services.loans.schedule import (
    Installment,
    Terms,
    TermsInvalid,
    annuity,
    effective_annual_pct,
    fixed_installment,
    periods_per_year,
    schedule,
)

CASES = Path(__file__).parent.parent / "data" / "cases"
PEERS = {case["id"]: case for case in json.loads((CASES / "loans_peers.json").read_text("utf-8"))}
DOMAIN = {case["id"]: case for case in json.loads((CASES / "domain.json").read_text("utf-8"))}
METHODS = {
    "flat": "flat", "declining_equal_principal": "effective", "effective": "effective", "annuity": "annuity",
    "annuity_daily": "annuity",
}  # fmt: skip


def in_rupiah(case: dict) -> int:
    """Cents become rupiah; rupiah stay."""
    inputs = case["inputs"]
    return 1 if inputs.get("currency") == "IDR" or "currency_multiple" in inputs else 100


def amount(text: str | None, times: int) -> int | None:
    if text is None:
        return None
    exact = Decimal(text) * times
    assert exact == exact.to_integral()
    return int(exact)


def terms_of(case: dict) -> Terms:
    """A peer's inputs in our words. Their rounding is half-even, except where the source says whole rupiah half-up."""
    inputs, times = case["inputs"], in_rupiah(case)
    rupiah = inputs.get("currency") == "IDR"
    multiple = inputs.get("currency_multiple") or inputs.get("instalment_multiple") or "0"
    monthly = "monthly_rate" in inputs
    days = inputs.get("repay_every") == "15 days"
    start = date.fromisoformat(inputs["start"]) if "start" in inputs else date(2024, 1, 1) if days else None
    return Terms(
        principal_rp=int(Decimal(inputs["principal"]) * times),
        rate_pct=Decimal(inputs["monthly_rate"] if monthly else inputs["annual_rate"]),
        rate_basis="month" if monthly else "year",
        method=METHODS[case["method"]],
        periods=inputs["n"],
        period="day" if days else "month",
        every=15 if days else 1,
        disbursed_on=start,
        round_to_rp=max(1, int(Decimal(multiple) * times)),
        round_what="parts" if "currency_multiple" in inputs else "installment",
        round_mode="half-up" if rupiah else "half-even",
        grace=inputs.get("principal_grace", 0),
        interest_grace=inputs.get("interest_grace", 0),
        day_count=inputs.get("day_count", "30/360"),
    )


def assert_rows(rows: list[Installment], case: dict, offset: int = 0) -> None:
    times = in_rupiah(case)
    for wanted in case["expected"]:
        row = rows[wanted["n"] - 1 - offset]
        for key, given_rp in (("principal", row.principal_rp), ("interest", row.interest_rp)):
            if wanted.get(key) is not None:
                assert given_rp == amount(wanted[key], times), f"{case['id']} row {wanted['n']} {key}"


PLAIN = [
    name for name, case in PEERS.items()
    if case["method"] in METHODS and case["verified"]
    and all("n" in row and "principal" in row for row in case["expected"]) and "down_payment_pct" not in case["inputs"]
]  # fmt: skip


@pytest.mark.parametrize("name", PLAIN)
def test_a_peers_schedule_comes_out_row_by_row(name):
    case = PEERS[name]
    rows = schedule(terms_of(case))
    assert_rows(rows, case)
    assert sum(row.principal_rp for row in rows) == terms_of(case).principal_rp


def test_most_peers_cases_are_plain_schedules():
    assert len(PLAIN) >= 14


@pytest.mark.parametrize("name", ["fin-flat-downpayment-1000-25pct", "fin-zero-1250-dp25-mult1"])
def test_goods_with_a_down_payment_keep_their_interest_on_the_whole_price(name):
    case = PEERS[name]
    times, inputs = in_rupiah(case), case["inputs"]
    price_rp, unit = int(inputs["principal"]) * times, int(inputs.get("instalment_multiple") or 0) * times or 1
    down_rp = round_rp(price_rp * Decimal(inputs["down_payment_pct"]) / 100, "half-even", unit)
    rows = schedule(
        Terms(
            price_rp - down_rp, Decimal(inputs["annual_rate"]), METHODS[case["method"]], inputs["n"],
            round_to_rp=unit, round_mode="half-even", interest_base_rp=price_rp,
        )
    )  # fmt: skip
    assert down_rp == amount(case["expected"][0]["principal"], times)
    assert_rows(rows, {**case, "expected": case["expected"][1:]}, offset=1)


@pytest.mark.parametrize(
    ("name", "payments"),
    [
        ("fin-early-1500-due-reduce-emi", [1500]),
        ("fin-early-863-due-plus1", [863]),
        ("fin-early-1000+2000-reduce-emi", [1000, 2000]),
    ],
)
def test_what_is_paid_on_top_makes_the_later_installments_smaller(name, payments):
    case = PEERS[name]
    dues = [date(2022, 11, 1), date(2022, 12, 1), date(2023, 1, 1)]
    terms = Terms(
        500_000, Decimal(12), "annuity", 6, disbursed_on=dues[0], day_count="ACT/365", round_to_rp=100,
        round_mode="half-even",
    )  # fmt: skip
    rows: list[Installment] = []
    for paid, due in zip(payments, dues[1:], strict=False):
        first = schedule(terms)[0]
        principal_rp = paid * 100 - first.interest_rp
        rows.append(replace(first, principal_rp=principal_rp, balance_rp=terms.principal_rp - principal_rp))
        terms = replace(terms, principal_rp=rows[-1].balance_rp, periods=terms.periods - 1, disbursed_on=due)
    assert_rows([*rows, *schedule(terms)], case)


def test_a_new_flat_rate_counts_on_the_first_principal():
    case = PEERS["fin-flat-rate-change-12to6"]
    first = schedule(Terms(300_000, Decimal(12), "flat", 3))[0]
    after = schedule(Terms(first.balance_rp, Decimal(6), "flat", 2, interest_base_rp=300_000))
    assert_rows([first, *after], case)


def test_a_new_annuity_rate_counts_on_what_is_left():
    first = schedule(Terms(1_000_000, Decimal(1), "annuity", 24, round_mode="half-even"))[0]
    after = schedule(Terms(first.balance_rp, Decimal(2), "annuity", 23, round_mode="half-even"))
    assert after[0].installment_rp == 42_523  # oca-annuity-rate-change-1to2


def test_a_chosen_installment_runs_as_long_as_it_takes():
    rows = fixed_installment(280_000_00, Decimal("8.4") / 1200, 14_000_00)
    assert len(rows) == 22
    assert abs(sum(row.interest_rp for row in rows) - 22_712_00) < 100
    with pytest.raises(TermsInvalid):
        fixed_installment(1_000_000, Decimal("0.02"), 20_000)


def test_interest_only_repays_everything_at_the_end():
    rows = schedule(Terms(50_000_000, Decimal(1), "effective", 60, grace=59))
    assert [rows[0].principal_rp, rows[-1].principal_rp] == [0, 50_000_000]


def test_a_rate_for_the_whole_term_is_spread_over_the_days():
    rows = schedule(Terms(10_000_000, Decimal(10), "flat", 100, rate_basis="term", period="day"))
    assert {(row.principal_rp, row.interest_rp) for row in rows} == {(100_000, 10_000)}


@pytest.mark.parametrize("name", ["fin-early-payoff-preclose", "fin-early-payoff-0115"])
def test_settling_early_owes_interest_for_the_days_since_the_last_due_date(name):
    rows = schedule(Terms(10_000, Decimal(7), "annuity", 6, round_mode="half-even"))
    case, left_rp, days, of = (
        (PEERS[name], rows[0].balance_rp, 14, 29) if "preclose" in name else (PEERS[name], 10_000, 14, 31)
    )
    index = 1 if "preclose" in name else 0
    interest_rp = round_rp(left_rp * Decimal(7) / 1200 * days / of, "half-even")
    assert interest_rp == amount(case["expected"][index]["interest"], 100)


def domain_terms(case: dict) -> Terms:
    inputs = case["inputs"]
    monthly = "monthly_rate" in inputs
    method = inputs["method"].split()[0]
    return Terms(
        inputs["principal"],
        Decimal(inputs["monthly_rate" if monthly else "annual_rate"]) * 100,
        {"flat": "flat", "declining": "effective", "annuity": "annuity"}[method],
        inputs["tenor_months"],
        rate_basis="month" if monthly else "year",
        round_mode="down" if case["id"].startswith("L12") else "half-up",
    )


INDONESIAN = [
    name for name, case in DOMAIN.items()
    if case["kind"] == "loan" and case["verified"] and case["inputs"].get("method", "").split()[0] in
    {"flat", "declining", "annuity"}
]  # fmt: skip


@pytest.mark.parametrize("name", INDONESIAN)
def test_an_indonesian_schedule_comes_out_row_by_row(name):
    case = DOMAIN[name]
    expected, rows = case["expected"], schedule(domain_terms(case))
    leeway = 2 if "tolerance" in case["rounding"] else 0
    for wanted in expected.get("rows", []):
        row = rows[wanted["no"] - 1]
        given_rp = {"principal": row.principal_rp, "interest": row.interest_rp, "total": row.installment_rp,
                    "balance": row.balance_rp}  # fmt: skip
        for key, value in given_rp.items():
            if key in wanted:
                assert abs(value - wanted[key]) <= leeway, f"row {wanted['no']} {key}"
    if "total_interest" in expected:
        assert sum(row.interest_rp for row in rows) == expected["total_interest"]
    if "installment" in expected and not leeway:
        assert rows[0].installment_rp == expected["installment"]


def test_rupiah_cases_of_peers_hold():
    rows = schedule(Terms(1_000_000, Decimal(12), "flat", 12))
    assert rows[0].installment_rp == 93_333
    assert rows[-1].principal_rp == 83_337
    assert sum(row.interest_rp for row in rows) == 120_000
    level = schedule(Terms(10_000_000, Decimal(12), "annuity", 12))
    assert level[0].installment_rp == 888_488


def test_due_dates_keep_the_day_and_never_leave_the_month():
    rows = schedule(Terms(12_000_000, Decimal(12), "flat", 4, first_due=date(2026, 1, 31)))
    assert [row.due_on for row in rows] == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]
    weekly = schedule(Terms(1_000_000, Decimal(24), "flat", 3, period="week", first_due=date(2026, 12, 28)))
    assert [row.due_on for row in weekly] == [date(2026, 12, 28), date(2027, 1, 4), date(2027, 1, 11)]


def test_a_flat_rate_of_two_percent_a_month_costs_more_than_forty_a_year():
    terms = Terms(12_000_000, Decimal(2), "flat", 12, rate_basis="month")
    assert effective_annual_pct(schedule(terms), 12_000_000, periods_per_year(terms)) == Decimal("41.70")
    with_fee = effective_annual_pct(schedule(terms), 11_900_000, periods_per_year(terms))
    assert with_fee > Decimal("41.70")
    level = Terms(12_000_000, Decimal(12), "annuity", 12)
    assert abs(effective_annual_pct(schedule(level), 12_000_000, periods_per_year(level)) - 12) <= Decimal("0.01")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"principal_rp": 0}, "Plafon"), ({"principal_rp": 10**15}, "Plafon"), ({"periods": 0}, "Tenor"),
        ({"periods": 1201}, "Tenor"), ({"rate_pct": Decimal(-1)}, "Bunga"), ({"rate_pct": Decimal("NaN")}, "Bunga"),
        ({"grace": 12}, "Masa tenggang"), ({"round_to_rp": 0}, "Pembulatan"), ({"round_to_rp": 10**6}, "Pembulatan"),
        ({"day_count": "ACT/365"}, "Tanggal cair"),
        ({"disbursed_on": date(2026, 2, 1), "first_due": date(2026, 2, 1)}, "Jatuh tempo pertama"),
    ],
)  # fmt: skip
def test_terms_that_make_no_loan_are_refused_by_name(change, field):
    with pytest.raises(TermsInvalid) as said:
        schedule(replace(Terms(1_000_000, Decimal(12), "flat", 12), **change))
    assert said.value.fields["field"] == field


@given(
    principal=st.integers(100_000, 10**13), rate=st.decimals(0, 60, places=2), periods=st.integers(1, 120),
    method=st.sampled_from(["flat", "effective", "annuity"]), unit=st.sampled_from([1, 100, 500]),
    mode=st.sampled_from(["half-up", "half-even", "down", "up"]), what=st.sampled_from(["installment", "parts"]),
    data=st.data(),
)  # fmt: skip
def test_every_schedule_repays_exactly_the_principal_and_never_owes_less_than_nothing(
    principal, rate, periods, method, unit, mode, what, data
):
    terms = Terms(
        principal, rate, method, periods, round_to_rp=unit, round_mode=mode, round_what=what,
        grace=data.draw(st.integers(0, periods - 1)),
    )  # fmt: skip
    rows = schedule(terms)
    assert sum(row.principal_rp for row in rows) == principal
    assert rows[-1].balance_rp == 0
    assert all(row.principal_rp >= 0 and row.interest_rp >= 0 and row.balance_rp >= 0 for row in rows)
    balances = [principal, *(row.balance_rp for row in rows)]
    assert balances == sorted(balances, reverse=True)
    if method == "flat" and what == "installment":
        exact = Decimal(principal) * rate / 1200 * periods
        assert sum(row.interest_rp for row in rows) == round_rp(exact, mode)


def test_level_payment_of_an_annuity():
    assert round(annuity(500_000_000, Decimal("0.16") / 12, 60), 2) == Decimal("12159028.56")
