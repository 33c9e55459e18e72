"""What is offered, as data: price, limits and features; the operator changes it, nobody needs a new release."""

from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import rupiah
from core.errors import InvalidValue, NotFound
from core.money import LIMIT_RP, Rupiah, round_rp
from models.subscriptions import Plan
from services.access.limits import NAMES
from services.subscriptions.refusals import PlanUnknown

PERIODS = {"month": "bulanan", "year": "tahunan"}
MONTHS = {"month": 1, "year": 12}

_ALL = ["Simpanan, pinjaman, dan pembukuan lengkap", "MyKoperasi untuk setiap anggota", "Ekspor data kapan saja"]
_STORE = ["Toko di Kopmart dan kasir", "Potong gaji"]
_MANY = ["Pengadaan", "Koperasi mitra dan promo bersama", "Dasbor pengurus"]


def _usual() -> list[Plan]:
    """Yearly prices are those of ten months."""
    return [
        Plan(
            code="rintisan", name="Rintisan", position=1, monthly_rp=99_000, yearly_rp=990_000,
            pitch="Untuk koperasi yang baru mulai mencatat.",
            limits={"members": 100, "users": 3, "stores": 1}, features=_ALL,
        ),
        Plan(
            code="tumbuh", name="Tumbuh", position=2, monthly_rp=249_000, yearly_rp=2_490_000,
            pitch="Untuk koperasi dengan beberapa petugas dan sebuah toko.",
            limits={"members": 500, "users": 10, "stores": 2}, features=_ALL + _STORE,
        ),
        Plan(
            code="maju", name="Maju", position=3, monthly_rp=599_000, yearly_rp=5_990_000,
            pitch="Untuk koperasi karyawan dan koperasi desa yang ramai.",
            limits={"members": 2_500, "users": 30, "stores": 10}, features=_ALL + _STORE + _MANY,
        ),
        Plan(
            code="besar", name="Besar", position=4, monthly_rp=1_499_000, yearly_rp=14_990_000,
            pitch="Untuk koperasi besar: tanpa batas anggota, pengguna, dan toko.",
            limits={}, features=[*_ALL, *_STORE, *_MANY, "Pendampingan pindah data"],
        ),
    ]  # fmt: skip


def create_usual(session: Session) -> list[Plan]:
    """The usual four, on an installation that has no plan yet; all plans there are then."""
    if not session.scalar(select(func.count()).select_from(Plan)):
        session.add_all(_usual())
        session.flush()  # callers start subscriptions on them right away
    return list(session.scalars(select(Plan).order_by(Plan.position, Plan.id)))


def offered(session: Session) -> list[Plan]:
    """Plans that a cooperative may choose, the smallest first."""
    return list(session.scalars(select(Plan).where(Plan.is_offered).order_by(Plan.position, Plan.id)))


def by_code(session: Session, code: str) -> Plan:
    """An offered plan. Raises PlanUnknown."""
    plan = session.scalars(select(Plan).where(Plan.code == code, Plan.is_offered)).first()
    if plan is None:
        raise PlanUnknown(plan=code[:20])
    return plan


def everything(session: Session, actor: Actor) -> list[Plan]:
    """Every plan there is, offered or not. For the platform's people."""
    actor.must("platform.manage")
    return list(session.scalars(select(Plan).order_by(Plan.position, Plan.id)))


def get(session: Session, actor: Actor, plan_id: int) -> Plan:
    """A plan to be changed. Raises NotFound."""
    actor.must("platform.manage")
    plan = session.get(Plan, plan_id)
    if plan is None:
        raise NotFound(what="Paket")
    return plan


def save(
    session: Session,
    actor: Actor,
    plan_id: int,
    *,
    name: str,
    pitch: str,
    monthly_rp: Rupiah,
    yearly_rp: Rupiah,
    limits: dict[str, int | None],
    features: list[str],
    is_offered: bool,
) -> Plan:
    """Change an offer; paid terms and issued invoices stay as they are. Raises InvalidValue, NotFound.

    A limit that is left out allows any number; cooperatives on the plan get it with their next term.
    """
    plan = get(session, actor, plan_id)
    if not name.strip():
        raise InvalidValue(field="Nama paket", reason="isi dulu.")
    if not all(0 < price < LIMIT_RP for price in (monthly_rp, yearly_rp)):
        raise InvalidValue(field="Harga", reason=f"harus antara 1 dan {rupiah(LIMIT_RP)}.")
    plan.name, plan.pitch = name.strip()[:40], pitch.strip()[:160]
    plan.monthly_rp, plan.yearly_rp, plan.is_offered = monthly_rp, yearly_rp, is_offered
    plan.limits = {what: limit for what, limit in limits.items() if what in NAMES and limit}
    plan.features = [line.strip()[:80] for line in features if line.strip()][:12]
    return plan


def price_rp(plan: Plan, period: str) -> Rupiah:
    """What a whole term costs today."""
    return plan.yearly_rp if period == "year" else plan.monthly_rp


def monthly_rp(plan: Plan, period: str) -> Rupiah:
    """Monthly recurring revenue of a plan at its list price: a year counts as a twelfth, rounded half-up.

    Discount codes lower invoices, not this figure: they end by themselves after a few invoices.
    """
    return plan.monthly_rp if period == "month" else round_rp(Decimal(plan.yearly_rp) / 12)
