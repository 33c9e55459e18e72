"""Imports that meet trouble: killed servers, hostile files, prying neighbours. All ends in words, nothing in half."""

import json
import os
import re
import signal
import subprocess
import sys
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import delete, select, update

from core.clock import now
from models.access import RoleGrant
from models.imports import ImportRun
from models.ledger import JournalEntry
from services.imports import runs, uploads
from services.jobs import queue as queues
from services.jobs.queue import Queue
from tests.admin_panel.conftest import DATA
from tests.admin_panel.imports_data import JOURNAL, MEMBERS
from tests.admin_panel.test_desk import hidden

ROOT = Path(__file__).parents[2]
BAD = DATA / "workbooks" / "A0" / "bad"


DIES = """
import os, sys
from pathlib import Path
from core import secrets
from models.transaction import Database
from services.imports import booking, commands
from services.jobs.queue import Queue
secrets.use_key(bytes(range(32)))
carry_out = booking.carry_out
def die(*args): carry_out(*args); os.kill(os.getpid(), 9)
booking.carry_out = die
Queue(Path(sys.argv[1]), Database(sys.argv[2])).work_off()
"""


class TestInterrupted:
    def killed_while_booking(self, office) -> str:
        address = office.read(("jurnal.csv", JOURNAL))
        office.press(address)
        self.die(office)
        return address

    def die(self, office) -> None:
        url = str(office.panel.world.database.engine.url)
        script = [sys.executable, "-c", DIES, str(office.data), url]
        done = subprocess.run(script, cwd=ROOT, env={**os.environ, "PYTHONPATH": "."})
        assert done.returncode == -signal.SIGKILL

    def test_a_server_killed_while_booking_books_whole_and_once_when_it_is_back(self, office):
        address = self.killed_while_booking(office)
        assert office.run(address).state == "booking"
        assert office.entries() == []
        office.work()
        assert office.run(address).state == "booked"
        assert office.entries() == [75_000]

    def test_what_kills_the_server_twice_is_given_up_and_can_be_tried_again(self, office):
        address = self.killed_while_booking(office)
        self.die(office)
        assert office.work() == 0
        assert queues.DIED in office.page(address)
        assert office.entries() == []
        office.press(address, "ulang")
        office.work()
        office.press(address)
        office.work()
        assert office.entries() == [75_000]

    def test_a_server_that_died_before_it_queued_the_job_finds_it_when_it_looks_around(self, office):
        address = office.upload(("jurnal.csv", JOURNAL)).location
        for path in office.data.glob("jobs.db*"):
            path.unlink()
        office.queue = Queue(office.data, office.panel.world.database)
        assert office.work() == 0
        office.queue._look_around()
        assert office.work() == 1
        assert office.run(address).state == "previewed"

    def test_a_person_who_may_no_more_books_nothing(self, office):
        address = office.read(("jurnal.csv", JOURNAL))
        office.press(address)
        bendahara = office.panel.world.bendahara
        with office.panel.world.transaction() as session:
            session.execute(delete(RoleGrant).where(RoleGrant.user_id == bendahara.user_id))
        office.work()
        assert office.run(address).state == "failed"
        assert "tidak berhak" in office.run(address).message
        assert office.entries() == []

    def test_files_that_are_gone_are_asked_for_again(self, office):
        address = office.read(("jurnal.csv", JOURNAL))
        office.press(address)
        for path in office.kept():
            path.unlink()
        office.work()
        page = office.page(address)
        assert "sudah tidak disimpan. Unggah lagi" in page
        assert "Coba lagi" in page

    def test_a_month_closed_meanwhile_stops_the_booking(self, office):
        address = office.read(("jurnal.csv", JOURNAL))
        office.press(address)
        bendahara = office.panel.as_("bendahara")
        for _ in range(3):
            first = min(map(int, re.findall(r"/kopmin/periode/(\d+)/close", bendahara.get("/kopmin/periode/").text)))
            bendahara.post(f"/kopmin/periode/{first}/close")
        office.work()
        assert "Perlu diperbaiki" in office.page(address)
        assert office.entries() == []


