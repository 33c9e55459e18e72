"""One report, one set of figures: text, JSON, Excel and PDF say the same, and none of them can harm who opens it."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook
from PIL import Image
from pypdf import PdfReader

from core.display import number
from reports.catalog import CATALOG, run
from reports.export import FORMATS, LONGEST, UnknownFormat, check_length, file_name, logo_of, render
from reports.journal import journal
from reports.pdf import draw_pdf
from reports.refusals import TooLong
from reports.shape import Column
from reports.tables import as_table
from services.coops.commands import update_profile
from tests.reports.story import book

MARCH_31 = date(2026, 3, 31)
CHOICES = {"as_of": MARCH_31, "since": date(2026, 1, 1), "until": MARCH_31, "account": "11011", "member": "0001"}
NEEDED = {"cash-book": {**CHOICES, "account": None}}
MOVED = (("11012", "PUSAT", 1_000), ("11011", "PUSAT", -1_000))
PRINTED = datetime(2026, 4, 2, 3, 4, tzinfo=UTC)


def reports_of(world):
    with world.reading() as session:
        return {name: run(session, world.bendahara, name, **NEEDED.get(name, CHOICES)) for name in CATALOG}


def words(text: str) -> str:
    return "".join(text.split())


def pdf_text(data: bytes) -> str:
    return words("".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages))


def workbook_values(data: bytes) -> list[tuple]:
    return list(load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True))


def test_every_figure_of_every_report_is_the_same_in_every_form(told):
    for name, report in reports_of(told).items():
        table = as_table(report)
        money = [i for i, column in enumerate(table.columns) if column.kind == "money"]
        amounts = [row.cells[i] for row in table.rows for i in money if row.cells[i] is not None]
        assert amounts, name
        said = json.loads(render(report, "json"))
        keys = [table.columns[i].key for i in money]
        assert [row[key] for row in said["rows"] for key in keys] == [
            row.cells[i] or 0 for row in table.rows for i in money
        ], name
        numbers = [v for row in workbook_values(render(report, "xlsx")) for v in row if isinstance(v, int)]
        assert numbers == [cell for row in table.rows for cell in row.cells if isinstance(cell, int)], name
        text, paper = words(render(report, "text").decode()), pdf_text(render(report, "pdf"))
        for amount in amounts:
            assert number(amount) in text, name
            assert number(amount) in paper, name


def test_json_keeps_the_contract_of_programs(told):
    said = json.loads(render(reports_of(told)["balance-sheet"], "json"))
    assert (said["report"], said["coop"], said["as_of"]) == ("balance-sheet", "maju", "2026-03-31")
    assert {"code": "11011", "label": "Kas Besar", "amount_rp": 8_025_000, "kind": "line", "level": 2} in said["rows"]
    assert said["totals"]["assets_rp"] == 34_675_000
    assert all(check["holds"] for check in said["checks"])
    over = json.loads(render(reports_of(told)["trial-balance"], "json"))
    assert {"debit_rp", "credit_rp"} <= over["rows"][0].keys()
    days = json.loads(render(reports_of(told)["income-statement"], "json"))
    assert (days["from"], days["to"]) == ("2026-01-01", "2026-03-31")


def test_a_comparison_says_what_it_compares_with(told):
    with told.reading() as session:
        report = run(session, told.bendahara, "balance-sheet", as_of=MARCH_31, compare="previous")
    said = json.loads(render(report, "json"))
    assert said["compared_with"] == {"from": None, "to": "2026-02-28"}
    assert said["comparison_totals"]["assets_rp"] == 37_250_000
    cash = next(row for row in workbook_values(render(report, "xlsx")) if row[1] == "Kas Besar")
    assert cash == ("11011", "Kas Besar", 8_025_000, 9_450_000)


def test_paper_carries_letterhead_place_and_signatures(told):
    with told.transaction(told.ketua) as session:
        update_profile(
            session, told.ketua, legal_no="123/BH/2019", city="Bandung", chair_name="Kartika", treasurer_name="Budi"
        )
    report = reports_of(told)["balance-sheet"]
    paper = pdf_text(render(report, "pdf", printed_at=PRINTED))
    rows = workbook_values(render(report, "xlsx", printed_at=PRINTED))
    cells = words("".join(str(value) for row in rows for value in row if value))
    parts = (
        "Koperasi Maju Bersama", "123/BH/2019", "Neraca", "Per 31 Maret 2026", "Bandung, 2 April 2026", "Ketua",
        "Kartika", "Bendahara", "Budi", "Dicetak 2 April 2026 10.04 WIB",
    )  # fmt: skip
    for part in parts:
        assert words(part) in paper, part
        assert words(part) in cells, part


def test_who_does_not_sign_yet_gets_a_line_to_sign_on(told):
    assert "(............................)" in pdf_text(render(reports_of(told)["balance-sheet"], "pdf"))


def test_long_reports_number_their_pages_and_repeat_the_columns(told):
    for n in range(60):
        book(told, MARCH_31, f"Kas kecil {n}", *MOVED, source=f"more:{n}")
    with told.reading() as session:
        report = run(session, told.bendahara, "journal", since=date(2026, 1, 1), until=MARCH_31)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(render(report, "pdf"))).pages]
    assert len(pages) > 3
    assert all(f"Halaman {n} dari {len(pages)}" in page for n, page in enumerate(pages, start=1))
    assert all("Akun / uraian" in page for page in pages[:-1])


NASTY = ["=HYPERLINK(1)", "+62 812", "-5%", "@SUM(A1)", "\tTab", "＝1+1"]


def test_no_text_of_a_person_is_taken_for_a_formula(told):
    for n, memo in enumerate(NASTY):
        book(told, MARCH_31, memo, *MOVED, source=f"nasty:{n}")
    with told.reading() as session:
        report = run(session, told.bendahara, "journal", since=MARCH_31, until=MARCH_31)
        data = render(report, "xlsx")
    values = [v for row in workbook_values(data) for v in row if isinstance(v, str)]
    assert {f"'{memo.strip(chr(0))}" for memo in NASTY if not memo.startswith("\t")} <= set(values)
    assert [v for v in values if v.startswith(("=", "+", "-", "@", "\t", "＝"))] == []
    sheet = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    render(report, "pdf")  # and letters the paper's font does not have stop nothing


def _picture(size=(300, 200)) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "#0b6a58").save(made, "PNG")
    return made.getvalue()


def test_the_logo_is_on_the_papers(told, tmp_path):
    report = reports_of(told)["balance-sheet"]
    assert len(PdfReader(io.BytesIO(render(report, "pdf", logo=_picture()))).pages[0].images) == 1
    assert len(load_workbook(io.BytesIO(render(report, "xlsx", logo=_picture()))).active._images) == 1
    (tmp_path / "abc.png").write_bytes(b"x")
    head = report.frame.coop
    assert logo_of(head, tmp_path) is None
    assert logo_of(replace(head, logo_file="abc.png"), tmp_path) == b"x"
    assert logo_of(replace(head, logo_file="../../abc.png"), tmp_path) == b"x"  # only ever a name in that folder
    assert logo_of(replace(head, logo_file="gone.png"), tmp_path) is None


def test_a_form_that_is_none_is_refused_with_those_there_are(told):
    with pytest.raises(UnknownFormat, match="json, text, xlsx, atau pdf"):
        render(reports_of(told)["balance-sheet"], "docx")


def test_what_would_take_too_long_to_draw_is_refused_with_the_way_on(told, monkeypatch):
    report = reports_of(told)["journal"]
    monkeypatch.setitem(LONGEST, "pdf", 20)
    with pytest.raises(TooLong, match="Persempit tanggalnya"):
        check_length(report, "pdf")
    check_length(report, "xlsx")


def test_a_file_says_what_it_is(told):
    found = reports_of(told)
    assert file_name(found["balance-sheet"], "xlsx") == "maju-balance-sheet-2026-03-31.xlsx"
    assert file_name(found["journal"], "pdf") == "maju-journal-2026-01-01-2026-03-31.pdf"
    assert set(FORMATS) == {"json", "text", "xlsx", "pdf"}


def test_twelve_figures_wide_the_paper_still_holds_all(told):
    with told.reading() as session:
        table = as_table(journal(session, told.bendahara, MARCH_31, MARCH_31))
    products = [Column(f"p{n}_rp", f"Simpanan {n}", "money") for n in range(12)]
    columns = (Column("code", "Nomor"), Column("label", "Nama"), *products)
    rows = [replace(table.rows[0], cells=("0001", "Siti Aminah", *[999_999_999_999] * 12), kind="line", level=0)]
    pages = PdfReader(io.BytesIO(draw_pdf(replace(table, columns=columns, rows=rows), printed_at=PRINTED))).pages
    assert words(pages[0].extract_text()).count("999.999.999.999") == 12
