"""How states and kinds are shown: a word in a colour that means something."""

from collections.abc import Callable

from markupsafe import Markup

from core.display import date_long, moment, rupiah

TONES = {
    "Aktif": "good", "Calon": "warn", "Ditolak": "bad", "Terbuka": "good", "Tertutup": "warn", "Terkunci": "info",
    "Lunas": "good", "Sebagian": "warn", "Belum dibayar": "warn", "Dibebaskan": "info", "Menunggu": "warn",
    "Disetujui": "good", "Kedaluwarsa": "bad", "Nonaktif": "bad", "Masuk": "good", "Keluar": "info",
}  # fmt: skip


def tag(word: str, tone: str | None = None) -> Markup:
    """`<span class="tag">` in the tone of the word, or in the tone given."""
    tone = TONES.get(word) if tone is None else tone
    return Markup('<span class="tag{}">{}</span>').format(f" tag-{tone}" if tone else "", word)


def tagged(words: dict[str, str]) -> Callable[[str], Markup]:
    """A formatter: code -> word in its colour."""
    return lambda code: tag(words.get(code, code))


def day(value: object) -> str:
    return date_long(value) if value else ""  # type: ignore[arg-type]


def at(value: object) -> str:
    return moment(value) if value else ""  # type: ignore[arg-type]


def money(value: object) -> str:
    return rupiah(value) if isinstance(value, int) else ""


def yes_no(value: object) -> str:
    return "Ya" if value else "Tidak"
