"""What the cooperative lends: products, their limits and the steps of deciding."""

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import NotFound
from core.money import Rupiah, percent_of
from models.ledger import Account, AccountRole
from models.loans import Loan, LoanProduct
from services.audit import trail
from services.ledger.chart import Role
from services.loans.refusals import ProductInvalid
from services.loans.schedule import DayCount, Method, Period, RateBasis, RoundWhat, Terms, check
from services.settings import dated

STEPS = {
    "loans.review": "Bendahara",
    "loans.approve": "Ketua",
    "loans.approve_related": "Pengawas",
}
"""Permissions that may be a step of deciding, as people name who takes it."""
RELATED_STEP = "loans.approve_related"
DEFAULT_STEPS = ("loans.review", "loans.approve")
PENALTIES = {
    "none": "Tanpa denda",
    "per_day": "Rupiah per hari terlambat",
    "installment_pct": "Persen per hari dari angsuran yang belum dibayar",
    "balance_pct": "Persen per hari dari sisa pokok",
    "once_pct": "Persen sekali dari angsuran yang belum dibayar",
}
EARLY_INTEREST = {
    "running": "Jasa bulan berjalan penuh, bulan berikutnya dibebaskan",
    "by_day": "Jasa sampai hari pelunasan",
    "all": "Seluruh jasa sampai akhir",
}


@dataclass(frozen=True)
class ProductData:
    """A product as a form or a seed tells it; see `models.loans.LoanProduct`."""

    code: str
    name: str
    method: Method = "flat"
    rate_pct: Decimal = Decimal(1)
    rate_basis: RateBasis = "month"
    period: Period = "month"
    round_to_rp: Rupiah = 1
    round_what: RoundWhat = "installment"
    round_mode: str = "half-up"
    grace: int = 0
    day_count: DayCount = "30/360"
    account_id: int | None = None
    minimum_rp: Rupiah = 0
    maximum_rp: Rupiah = 0
    longest_term: int = 36
    times_savings: Decimal = Decimal(0)
    salary_share_pct: Decimal = Decimal(0)
    most_running: int = 1
    fee_pct: Decimal = Decimal(0)
    admin_rp: Rupiah = 0
    linked_pct: Decimal = Decimal(0)
    linked_product_id: int | None = None
    penalty_kind: str = "none"
    penalty_value: Decimal = Decimal(0)
    penalty_free_days: int = 0
    early_interest: str = "running"
    documents: tuple[str, ...] = ()
    steps: tuple[str, ...] = DEFAULT_STEPS
    is_active: bool = True


def save(session: Session, actor: Actor, data: ProductData, product: LoanProduct | None = None) -> LoanProduct:
    """A new product, or a product changed; running loans keep the terms they were made on. Raises ProductInvalid."""
    actor.must("loans.products")
    _checked(session, data, product)
    account_id = data.account_id or _receivable(session)
    _fits_loans(session, account_id, product)
    before = {} if product is None else {f.name: str(getattr(product, f.name)) for f in fields(data)}
    if product is None:
        product = LoanProduct(coop_id=actor.coop_id)
        session.add(product)
    for field in fields(data):
        value = getattr(data, field.name)
        setattr(product, field.name, list(value) if isinstance(value, tuple) else value)
    product.code, product.name = data.code.strip().upper(), data.name.strip()
    product.account_id = account_id
    session.flush()  # the trail names its id
    after = {f.name: str(getattr(product, f.name)) for f in fields(data)}
    changed = {name: [before.get(name), value] for name, value in after.items() if before.get(name) != value}
    trail.record(session, actor, "loans.product", f"loan_product:{product.id}", changed=changed)
    return product


def _checked(session: Session, data: ProductData, product: LoanProduct | None) -> None:
    code = data.code.strip().upper()
    _must(0 < len(code) <= 12, "Kode", "isi, paling panjang 12 huruf.")
    _must(0 < len(data.name.strip()) <= 80, "Nama", "isi, paling panjang 80 huruf.")
    with session.no_autoflush:
        held = session.scalars(select(LoanProduct).where(LoanProduct.code == code)).first()
    _must(held is None or held is product, "Kode", f"'{code}' sudah dipakai.")
    _must(bool(data.steps) and set(data.steps) <= set(STEPS) and len(set(data.steps)) == len(data.steps),
          "Langkah persetujuan", "pilih paling sedikit satu, masing-masing sekali.")  # fmt: skip
    _must(data.penalty_kind in PENALTIES, "Denda", "pilih dari daftar.")
    _must(data.early_interest in EARLY_INTEREST, "Pelunasan dipercepat", "pilih dari daftar.")
    _must(0 <= data.fee_pct < 100 and 0 <= data.linked_pct < 100, "Potongan", "persen 0 sampai kurang dari 100.")
    _must(data.linked_pct == 0 or data.linked_product_id is not None, "Simpanan wajib pinjaman",
          "pilih jenis simpanan yang menampungnya.")  # fmt: skip
    _must(data.minimum_rp >= 0 and (data.maximum_rp == 0 or data.maximum_rp >= data.minimum_rp), "Plafon",
          "terbesar tidak boleh kurang dari terkecil.")  # fmt: skip
    _must(data.most_running >= 1, "Jumlah pinjaman berjalan", "paling sedikit 1.")
    principal_rp = data.maximum_rp or max(data.minimum_rp, 10**9)
    check(Terms(principal_rp, data.rate_pct, data.method, data.longest_term, data.rate_basis, data.period,
                round_to_rp=data.round_to_rp, grace=data.grace))  # fmt: skip


