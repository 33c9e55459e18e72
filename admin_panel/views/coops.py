"""The cooperative's own data: letterhead, officers, zone."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from wtforms import EmailField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from admin_panel import scope
from admin_panel.base import Screen, needs
from admin_panel.forms import KopForm, NoLoneSurrogate
from core.clock import ZONES
from services.coops import commands as coops


def _text(label: str, most: int, *rules: object, **options: str) -> StringField:
    return StringField(label, validators=[*rules, Length(max=most), NoLoneSurrogate()], **options)


class ProfileForm(KopForm):
    name = _text("Nama koperasi", 120, InputRequired())
    legal_no = _text("Nomor badan hukum", 60)
    nik_koperasi = _text("NIK koperasi", 30, description="Nomor Induk Koperasi dari Kementerian.")
    address = _text("Alamat", 200)
    city = _text("Kota atau kabupaten", 60, description="Dipakai di atas tanda tangan laporan.")
    phone = _text("Telepon", 20)
    email = EmailField("Surel", validators=[Length(max=120), NoLoneSurrogate()])
    zone = SelectField("Zona waktu", choices=[(zone, zone) for zone in ZONES])
    chair_name = _text("Nama ketua", 80)
    secretary_name = _text("Nama sekretaris", 80)
    treasurer_name = _text("Nama bendahara", 80)


class CoopDesk(Screen):
    route_base = "/kopmin/profil"

    @expose("/", methods=["GET", "POST"])
    @needs("coop.settings")
    def index(self) -> ResponseReturnValue:
        form = ProfileForm(obj=scope.coop())
        if form.validate_on_submit():
            with self.posting(form):
                changes = {name: form[name].data or "" for name in coops.PROFILE}
                coops.update_profile(scope.session(), scope.actor(), **changes)
                flash("Profil koperasi tersimpan.", "success")
                return redirect(url_for("CoopDesk.index"))
        return self.page("form.html", title="Profil koperasi", form=form, lead="Tercetak di kop laporan dan kuitansi.")


SCREENS = (CoopDesk,)
