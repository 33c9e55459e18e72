"""Imports at the desk: uploaded, read in the background, looked at, booked once."""

import re
from io import BytesIO

import pytest
import time_machine
from openpyxl import load_workbook
from sqlalchemy import func, select

from core.clock import now
from models.ledger import JournalEntry
from models.members import Member
from services.imports import runs, uploads
from services.imports.headings import recognise
from services.imports.worker import read_here
from services.jobs.queue import Queue
from tests.admin_panel.imports_data import CAME, JOURNAL, LIST, MEMBERS


class TestTheWay:
    def test_a_file_is_shown_whole_before_anything_is_booked(self, office):
        address = office.read(("jurnal maret.csv", JOURNAL))
        page = office.page(address)
        assert "Siap dibukukan" in page
        for told in ("Jurnal umum", "BK-1", "Rp 75.000", "Kode Akun", "Bukukan 1 jurnal"):
            assert told in page
        assert office.entries() == []

    def test_what_was_seen_is_booked_and_leads_to_the_books(self, office):
        address = office.read(("jurnal.csv", JOURNAL))
        office.press(address)
        office.work()
        page = office.page(address)
        assert "Dibukukan: 1 jurnal" in page
        assert "/kopmin/jurnal/list/" in page
        assert office.entries() == [75_000]
        assert "imports.ask" in office.page("/kopmin/jejak-audit/list/", "ketua")

    def test_a_month_of_payroll_is_a_list_and_then_what_came_of_it(self, office):
        for name, content in (("anggota.csv", MEMBERS), ("potongan 2026-02.csv", LIST), ("realisasi.csv", CAME)):
            address = office.read((name, content))
            office.press(address)
            office.work()
        page = office.page(address)
        assert "Dibukukan: 1 realisasi" in page
        assert office.entries() == [400_000]

    def test_it_waits_its_turn_and_says_so(self, office):
        address = office.upload(("jurnal.csv", JOURNAL)).location
        page = office.page(address)
        assert "Menunggu giliran" in page
        assert '<noscript><meta http-equiv="refresh"' in page
        told = office.panel.as_("bendahara").get(f"{address}/keadaan.json").json
        assert told == {"done": 0, "total": 2, "message": "Menunggu giliran dibaca.", "working": True}
        office.work()
        assert office.panel.as_("bendahara").get(f"{address}/keadaan.json").json["working"] is False

    def test_several_files_are_one_import(self, office):
        second = JOURNAL.replace(b"BK-1", b"BK-2").replace(b"75.000", b"80.000")
        address = office.read(("a.csv", JOURNAL), ("b.csv", second))
        office.press(address)
        office.work()
        assert sorted(office.entries()) == [75_000, 80_000]
        assert "a.csv dan 1 berkas lain" in re.sub("<wbr>", "", office.page("/kopmin/impor/"))

    def test_problems_stop_it_each_with_its_place_and_what_to_do(self, office):
        address = office.read(("salah.csv", JOURNAL.replace(b";;75.000", b";;70.000")))
        page = office.page(address)
        assert "Perlu diperbaiki" in page
        assert "selisih Rp 5.000" in page
        assert 'name="fingerprint"' not in page
        sheet = load_workbook(BytesIO(office.panel.as_("bendahara").get(f"{address}/masalah.xlsx").data)).active
        rows = list(sheet.iter_rows(values_only=True))
        assert rows[0][:4] == ("Sifat", "Berkas", "Lembar", "Baris")
        assert rows[1][0] == "Harus diperbaiki"
        assert office.press(address).status_code == 200
        office.work()
        assert office.entries() == []

    def test_an_import_given_up_leaves_no_file_and_books_nothing(self, office):
        address = office.read(("jurnal.csv", JOURNAL))
        assert len(office.kept()) == 1
        assert "dibatalkan" in office.press(address, "batal").text
        assert office.kept() == []
        assert "sudah dibatalkan" in office.press(address).text
        office.work()
        assert office.entries() == []

    def test_an_import_given_up_while_it_waits_is_not_read(self, office):
        address = office.upload(("jurnal.csv", JOURNAL)).location
        office.press(address, "batal")
        office.work()
        assert office.run(address).state == "cancelled"

    def test_the_kind_is_offered_with_what_it_is_for(self, office):
        page = office.page("/kopmin/impor/unggah")
        for told in ("Kenali sendiri", "Anggota dan saldo awal", "Neraca saldo awal", "Jurnal umum", "Kas anggota"):
            assert told in page

    def test_a_file_of_another_kind_than_chosen_is_said_to_be_so(self, office):
        page = office.page(office.read(("anggota.csv", MEMBERS), kind="journal"))
        assert "Perlu diperbaiki" in page
        assert "daftar anggota" in page

    def test_sen_are_refused_or_rounded_as_chosen(self, office):
        sheet = JOURNAL.replace(b"75.000", b"75.000,40")
        assert "Perlu diperbaiki" in office.page(office.read(("a.csv", sheet)))
        page = office.page(office.read(("a.csv", sheet), round_fractions="y"))
        assert "Siap dibukukan" in page
        assert "sen dibulatkan" in page


