"""Laporan bulanan: every month there was, each a small PDF of one's own figures."""

from io import BytesIO

from PIL import Image

from core.clock import today
from models.coops import Coop
from tests.member_portal.conftest import Portal
from tests.member_portal.test_savings import pdf_text


def test_the_months_since_the_first_movement_are_listed(portal: Portal) -> None:
    text = portal.as_("siti").get("/mykoperasi/laporan").text
    running = today()
    assert f"/mykoperasi/laporan/{running:%Y-%m}.pdf" in text
    assert "/mykoperasi/laporan/2026-01.pdf" in text
    assert "/mykoperasi/laporan/2025-12.pdf" not in text
    assert text.count(".pdf") == (running.year - 2026) * 12 + running.month


def test_a_month_is_a_small_pdf_with_the_cooperatives_head_and_logo(portal: Portal) -> None:
    browser, body = portal.as_("siti"), BytesIO()
    answer = browser.get("/mykoperasi/laporan/2026-03.pdf")
    assert answer.mimetype == "application/pdf"
    assert "maju-member-month-2026-03-01-2026-03-31.pdf" in answer.headers["Content-Disposition"]
    for part in ("Koperasi Maju Bersama", "Laporan Bulanan 0001 Siti Aminah", "Maret 2026", "1.000.000", "750.000"):
        assert part in pdf_text(answer.data)
    assert "3.000.000" not in pdf_text(answer.data)
    Image.new("RGB", (200, 200), "green").save(body, "PNG")
    uploads = portal.app.extensions["ekopz.settings"].uploads
    uploads.mkdir(parents=True, exist_ok=True)
    (uploads / "logo.png").write_bytes(body.getvalue())
    with portal.world.database.platform("test", writes=True) as session:
        session.get_one(Coop, portal.world.coop.id).logo_file = "logo.png"
    with_logo = browser.get("/mykoperasi/laporan/2026-03.pdf").data
    assert len(answer.data) < len(with_logo) <= 100_000


def test_a_month_that_is_not_listed_is_not_there(portal: Portal) -> None:
    browser = portal.as_("siti")
    for month in ("2025-12", "2199-01", "2026-13", "x", "%00", "2026-3", "9" * 40):
        assert browser.get(f"/mykoperasi/laporan/{month}.pdf").status_code == 404
    assert portal.anyone().get("/mykoperasi/laporan/2026-03.pdf").headers["Location"].startswith("/masuk")


def test_everybody_gets_their_own(portal: Portal) -> None:
    for username, own in (("joko", "2.700.000"), ("agus", "6.300.000")):
        text = pdf_text(portal.as_(username).get("/mykoperasi/laporan/2026-03.pdf").data)
        assert f"SEMUA SIMPANAN 0 {'750.000' if username == 'joko' else '1.750.000'} {own}" in text
        assert "Siti" not in text
