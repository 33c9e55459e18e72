"""Kabar Kopnews by mail: how many read it, what the next issue holds, the button that sends it before its week."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Screen, needs
from services.news import newsletter


class LetterDesk(Screen):
    """Kabar lewat surel."""

    route_base = "/platform/berita/kabar"

    @expose("/")
    @needs("platform.news_publish")
    def index(self) -> ResponseReturnValue:
        session = scope.session()
        return self.page(
            "news_letter.html", title="Kabar Kopnews lewat surel", readers=newsletter.readers(session),
            last=newsletter.last(session), cards=newsletter.next_cards(session), is_offered=newsletter.is_offered(),
        )  # fmt: skip

    @expose("/kirim", methods=["POST"])
    @needs("platform.news_publish")
    def send(self) -> ResponseReturnValue:
        with self.posting():
            issue = newsletter.send(scope.session(), scope.actor())
            flash(f"Edisi berisi {issue.articles} artikel dikirim ke {issue.readers} pembaca.", "success")
        return redirect(url_for("LetterDesk.index"))


SCREENS = (LetterDesk,)
