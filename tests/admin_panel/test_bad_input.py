"""Nonsense in addresses and forms ends in a sentence, never in a 5xx or a trace."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from models.members import Member
from tests.admin_panel.routes import panel_routes

HUGE = "99999999999999999999"
SHAPES = [
    f"/kopmin/anggota/show/{HUGE}",
    "/kopmin/anggota/show/-1",
    "/kopmin/anggota/show/1.5",
    "/kopmin/anggota/show/abc",
    "/kopmin/anggota/show/%00",
    "/kopmin/anggota/show/%F0%9F%98%80",
    f"/kopmin/anggota/{HUGE}/kartu",
    "/kopmin/anggota/list/?page_MemberView=abc",
    f"/kopmin/anggota/list/?page_MemberView={HUGE}",
    "/kopmin/anggota/list/?page_MemberView=-1",
    "/kopmin/anggota/list/?psize_MemberView=abc",
    "/kopmin/anggota/list/?psize_MemberView=0",
    "/kopmin/anggota/list/?_oc_MemberView=nosuch&_od_MemberView=asc",
    "/kopmin/anggota/list/?_oc_MemberView=nik_cipher&_od_MemberView=desc",
    "/kopmin/anggota/list/?_oc_MemberView=name&_od_MemberView=sideways",
    "/kopmin/anggota/list/?_flt_0_nosuch=1",
    "/kopmin/anggota/list/?_flt_9_name=1",
    "/kopmin/anggota/list/?cari=%25%5F%27%22%3B--",
    "/kopmin/anggota/list/?cari=%ED%A0%80",
    "/kopmin/anggota/list/?cari=%00",
    "/kopmin/anggota/list/?keadaan=nosuch",
    "/kopmin/anggota/list/?sejak=2026-02-30",
    "/kopmin/anggota/list/?sejak=9999-99-99",
    "/kopmin/jejak-audit/list/?dari=0001-01-01&sampai=9999-12-31",
    "/kopmin/anggota/download/x",
    "/kopmin/anggota/action/nosuch/1",
    f"/kopmin/jurnal/{HUGE}/batalkan",
    f"/kopmin/persetujuan/{HUGE}",
    "/kopmin/simpanan/setor?anggota=abc",
    f"/kopmin/simpanan/setor?anggota={HUGE}",
    "/kopmin/tagihan/buat?jenis=abc&bulan=2026-13",
    f"/kopmin/tagihan/buat?jenis={HUGE}&bulan=0000-00",
    "/kopmin/peran-akun/nosuch",
    "/kopmin/teks/besar?next=//evil.id",
]


@pytest.mark.parametrize("shape", SHAPES)
def test_an_odd_address_is_answered_calmly(panel, shape):
    for role in ("ketua", "bendahara"):
        answer = panel.as_(role).get(shape)
        assert answer.status_code < 500
        assert "Traceback" not in answer.text
        assert "sqlalchemy" not in answer.text.lower()


def test_a_page_is_never_larger_than_a_hundred_rows(panel):
    answer = panel.as_("ketua").get("/kopmin/bagan-akun/list/?psize_AccountView=100000000")
    assert answer.text.count("<tr>") <= 101


AMOUNTS = ["1e30", "-5", "1,5", "10.50", "abc", "0", "9" * 16, "9" * 400, "１２３", "", " ", "1.2.3", "Rp", "1 000"]


@pytest.mark.parametrize("amount", AMOUNTS)
def test_an_odd_amount_is_refused_beside_its_field(peopled, amount):
    with peopled.world.reading() as session:
        member_id = session.query(Member).filter(Member.state == "active").one().id
    product = peopled.world.product("voluntary")
    body = {"product_id": product, "amount_rp": amount, "booked_on": "2026-03-01", "cash": "cash", "token": "t"}
    answer = peopled.as_("petugas").post(f"/kopmin/simpanan/setor?anggota={member_id}", body)
    assert answer.status_code == 422
    assert 'class="error"' in answer.text


@pytest.mark.parametrize("day", ["2026-02-30", "31/02/2026", "besok", "", "0000-00-00", "99999-01-01"])
def test_a_day_that_is_none_is_refused_beside_its_field(peopled, day):
    with peopled.world.reading() as session:
        member_id = session.query(Member).filter(Member.state == "active").one().id
    product = peopled.world.product("voluntary")
    body = {"product_id": product, "amount_rp": "1000", "booked_on": day, "cash": "cash", "token": "t"}
    answer = peopled.as_("petugas").post(f"/kopmin/simpanan/setor?anggota={member_id}", body)
    assert answer.status_code == 422


NASTY = ["\ud800", "\x00", "<script>alert(1)</script>", "' or 1=1 --", "{{7*7}}", "=cmd|' /C calc'!A0", "ا" * 5000]


@pytest.mark.parametrize("text", NASTY)
def test_odd_text_in_a_form_is_kept_harmless_or_refused(panel, text):
    data = {"name": text, "address": text, "phone": text[:20]}
    sent = {name: value.encode("utf-8", "surrogatepass") for name, value in data.items()}
    answer = panel.as_("petugas").post("/kopmin/anggota/daftar", sent)
    assert answer.status_code in {302, 422}
    page = panel.as_("ketua").get("/kopmin/anggota/list/").text
    assert "<script>alert" not in page
    assert "<td>49" not in page


def test_every_form_sent_empty_is_answered_in_words(peopled):
    for role in ("ketua", "bendahara", "sekretaris"):
        browser = peopled.as_(role)
        for rule in panel_routes(peopled.app, "POST"):
            if not rule.arguments:
                answer = browser.post(rule.rule)
                assert answer.status_code in {200, 302, 403, 404, 422}, rule.rule


def test_a_file_too_large_is_refused(panel):
    answer = panel.as_("petugas").post("/kopmin/anggota/daftar", {"name": "x" * (11 * 1024 * 1024)})
    assert answer.status_code == 413


def test_a_spreadsheet_takes_no_name_for_a_formula(panel):
    panel.as_("petugas").post("/kopmin/anggota/daftar", {"name": "=HYPERLINK(1)"})
    book = load_workbook(BytesIO(panel.as_("ketua").get("/kopmin/anggota/unduh.xlsx").data))
    values = [cell.value for row in book.active.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert "'=HYPERLINK(1)" in values
    assert not any(value.startswith("=") for value in values)
