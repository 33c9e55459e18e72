"""Imports: upload, watch, look, book."""

import secrets
from datetime import date
from typing import Any

from flask import current_app, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.validators import Length, Optional

from admin_panel import scope
from admin_panel.base import Screen, Tool, needs
from admin_panel.forms import DayField, KopForm, MonthField
from admin_panel.import_sheets import FILLED, empty_workbook, problem_list
from core.display import month_long, number, rupiah
from core.errors import NotFound
from core.numbers import Style
from models.imports import ImportRun
from services.imports import runs
from services.imports.specs import KINDS
from services.imports.uploads import Upload
from services.jobs.queue import Queue
from services.mart import stores

# kind -> (name, what it is for)
OFFERED = {
    "": ("Kenali sendiri", "Jenisnya dibaca dari judul kolom. Pilih ini bila ragu."),
    "members": (
        "Anggota dan saldo awal",
        "Satu baris satu anggota: nama, nomor, tanggal masuk. Boleh dengan saldo simpanan dan sisa pinjamannya.",
    ),
    "opening": (
        "Neraca saldo awal",
        "Saldo tiap akun pada hari terakhir buku lama. Jumlah debit dan kredit harus sama. Sekali saja.",
    ),
    "journal": (
        "Jurnal umum",
        "Satu baris satu akun. Baris dengan nomor bukti yang sama menjadi satu jurnal.",
    ),
    "cash": (
        "Kas anggota",
        "Setoran dan penarikan simpanan tunai. Anggota yang keluar ditulis di lembar sendiri.",
    ),
    "loans": (
        "Pinjaman yang sudah dicairkan",
        "Satu baris satu pinjaman: plafon, tenor, provisi, tanggal realisasi. Yang ditolak atau batal dilewati.",
    ),
    "payroll": (
        "Daftar potongan gaji",
        "Daftar satu bulan seperti yang dikirim ke juru bayar. Dibandingkan dengan hitungan buku, lalu disimpan.",
    ),
    "settlement": (
        "Realisasi potongan gaji",
        "Yang sungguh dipotong juru bayar bulan itu. Daftar potongannya harus sudah ada.",
    ),
    "products": (
        "Barang toko",
        "Satu baris satu barang: kode, nama, harga. Kode yang sudah ada diperbarui; stok awal hanya untuk barang baru.",
    ),
}
# state -> (word, tone of the word, step of three)
STATES = {
    "uploaded": ("Menunggu", "info", 2),
    "reading": ("Sedang dibaca", "info", 2),
    "previewed": ("Siap dibukukan", "warn", 2),
    "refused": ("Perlu diperbaiki", "bad", 2),
    "booking": ("Sedang dibukukan", "info", 3),
    "booked": ("Sudah dibukukan", "good", 3),
    "failed": ("Terhenti", "bad", 2),
    "cancelled": ("Dibatalkan", "", 1),
}
STYLES = (
    (Style.AUTO, "Kenali sendiri"),
    (Style.INDONESIAN, "1.250.000,00 (titik untuk ribuan)"),
    (Style.ENGLISH, "1,250,000.00 (koma untuk ribuan)"),
)
SHOWN_ROWS, SHOWN_SAMPLES = 100, 3


class UploadForm(KopForm):
    """What to read, and how. `token` makes the second click the same upload."""

    files = MultipleFileField("Berkas")
    kind = RadioField("Jenis berkas", default="")
    shop = SelectField("Toko", default="", description="Hanya untuk barang toko yang berkasnya tanpa kolom Toko.")
    as_of = DayField(
        "Tanggal saldo awal",
        validators=[Optional()],
        description="Hari terakhir buku lama, misalnya 31 Desember. Hanya untuk saldo awal.",
    )
    month = MonthField(
        "Bulan potongan",
        validators=[Optional()],
        description="Hanya untuk daftar dan realisasi potongan yang bulannya tidak tertulis di judul atau nama berkas.",
    )
    style = SelectField("Cara angka ditulis di berkas", choices=[(s.value, label) for s, label in STYLES])
    round_fractions = BooleanField(
        "Bulatkan sen",
        description="Buku memakai rupiah bulat. Tanpa ini, baris dengan sen ditolak; dengan ini, selisihnya dibukukan.",
    )
    token = HiddenField(validators=[Length(max=60)])


