"""Short pages about cooperatives: which there are, in reading order, and where what they say comes from."""

from dataclasses import dataclass

LAW = "Undang-Undang Nomor 25 Tahun 1992 tentang Perkoperasian"
RULE = "Peraturan Menteri Koperasi dan UKM Nomor 8 Tahun 2023 tentang usaha simpan pinjam"


@dataclass(frozen=True)
class Lesson:
    """A page under /belajar. `sign` is its picture; `sources` are shown below it."""

    slug: str
    title: str
    about: str
    minutes: int
    sign: str
    sources: tuple[str, ...]


LESSONS = (
    Lesson(
        "apa-itu-koperasi", "Apa itu koperasi?",
        "Usaha yang dimiliki anggotanya: siapa pemiliknya, siapa yang mengurus, dan apa bedanya dengan toko atau bank.",
        2, "people", (f"{LAW}, Pasal 1, 3, 5, dan 21.", "Undang-Undang Nomor 6 Tahun 2023 (jumlah pendiri)."),
    ),
    Lesson(
        "hak-dan-kewajiban", "Hak dan kewajiban anggota",
        "Apa yang boleh Anda minta dari koperasi, dan apa yang koperasi harapkan dari Anda.",
        2, "check", (f"{LAW}, Pasal 17 dan 20.",),
    ),
    Lesson(
        "rapat-anggota", "Rapat Anggota Tahunan (RAT)",
        "Setahun sekali anggota menilai pengurus dan memutuskan ke mana SHU dibagi. Satu orang, satu suara.",
        2, "chat", (f"{LAW}, Pasal 22 sampai 28.",),
    ),
    Lesson(
        "simpanan-dan-pinjaman", "Simpanan dan pinjaman",
        "Beda simpanan pokok, wajib, dan sukarela, dan cara membaca harga pinjaman yang sebenarnya.",
        3, "purse", (f"{LAW}, Pasal 41 dan 44.", f"{RULE}, Pasal 26 dan 27.",
                     "Peraturan Pemerintah Nomor 15 Tahun 2009 (pajak bunga simpanan anggota)."),
    ),
    Lesson(
        "shu", "SHU dan cara menghitungnya",
        "Hitung sendiri bagian Anda, langkah demi langkah, dengan angka dari laporan koperasi Anda.",
        3, "calc", (f"{LAW}, Pasal 5 dan 45.", "Undang-Undang Pajak Penghasilan, Pasal 4 ayat (3) huruf i."),
    ),
    Lesson(
        "istilah", "Kamus istilah koperasi",
        "Kata-kata yang sering muncul di rapat dan laporan, dijelaskan dengan bahasa sehari-hari.",
        4, "book", (f"{LAW}.",),
    ),
)  # fmt: skip
BY_SLUG = {lesson.slug: lesson for lesson in LESSONS}


def after(lesson: Lesson) -> Lesson | None:
    """The next page to read."""
    place = LESSONS.index(lesson) + 1
    return LESSONS[place] if place < len(LESSONS) else None
