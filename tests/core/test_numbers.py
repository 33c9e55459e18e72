"""Amounts: exact or refused, never guessed (security test T16)."""

from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.money import LIMIT_RP
from core.numbers import Style, parse_amount, parse_amounts

EXACT = [
    (0, 0), (1250000, 1250000), (-500, -500), (1250000.0, 1250000), (Decimal("7500"), 7500), (None, 0), ("", 0),
    ("   ", 0), ("-", 0), ("–", 0), ("—", 0), ("Rp -", 0), ("Rp", 0), ("Rp. -", 0), ("0", 0), ("0,00", 0), ("00", 0),
    ("1.250", 1250), ("1.250.000", 1250000), ("Rp 1.250.000", 1250000), ("Rp1.250.000,00", 1250000),
    ("Rp\xa01.250.000", 1250000), ("rp. 1.250.000", 1250000), ("RP.1.250.000", 1250000), ("IDR 1.250.000", 1250000),
    ("1.250.000  ", 1250000), ("\u200e1.250.000", 1250000), ("Rp 1.250.000,-", 1250000), ("10,00", 10),
    ("250000", 250000),
    ("(500)", -500), ("(Rp 1.250.000)", -1250000), ("-500", -500), ("\u2212500", -500), ("- 500", -500),
    ("Rp -500", -500), ("-Rp 500", -500), ("+500", 500), ("1 250 000", 1250000), ("1,250,000", 1250000),
    ("1,250,000.00", 1250000), ("1,250.00", 1250), ("999.999.999.999.999", 999999999999999), ("00500", 500),
]  # fmt: skip
REFUSED = [
    ("1.250.000,50", "bulat"), ("1,250,000.50", "bulat"), ("1,5", "bulat"), ("0.500", "bulat"), ("1.5", "bulat"),
    (0.1 + 0.2, "bulat"), (250000.5, "bulat"), (Decimal("0.01"), "bulat"), ("1,250", "ganda"), ("1.2e6", "ilmiah"),
    ("1,2E+6", "ilmiah"), (10**15, "masuk akal"), (1e15, "masuk akal"), ("1.000.000.000.000.000", "masuk akal"),
    (-(10**15), "masuk akal"), ("seratus ribu", "bukan angka"), ("12.50.000", "bukan angka"),
    ("1.25.000", "bukan angka"),
    ("500-", "bukan angka"), ("-(500)", "bukan angka"), ("--5", "bukan angka"), ("5%", "bukan angka"),
    ("1'250", "bukan"),
    ("1 25", "bukan angka"), ("\u0661\u0662", "bukan angka"), (True, "bukan angka"), (float("nan"), "bukan angka"),
    (float("inf"), "bukan angka"), ("=1+1", "bukan angka"), ("1.250.000 kg", "bukan angka"), ("Rp Rp 5", "bukan angka"),
    ("1..250", "bukan angka"), ("1.250,", "bukan angka"), (",5", "bukan angka"), ("#REF!", "bukan angka"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "amount_rp"), EXACT)
def test_read_exactly(cell, amount_rp):
    assert parse_amount(cell) == amount_rp


@pytest.mark.parametrize(("cell", "why"), REFUSED)
def test_refused_with_the_reason(cell, why):
    with pytest.raises(ValueError, match=why):
        parse_amount(cell)


def test_a_column_that_speaks_two_languages_is_refused_row_by_row():
    read = parse_amounts(["1.250", "1,250", "1.250.000", "1,250,000", 500, "700", None])
    assert sorted(read.problems) == [0, 1, 2, 3]
    assert read.values_rp[4:] == [500, 700, 0]


def test_one_sure_amount_settles_the_column():
    assert parse_amounts(["1,250,000", "1,250"]).values_rp == [1250000, 1250]
    assert parse_amounts(["1.250.000", "1.250"]).values_rp == [1250000, 1250]


def test_a_person_may_settle_it():
    assert parse_amount("1,250", style=Style.ENGLISH) == 1250
    with pytest.raises(ValueError, match="bulat"):
        parse_amount("1,250", style=Style.INDONESIAN)


def test_rounding_is_half_up_away_from_zero_and_told():
    read = parse_amounts([0.5, "1,5", "(1,5)", 2.4, "7"], round_fractions=True)
    assert read.values_rp == [1, 2, -2, 2, 7]
    assert read.rounded == {0: Decimal("0.5"), 1: Decimal("0.5"), 2: Decimal("-0.5"), 3: Decimal("-0.4")}


WRITERS = {
    "number": lambda n: n,
    "float": float,
    "indonesian": lambda n: f"{n:,}".replace(",", "."),
    "with rupiah": lambda n: f"Rp\xa0{n:,},00".replace(",", ".", f"{n:,}".count(",")) if n >= 0 else str(n),
    "brackets": lambda n: f"({-n:,})".replace(",", ".") if n < 0 else f"{n}",
    "minus sign": lambda n: str(n).replace("-", "\u2212"),
}


@settings(max_examples=500, deadline=None)
@given(st.lists(st.integers(-LIMIT_RP + 1, LIMIT_RP - 1), min_size=1, max_size=8), st.sampled_from(sorted(WRITERS)))
@example([1250], "indonesian")
def test_what_was_written_is_read_back(amounts, writer):
    read = parse_amounts([WRITERS[writer](amount) for amount in amounts])
    assert read.problems == {}
    assert read.values_rp == amounts


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet="0123456789.,-()Rp eE+\xa0", max_size=14))
def test_any_text_is_a_whole_amount_or_a_reason(text):
    read = parse_amounts([text])
    assert len(read.values_rp) == 1
    assert isinstance(read.values_rp[0], int)
    if read.problems:
        assert read.values_rp == [0]
    else:
        digits = [c for c in text if c.isdigit()]
        assert str(abs(read.values_rp[0])) in "".join(digits) + "0"
