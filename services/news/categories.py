"""What Kopnews writes about, as data; an article stands in one category and may have several tags."""

from core.errors import InvalidValue, NotFound

CATEGORIES: dict[str, tuple[str, str]] = {
    "koperasi": ("Koperasi", "Hak anggota, rapat, simpanan, dan cara koperasi bekerja."),
    "ekonomi": ("Ekonomi", "Harga, usaha kecil, dan kabar yang terasa sampai ke rumah."),
    "keuangan": ("Keuangan", "Mengatur uang keluarga, menabung, dan meminjam dengan aman."),
}


def label(code: str) -> str:
    """The category as people read it. Raises NotFound."""
    if code not in CATEGORIES:
        raise NotFound(what="Kategori")
    return CATEGORIES[code][0]


def must_be(code: str) -> str:
    """The code of a category. Raises InvalidValue."""
    if code not in CATEGORIES:
        raise InvalidValue(field="Kategori", reason="pilih salah satu dari daftar.")
    return code
