"""Transfers at the desk: the proof beside what it pays, booked once, refused with a reason."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from models.loans import Loan, LoanTransfer
from tests.admin_panel.conftest import Office
from tests.admin_panel.story import picture
from tests.loans.test_transfers import SEEN, Lending

BOOK = {"amount_rp": "1.120.000", "booked_on": f"{SEEN}", "use": "next"}


class Desk(Lending):
    """Siti's transfer waits; the panel keeps pictures where she put hers."""

    def __init__(self, office: Office) -> None:
        super().__init__(office.panel.world, office.data)
        self.panel = office.panel
        self.transfer_id = self.ask()
        self.address = f"/kopmin/transfer-angsuran/{self.transfer_id}"
        with self.world.reading() as session:
            self.bank = self.world.account(session, "11021")

    def post(self, address: str = "", who: object = "petugas", **changes: object):
        data = {**BOOK, "account": self.bank, **changes}
        return self.panel.as_(who).post(address or self.address, data)


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk(office)


def test_a_transfer_is_found_looked_at_and_booked(desk):
    clerk = desk.panel.as_("petugas")
    home = clerk.get("/kopmin/").text
    assert re.search(r"(?s)transfer-angsuran/.*Transfer angsuran.*Rp 1\.120\.000", home)
    assert "Siti Aminah" in clerk.get("/kopmin/transfer-angsuran/").text
    page = clerk.get(desk.address).text
    for words in (f"{desk.address}/bukti", "11 Februari 2026", "BCA, Siti Aminah", "Rp 120.000", "Rp 1.000.000"):
        assert words in page, words
    shown = desk.post(amount_rp="3.000.000", act="hitung")
    assert "Rp 2.640.000" in shown.text
    assert desk.left_rp() == 12_000_000
    done = desk.post()
    assert "/kopmin/kuitansi/show/" in done.location
    assert desk.post().location == done.location, "the second click"
    assert desk.left_rp() == 11_000_000
    after = clerk.get(desk.address).text
    assert "Transfer ini dibukukan" in after
    assert done.location in after
    assert "Transfer angsuran</strong>" not in clerk.get("/kopmin/").text


def test_the_proof_is_served_as_a_picture_and_to_the_desk_alone(desk):
    seen = desk.panel.as_("bendahara").get(f"{desk.address}/bukti")
    assert seen.data.startswith(b"\xff\xd8")
    assert (seen.headers["Content-Security-Policy"], seen.headers["Cache-Control"]) == ("sandbox", "no-store")
    for who, status in (("ketua", 403), ("pengelola_toko", 403), (desk.world.other_actors["petugas"], 404)):
        for address in (desk.address, f"{desk.address}/bukti", f"{desk.address}/tolak"):
            assert desk.panel.as_(who).get(address).status_code == status, (who, address)
    assert desk.post(who=desk.world.other_actors["petugas"]).status_code == 404
    for kept in desk.pictures():
        Path(kept).unlink()
    assert desk.panel.as_("bendahara").get(f"{desk.address}/bukti").status_code == 404


def test_what_cannot_be_booked_is_said_on_the_form(desk):
    for changes, words in (
        ({"amount_rp": "13.000.000"}, "Rp 12.120.000 per 12 Februari 2026"), ({"amount_rp": "0"}, "lebih dari nol"),
        ({"amount_rp": "abc"}, "rupiah bulat"), ({"booked_on": "2026-02-30"}, ""), ({"use": "x"}, ""),
        ({"account": "999999"}, ""), ({"booked_on": "2026-01-01"}, "lebih awal dari tanggal cair"),
        ({"booked_on": "2019-01-01"}, "cair"), ({"use": "settle"}, "diperlukan tepat"),
    ):  # fmt: skip
        answer = desk.post(**changes)
        assert answer.status_code == 422, changes
        assert words in answer.text, changes
    assert desk.left_rp() == 12_000_000
    assert desk.transfer(desk.transfer_id).state == "waiting"


def test_refused_with_a_reason_that_the_member_reads(desk):
    refuse = f"{desk.address}/tolak"
    assert desk.post(refuse, reason="").status_code == 422
    assert desk.post(refuse, reason="Belum masuk").location == "/kopmin/transfer-angsuran/"
    assert desk.post(refuse, reason="Belum masuk").status_code == 422, "the second click"
    assert desk.post().status_code == 422
    assert "Belum masuk" in desk.panel.as_("petugas").get(desk.address).text
    assert len(desk.told()) == 1


def test_a_loan_settled_meanwhile_is_said_before_anybody_books(desk):
    desk.confirm(desk.ask(amount_rp=11_000_000, proof=picture((9, 9))), 12_120_000, use="settle")
    page = desk.panel.as_("petugas").get(desk.address)
    assert (page.status_code, "sedang lunas" in page.text, "Tolak" in page.text) == (200, True, True)
    with desk.world.reading() as session:
        assert session.scalar(select(Loan.state).join(LoanTransfer, LoanTransfer.loan_id == Loan.id)) == "settled"
