"""Forms of articles, their pictures, and announcements."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import request
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateTimeLocalField, Field, Form, HiddenField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Optional, ValidationError

from admin_panel import scope
from admin_panel.forms import DayField, KopForm, NoLoneSurrogate, short_text
from admin_panel.shown import tag
from core.clock import moment_of, now
from core.display import moment
from models.news import Announcement, Article
from services.news import announcements, articles, markdown, pictures, texts
from services.news.announcements import Notice
from services.news.articles import Draft
from services.news.categories import CATEGORIES

TONES = {"review": "warn", "published": "good", "withdrawn": "bad"}
MARKDOWN = (
    "Tulis biasa; baris kosong memisahkan paragraf. ## Subjudul, **tebal**, *miring*, - daftar, > kutipan, "
    "[kata](https://alamat) untuk tautan."
)


def long_text(label: str, rows: int, *rules: Any, **options: Any) -> Any:
    """Several lines; how many letters may be is the service's to say, in words."""
    return TextAreaField(label, validators=[*rules, NoLoneSurrogate()], render_kw={"rows": rows}, **options)


def standing(one: Article | Announcement, words: Mapping[str, str], zone: str = "WIB") -> object:
    """Where it stands; what is published for a moment to come says when."""
    at = one.publish_at
    if one.state == "published" and at is not None and at > now():
        return tag(f"Terjadwal {moment(at, zone)}", "info")
    return tag(words[one.state], TONES.get(one.state, ""))


def only_looks() -> bool:
    """Whether the button was the one that shows how it will look, and saves nothing."""
    return request.form.get("act") == "lihat"


def seen_as(body: str | None, most: int) -> str:
    """How what was typed will look, when that was asked; otherwise nothing."""
    return markdown.html(texts.clipped(body or "", most)) if only_looks() else ""


class NotFarOff:
    """A year that people mean."""

    def __call__(self, form: Form, field: Field) -> None:
        if field.data is not None and not 2000 <= field.data.year <= 2200:
            raise ValidationError("Isi tahun yang benar.")


class ArticleForm(KopForm):
    title = short_text("Judul", 400, InputRequired())
    category = SelectField("Kategori", choices=[(code, name) for code, (name, _) in CATEGORIES.items()])
    summary = long_text("Ringkasan", 3, description="Satu atau dua kalimat; tampil di daftar dan saat dibagikan.")
    body = long_text("Isi artikel", 18, description=MARKDOWN)
    tags = short_text("Tag", 400, description="Paling banyak enam, pisahkan dengan koma: SHU, rapat anggota.")
    byline = short_text("Nama penulis", 200, description="Kosong: nama Anda.")
    cover = SelectField("Gambar utama", description="Unggah dulu lewat Gambar.")
    note = short_text("Catatan koreksi", 400, description="Tampil di bawah artikel; wajib untuk artikel yang terbit.")
    seen = HiddenField()


def article_form(article: Article | None = None) -> ArticleForm:
    """The form, filled with an article as it stands. The note is asked for only where readers will see it."""
    session, who = scope.session(), scope.actor()
    filled: dict[str, Any] = {}
    if article is not None:
        tags = ", ".join(tag.label for tag in articles.tags_of(session, article.id))
        filled = {"tags": tags, "cover": article.cover_file or "", "seen": articles.mark(article)}
    form = ArticleForm(obj=article, data=filled)
    kept = [(one.stored_as, one.alt) for one in pictures.latest(session, who)]
    if article is not None and article.cover_file and article.cover_file not in dict(kept):
        kept.append((article.cover_file, article.cover_alt))
    form.cover.choices = [("", "Tanpa gambar"), *kept]
    if article is None or not articles.is_out(article):
        del form.note
    return form


def draft_of(form: ArticleForm) -> Draft:
    """What was typed."""
    names = ("title", "category", "summary", "body", "tags", "byline", "cover")
    return Draft(**{name: form[name].data or "" for name in names})


class Moment(DateTimeLocalField):
    """A day and an hour."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Waktu terbit tidak terbaca. Pilih tanggal dan jam, atau kosongkan.") from None


class PublishForm(KopForm):
    at = Moment(
        "Terbit pada (WIB)", format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], validators=[Optional(), NotFarOff()],
        description="Kosongkan untuk terbit sekarang.",
    )  # fmt: skip
    seen = HiddenField()

    def moment(self, zone: str = "WIB") -> datetime | None:
        return moment_of(self.at.data, zone) if self.at.data else None


class NoteForm(KopForm):
    note = short_text("Yang perlu diperbaiki", 400, InputRequired())


class PictureForm(KopForm):
    picture = FileField("Gambar", validators=[FileRequired("Pilih dulu berkasnya.")],
                        render_kw={"accept": "image/png,image/jpeg,image/webp"})  # fmt: skip
    alt = short_text(
        "Yang terlihat di gambar", 400, InputRequired(),
        description="Dibacakan untuk yang tidak melihat, misalnya: anggota memberi suara di rapat.",
    )  # fmt: skip


class NoticeForm(KopForm):
    title = short_text("Judul", 400, InputRequired())
    body = long_text("Isi pengumuman", 10, InputRequired(), description=MARKDOWN)
    is_pinned = BooleanField("Penting: selalu di atas")
    until_on = DayField("Tampil di beranda sampai", validators=[Optional(), NotFarOff()],
                        description="Kosong: sampai ada yang lebih baru.")  # fmt: skip
    seen = HiddenField()


def notice_form(one: Announcement | None = None) -> NoticeForm:
    """The form, filled with an announcement as it stands."""
    return NoticeForm(obj=one, data={"seen": announcements.mark(one)} if one is not None else None)


def notice_of(form: NoticeForm) -> Notice:
    """What was typed."""
    return Notice(form.title.data or "", form.body.data or "", bool(form.is_pinned.data), form.until_on.data)