class TestOnce:
    def test_a_double_click_on_upload_is_one_upload(self, office):
        first = office.upload(("jurnal.csv", JOURNAL), token="satu")
        second = office.upload(("jurnal.csv", JOURNAL), token="satu")
        assert first.location == second.location
        assert office.work() == 1
        assert len(office.kept()) == 1

    def test_a_double_click_on_book_books_once(self, office):
        address = office.read(("jurnal.csv", JOURNAL))
        page = office.page(address)
        office.press(address, page=page)
        again = office.press(address, page=page)
        assert "sudah mulai dibukukan" in again.text
        assert office.work() == 1
        assert "sudah dibukukan" in office.press(address, page=page).text
        office.work()
        assert office.entries() == [75_000]

    def test_two_people_at_one_preview_book_it_once(self, office):
        address = office.read(("anggota.csv", MEMBERS))
        pages = {who: office.page(address, who) for who in ("bendahara", "sekretaris")}
        office.press(address, who="sekretaris", page=pages["sekretaris"])
        assert "sudah mulai dibukukan" in office.press(address, page=pages["bendahara"]).text
        office.work()
        assert "Disetujui Sari Sekretaris" in office.page(address)
        with office.panel.world.reading() as session:
            assert session.scalars(select(func.count()).select_from(Member)).one() == 2

    def test_a_tab_that_shows_an_older_preview_books_nothing(self, office):
        address = office.read(("jurnal.csv", JOURNAL))
        old = office.page(address).replace(office.run(address).fingerprint, "0" * 64)
        assert "sudah berganti sejak Anda buka" in office.press(address, page=old).text
        assert office.run(address).state == "previewed"

    def test_the_same_file_in_two_tabs_is_booked_once(self, office):
        first, second = (office.read(("jurnal.csv", JOURNAL)) for _ in range(2))
        office.press(first)
        office.press(second)
        office.work()
        assert office.entries() == [75_000]
        page = office.page(second)
        assert "Isi buku berubah sejak pratinjau" in page
        assert "sudah dibukukan" in page

    def test_books_that_changed_since_are_shown_anew_before_they_are_booked(self, office):
        with time_machine.travel("2026-03-01T05:00:00Z"):
            address = office.read(("jurnal.csv", JOURNAL))
            assert "setelah hari ini" in office.page(address)
            office.press(address)
        with time_machine.travel("2026-03-02T05:00:00Z"):
            office.work()
            page = office.page(address)
            assert "Siap dibukukan" in page
            assert "Periksa pratinjau yang baru" in page
            assert office.entries() == []
            office.press(address)
            office.work()
        assert office.entries() == [75_000]


@pytest.mark.parametrize("kind", ["members", "opening", "journal", "cash", "loans", "payroll", "settlement"])
def test_an_empty_workbook_is_recognised_as_what_it_is_for(office, tmp_path, kind):
    answer = office.panel.as_("bendahara").get(f"/kopmin/impor/contoh/{kind}.xlsx")
    path = tmp_path / "contoh.xlsx"
    path.write_bytes(answer.data)
    found = recognise(read_here(path))
    assert found is not None
    assert found.name == kind
    for sheet in load_workbook(path):
        assert sheet.freeze_panes == "A2"
        assert all(cell.comment for cell in sheet[1])


def test_a_workbook_filled_in_is_read_without_a_question(office, tmp_path):
    answer = office.panel.as_("bendahara").get("/kopmin/impor/contoh/members.xlsx")
    book = load_workbook(BytesIO(answer.data))
    titles = [cell.value for cell in book.active[1]]
    row = {"No Anggota": "007", "NIK (KTP)": "3201010101010007", "Nama": "Ratna Dewi", "Tgl Masuk": now().date()}
    book.active.append([row.get(title) for title in titles])
    filled = BytesIO()
    book.save(filled)
    page = office.page(office.read(("isi.xlsx", filled.getvalue())))
    assert "Siap dibukukan" in page
    assert "Ratna Dewi" in page


def test_there_is_no_template_for_what_nobody_imports(office):
    assert office.panel.as_("bendahara").get("/kopmin/impor/contoh/nothing.xlsx").status_code == 404


def test_runs_live_on_both_databases(any_world, tmp_path):
    who, queue = any_world.bendahara, Queue(tmp_path, any_world.database)
    with any_world.transaction() as session:
        run = runs.upload(session, who, "", [uploads.Upload("j.csv", JOURNAL)], {}, tmp_path, token="t")
    queue.put("imports.read", coop_id=who.coop_id, run_id=run.id)
    queue.work_off()
    with any_world.transaction() as session:
        seen = runs.get(session, who, run.id)
        runs.ask_to_book(session, who, run.id, seen.fingerprint)
    queue.put("imports.book", coop_id=who.coop_id, run_id=run.id)
    queue.work_off()
    queue.close()
    with any_world.reading() as session:
        assert runs.get(session, who, run.id).state == "booked"
        assert session.scalars(select(JournalEntry.total_rp)).all() == [75_000]
    assert runs.unfinished(any_world.database) == []
