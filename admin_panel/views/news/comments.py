"""Comments of readers: those that wait are let through or hidden; either can be changed later."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Screen, needs
from services.news import comments


class CommentDesk(Screen):
    """Komentar Kopnews."""

    route_base = "/platform/berita/komentar"

    @expose("/")
    @needs("platform.news_publish")
    def index(self) -> ResponseReturnValue:
        rows = comments.to_moderate(scope.session(), scope.actor())
        return self.page("news_comments.html", title="Komentar pembaca", rows=rows, states=comments.STATES)

    @expose("/<row:comment_id>", methods=["POST"])
    @needs("platform.news_publish")
    def decide(self, comment_id: int) -> ResponseReturnValue:
        shown = request.form.get("act") == "tampilkan"
        with self.posting():
            comments.decide(scope.session(), scope.actor(), comment_id, shown=shown)
            flash("Komentar ditampilkan." if shown else "Komentar disembunyikan.", "success")
        return redirect(url_for("CommentDesk.index"))


SCREENS = (CommentDesk,)
