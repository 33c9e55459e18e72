"""The handbook on paper: what it holds, then a page for each task with the pictures of its steps."""

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from reports.sheet import LINE, Colour, Sheet
from services.support.handbook import Step, Task

_SOFT: Colour = (74, 91, 85)
_BRAND: Colour = (11, 106, 88)
_A4, _LEFT, _RIGHT = (210.0, 297.0), 14.0, 196.0
_ACROSS, _GAP, _TOP, _ROW = 4, 4.0, 40.0, 116.0
_WIDTH = (_RIGHT - _LEFT - _GAP * (_ACROSS - 1)) / _ACROSS
_TEXT = 22.0  # above each picture
_PIXELS = (320, 569)  # of a picture on paper: sharp enough, and light to send
_TITLE = "Buku panduan eKopz"


def draw_handbook(tasks: Sequence[Task], pictures: Path) -> bytes:
    """A4. `pictures` is the folder in which the tasks' pictures have their names."""
    book = _Book(*_A4, _TITLE)
    links = _contents(book, tasks)
    for task in tasks:
        book.add_page()
        book.set_link(links[task.slug])
        _task(book, task, pictures)
    return bytes(book.output())


class _Book(Sheet):
    """Pages that tell their number and how many there are."""

    def __init__(self, width: float, height: float, title: str) -> None:
        super().__init__(width, height, title)
        self.alias_nb_pages()

    def footer(self) -> None:
        self.put(_LEFT, 286, _TITLE, 8, colour=_SOFT)
        self.set_xy(_RIGHT - 60, 286)
        self.cell(60, 3.4, f"Halaman {self.page_no()} dari {{nb}}", align="R")


def _contents(book: _Book, tasks: Sequence[Task]) -> dict[str, int]:
    book.put(_LEFT, 24, _TITLE, 24, "B", _BRAND)
    book.put(_LEFT, 38, "Tugas yang paling sering, langkah demi langkah.", 12, colour=_SOFT)
    y, links = 56.0, {}
    for place, task in enumerate(tasks, 2):
        links[task.slug] = book.add_link()
        book.put(_LEFT, y, f"{task.number}  {task.title}", 12, "B", width=150, lines=1)
        book.put(_LEFT + 9, y + 6, f"Untuk {task.whom.lower()}", 9, colour=_SOFT, width=140, lines=1)
        book.put(_RIGHT - 20, y, str(place), 12, width=20, align="R")
        book.rule(y + 12, _LEFT, _RIGHT)
        book.link(_LEFT, y, _RIGHT - _LEFT, 12, links[task.slug])
        y += 17
    return links


def _task(book: _Book, task: Task, pictures: Path) -> None:
    book.put(_LEFT, 14, f"{task.number}  {task.title}", 18, "B", _BRAND, width=_RIGHT - _LEFT, lines=1)
    book.put(_LEFT, 23.5, task.about, 10.5, width=_RIGHT - _LEFT, lines=2)
    book.put(_LEFT, 33, f"Untuk {task.whom.lower()}", 9, colour=_SOFT)
    for place, (step, name) in enumerate(task.shown):
        down, across = divmod(place, _ACROSS)
        picture = pictures / name if name else None
        _step(book, place + 1, step, picture, _LEFT + across * (_WIDTH + _GAP), _TOP + down * _ROW)


def _step(book: _Book, number: int, step: Step, picture: Path | None, x: float, y: float) -> None:
    book.put(x, y, f"{number}. {step.text}", 9, width=_WIDTH, lines=5)
    if picture is not None:
        height = _WIDTH * _PIXELS[1] / _PIXELS[0]
        book.image(_for_paper(picture), x, y + _TEXT, _WIDTH, height)
        book.set_draw_color(*LINE)
        book.rect(x, y + _TEXT, _WIDTH, height)


def _for_paper(path: Path) -> io.BytesIO:
    body = io.BytesIO()
    with Image.open(path) as picture:
        picture.convert("RGB").resize(_PIXELS).save(body, "JPEG", quality=72)
    return body
