"""Data saya: the member's own copy, consents and requests, and nobody else's."""

import io
import json

import pytest
from openpyxl import load_workbook

from core.clock import now
from models.loans import LoanProduct
from models.members import Member
from models.notifications import Notification
from models.privacy import Breach, Consent, MemberConsent, PrivacyRequest
from services.privacy import export, pages
from tests.conftest import PASSWORD
from tests.member_portal.conftest import Portal

HERE = "/mykoperasi/data-saya"
XSS = "<script>alert(1)</script>"


def copy(portal: Portal, who: str, kind: str, password: str = PASSWORD):
    return portal.as_(who).post(f"{HERE}/unduh", {"sandi": password, "bentuk": kind})


def test_the_copy_comes_as_json_and_as_excel_with_the_password(portal: Portal) -> None:
    answer = copy(portal, "siti", "json")
    assert 'filename="data-saya.json"' in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    told = json.loads(answer.data)
    parts = {part["tabel"]: part["baris"] for part in told["bagian"]}
    assert (told["nama"], told["versi_privasi"]) == ("Siti Aminah", pages.version())
    assert sum(row["amount_rp"] for row in parts["savings_movements"]) == 900_000
    assert "Joko" not in answer.text
    assert "Agus" not in answer.text
    book = load_workbook(io.BytesIO(copy(portal, "siti", "xlsx").data))
    assert book.sheetnames[:3] == ["Isi", "Data anggota", "Akun"]
    assert [cell.value for cell in book["Mutasi simpanan"][1]] == [
        "Rekening", "Dibukukan", "Jenis", "Jumlah", "Uraian",
    ]  # fmt: skip
    assert "Perangkat yang pernah masuk" in book.sheetnames


def test_a_wrong_password_and_too_many_copies(portal: Portal) -> None:
    answer = copy(portal, "siti", "json", "salah sekali")
    assert (answer.status_code, answer.mimetype) == (403, "text/html")
    assert "Kata sandi tidak cocok" in answer.text
    browser = portal.as_("siti")
    for _ in range(export.MOST):
        assert browser.post(f"{HERE}/unduh", {"sandi": PASSWORD}).status_code == 200
    refused = browser.post(f"{HERE}/unduh", {"sandi": PASSWORD})
    assert refused.status_code == 429
    assert "Coba lagi besok" in refused.text


def test_registering_needs_the_tick_and_keeps_it(portal: Portal) -> None:
    browser, form = portal.anyone(), {"full_name": "Baru", "username": "baru.sekali", "email": "", "password": PASSWORD}
    refused = browser.client.post("/daftar", data=form | {"csrf_token": browser.form_token("/daftar")})
    assert refused.status_code == 422
    assert "Centang dulu" in refused.text
    browser.client.post("/daftar", data=form | {"setuju": "ya", "csrf_token": browser.form_token("/daftar")})
    with portal.world.database.platform("test") as session:
        assert [(c.purpose, c.version) for c in session.query(Consent)] == [("akun", pages.version())]


def test_the_tick_of_a_loan_is_kept(portal: Portal) -> None:
    with portal.world.reading() as session:
        code = session.query(LoanProduct).first().code
    browser = portal.as_("siti")
    form = {"produk": code, "jumlah": "500.000", "tenor": "10", "tujuan": "Modal", "bayar": "cash", "token": "w"}
    assert browser.post("/mykoperasi/pinjaman/ajukan", form).status_code == 422
    for _ in range(2):
        assert browser.post("/mykoperasi/pinjaman/ajukan", form | {"setuju": "ya"}).status_code == 302
    with portal.world.reading() as session:
        kept = session.query(MemberConsent).one()
        assert (kept.purpose, kept.given_by, kept.member_id) == ("pinjaman", "portal", portal.members["Siti"])


def test_a_consent_is_given_and_taken_back_with_what_follows_said_first(portal: Portal) -> None:
    browser = portal.as_("siti")
    for code in ("foto", "buletin"):
        address = f"{HERE}/persetujuan/{code}"
        assert "Saya setuju" in browser.get(address).text
        assert browser.post(address, {"setuju": "ya"}).status_code == 302
        assert "Bila ditarik" in browser.get(address).text
        assert browser.post(address, {"setuju": "tidak"}).status_code == 302
        assert "Ditarik" in browser.get(address).text
    assert "Tarik persetujuan" not in browser.get(f"{HERE}/persetujuan/akun").text
    assert browser.post(f"{HERE}/persetujuan/akun", {"setuju": "tidak"}).status_code == 422
    assert browser.get(f"{HERE}/persetujuan/gosip").status_code == 404


@pytest.mark.parametrize("kind", ["correct", "restrict"])
def test_asking_twice_is_asking_once_and_can_be_taken_back(portal: Portal, kind: str) -> None:
    browser = portal.as_("siti")
    for token in ("a", "a", "b"):
        assert browser.post(f"{HERE}/minta", {"jenis": kind, "isi": XSS, "token": token}).status_code == 302
    text = browser.get(HERE).text
    assert XSS not in text
    assert "jawab paling lambat" in text or "dijawab paling lambat" in text
    with portal.world.reading() as session:
        asked = session.query(PrivacyRequest).one()
    gone = f"{HERE}/minta/{asked.id}/batal"
    assert portal.as_("joko").post(gone).status_code == 404
    assert portal.as_("agus").post(gone).status_code == 404
    assert browser.post(gone).status_code == 302
    assert browser.post(gone).status_code == 409


def test_erasure_is_refused_with_what_stands_in_the_way(portal: Portal) -> None:
    browser = portal.as_("siti")
    assert "masih anggota aktif" in browser.get(HERE).text
    answer = browser.post(f"{HERE}/minta", {"jenis": "erase", "token": "a", "yakin": "HAPUS"})
    assert answer.status_code == 409
    assert "masih ada simpanan Rp 900.000" in answer.text
    for odd in ({"jenis": "semua"}, {"jenis": "correct", "isi": " "}, {}):
        assert browser.post(f"{HERE}/minta", odd).status_code == 422


def test_a_restriction_is_lifted_by_the_member(portal: Portal) -> None:
    with portal.world.transaction() as session:
        session.get_one(Member, portal.members["Siti"]).restricted_since = now()
    browser = portal.as_("siti")
    assert "Akhiri pembatasan" in browser.get(HERE).text
    browser.post(f"{HERE}/pembatasan")
    assert "Minta pembatasan" in browser.get(HERE).text


def test_the_letter_of_a_breach_is_for_the_cooperatives_it_met(portal: Portal) -> None:
    with portal.world.database.platform("test", writes=True) as session:
        breach = Breach(
            title="x", what=XSS, handling="x", data_kinds=["ktp"], coop_ids=[portal.world.coop.id], state="told",
            happened_at=now(), found_at=now(), created_by=portal.world.ketua.user_id,
        )  # fmt: skip
        session.add(breach)
        session.flush()
        session.add(Notification(coop_id=portal.world.coop.id, key="x", user_id=1, title="x", body="x"))
    address = f"{HERE}/pemberitahuan/{breach.id}"
    text = portal.as_("siti").get(address).text
    assert "Nomor KTP" in text
    assert XSS not in text
    assert portal.as_("agus").get(address).status_code == 404


@pytest.mark.parametrize("address", ["/privasi", "/ketentuan"])
def test_the_pages_are_there_for_anybody_and_linked_from_each_page(portal: Portal, address: str) -> None:
    answer = portal.anyone().get(address)
    assert answer.status_code == 200
    assert len(answer.data) < 100_000
    assert f'href="{address}"' in portal.anyone().get("/bantuan").text