class ImportDesk(Screen):
    """Impor berkas: unggah, periksa, bukukan."""

    route_base = "/kopmin/impor"

    @expose("/")
    @needs("imports.upload")
    def index(self) -> ResponseReturnValue:
        found = runs.recent(scope.session(), scope.actor())
        tools = [Tool("Unggah berkas", url_for("ImportDesk.upload"), "imports.upload", main=True)]
        return self.page(
            "imports.html", title="Impor berkas", runs=found, states=STATES, kinds=OFFERED, tools=tools
        )  # fmt: skip

    @expose("/unggah", methods=["GET", "POST"])
    @needs("imports.upload")
    def upload(self) -> ResponseReturnValue:
        form, run = _form(), None
        if form.validate_on_submit():
            with self.posting(form):
                run = _upload(form)
        if run is not None:
            return _queued("imports.read", run.id)
        return self.page("import_upload.html", title="Unggah berkas", form=form, kinds=OFFERED,
                         templates=[kind for kind in TEMPLATES if kind in dict(form.kind.choices)])  # fmt: skip

    @expose("/contoh/<kind>.xlsx")
    @needs("imports.upload")
    def template(self, kind: str) -> ResponseReturnValue:
        if kind not in TEMPLATES:
            raise NotFound(what="Contoh berkas")
        return empty_workbook(kind)

    @expose("/<row:run_id>")
    @needs("imports.upload")
    def show(self, run_id: int) -> ResponseReturnValue:
        run = runs.get(scope.session(), scope.actor(), run_id)
        return self.page("import_run.html", title=run.label, run=run, tools=_ways_on(run), **_shown(run))

    @expose("/<row:run_id>/keadaan.json")
    @needs("imports.upload")
    def progress(self, run_id: int) -> ResponseReturnValue:
        run = runs.get(scope.session(), scope.actor(), run_id, with_preview=False)
        told = {"working": run.state in runs.WORKING, "message": run.message}
        return jsonify(done=run.progress_done, total=run.progress_total, **told)

    @expose("/<row:run_id>/masalah.xlsx")
    @needs("imports.upload")
    def problems(self, run_id: int) -> ResponseReturnValue:
        return problem_list(run_id, runs.get(scope.session(), scope.actor(), run_id).preview)

    @expose("/<row:run_id>/bukukan", methods=["POST"])
    @needs("imports.upload")
    def book(self, run_id: int) -> ResponseReturnValue:
        runs.get(scope.session(), scope.actor(), run_id, with_preview=False)
        with self.posting():
            runs.ask_to_book(scope.session(), scope.actor(), run_id, request.form.get("fingerprint", ""))
        return _queued("imports.book", run_id)

    @expose("/<row:run_id>/ulang", methods=["POST"])
    @needs("imports.upload")
    def again(self, run_id: int) -> ResponseReturnValue:
        runs.get(scope.session(), scope.actor(), run_id, with_preview=False)
        with self.posting():
            runs.again(scope.session(), scope.actor(), run_id)
        return _queued("imports.read", run_id)

    @expose("/<row:run_id>/batal", methods=["POST"])
    @needs("imports.upload")
    def cancel(self, run_id: int) -> ResponseReturnValue:
        runs.get(scope.session(), scope.actor(), run_id, with_preview=False)
        with self.posting():
            run = runs.cancel(scope.session(), scope.actor(), run_id, scope.settings().data)
            flash(f"Impor {run.label} dibatalkan; berkasnya dihapus. Tidak ada yang dibukukan.", "success")
        return redirect(url_for("ImportDesk.show", run_id=run_id))


TEMPLATES = [kind for kind in OFFERED if kind in KINDS and all(table.key in FILLED for table in KINDS[kind].tables)]


