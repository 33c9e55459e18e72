"""The list of cooperatives for the operator: the same on both databases, and no row of it is anybody's money."""

from datetime import date, timedelta

import pytest

from core.clock import today
from core.errors import NotAllowed
from models.coops import Coop
from reports.platform.tenants import Tenant, tenants
from services.jobs.outcome import Outcome
from services.savings import commands as savings
from services.subscriptions import terms
from services.support import grants
from tests.conftest import World

OPERATOR = "operator_platform"


def listed(world: World, on: date) -> dict[str, Tenant]:
    outcome = Outcome(on, broken={"tetangga": 2}, sound=frozenset({"maju"}))
    with world.database.platform("test") as session:
        found = tenants(session, world.platform[OPERATOR], on, outcome, {world.coop.id: 4096})
    return {one.slug: one for one in found}


def test_each_cooperative_stands_as_its_own_rows_say(any_world: World) -> None:
    member, day = any_world.member(), today()
    with any_world.transaction(any_world.petugas) as session:
        savings.deposit(
            session, any_world.petugas, member_id=member, product_id=any_world.product("voluntary"), amount_rp=50_000,
            booked_on=date(2026, 2, 3), token="first",
        )  # fmt: skip
    with any_world.transaction(any_world.ketua) as session:
        grants.grant(session, any_world.ketua, reason="Saldo tidak cocok", hours=4)
    with any_world.database.platform("test", writes=True) as session:
        session.add(Coop(slug="latihan", name="Latihan", chart_name="konvensional", practice_of_id=any_world.coop.id))
        terms.start_trial(session, any_world.coop.id, plan_code="tumbuh", on=day, user_id=any_world.ketua.user_id)
    found = listed(any_world, day)
    ours, theirs = found["maju"], found["tetangga"]
    assert (ours.members, ours.plan, ours.state, ours.until) == (1, "Tumbuh", "trial", day + timedelta(days=29))
    assert (ours.used_on, ours.books, ours.storage_bytes, ours.may_be_seen) == (day, "sound", 4096, True)
    assert (theirs.members, theirs.plan, theirs.state, theirs.until) == (0, "", "none", None)
    assert (theirs.used_on, theirs.books, theirs.storage_bytes, theirs.may_be_seen) == (None, "broken", 0, False)
    assert (ours.users, theirs.users, found["latihan"].kind) == (7, 7, "practice")
    assert ours.calls(day + timedelta(days=23)) == {"ending", "quiet"}
    assert listed(any_world, day + timedelta(days=30))["maju"].state == "grace"
    assert found["latihan"].calls(day) == frozenset()


def test_a_cooperative_is_told_nothing_of_the_others(world: World) -> None:
    with world.database.platform("test") as session:
        for who in (world.ketua, world.platform["redaktur"]):
            with pytest.raises(NotAllowed):
                tenants(session, who, today())
