"""Time deposits at the desk: rates, placing, what falls due, ending early and on time."""

import re

import pytest

from models.deposits import TimeDeposit
from tests.admin_panel.conftest import Panel
from tests.loans.story import saver

MARK = re.compile(r'name="mark" value="([^"]+)"')
HOME = "/kopmin/simpanan-berjangka"


class Desk:
    """What people do, in their words."""

    def __init__(self, panel: Panel) -> None:
        self.panel, self.world = panel, panel.world
        self.member = saver(panel.world)
        self.rate()

    def rate(self, term: str = "12", pct: str = "6", on: str = "2026-01-01", who: str = "bendahara"):
        data = {"term_months": term, "rate_pct": pct, "effective_on": on}
        return self.panel.as_(who).post(f"{HOME}/bunga", data, follow_redirects=True)

    def place(self, amount: str = "2.000.000", token: str = "d1", who: str = "petugas", **changes: str):
        data = {"amount_rp": amount, "term_months": "12", "placed_on": "2026-01-10", "source": "cash",
                "payout": "maturity", "rollover": "none", "voucher_no": "", "token": token}  # fmt: skip
        return self.panel.as_(who).post(f"{HOME}/terima?anggota={self.member}", data | changes)

    def placed(self, **changes: str) -> int:
        assert self.place(**changes).status_code == 302
        return self.deposits()[-1].id

    def deposits(self) -> list[TimeDeposit]:
        with self.world.reading() as session:
            return list(session.query(TimeDeposit).order_by(TimeDeposit.id))

    def end(self, deposit_id: int, on: str, to: str = "cash", mark: str = "", who: str = "petugas"):
        address = f"{HOME}/{deposit_id}/cairkan?per={on}"
        mark = mark or MARK.search(self.panel.as_(who).get(address).text)[1]
        return self.panel.as_(who).post(address, {"mark": mark, "to": to})

    def page(self, address: str, who: str = "bendahara") -> str:
        return str(self.panel.as_(who).get(f"{HOME}{address}").text)


@pytest.fixture
def desk(panel: Panel) -> Desk:
    return Desk(panel)


def test_a_deposit_is_shown_before_it_is_placed_and_placed_once(desk):
    shown = desk.place(act="hitung")
    assert shown.status_code == 200
    assert "Rp 120.000" in shown.text
    assert desk.deposits() == []
    first, again = desk.place(), desk.place()
    assert "/kopmin/kuitansi/show/" in first.location
    assert first.location == again.location
    assert desk.place("3.000.000").status_code == 422  # the same button cannot mean another amount
    assert len(desk.deposits()) == 1
    page = desk.page(f"/show/{desk.deposits()[0].id}")
    for words in ("Rp 2.000.000", "6 % per tahun selama 12 bulan", "Penempatan", "Kuitansi", "10 Januari 2027"):
        assert words in page, words


def test_money_out_of_savings_stays_with_the_member(desk):
    own = f"simpanan-{desk.world.product('voluntary')}"
    deposit_id = desk.placed(source=own)
    passbook = desk.panel.as_("bendahara").get(f"/kopmin/simpanan/buku/{desk.member}").text
    assert "Rp 3.000.000" in passbook
    undo = re.search(r"/kopmin/simpanan/mutasi/\d+/batal", passbook)[0]
    body = {"booked_on": "2026-01-11", "reason": "Salah"}
    assert desk.panel.as_("bendahara").post(undo, body).status_code == 422  # it belongs to the deposit
    desk.end(deposit_id, "2026-01-20", own)
    assert "Rp 5.0" in desk.panel.as_("bendahara").get(f"/kopmin/simpanan/buku/{desk.member}").text


def test_odd_values_and_no_rate_are_refused(desk):
    for odd in ("999.999", "0", "-1", "abc", ""):
        assert desk.place(odd).status_code == 422, odd
    for field, odd in (("term_months", "13"), ("source", "simpanan-999"), ("payout", "x"), ("placed_on", "x")):
        assert desk.place(**{field: odd}).status_code == 422, field
    assert desk.place(payout="monthly", rollover="all").status_code == 422
    assert "Belum ada bunga" in desk.place(placed_on="2025-06-01").text
    assert desk.place(who="ketua").status_code == 403
    assert desk.deposits() == []


