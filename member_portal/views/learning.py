"""What a cooperative is, in short pages that anybody may read; SHU counted by one's own figures."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from core.display import number
from core.errors import NotFound, Refusal
from member_portal.frame import portal
from member_portal.glossary import TERMS
from member_portal.lessons import BY_SLUG, LESSONS, after
from member_portal.public import crumbs, shown
from member_portal.typed import Typed
from services.surplus import estimate
from services.surplus.estimate import Share, Year

USUAL = {
    "shu": number(50_000_000), "modal": "20", "usaha": "40", "simpanan": number(5_000_000),
    "semua_simpanan": number(500_000_000), "transaksi": number(12_000_000), "semua_transaksi": number(800_000_000),
}  # fmt: skip
FIELDS = {"Bagian jasa usaha": "usaha", "Simpanan Anda": "simpanan", "Transaksi Anda": "transaksi"}
ABOUT = "Apa itu koperasi, hak anggota, RAT, simpanan, pinjaman, dan SHU: halaman pendek dengan bahasa sehari-hari."


@portal.get("/belajar")
def learning() -> ResponseReturnValue:
    return shown("public/learning.html", title="Belajar koperasi", about=ABOUT, lessons=LESSONS)


@portal.get("/belajar/hitung")
def calculators() -> ResponseReturnValue:
    about = "Simulasi pinjaman koperasi dan kalkulator SHU: gratis, tanpa mendaftar, tidak ada angka yang disimpan."
    return shown("public/calculators.html", title="Hitung sendiri", about=about)


@portal.get("/belajar/<lesson>")
def lesson_page(lesson: str) -> ResponseReturnValue:
    if lesson not in BY_SLUG:
        raise NotFound(what="Halaman belajar")
    return _lesson(lesson)


@portal.get("/belajar/istilah")
def glossary() -> ResponseReturnValue:
    return _lesson("istilah", terms=TERMS)


@portal.get("/belajar/shu")
def shu() -> ResponseReturnValue:
    typed = Typed(request.args, USUAL)
    year, own, found = _counted(typed)
    return _lesson("shu", typed=typed, year=year, own=own, found=found), 200 if typed.ok else 422


def _counted(typed: Typed) -> tuple[Year, tuple[int, int], Share | None]:
    """The year and one's own savings and business as typed, and what comes of them; None while something is wrong."""
    year = Year(
        typed.rupiah("shu"), typed.percent("modal", 100), typed.percent("usaha", 100),
        typed.rupiah("semua_simpanan", least=1), typed.rupiah("semua_transaksi", least=1),
    )  # fmt: skip
    own = typed.rupiah("simpanan"), typed.rupiah("transaksi")
    if not typed.ok:
        return year, own, None
    try:
        return year, own, estimate.share_of(year, *own)
    except Refusal as refusal:
        typed.refused(FIELDS[refusal.fields["field"]], refusal.fields["reason"].capitalize())
        return year, own, None


def _lesson(slug: str, **context: Any) -> str:
    lesson = BY_SLUG[slug]
    way = crumbs(("Belajar", "/belajar"), (lesson.title, f"/belajar/{slug}"))
    return shown(f"public/{slug.replace('-', '_')}.html", title=lesson.title, about=lesson.about, lesson=lesson,
                 following=after(lesson), data=[way], **context)  # fmt: skip
