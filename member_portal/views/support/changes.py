"""What is new in eKopz, and what is being worked on: two pages for anybody."""

from flask.typing import ResponseReturnValue

from member_portal.frame import page, portal
from services.support import changes
from web.request import looked_at


@portal.get("/yang-baru")
def whats_new() -> ResponseReturnValue:
    looked_at("/yang-baru")
    return page("changes.html", title="Yang baru di eKopz", days=changes.days(), kinds=changes.KINDS)


@portal.get("/rencana")
def roadmap() -> ResponseReturnValue:
    looked_at("/rencana")
    return page("roadmap.html", title="Rencana eKopz", stages=changes.stages())
