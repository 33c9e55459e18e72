"""The month's deductions at the desk: the list, its workbook, what came back, booked once."""

import re
from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from models.loans import Loan
from models.payroll import PayrollLine, PayrollList
from services.imports.reading import Options, read_file
from services.imports.worker import read_here
from tests.admin_panel.conftest import Panel
from tests.loans import story

MARK = re.compile(r'name="mark" value="([^"]+)"')
RECEIVED = re.compile(r'name="received" value="([^"]+)"')
MAKE = "/kopmin/potongan/buat?bulan=2026-02"


class Office:
    """Two members; one of them pays a loan by payroll."""

    def __init__(self, panel: Panel) -> None:
        self.panel, self.world = panel, panel.world
        product = story.product(panel.world)
        self.borrower, self.saver = story.saver(panel.world), story.saver(panel.world, "=Joko Santoso")
        self.loan_id = story.disbursed(panel.world, self.borrower, product, collected_by="payroll")

    def get(self, address: str, who: str = "bendahara") -> str:
        return str(self.panel.as_(who).get(address).text)

    def post(self, address: str, data: dict[str, object], who: str = "bendahara", **options: object):
        return self.panel.as_(who).post(address, data, **options)

    def sent(self) -> int:
        answer = self.post(MAKE, {"mark": MARK.search(self.get(MAKE))[1]})
        return int(answer.location.rsplit("/", 1)[1])

    def preview(self, list_id: int, **received: str):
        amounts = {f"m-{member_id}": text for member_id, text in self.amounts(list_id).items()}
        return self.post(f"/kopmin/realisasi/{list_id}", {"paid_on": "2026-02-25", **amounts, **received})

    def book(self, list_id: int, page: str, **more: str):
        body = {"act": "bukukan", "paid_on": "2026-02-25", "mark": MARK.search(page)[1],
                "received": RECEIVED.search(page)[1], **more}  # fmt: skip
        return self.post(f"/kopmin/realisasi/{list_id}", body)

    def amounts(self, list_id: int) -> dict[int, str]:
        with self.world.reading() as session:
            lines = session.query(PayrollLine).filter(PayrollLine.list_id == list_id)
            return {line.member_id: str(line.total_rp) for line in lines}

    def state(self, list_id: int) -> str:
        with self.world.reading() as session:
            return session.get_one(PayrollList, list_id).state

    def owed(self) -> int:
        with self.world.reading() as session:
            return session.get_one(Loan, self.loan_id).outstanding_rp


@pytest.fixture
def office(panel: Panel) -> Office:
    return Office(panel)


def test_a_month_goes_from_list_to_books(office):
    list_id = office.sent()
    assert "1.120.000" in office.get(f"/kopmin/potongan/{list_id}")
    page = office.preview(list_id).text
    assert "Semua anggota dipotong sesuai daftar" in page
    answer = office.book(list_id, page)
    assert answer.location.endswith(f"/kopmin/potongan/{list_id}")
    assert office.state(list_id) == "settled"
    assert office.owed() == 11_000_000


def test_the_list_is_sent_once_whatever_is_clicked(office):
    mark = MARK.search(office.get(MAKE))[1]
    assert office.post(MAKE, {"mark": mark}).status_code == 302
    again = office.post(MAKE, {"mark": mark})
    assert again.status_code == 422
    assert "sudah dikirim" in again.text or "Keadaan berubah" in again.text
    with office.world.reading() as session:
        assert session.query(PayrollList).count() == 1


def test_a_list_that_changed_since_is_shown_again(office):
    mark = MARK.search(office.get(MAKE))[1]
    story.saver(office.world, "Ani Wijaya")
    assert "Keadaan berubah" in office.post(MAKE, {"mark": mark}).text


def test_the_settlement_is_booked_once(office):
    list_id = office.sent()
    page = office.preview(list_id).text
    office.book(list_id, page)
    again = office.book(list_id, page)
    assert again.status_code == 422
    assert "sudah dibukukan" in again.text
    assert office.owed() == 11_000_000
    assert office.panel.as_("bendahara").get(f"/kopmin/realisasi/{list_id}").status_code == 409


def test_less_and_nothing_are_shown_before_and_after(office):
    list_id = office.sent()
    page = office.preview(list_id, **{f"m-{office.borrower}": "120.000", f"m-{office.saver}": ""}).text
    assert "Sebagian" in page
    assert "Gagal" in page
    office.book(list_id, page)
    assert "Yang kurang dipotong" in office.get(f"/kopmin/potongan/{list_id}")
    assert office.owed() == 12_000_000  # the interest came first


def test_more_than_asked_needs_a_yes(office):
    list_id = office.sent()
    page = office.preview(list_id, **{f"m-{office.saver}": "9.000.000"}).text
    refused = office.book(list_id, page)
    assert refused.status_code == 422
    assert "titipan anggota" in refused.text
    assert office.book(list_id, page, accept_excess="y").status_code == 302


