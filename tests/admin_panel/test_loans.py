"""Lending at the desk: from the wish to the last kuitansi, and what is refused on the way."""

import re

import pytest

from models.loans import Loan
from tests.admin_panel.conftest import Panel
from tests.loans import story

MARK = re.compile(r'name="mark" value="([^"]+)"')
TOKEN = re.compile(r'name="token"[^>]*value="([^"]+)"')


@pytest.fixture
def desk(panel: Panel) -> "Desk":
    return Desk(panel)


class Desk:
    """What people do, in their words."""

    def __init__(self, panel: Panel) -> None:
        self.panel, self.world = panel, panel.world
        self.product = story.product(panel.world, times_savings=story.percent("10"))
        self.member = story.saver(panel.world)

    def wish(self, who: str = "petugas", **changes: object):
        page = self.panel.as_(who).get(f"/kopmin/pinjaman/ajukan?anggota={self.member}").text
        data = {
            "product_id": self.product, "asked_rp": "12.000.000", "term": "12", "purpose": "Renovasi rumah",
            "collected_by": "cash", "salary_rp": "5.000.000", "other_debts_rp": "", "asked_on": "2026-01-10",
            "token": TOKEN.search(page)[1], **changes,
        }  # fmt: skip
        return self.panel.as_(who).post(f"/kopmin/pinjaman/ajukan?anggota={self.member}", data)

    def asked(self) -> int:
        return int(self.wish().location.rsplit("/", 1)[1])

    def analysed(self, **changes: object) -> int:
        loan_id = self.asked()
        self.analyse(loan_id, **changes)
        return loan_id

    def analyse(self, loan_id: int, who: str = "bendahara", **changes: object):
        data = {"principal_rp": "12.000.000", "term": "12", "note": "Layak", **changes}
        return self.panel.as_(who).post(f"/kopmin/pinjaman/{loan_id}/analisis", data)

    def decide(self, loan_id: int, who: str, answer: str = "setuju", note: str = ""):
        body = {"answer": answer, "note": note}
        return self.panel.as_(who).post(f"/kopmin/pinjaman/{loan_id}/putuskan", body, follow_redirects=True)

    def approved(self) -> int:
        loan_id = self.analysed()
        for who in ("bendahara", "ketua"):
            self.decide(loan_id, who)
        return loan_id

    def pay_out(self, loan_id: int, who: str = "bendahara", mark: str = "", **options: object):
        address = f"/kopmin/pinjaman/{loan_id}/cairkan?cair=2026-01-12&tempo=2026-02-12"
        mark = mark or MARK.search(self.panel.as_(who).get(address).text)[1]
        return self.panel.as_(who).post(address, {"mark": mark, "cash": "bank", "voucher_no": "BK-1"}, **options)

    def running(self) -> int:
        loan_id = self.approved()
        self.pay_out(loan_id)
        return loan_id

    def pay(self, loan_id: int, amount: str = "1.120.000", token: str = "t1", **changes: object):
        data = {"amount_rp": amount, "paid_on": "2026-02-12", "extra": "next", "cash": "cash", "token": token}
        return self.panel.as_("petugas").post(f"/kopmin/angsuran/{loan_id}", data | changes)

    def loan(self, loan_id: int) -> Loan:
        with self.world.reading() as session:
            return session.get_one(Loan, loan_id)

    def page(self, loan_id: int, who: str = "bendahara") -> str:
        return str(self.panel.as_(who).get(f"/kopmin/pinjaman/show/{loan_id}").text)


def test_a_loan_goes_from_wish_to_settled(desk):
    loan_id = desk.running()
    assert desk.loan(loan_id).outstanding_rp == 12_000_000
    paid = desk.pay(loan_id)
    assert "/kopmin/kuitansi/show/" in paid.location
    assert desk.loan(loan_id).outstanding_rp == 11_000_000
    address = f"/kopmin/angsuran/{loan_id}/lunasi?per=2026-03-12"
    page = desk.panel.as_("petugas").get(address).text
    assert "Rp 11.120.000" in page
    assert "Rp 1.200.000" in page  # interest that is not asked for any more
    data = {"mark": MARK.search(page)[1], "token": TOKEN.search(page)[1], "cash": "cash"}
    assert "/kopmin/kuitansi/show/" in desk.panel.as_("petugas").post(address, data).location
    assert desk.loan(loan_id).state == "settled"
    assert "Lunas" in desk.page(loan_id)
