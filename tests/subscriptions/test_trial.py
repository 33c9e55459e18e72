"""The free month: what it allows, and what its code costs the quota."""

from datetime import date, timedelta

import pytest

from models.coops import Coop
from models.subscriptions import DiscountCode, SubscriptionChange
from services.subscriptions import plans, terms
from services.subscriptions.refusals import AlreadySubscribed, DiscountRefused, PlanUnknown

FIRST = date(2026, 1, 10)


def start(world, coop=None, **how):
    coop, how = coop or world.coop, {"plan_code": "tumbuh", "on": FIRST, "user_id": world.ketua.user_id} | how
    with world.database.platform("test", writes=True) as session:
        return terms.start_trial(session, coop.id, **how)


def add_code(world, **what):
    given = {"code": "AWAL", "percent": 50, "starts_on": FIRST, "ends_on": FIRST + timedelta(days=60)} | what
    with world.database.platform("test", writes=True) as session:
        session.add(DiscountCode(**given))


def test_four_plans_once(world):
    with world.database.platform("test", writes=True) as session:
        again = plans.create_usual(session)
        assert [plan.code for plan in again] == ["rintisan", "tumbuh", "maju", "besar"]
        assert plans.offered(session) == again


def test_a_trial_has_thirty_days_and_its_limits(world):
    subscription = start(world)
    assert (subscription.trial_ends_on - FIRST).days == 29
    with world.database.platform("test") as session:
        assert session.get(Coop, world.coop.id).limits == {"members": 500, "users": 10, "stores": 2}
        assert session.get(Coop, world.other.id).limits == {}
        step = session.query(SubscriptionChange).one()
    assert (step.kind, step.mrr_before_rp, step.mrr_after_rp, step.happened_on) == ("trial", 0, 0, FIRST)


def test_no_second_trial_and_no_unknown_plan(world):
    start(world)
    with pytest.raises(AlreadySubscribed):
        start(world)
    with pytest.raises(PlanUnknown):
        start(world, world.other, plan_code="emas")


def test_a_code_counts_once_for_each_cooperative(world):
    add_code(world, quota=1)
    start(world, discount_code=" awal ")
    with pytest.raises(DiscountRefused, match="semua tempatnya sudah terpakai"):
        start(world, world.other, discount_code="AWAL")


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ({"starts_on": FIRST + timedelta(days=1)}, "baru berlaku 11 Januari 2026"),
        ({"starts_on": FIRST - timedelta(days=9), "ends_on": FIRST - timedelta(days=1)}, "sampai 9 Januari 2026"),
        ({"code": "LAIN"}, "tidak dikenal"),
        ({"plan_id": 1}, "hanya untuk paket Rintisan"),
    ],
)
def test_a_code_that_does_not_hold(world, what, why):
    add_code(world, **what)
    with pytest.raises(DiscountRefused, match=why):
        start(world, discount_code="AWAL")
