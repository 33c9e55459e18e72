"""An operator inside a cooperative that let them in: pages of Kopmin only, each noted, nothing sent, no files.

Whatever a screen allows, here is the fence around all of them: it knows no screen but the ways out.
"""

from dataclasses import replace

from flask import Flask, Response, flash, g, make_response, redirect, request
from flask.typing import ResponseReturnValue

from services.support import grants
from web.errors import answer
from web.request import SAFE, database

WAYS_OUT = {"AuthDBView.logout", "LookingDesk.leave"}
INSIDE = "/kopmin/"
OVER = "Izin melihat koperasi itu sudah berakhir. Anda kembali di meja platform."


def init(app: Flask) -> None:
    """Stand before every request and behind every answer. After `web.request`, which knows who asks."""
    app.before_request(_look_only)
    app.after_request(_pages_only)


def _look_only() -> ResponseReturnValue | None:
    g.looking, who = None, g.signed_in
    if who is None or who.support_grant_id is None:
        return None
    g.looking = grants.looking(database(), who)
    if g.looking is None:
        grants.leave(database(), who)
        g.signed_in = replace(who, coop_id=None, support_grant_id=None)
        flash(OVER, "warning")
        return redirect("/platform/")
    g.actor = g.looking.actor
    if request.endpoint in WAYS_OUT:
        return None
    if request.method not in SAFE:
        raise grants.LookingOnly()
    if not request.path.startswith(INSIDE):
        return redirect(INSIDE)
    grants.note(database(), who, request.path)
    return None


def _pages_only(response: Response) -> Response:
    """Papers, pictures, sheets and whatever else is no page stay closed."""
    if g.get("looking") is None or response.mimetype == "text/html":
        return response
    refusal = grants.LookingOnly()
    return make_response(answer(refusal.status, refusal.sentence, code=refusal.code))
