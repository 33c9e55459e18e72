"""Invoices: what choosing a plan would cost, seen before it is chosen; issued with frozen lines; settled once."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import number, rupiah
from core.errors import NotFound
from core.money import Rupiah
from models.subscriptions import Plan, Subscription, SubscriptionInvoice, SubscriptionPayment
from services.access import limits
from services.audit import trail
from services.subscriptions import discounts, plans, pricing, terms
from services.subscriptions.pricing import Price
from services.subscriptions.refusals import NothingToChange, PaymentWaits, PlanTooSmall, PriceMoved

RENEW_DAYS = 14
UPGRADE_DAYS = 2
STATES = {"open": "belum dibayar", "paid": "lunas", "void": "batal"}


@dataclass(frozen=True)
class Offer:
    """What choosing a plan means today: a `term` is paid whole, an `upgrade` by days, `later` waits."""

    kind: Literal["term", "upgrade", "later"]
    plan: Plan
    period: str
    starts_on: date
    ends_on: date
    price: Price

    @property
    def due_rp(self) -> Rupiah:
        """What is to be paid now."""
        return 0 if self.kind == "later" else self.price.total_rp


def preview(session: Session, actor: Actor, *, plan_code: str, period: str, discount_code: str = "", on: date) -> Offer:
    """What a choice would cost and when it would hold. Makes nothing.

    Raises PlanUnknown, DiscountRefused, NothingToChange, PlanTooSmall, NotFound.
    """
    actor.must("subscription.view")
    subscription = terms.of_coop(session, actor.coop_id)
    if subscription is None:
        raise NotFound(what="Langganan")
    plan, period = plans.by_code(session, plan_code), period if period in plans.PERIODS else "month"
    _fits(session, plan)
    discount = discounts.held_for(session, subscription, plan)
    if discount_code.strip():
        discount = discounts.found(session, discount_code, plan, on)
    whole = pricing.of_term(plan, period, discount)
    if subscription.paid_until is None or on > subscription.paid_until:
        starts_on = (
            on if on > terms.grace_until(subscription) else terms.covered_until(subscription) + timedelta(days=1)
        )
        anchor_on = starts_on if _afresh(subscription, on) else subscription.anchor_on or starts_on
        return Offer("term", plan, period, starts_on, terms.term_end(starts_on, period, anchor_on), whole)
    same = (plan.id, period) == (subscription.plan_id, subscription.period)
    if same and subscription.next_plan_id is None and subscription.next_period is None:
        raise NothingToChange(plan=plan.name)
    if plan.monthly_rp > subscription.plan.monthly_rp:
        price = pricing.of_upgrade(plan, _paid_from(session, subscription, on), on)
        return Offer("upgrade", plan, period, on, subscription.paid_until, price)
    starts_on = subscription.paid_until + timedelta(days=1)
    ends_on = terms.term_end(starts_on, period, subscription.anchor_on or starts_on)
    return Offer("later", plan, period, starts_on, ends_on, whole)


def _afresh(subscription: Subscription, on: date) -> bool:
    """Whether terms are counted anew: the first one, and the first after the books were read-only."""
    return subscription.paid_until is None or on > terms.grace_until(subscription)


def _fits(session: Session, plan: Plan) -> None:
    for what, limit in plan.limits.items():
        if what in limits.NAMES and (used := limits.used(session, what)) > limit:
            raise PlanTooSmall(plan=plan.name, limit=number(limit), what=limits.NAMES[what], used=number(used))


def _paid_from(session: Session, subscription: Subscription, on: date) -> list[SubscriptionInvoice]:
    query = select(SubscriptionInvoice).where(
        SubscriptionInvoice.coop_id == subscription.coop_id, SubscriptionInvoice.state == "paid",
        SubscriptionInvoice.ends_on >= on,
    )  # fmt: skip
    return list(session.scalars(query.order_by(SubscriptionInvoice.id)))


def choose(
    session: Session,
    actor: Actor,
    *,
    plan_code: str,
    period: str,
    discount_code: str = "",
    seen_rp: Rupiah,
    token: str,
    on: date,
) -> SubscriptionInvoice | None:
    """Choose what a preview showed; the invoice to pay, None when the change waits for the next term. Once per token.

    Raises PriceMoved when it would cost something else by now, PaymentWaits, and as `preview`.
    """
    actor.must("subscription.pay")
    subscription = terms.locked(session, actor.coop_id, on)
    if (before := _by_token(session, subscription, token)) is not None:
        return before
    offer = preview(session, actor, plan_code=plan_code, period=period, discount_code=discount_code, on=on)
    if offer.due_rp != seen_rp:
        raise PriceMoved(seen=rupiah(seen_rp), now=rupiah(offer.due_rp))
    if discount_code.strip():
        discounts.take(session, subscription, discount_code, offer.plan, on)
    void_open(session, subscription)
    trail.record(session, actor, "subscriptions.choose", f"subscription:{subscription.id}", plan=offer.plan.code,
                 period=offer.period, kind=offer.kind, due_rp=offer.due_rp)  # fmt: skip
    if offer.kind == "later":
        stays = (offer.plan.id, offer.period) == (subscription.plan_id, subscription.period)
        subscription.next_plan_id = None if stays else offer.plan.id
        subscription.next_period = None if stays else offer.period
        renew(session, subscription, on)
        return None
    if offer.kind == "term":
        subscription.next_plan_id = subscription.next_period = None
    elif offer.period != subscription.period:
        subscription.next_period = offer.period  # the paid days keep theirs
    return _issue(session, subscription, offer, token=token, on=on, user_id=actor.user_id)


def _by_token(session: Session, subscription: Subscription, token: str) -> SubscriptionInvoice | None:
    query = select(SubscriptionInvoice).where(
        SubscriptionInvoice.coop_id == subscription.coop_id, SubscriptionInvoice.token == token
    )
    return session.scalars(query).first()


def _issue(
    session: Session, subscription: Subscription, offer: Offer, *, token: str, on: date, user_id: int | None = None
) -> SubscriptionInvoice:
    """An invoice with the next number of its year; one of nothing is settled at once."""
    numbered = select(func.max(SubscriptionInvoice.number)).where(
        SubscriptionInvoice.coop_id == subscription.coop_id, SubscriptionInvoice.year == on.year
    )
    discount = discounts.held_for(session, subscription, offer.plan) if offer.kind == "term" else None
    last_day = terms.covered_until(subscription) if offer.kind == "term" else on + timedelta(days=UPGRADE_DAYS)
    invoice = SubscriptionInvoice(
        coop_id=subscription.coop_id, token=token[:60], year=on.year, number=(session.scalar(numbered) or 0) + 1,
        kind=offer.kind, plan_id=offer.plan.id, plan=offer.plan, starts_on=offer.starts_on, ends_on=offer.ends_on,
        period=offer.period if offer.kind == "term" else subscription.period,
        lines=[{"label": line.label, "amount_rp": line.amount_rp} for line in offer.price.lines],
        total_rp=offer.price.total_rp, discount_id=discount.id if discount else None,
        issued_on=on, due_on=max(on, last_day),
    )  # fmt: skip
    subscription.discount_left -= discount is not None
    session.add(invoice)
    session.flush()  # payments point at it
    if not invoice.total_rp:
        settle(session, invoice, on=on, user_id=user_id)
    return invoice


def void_open(session: Session, subscription: Subscription) -> None:
    """Withdraw invoices that nobody is paying, and the use of their code. Raises PaymentWaits for a proof under way."""
    query = select(SubscriptionInvoice).where(
        SubscriptionInvoice.coop_id == subscription.coop_id, SubscriptionInvoice.state == "open"
    )
    for invoice in session.scalars(query):
        for payment in waiting_for(session, invoice):
            if payment.kind == "transfer":
                raise PaymentWaits(invoice=invoice.label)
        invoice.state = "void"
        subscription.discount_left += (
            invoice.discount_id is not None and invoice.discount_id == subscription.discount_id
        )
    session.flush()


def waiting_for(session: Session, invoice: SubscriptionInvoice) -> list[SubscriptionPayment]:
    """Payments of an invoice that are not decided."""
    query = select(SubscriptionPayment).where(
        SubscriptionPayment.coop_id == invoice.coop_id, SubscriptionPayment.invoice_id == invoice.id,
        SubscriptionPayment.state == "waiting",
    )  # fmt: skip
    return list(session.scalars(query.order_by(SubscriptionPayment.id)))


def renew(session: Session, subscription: Subscription, on: date) -> SubscriptionInvoice | None:
    """The invoice of the next term, from two weeks before the paid one ends; None when too early or already there."""
    if subscription.paid_until is None or subscription.state not in ("active", "grace"):
        return None
    starts_on = subscription.paid_until + timedelta(days=1)
    if on < subscription.paid_until - timedelta(days=RENEW_DAYS):
        return None
    _forget_upgrades(session, subscription, on)
    held = select(SubscriptionInvoice.id).where(
        SubscriptionInvoice.coop_id == subscription.coop_id, SubscriptionInvoice.state == "open",
        SubscriptionInvoice.kind == "term",
    )  # fmt: skip
    if session.scalars(held).first() is not None:
        return None
    plan = session.get_one(Plan, subscription.next_plan_id or subscription.plan_id)
    period = subscription.next_period or subscription.period
    price = pricing.of_term(plan, period, discounts.held_for(session, subscription, plan))
    ends_on = terms.term_end(starts_on, period, subscription.anchor_on or starts_on)
    tries = select(func.count()).where(SubscriptionInvoice.coop_id == subscription.coop_id)
    token = f"renew:{starts_on.isoformat()}:{session.scalar(tries)}"
    return _issue(session, subscription, Offer("term", plan, period, starts_on, ends_on, price), token=token, on=on)


def _forget_upgrades(session: Session, subscription: Subscription, on: date) -> None:
    """The price of an upgrade is of its day: unpaid, it is withdrawn soon, and may be asked for again."""
    query = select(SubscriptionInvoice).where(
        SubscriptionInvoice.coop_id == subscription.coop_id, SubscriptionInvoice.state == "open",
        SubscriptionInvoice.kind == "upgrade", SubscriptionInvoice.due_on < on,
    )  # fmt: skip
    for invoice in session.scalars(query):
        if not waiting_for(session, invoice):
            invoice.state = "void"


def settle(session: Session, invoice: SubscriptionInvoice, *, on: date, user_id: int | None = None) -> None:
    """An invoice is paid: its term or upgrade holds, closed books open at once. Again it changes nothing."""
    if invoice.state != "open":
        return
    subscription = terms.locked(session, invoice.coop_id, on)
    invoice.state, invoice.paid_on = "paid", on
    if invoice.kind == "upgrade":
        subscription.next_plan_id = None
        terms.switch(session, subscription, invoice.plan, subscription.period, on=on, user_id=user_id)
    else:
        _settle_term(session, subscription, invoice, on, user_id)
    session.flush()  # the term is looked for below
    terms.catch_up(session, subscription, on)
    renew(session, subscription, on)


def _settle_term(
    session: Session, subscription: Subscription, invoice: SubscriptionInvoice, on: date, user_id: int | None
) -> None:
    """A term begins after what is covered; after read-only days it begins today, for those days were not used."""
    first, resumed = subscription.paid_until is None, subscription.state == "read_only"
    afresh = first or resumed
    starts_on = on if resumed else terms.covered_until(subscription) + timedelta(days=1)
    subscription.anchor_on = starts_on if afresh else subscription.anchor_on or starts_on
    invoice.starts_on = starts_on
    invoice.ends_on = subscription.paid_until = terms.term_end(starts_on, invoice.period, subscription.anchor_on)
    after_rp = plans.monthly_rp(invoice.plan, invoice.period)
    if afresh:
        subscription.plan, subscription.plan_id, subscription.period = invoice.plan, invoice.plan_id, invoice.period
        terms.hold_limits(session, subscription)
        terms.reopen(session, subscription)
        subscription.state = "active"
        terms.changed(session, subscription, "start" if first else "resume", after_rp, on=on, user_id=user_id)
    else:
        stays = (invoice.plan_id, invoice.period) == (subscription.plan_id, subscription.period)
        kept_rp = after_rp if stays else terms.mrr_rp(session, subscription)
        if stays:
            terms.hold_limits(session, subscription)  # the plan may allow something else by now
        terms.changed(session, subscription, "renew", kept_rp, on=on, user_id=user_id)
    subscription.next_plan_id = subscription.next_period = None
