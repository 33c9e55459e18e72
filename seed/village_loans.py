"""How the village cooperative lends: products, the loans that ran at the start, and whose loans have a story."""

import random
from dataclasses import replace
from decimal import Decimal

from seed.lending import Offer, taken
from seed.loan_plot import Late, Plan
from seed.month_end import Placed
from seed.waiting import Waiting
from services.loans.history import LoanTaken
from services.loans.products import ProductData

PURPOSES = (
    "Bibit dan pupuk", "Modal warung", "Sewa lahan", "Biaya sekolah anak", "Perbaikan rumah", "Ternak kambing",
    "Alat tenun", "Mesin perontok",
)  # fmt: skip
USUAL = ProductData(
    "UANG", "Pinjaman usaha tani", rate_pct=Decimal(1), round_to_rp=500, minimum_rp=500_000, maximum_rp=6_000_000,
    longest_term=24, times_savings=Decimal(10), admin_rp=25_000, penalty_kind="installment_pct",
    penalty_value=Decimal("0.1"), penalty_free_days=3,
)  # fmt: skip
PRODUCTS = (
    USUAL,
    ProductData(
        "MUSIM", "Pinjaman musim tanam", "effective", Decimal("1.75"), round_to_rp=500, minimum_rp=300_000,
        maximum_rp=2_000_000, longest_term=8, admin_rp=10_000, penalty_kind="per_day", penalty_value=Decimal(500),
        penalty_free_days=3,
    ),
    ProductData(
        "ALAT", "Pinjaman alat dan ternak", "annuity", Decimal(18), "year", round_to_rp=500, minimum_rp=1_000_000,
        maximum_rp=8_000_000, longest_term=24, admin_rp=25_000, documents=("KTP", "Foto alat atau ternak"),
    ),
)  # fmt: skip
OFFERS = (
    Offer("UANG", 3_000_000, 12), Offer("UANG", 4_000_000, 18), Offer("UANG", 5_000_000, 20),
    Offer("UANG", 6_000_000, 24), Offer("MUSIM", 1_500_000, 6),
)  # fmt: skip
LEAVING = (23, 34)
PLAN = Plan(
    offers=OFFERS,
    keep_rp=7_000_000,
    slow=0.07,
    shown=(5, Offer("UANG", 2_400_000, 24)),
    settles=(12, Offer("UANG", 2_000_000, 20)),
    tops_up=(18, Offer("UANG", 2_000_000, 20), Offer("UANG", 3_000_000, 24)),
    restructures=(27, Offer("UANG", 1_500_000, 12)),
    late=(
        Late(9, 10, 1, Offer("UANG", 600_000, 12)),
        Late(14, 7, 3, Offer("UANG", 600_000, 12)),
        Late(22, 4, 4, Offer("UANG", 700_000, 12)),
        Late(31, 2, 4, Offer("UANG", 800_000, 12)),
    ),
    never=frozenset((1, 2, 3, 4, *LEAVING)),
)
PLACED = (
    Placed(12, 8, 1_500_000, 6, rollover="principal"),
    Placed(5, 5, 1_000_000, 12, payout="monthly"),
)
WAITING = Waiting(
    offers=(
        Offer("ALAT", 4_000_000, 18), Offer("MUSIM", 750_000, 6), Offer("MUSIM", 1_000_000, 6),
        Offer("UANG", 1_500_000, 12), Offer("UANG", 1_000_000, 10),
    ),
    related=None,
    withdrawal_rp=100_000,
)  # fmt: skip


def at_start(number: int, rng: random.Random) -> LoanTaken | None:
    """The loan a member had when the books began; Inaq Salmiah's is nearly paid back."""
    if number == PLAN.shown[0]:
        return replace(taken(USUAL, 1_200_000, 12, 8), collected_by="cash")
    offer, luck = rng.choice(OFFERS[:-1]), rng.random()
    paid = rng.randint(1, offer.term // 2)
    if luck > 0.62 or number in PLAN.named | PLAN.never:
        return None
    return replace(taken(USUAL, offer.amount_rp, offer.term, paid), collected_by="cash")
