"""What a cooperative lets its members save, and what that earns."""

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import today
from core.display import rupiah
from core.errors import InvalidValue, NotFound
from core.money import LIMIT_RP
from models.ledger import Account, AccountRole
from models.savings import KINDS, InterestRun, SavingsAccount, SavingsProduct
from services.audit import trail
from services.ledger import balances
from services.ledger.chart import Role
from services.savings.interest import METHODS
from services.settings import dated

# the three every cooperative has: code, name, kind, role of the account, usual amount (a setting, not a rule)
USUAL = (
    ("POKOK", "Simpanan Pokok", "share", Role.SHARE_SAVINGS, 200_000),
    ("WAJIB", "Simpanan Wajib", "mandatory", Role.MANDATORY_SAVINGS, 100_000),
    ("SUKARELA", "Simpanan Sukarela", "voluntary", Role.VOLUNTARY_SAVINGS, 0),
)
KIND_LABELS = {"share": "Pokok (sekali)", "mandatory": "Wajib (tiap bulan)", "voluntary": "Sukarela"}


def create_usual(session: Session, actor: Actor) -> list[SavingsProduct]:
    """The usual three, as far as the chart has accounts for them."""
    held = session.execute(select(AccountRole.role, AccountRole.account_id))
    accounts = {role: account_id for role, account_id in held}  # noqa: C416  rows are not plain pairs
    made = [
        SavingsProduct(
            coop_id=actor.coop_id, code=code, name=name, kind=kind, account_id=accounts[role.value], amount_rp=amount
        )
        for code, name, kind, role, amount in USUAL
        if role.value in accounts
    ]
    session.add_all(made)
    session.flush()  # callers open accounts in them right away
    return made


def save(
    session: Session,
    actor: Actor,
    *,
    code: str,
    name: str,
    kind: str,
    account_id: int,
    amount_rp: int = 0,
    minimum_balance_rp: int = 0,
    is_active: bool = True,
    product_id: int | None = None,
    interest_method: str | None = None,
    interest_pct: Decimal | None = None,
    interest_from: date | None = None,
) -> SavingsProduct:
    """Add a product or change one; kind and account stay once money has moved. Raises InvalidValue, NotFound.

    Interest left out stays as it is; where it is new, the month of `interest_from` (else this one) is the first.
    """
    actor.must("savings.products")
    if not code.strip() or not name.strip() or kind not in KINDS:
        raise InvalidValue(field="Jenis simpanan", reason="kode, nama, dan jenis wajib diisi.")
    if not 0 <= amount_rp < LIMIT_RP or not 0 <= minimum_balance_rp < LIMIT_RP:
        raise InvalidValue(field="Jumlah", reason=f"harus antara 0 dan {rupiah(LIMIT_RP)}.")
    account = session.get(Account, account_id)
    if account is None or account.is_header or account.type not in {"liability", "equity"}:
        raise InvalidValue(field="Akun", reason="pilih akun rincian liabilitas atau ekuitas.")
    product = session.get(SavingsProduct, product_id) if product_id else None
    if product_id and product is None:
        raise NotFound(what="Jenis simpanan")
    _may_stand_on(session, actor, product, kind, account_id)
    if product is None:
        product = SavingsProduct(coop_id=actor.coop_id)
        session.add(product)
    product.code, product.name, product.kind = code.strip().upper()[:12], name.strip()[:80], kind
    product.account_id, product.amount_rp = account_id, amount_rp
    product.minimum_balance_rp, product.is_active = minimum_balance_rp, is_active
    session.flush()  # the trail names its id
    if interest_method is not None or interest_pct is not None:
        _let_earn(session, actor, product, interest_method, interest_pct, interest_from)
    trail.record(session, actor, "savings.product", f"product:{product.id}", code=product.code, amount_rp=amount_rp)
    return product


def _let_earn(
    session: Session, actor: Actor, product: SavingsProduct, method: str | None, pct: Decimal | None, since: date | None
) -> None:
    method = product.interest_method if method is None else method
    pct = product.interest_pct if pct is None else pct
    if method not in METHODS:
        raise InvalidValue(field="Cara hitung jasa", reason=f"pilih {', '.join(METHODS.values())}.")
    if type(pct) is not Decimal or not pct.is_finite() or not 0 <= pct <= 100 or pct * 10**6 % 1:
        raise InvalidValue(field="Jasa per tahun (%)", reason="angka 0 sampai 100, misalnya 4,5.")
    earned_before = product.interest_method != "none" and product.interest_pct > 0
    product.interest_method, product.interest_pct = method, pct
    session.flush()  # a run of this transaction reads them
    detail = {"method": method, "pct": str(pct)}
    trail.record(session, actor, "savings.interest_terms", f"product:{product.id}", **detail)
    if method != "none" and pct > 0 and not earned_before:
        _begin(session, actor, product, since or today())


def _begin(session: Session, actor: Actor, product: SavingsProduct, since: date) -> None:
    """Mark the month before the first that earns as settled, so that nothing older is caught up."""
    before = (since.replace(day=1) - timedelta(days=1)).replace(day=1)
    last = session.scalar(select(func.max(InterestRun.month_on)).where(InterestRun.product_id == product.id))
    if last is None or last < before:
        session.add(
            InterestRun(
                coop_id=actor.coop_id, product_id=product.id, month_on=before, interest_rp=0, tax_rp=0,
                created_by=actor.user_id,
            )
        )  # fmt: skip
        session.flush()  # a run of this transaction reads it


def too_generous(session: Session, coop_id: int, yearly_pct: Decimal, on: date) -> Decimal | None:
    """The cap that such interest on savings goes above on that day, or None. It warns; it does not refuse."""
    cap_pct = dated.percent(session, coop_id, "savings.cap_pct", on)
    return cap_pct if yearly_pct > cap_pct else None


def _may_stand_on(session: Session, actor: Actor, product: SavingsProduct | None, kind: str, account_id: int) -> None:
    """The account's balance is to be what members have saved: so neither may carry anything else before."""
    if product is not None and (product.kind, product.account_id) == (kind, account_id):
        return
    with session.no_autoflush:
        if product is not None:
            moved = select(SavingsAccount.id).where(SavingsAccount.product_id == product.id).limit(1)
            if session.scalars(moved).first():
                reason = "sudah dipakai anggota, jadi jenis dan akunnya tetap. Buat jenis simpanan baru."
                raise InvalidValue(field=product.name, reason=reason)
        shared = select(SavingsProduct.id).where(SavingsProduct.account_id == account_id).limit(1)
        held = balances.balances(session, actor.coop_id, date.max, account_ids=[account_id])
        if held.get(account_id) and not session.scalars(shared).first():
            raise InvalidValue(field="Akun", reason="sudah bersaldo dari jurnal lain. Pilih akun yang masih kosong.")


def active(session: Session, actor: Actor) -> list[SavingsProduct]:
    """Products on offer: pokok, wajib, sukarela, then others by code."""
    query = select(SavingsProduct).where(SavingsProduct.is_active)
    return sorted(session.scalars(query), key=lambda product: (KINDS.index(product.kind), product.code))


def of_kind(session: Session, actor: Actor, kind: str) -> SavingsProduct:
    """The first product of a kind, for files that only say pokok, wajib or sukarela. Raises NotFound."""
    found = [product for product in active(session, actor) if product.kind == kind]
    if not found:
        raise NotFound(what=f"Jenis simpanan {KIND_LABELS[kind]}")
    return found[0]
