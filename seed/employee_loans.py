"""How the employee cooperative lends: products, the loans that ran at the start, and whose loans have a story."""

import random
from decimal import Decimal

from seed.lending import Offer, taken
from seed.loan_plot import Late, Plan
from seed.month_end import Placed
from seed.waiting import Waiting
from services.loans.history import LoanTaken
from services.loans.products import ProductData

EMPLOYER, CONTRACTOR = "PT Contoh Tirta Sentosa", "PT Contoh Tenaga Kerja"
PURPOSES = (
    "Renovasi rumah", "Biaya sekolah anak", "Biaya pengobatan", "Sepeda motor", "Pernikahan keluarga",
    "Modal usaha istri", "Uang muka rumah", "Mudik Lebaran",
)  # fmt: skip
USUAL = ProductData(
    "UANG", "Pinjaman uang", rate_pct=Decimal("0.75"), round_to_rp=1000, minimum_rp=1_000_000, maximum_rp=30_000_000,
    times_savings=Decimal(10), salary_share_pct=Decimal(40), fee_pct=Decimal("0.5"),
)  # fmt: skip
PRODUCTS = (
    USUAL,
    ProductData(
        "DARURAT", "Pinjaman darurat", "effective", Decimal("1.25"), round_to_rp=1000, minimum_rp=500_000,
        maximum_rp=5_000_000, longest_term=10, salary_share_pct=Decimal(40), admin_rp=10_000,
    ),
    ProductData(
        "KENDARAAN", "Pinjaman kendaraan", "annuity", Decimal(14), "year", round_to_rp=1000, minimum_rp=5_000_000,
        maximum_rp=40_000_000, longest_term=48, salary_share_pct=Decimal(40), fee_pct=Decimal(1),
        penalty_kind="installment_pct", penalty_value=Decimal("0.1"), penalty_free_days=3,
        documents=("KTP", "Slip gaji terakhir"),
    ),
)  # fmt: skip
OFFERS = (
    Offer("UANG", 6_000_000, 12), Offer("UANG", 9_000_000, 18), Offer("UANG", 12_000_000, 24),
    Offer("UANG", 15_000_000, 24), Offer("UANG", 18_000_000, 36), Offer("UANG", 24_000_000, 36),
    Offer("DARURAT", 3_000_000, 10),
)  # fmt: skip
LEAVING = (31, 54, 67, 79, 89, 102)
PLAN = Plan(
    offers=OFFERS,
    keep_rp=80_000_000,
    slow=0,
    shown=(5, Offer("UANG", 12_000_000, 24)),
    settles=(23, Offer("UANG", 10_000_000, 24)),
    tops_up=(44, Offer("UANG", 12_000_000, 24), Offer("UANG", 18_000_000, 36)),
    restructures=(85, Offer("UANG", 6_000_000, 12)),
    late=(
        Late(17, 10, 1, Offer("UANG", 5_000_000, 24)),
        Late(34, 7, 3, Offer("UANG", 5_000_000, 20)),
        Late(51, 4, 4, Offer("UANG", 8_000_000, 20)),
        Late(68, 2, 4, Offer("UANG", 5_000_000, 20)),
    ),
    never=frozenset((1, 2, 3, 4, *LEAVING)),
)
PLACED = (
    Placed(23, 8, 10_000_000, 6, rollover="principal"),
    Placed(5, 5, 5_000_000, 12, payout="monthly"),
    Placed(44, 4, 3_000_000, 3),
)
WAITING = Waiting(
    offers=(
        Offer("KENDARAAN", 20_000_000, 36), Offer("DARURAT", 2_000_000, 6), Offer("UANG", 9_000_000, 18),
        Offer("UANG", 12_000_000, 24), Offer("UANG", 6_000_000, 12),
    ),
    related=(3, Offer("UANG", 10_000_000, 20)),
    withdrawal_rp=500_000,
)  # fmt: skip


def at_start(number: int, rng: random.Random) -> LoanTaken | None:
    """The loan a member had when the books began; Maya's is nearly paid back."""
    if number == PLAN.shown[0]:
        return taken(USUAL, 6_000_000, 12, 8)
    offer, luck = rng.choice(OFFERS[:-1]), rng.random()
    paid = rng.randint(1, offer.term - 6)
    if luck > 0.56 or number in PLAN.named | PLAN.never:
        return None
    return taken(USUAL, offer.amount_rp, offer.term, paid)
