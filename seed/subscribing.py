"""The demo cooperatives subscribe: one has paid for a year, the other is in its free month."""

from datetime import date, timedelta

from core.actor import Actor
from models.transaction import Database, TenantSession
from seed.logins import EMPLOYEES
from services.access import machine
from services.coops.commands import by_slug
from services.subscriptions import invoices, plans, terms

PLAN = "maju"
IN_TRIAL, PAID_SINCE = timedelta(days=11), timedelta(days=200)


def subscribe(database: Database, slug: str, today: date) -> None:
    """A demo cooperative's subscription until today; without what was told on the way."""
    with database.platform("demo: a subscription", writes=True) as session:
        plans.create_usual(session)
        coop, pays = by_slug(session, slug), slug == EMPLOYEES
        began = today - (PAID_SINCE if pays else IN_TRIAL)
        user_id = machine.user_id(session)
        terms.start_trial(session, coop.id, plan_code=PLAN, on=began, user_id=user_id)
        if pays:
            session.flush()
            session.belong_to(coop.id)
            _pay(session, Actor(user_id, coop.id, frozenset({"subscription.view", "subscription.pay"})), began)


def _pay(session: TenantSession, actor: Actor, began: date) -> None:
    on, wish = began + timedelta(days=20), {"plan_code": PLAN, "period": "year"}
    due_rp = invoices.preview(session, actor, **wish, on=on).due_rp
    invoice = invoices.choose(session, actor, **wish, seen_rp=due_rp, token="demo-langganan", on=on)  # noqa: S106  no secret
    assert invoice is not None
    invoices.settle(session, invoice, on=on, user_id=actor.user_id)
