"""Breaches of personal data, for the platform: what happened, whom it met, the letters, and the clock of 72 hours."""

from collections.abc import Iterator
from typing import Any

from flask import Response, current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from sqlalchemy import select
from wtforms import TextAreaField
from wtforms.validators import InputRequired, ValidationError

from admin_panel import scope
from admin_panel.base import Screen, Tool, needs
from admin_panel.exports import spreadsheet
from admin_panel.forms import KopForm, TicksField, WallField, short_text
from core.clock import local, moment_of, now
from models.coops import Coop
from models.privacy import Breach
from services.privacy import breaches, letters

EARLIEST, LATEST = 2000, 2200
STATES = breaches.STATES


def _sensible(_: KopForm, field: WallField) -> None:
    if field.data is not None and not EARLIEST <= field.data.year <= LATEST:
        raise ValidationError("Periksa tahunnya.")


class BreachForm(KopForm):
    title = short_text("Judul singkat", 120, InputRequired())
    what = short_text("Apa yang terjadi dan bagaimana", 2000, InputRequired(), field=TextAreaField)
    happened = WallField("Terjadi (WIB)")
    found = WallField("Diketahui (WIB)", description="Batas 3 x 24 jam dihitung dari sini.")
    data_kinds = TicksField("Data yang bocor", choices=list(letters.KINDS.items()))
    coop_ids = TicksField("Koperasi yang terkena (kosong berarti semua)", coerce=int)
    handling = short_text("Penanganan dan pemulihan", 2000, field=TextAreaField,
                          description="Wajib sebelum memberi tahu; surat memuatnya.")  # fmt: skip
    validate_happened = validate_found = _sensible

    def report(self) -> breaches.Report:
        return breaches.Report(
            self.title.data or "", self.what.data or "", self.handling.data or "", tuple(self.data_kinds.data or ()),
            tuple(self.coop_ids.data or ()), moment_of(self.happened.data), moment_of(self.found.data),
        )  # fmt: skip


class BreachDesk(Screen):
    """Pelanggaran data pribadi."""

    route_base = "/platform/pelanggaran"

    @expose("/")
    @needs("platform.manage")
    def index(self) -> ResponseReturnValue:
        rows = breaches.listed(scope.session(), scope.actor())
        tools = [Tool("Catat pelanggaran", url_for("BreachDesk.open"), "platform.manage", main=True)]
        return self.page("breaches.html", title="Pelanggaran data", rows=rows, tools=tools, left=_left, states=STATES)

    @expose("/catat", methods=["GET", "POST"])
    @needs("platform.manage")
    def open(self) -> ResponseReturnValue:
        form = _form(found=local(now()).replace(tzinfo=None))
        if form.validate_on_submit():
            with self.posting(form):
                made = breaches.save(scope.session(), scope.actor(), form.report())
                flash("Pelanggaran tercatat. Lengkapi penanganannya, lalu beri tahu.", "success")
                return redirect(url_for("BreachDesk.show", breach=made.id))
        return self.page("breach_form.html", title="Catat pelanggaran", form=form, back=url_for("BreachDesk.index"))

    @expose("/<row:breach>")
    @needs("platform.manage")
    def show(self, breach: int) -> ResponseReturnValue:
        found = breaches.get(scope.session(), scope.actor(), breach)
        coops = [coop.name for coop in _coops() if not found.coop_ids or coop.id in found.coop_ids]
        people = f"anggota dan pengguna {len(coops)} koperasi"
        return self.page(
            "breach.html", title=found.title, breach=found, coops=coops, kinds=letters.KINDS, left=_left(found),
            due_at=breaches.due_at(found), states=STATES, to_people=letters.to_people(found, "[nama koperasi]"),
            to_authority=letters.to_authority(found, coops, people),
        )  # fmt: skip

    @expose("/<row:breach>/ubah", methods=["GET", "POST"])
    @needs("platform.manage")
    def change(self, breach: int) -> ResponseReturnValue:
        found = breaches.get(scope.session(), scope.actor(), breach)
        clocks = {"happened": found.happened_at, "found": found.found_at}
        form = _form(obj=found, **{name: local(at).replace(tzinfo=None) for name, at in clocks.items()})
        if form.validate_on_submit():
            with self.posting(form):
                breaches.save(scope.session(), scope.actor(), form.report(), breach)
                flash("Catatan tersimpan.", "success")
                return redirect(url_for("BreachDesk.show", breach=breach))
        back = url_for("BreachDesk.show", breach=breach)
        return self.page("breach_form.html", title=f"Ubah: {found.title}", form=form, back=back)

    @expose("/<row:breach>/daftar", methods=["POST"])
    @needs("platform.manage")
    def people(self, breach: int) -> Response:
        """Everybody it met, as a file; each cooperative's audit trail says it was made."""
        rows = breaches.affected(scope.database(), scope.actor(), breach)
        return spreadsheet(f"Terkena pelanggaran {breach}", _table(rows))

    @expose("/<row:breach>/beritahu", methods=["POST"])
    @needs("platform.manage")
    def tell(self, breach: int) -> ResponseReturnValue:
        with self.posting():
            breaches.start_telling(scope.session(), scope.actor(), breach)
            flash("Pemberitahuan dikirim di belakang layar. Muat ulang halaman ini sebentar lagi.", "success")
        current_app.extensions["ekopz.jobs"].put(breaches.TASK, breach_id=breach)
        return redirect(url_for("BreachDesk.show", breach=breach))

    @expose("/<row:breach>/tutup", methods=["POST"])
    @needs("platform.manage")
    def close(self, breach: int) -> ResponseReturnValue:
        with self.posting():
            breaches.close(scope.session(), scope.actor(), breach)
            flash("Pelanggaran ditutup.", "success")
        return redirect(url_for("BreachDesk.show", breach=breach))


def _coops() -> list[Coop]:
    return list(scope.session().scalars(select(Coop).order_by(Coop.name)))


def _form(**known: Any) -> BreachForm:
    form = BreachForm(**known)
    form.coop_ids.choices = [(coop.id, coop.name) for coop in _coops()]
    return form


def _left(breach: Breach) -> str:
    """The clock of 72 hours in words; empty once everybody was told."""
    if breach.state not in ("open", "telling"):
        return ""
    minutes = int((breaches.due_at(breach) - now()).total_seconds() // 60)
    hours = f"{abs(minutes) // 60} jam {abs(minutes) % 60} menit"
    return f"sisa {hours}" if minutes >= 0 else f"lewat {hours}"


def _table(rows: list[breaches.Affected]) -> Iterator[list[str]]:
    yield ["Koperasi", "Nomor anggota", "Nama", "Telepon", "Surel", "Nama pengguna"]
    for row in rows:
        yield [row.coop, row.number, row.name, row.phone, row.email, row.username]


SCREENS = (BreachDesk,)
