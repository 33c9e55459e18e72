"""How an order gets to its buyer, and for how much: fetched, by the shop's own courier, or by one who asks a price.

The courier service is slow and may be down, and whoever writes holds up everybody else. So it is only ever asked
between two units of work: `options` says what is not known yet (`ask`), `fetch` asks without a session, `keep` writes
the answer down, and `options` or, in the transaction that places the order, `pick` read it from there.
"""

import re
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import Refusal
from core.money import Rupiah
from models.mart.stores import ShippingQuote, ShippingZone, Store
from models.transaction import Database
from services.mart.places import find_places, goes_to
from services.mart.ports.rajaongkir import HEAVIEST_G, Option, RajaOngkir
from services.mart.ports.refusals import CourierDown, CourierRefused

__all__ = [
    "Choice",
    "Offer",
    "Parcel",
    "Question",
    "Quotes",
    "fetch",
    "find_places",
    "keep",
    "offer",
    "options",
    "pick",
]

FRESH = timedelta(hours=24)
_BAND_G = 1000
DOWN = "Ongkir kurir sedang tidak dapat dihitung; pilih kurir toko atau ambil sendiri."
DOWN_AND_NOTHING_ELSE = "Ongkir kurir sedang tidak dapat dihitung. Coba beberapa menit lagi, atau hubungi toko."
NOWHERE = "Toko ini belum mengantar ke tempat Anda. Hubungi toko, atau pilih alamat lain."
Kind = Literal["pickup", "zone", "courier"]


class DeliveryGone(Refusal):
    code = "mart.delivery_gone"
    pesan = "Cara kirim yang dipilih tidak tersedia lagi untuk alamat ini. Muat ulang halaman, lalu pilih lagi."
    status = 409


@dataclass(frozen=True)
class Parcel:
    """Where something goes and what it weighs. `destination_id` is the courier service's number, empty if unknown."""

    city: str
    weight_g: int
    destination_id: str = ""


@dataclass(frozen=True)
class Choice:
    """One way to get an order. `key` names it in a form: `pickup`, `zone:<id>`, `courier:<quote id>:<option>`.

    `zone_id`, or `quote_id` and `option` (`jne:REG`), are the parts of the key.
    """

    kind: Kind
    key: str
    label: str
    fee_rp: Rupiah
    eta: str = ""
    zone_id: int = 0
    quote_id: int = 0
    option: str = ""


@dataclass(frozen=True)
class Question:
    """What to ask the courier service: a way, the top of a weight's band, and couriers (`jne:sicepat`)."""

    origin_id: str
    destination_id: str
    weight_g: int
    couriers: str


@dataclass(frozen=True)
class Quotes:
    """An answer; `options` of None: there was none."""

    question: Question
    options: tuple[Option, ...] | None


@dataclass(frozen=True)
class Offer:
    """Ways to choose from. `ask`: couriers' prices are not known yet. `notice`: what to tell the buyer about gaps."""

    choices: tuple[Choice, ...]
    ask: Question | None = None
    notice: str = ""


def options(
    session: Session, actor: Actor, store: Store, parcel: Parcel, *, at: datetime, tried: Quotes | None = None
) -> Offer:
    """Ways to get a parcel from a shop: fetching it, zones of the shop, then couriers, each kind the cheapest first.

    Nothing is asked outside. `tried` is what `fetch` brought just now: an outage is said then, and not asked again.
    """
    own = [*_pickup(store), *_zones(session, store, parcel.city)]
    question = question_for(store, parcel)
    if question is None:
        return Offer(tuple(own), notice="" if own else NOWHERE)
    kept = _kept(session, question, at)
    if kept is None and tried is not None and tried.question == question and tried.options is None:
        return Offer(tuple(own), notice=DOWN if own else DOWN_AND_NOTHING_ELSE)
    if kept is None:
        return Offer(tuple(own), ask=question)
    choices = (*own, *(_by_courier(kept, option) for option in kept.options))
    return Offer(choices, notice="" if choices else NOWHERE)


def pick(session: Session, actor: Actor, store: Store, parcel: Parcel, key: str, *, at: datetime) -> Choice:
    """The way a buyer chose, with its fee as it stands now, for the transaction that places the order.

    Raises:
        DeliveryGone: not offered (any more), or the courier's price is older than a day.
    """
    for choice in options(session, actor, store, parcel, at=at).choices:
        if choice.key == key:
            return choice
    raise DeliveryGone()


