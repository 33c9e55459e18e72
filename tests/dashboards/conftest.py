"""`told`: two cooperatives with half a year of figures, open to the dashboards of this process."""

import pytest
import streamlit as st

from core.actor import Actor
from dashboards import session
from models.access import User
from services.access import sign_in
from services.access.sign_in import SignedIn
from tests.conftest import World
from tests.dashboards.story import Told, tell


@pytest.fixture
def told(world: World) -> Told:
    session.open_to(world.database, 30)
    st.cache_data.clear()
    return tell(world)


def signed_in(world: World, actor: Actor) -> tuple[SignedIn, str]:
    """A browser of this person, as the sign-in page would have made it; with the token of its cookie."""
    with world.database.platform("test") as opened:
        user = opened.get_one(User, actor.user_id)
    token = sign_in.begin(world.database, user, ip="127.0.0.1", agent="test", hours=12)
    found = sign_in.resolve(world.database, token, 30)
    assert found is not None
    return found, token
