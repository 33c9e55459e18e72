"""Who may open what: every page of the panel, for every role."""

import pytest

from admin_panel.base import Screen, TenantModelView
from services.access.roles import PERMISSIONS, ROLES
from tests.admin_panel.routes import OPEN_TO_ALL, address, panel_routes, word_of
from tests.conftest import PLATFORM


def test_every_page_names_the_permission_it_needs(panel):
    unguarded = [rule.rule for rule in panel_routes(panel.app) if word_of(panel.app, rule) not in PERMISSIONS]
    assert set(unguarded) == OPEN_TO_ALL


def test_every_screen_stands_on_our_bases(panel):
    views = panel.app.extensions["appbuilder"].baseviews
    strange = [type(view).__name__ for view in views if not isinstance(view, Screen | TenantModelView)]
    assert strange == ["AuthDBView", "CodeDoor", "GoogleDoor", "PasskeyDoor", "TokenApi"]  # open to anybody


@pytest.mark.parametrize(
    "role", ["petugas", "bendahara", "sekretaris", "ketua", "pengelola_toko", "pengawas", *PLATFORM]
)
def test_a_role_opens_exactly_its_pages(walked, role):
    held, app = ROLES[role].permissions, walked.panel.app
    for rule in panel_routes(app, "GET"):
        status = walked(role)[rule.rule].status
        if word_of(app, rule) in held:
            assert status in {200, 302, 404, 409}, rule.rule
        elif rule.rule not in OPEN_TO_ALL:
            assert status == 403, rule.rule


def test_a_stranger_is_sent_to_the_door(peopled):
    stranger = peopled.anyone()
    for rule in panel_routes(peopled.app, "GET"):
        if rule.rule in OPEN_TO_ALL:
            continue
        answer = stranger.get(address(peopled, rule))
        assert answer.status_code == 302, rule.rule
        assert answer.location.startswith("/masuk"), rule.rule


def test_nothing_changes_by_looking(walked):
    for role in ("bendahara", "ketua", "operator_platform"):
        walked(role)
    assert walked.changed == []