def _must(holds: bool, field: str, reason: str) -> None:
    if not holds:
        raise ProductInvalid(field=field, reason=reason)


def _receivable(session: Session) -> int:
    account_id = session.scalar(select(AccountRole.account_id).where(AccountRole.role == Role.LOANS_RECEIVABLE.value))
    _must(account_id is not None, "Akun piutang", "bagan akun belum punya akun pinjaman anggota.")
    assert account_id is not None
    account = session.get(Account, account_id)
    _must(account is not None and not account.is_header, "Akun piutang", "pilih akun rincian.")
    return account_id


def _fits_loans(session: Session, account_id: int, product: LoanProduct | None) -> None:
    """The receivable holds what members owe and nothing else, and stays while loans are kept on it."""
    if product is not None and product.account_id == account_id:
        return
    if product is not None:
        paid_out = select(Loan.id).where(Loan.product_id == product.id, Loan.disbursed_on.is_not(None)).limit(1)
        _must(session.scalar(paid_out) is None, "Akun piutang",
              "sudah ada pinjaman yang cair di akun ini. Buat jenis pinjaman baru untuk akun lain.")  # fmt: skip
    account = session.get(Account, account_id)
    _must(account is not None and account.type == "asset" and not account.is_header, "Akun piutang",
          "pilih akun rincian dari golongan aset.")  # fmt: skip
    others = select(AccountRole.id).where(
        AccountRole.account_id == account_id, AccountRole.role != Role.LOANS_RECEIVABLE.value
    )
    _must(session.scalars(others).first() is None, "Akun piutang", "akun itu sudah dipakai untuk hal lain.")


def create_usual(session: Session, actor: Actor) -> LoanProduct | None:
    """What most cooperatives begin with: flat 1 % a month, up to 36 months. None where the chart has no loans."""
    has_loans = session.scalar(select(AccountRole.id).where(AccountRole.role == Role.LOANS_RECEIVABLE.value))
    if has_loans is None:
        return None
    return save(session, actor, ProductData("UANG", "Pinjaman uang", times_savings=Decimal(10)))


def active(session: Session, actor: Actor) -> list[LoanProduct]:
    """Products on offer, by code."""
    return list(session.scalars(select(LoanProduct).where(LoanProduct.is_active).order_by(LoanProduct.code)))


def get(session: Session, actor: Actor, product_id: int) -> LoanProduct:
    """A product of this cooperative. Raises NotFound."""
    product = session.get(LoanProduct, product_id)
    if product is None:
        raise NotFound(what="Jenis pinjaman")
    return product


def terms_of(product: LoanProduct, principal_rp: Rupiah, term: int) -> Terms:
    """What the product's schedule of this amount and term is made of; no dates yet."""
    return Terms(
        principal_rp=principal_rp,
        rate_pct=product.rate_pct,
        method=product.method,  # type: ignore[arg-type]
        periods=term,
        rate_basis=product.rate_basis,  # type: ignore[arg-type]
        period=product.period,  # type: ignore[arg-type]
        round_to_rp=product.round_to_rp,
        round_what=product.round_what,  # type: ignore[arg-type]
        round_mode=product.round_mode,  # type: ignore[arg-type]
        grace=min(product.grace, term - 1),
        day_count=product.day_count,  # type: ignore[arg-type]
    )


@dataclass(frozen=True)
class Fees:
    """What is taken off at disbursement, besides an old loan."""

    fee_rp: Rupiah
    admin_rp: Rupiah
    linked_rp: Rupiah

    @property
    def total_rp(self) -> Rupiah:
        return self.fee_rp + self.admin_rp + self.linked_rp


def fees_of(product: LoanProduct, principal_rp: Rupiah) -> Fees:
    """Provisi, administrasi, simpanan wajib pinjaman of a loan of this size, in whole rupiah, half-up."""
    return Fees(
        percent_of(principal_rp, product.fee_pct), product.admin_rp, percent_of(principal_rp, product.linked_pct)
    )


def too_dear(session: Session, coop_id: int, yearly_pct: Decimal, on: date) -> Decimal | None:
    """The cap that a loan costing so much a year goes above on that day, or None. It warns; it does not refuse."""
    cap_pct = dated.percent(session, coop_id, "loans.cap_pct", on)
    return cap_pct if yearly_pct > cap_pct else None
