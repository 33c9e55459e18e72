"""A member's own mutasi and kuitansi, and the page anyone may check a kuitansi on."""

import io
from datetime import date
from decimal import Decimal
from urllib.parse import unquote

import pytest
from pypdf import PdfReader

from models.savings import Receipt, SavingsMovement, SavingsProduct
from services.savings import interest_runs
from services.savings.commands import deposit, reverse_movement
from services.savings.dues import years
from tests.member_portal.conftest import Portal


def pdf_text(data: bytes) -> str:
    return " ".join(PdfReader(io.BytesIO(data)).pages[0].extract_text().split())


def printed(portal: Portal, receipt: Receipt) -> int:
    with portal.world.reading() as session:
        return session.get_one(Receipt, receipt.id).printed


def test_mutasi_runs_newest_first_with_the_balance_after_each(portal: Portal) -> None:
    text = portal.as_("siti").get("/mykoperasi/mutasi").text
    assert text.index('id="b202603"') < text.index('id="b202602"') < text.index('id="b202601"')
    march = text[text.index('id="b202603"') : text.index('id="b202602"')]
    assert "Tarik Sukarela" in march
    assert "Rp 250.000" in march
    assert "Rp 750.000" in march


def test_mutasi_of_one_month_and_one_product(portal: Portal) -> None:
    browser, product = portal.as_("siti"), portal.world.product("voluntary")
    month = browser.get("/mykoperasi/mutasi?bulan=2026-02").text
    assert "Setor Wajib" in month
    assert "Setor Sukarela" in month
    assert "Tarik Sukarela" not in month
    both = browser.get(f"/mykoperasi/mutasi?bulan=2026-03&jenis={product}").text
    assert "Rp 750.000" in both  # the balance runs from the first movement, not from the first shown
    assert "Tidak ada mutasi untuk pilihan ini" in browser.get(f"/mykoperasi/mutasi?bulan=2026-01&jenis={product}").text


@pytest.mark.parametrize(
    "query", ["bulan=2026-13", "bulan=x", "jenis=%F0%9F%98%80", "jenis=99999999999999999999", "jenis=-1"]
)
def test_an_impossible_choice_is_answered_plainly(portal: Portal, query: str) -> None:
    answer = portal.as_("siti").get(f"/mykoperasi/mutasi?{query}")
    assert answer.status_code in {200, 422}
    assert "Traceback" not in answer.text


def test_a_kuitansi_shows_all_that_belongs_on_one(portal: Portal) -> None:
    receipt = portal.receipts["Siti"][2]
    text = portal.as_("siti").get(f"/mykoperasi/kuitansi/{receipt.id}").text
    for part in (
        "Koperasi Maju Bersama", receipt.label, "17 Februari 2026", "Siti Aminah (0001)", "Setoran Simpanan Sukarela",
        "Rp 1.000.000", "satu juta rupiah", "Saldo sesudahnya", "Rina Petugas", "<svg",
    ):  # fmt: skip
        assert part in text


def test_looking_does_not_print(portal: Portal) -> None:
    browser, receipt = portal.as_("siti"), portal.receipts["Siti"][0]
    browser.get(f"/mykoperasi/kuitansi/{receipt.id}")
    assert browser.get(f"/mykoperasi/kuitansi/{receipt.id}/cetak").status_code == 405
    assert printed(portal, receipt) == 0


def test_the_second_print_is_marked_salinan_whatever_the_paper(portal: Portal) -> None:
    browser, receipt = portal.as_("siti"), portal.receipts["Siti"][2]
    address = f"/mykoperasi/kuitansi/{receipt.id}/cetak"
    first = browser.post(address, {"kertas": "a6"})
    assert first.mimetype == "application/pdf"
    assert receipt.label.replace("/", "-") in first.headers["Content-Disposition"]
    assert "SALINAN" not in pdf_text(first.data)
    assert "satu juta rupiah" in pdf_text(first.data)
    assert "SALINAN" in pdf_text(browser.post(address, {"kertas": "a5"}).data)
    for width in ("58", "80"):
        strip = browser.post(address, {"kertas": width})
        assert f"size:{width}mm" in strip.text
        assert "SALINAN" in strip.text
    assert printed(portal, receipt) == 4


def test_unknown_paper_is_refused_and_not_counted(portal: Portal) -> None:
    receipt = portal.receipts["Siti"][0]
    answer = portal.as_("siti").post(f"/mykoperasi/kuitansi/{receipt.id}/cetak", {"kertas": "a0"})
    assert answer.status_code == 422
    assert "pilih A6, A5" in answer.text
    assert printed(portal, receipt) == 0


