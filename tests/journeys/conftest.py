"""The whole app over two cooperatives with a story each, and one person of ours who may do everything."""

import pytest

from core.actor import Actor
from models.access import CoopUser, RoleGrant, User
from models.members import Member
from services.access.roles import ROLES
from services.access.sign_in import actor_in
from tests.admin_panel.conftest import Browser, Panel, one_app, panel, peopled, peopled_folder
from tests.conftest import World

__all__ = ["one_app", "panel", "peopled", "peopled_folder"]
NEIGHBOUR = "tetangga"  # in every name of the other cooperative, and in no name of ours


def employ(world: World, username: str, roles: set[str], member_id: int | None = None) -> Actor:
    """A user of our cooperative with these roles."""
    with world.database.platform("test", writes=True) as session:
        user = User(username=username, full_name=username.title())
        session.add(user)
        session.flush()
        session.add(CoopUser(coop_id=world.coop.id, user_id=user.id, member_id=member_id))
        session.add_all([RoleGrant(coop_id=world.coop.id, user_id=user.id, role=role) for role in roles])
    with world.reading() as session:
        actor = actor_in(session, user.id, world.coop.id)
    assert actor is not None
    return actor


def siti(world: World) -> int:
    with world.reading() as session:
        return session.query(Member).filter(Member.state == "active").one().id


@pytest.fixture
def everything(peopled: Panel) -> Browser:
    """Every role of the cooperative and its member Siti in one person: whatever is refused is refused for the fence."""
    roles = {role for role, spec in ROLES.items() if not spec.on_platform}
    return peopled.as_(employ(peopled.world, "serba bisa", roles, siti(peopled.world)))


@pytest.fixture
def only_member(peopled: Panel) -> Browser:
    """Siti, who may see what is hers."""
    return peopled.as_(employ(peopled.world, "siti", {"anggota"}, siti(peopled.world)))
