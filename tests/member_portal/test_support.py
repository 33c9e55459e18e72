"""A member writes from the phone, reads the answer, ends it and says how it was; strangers write at /masukan."""

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from models.notifications import MailChoice
from models.support import Ticket, TicketMessage, VisitorMessage
from services.support import desk
from services.support.talk import Said
from tests.admin_panel.story import picture
from tests.member_portal.conftest import Portal

TOKEN = re.compile(r'name="token" value="([^"]+)"')
SCRIPT = "<script>alert(1)</script>"


class Phone:
    """Siti and her pengurus."""

    def __init__(self, portal: Portal, folder: Path) -> None:
        self.portal, self.world, self.folder = portal, portal.world, folder
        self.siti = portal.as_("siti")

    def write(self, who=None, **changes: object):
        data = {
            "jenis": "complaint", "kepada": "coop", "judul": "Setoran Maret", "pesan": "Belum tampil", "token": "t1",
            "halaman": "/mykoperasi/mutasi", **changes,
        }  # fmt: skip
        return (who or self.siti).post("/mykoperasi/bantuan/baru", data, content_type="multipart/form-data")

    def answer(self, body: str = "Sudah kami catat.") -> None:
        ketua = self.world.ketua
        with self.world.transaction(ketua) as session:
            (ticket,) = desk.listed(session, ketua)
            desk.answer(session, ketua, ticket.id, Said(body, "a"), self.folder, after=10**9)

    def rows(self, kind):
        with self.world.database.platform("test") as session:
            return session.query(kind).order_by(kind.id).all()


