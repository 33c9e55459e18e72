"""The handbook: its tasks can be walked, its pictures and films are there and small, its pages and its PDF answer."""

import io

import pytest
from pypdf import PdfReader

from member_portal.frame import HERE
from seed.logins import EMPLOYEES, PEOPLE
from services.support import handbook
from services.support.handbook import Step, Task
from tests.handbook import MOST_FILM, MOST_PICTURE, captions
from tests.member_portal.conftest import Portal

STATIC = HERE / "static"
MOST_STEPS, LONGEST_FILM, MOST_BYTES = 8, 60, 4_000_000
NEEDS = {"goto": {"at"}, "fill": {"label", "value"}, "select": {"label", "value"}, "click": set(), "look": set()}
TOUCHED = ("label", "button", "link", "seen", "row")


def test_a_dozen_tasks_in_their_order() -> None:
    tasks = handbook.tasks()
    assert [task.number for task in tasks] == [f"{place:02d}" for place in range(1, 13)]
    assert len({task.slug for task in tasks}) == len(tasks)
    assert {task.user for task in tasks} <= {person.username for person in PEOPLE[EMPLOYEES].values()}


@pytest.mark.parametrize("task", handbook.tasks(), ids=lambda task: task.slug)
def test_a_task_can_be_walked_and_has_been(task: Task) -> None:
    assert 1 <= len(task.steps) <= MOST_STEPS
    assert task.steps[0].act == "goto"
    assert task.steps[0].pictured, "the film's first picture stands for it"
    for step in task.steps:
        check_shape(step)
    for name in (name for _, name in task.shown if name):
        assert 0 < (STATIC / name).stat().st_size <= MOST_PICTURE, name
    assert 0 < (STATIC / task.film).stat().st_size <= MOST_FILM
    assert task.seconds <= LONGEST_FILM
    assert (STATIC / task.captions).read_text("utf-8") == captions(task), "taken anew after its sentences changed"


def check_shape(step: Step) -> None:
    filled = {name for name in ("at", "value", *TOUCHED) if getattr(step, name)}
    assert step.text.endswith((".", "?")), step
    assert NEEDS[step.act] <= filled, step
    assert filled - NEEDS[step.act] <= (set() if step.act == "goto" else {*TOUCHED}), step
    assert step.act == "goto" or filled & {*TOUCHED}, step


def test_nothing_else_lies_there_and_all_of_it_is_small() -> None:
    kept = {f"panduan/{path.name}" for path in (STATIC / "panduan").iterdir()}
    tasks = handbook.tasks()
    pictures = {name for task in tasks for _, name in task.shown if name}
    assert kept == pictures | {task.film for task in tasks} | {task.captions for task in tasks}
    assert sum((STATIC / name).stat().st_size for name in kept) <= MOST_BYTES


def test_the_pages_answer(portal: Portal) -> None:
    stranger = portal.anyone()
    listed = stranger.get("/bantuan/panduan").text
    assert 'href="/bantuan/panduan"' in stranger.get("/bantuan").text
    for task in handbook.tasks():
        assert f'href="/bantuan/panduan/{task.slug}"' in listed
        shown = stranger.get(f"/bantuan/panduan/{task.slug}")
        assert (shown.status_code, len(shown.data) < 100_000) == (200, True)
        assert shown.text.count("<img ") == sum(step.pictured for step in task.steps)
        assert '<track kind="captions"' in shown.text
    assert stranger.get("/bantuan/panduan/none").status_code == 404
    film = stranger.get(f"/static/portal/{handbook.tasks()[0].film}", headers={"Range": "bytes=0-99"})
    assert (film.status_code, film.mimetype, len(film.data)) == (206, "video/webm", 100)


def test_a_tour_leads_to_the_task_that_begins_there(portal: Portal) -> None:
    for task in (task for task in handbook.tasks() if task.tour):
        assert f'href="/bantuan/panduan/{task.slug}"' in portal.anyone().get(f"/bantuan/tur/{task.tour}").text


def test_the_paper_has_a_page_for_each_task(portal: Portal) -> None:
    answer = portal.anyone().get("/bantuan/panduan.pdf")
    pages = PdfReader(io.BytesIO(answer.data)).pages
    assert answer.mimetype == "application/pdf"
    assert len(pages) == 1 + len(handbook.tasks())
    for place, (page, task) in enumerate(zip(pages[1:], handbook.tasks(), strict=True), 2):
        text = page.extract_text()
        assert task.title in text
        assert f"Halaman {place} dari {len(pages)}" in text
        assert len(page.images) == sum(step.pictured for step in task.steps)
