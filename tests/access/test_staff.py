"""People of the platform: appointed, changed, and never without an operator."""

import pytest

from core.actor import Actor
from core.errors import InvalidValue, NotAllowed, NotFound
from models.access import LoginSession, User
from services.access import passwords, sign_in, staff
from services.access.staff import OPERATOR, LastOperator
from services.access.users import OwnRoles
from tests.conftest import World


def test_somebody_new_gets_a_link_and_somebody_known_keeps_their_password(world: World) -> None:
    with world.database.platform("test", writes=True) as session:
        session.get_one(User, world.ketua.user_id).password_hash = passwords.hashed("kuda lari pagi hari")
        new, token = staff.appoint(session, username=" Nita ", full_name="Nita", role="penulis")
        known, none = staff.appoint(session, username="ketua.maju", full_name="", role="redaktur")
    assert (new.username, new.platform_role, token is not None) == ("nita", "penulis", True)
    assert (known.full_name, known.platform_role, none) == ("Kartika Ketua", "redaktur", None)


@pytest.mark.parametrize(
    ("username", "name", "role"),
    [("nita", "Nita", "ketua"), ("n t", "Nita", OPERATOR), ("nita", " ", OPERATOR), (":mesin", "x", OPERATOR),
     ("operator_platform.platform", "x", OPERATOR)],
)  # fmt: skip
def test_an_odd_appointment_is_refused(world: World, username: str, name: str, role: str) -> None:
    with pytest.raises(InvalidValue), world.database.platform("test", writes=True) as session:
        staff.appoint(session, username=username, full_name=name, role=role)


def test_a_part_changes_and_ends_with_its_sessions(world: World) -> None:
    operator, writer = world.platform[OPERATOR], world.platform["penulis"]
    with world.database.platform("test") as session:
        user = session.get_one(User, writer.user_id)
    sign_in.begin(world.database, user, ip="127.0.0.1", agent="test", hours=12)
    with world.database.transaction(operator) as session:
        staff.change(session, operator, writer.user_id, None)
        assert [row.role for row in staff.everyone(session, operator)] == [OPERATOR, "redaktur"]
        with pytest.raises(NotFound):
            staff.one(session, operator, writer.user_id)
    with world.database.platform("test") as session:
        assert session.query(LoginSession).filter(LoginSession.user_id == writer.user_id).one().revoked_at


def test_the_last_operator_stays(world: World) -> None:
    operator = world.platform[OPERATOR]
    with world.database.transaction(operator) as session, pytest.raises(OwnRoles):
        staff.change(session, operator, operator.user_id, "penulis")
    with world.database.platform("test", writes=True) as session:
        second, _ = staff.appoint(session, username="kedua", full_name="Kedua")
        other = Actor(second.id, operator.coop_id, operator.permissions)
    with world.database.transaction(other) as session:
        staff.change(session, other, operator.user_id, "penulis")
    with pytest.raises(LastOperator), world.database.transaction(operator) as session:
        staff.change(session, operator, second.id, None)


def test_nobody_else_appoints(world: World) -> None:
    for who in (world.ketua, world.platform["redaktur"], world.platform["penulis"]):
        with world.database.transaction(who) as session, pytest.raises(NotAllowed):
            staff.add(session, who, username="nita", full_name="Nita", role=OPERATOR)
        with world.database.transaction(who) as session, pytest.raises(NotAllowed):
            staff.change(session, who, world.platform["penulis"].user_id, OPERATOR)
        with world.database.transaction(who) as session, pytest.raises(NotAllowed):
            staff.new_link(session, who, world.platform["penulis"].user_id)
