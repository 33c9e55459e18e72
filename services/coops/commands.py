"""A new cooperative, ready for its first booking; and its profile."""

import re
import unicodedata
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.actor import Actor
from core.clock import ZONES, today
from core.errors import InvalidValue
from models.access import CoopUser, RoleGrant, User
from models.coops import Coop, Unit
from services.access.roles import PERMISSIONS
from services.access.sign_in import one_time_link
from services.audit import trail
from services.ledger import chart, periods
from services.loans import products as lending
from services.savings import products

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,38}[a-z0-9])")
PROFILE = (
    "name",
    "legal_no",
    "nik_koperasi",
    "address",
    "city",
    "phone",
    "email",
    "transfer_to",
    "zone",
    "chair_name",
    "secretary_name",
    "treasurer_name",
)


def founder(session: Session, coop: Coop, user: User) -> Actor:
    """Whoever sets a cooperative up: every permission inside it, for that one act."""
    return Actor(user.id, coop.id, frozenset(PERMISSIONS), name=user.full_name)


def create(
    session: Session,
    first_user: User | None = None,
    /,
    *,
    slug: str,
    name: str,
    chart_name: str | Path = "serba_usaha",
    zone: str = "WIB",
    is_demo: bool = False,
    **profile: str,
) -> tuple[Coop, User, str]:
    """Provision a cooperative: chart, main unit, this year's months, savings products, first administrator (ketua).

    Needs a platform session that writes. Returns the cooperative, its first user and the token of the link that sets
    that user's password: `first_user`, who has one (then no token), or somebody new named like the slug.
    Raises InvalidValue, ChartInvalid; then nothing is kept.
    """
    if not _SLUG.fullmatch(slug):
        raise InvalidValue(field="Slug", reason="3 sampai 40 huruf kecil, angka, atau tanda hubung.")
    if session.scalar(select(func.count()).select_from(Coop).where(Coop.slug == slug)):
        raise InvalidValue(field="Slug", reason=f"'{slug}' sudah dipakai. Pilih yang lain.")
    if not name.strip() or zone not in ZONES:
        raise InvalidValue(field="Nama atau zona", reason="nama wajib diisi dan zona WIB, WITA, atau WIT.")
    rows = chart.read_chart(chart_name)
    shipped = str(chart_name) if str(chart_name) in chart.CHARTS else "sendiri"
    coop = Coop(slug=slug, name=name.strip(), chart_name=shipped, zone=zone, is_demo=is_demo, **profile)
    user = first_user or User(
        username=free_username(session, f"admin.{slug}"), full_name=f"Pengurus {name.strip()}"[:120]
    )
    session.add_all([coop, user])
    session.flush()  # everything below hangs on both ids
    session.add(CoopUser(coop_id=coop.id, user_id=user.id))
    session.add_all([RoleGrant(coop_id=coop.id, user_id=user.id, role=role) for role in ("ketua", "bendahara")])
    session.add(Unit(coop_id=coop.id, code="PUSAT", name="Kantor pusat", is_default=True))
    actor = founder(session, coop, user)
    _settle(session, actor, rows)
    trail.record(session, actor, "coops.create", f"coop:{coop.id}", name=coop.name, chart=shipped)
    return coop, user, "" if first_user else one_time_link(session, user.id)


def _settle(session: Session, actor: Actor, rows: list[chart.ChartRow]) -> None:
    before = session.info.get("coop_id")
    session.info["coop_id"] = actor.coop_id  # from here on the new cooperative's own guard holds
    try:
        chart.load(session, actor, rows)
        periods.open_year(session, actor, today().year)
        products.create_usual(session, actor)
        lending.create_usual(session, actor)
        session.flush()  # under the guard of this cooperative
    finally:
        session.info["coop_id"] = before


def free_username(session: Session, wished: str) -> str:
    """The wished name, or that name with the first number that nobody has."""
    return _free(session, User.username, wished, "")


def free_slug(session: Session, name: str) -> str:
    """A slug that nobody has, made of a cooperative's name without the word everybody's begins with."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", re.sub(r"^\W*koperasi\b", "", plain)).strip("-")[:30].strip("-")
    return _free(session, Coop.slug, words if len(words) >= 3 else f"koperasi-{words}".strip("-"), "-")


def _free(session: Session, column: InstrumentedAttribute[str], wished: str, between: str) -> str:
    """What was wished for, with the first number that nobody has behind it where it is taken."""
    taken = set(session.scalars(select(column).where(column.startswith(wished, autoescape=True))))
    names = (f"{wished}{suffix}" for suffix in ["", *(f"{between}{n}" for n in range(2, len(taken) + 3))])
    return next(name for name in names if name not in taken)


def update_profile(session: Session, actor: Actor, **changes: str) -> Coop:
    """Change the cooperative's own data (letterhead, officers, zone). Unknown fields are a mistake of ours."""
    actor.must("coop.settings")
    coop = session.get_one(Coop, actor.coop_id)
    if not changes.get("name", coop.name).strip():
        raise InvalidValue(field="Nama koperasi", reason="isi dulu.")
    if changes.get("zone", coop.zone) not in ZONES:
        raise InvalidValue(field="Zona waktu", reason="pilih WIB, WITA, atau WIT.")
    before = {}
    for field, value in changes.items():
        assert field in PROFILE, field
        before[field] = getattr(coop, field)
        setattr(coop, field, value.strip())
    trail.record(session, actor, "coops.update_profile", f"coop:{coop.id}", before=before, after=changes)
    return coop


def add_unit(session: Session, actor: Actor, *, code: str, name: str) -> Unit:
    """A further business unit (USP, toko) whose results can be told apart. Raises InvalidValue."""
    actor.must("ledger.chart")
    if not code.strip() or len(code.strip()) > 12 or not name.strip():
        raise InvalidValue(field="Unit", reason="kode (paling panjang 12) dan nama wajib diisi.")
    if session.scalars(select(Unit.id).where(Unit.code == code.strip().upper())).first():
        raise InvalidValue(field="Kode unit", reason=f"'{code}' sudah dipakai.")
    unit = Unit(coop_id=actor.coop_id, code=code.strip().upper(), name=name.strip()[:80])
    session.add(unit)
    session.flush()  # callers post to it right away
    trail.record(session, actor, "coops.add_unit", f"unit:{unit.id}", code=unit.code)
    return unit


def by_slug(session: Session, slug: str) -> Coop:
    """The cooperative of this slug. Raises InvalidValue naming it."""
    coop = session.scalars(select(Coop).where(Coop.slug == slug)).first()
    if coop is None:
        raise InvalidValue(field="Koperasi", reason=f"'{slug}' tidak ada. Lihat daftarnya dengan: ./run.sh coop list")
    return coop