def test_ended_early_it_costs_what_was_shown_and_is_paid_once(desk):
    deposit_id = desk.placed()
    address = f"/{deposit_id}/cairkan?per=2026-03-10"
    page, mark = desk.page(address, "petugas"), MARK.search(desk.page(address, "petugas"))[1]
    assert "Belum jatuh tempo" in page
    assert "Rp 20.000" in page  # two months at 6 %
    assert "Rp 2.010.000" in page  # half of it taken
    stale = desk.end(deposit_id, "2026-03-11", mark=mark)
    assert stale.status_code == 422
    assert "berubah sejak ditampilkan" in stale.text
    paid, again = desk.end(deposit_id, "2026-03-10"), desk.end(deposit_id, "2026-03-10", mark=mark)
    assert "/kopmin/kuitansi/show/" in paid.location
    assert paid.location == again.location
    assert desk.panel.as_("petugas").get(f"{HOME}/{deposit_id}/cairkan").status_code == 409
    closed = desk.page(f"/show/{deposit_id}")
    assert "Dicairkan lebih awal" in closed
    assert "Kuitansi pencairan" in closed


def test_what_fell_due_is_booked_and_then_paid_out(desk):
    desk.rate("3")
    deposit_id = desk.placed(term_months="3")
    pending = desk.page(f"/{deposit_id}/cairkan?per=2026-06-01", "petugas")
    assert "belum dibukukan" in pending
    assert "belum dibukukan" in desk.page(f"/show/{deposit_id}")
    assert "Bunga simpanan berjangka</strong>" in desk.panel.as_("bendahara").get("/kopmin/").text
    assert desk.panel.as_("petugas").post(f"{HOME}/jatuh-tempo/bukukan").status_code == 403
    booked = desk.panel.as_("bendahara").post(f"{HOME}/jatuh-tempo/bukukan").text
    assert "Rp 30.000" in booked
    assert "Menunggu diambil" in booked
    assert "0 dibukukan" in desk.panel.as_("bendahara").post(f"{HOME}/jatuh-tempo/bukukan").text
    assert "Simpanan berjangka jatuh tempo" in desk.panel.as_("petugas").get("/kopmin/").text
    receipt = desk.panel.as_("petugas").get(desk.end(deposit_id, "2026-06-01").location).text
    assert "Rp 2.030.000" in receipt


def test_what_cannot_be_booked_says_why(desk):
    from services.savings import products

    desk.rate("3")
    deposit_id = desk.placed(term_months="3", payout="monthly")
    with desk.world.transaction(desk.world.bendahara) as session:
        kept = products.of_kind(session, desk.world.bendahara, "voluntary")
        kept.is_active = False
    page = desk.panel.as_("bendahara").post(f"{HOME}/jatuh-tempo/bukukan").text
    assert "Menunggu karena" in page
    assert "tidak ditemukan" in page
    assert desk.deposits()[0].id == deposit_id


def test_rates_hold_from_their_day_and_only_for_who_may(desk):
    assert "6 %" in desk.rate("6", "5,5", "2030-01-01").text
    page = desk.page("/bunga", "petugas")
    assert "akan datang" in page
    assert "Tetapkan bunga" not in page
    assert "di atas batas" in desk.rate("24", "10").text
    assert desk.rate(who="petugas").status_code == 403
    for odd in ({"term": "0"}, {"term": "61"}, {"pct": "101"}, {"pct": "-1"}, {"pct": "x"}, {"on": "x"}):
        assert desk.rate(**odd).status_code == 422, odd


def test_nobody_reaches_a_deposit_of_the_neighbour(desk):
    deposit_id = desk.placed()
    theirs = desk.panel.as_(desk.world.other_actors["bendahara"])
    for address in (f"show/{deposit_id}", f"{deposit_id}/cairkan"):
        assert theirs.get(f"{HOME}/{address}").status_code == 404, address
    assert theirs.post(f"{HOME}/{deposit_id}/cairkan?per=2026-03-10", {"mark": "x"}).status_code == 404
    assert theirs.post(f"{HOME}/terima?anggota={desk.member}", {"amount_rp": "1"}).status_code == 404
    assert "Siti" not in theirs.get(f"{HOME}/list/").text + theirs.get(f"{HOME}/jatuh-tempo").text
    assert "6 %" not in theirs.get(f"{HOME}/bunga").text
