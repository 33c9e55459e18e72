"""Vouchers: codes that take something off an order, for as many and for whom the cooperative wants."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import moment_of, now
from core.errors import InvalidValue, NotAllowed, NotFound
from core.money import LIMIT_RP, Rupiah
from models.coops import Coop
from models.mart.campaigns import Voucher
from services.audit import trail
from services.ledger import chart
from services.ledger.chart import Role
from services.mart import stores
from services.mart.refusals import VoucherAccountMissing, VoucherCodeTaken, VoucherUsed

AUDIENCES = {"all": "Siapa saja", "members": "Anggota koperasi ini", "partners": "Anggota koperasi mitra"}
PHASES = {"coming": "Akan datang", "running": "Berlaku", "used_up": "Kuota habis", "over": "Berakhir",
          "stopped": "Dihentikan"}  # fmt: skip
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""None that people take for another: no I, L and 1, no O and 0."""
MADE_UP = 8
MOST_TIMES = 1_000_000
_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{3,19}")


@dataclass(frozen=True)
class Terms:
    """A voucher as people write it. Percent (up to `most_rp`) or rupiah off; an empty `code` is made up.

    `starts` and `ends` are what a clock on the wall of the cooperative shows; `store_id` of None is every shop.
    """

    name: str
    starts: datetime
    ends: datetime
    code: str = ""
    off_pct: Decimal | None = None
    off_rp: Rupiah | None = None
    most_rp: Rupiah | None = None
    minimum_rp: Rupiah = 0
    quota: int | None = None
    per_buyer: int | None = 1
    audience: str = "all"
    store_id: int | None = None
    is_active: bool = True


def save(session: Session, actor: Actor, terms: Terms, *, voucher_id: int | None = None) -> Voucher:
    """A new voucher, or a changed one. Only who works in every shop makes one for all of them.

    Raises:
        VoucherCodeTaken. VoucherUsed: another code or shop, or a quota below its uses. VoucherAccountMissing,
        InvalidValue, NotFound, NotAllowed.
    """
    actor.must("mart.goods")
    voucher = _kept(session, actor, voucher_id) if voucher_id is not None else Voucher(coop_id=actor.coop_id, used=0)
    _place(session, actor, terms.store_id)
    _check(terms)
    _check_worth(terms)
    if Role.VOUCHER_DISCOUNTS not in chart.roles(session, actor):
        raise VoucherAccountMissing()
    code = _code(session, actor, terms.code, voucher)
    _not_below_uses(voucher, terms, code)
    before = _facts(voucher) if voucher_id is not None else None
    _fill(voucher, terms, code, session.get_one(Coop, actor.coop_id).zone)
    session.add(voucher)
    session.flush()  # the trail names its id
    if before != (after := _facts(voucher)):
        trail.record(session, actor, "mart.save_voucher", f"voucher:{voucher.id}", before=before, after=after)
    return voucher


def _place(session: Session, actor: Actor, store_id: int | None) -> None:
    if store_id is not None:
        stores.must_keep(session, actor, store_id)
    elif not actor.may("mart.every_store"):
        raise NotAllowed(permission="mart.every_store")


def _check(terms: Terms) -> None:
    if not terms.name.strip():
        raise InvalidValue(field="Nama voucher", reason="isi dulu, misalnya Voucher lebaran.")
    if terms.ends <= terms.starts:
        raise InvalidValue(field="Berakhir", reason="harus sesudah mulainya.")
    if terms.audience not in AUDIENCES:
        raise InvalidValue(field="Untuk", reason="pilih salah satu dari daftar.")
    for label, times in (("Kuota", terms.quota), ("Tiap pembeli", terms.per_buyer)):
        if times is not None and not (type(times) is int and 0 < times <= MOST_TIMES):
            raise InvalidValue(field=label, reason="isi angka bulat lebih dari nol, atau kosongkan.")


def _check_worth(terms: Terms) -> None:
    if (terms.off_pct is None) == (terms.off_rp is None):
        raise InvalidValue(field="Potongan", reason="isi persen atau rupiah, salah satu.")
    if terms.off_pct is not None and not 0 < terms.off_pct <= 100:
        raise InvalidValue(field="Potongan", reason="harus lebih dari 0 dan paling banyak 100 persen.")
    if terms.most_rp is not None and terms.off_pct is None:
        raise InvalidValue(field="Paling banyak", reason="hanya untuk potongan dalam persen. Kosongkan.")
    for label, amount in (("Potongan", terms.off_rp), ("Paling banyak", terms.most_rp)):
        if amount is not None and not (type(amount) is int and 0 < amount < LIMIT_RP):
            raise InvalidValue(field=label, reason="isi rupiah bulat lebih dari nol.")
    if not (type(terms.minimum_rp) is int and 0 <= terms.minimum_rp < LIMIT_RP):
        raise InvalidValue(field="Belanja minimum", reason="isi rupiah bulat, 0 bila tanpa minimum.")


