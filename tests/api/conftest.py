"""Programs with a token: a member of ours, and what they may send."""

from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from flask_jwt_extended import create_access_token
from werkzeug.test import TestResponse

from core.actor import Actor
from models.access import User
from models.members import Member
from tests.admin_panel.conftest import Panel, one_app, panel, peopled, peopled_folder
from tests.journeys.conftest import employ

__all__ = ["one_app", "panel", "peopled", "peopled_folder"]
BASE = "/api/v1"


@dataclass
class Program:
    """A client that sends a bearer token."""

    client: FlaskClient
    actor: Actor
    token: str

    def get(self, path: str, **query: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.client.get(f"{BASE}{path}", query_string=query, headers=headers)

    def post(self, path: str, body: Any, key: str = "key-00000001") -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key}
        return self.client.post(f"{BASE}{path}", json=body, headers=headers)


def program(panel: Panel, actor: Actor) -> Program:
    with panel.world.database.platform("test") as session:
        epoch = session.get_one(User, actor.user_id).token_epoch
    with panel.app.app_context():
        token = create_access_token(str(actor.user_id), additional_claims={"epoch": epoch})
    return Program(panel.app.test_client(), actor, token)


def member_of(panel: Panel, coop_id: int) -> int:
    with panel.world.database.reading(coop_id) as session:
        return session.query(Member).filter(Member.state == "active").order_by(Member.id).first().id


@pytest.fixture
def siti(peopled: Panel) -> Program:
    """A member with savings in every product, and a loan."""
    return program(peopled, employ(peopled.world, "siti", {"anggota"}, member_of(peopled, peopled.world.coop.id)))
