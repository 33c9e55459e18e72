"""How an order gets to its buyer: the way and its fee are looked up here, whatever the browser sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import InvalidValue
from models.mart.products import ProductVariant
from models.mart.stores import Store
from services.mart import shipping
from services.mart.refusals import DeliveryUnknown
from services.mart.shipping import Choice, DeliveryGone, Parcel


@dataclass(frozen=True)
class Delivery:
    """What the buyer chose: the key of one of `shipping.options`, and where to."""

    key: str = "pickup"
    address: str = ""
    city: str = ""
    destination_id: str = ""


PICKUP = Delivery()


def weight_of(wanted: Iterable[tuple[ProductVariant, int]]) -> int:
    """What a parcel weighs, in grams."""
    return sum(variant.product.weight_g * pieces for variant, pieces in wanted)


def decide(session: Session, buyer: Actor, store: Store, chosen: Delivery, weight_g: int, *, at: datetime) -> Choice:
    """The chosen way as it stands now. Raises DeliveryUnknown, InvalidValue (no address to go to)."""
    if chosen.key != "pickup" and (len(chosen.address.strip()) < 8 or not chosen.city.strip()):
        raise InvalidValue(field="Alamat", reason="isi jalan, nomor rumah, dan kota, supaya paket sampai.")
    parcel = Parcel(chosen.city, weight_g, chosen.destination_id)
    try:
        return shipping.pick(session, buyer, store, parcel, chosen.key, at=at)
    except DeliveryGone:
        raise DeliveryUnknown() from None
