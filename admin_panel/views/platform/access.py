"""People of the platform: who they are, their part, the link that sets a password."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from wtforms import SelectField
from wtforms.validators import InputRequired

from admin_panel import scope
from admin_panel.base import Screen, Tool, needs
from admin_panel.forms import KopForm, short_text
from services.access import staff

PARTS = list(staff.STAFF.items())
NOBODY = "-"


class StaffForm(KopForm):
    username = short_text(
        "Nama pengguna", 64, InputRequired(), description="Nama yang sudah ada mendapat peran ini dan tetap "
        "masuk dengan kata sandinya sendiri.",
    )  # fmt: skip
    full_name = short_text("Nama lengkap", 120, InputRequired())
    role = SelectField("Peran", choices=PARTS)


class PartForm(KopForm):
    role = SelectField("Peran", choices=[*PARTS, (NOBODY, "Tidak bekerja di platform lagi")])


class StaffDesk(Screen):
    route_base = "/platform/orang"

    @expose("/")
    @needs("platform.manage")
    def index(self) -> ResponseReturnValue:
        rows = staff.everyone(scope.session(), scope.actor())
        tools = [Tool("Tambah orang", url_for("StaffDesk.add"), "platform.manage", main=True)]
        return self.page("platform_people.html", title="Orang platform", rows=rows, parts=staff.STAFF, tools=tools)

    @expose("/tambah", methods=["GET", "POST"])
    @needs("platform.manage")
    def add(self) -> ResponseReturnValue:
        form = StaffForm()
        if form.validate_on_submit():
            with self.posting(form):
                user, token = staff.add(
                    scope.session(), scope.actor(), username=form.username.data, full_name=form.full_name.data,
                    role=form.role.data,
                )  # fmt: skip
                name = user.full_name
                return self._link(name, token)
        return self._form("Tambah orang", form)

    @expose("/<row:person>", methods=["GET", "POST"])
    @needs("platform.manage")
    def change(self, person: int) -> ResponseReturnValue:
        user = staff.one(scope.session(), scope.actor(), person)
        form = PartForm(role=user.platform_role)
        if form.validate_on_submit():
            with self.posting(form):
                role = None if form.role.data == NOBODY else form.role.data
                staff.change(scope.session(), scope.actor(), person, role)
                flash(f"Peran {user.full_name} tersimpan. Mereka perlu masuk lagi.", "success")
                return redirect(url_for("StaffDesk.index"))
        return self._form(user.full_name, form)

    @expose("/<row:person>/tautan", methods=["POST"])
    @needs("platform.manage")
    def new_link(self, person: int) -> ResponseReturnValue:
        user = staff.one(scope.session(), scope.actor(), person)
        with scope.unit_of_work() as work:
            token = staff.new_link(work, scope.actor(), person)
        return self._link(user.full_name, token)

    def _form(self, title: str, form: KopForm) -> ResponseReturnValue:
        back = url_for("StaffDesk.index")
        return self.page("form.html", title=title, form=form, back=back, back_label="Orang platform")

    def _link(self, name: str, token: str | None) -> ResponseReturnValue:
        """Shown once: only its hash is kept."""
        if token is None:
            flash(f"{name} sekarang bekerja di platform dan masuk dengan kata sandinya sendiri.", "success")
            return redirect(url_for("StaffDesk.index"))
        link, back = f"{scope.settings().public_url}/tautan/{token}", url_for("StaffDesk.index")
        return self.page("one_time_link.html", title=f"Tautan untuk {name}", link=link, back=back)


SCREENS = (StaffDesk,)
