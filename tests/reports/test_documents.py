"""Kuitansi and member card as PDF."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from PIL import Image
from pypdf import PdfReader

from reports.documents import PAPERS, Letterhead, MemberCard, Paper, ReceiptSlip, card_pdf, receipt_pdf

HEAD = Letterhead("Koperasi Maju Bersama", "123/BH/2019", "Jl. Merdeka 1, Bandung", "0812")
SLIP = ReceiptSlip(
    HEAD, "KW/2026/00012", date(2026, 3, 5), datetime(2026, 3, 5, 7, 5, tzinfo=UTC), "WIB", True, "Siti Aminah", "0001",
    "Setoran Simpanan Sukarela", 1_250_000, 3_450_000, "Rina Petugas", f"https://koperasi.example/v/{'a' * 32}",
)  # fmt: skip


def text(data: bytes) -> str:
    reader = PdfReader(io.BytesIO(data))
    assert len(reader.pages) == 1
    return " ".join(reader.pages[0].extract_text().split())


@pytest.mark.parametrize("paper", PAPERS)
def test_a_kuitansi_carries_everything_on_every_paper(paper: Paper) -> None:
    found = text(receipt_pdf(SLIP, paper))
    parts = (
        "Koperasi Maju Bersama", "123/BH/2019", "Jl. Merdeka 1", "KW/2026/00012", "5 Maret 2026 14.05 WIB",
        "Siti Aminah (0001)", "Setoran Simpanan Sukarela", "Rp 1.250.000",
        "satu juta dua ratus lima puluh ribu rupiah", "Rp 3.450.000", "Rina Petugas",
    )  # fmt: skip
    for part in parts:
        assert part in found, (paper, part)
    assert "SALINAN" not in found


@pytest.mark.parametrize("paper", PAPERS)
def test_a_copy_says_so(paper: Paper) -> None:
    assert "SALINAN" in text(receipt_pdf(replace(SLIP, is_copy=True), paper))


@pytest.mark.parametrize(
    ("paper", "millimetres"), [("a6", (105, 148)), ("a5", (210, 148)), ("58", (58, None)), ("80", (80, None))]
)
def test_the_page_has_the_size_of_the_paper(paper: Paper, millimetres: tuple[int, int | None]) -> None:
    box = PdfReader(io.BytesIO(receipt_pdf(SLIP, paper))).pages[0].mediabox
    assert abs(float(box.width) / 72 * 25.4 - millimetres[0]) < 0.5
    if millimetres[1] is not None:
        assert abs(float(box.height) / 72 * 25.4 - millimetres[1]) < 0.5


def test_it_is_small() -> None:
    for paper in PAPERS:
        assert len(receipt_pdf(SLIP, paper)) <= 50_000


@pytest.mark.parametrize("paper", PAPERS)
def test_the_longest_texts_and_foreign_letters_still_fit_on_one_page(paper: Paper) -> None:
    head = Letterhead("Koperasi Pegawai " * 7, "AHU-" * 15, "Jalan Raya " * 20, "", logo=_logo())
    long = replace(
        SLIP, head=head, member_name="Ni Luh Putu “Łódź” 林 " * 6, purpose="Setoran " * 25, amount_rp=999_999_999_999,
        cashier="Petugas " * 15, is_copy=True,
    )  # fmt: skip
    assert "Rp 999.999.999.999" in text(receipt_pdf(long, paper))


def _logo() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (300, 200), "#0b6a58").save(made, "PNG")
    return made.getvalue()


def test_the_card_has_the_size_of_a_bank_card() -> None:
    data = card_pdf(
        MemberCard(HEAD, "0001", "Siti Aminah", "SDN 1", date(2026, 1, 5), "https://koperasi.example/kartu/x")
    )
    box = PdfReader(io.BytesIO(data)).pages[0].mediabox
    assert abs(float(box.width) / 72 * 25.4 - 85.6) < 0.5
    assert "Siti Aminah" in text(data)
    assert len(data) <= 50_000
