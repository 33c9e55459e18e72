"""A copied cookie and a copied token are worth nothing once their owner went out, changed, or was put out."""

import pytest
from sqlalchemy import update

from models.access import User
from services.access import sign_in, users
from tests.admin_panel.conftest import Panel
from tests.conftest import PASSWORD
from web.request import TOKEN


def taken(panel: Panel) -> tuple[object, object, str]:
    """Bendahara's browser, a thief's copy of its cookie, and a copy of their refresh token."""
    username = panel.with_password("bendahara")
    browser, thief = panel.as_("bendahara"), panel.app.test_client()
    with browser.client.session_transaction() as cookie, thief.session_transaction() as stolen:
        stolen[TOKEN] = cookie[TOKEN]
    body = {"username": username, "password": PASSWORD, "refresh": True}
    token = panel.app.test_client().post("/api/v1/security/login", json=body).json["refresh_token"]
    assert thief.get("/kopmin/").status_code == 200
    assert refreshed(panel, token) == 200
    return browser, thief, token


def refreshed(panel: Panel, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return panel.app.test_client().post("/api/v1/security/refresh", headers=headers).status_code


def by_new_password(panel: Panel) -> None:
    with panel.world.database.platform("test", writes=True) as session:
        sign_in.revoke_all(session, panel.world.bendahara.user_id)


def by_put_out(panel: Panel) -> None:
    ketua = panel.world.ketua
    with panel.world.transaction(ketua) as session:
        users.set_active(session, ketua, panel.world.bendahara.user_id, is_active=False)


def by_other_roles(panel: Panel) -> None:
    ketua = panel.world.ketua
    with panel.world.transaction(ketua) as session:
        users.set_roles(session, ketua, panel.world.bendahara.user_id, {"petugas"})


def by_switched_off(panel: Panel) -> None:
    with panel.world.database.platform("test", writes=True) as session:
        session.execute(update(User).where(User.id == panel.world.bendahara.user_id).values(is_active=False))


@pytest.mark.parametrize("way", [by_new_password, by_put_out, by_other_roles, by_switched_off])
def test_cookie_and_token_die_together(panel: Panel, way) -> None:
    browser, thief, token = taken(panel)
    way(panel)
    for client in (browser.client, thief):
        assert client.get("/kopmin/").status_code == 302
    assert refreshed(panel, token) == 401


def test_going_out_takes_the_copy_along(panel: Panel) -> None:
    browser, thief, _ = taken(panel)
    assert browser.post("/keluar").status_code == 302
    assert thief.get("/kopmin/").status_code == 302


@pytest.mark.parametrize(
    "token", ["", "x", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIyIn0.", "a.b.c", "eyJhbGciOiJIUzI1NiJ9..", "x" * 9_000]
)
def test_a_forged_token_is_nobody(panel: Panel, token: str) -> None:
    assert refreshed(panel, token) in {401, 422}
