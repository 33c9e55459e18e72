"""The cooperative's own data: letterhead, officers, zone, logo, and its public page."""

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_wtf.file import FileField
from wtforms import BooleanField, EmailField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from admin_panel import scope
from admin_panel.base import Screen, needs
from admin_panel.forms import KopForm, NoLoneSurrogate, short_text
from core.clock import ZONES
from reports.export import logo_of
from services.coops import commands as coops
from services.coops import directory, logo
from web.request import safe_next


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
    transfer_to = _text(
        "Rekening untuk transfer anggota", 120,
        description="Tampil di MyKoperasi, misalnya BRI 0012-01-000123 a.n. Koperasi Maju.",
    )  # fmt: skip
    zone = SelectField("Zona waktu", choices=[(zone, zone) for zone in ZONES])
    chair_name = _text("Nama ketua", 80)
    secretary_name = _text("Nama sekretaris", 80)
    treasurer_name = _text("Nama bendahara", 80)


class LogoForm(KopForm):
    picture = FileField(
        "Berkas gambar",
        description="PNG atau JPEG, paling besar 2 MB. Tercetak di kop laporan dan kuitansi PDF.",
        render_kw={"accept": "image/png,image/jpeg"},
    )


class PublicForm(KopForm):
    about = short_text(
        "Tentang koperasi", directory.LONGEST_ABOUT, field=TextAreaField,
        description="Siapa kami, untuk siapa, dan usaha kami. Beberapa kalimat sudah cukup.", render_kw={"rows": 8},
    )  # fmt: skip
    is_listed = BooleanField("Tampilkan koperasi ini di daftar koperasi eKopz")
    takes_members = BooleanField("Buka formulir untuk calon anggota di halaman itu")


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
                return redirect(safe_next(request.args.get("next"), url_for("CoopDesk.index")))
        return self.page("profile.html", title="Profil koperasi", form=form, coop=scope.coop())

    @expose("/publik", methods=["GET", "POST"])
    @needs("coop.settings")
    def public_page(self) -> ResponseReturnValue:
        form = PublicForm(obj=scope.coop())
        if form.validate_on_submit():
            with self.posting(form):
                directory.publish(
                    scope.session(), scope.actor(), about=form.about.data or "", is_listed=form.is_listed.data,
                    takes_members=form.takes_members.data,
                )  # fmt: skip
                flash("Halaman publik tersimpan.", "success")
                return redirect(url_for("CoopDesk.index"))
        return self.page("form.html", title="Halaman publik", form=form, back=url_for("CoopDesk.index"))

    @expose("/logo", methods=["GET", "POST"])
    @needs("coop.settings")
    def change_logo(self) -> ResponseReturnValue:
        form, before = LogoForm(), None
        if form.validate_on_submit():
            with self.posting(form):
                before = self._change(form)
            if not form.errors:
                logo.forget(scope.settings().uploads, before)
                flash("Logo dilepas." if request.form.get("lepas") else "Logo tersimpan.", "success")
                return redirect(url_for("CoopDesk.index"))
        return self.page(
            "form.html", title="Logo koperasi", form=form, has_file=True, back=url_for("CoopDesk.index"), yes="Unggah"
        )

    @staticmethod
    def _change(form: LogoForm) -> str | None:
        if request.form.get("lepas"):
            return logo.remove(scope.session(), scope.actor())
        content = form.picture.data.stream.read(logo.LARGEST + 1) if form.picture.data else b""
        return logo.change(scope.session(), scope.actor(), content, folder=scope.settings().uploads)

    @expose("/logo.png")
    @needs("panel.enter")
    def picture(self) -> ResponseReturnValue:
        content = logo_of(scope.coop(), scope.settings().uploads)
        return Response(content, mimetype="image/png") if content else abort(404)


SCREENS = (CoopDesk,)