def _form() -> UploadForm:
    """What the signed-in person may send: the office everything but goods, who keeps a shop its goods."""
    who, form = scope.actor(), UploadForm(token=secrets.token_urlsafe(12), kind=request.args.get("jenis"))
    may = {kind: who.may("mart.goods" if kind == "products" else "imports.run") for kind in OFFERED}
    form.kind.choices = [(kind, name) for kind, (name, _) in OFFERED.items() if may[kind]]
    if request.method == "GET" and form.kind.data not in dict(form.kind.choices):
        form.kind.data = form.kind.choices[0][0] if form.kind.choices else ""
    shops = stores.mine(scope.session(), who) if may["products"] else []
    form.shop.choices = [("", "Menurut kolom Toko"), *((store.slug, store.name) for store in shops)]
    return form


def _upload(form: UploadForm) -> ImportRun:
    given = [Upload(one.filename or "", one.read()) for one in form.files.data or []]
    options = {
        "as_of": form.as_of.data.isoformat() if form.as_of.data else None,
        "month": form.month.data.isoformat() if form.month.data else None,
        "style": form.style.data,
        "round_fractions": form.round_fractions.data,
        "shop": form.shop.data or "",
    }
    token = form.token.data or secrets.token_urlsafe(12)
    folder = scope.settings().data
    return runs.upload(scope.session(), scope.actor(), form.kind.data, given, options, folder, token=token)


def _queued(task: str, run_id: int) -> ResponseReturnValue:
    """After the commit: the job finds what it is about. One that has nothing to do leaves it at that."""
    queue: Queue = current_app.extensions["ekopz.jobs"]
    queue.put(task, coop_id=scope.actor().coop_id, run_id=run_id)
    return redirect(url_for("ImportDesk.show", run_id=run_id))


def _shown(run: ImportRun) -> dict[str, Any]:
    """What a run's page draws; of the samples, the columns in which any row holds something."""
    word, tone, step = STATES[run.state]
    samples = run.preview.get("samples", [])[:SHOWN_SAMPLES]
    labels = dict.fromkeys(label for one in samples for label, text in one["values"].items() if text)
    return {
        "word": word, "tone": tone, "step": step, "working": run.state in runs.WORKING, "rows": SHOWN_ROWS,
        "seen": run.preview, "samples": samples, "labels": list(labels), "question": _question(run),
        "done": _nouns(run.result.get("counts", {})), "chosen": _chosen(run),
    }  # fmt: skip


def _nouns(counts: dict[str, int]) -> str:
    """`114 anggota, 27 akun`."""
    return ", ".join(f"{number(count)} {noun}" for noun, count in counts.items() if count)


def _question(run: ImportRun) -> str:
    totals = ", ".join(
        f"{one['column']} {rupiah(one['amount_rp'])}" for one in run.preview.get("control_totals", [])[:4]
    )
    what = _nouns(run.preview.get("counts", {})) or "berkas ini"
    return f"Bukukan {what}{f' ({totals})' if totals else ''}? Setelah itu hanya dapat dikoreksi, tidak dihapus."


def _chosen(run: ImportRun) -> list[str]:
    styles = {style.value: label for style, label in STYLES}
    found = [styles[run.options["style"]]] if run.options.get("style", Style.AUTO) != Style.AUTO else []
    if run.options.get("month"):
        found.append(f"bulan {month_long(date.fromisoformat(run.options['month']))}")
    if run.options.get("shop"):
        found.append(f"toko {run.options['shop']}")
    return found + (["sen dibulatkan"] if run.options.get("round_fractions") else [])


def _ways_on(run: ImportRun) -> list[Tool]:
    """Where to look at what was booked."""
    if run.state != "booked":
        return []
    if run.kind == "products":
        return [Tool("Lihat barang", url_for("GoodsView.list"), "mart.view", main=True)]
    return [
        Tool("Lihat anggota", url_for("MemberView.list"), "members.view"),
        Tool("Lihat jurnal", url_for("JournalView.list"), "ledger.view"),
        Tool("Lihat neraca", "/kopmin/laporan/balance-sheet", "reports.view"),
    ]


SCREENS = (ImportDesk,)
