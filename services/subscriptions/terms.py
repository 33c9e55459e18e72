"""A subscription's life: trial, paid terms, days of grace, read-only, and back. Nothing is ever deleted.

Days are looked at, not the last run: `catch_up` brings a subscription to where it stands on a day, whenever it is
called, and every act begins with it.
"""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import local, now
from core.display import date_long
from core.errors import InvalidValue, NotFound
from core.money import Rupiah
from models.coops import Coop
from models.subscriptions import Plan, Subscription, SubscriptionChange, SubscriptionInvoice
from services.audit import trail
from services.deposits.earning import add_months, months_between
from services.subscriptions import discounts, plans
from services.subscriptions.refusals import AlreadySubscribed, NotOnTrial

TRIAL_DAYS = 30
GRACE_DAYS = 7
HELD_DAYS = 7
"""How much longer than that the books stay open while a proof of transfer waits for us."""
MOST_EXTENDED = 90
STATES = {"trial": "masa coba", "active": "berjalan", "grace": "masa tenggang", "read_only": "hanya dibaca"}


def start_trial(
    session: Session, coop_id: int, *, plan_code: str, on: date, user_id: int, discount_code: str = ""
) -> Subscription:
    """A cooperative's free month, `on` being its first day; its limits hold at once. Needs a platform session.

    Raises PlanUnknown, AlreadySubscribed, DiscountRefused.
    """
    plan = plans.by_code(session, plan_code)
    if session.scalars(select(Subscription.id).where(Subscription.coop_id == coop_id)).first() is not None:
        raise AlreadySubscribed()
    subscription = Subscription(
        coop_id=coop_id, plan_id=plan.id, plan=plan, started_on=on, trial_ends_on=on + timedelta(days=TRIAL_DAYS - 1)
    )
    session.add(subscription)
    if discount_code.strip():
        discounts.take(session, subscription, discount_code, plan, on)
    hold_limits(session, subscription)
    changed(session, subscription, "trial", 0, on=on, user_id=user_id)
    return subscription


def of_coop(session: Session, coop_id: int, *, lock: bool = False) -> Subscription | None:
    """A cooperative's subscription, None for one without; locked for who changes it."""
    query = select(Subscription).where(Subscription.coop_id == coop_id)
    if lock:
        query = query.with_for_update(of=Subscription).execution_options(populate_existing=True)
    return session.scalars(query).first()


def locked(session: Session, coop_id: int, on: date) -> Subscription:
    """A cooperative's subscription as it stands on a day, to be changed. Raises NotFound."""
    subscription = of_coop(session, coop_id, lock=True)
    if subscription is None:
        raise NotFound(what="Langganan")
    catch_up(session, subscription, on)
    return subscription


def changed(
    session: Session,
    subscription: Subscription,
    kind: str,
    mrr_after_rp: Rupiah,
    *,
    on: date,
    user_id: int | None = None,
    note: str = "",
) -> SubscriptionChange:
    """Write a step into the subscription's history; what it earned before is what the step before left."""
    step = SubscriptionChange(
        coop_id=subscription.coop_id, happened_on=on, kind=kind, plan_id=subscription.plan_id, user_id=user_id,
        mrr_before_rp=mrr_rp(session, subscription), mrr_after_rp=mrr_after_rp, note=note[:200],
    )  # fmt: skip
    session.add(step)
    session.flush()  # the next step reads it
    return step


def mrr_rp(session: Session, subscription: Subscription) -> Rupiah:
    """What a subscription earns a month now, by its last step (see `plans.monthly_rp`)."""
    query = select(SubscriptionChange.mrr_after_rp).where(SubscriptionChange.coop_id == subscription.coop_id)
    return session.scalars(query.order_by(SubscriptionChange.id.desc()).limit(1)).first() or 0


def covered_until(subscription: Subscription) -> date:
    """The last day that is paid for, or of the trial."""
    return max(subscription.paid_until or subscription.trial_ends_on, subscription.trial_ends_on)


def grace_until(subscription: Subscription) -> date:
    """The last day on which everything still works without payment: days of grace, more while a proof waits."""
    held = HELD_DAYS if is_held(subscription) else 0
    return covered_until(subscription) + timedelta(days=GRACE_DAYS + held)


def is_held(subscription: Subscription) -> bool:
    """Whether a proof of transfer, sent while the books were open, still waits for us to look at it."""
    sent_at = subscription.proof_sent_at
    return sent_at is not None and local(sent_at).date() <= covered_until(subscription) + timedelta(days=GRACE_DAYS)


def term_end(starts_on: date, period: str, anchor_on: date) -> date:
    """The last day of a term: the day before the same day of a later month, counted from the first term's day.

    So terms that began on the 31st end on the 30th, the 27th of February, and on the 30th again.
    """
    passed = months_between(anchor_on, starts_on)
    return add_months(anchor_on, passed + plans.MONTHS[period]) - timedelta(days=1)


