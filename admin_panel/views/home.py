"""Beranda: the day's work that waits, each with the way to do it."""

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel.base import Screen, needs


class Home(Screen):
    route_base = "/kopmin"

    @expose("/")
    @needs("panel.enter")
    def index(self) -> ResponseReturnValue:
        return self.page("home.html", title="Beranda")

    @expose("/teks/<size>")
    def text_size(self, size: str) -> ResponseReturnValue:
        """Larger or usual letters, remembered in this browser."""
        back = request.args.get("next", "/")
        answer = redirect(back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/")
        answer.set_cookie("teks", "besar" if size == "besar" else "biasa", max_age=31536000, samesite="Lax")
        return answer
