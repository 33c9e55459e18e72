"""Dates: day first, both languages, serials; what does not exist is refused (security test T16)."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.dates import day_in, month_in, parse_date, parse_dates, parse_place_and_date
from core.display import date_long

EXACT = [
    (datetime(2026, 3, 5, 13, 30), date(2026, 3, 5)),  # noqa: DTZ001  a cell knows no zone
    (date(2026, 3, 5), date(2026, 3, 5)), (46037, date(2026, 1, 15)),
    (46037.75, date(2026, 1, 15)), (None, None), ("", None), ("-", None), ("01-02-2026", date(2026, 2, 1)),
    ("1/2/2026", date(2026, 2, 1)), ("25/03/2026", date(2026, 3, 25)), ("25.03.2026", date(2026, 3, 25)),
    ("2026-03-25", date(2026, 3, 25)), ("2026/03/25", date(2026, 3, 25)), ("2026-03-25T00:00:00", date(2026, 3, 25)),
    ("25/03/2026 10:15", date(2026, 3, 25)), ("20260325", date(2026, 3, 25)), (20260325, date(2026, 3, 25)),
    ("12 Agustus 2026", date(2026, 8, 12)), ("12 agt 2026", date(2026, 8, 12)),
    ("12\xa0Agustus  2026", date(2026, 8, 12)),
    ("11-Nov-26", date(2026, 11, 11)), ("2-Mar-26", date(2026, 3, 2)), ("4 Mei 2026", date(2026, 5, 4)),
    ("4 May 2026", date(2026, 5, 4)), ("31 Desember 2025", date(2025, 12, 31)), ("1 Pebruari 2026", date(2026, 2, 1)),
    ("3 Nopember 2026", date(2026, 11, 3)), ("November 11, 2026", date(2026, 11, 11)),
    ("Senin, 5 Januari 2026", date(2026, 1, 5)), ("Jumat 2 Januari 2026", date(2026, 1, 2)),
    ("5/1/71", date(1971, 1, 5)),
    ("5/1/36", date(2036, 1, 5)), ("5/1/37", date(1937, 1, 5)), ("29/02/2028", date(2028, 2, 29)),
    ("46037", date(2026, 1, 15)),
]  # fmt: skip
REFUSED = [
    ("31/02/2026", "tidak ada dalam kalender"), ("29/02/2026", "tidak ada"), ("03/25/2026", "bulan 25"),
    ("31 Nopember 2026", "tidak ada"), ("12 Augustus 2026", "tidak dikenal"), (2026, "masuk akal"), (5, "masuk akal"),
    (60, "masuk akal"), (-1, "masuk akal"), (10**7, "masuk akal"), (True, "bukan tanggal"), ("besok", "bukan tanggal"),
    ("2026-13-01", "bulan 13"), ("00/01/2026", "tidak ada"), ("1/1/0026", "di luar"), (date(1800, 1, 1), "di luar"),
    ("20261332", "bulan 13"), ("12/2026", "bukan tanggal"), ("1-2/2026", "bukan tanggal"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "day"), EXACT)
def test_read_exactly(cell, day):
    assert parse_date(cell, pivot_year=2036) == day


@pytest.mark.parametrize(("cell", "why"), REFUSED)
def test_refused_with_the_reason(cell, why):
    with pytest.raises(ValueError, match=why):
        parse_date(cell, pivot_year=2036)


def test_serials_follow_the_workbooks_own_epoch():
    assert parse_date(46037 - 1462, pivot_year=2036, date_1904=True) == date(2026, 1, 15)


def test_a_column_that_writes_the_month_first_cannot_be_trusted():
    read = parse_dates(["03/25/2026", "03/04/2026", "04/04/2026", "25/03/2026"], pivot_year=2036)
    assert sorted(read.problems) == [0, 1]
    assert read.values == [None, None, date(2026, 4, 4), date(2026, 3, 25)]


def test_place_and_date_of_birth_in_one_cell():
    assert parse_place_and_date("Solok, 1 April 1987", pivot_year=2026) == ("Solok", date(1987, 4, 1))
    assert parse_place_and_date("Kota  Jakarta\xa0Timur / 01-02-1990", pivot_year=2026) == (
        "Kota Jakarta Timur",
        date(1990, 2, 1),
    )
    assert parse_place_and_date("Solok", pivot_year=2026) == ("Solok", None)
    with pytest.raises(ValueError, match="tidak ada"):
        parse_place_and_date("Solok, 31 April 1987", pivot_year=2026)


def test_titles_tell_their_month_and_day():
    assert month_in("BULAN : MARET 2026") == date(2026, 3, 1)
    assert month_in("DAFTAR POTONGAN ANGGOTA") is None
    assert day_in("NERACA SALDO PER 31 DESEMBER 2025") == date(2025, 12, 31)
    assert day_in("PER 31 FEBRUARI 2025") is None


DAYS = st.dates(date(1937, 1, 1), date(2036, 12, 31))
WRITERS = {
    "day first": lambda d: f"{d:%d/%m/%Y}",
    "dashes": lambda d: f"{d.day}-{d.month}-{d.year}",
    "iso": lambda d: d.isoformat(),
    "indonesian": date_long,
    "english short": lambda d: f"{d.day}-{d:%b}-{d:%y}",
    "serial": lambda d: max((d - date(1899, 12, 30)).days, 1),
    "real": lambda d: datetime(d.year, d.month, d.day),  # noqa: DTZ001  a cell knows no zone
}


@settings(max_examples=400, deadline=None)
@given(st.lists(DAYS, min_size=1, max_size=8), st.sampled_from(sorted(WRITERS)))
def test_what_was_written_is_read_back(days, writer):
    read = parse_dates([WRITERS[writer](day) for day in days], pivot_year=2036)
    assert read.problems == {}
    assert read.values == days


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="0123456789/-. abcdefjmnoprstuy", max_size=16))
def test_any_text_is_a_date_or_a_reason(text):
    read = parse_dates([text], pivot_year=2036)
    assert (read.values[0] is None) or (0 not in read.problems and read.values[0] > date(1900, 1, 1) - timedelta(1))
