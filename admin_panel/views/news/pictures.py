"""Pictures for articles: hand one in, take the line that puts it into a text."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Screen, needs
from admin_panel.views.news.forms import PictureForm
from core.pictures import LARGEST
from services.news import pictures


class PictureDesk(Screen):
    """Gambar Kopnews."""

    route_base = "/platform/berita/gambar"

    @expose("/", methods=["GET", "POST"])
    @needs("platform.news_write")
    def index(self) -> ResponseReturnValue:
        form = PictureForm()
        if form.validate_on_submit():
            with self.posting(form):
                sent = pictures.Sent(form.picture.data.stream.read(LARGEST + 1), form.alt.data or "")
                pictures.keep(scope.session(), scope.actor(), sent, scope.settings().data)
                flash("Gambar tersimpan.", "success")
                return redirect(url_for("PictureDesk.index"))
        kept = pictures.latest(scope.session(), scope.actor())
        return self.page("news_pictures.html", title="Gambar", form=form, kept=kept)


SCREENS = (PictureDesk,)
