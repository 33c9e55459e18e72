"""Users of the cooperative: who they are, their roles, the link that sets a password."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from wtforms import BooleanField, EmailField, StringField
from wtforms.validators import InputRequired, Length

from admin_panel import scope
from admin_panel.base import Screen, Tool, needs
from admin_panel.forms import KopForm, NoLoneSurrogate, TicksField
from core.errors import NotFound
from services.access import second_factor, users
from services.access.roles import PERMISSIONS, ROLES

REQUIRED = "Kode kedua sekarang wajib. Yang belum punya diminta menyiapkannya saat membuka Kopmin."
OFFERED = [(role, spec.label) for role, spec in ROLES.items() if not spec.on_platform]


class UserForm(KopForm):
    username = StringField("Nama pengguna", validators=[InputRequired(), Length(max=64), NoLoneSurrogate()])
    full_name = StringField("Nama lengkap", validators=[InputRequired(), Length(max=120), NoLoneSurrogate()])
    email = EmailField("Surel", validators=[Length(max=120), NoLoneSurrogate()])
    roles = TicksField("Peran", choices=OFFERED)


class RolesForm(KopForm):
    roles = TicksField("Peran", choices=OFFERED)
    is_active = BooleanField("Boleh masuk")


class UserDesk(Screen):
    route_base = "/kopmin/pengguna"

    @expose("/")
    @needs("access.manage")
    def index(self) -> ResponseReturnValue:
        rows = users.everyone(scope.session(), scope.actor())
        tools = [Tool("Tambah pengguna", url_for("UserDesk.add"), "access.manage", main=True)]
        return self.page(
            "users.html", title="Pengguna dan peran", rows=rows, roles=ROLES, tools=tools, words=PERMISSIONS,
            is_required=scope.coop().needs_second_factor,
        )  # fmt: skip

    @expose("/tambah", methods=["GET", "POST"])
    @needs("access.manage")
    def add(self) -> ResponseReturnValue:
        form = UserForm()
        if form.validate_on_submit():
            with self.posting(form):
                user, token = users.add(
                    scope.session(), scope.actor(), username=form.username.data, full_name=form.full_name.data,
                    email=form.email.data, roles=set(form.roles.data),
                )  # fmt: skip
                name = user.full_name
                return self._link(name, token)
        return self.page("form_roles.html", title="Tambah pengguna", form=form, back=url_for("UserDesk.index"))

    @expose("/<row:user_id>", methods=["GET", "POST"])
    @needs("access.manage")
    def change(self, user_id: int) -> ResponseReturnValue:
        row = self._row(user_id)
        form = RolesForm(roles=list(row.roles), is_active=row.is_active)
        if form.validate_on_submit():
            with self.posting(form):
                users.set_roles(scope.session(), scope.actor(), user_id, set(form.roles.data))
                users.set_active(scope.session(), scope.actor(), user_id, is_active=form.is_active.data)
                flash(f"Peran {row.full_name} tersimpan. Mereka perlu masuk lagi.", "success")
                return redirect(url_for("UserDesk.index"))
        return self.page("form_roles.html", title=row.full_name, form=form, row=row, back=url_for("UserDesk.index"))

    @expose("/<row:user_id>/tautan", methods=["POST"])
    @needs("access.manage")
    def new_link(self, user_id: int) -> ResponseReturnValue:
        row = self._row(user_id)
        with scope.unit_of_work() as work:
            token = users.new_link(work, scope.actor(), user_id, scope.database())
        return self._link(row.full_name, token)

    @expose("/<row:user_id>/kode-kedua", methods=["GET", "POST"])
    @needs("access.manage")
    def reset_factor(self, user_id: int) -> ResponseReturnValue:
        """For somebody who lost phone and recovery codes."""
        row = self._row(user_id)
        if request.method == "POST":
            with self.posting():
                second_factor.reset(scope.session(), scope.actor(), user_id, scope.database())
                flash(
                    f"Kode kedua {row.full_name} sudah dimatikan. Minta menyiapkan yang baru di halaman Akun.",
                    "success",
                )
            return redirect(url_for("UserDesk.index"))
        question = (
            f"Pastikan dulu yang meminta benar {row.full_name}, bertemu atau lewat telepon yang Anda kenal. "
            "Sesudah ini akunnya hanya dilindungi kata sandi, dan semua perangkatnya keluar."
        )
        words: dict[str, Any] = {"title": f"Atur ulang kode kedua {row.full_name}", "yes": "Ya, atur ulang"}
        back = url_for("UserDesk.index")
        return self.page(
            "sure.html", question=question, back=back, back_label="Pengguna dan peran", danger=True, **words
        )

    @expose("/kode-kedua", methods=["POST"])
    @needs("access.manage")
    def require_factor(self) -> ResponseReturnValue:
        """Ask the second factor of everybody whose role moves money, or no more."""
        wanted = request.form.get("wajib") == "ya"
        with self.posting():
            second_factor.require(scope.session(), scope.actor(), is_required=wanted)
            flash(REQUIRED if wanted else "Kode kedua sekarang dianjurkan saja, tidak diwajibkan.", "success")
        return redirect(url_for("UserDesk.index"))

    @staticmethod
    def _row(user_id: int) -> users.UserRow:
        for row in users.everyone(scope.session(), scope.actor()):
            if row.user_id == user_id:
                return row
        raise NotFound(what="Pengguna")

    def _link(self, name: str, token: str) -> ResponseReturnValue:
        """Shown once: only its hash is kept."""
        link = f"{scope.settings().public_url}/tautan/{token}"
        return self.page("one_time_link.html", title=f"Tautan untuk {name}", link=link, back=url_for("UserDesk.index"))


SCREENS = (UserDesk,)
