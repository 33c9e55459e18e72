"""One member's SHU by the usual formula: what the capital part and the business part of a year's SHU give them.

jasa modal = SHU x % jasa modal x own savings / savings of all members
jasa usaha = SHU x % jasa usaha x own business / business of all members
"""

from dataclasses import dataclass
from decimal import Decimal

from core.errors import InvalidValue
from core.money import Rupiah, percent_of, round_rp


@dataclass(frozen=True)
class Year:
    """A year's SHU, the parts that the members' meeting gave to members, and what all members saved and did."""

    shu_rp: Rupiah
    capital_pct: Decimal
    business_pct: Decimal
    savings_rp: Rupiah
    business_rp: Rupiah


@dataclass(frozen=True)
class Share:
    """What one member gets, with the two pots it comes from and their part of each."""

    capital_pot_rp: Rupiah
    business_pot_rp: Rupiah
    savings_share_pct: Decimal
    business_share_pct: Decimal
    capital_rp: Rupiah
    business_rp: Rupiah

    @property
    def total_rp(self) -> Rupiah:
        return self.capital_rp + self.business_rp


def share_of(year: Year, own_savings_rp: Rupiah, own_business_rp: Rupiah) -> Share:
    """A member's estimate, each part rounded to whole rupiah. Raises InvalidValue where the figures contradict."""
    if year.capital_pct + year.business_pct > 100:
        raise InvalidValue(field="Bagian jasa usaha", reason="bersama jasa modal paling banyak 100 %.")
    if own_savings_rp > year.savings_rp:
        raise InvalidValue(field="Simpanan Anda", reason="tidak mungkin lebih besar dari simpanan semua anggota.")
    if own_business_rp > year.business_rp:
        raise InvalidValue(field="Transaksi Anda", reason="tidak mungkin lebih besar dari transaksi semua anggota.")
    capital_pot_rp, business_pot_rp = (percent_of(year.shu_rp, pct) for pct in (year.capital_pct, year.business_pct))
    return Share(
        capital_pot_rp, business_pot_rp, _pct(own_savings_rp, year.savings_rp),
        _pct(own_business_rp, year.business_rp), _part(capital_pot_rp, own_savings_rp, year.savings_rp),
        _part(business_pot_rp, own_business_rp, year.business_rp),
    )  # fmt: skip


def _part(pot_rp: Rupiah, own_rp: Rupiah, all_rp: Rupiah) -> Rupiah:
    return round_rp(Decimal(pot_rp) * own_rp / all_rp) if all_rp else 0


def _pct(own_rp: Rupiah, all_rp: Rupiah) -> Decimal:
    return (Decimal(own_rp) * 100 / all_rp).quantize(Decimal("0.0001")) if all_rp else Decimal(0)