def offer(
    database: Database, actor: Actor, store_id: int, parcel: Parcel, service: RajaOngkir | None, *, at: datetime
) -> Offer:
    """`options` with couriers' prices fetched when they are not known: read, asked outside, kept, in units of its own.

    Never call this inside a unit of work. An outage is a notice, not a refusal; a shop not there offers nothing.
    """
    with database.reading(actor) as session:
        store = session.get(Store, store_id)
        if store is None:
            return Offer((), notice=NOWHERE)
        found = options(session, actor, store, parcel, at=at)
    if found.ask is None:
        return found
    quotes = fetch(service, found.ask)
    if quotes.options is not None:
        with database.transaction(actor) as session:
            keep(session, actor, quotes, at=at)
    with database.reading(actor) as session:
        store = session.get_one(Store, store_id)
        return options(session, actor, store, parcel, at=at, tried=quotes)


def question_for(store: Store, parcel: Parcel) -> Question | None:
    """What couriers would be asked; None when the shop uses none or the place is not one of theirs."""
    couriers = ":".join(sorted(set(re.findall(r"[a-z0-9_]+", store.couriers.lower()))))
    kilos = max(1, -(-parcel.weight_g // _BAND_G))
    if not (store.origin_id and parcel.destination_id and couriers) or kilos * _BAND_G > HEAVIEST_G:
        return None
    return Question(store.origin_id, parcel.destination_id[:20], kilos * _BAND_G, couriers)


def fetch(service: RajaOngkir | None, question: Question) -> Quotes:
    """Ask the courier service, outside of any unit of work. Never raises: without an answer `options` is None."""
    if service is None:
        return Quotes(question, None)
    try:
        found = service.costs(
            question.origin_id, question.destination_id, question.weight_g, question.couriers.split(":")
        )
    except (CourierDown, CourierRefused):
        return Quotes(question, None)
    return Quotes(question, tuple(found))


def keep(session: Session, actor: Actor, quotes: Quotes, *, at: datetime) -> None:
    """Write an answer down for a day, in place of the one before; an outage is not an answer."""
    if quotes.options is None:
        return
    row = session.scalars(_same(quotes.question)).first()
    if row is None:
        row = ShippingQuote(coop_id=actor.coop_id, **asdict(quotes.question))
        session.add(row)
    row.options, row.fetched_at = [_written(option) for option in quotes.options], at


def _written(option: Option) -> dict[str, Any]:
    key, label = f"{option.courier}:{option.service}", f"{option.courier.upper()} {option.service}"
    return {"key": key, "label": label, **asdict(option)}


def _same(question: Question) -> Select[ShippingQuote]:
    return select(ShippingQuote).filter_by(**asdict(question))


def _kept(session: Session, question: Question, at: datetime) -> ShippingQuote | None:
    row = session.scalars(_same(question)).first()
    return row if row is not None and row.fetched_at <= at < row.fetched_at + FRESH else None


def _pickup(store: Store) -> list[Choice]:
    if not store.has_pickup:
        return []
    return [Choice("pickup", "pickup", f"Ambil sendiri di {store.name}", 0)]


def _zones(session: Session, store: Store, city: str) -> list[Choice]:
    query = select(ShippingZone).where(ShippingZone.store_id == store.id, ShippingZone.is_active)
    zones = [zone for zone in session.scalars(query) if goes_to(zone.places, city)]
    zones.sort(key=lambda zone: (zone.fee_rp, zone.id))
    return [
        Choice("zone", f"zone:{zone.id}", f"Kurir toko: {zone.name}", zone.fee_rp, zone.eta, zone_id=zone.id)
        for zone in zones
    ]


def _by_courier(quote: ShippingQuote, option: dict[str, Any]) -> Choice:
    key = f"courier:{quote.id}:{option['key']}"
    eta = re.sub(r"\s*days?\b", " hari", option["etd"], flags=re.IGNORECASE)
    return Choice("courier", key, option["label"], option["cost_rp"], eta, quote_id=quote.id, option=option["key"])
