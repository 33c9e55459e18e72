"""Who may let the operator look, for how long, and that it ends."""

from datetime import datetime, timedelta

import pytest

from core.clock import now
from core.errors import InvalidValue, NotAllowed, NotFound
from models.access import User
from models.audit import AuditRecord
from models.support import SupportGrant
from services.access import sign_in
from services.access.roles import LOOKING, ROLES
from services.access.sign_in import SignedIn
from services.support import grants
from services.support.grants import SEES, GrantOpen, NotGranted
from tests.conftest import World


def let_in(world: World, hours: int = 4) -> int:
    with world.transaction(world.ketua) as session:
        return grants.grant(session, world.ketua, reason="Saldo tidak cocok", hours=hours).id


def at_the_door(world: World) -> SignedIn:
    """The operator in a browser of theirs."""
    operator = world.platform["operator_platform"]
    with world.database.platform("test") as session:
        user = session.get_one(User, operator.user_id)
    token = sign_in.begin(world.database, user, ip="127.0.0.1", agent="test", hours=12)
    found = sign_in.resolve(world.database, token, 30)
    assert found is not None
    return found


def inside(world: World) -> SignedIn:
    who = at_the_door(world)
    grants.enter(world.database, who, world.platform["operator_platform"], world.coop.id)
    return again(world, who)


def again(world: World, who: SignedIn) -> SignedIn:
    found = sign_in.still_signed_in(world.database, who.session_id, 30)
    assert found is not None
    return found


def later(monkeypatch: pytest.MonkeyPatch, **time: int) -> None:
    moment: datetime = now() + timedelta(**time)
    monkeypatch.setattr(grants, "now", lambda: moment)


def test_without_leave_the_operator_stays_outside(any_world: World) -> None:
    who = at_the_door(any_world)
    with pytest.raises(NotGranted):
        grants.enter(any_world.database, who, any_world.platform["operator_platform"], any_world.coop.id)
    assert again(any_world, who).coop_id is None
    let_in(any_world)
    with pytest.raises(NotGranted):  # ours is open, not the neighbour's
        grants.enter(any_world.database, who, any_world.platform["operator_platform"], any_world.other.id)


def test_let_in_they_look_with_few_words_and_are_noted(any_world: World) -> None:
    let_in(any_world)
    who = inside(any_world)
    found = grants.looking(any_world.database, who)
    assert found is not None
    assert (found.actor.coop_id, found.actor.permissions, found.coop_name) == (
        any_world.coop.id,
        SEES,
        any_world.coop.name,
    )
    grants.note(any_world.database, who, "/kopmin/anggota/list/")
    with any_world.reading(any_world.ketua) as session:
        (row,) = grants.history(session, any_world.ketua)
        (visit,) = grants.visits(session, any_world.ketua, row.grant_id)
        looked = (visit.path, visit.user.full_name, row.visits)
        acts = session.query(AuditRecord.action, AuditRecord.user_id).all()
    assert looked == ("/kopmin/anggota/list/", "Oki Operator", 1)
    assert ("support.enter", who.user_id) in acts
    assert ("support.grant", any_world.ketua.user_id) in acts


def test_what_they_see_is_looking_and_nothing_that_is_secret() -> None:
    assert ROLES["pengawas"].permissions > SEES
    assert SEES <= LOOKING
    assert not SEES & {"members.unmask", "own.view", "support.grant", "subscription.pay", "loans.approve_related"}


def test_an_hour_later_an_hour_is_over(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    let_in(world, hours=1)
    who = inside(world)
    later(monkeypatch, minutes=59)
    assert grants.looking(world.database, who) is not None
    later(monkeypatch, minutes=61)
    assert grants.looking(world.database, who) is None
    with pytest.raises(NotGranted):
        grants.enter(world.database, who, world.platform["operator_platform"], world.coop.id)


def test_ended_is_ended_and_a_new_leave_does_not_open_the_old_door(world: World) -> None:
    first = let_in(world)
    who = inside(world)
    for _ in range(2):  # the second click ends nothing more
        with world.transaction(world.ketua) as session:
            grants.end(session, world.ketua, first)
    assert grants.looking(world.database, who) is None
    let_in(world)
    assert grants.looking(world.database, who) is None  # they have to come in anew


def test_one_leave_at_a_time_so_a_double_click_gives_one(world: World) -> None:
    let_in(world)
    with pytest.raises(GrantOpen):
        let_in(world)
    with world.reading() as session:
        assert session.query(SupportGrant).count() == 1


@pytest.mark.parametrize(("reason", "hours"), [("", 4), ("   ", 4), ("Saldo", 0), ("Saldo", 5), ("Saldo", 10_000)])
def test_an_odd_leave_is_refused(world: World, reason: str, hours: int) -> None:
    with pytest.raises(InvalidValue), world.transaction(world.ketua) as session:
        grants.grant(session, world.ketua, reason=reason, hours=hours)


def test_only_who_may_lets_in_looks_back_or_ends(world: World) -> None:
    grant_id = let_in(world)
    with world.transaction(world.bendahara) as session:
        for who in (world.bendahara, world.pengawas, world.petugas):
            with pytest.raises(NotAllowed):
                grants.grant(session, who, reason="Saldo", hours=1)
            with pytest.raises(NotAllowed):
                grants.history(session, who)
            with pytest.raises(NotAllowed):
                grants.end(session, who, grant_id)


def test_the_neighbour_neither_sees_nor_ends_it(any_world: World) -> None:
    grant_id, theirs = let_in(any_world), any_world.other_actors["ketua"]
    with any_world.database.transaction(theirs) as session:
        assert grants.history(session, theirs) == []
        with pytest.raises(NotFound):
            grants.end(session, theirs, grant_id)
        with pytest.raises(NotFound):
            grants.visits(session, theirs, grant_id)


def test_other_people_of_the_platform_do_not_come_in(world: World) -> None:
    let_in(world)
    who = at_the_door(world)
    for role in ("redaktur", "penulis"):
        with pytest.raises(NotAllowed):
            grants.enter(world.database, who, world.platform[role], world.coop.id)


def test_an_operator_no_more_is_out(world: World) -> None:
    let_in(world)
    who = inside(world)
    for role in (None, "redaktur", "ketua"):
        with world.database.platform("test", writes=True) as session:
            session.get_one(User, who.user_id).platform_role = role
        assert grants.looking(world.database, again(world, who)) is None


def test_going_out_ends_the_looking(world: World) -> None:
    let_in(world)
    who = inside(world)
    grants.leave(world.database, who)
    out = again(world, who)
    assert (out.coop_id, out.support_grant_id) == (None, None)
    assert sign_in.on_platform(out) is not None
