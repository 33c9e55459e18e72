"""The handbook: every task on a page of its own with pictures and a film, and all of them as one PDF."""

from functools import cache

from flask import Response
from flask.typing import ResponseReturnValue

from core.errors import NotFound
from member_portal.frame import HERE, portal
from member_portal.public import shown
from reports.handbook import draw_handbook
from services.support import handbook

ABOUT = "Langkah demi langkah tugas yang paling sering di koperasi, dengan gambar dan film pendek."


@portal.get("/bantuan/panduan")
def handbook_page() -> ResponseReturnValue:
    return shown("public/handbook.html", title="Buku panduan", about=ABOUT, tasks=handbook.tasks())


@portal.get("/bantuan/panduan/<task>")
def handbook_task(task: str) -> ResponseReturnValue:
    found = handbook.find(task)
    if found is None:
        raise NotFound(what="Halaman panduan")
    known = handbook.tasks()
    following = next((one for one in known if one.number > found.number), None)
    return shown("public/handbook_task.html", title=found.title, about=found.about, task=found, following=following)


@portal.get("/bantuan/panduan.pdf")
def handbook_paper() -> Response:
    name = 'inline; filename="buku-panduan-ekopz.pdf"'
    return Response(_paper(), mimetype="application/pdf", headers={"Content-Disposition": name})


@cache
def _paper() -> bytes:
    """Drawn once: neither the tasks nor their pictures change while the program runs."""
    return draw_handbook(handbook.tasks(), HERE / "static")