def state_on(subscription: Subscription, on: date) -> str:
    """Where a subscription stands on a day, whether or not the night's work has seen that day yet."""
    if on <= covered_until(subscription):
        return "active" if subscription.paid_until else "trial"
    return "grace" if on <= grace_until(subscription) else "read_only"


def until(subscription: Subscription, on: date) -> date:
    """The last day of where a subscription stands: of the trial, of what is paid for, or of the days of grace."""
    late = state_on(subscription, on) in ("grace", "read_only")
    return grace_until(subscription) if late else covered_until(subscription)


def catch_up(session: Session, subscription: Subscription, on: date) -> bool:
    """Bring a subscription to where it stands on a day; whether anything changed. Again it changes nothing."""
    before = (subscription.state, subscription.plan_id, subscription.period)
    _begin_term(session, subscription, on)
    state = state_on(subscription, on)
    if state == "read_only" and subscription.state != "read_only":
        _lapse(session, subscription)
    subscription.state = state
    return before != (subscription.state, subscription.plan_id, subscription.period)


def _begin_term(session: Session, subscription: Subscription, on: date) -> None:
    """Where a paid term of another plan or period has begun, it holds from its first day."""
    query = select(SubscriptionInvoice).where(
        SubscriptionInvoice.coop_id == subscription.coop_id, SubscriptionInvoice.kind == "term",
        SubscriptionInvoice.state == "paid", SubscriptionInvoice.starts_on <= on, SubscriptionInvoice.ends_on >= on,
    )  # fmt: skip
    term = session.scalars(query.order_by(SubscriptionInvoice.starts_on.desc(), SubscriptionInvoice.id.desc())).first()
    if term is None:
        return
    plan_id = _upgraded_to(session, term, on) or term.plan_id
    if (plan_id, term.period) != (subscription.plan_id, subscription.period):
        switch(session, subscription, session.get_one(Plan, plan_id), term.period, on=term.starts_on)


def _upgraded_to(session: Session, term: SubscriptionInvoice, on: date) -> int | None:
    """The plan of the last upgrade that was paid for a term after the term itself."""
    query = select(SubscriptionInvoice.plan_id).where(
        SubscriptionInvoice.coop_id == term.coop_id, SubscriptionInvoice.kind == "upgrade",
        SubscriptionInvoice.state == "paid", SubscriptionInvoice.id > term.id,
        SubscriptionInvoice.starts_on <= on, SubscriptionInvoice.ends_on >= term.starts_on,
    )  # fmt: skip
    return session.scalars(query.order_by(SubscriptionInvoice.id.desc())).first()


def switch(
    session: Session, subscription: Subscription, plan: Plan, period: str, *, on: date, user_id: int | None = None
) -> None:
    """Another plan or period from a day on, with its limits; the history says which way it went."""
    after_rp, before_rp = plans.monthly_rp(plan, period), mrr_rp(session, subscription)
    subscription.plan, subscription.plan_id, subscription.period = plan, plan.id, period
    hold_limits(session, subscription)
    changed(
        session, subscription, "upgrade" if after_rp >= before_rp else "downgrade", after_rp, on=on, user_id=user_id
    )


def hold_limits(session: Session, subscription: Subscription) -> None:
    """What the plan allows holds for the cooperative from now on."""
    session.get_one(Coop, subscription.coop_id).limits = dict(subscription.plan.limits)


def _lapse(session: Session, subscription: Subscription) -> None:
    """Nobody paid: the books can be read, exported and paid for, from the day after the days of grace."""
    first_day = grace_until(subscription) + timedelta(days=1)
    coop = session.get_one(Coop, subscription.coop_id)
    coop.read_only_since = coop.read_only_since or now()
    changed(session, subscription, "lapse", 0, on=first_day)


def reopen(session: Session, subscription: Subscription) -> None:
    """The books are open again, at once."""
    session.get_one(Coop, subscription.coop_id).read_only_since = None


def extend_trial(session: Session, actor: Actor, coop_id: int, *, until: date, reason: str, on: date) -> Subscription:
    """The operator gives a cooperative that never paid more time; again with the same day changes nothing.

    Raises NotFound, NotOnTrial, InvalidValue.
    """
    actor.must("platform.manage")
    subscription = locked(session, coop_id, on)
    if subscription.paid_until is not None:
        raise NotOnTrial()
    if not reason.strip():
        raise InvalidValue(field="Alasan", reason="isi dulu, supaya terlihat di riwayat.")
    if until == subscription.trial_ends_on:
        return subscription
    first, last = max(on, subscription.trial_ends_on), on + timedelta(days=MOST_EXTENDED)
    if not first <= until <= last:
        raise InvalidValue(field="Sampai", reason=f"pilih antara {date_long(first)} dan {date_long(last)}.")
    subscription.trial_ends_on, subscription.state = until, "trial"
    reopen(session, subscription)
    changed(session, subscription, "extend", 0, on=on, user_id=actor.user_id, note=reason.strip())
    trail.record(
        session, actor.named_in(coop_id), "subscriptions.extend",
        f"subscription:{subscription.id}", until=until.isoformat(), reason=reason.strip(),
    )  # fmt: skip
    return subscription
