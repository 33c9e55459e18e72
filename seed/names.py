"""Invented people of the demo: nobody's name, number or address. NIK begin with 99, phones with 0800."""

import random
from datetime import date

from services.members.commands import PersonData

_WOMEN = (
    "Aisyah Anisa Ayu Citra Desi Dian Dinda Endang Erna Farida Fitri Gita Hani Hesti Ida Ika Indah Intan Kartini Lina "
    "Mega Mira Nani Nurul Puji Putri Rani Ratih Rini Sari Siti Sri Tari Titin Tuti Wati Yanti"
)
_MEN = (
    "Agung Ahmad Andi Arif Asep Bagus Bambang Bayu Budi Cahya Dadang Dani Darmawan Dimas Edi Eka Fajar Galih Haris "
    "Imam Indra Irfan Joko Lukman Maman Nanang Oki Pandu Rahmat Reza Rizki Rudi Slamet Surya Teguh Tono Umar Wahyu "
    "Wawan Yoga Yudi Zainal"
)
_OF_WOMEN = (
    "Anggraini Astuti Cahyani Fauziah Hanifah Hapsari Hartati Irawati Kurniasih Lestarini Maryani Nuraini Oktaviani "
    "Puspitasari Rahmawati Rosdiana Safitri Suharti Sulistyani Susanti Tresnawati Utami Widodari Wijayanti Yuliana"
)
_OF_MEN = (
    "Adinata Darmaji Firdausi Gunadi Handoyo Hidayat Indrawan Jatmika Kusnadi Laksmana Mahardika Mulyana Nugraha "
    "Pamungkas Permana Prakoso Prasetya Ramdani Samsudin Santika Saptono Setiana Sudrajat Supriadi Sutrisna Wibisana "
    "Yulianto Zahari"
)
_PLACES = ("Kota Contoh", "Desa Contoh", "Sukacontoh", "Contohrejo", "Tanjung Contoh")
_STREETS = ("Melati", "Kenanga", "Cempaka", "Flamboyan", "Anggrek", "Teratai", "Dahlia", "Bugenvil")


def people(
    rng: random.Random,
    count: int,
    *,
    known: tuple[str, ...] = (),
    place: str = "",
    employer: str = "",
    work_units: tuple[str, ...] = (),
    born: tuple[int, int] = (1968, 2001),
) -> list[PersonData]:
    """So many people, no name twice; the first carry the names in `known`."""
    pairs = [
        f"{first} {last}"
        for firsts, lasts in ((_WOMEN, _OF_WOMEN), (_MEN, _OF_MEN))
        for first in firsts.split()
        for last in lasts.split()
    ]
    rest = [name for name in rng.sample(pairs, count) if name not in known]
    names = [*known, *rest][:count]
    return [
        PersonData(
            name=name,
            nik=f"99{rng.randrange(10**9):09d}{index:05d}",
            nip=f"NP{10_000 + index * 7}" if employer else "",
            birth_place=rng.choice(_PLACES),
            birth_on=date(rng.randint(*born), rng.randint(1, 12), rng.randint(1, 28)),
            address=place or f"Jl. {rng.choice(_STREETS)} No. {rng.randint(1, 80)}",
            employer=employer,
            work_unit=rng.choice(work_units) if work_units else "",
            phone=f"0800{rng.randrange(10**8):08d}",
            email=f"{name.lower().replace(' ', '.')}@contoh.example" if employer else "",
            bank_name="Bank Contoh" if employer else "",
            bank_account=f"99{rng.randrange(10**8):08d}" if employer else "",
        )
        for index, name in enumerate(names, start=1)
    ]