@pytest.fixture
def phone(portal: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Phone:
    extensions = portal.app.extensions
    monkeypatch.setitem(extensions, "ekopz.settings", replace(extensions["ekopz.settings"], data=tmp_path))
    return Phone(portal, tmp_path)


def test_the_footer_leads_everybody_to_their_own_form(phone):
    assert 'href="/masukan?dari=/mykoperasi/mutasi"' in phone.siti.get("/mykoperasi/mutasi").text
    answer = phone.siti.get("/masukan?dari=/mykoperasi/mutasi")
    assert answer.location == "/mykoperasi/bantuan/baru?dari=/mykoperasi/mutasi"
    assert 'name="halaman" value="/mykoperasi/mutasi"' in phone.siti.get(answer.location).text
    phone.portal.user("rina", None, {"petugas"})
    assert phone.portal.as_("rina").get("/masukan?dari=/kopmin/").location == "/kopmin/bantuan/baru?dari=/kopmin/"
    assert 'action="/masukan"' in phone.portal.anyone().get("/masukan?dari=/").text


def test_a_complaint_is_written_answered_and_rated(phone):
    token = TOKEN.search(phone.siti.get("/mykoperasi/bantuan/baru").text)[1]
    shot = (BytesIO(picture()), "../../x.php")
    first = phone.write(token=token, gambar=shot)
    assert phone.write(token=token).location == first.location, "the second click"
    (ticket,), (message,) = phone.rows(Ticket), phone.rows(TicketMessage)
    assert (ticket.page, ticket.title) == ("/mykoperasi/mutasi", "Setoran Maret")
    seen = phone.siti.get(f"{first.location}/gambar/{message.id}")
    assert seen.data.startswith(b"\xff\xd8")
    assert seen.headers["Content-Security-Policy"] == "sandbox"
    phone.answer()
    assert "Kartika Ketua menjawab" in phone.siti.get("/mykoperasi/pesan").text
    page = phone.siti.get(first.location).text
    for words in ("Sudah kami catat.", "Kartika Ketua", "Dijawab", ticket.label):
        assert words in page, words
    phone.siti.post(f"{first.location}/balas", {"pesan": "Terima kasih", "token": "r"})
    phone.siti.post(f"{first.location}/balas", {"pesan": "Terima kasih", "token": "r"})
    assert len(phone.rows(TicketMessage)) == 3
    assert phone.siti.post(f"{first.location}/nilai", {"nilai": "5"}).status_code == 409
    phone.siti.post(f"{first.location}/selesai")
    assert phone.siti.post(f"{first.location}/nilai", {"nilai": "9"}).status_code == 422
    phone.siti.post(f"{first.location}/nilai", {"nilai": "5", "catatan": SCRIPT})
    page = phone.siti.get(first.location).text
    assert "Sangat puas" in page
    assert SCRIPT not in page


def test_nobody_reads_the_ticket_of_somebody_else(phone):
    place = phone.write(gambar=(BytesIO(picture()), "x.png")).location
    (message,) = phone.rows(TicketMessage)
    for other in ("joko", "agus"):
        browser = phone.portal.as_(other)
        assert "Setoran Maret" not in browser.get("/mykoperasi/bantuan").text
        for address in (place, f"{place}/gambar/{message.id}"):
            assert browser.get(address).status_code == 404
        for act in ("balas", "selesai", "nilai"):
            assert browser.post(f"{place}/{act}", {"pesan": "x", "token": "y", "nilai": "1"}).status_code == 404
    assert phone.portal.anyone().get(place).location.startswith("/masuk?next=")
    assert [one.state for one in phone.rows(Ticket)] == ["open"]


def test_scripts_and_huge_texts_are_shown_as_text_or_refused_with_everything_kept(phone):
    place = phone.write(judul=SCRIPT, pesan=f"{SCRIPT}\n<img src=x onerror=alert(1)>").location
    for address in (place, "/mykoperasi/bantuan"):
        text = phone.siti.get(address).text
        assert "&lt;script&gt;" in text
        assert SCRIPT not in text
        assert "<img src=x" not in text
    refused = phone.write(pesan="x" * 6000, token="t2")
    assert refused.status_code == 422
    assert "paling panjang 5.000 huruf" in refused.text
    assert "x" * 6000 in refused.text
    refused = phone.write(gambar=(BytesIO(b"<svg onload=alert(1)>"), "x.png"), token="t3")
    assert "bukan gambar" in refused.text
    assert len(phone.rows(Ticket)) == 1


def stranger(portal: Portal, token: str = "s1", **changes: str):
    data = {"nama": "Dewi", "email": "dewi@contoh.id", "jenis": "question", "pesan": "Berapa?", "token": token}
    browser = portal.anyone()
    return browser.client.post("/masukan", data={**data, "csrf_token": browser.form_token("/masukan"), **changes})


def test_strangers_write_within_limits_and_programs_in_vain(phone):
    assert stranger(phone.portal, "trap", situs="http://spam").location == "/masukan"
    assert phone.rows(VisitorMessage) == []
    for token in ("s1", "s1", "s2", "s3", "s4", "s5"):
        assert stranger(phone.portal, token, nama=SCRIPT).location == "/masukan"
    assert len(phone.rows(VisitorMessage)) == 5
    refused = stranger(phone.portal, "s6")
    assert refused.status_code == 429
    assert "Tunggu satu jam" in refused.text
    refused = stranger(phone.portal, "s7", email="bukan", nama=SCRIPT)
    assert refused.status_code == 422
    assert SCRIPT not in refused.text


def test_what_is_new_and_what_comes_are_light_pages_for_anybody(phone):
    for address, words in (("/yang-baru", "26 November 2026"), ("/rencana", "Berikutnya")):
        answer = phone.portal.anyone().get(address)
        assert words in answer.text
        assert len(answer.data) < 30_000
        assert "noindex" not in answer.text


def test_mail_is_chosen_by_topic(phone):
    page = phone.siti.get("/mykoperasi/akun/pemberitahuan").text
    assert page.count("Selalu segera") == 2
    chosen = {"simpanan": "daily", "pinjaman": "never"}
    assert phone.siti.post("/mykoperasi/akun/pemberitahuan", chosen).status_code == 302
    page = phone.siti.get("/mykoperasi/akun/pemberitahuan").text
    assert page.count('value="daily" selected') == page.count('value="never" selected') == 1
    for odd in ({"keamanan": "never"}, {"simpanan": "x"}, {"langganan": "never"}):
        assert phone.siti.post("/mykoperasi/akun/pemberitahuan", odd).status_code == 422
    with phone.world.database.platform("test") as session:
        assert {row.topic: row.mail for row in session.query(MailChoice)} == chosen
    assert phone.portal.as_("joko").get("/mykoperasi/akun/pemberitahuan").text.count('value="now" selected') == 6