def test_what_was_not_shown_is_not_booked(office):
    list_id = office.sent()
    page = office.preview(list_id).text
    story_payment(office)
    answer = office.book(list_id, page)
    assert "Keadaan berubah" in answer.text
    assert office.state(list_id) == "sent"


def story_payment(office: Office) -> None:
    from services.loans import repayment

    with office.world.transaction(office.world.petugas) as session:
        payment = repayment.Payment(office.loan_id, 500_000, date(2026, 2, 12), "cash")
        repayment.pay(session, office.world.petugas, payment)


def test_an_odd_amount_is_refused_by_name(office):
    list_id = office.sent()
    for text in ("-5", "1,5", "abc", "9" * 16, "１２", "\x00", "1:2,3"):
        answer = office.preview(list_id, **{f"m-{office.borrower}": text})
        assert answer.status_code == 422, text
        assert "Siti Aminah" in answer.text
    assert office.state(list_id) == "sent"


def test_a_packed_settlement_that_was_tampered_with_is_refused(office):
    list_id = office.sent()
    for packed in ("x", "1:", "1:2;3", "9" * 30 + ":1", "999999:5", "1:1,1:1"):
        body = {"act": "bukukan", "paid_on": "2026-02-25", "mark": "x", "received": packed}
        assert office.post(f"/kopmin/realisasi/{list_id}", body).status_code == 422, packed
    assert office.state(list_id) == "sent"


def test_a_list_not_settled_can_be_taken_back(office):
    list_id = office.sent()
    office.post(f"/kopmin/potongan/{list_id}/hapus", {})
    assert office.panel.as_("bendahara").get(f"/kopmin/potongan/{list_id}").status_code == 404


def test_the_workbook_is_one_that_we_read_ourselves(office, tmp_path):
    list_id = office.sent()
    answer = office.panel.as_("bendahara").get(f"/kopmin/potongan/{list_id}/unduh.xlsx")
    path = tmp_path / "daftar.xlsx"
    path.write_bytes(answer.data)
    read = read_file(path, Options(date(2026, 3, 1)), kind="payroll", reader=read_here)
    assert [problem.reason for problem in read.all_problems] == []
    assert sum(sum(table.column("total_rp")) for table in read.tables) == sum(
        int(text) for text in office.amounts(list_id).values()
    )
    sheet = load_workbook(BytesIO(answer.data)).active
    texts = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert "DAFTAR POTONGAN" in texts
    assert "BULAN FEBRUARI 2026" in texts
    assert "'=Joko Santoso" in texts


def test_kasbon_stands_on_the_page_and_in_the_workbook_that_we_read_ourselves(office, tmp_path):
    list_id = office.sent()
    with office.world.transaction() as session:
        session.query(PayrollLine).filter(PayrollLine.list_id == list_id).first().store_rp = 50_000
    page = office.panel.as_("bendahara").get(f"/kopmin/potongan/{list_id}").text
    assert page.count('data-label="Kasbon">50.000') == 1
    path = tmp_path / "daftar.xlsx"
    path.write_bytes(office.panel.as_("bendahara").get(f"/kopmin/potongan/{list_id}/unduh.xlsx").data)
    read = read_file(path, Options(date(2026, 3, 1)), kind="payroll", reader=read_here)
    assert [problem.reason for problem in read.all_problems] == []
    assert sum(sum(table.column("store_rp")) for table in read.tables) == 50_000


def test_changes_since_last_month_are_marked(office):
    list_id = office.sent()
    office.book(list_id, office.preview(list_id).text)
    story.saver(office.world, "Ani Wijaya")
    page = office.get("/kopmin/potongan/buat?bulan=2026-03")
    assert "Berubah dari bulan lalu" in page
    assert ">baru<" in page


def test_payroll_is_the_treasurer_s(office):
    list_id = office.sent()
    for who in ("petugas", "ketua", "sekretaris", "pengawas"):
        for address in ("/kopmin/potongan/", MAKE, f"/kopmin/potongan/{list_id}", f"/kopmin/realisasi/{list_id}"):
            assert office.panel.as_(who).get(address).status_code == 403, who
        assert office.post(MAKE, {"mark": "x"}, who).status_code == 403


def test_a_list_of_the_neighbour_is_not_there(office):
    list_id = office.sent()
    theirs = office.panel.as_(office.world.other_actors["bendahara"])
    for address in ("potongan/{}", "potongan/{}/unduh.xlsx", "realisasi/{}"):
        assert theirs.get(f"/kopmin/{address.format(list_id)}").status_code == 404
    assert theirs.post(f"/kopmin/potongan/{list_id}/hapus", {}).status_code == 404
    assert office.state(list_id) == "sent"
