"""The first steps of a new cooperative, on one page with one button each."""

import re

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from admin_panel import scope
from admin_panel.base import Screen, needs, storable
from admin_panel.forms import KopForm, NoLoneSurrogate, RupiahField
from models.access import User
from services.access import users
from services.access.roles import ROLES
from services.coops import commands as coops
from services.coops import setup
from services.notifications import texts
from services.savings import products

ROWS = 5
INVITED = ("bendahara", "ketua", "sekretaris", "petugas", "pengawas")


class AmountsForm(KopForm):
    share_rp = RupiahField("Simpanan pokok", validators=[InputRequired()], description="Dibayar sekali saat masuk.")
    mandatory_rp = RupiahField("Simpanan wajib", validators=[InputRequired()], description="Dibayar setiap bulan.")


class InviteForm(KopForm):
    full_name = StringField("Nama lengkap", validators=[InputRequired(), Length(max=120), NoLoneSurrogate()])
    phone = StringField("Nomor WhatsApp", validators=[Length(max=20), NoLoneSurrogate()])
    role = SelectField("Peran", choices=[(role, ROLES[role].label) for role in INVITED])


class PeopleForm(KopForm):
    """Rows of members; their fields are read from what was sent."""


class SetupDesk(Screen):
    route_base = "/kopmin/mulai"

    @expose("/")
    @needs("coop.settings")
    def index(self) -> ResponseReturnValue:
        steps = setup.steps(scope.session(), scope.actor())
        return self.page("setup.html", title="Langkah awal", steps=steps, ways=self._ways())

    @staticmethod
    def _ways() -> dict[str, str]:
        """Where each step is done, coming back here where that can be."""
        here, first = url_for("SetupDesk.index"), setup.first_member(scope.session(), scope.actor())
        return {
            "profile": url_for("CoopDesk.index", next=here), "legal": url_for("CoopDesk.index", next=here),
            "chart": url_for("AccountView.list"), "savings": url_for("SetupDesk.amounts"),
            "people": url_for("SetupDesk.invite"), "members": url_for("SetupDesk.people"),
            "opening": url_for("ImportDesk.index"),
            "deposit": url_for("TellerDesk.deposit", anggota=first.id if first else None),
        }  # fmt: skip

    @expose("/nanti/<step>", methods=["POST"])
    @needs("coop.settings")
    def later(self, step: str) -> ResponseReturnValue:
        with self.posting():
            setup.put_aside(scope.session(), scope.actor(), step)
        return redirect(url_for("SetupDesk.index"))

    @expose("/nol", methods=["POST"])
    @needs("ledger.opening")
    def zero(self) -> ResponseReturnValue:
        with self.posting():
            setup.start_from_zero(scope.session(), scope.actor())
            flash("Baik, buku dimulai dari nol.", "success")
        return redirect(url_for("SetupDesk.index"))

    @expose("/simpanan", methods=["GET", "POST"])
    @needs("savings.products")
    def amounts(self) -> ResponseReturnValue:
        now = {product.kind: product.amount_rp for product in products.active(scope.session(), scope.actor())}
        form = AmountsForm(share_rp=now.get("share"), mandatory_rp=now.get("mandatory"))
        if form.validate_on_submit():
            with self.posting(form):
                setup.set_amounts(
                    scope.session(),
                    scope.actor(),
                    share_rp=form.share_rp.data or 0,
                    mandatory_rp=form.mandatory_rp.data or 0,
                )
                flash("Jumlah simpanan tersimpan.", "success")
                return redirect(url_for("SetupDesk.index"))
        return self._form("Simpanan pokok dan wajib", form, "Simpan")

    def _form(self, title: str, form: KopForm, yes: str, lead: str = "") -> ResponseReturnValue:
        back, label = url_for("SetupDesk.index"), "Langkah awal"
        return self.page("form.html", title=title, form=form, yes=yes, lead=lead, back=back, back_label=label)

    @expose("/pengurus", methods=["GET", "POST"])
    @needs("access.manage")
    def invite(self) -> ResponseReturnValue:
        form = InviteForm()
        if form.validate_on_submit():
            with self.posting(form):
                user, token = users.add(
                    scope.session(), scope.actor(), username=self._username(form.full_name.data),
                    full_name=form.full_name.data, roles={form.role.data},
                )  # fmt: skip
                return self._invited(user, form, token)
        lead = "Mereka mendapat tautan sekali pakai lewat WhatsApp dan membuat kata sandi sendiri."
        return self._form("Undang pengurus", form, "Buat undangan", lead)

    @staticmethod
    def _username(name: str) -> str:
        plain = re.sub(r"[^a-z0-9]+", ".", name.casefold()).strip(".")[:40].strip(".")
        return coops.free_username(scope.session(), plain if len(plain) >= 3 else f"pengurus.{plain}".strip("."))

    def _invited(self, user: User, form: InviteForm, token: str) -> ResponseReturnValue:
        """Shown once: only the link's hash is kept."""
        link = f"{scope.settings().public_url}/tautan/{token}"
        text = (
            f"Halo {user.full_name}, {scope.coop().name} memakai eKopz dan Anda menjadi {ROLES[form.role.data].label}. "
            f"Nama pengguna: {user.username}. Buat kata sandi di {link} (berlaku tiga hari, sekali pakai)."
        )
        chat = texts.whatsapp(form.phone.data or "", text)
        return self.page("setup_invited.html", title=f"Undangan {user.full_name}", link=link, text=text, chat=chat,
                         user=user)  # fmt: skip

    @expose("/anggota", methods=["GET", "POST"])
    @needs("imports.run")
    def people(self) -> ResponseReturnValue:
        form, rows = PeopleForm(), self._rows()
        if form.validate_on_submit():
            with self.posting(form):
                count = setup.enroll(scope.session(), scope.actor(), rows, joined_on=scope.today())
                flash(f"{count} anggota tercatat.", "success")
                return redirect(url_for("SetupDesk.index"))
        return self.page("setup_members.html", title="Masukkan anggota", form=form, rows=rows)

    @staticmethod
    def _rows() -> list[tuple[str, str, str]]:
        """Number, name and phone of each row, as sent; a fresh form has the next numbers."""
        if request.method != "POST":
            return [(number, "", "") for number in setup.next_numbers(scope.session(), scope.actor(), ROWS)]
        sent = [
            tuple(storable(request.form.get(f"lines-{place}-{name}", ""))[:120] for name in ("number", "name", "phone"))
            for place in range(ROWS)
        ]
        return [(number.strip(), name, phone[:20]) for number, name, phone in sent]


SCREENS = (SetupDesk,)
