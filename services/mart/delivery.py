"""How goods get to the buyer, and what that costs: the fee is looked up here, whatever the browser sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.errors import InvalidValue
from core.money import Rupiah
from models.mart.stores import ShippingQuote, ShippingZone, Store
from services.mart.refusals import DeliveryUnknown

QUOTE_LIVES = timedelta(hours=24)


@dataclass(frozen=True)
class Delivery:
    """What the buyer chose: `pickup`; `zone` with its id; `courier` with a kept quote and one of its options."""

    kind: str
    zone_id: int = 0
    quote_id: int = 0
    option: str = ""
    address: str = ""
    city: str = ""


@dataclass(frozen=True)
class Decided:
    """The fee, and who carries it."""

    fee_rp: Rupiah
    courier: str


def decide(session: Session, store: Store, chosen: Delivery, *, at: datetime) -> Decided:
    """What the choice costs now. Raises DeliveryUnknown, InvalidValue (no address to go to)."""
    if chosen.kind == "pickup" and store.has_pickup:
        return Decided(0, "")
    if len(chosen.address.strip()) < 8 or not chosen.city.strip():
        raise InvalidValue(field="Alamat", reason="isi jalan, nomor rumah, dan kota, supaya paket sampai.")
    if chosen.kind == "zone":
        zone = session.get(ShippingZone, chosen.zone_id)
        if zone is not None and zone.store_id == store.id and zone.is_active:
            return Decided(zone.fee_rp, f"Kurir toko ({zone.name})")
    if chosen.kind == "courier":
        quote = session.get(ShippingQuote, chosen.quote_id)
        if quote is not None and quote.origin_id == store.origin_id and at - quote.fetched_at < QUOTE_LIVES:
            for option in quote.options:
                if option["key"] == chosen.option:
                    return Decided(int(option["cost_rp"]), str(option["label"]))
    raise DeliveryUnknown()
