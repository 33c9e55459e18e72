"""A member's SHU by the usual formula, against figures counted by hand."""

from decimal import Decimal

import pytest

from core.errors import InvalidValue
from services.surplus.estimate import Year, share_of

YEAR = Year(50_000_000, Decimal(20), Decimal(40), 500_000_000, 800_000_000)


def test_both_parts_by_hand():
    found = share_of(YEAR, 5_000_000, 12_000_000)
    assert (found.capital_pot_rp, found.business_pot_rp) == (10_000_000, 20_000_000)
    assert (found.savings_share_pct, found.business_share_pct) == (1, Decimal("1.5"))
    assert (found.capital_rp, found.business_rp, found.total_rp) == (100_000, 300_000, 400_000)


def test_parts_are_rounded_to_the_nearest_rupiah():
    found = share_of(Year(1_000, Decimal("33.3"), Decimal(0), 3, 7), 2, 7)
    assert (found.capital_pot_rp, found.capital_rp, found.business_rp) == (333, 222, 0)


def test_who_did_nothing_gets_nothing_and_a_pot_without_base_is_empty():
    assert share_of(YEAR, 0, 0).total_rp == 0
    assert share_of(Year(50_000_000, Decimal(20), Decimal(40), 0, 0), 0, 0).total_rp == 0


@pytest.mark.parametrize(
    ("year", "own", "field"),
    [
        (Year(1, Decimal(60), Decimal("40.1"), 1, 1), (0, 0), "Bagian jasa usaha"),
        (YEAR, (500_000_001, 0), "Simpanan Anda"),
        (YEAR, (0, 800_000_001), "Transaksi Anda"),
    ],
)
def test_figures_that_contradict_are_told(year, own, field):
    with pytest.raises(InvalidValue, match=field):
        share_of(year, *own)
