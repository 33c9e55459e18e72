"""Every step of the handbook on the demo it is pictured from: what a sentence names is on its screen."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, Error, Page

import app as wiring
from core.settings import load as settings
from models.transaction import Database
from services.support import handbook
from services.support.handbook import Step
from tests.browsers import on_a_port
from tests.handbook import SIZE, do
from tests.pictures import sign_in
from tests.seed.conftest import MORNING

SOON_MS = 15_000


def walk(page: Page, site: str, step: Step, *, again: bool = True) -> str:
    """Nothing, or what was not found."""
    try:
        do(page, site, replace(step, pictured=step.act == "look"), Page.wait_for_load_state)
    except Error as error:
        if "context was destroyed" in str(error) and again:  # looked at in the very moment that the next page came
            page.wait_for_load_state()
            return walk(page, site, step, again=False)
        return f"{step}: {error}"
    return ""


def test_the_screens_still_show_what_the_handbook_names(demo: Database, chromium: Browser, tmp_path: Path) -> None:
    flask = wiring.create_flask(settings({"EKOPZ_DATA": str(tmp_path), "FIELD_KEY": bytes(range(32)).hex()}), demo)
    flask.config["PERMANENT_SESSION_LIFETIME"] = timedelta(days=10_000)  # the browser does not live on the demo's day
    pages: dict[str, Page] = {}
    with on_a_port(flask) as site:
        for task in handbook.tasks():
            if task.user not in pages:
                pages[task.user] = chromium.new_context(viewport={"width": SIZE[0], "height": SIZE[1]}).new_page()
                pages[task.user].clock.set_system_time(MORNING)
                pages[task.user].set_default_timeout(SOON_MS)
                sign_in(pages[task.user], site, task.user)
            wrong = [said for step in task.steps if (said := walk(pages[task.user], site, step))]
            assert not wrong, (task.number, wrong, "mend the task, then take its pictures anew: docs/pictures.md")
        for page in pages.values():
            page.context.close()
