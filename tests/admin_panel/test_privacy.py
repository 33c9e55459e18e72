"""Kopmin: requests that wait, consents on paper, erasing by two; the platform's desk for breaches."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from core.clock import now
from models.audit import AuditRecord
from models.members import Member
from models.privacy import Breach, MemberConsent, PrivacyRequest
from services.jobs.queue import Queue
from services.loans import exits
from tests.admin_panel.conftest import Panel
from tests.admin_panel.story import DAY

XSS = "<script>alert(1)</script>"


def siti(panel: Panel) -> Member:
    with panel.world.reading() as session:
        return session.query(Member).filter(Member.number == "0001").one()


def asked(panel: Panel) -> PrivacyRequest:
    with panel.world.reading() as session:
        return session.query(PrivacyRequest).order_by(PrivacyRequest.id.desc()).first()


def test_what_waits_is_on_the_first_page_and_is_answered(peopled: Panel) -> None:
    browser = peopled.as_("ketua")
    assert "Permintaan data pribadi" in browser.get("/kopmin/").text
    address = f"/kopmin/data-pribadi/{asked(peopled).id}"
    assert "Alamat Siti Aminah salah" in browser.get(address).text
    assert browser.post(address, {"act": "kabulkan", "answer": ""}).status_code == 422
    assert browser.post(address, {"act": "sulap", "answer": "x"}).status_code == 422
    assert browser.post(address, {"act": "kabulkan", "answer": XSS}).status_code == 302
    again = browser.post(address, {"act": "tolak", "answer": "x"})
    assert "sudah dikabulkan" in again.text
    assert XSS not in browser.get(address).text
    assert "Permintaan data pribadi</strong>" not in browser.get("/kopmin/").text


def test_a_consent_on_paper_is_noted_once_by_petugas(peopled: Panel) -> None:
    browser, address = peopled.as_("petugas"), f"/kopmin/persetujuan-anggota/{siti(peopled).id}"
    for _ in range(2):
        assert browser.post(address, {"tujuan": "foto", "act": "beri"}).status_code == 302
    with peopled.world.reading() as session:
        kept = session.query(MemberConsent).one()
        assert (kept.given_by, kept.recorded_by) == ("paper", peopled.world.petugas.user_id)
    assert "Di kertas" in browser.get(address).text
    browser.post(address, {"tujuan": "foto", "act": "tarik"})
    assert "Ditarik" in browser.get(address).text
    browser.post(address, {"tujuan": "keanggotaan", "act": "beri"})
    browser.post(address, {"tujuan": "keanggotaan", "act": "tarik"})
    assert "tidak dapat ditarik di sini" in browser.get(address).text
    browser.post(address, {"tujuan": XSS, "act": "beri"})
    assert "tidak ditemukan" in browser.get(address).text
    assert peopled.as_("bendahara").get("/kopmin/data-pribadi/").status_code == 403


def test_erasing_takes_two_a_word_and_nothing_open(peopled: Panel) -> None:
    member, chair = siti(peopled), peopled.as_("ketua")
    desk = f"/kopmin/data-pribadi/anggota/{member.id}"
    form = {"kind": "erase", "wish": "", "sure": "HAPUS", "token": "e"}
    refused = chair.post(desk, form)
    assert refused.status_code == 422
    assert "masih anggota aktif" in refused.text
    peopled.world.checked = False  # gone with savings left: what the books would not bear
    with peopled.world.transaction(peopled.world.ketua) as session:
        session.get_one(Member, member.id).state = "left"
    blocked = chair.get(desk).text
    for word in ("masih ada simpanan", "belum selesai"):
        assert word in blocked


def test_somebody_with_nothing_open_is_erased_for_ever(peopled: Panel) -> None:
    world = peopled.world
    member_id = world.member("Wulan Sari")
    with world.transaction(world.ketua) as session:
        exits.settle(session, world.ketua, exits.preview(session, world.ketua, member_id, on=DAY), left_on=DAY,
                     reason="Pindah")  # fmt: skip
    chair, clerk = peopled.as_("ketua"), peopled.as_("sekretaris")
    form = {"kind": "erase", "wish": "", "sure": "HAPUS", "token": "e"}
    chair.post(f"/kopmin/data-pribadi/anggota/{member_id}", form)
    address = f"/kopmin/data-pribadi/{asked(peopled).id}"
    assert "Minta pengurus lain" in chair.get(address).text
    assert chair.post(address, {"act": "hapus", "sure": "HAPUS", "answer": ""}).status_code == 422
    assert clerk.post(address, {"act": "hapus", "sure": "ya", "answer": ""}).status_code == 422
    assert clerk.post(address, {"act": "hapus", "sure": "HAPUS", "answer": ""}).status_code == 302
    assert "sudah dikabulkan" in clerk.post(address, {"act": "hapus", "sure": "HAPUS", "answer": ""}).text
    for page in (address, "/kopmin/anggota/list/", f"/kopmin/anggota/show/{member_id}", "/kopmin/data-pribadi/"):
        assert "Wulan" not in clerk.get(page).text, page
    assert "Anggota terhapus" in clerk.get("/kopmin/anggota/list/?cari=terhapus").text


@pytest.fixture
def breach(peopled: Panel) -> int:
    with peopled.world.database.platform("test", writes=True) as session:
        found = session.query(Breach).one()
        found.found_at, found.handling, found.what = now() - timedelta(hours=70, minutes=1), "Diganti", XSS
        return found.id


def test_the_clock_runs_on_the_desk_and_the_list_is_on_the_record(peopled: Panel, breach: int) -> None:
    browser = peopled.as_("operator_platform")
    assert "Pelanggaran data" in browser.get("/platform/").text
    page = browser.get(f"/platform/pelanggaran/{breach}").text
    assert "Sisa 1 jam 5" in page
    assert XSS not in page
    book = load_workbook(io.BytesIO(browser.post(f"/platform/pelanggaran/{breach}/daftar").data)).active
    names = {row[2] for row in book.iter_rows(min_row=2, values_only=True)}
    assert {"Siti Aminah", "TETANGGA Rahasia", "Kartika Ketua"} <= names
    for coop in (peopled.world.coop, peopled.world.other):
        with peopled.world.reading(coop.id) as session:
            assert session.query(AuditRecord).filter(AuditRecord.action == "privacy.breach_list").count() == 1
    assert "sedang diberitahukan" in _pressed(browser, breach, "beritahu").casefold()
    assert "sudah sedang diberitahukan" in _pressed(browser, breach, "beritahu")
    assert "sudah sedang diberitahukan" in _pressed(browser, breach, "tutup")


def test_telling_begins_at_once(peopled: Panel, breach: int, tmp_path: Path, monkeypatch) -> None:
    queue, browser = Queue(tmp_path, peopled.world.database), peopled.as_("operator_platform")
    monkeypatch.setitem(peopled.app.extensions, "ekopz.jobs", queue)
    for _ in range(2):  # a second click
        _pressed(browser, breach, "beritahu")
    assert queue.work_off() == 1
    queue.close()
    assert "sudah diberitahukan" in browser.get(f"/platform/pelanggaran/{breach}").text.casefold()
    assert "selesai" in _pressed(browser, breach, "tutup").casefold()


def _pressed(browser, breach: int, act: str) -> str:
    assert browser.post(f"/platform/pelanggaran/{breach}/{act}").status_code == 302
    return browser.get(f"/platform/pelanggaran/{breach}").text


def test_a_breach_is_written_down_with_plain_refusals(peopled: Panel) -> None:
    browser, address = peopled.as_("operator_platform"), "/platform/pelanggaran/catat"
    form = {"title": "Hilang", "what": "Dicuri", "happened": "2026-03-05T08:00", "found": "2026-03-05T09:00",
            "data_kinds": ["ktp"], "coop_ids": [str(peopled.world.coop.id)], "handling": ""}  # fmt: skip
    for odd in ({"happened": "0001-01-01T00:00"}, {"found": "2026-03-05T07:00"}, {"data_kinds": []},
                {"coop_ids": ["999"]}, {"title": ""}):  # fmt: skip
        assert browser.post(address, form | odd).status_code == 422, odd
    made = browser.post(address, form)
    assert "Lewat" in browser.get(made.location).text
    changed = browser.post(f"{made.location}/ubah", form | {"handling": "Sandi diganti"})
    assert changed.status_code == 302
    assert "Sandi diganti" in browser.get(made.location).text
    assert browser.get("/platform/pelanggaran/999").status_code == 404
    assert peopled.as_("redaktur").get("/platform/pelanggaran/").status_code == 403
