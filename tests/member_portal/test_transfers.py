"""A member sends the proof of a transfer from the phone, sees how far it is, takes it back; nobody else does."""

import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from core.clock import today
from models.access import RoleGrant, User
from models.loans import Loan, LoanTransfer
from services.coops import commands as coops
from services.loans import transfers
from services.loans.transfers import Found
from tests.admin_panel.story import picture
from tests.loans import story
from tests.member_portal.conftest import Portal

TOKEN = re.compile(r'name="token" value="([^"]+)"')
YESTERDAY = today() - timedelta(days=1)


class Phone:
    """Siti with a running loan, paid out in January."""

    def __init__(self, portal: Portal, folder: Path) -> None:
        self.portal, self.world, self.folder = portal, portal.world, folder
        story.product(self.world)
        self.loan_id = story.disbursed(self.world, portal.members["Siti"], story.product(self.world))
        with self.world.reading() as session:
            self.public_id = session.get_one(Loan, self.loan_id).public_id
        self.address = f"/mykoperasi/pinjaman/{self.public_id}/transfer"
        self.siti = portal.as_("siti")

    def send(self, content: bytes | None = None, who=None, **changes: object):
        who = who or self.siti
        data = {
            "jumlah": "1.120.000", "tanggal": f"{YESTERDAY}", "bank": "BRI", "nama": "Siti", "catatan": "",
            "token": "t1", "bukti": (BytesIO(picture() if content is None else content), "../../x.php"), **changes,
        }  # fmt: skip
        return who.post(self.address, data, content_type="multipart/form-data")

    def sent(self) -> list[LoanTransfer]:
        with self.world.reading() as session:
            return session.query(LoanTransfer).order_by(LoanTransfer.id).all()


@pytest.fixture
def phone(portal: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Phone:
    extensions = portal.app.extensions
    monkeypatch.setitem(extensions, "ekopz.settings", replace(extensions["ekopz.settings"], data=tmp_path))
    return Phone(portal, tmp_path)


def test_a_proof_is_sent_seen_and_booked(phone):
    assert phone.address in phone.siti.get(phone.address.removesuffix("/transfer")).text
    form = phone.siti.get(phone.address).text
    assert "Untuk melunasi hari ini" in form
    token = TOKEN.search(form)[1]
    assert phone.send(token=token).location == phone.address
    assert phone.send(token=token).location == phone.address, "the second click"
    (transfer,) = phone.sent()
    assert (transfer.amount_rp, transfer.paid_on, transfer.sender) == (1_120_000, YESTERDAY, "Siti")
    page = phone.siti.get(phone.address).text
    assert "Diproses" in page
    seen = phone.siti.get(f"{phone.address}/{transfer.id}/bukti")
    assert seen.data.startswith(b"\xff\xd8")
    assert seen.headers["Content-Security-Policy"] == "sandbox"
    clerk = phone.world.petugas
    with phone.world.transaction(clerk) as session:
        transfers.confirm(session, clerk, transfer.id, Found(1_100_000, YESTERDAY))
    page = phone.siti.get(phone.address).text
    for words in ("Dibukukan", "Di rekening koran", "Rp 1.100.000", "/mykoperasi/kuitansi/"):
        assert words in page, words


def test_what_is_wrong_stands_beside_its_field(phone):
    for changes, name, words in (
        ({"jumlah": "abc"}, "jumlah", "rupiah bulat"), ({"jumlah": "0"}, "jumlah", "di atas nol"),
        ({"jumlah": "99.000.000"}, "jumlah", "untuk melunasi: Rp"), ({"tanggal": "kemarin"}, "tanggal", "Isi tanggal"),
        ({"tanggal": f"{today() + timedelta(days=2)}"}, "tanggal", "belum tiba"),
        ({"tanggal": "2026-01-01"}, "tanggal", "lebih awal dari tanggal cair"), ({"bank": " "}, "bank", "nama bank"),
        ({"content": b""}, "bukti", "Pilih dulu"), ({"content": b"<svg/>"}, "bukti", "bukan gambar"),
        ({"content": b"%PDF-1.7"}, "bukti", "bukan gambar"),
        ({"content": b"x" * (6 << 20)}, "bukti", "lebih dari 5 MB"),
    ):  # fmt: skip
        answer = phone.send(**changes)
        assert answer.status_code == 422, changes
        beside = re.search(f'id="{name}-salah">([^<]+)<', answer.text)
        assert beside, changes
        assert words in beside[1], changes
    assert phone.sent() == []
    assert not (phone.folder / "uploads").exists()
    assert phone.send(content=b"x" * (11 << 20)).status_code == 413


def test_a_transfer_is_taken_back_once(phone):
    phone.send()
    back = f"{phone.address}/{phone.sent()[0].id}/batal"
    assert phone.siti.post(back).location == phone.address
    assert "sudah dibatalkan" in phone.siti.post(back, follow_redirects=True).text
    assert [one.state for one in phone.sent()] == ["cancelled"]


def test_nobody_else_sends_sees_or_takes_back(phone):
    phone.send()
    transfer_id = phone.sent()[0].id
    for name in ("joko", "agus"):
        other = phone.portal.as_(name)
        assert phone.send(who=other, token="x").status_code == 404
        assert other.get(phone.address).status_code == 404
        assert other.get(f"{phone.address}/{transfer_id}/bukti").status_code == 404
        assert other.post(f"{phone.address}/{transfer_id}/batal").status_code == 404
    assert phone.portal.anyone().get(phone.address).location.startswith("/masuk")
    second = story.disbursed(phone.world, phone.portal.members["Siti"], story.product(phone.world, most_running=2),
                             token="second")  # fmt: skip
    with phone.world.reading() as session:
        other_loan = session.get_one(Loan, second).public_id
    assert phone.siti.get(f"/mykoperasi/pinjaman/{other_loan}/transfer/{transfer_id}/bukti").status_code == 404
    assert [one.state for one in phone.sent()] == ["waiting"]


def test_a_clerk_who_is_a_member_sends_but_does_not_book_their_own(phone):
    with phone.world.database.platform("test", writes=True) as session:
        user = session.query(User).filter(User.username == "siti").one()
        session.add(RoleGrant(coop_id=phone.world.coop.id, user_id=user.id, role="petugas"))
    clerk = phone.portal.as_("siti")
    assert phone.send(who=clerk).status_code == 302
    transfer_id = phone.sent()[0].id
    with phone.world.reading() as session:
        bank = phone.world.account(session, "11021")
    book = {"amount_rp": "1.120.000", "booked_on": f"{YESTERDAY}", "account": bank, "use": "next"}
    answer = clerk.post(f"/kopmin/transfer-angsuran/{transfer_id}", book)
    assert "transfer Anda sendiri" in answer.text
    assert phone.sent()[0].state == "waiting"


def test_the_page_says_where_the_money_goes(phone):
    assert "belum dipasang" in phone.siti.get(phone.address).text
    with phone.world.transaction(phone.world.ketua) as session:
        coops.update_profile(session, phone.world.ketua, transfer_to="BRI 0012 a.n. <Maju>")
    assert "BRI 0012 a.n. &lt;Maju&gt;" in phone.siti.get(phone.address).text