class TestBadFiles:
    def test_an_upload_without_a_file_says_what_to_do(self, office):
        answer = office.upload()
        assert answer.status_code == 422
        assert "Pilih dulu berkas" in answer.text

    @pytest.mark.parametrize(
        ("name", "content", "said"),
        [
            ("kosong.xlsx", b"", "berkas kosong (0 byte)"),
            ("makro.xlsm", b"PK", "makro"),
            ("foto.png", b"\x89PNG", ".png"),
            ("tanpa akhiran", b"a;b", "tanpa akhiran"),
        ],
    )
    def test_what_cannot_be_a_table_is_refused_on_the_form(self, office, name, content, said):
        answer = office.upload((name, content))
        assert answer.status_code == 422
        assert said in answer.text
        assert office.kept() == []

    def test_twelve_megabytes_are_too_many(self, office):
        answer = office.upload(("besar.csv", b"x" * 12 * 1024 * 1024))
        assert answer.status_code == 413
        assert "10 MB" in answer.text

    def test_more_files_than_one_can_look_at_are_refused(self, office):
        answer = office.upload(*[(f"{n}.csv", JOURNAL) for n in range(uploads.MOST_FILES + 1)])
        assert answer.status_code == 422
        assert office.kept() == []

    @pytest.mark.parametrize("name", ["bom_zip.xlsx", "formula_tanpa_nilai.xlsx", "gambar.xlsx"])
    def test_a_hostile_file_ends_in_a_sentence(self, office, name):
        found = next(BAD.glob(f"{name.split('.')[0]}.*"))
        page = office.page(office.read((name, found.read_bytes())))
        assert "Perlu diperbaiki" in page
        assert "Traceback" not in page

    @pytest.mark.parametrize(
        "name",
        ["../../../etc/passwd.csv", "C:\\x\\jurnal.csv", "<img src=x onerror=alert(1)>.csv", "a\x00b.csv"],
    )
    def test_a_name_is_a_name_and_nothing_else(self, office, name):
        address = office.read((name, JOURNAL))
        page = office.page(address)
        assert "<img" not in page
        assert "etc/passwd" not in page
        assert "Siap dibukukan" in page
        [path] = office.kept()
        assert path.parent.parent == office.data / "uploads" / "imports"

    def test_rows_that_are_scripts_stay_text(self, office):
        sheet = JOURNAL.replace(b"Jasa pinjaman", b"<script>alert(1)</script>")
        assert "<script>alert" not in office.page(office.read(("a.csv", sheet)))

    def test_three_thousand_problems_still_make_a_light_page(self, office):
        rows = b"".join(b"03/03/2026;BK-%d;Salah;99999;75.000;\n" % n for n in range(3000))
        address = office.read(("salah.csv", JOURNAL + rows))
        page = office.page(address)
        assert len(page.encode()) < 90 * 1024
        sheet = load_workbook(BytesIO(office.panel.as_("bendahara").get(f"{address}/masalah.xlsx").data)).active
        assert sheet.max_row > runs.SHOWN_PROBLEMS
        assert "tidak dimuat" in sheet.cell(runs.SHOWN_PROBLEMS + 2, 6).value

    @pytest.mark.parametrize("chosen", [{"kind": "nosuch"}, {"style": "x"}, {"as_of": "31/02/2026"}, {"as_of": "x"}])
    def test_odd_choices_are_refused_beside_their_field(self, office, chosen):
        assert office.upload(("a.csv", JOURNAL), **chosen).status_code == 422
        assert office.kept() == []


class TestPrivate:
    def test_uploads_are_readable_by_this_program_alone_and_gone_once_booked(self, office):
        address = office.read(("jurnal.csv", JOURNAL))
        [path] = office.kept()
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o077 == 0
        office.press(address)
        office.work()
        assert office.kept() == []

    def test_what_nobody_booked_within_a_week_is_forgotten(self, office):
        address = office.read(("jurnal.csv", JOURNAL))
        fresh = office.read(("lain.csv", JOURNAL.replace(b"BK-1", b"BK-2")))
        long_ago = now() - timedelta(days=8)
        [old] = [
            office.data / "uploads/imports" / str(office.panel.world.coop.id) / office.run(address).files[0]["stored"]
        ]
        os.utime(old, (long_ago.timestamp(), long_ago.timestamp()))
        with office.panel.world.transaction() as session:
            session.execute(update(ImportRun).where(ImportRun.id == office.run(address).id).values(created_at=long_ago))
        assert runs.forget_old(office.panel.world.database, office.data) == 1
        assert "setelah 7 hari" in office.page(address)
        assert office.run(address).preview == {}
        assert office.run(fresh).state == "previewed"
        assert len(office.kept()) == 1

    def test_a_preview_keeps_no_number_of_an_id_card(self, office):
        address = office.read(("anggota.csv", MEMBERS))
        assert "3201••••••••0001" in office.page(address)
        assert "3201010101010001" not in json.dumps(office.run(address).preview)
        office.press(address)
        office.work()
        assert "Siti" not in json.dumps(office.run(address).preview)

    def test_the_neighbour_s_import_is_simply_not_there(self, office):
        address = office.read(("jurnal.csv", JOURNAL))
        mark = office.run(address).fingerprint
        neighbour = office.panel.as_(office.panel.world.other_actors["bendahara"])
        for path in ("", "/keadaan.json", "/masalah.xlsx"):
            assert neighbour.get(address + path).status_code == 404
        for button in ("bukukan", "ulang", "batal"):
            assert neighbour.post(f"{address}/{button}", {"fingerprint": mark}).status_code == 404
        assert "jurnal.csv" not in neighbour.get("/kopmin/impor/").text.replace("<wbr>", "")
        office.work()
        assert office.run(address).state == "previewed"
        assert office.entries() == []

    def test_both_cooperatives_book_the_same_file_each_in_their_own_books(self, office):
        ours = office.read(("jurnal.csv", JOURNAL))
        office.press(ours)
        theirs = office.panel.as_(office.panel.world.other_actors["bendahara"])
        sent = {"files": [(BytesIO(JOURNAL), "jurnal.csv")], "kind": "", "style": "auto"}
        address = theirs.post("/kopmin/impor/unggah", sent, content_type="multipart/form-data").location
        office.work()
        theirs.post(f"{address}/bukukan", {"fingerprint": hidden(theirs.get(address).text, "fingerprint")})
        office.work()
        for coop in (office.panel.world.coop, office.panel.world.other):
            with office.panel.world.database.reading(coop.id) as session:
                assert session.scalars(select(JournalEntry.total_rp)).all() == [75_000]

    def test_a_sekretaris_may_not_book_journals(self, office):
        address = office.upload(("jurnal.csv", JOURNAL), who="sekretaris").location
        office.work()
        assert "tidak berhak" in office.page(address, "sekretaris")