def test_sharing_by_whatsapp_names_nobody_and_no_amount(portal: Portal) -> None:
    receipt = portal.receipts["Siti"][2]
    text = portal.as_("siti").get(f"/mykoperasi/kuitansi/{receipt.id}").text
    link = unquote(text.split('href="https://wa.me/?text=')[1].split('"')[0])
    assert f"/v/{receipt.token}" in link
    for private in ("Siti", "0001", "1.000.000", "Simpanan Sukarela"):
        assert private not in link


def test_anyone_with_the_paper_may_check_it(portal: Portal) -> None:
    receipt = portal.receipts["Siti"][2]
    text = portal.anyone().get(f"/v/{receipt.token}").text
    assert "Kuitansi ini tercatat" in text
    for part in (receipt.label, "Rp 1.000.000", "Koperasi Maju Bersama", "S. A."):
        assert part in text
    for private in ("Siti", "Aminah", "750.000", "Rina"):
        assert private not in text


def test_the_check_tells_when_the_transaction_was_undone(portal: Portal) -> None:
    receipt = portal.receipts["Siti"][3]
    with portal.world.transaction() as session:
        movement = session.query(SavingsMovement).filter(SavingsMovement.source == receipt.source).one()
        reverse_movement(
            session, portal.world.bendahara, movement.id, booked_on=date(2026, 3, 6), reason="salah hitung"
        )
    assert "sudah dibatalkan" in portal.anyone().get(f"/v/{receipt.token}").text


@pytest.mark.parametrize("token", ["x", "%00", "' or 1=1 --", "é" * 200])
def test_a_code_nobody_issued_is_called_unknown(portal: Portal, token: str) -> None:
    answer = portal.anyone().get(f"/v/{token}")
    assert answer.status_code == 404
    assert "Kuitansi tidak dikenal" in answer.text


def test_simpanan_shows_pokok_and_wajib_and_every_month_of_the_year(portal: Portal) -> None:
    text = portal.as_("siti").get("/mykoperasi/simpanan").text
    assert "Rp 150.000" in text  # pokok and wajib; nothing of sukarela
    assert "750.000" not in text
    assert "Simpanan Wajib 2026" in text
    assert "Lunas 3 Feb" in text
    assert "Belum dibayar Rp 50.000" in text
    assert text.count("tidak ada tagihan") == 10
    for way in ("mutasi", "kuitansi", "laporan", "kartu"):
        assert f'href="/mykoperasi/{way}"' in text


def test_a_month_is_paid_on_the_day_its_last_rupiah_came(portal: Portal) -> None:
    world, siti = portal.world, portal.members["Siti"]
    product = world.product("mandatory")
    with world.transaction(world.petugas) as session:
        for number, (amount_rp, day) in enumerate([(20_000, 6), (30_000, 20)]):
            deposit(session, world.petugas, member_id=siti, product_id=product, amount_rp=amount_rp,
                    booked_on=date(2026, 3, day), token=f"part-{number}")  # fmt: skip
            assert years(session, world.petugas, siti)[0].left_rp == (0 if number else 30_000)
    browser = portal.as_("siti")
    assert "Lunas 20 Mar" in browser.get("/mykoperasi/simpanan").text
    with world.transaction() as session:
        movement = session.query(SavingsMovement).filter(SavingsMovement.source == "savings:part-1").one()
        reverse_movement(session, world.bendahara, movement.id, booked_on=date(2026, 3, 21), reason="salah")
    text = browser.get("/mykoperasi/simpanan").text
    assert "Kurang Rp 30.000" in text
    assert "Lunas 3 Feb" in text


def test_jasa_is_named_in_the_mutasi_and_in_the_months(portal: Portal) -> None:
    world, product = portal.world, portal.world.product("voluntary")
    with world.transaction() as session:
        found = session.get_one(SavingsProduct, product)
        found.interest_method, found.interest_pct = "average", Decimal(12)
    with world.transaction() as session:
        run = interest_runs.preview(session, world.bendahara, date(2026, 3, 1), today=date(2026, 4, 2))
        interest_runs.book(session, world.bendahara, run, today=date(2026, 4, 2))
    browser = portal.as_("siti")
    assert "Jasa Sukarela" in browser.get("/mykoperasi/mutasi").text
    assert "<dt>Jasa</dt>" in browser.get("/mykoperasi/tabungan").text
