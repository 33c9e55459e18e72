"""Where a parcel is, and what the services outside know that nobody told us: asked between units of work only."""

from datetime import date, datetime

from sqlalchemy import select

from core.actor import Actor
from core.errors import Refusal
from models.mart.orders import Order, OrderPayment
from models.transaction import Database
from services.mart import fulfilment, gateway
from services.mart.ports.midtrans import Midtrans
from services.mart.ports.rajaongkir import RajaOngkir, Tracking

MOST_ASKED = 50  # of the courier service's questions a day, the free hundred are for buyers' prices as well


def look(order: Order, service: RajaOngkir | None) -> Tracking | None:
    """What the courier says of an order's parcel; None for one without a courier's number, or without the service.

    Raises WaybillUnknown, CourierRefused, CourierDown.
    """
    if service is None or order.delivery != "courier" or not order.waybill:
        return None
    digits = "".join(c for c in order.buyer_phone if c.isdigit())
    return service.track(order.waybill, order.courier.split()[0].lower(), digits[-5:])


def arrivals(database: Database, actor: Actor, service: RajaOngkir | None, day: date) -> int:
    """Mark parcels that the courier delivered; how many. What it does not know waits for another day."""
    if service is None:
        return 0
    with database.reading(actor) as session:
        query = select(Order).where(Order.state == "shipped", Order.delivered_on.is_(None), Order.delivery == "courier")
        sent = list(session.scalars(query.order_by(Order.handed_on).limit(MOST_ASKED)))
    came = 0
    for order in sent:
        try:
            told = look(order, service)
        except Refusal:
            continue
        if told is not None and told.delivered:
            with database.transaction(actor) as session:
                fulfilment.arrived(session, actor, session.get_one(Order, order.id), on=day)
            came += 1
    return came


def payments(database: Database, actor: Actor, service: Midtrans | None, at: datetime) -> int:
    """Ask for payments whose notice may be lost; how many turned out to be paid."""
    if service is None:
        return 0
    with database.reading(actor) as session:
        waits = select(OrderPayment.reference).where(OrderPayment.kind == "gateway", OrderPayment.state == "waiting")
        references = list(session.scalars(waits.order_by(OrderPayment.id).limit(MOST_ASKED)))
    paid = 0
    for reference in references:
        try:
            paid += gateway.look_again(database, reference, service, at=at) == "paid"
        except Refusal:
            continue  # nobody could say; the next look asks again
    return paid
