"""The light simulator: the same figures as the schedule, the true price, what an income bears; for anybody."""

import io
from datetime import date
from decimal import Decimal

from openpyxl import load_workbook

from core.display import number, rupiah
from services.loans.schedule import Terms, effective_annual_pct, schedule
from services.settings import dated
from tests.loans import story
from tests.member_portal.conftest import Portal

ODD_QUESTIONS = [
    "jumlah=abc", "jumlah=-5", "jumlah=9999999999999999", "tenor=0", "tenor=9999", "jasa=1e9", "jasa=-1", "jasa=nan",
    "jasa=101", "per=abad", "cara=x", "penghasilan=x", "jumlah=%3Cscript%3E", "jumlah=1&jumlah=2&tenor=%00",
]  # fmt: skip


def test_the_simulator_tells_what_the_schedule_tells(portal: Portal) -> None:
    stranger = portal.anyone()
    for way, method in {"flat": "flat", "menurun": "effective", "anuitas": "annuity"}.items():
        question = f"jumlah=7.500.000&tenor=18&jasa=1,5&per=bulan&cara={way}"
        text = stranger.get(f"/simulasi?{question}").text
        rows = schedule(Terms(7_500_000, Decimal("1.5"), method, 18, "month"))
        interest_rp, yearly = sum(row.interest_rp for row in rows), effective_annual_pct(rows, 7_500_000, Decimal(12))
        for figure in (rows[0].installment_rp, rows[-1].installment_rp, interest_rp, 7_500_000 + interest_rp):
            assert rupiah(figure) in text
        assert f"{yearly:f}".rstrip("0").rstrip(".").replace(".", ",") + " %" in text
        for row in rows:
            assert f'data-l="Sisa">{number(row.balance_rp)}<' in text
        sheet = load_workbook(io.BytesIO(stranger.get(f"/simulasi.xlsx?{question}").data)).active
        found = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=2, max_row=19)]
        assert found == [[r.no, r.principal_rp, r.interest_rp, r.installment_rp, r.balance_rp] for r in rows]


def test_the_simulator_warns_above_the_cap_and_says_what_an_income_bears(portal: Portal) -> None:
    stranger = portal.anyone()
    dear = "/simulasi?jumlah=12000000&tenor=12&jasa=2.5&per=bulan&cara=flat"
    assert "di atas batas 24 % setahun" in stranger.get(dear).text
    assert "di atas batas" not in stranger.get(dear.replace("2.5", "1")).text
    assert 'class="note good"' in stranger.get(f"{dear}&penghasilan=4.000.000").text  # 1.300.000 is 32,5 %
    assert 'class="note warn" id="mampu"' in stranger.get(f"{dear}&penghasilan=4.000.000&angsuran_lain=400.000").text
    assert "tidak akan terbayar" in stranger.get(f"{dear}&penghasilan=1.000.000").text


def test_members_simulate_what_their_cooperative_offers(portal: Portal) -> None:
    story.product(portal.world, method="effective", rate_pct=Decimal(2), fee_pct=Decimal(1), admin_rp=25_000)
    world = portal.world
    with world.transaction(world.ketua) as session:
        dated.decide(session, world.ketua, "loans.cap_pct", "20", effective_on=date(2026, 1, 1))
    text = portal.as_("siti").get("/simulasi?jumlah=10.000.000&tenor=10&jasa=99").text
    assert "Jasa 2 % per bulan, dihitung menurun." in text
    assert "Rp 9.875.000" in text  # after provisi and administrasi
    assert "di atas batas 20 % setahun" in text
    assert "/mykoperasi/pinjaman/ajukan?produk=UANG&amp;jumlah=10.000.000&amp;tenor=10" in text
    assert "UANG" not in portal.anyone().get("/simulasi?produk=UANG").text
    assert 'name="jasa"' in portal.as_("siti").get("/simulasi?produk=bebas").text


def test_the_simulator_is_for_anyone_and_for_search_engines(portal: Portal) -> None:
    answer = portal.anyone().get("/simulasi")
    assert answer.status_code == 200
    assert "noindex" not in answer.text
    assert 'rel="canonical"' in answer.text
    assert 'href="/belajar/hitung"' in portal.anyone().get("/").text
    assert 'href="/simulasi"' in portal.anyone().get("/belajar/hitung").text


def test_an_impossible_question_is_answered_beside_its_field(portal: Portal) -> None:
    stranger = portal.anyone()
    for question in ODD_QUESTIONS:
        for page in ("/simulasi", "/simulasi.xlsx"):
            answer = stranger.get(f"{page}?{question}")
            assert answer.status_code == 422, question
            assert 'class="error"' in answer.text, question
            assert "<script>" not in answer.text, question