def _code(session: Session, actor: Actor, wanted: str, voucher: Voucher) -> str:
    code = wanted.strip().upper()
    if not code:
        return voucher.code or made_up(session, actor)
    if not _CODE.fullmatch(code):
        raise InvalidValue(field="Kode", reason="isi 4 sampai 20 huruf, angka, atau tanda hubung, tanpa spasi.")
    held = session.scalars(select(Voucher.id).where(Voucher.code == code)).first()
    if held is not None and held != voucher.id:
        raise VoucherCodeTaken(code=code)
    return code


def made_up(session: Session, actor: Actor) -> str:
    """A code nobody guesses and everybody can read out."""
    while True:
        code = "".join(secrets.choice(LETTERS) for _ in range(MADE_UP))
        if session.scalars(select(Voucher.id).where(Voucher.code == code)).first() is None:
            return code


def _not_below_uses(voucher: Voucher, terms: Terms, code: str) -> None:
    if not voucher.used:
        return
    for changed, reason in (
        (code != voucher.code, "kodenya tidak dapat diubah."),
        (terms.store_id != voucher.store_id, "tokonya tidak dapat diubah."),
        (terms.quota is not None and terms.quota < voucher.used, "kuotanya tidak dapat kurang dari itu."),
    ):
        if changed:
            raise VoucherUsed(code=voucher.code, used=voucher.used, reason=reason)


def _fill(voucher: Voucher, terms: Terms, code: str, zone: str) -> None:
    voucher.code, voucher.name, voucher.store_id = code, " ".join(terms.name.split())[:80], terms.store_id
    voucher.off_pct, voucher.off_rp, voucher.most_rp = terms.off_pct, terms.off_rp, terms.most_rp
    voucher.minimum_rp, voucher.quota, voucher.per_buyer = terms.minimum_rp, terms.quota, terms.per_buyer
    voucher.audience, voucher.is_active = terms.audience, terms.is_active
    voucher.starts_at, voucher.ends_at = moment_of(terms.starts, zone), moment_of(terms.ends, zone)


def _facts(voucher: Voucher) -> dict[str, str]:
    names = ("code", "name", "store_id", "off_pct", "off_rp", "most_rp", "minimum_rp", "quota", "per_buyer",
             "audience", "is_active")  # fmt: skip
    plain = {name: str(getattr(voucher, name)) for name in names}
    return plain | {"starts_at": voucher.starts_at.isoformat(), "ends_at": voucher.ends_at.isoformat()}


def _kept(session: Session, actor: Actor, voucher_id: int) -> Voucher:
    """A voucher the actor may change, until the transaction ends."""
    get(session, actor, voucher_id)
    query = select(Voucher).where(Voucher.id == voucher_id).with_for_update()
    voucher = session.scalars(query.execution_options(populate_existing=True)).one()
    _place(session, actor, voucher.store_id)
    return voucher


def get(session: Session, actor: Actor, voucher_id: int) -> Voucher:
    """A voucher of a shop the actor sees, or of all shops. Raises NotFound."""
    actor.must("mart.view")
    voucher = session.get(Voucher, voucher_id)
    if voucher is None:
        raise NotFound(what="Voucher")
    if voucher.store_id is not None:
        stores.get(session, actor, voucher.store_id)
    return voucher


def may_change(actor: Actor, voucher: Voucher) -> bool:
    """Whether to offer the change; `save` decides."""
    return actor.may("mart.goods") and (voucher.store_id is not None or actor.may("mart.every_store"))


def listed(session: Session, actor: Actor) -> list[Voucher]:
    """Vouchers of the shops the actor sees and those of all shops, the newest first."""
    seen = [store.id for store in stores.mine(session, actor)]
    query = select(Voucher).where(or_(Voucher.store_id.is_(None), Voucher.store_id.in_(seen)))
    return list(session.scalars(query.order_by(Voucher.starts_at.desc(), Voucher.id.desc())))


def phase(voucher: Voucher, at: datetime | None = None) -> str:
    """Where it stands: `coming`, `running`, `used_up`, `over` or `stopped`."""
    at = at or now()
    if voucher.ends_at <= at:
        return "over"
    if not voucher.is_active:
        return "stopped"
    if voucher.quota is not None and voucher.used >= voucher.quota:
        return "used_up"
    return "running" if voucher.starts_at <= at else "coming"
