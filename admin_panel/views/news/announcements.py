"""Pengumuman: what pengurus tell the members of their cooperative."""

from flask import current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Screen, Tool, needs
from admin_panel.views.news.forms import (
    NoticeForm,
    PublishForm,
    notice_form,
    notice_of,
    only_looks,
    seen_as,
    standing,
)
from models.news import Announcement
from services.news import announcements, markdown
from services.news.announcements import STATES


def state_tag(one: Announcement) -> object:
    return standing(one, STATES, scope.coop().zone)


class AnnouncementDesk(Screen):
    """Pengumuman."""

    route_base = "/kopmin/pengumuman"

    @expose("/")
    @needs("news.announce")
    def index(self) -> ResponseReturnValue:
        rows = announcements.everything(scope.session(), scope.actor())
        tools = [Tool("Tulis pengumuman", url_for("AnnouncementDesk.add"), main=True)]
        return self.page("announcements.html", title="Pengumuman", rows=rows, tag=state_tag, tools=tools,
                         zone=scope.coop().zone)  # fmt: skip

    @expose("/buat", methods=["GET", "POST"])
    @needs("news.announce")
    def add(self) -> ResponseReturnValue:
        form = notice_form()
        if form.validate_on_submit() and not only_looks():
            with self.posting(form):
                one = announcements.write(scope.session(), scope.actor(), notice_of(form))
                flash("Draf tersimpan. Periksa, lalu terbitkan.", "success")
                return redirect(url_for("AnnouncementDesk.show", announcement_id=one.id))
        return self._editor(form, "Tulis pengumuman", url_for("AnnouncementDesk.index"))

    @expose("/<row:announcement_id>/ubah", methods=["GET", "POST"])
    @needs("news.announce")
    def edit(self, announcement_id: int) -> ResponseReturnValue:
        one = announcements.get(scope.session(), scope.actor(), announcement_id)
        form, back = notice_form(one), url_for("AnnouncementDesk.show", announcement_id=announcement_id)
        if form.validate_on_submit() and not only_looks():
            with self.posting(form):
                announcements.change(
                    scope.session(), scope.actor(), announcement_id, notice_of(form), seen=form.seen.data or ""
                )
                flash("Perubahan tersimpan.", "success")
                return redirect(back)
        return self._editor(form, f"Ubah: {one.title}", back)

    def _editor(self, form: NoticeForm, title: str, back: str) -> ResponseReturnValue:
        seen = seen_as(form.body.data, announcements.LONGEST_BODY)
        return self.page("news_editor.html", title=title, form=form, back=back, preview=seen)

    @expose("/<row:announcement_id>")
    @needs("news.announce")
    def show(self, announcement_id: int) -> ResponseReturnValue:
        return self._shown(announcement_id, PublishForm(formdata=None))

    def _shown(self, announcement_id: int, publish: PublishForm) -> ResponseReturnValue:
        one = announcements.get(scope.session(), scope.actor(), announcement_id)
        publish.at.label.text = f"Terbit pada ({scope.coop().zone})"
        return self.page(
            "announcement.html", title=one.title, one=one, body=markdown.html(one.body), tag=state_tag(one),
            publish=publish, form=publish,
        )  # fmt: skip

    @expose("/<row:announcement_id>/terbitkan", methods=["POST"])
    @needs("news.announce")
    def publish(self, announcement_id: int) -> ResponseReturnValue:
        form = PublishForm()
        if form.validate():
            with self.posting(form):
                announcements.publish(scope.session(), scope.actor(), announcement_id, form.moment(scope.coop().zone))
                flash(
                    "Pengumuman dijadwalkan." if form.at.data else "Pengumuman terbit. Anggota diberi tahu.", "success"
                )
        if form.errors:
            return self._shown(announcement_id, form)
        current_app.extensions["ekopz.jobs"].put(announcements.TASK)
        return redirect(url_for("AnnouncementDesk.show", announcement_id=announcement_id))

    @expose("/<row:announcement_id>/tarik", methods=["POST"])
    @needs("news.announce")
    def withdraw(self, announcement_id: int) -> ResponseReturnValue:
        with self.posting():
            announcements.withdraw(scope.session(), scope.actor(), announcement_id)
            flash("Pengumuman ditarik.", "success")
        return redirect(url_for("AnnouncementDesk.show", announcement_id=announcement_id))


SCREENS = (AnnouncementDesk,)
