"""Discount codes: percent or rupiah off so many invoices, within a window and a quota that holds in a race."""

import re
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import date_long
from core.errors import InvalidValue, NotFound
from core.money import LIMIT_RP, Rupiah, percent_of
from models.subscriptions import DiscountCode, Plan, Subscription, SubscriptionInvoice
from services.subscriptions.refusals import DiscountRefused

_CODE = re.compile(r"[A-Z0-9]{3,20}")


def found(session: Session, code: str, plan: Plan, on: date) -> DiscountCode:
    """A code as it may be used for a plan today; taking it may still lose the last place. Raises DiscountRefused."""
    wanted = code.strip().upper()[:20]
    discount = session.scalars(select(DiscountCode).where(DiscountCode.code == wanted)).first()
    if discount is None:
        raise DiscountRefused(code=wanted, reason="kode ini tidak dikenal.")
    if on < discount.starts_on:
        raise DiscountRefused(code=wanted, reason=f"baru berlaku {date_long(discount.starts_on)}.")
    if on > discount.ends_on:
        raise DiscountRefused(code=wanted, reason=f"berlaku sampai {date_long(discount.ends_on)}.")
    if discount.plan_id not in (None, plan.id):
        only = session.get_one(Plan, discount.plan_id)
        raise DiscountRefused(code=wanted, reason=f"hanya untuk paket {only.name}.")
    if discount.quota is not None and discount.used >= discount.quota:
        raise _gone(discount)
    return discount


def take(session: Session, subscription: Subscription, code: str, plan: Plan, on: date) -> None:
    """Let a subscription have a code, counted once; one not used yet is given back. Raises DiscountRefused.

    The database counts the places, so of two who want the last one only one gets it.
    """
    discount = found(session, code, plan, on)
    if subscription.discount_id == discount.id and subscription.discount_left:
        return
    if subscription.discount_id == discount.id or _used_before(session, subscription, discount):
        raise DiscountRefused(code=discount.code, reason="koperasi ini sudah memakainya.")
    counted = session.execute(
        update(DiscountCode)
        .where(DiscountCode.id == discount.id)
        .where((DiscountCode.quota.is_(None)) | (DiscountCode.used < DiscountCode.quota))
        .values(used=DiscountCode.used + 1)
        .execution_options(synchronize_session=False)
    )
    if counted.rowcount != 1:  # type: ignore[attr-defined]
        raise _gone(discount)
    _give_back(session, subscription)
    session.expire(discount, ["used"])
    subscription.discount_id, subscription.discount_left = discount.id, discount.invoices


def _gone(discount: DiscountCode) -> DiscountRefused:
    return DiscountRefused(code=discount.code, reason="semua tempatnya sudah terpakai.")


def _used_before(session: Session, subscription: Subscription, discount: DiscountCode) -> bool:
    query = select(SubscriptionInvoice.id).where(
        SubscriptionInvoice.coop_id == subscription.coop_id,
        SubscriptionInvoice.discount_id == discount.id,
        SubscriptionInvoice.state == "paid",
    )
    return session.scalars(query).first() is not None


def _give_back(session: Session, subscription: Subscription) -> None:
    held = session.get(DiscountCode, subscription.discount_id) if subscription.discount_id else None
    if held is None or _used_before(session, subscription, held):
        return
    query = update(DiscountCode).where(DiscountCode.id == held.id).values(used=DiscountCode.used - 1)
    session.execute(query.execution_options(synchronize_session=False))
    session.expire(held, ["used"])


def held_for(session: Session, subscription: Subscription, plan: Plan) -> DiscountCode | None:
    """The code that lowers the next invoice of a subscription, if it still has one that is good for the plan."""
    if not subscription.discount_id or not subscription.discount_left:
        return None
    discount = session.get_one(DiscountCode, subscription.discount_id)
    return discount if discount.plan_id in (None, plan.id) else None


def off_rp(discount: DiscountCode, price_rp: Rupiah) -> Rupiah:
    """What a code takes off a price: never more than the price."""
    if discount.percent is not None:
        return percent_of(price_rp, Decimal(discount.percent))
    return min(price_rp, discount.off_rp or 0)


def everything(session: Session, actor: Actor) -> list[DiscountCode]:
    """Every code, the newest first. For the platform's people."""
    actor.must("platform.manage")
    return list(session.scalars(select(DiscountCode).order_by(DiscountCode.id.desc()).limit(200)))


def get(session: Session, actor: Actor, discount_id: int) -> DiscountCode:
    """A code to be changed. Raises NotFound."""
    actor.must("platform.manage")
    discount = session.get(DiscountCode, discount_id)
    if discount is None:
        raise NotFound(what="Kode diskon")
    return discount


@dataclass(frozen=True)
class Terms:
    """What the operator decides of a code: either `percent` or `off_rp`; no `quota`: for everybody."""

    code: str
    percent: int | None
    off_rp: Rupiah | None
    starts_on: date
    ends_on: date
    invoices: int = 1
    quota: int | None = None
    plan_id: int | None = None


def save(session: Session, actor: Actor, wanted: Terms, discount_id: int | None = None) -> DiscountCode:
    """Make a code, or change one; its name stays once it was used. Raises InvalidValue, NotFound."""
    actor.must("platform.manage")
    code = wanted.code.strip().upper()
    if not _CODE.fullmatch(code):
        raise InvalidValue(field="Kode", reason="3 sampai 20 huruf atau angka tanpa spasi.")
    if (wanted.percent is None) == (wanted.off_rp is None):
        raise InvalidValue(field="Potongan", reason="isi salah satu: persen atau rupiah.")
    if wanted.percent is not None and not 1 <= wanted.percent <= 100:
        raise InvalidValue(field="Potongan persen", reason="harus 1 sampai 100.")
    if wanted.off_rp is not None and not 0 < wanted.off_rp < LIMIT_RP:
        raise InvalidValue(field="Potongan rupiah", reason="harus lebih dari nol.")
    if wanted.ends_on < wanted.starts_on:
        raise InvalidValue(field="Berlaku sampai", reason="tidak boleh sebelum tanggal mulai.")
    discount = get(session, actor, discount_id) if discount_id else DiscountCode(created_by=actor.user_id, used=0)
    same = select(DiscountCode.id).where(DiscountCode.code == code, DiscountCode.id != (discount_id or 0))
    if session.scalars(same).first() is not None:
        raise InvalidValue(field="Kode", reason=f"'{code}' sudah ada. Pakai kode lain.")
    if discount.used and code != discount.code:
        raise InvalidValue(field="Kode", reason="sudah dipakai, jadi namanya tetap.")
    if wanted.quota is not None and wanted.quota < discount.used:
        raise InvalidValue(field="Kuota", reason=f"sudah dipakai {discount.used} koperasi.")
    for name, value in asdict(replace(wanted, code=code)).items():
        setattr(discount, name, value)
    session.add(discount)
    session.flush()  # the unique code settles a race
    return discount
