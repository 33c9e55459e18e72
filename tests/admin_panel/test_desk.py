"""The day's work through the screens, as people click it."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from models.access import ApprovalRequest
from models.ledger import Account, JournalEntry
from models.members import Member
from models.savings import Receipt, SavingsAccount, SavingsBill
from services.deposits import ending, queries
from services.members import commands as members
from services.savings import commands as savings
from services.savings import products


def siti(panel) -> int:
    with panel.world.reading() as session:
        return session.scalars(select(Member.id).where(Member.name == "Siti Aminah")).one()


def hidden(html: str, name: str) -> str:
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', html)[1]


class TestMembers:
    def test_one_registers_and_another_approves(self, panel):
        sent = panel.as_("petugas").post("/kopmin/anggota/daftar", {"name": "Ratna Dewi", "nik": "3201010101010002"})
        member_id = int(sent.location.rsplit("/", 1)[1])
        decided = panel.as_("ketua").post(f"/kopmin/anggota/{member_id}/putuskan", {"answer": "setuju"})
        assert decided.status_code == 302
        page = panel.as_("ketua").get(f"/kopmin/anggota/show/{member_id}").text
        assert "Ratna Dewi" in page
        assert "0001" in page
        assert "3201••••••••0002" in page

    def test_nobody_approves_whom_they_registered(self, panel):
        ketua = panel.as_("ketua")
        sent = ketua.post("/kopmin/anggota/daftar", {"name": "Saudara Ketua"})
        member_id = int(sent.location.rsplit("/", 1)[1])
        answer = ketua.post(f"/kopmin/anggota/{member_id}/putuskan", {"answer": "setuju"})
        assert answer.status_code == 422
        assert "tidak boleh menyetujui sendiri" in answer.text

    def test_a_rejection_needs_a_reason(self, peopled):
        with peopled.world.reading() as session:
            waiting = session.scalars(select(Member.id).where(Member.state == "applied")).one()
        answer = peopled.as_("ketua").post(f"/kopmin/anggota/{waiting}/putuskan", {"answer": "tolak"})
        assert "Alasan" in answer.text
        assert answer.status_code == 422

    def test_leaving_pays_what_was_shown(self, peopled):
        member_id, ketua, treasurer = siti(peopled), peopled.as_("ketua"), peopled.world.bendahara
        with peopled.world.transaction(treasurer) as session:
            [deposit] = queries.of_member(session, treasurer, member_id)
            ending.pay_out(session, treasurer, ending.preview(session, treasurer, deposit.id, on=date(2026, 3, 2)))
        page = ketua.get(f"/kopmin/anggota/{member_id}/keluar").text
        assert "Rp 550.000" in page
        data = {"left_on": "2026-03-02", "reason": "Pindah", "sure": "y", "mark": hidden(page, "mark")}
        answer = ketua.post(f"/kopmin/anggota/{member_id}/keluar", data)
        assert answer.status_code == 302
        assert "/kopmin/kuitansi/" in answer.location

    def test_leaving_stops_when_the_balance_moved_since(self, peopled):
        member_id, ketua = siti(peopled), peopled.as_("ketua")
        page = ketua.get(f"/kopmin/anggota/{member_id}/keluar").text
        TestTeller().deposit(peopled, member_id, "10.000")
        data = {"left_on": "2026-03-02", "reason": "Pindah", "sure": "y", "mark": hidden(page, "mark")}
        answer = ketua.post(f"/kopmin/anggota/{member_id}/keluar", data)
        assert "Keadaan berubah" in answer.text

    def test_full_numbers_open_for_a_reason_that_is_kept(self, peopled):
        member_id, pengawas = siti(peopled), peopled.as_("pengawas")
        assert "3201010101010001" not in pengawas.post(f"/kopmin/anggota/{member_id}/nomor", {"reason": ""}).text
        assert "3201010101010001" in pengawas.post(f"/kopmin/anggota/{member_id}/nomor", {"reason": "Audit"}).text
        assert "members.unmask" in pengawas.get("/kopmin/jejak-audit/list/").text

    def test_a_card_is_a_pdf(self, peopled):
        answer = peopled.as_("petugas").get(f"/kopmin/anggota/{siti(peopled)}/kartu.pdf")
        assert answer.data.startswith(b"%PDF")

    def test_changing_a_name_leaves_the_id_card_alone(self, peopled):
        member_id = siti(peopled)
        peopled.as_("petugas").post(f"/kopmin/anggota/{member_id}/ubah", {"name": "Siti Aminah Putri"})
        with peopled.world.reading() as session:
            member = members.get(session, peopled.world.ketua, member_id)
            assert (member.name, member.nik_masked) == ("Siti Aminah Putri", "3201••••••••0001")


class TestTeller:
    def deposit(self, panel, member_id, amount, token="t1", kind="voluntary"):
        data = {"product_id": panel.world.product(kind), "amount_rp": amount, "booked_on": "2026-03-01", "cash": "cash"}
        return panel.as_("petugas").post(f"/kopmin/simpanan/setor?anggota={member_id}", {**data, "token": token})

    def balance(self, panel, member_id, kind="voluntary"):
        with panel.world.reading() as session:
            held = select(SavingsAccount.balance_rp).where(
                SavingsAccount.member_id == member_id, SavingsAccount.product_id == panel.world.product(kind)
            )
            return session.scalars(held).one()

    def test_a_deposit_ends_at_its_receipt(self, peopled):
        member_id = siti(peopled)
        answer = self.deposit(peopled, member_id, "1.250.000")
        page = peopled.as_("bendahara").get(answer.location).text
        assert "Rp 1.250.000" in page
        assert "satu juta dua ratus lima puluh ribu rupiah" in page
        assert self.balance(peopled, member_id) == 1_500_000

    def test_a_second_click_is_the_same_deposit(self, peopled):
        member_id = siti(peopled)
        first, second = (self.deposit(peopled, member_id, "100.000") for _ in range(2))
        assert first.location == second.location
        assert self.balance(peopled, member_id) == 350_000

    def test_a_member_is_found_by_part_of_the_name(self, peopled):
        assert "Siti Aminah" in peopled.as_("petugas").get("/kopmin/simpanan/setor?cari=amin").text

    def test_too_much_is_refused_with_what_is_there(self, peopled):
        data = {"product_id": peopled.world.product("voluntary"), "amount_rp": "900.000", "booked_on": "2026-03-01"}
        url = f"/kopmin/simpanan/tarik?anggota={siti(peopled)}"
        answer = peopled.as_("petugas").post(url, {**data, "cash": "cash", "token": "w"})
        assert answer.status_code == 422
        assert "Rp 250.000" in answer.text

    def test_pokok_is_not_offered_for_withdrawal(self, peopled):
        page = peopled.as_("petugas").get(f"/kopmin/simpanan/tarik?anggota={siti(peopled)}").text
        assert "Simpanan Pokok" not in page.split("<select")[1].split("</select>")[0]

    def test_a_deposit_is_undone_by_its_mirror(self, peopled):
        member_id = siti(peopled)
        self.deposit(peopled, member_id, "100.000")
        bendahara = peopled.as_("bendahara")
        page = bendahara.get(f"/kopmin/simpanan/buku/{member_id}").text
        movement = re.search(r"/kopmin/simpanan/mutasi/(\d+)/batal", page)[1]
        data = {"booked_on": "2026-03-01", "reason": "Salah orang"}
        assert bendahara.post(f"/kopmin/simpanan/mutasi/{movement}/batal", data).status_code == 302
        assert self.balance(peopled, member_id) == 250_000

    @pytest.mark.parametrize("paper", ["a6", "a5", "58", "80"])
    def test_a_receipt_prints_on_every_paper(self, peopled, paper):
        with peopled.world.reading() as session:
            receipt_id = session.scalars(select(Receipt.id)).first()
        answer = peopled.as_("bendahara").post(f"/kopmin/kuitansi/{receipt_id}/cetak", {"kertas": paper})
        assert answer.data.startswith(b"%PDF")
        assert len(answer.data) <= 50 * 1024

    def test_month_s_bills_are_made_once_for_everybody(self, peopled):
        bendahara, wajib = peopled.as_("bendahara"), peopled.world.product("mandatory")
        month = date.today().replace(day=1)  # noqa: DTZ011
        url = f"/kopmin/tagihan/buat?jenis={wajib}&bulan={month:%Y-%m}"
        page = bendahara.get(url).text
        assert bendahara.post(url, {"mark": hidden(page, "mark")}).status_code == 302
        again = bendahara.post(url, {"mark": hidden(page, "mark")})
        assert "Keadaan berubah" in again.text
        with peopled.world.reading() as session:
            assert len(session.scalars(select(SavingsBill).where(SavingsBill.month_on == month)).all()) == 1


class TestBooks:
    def draft(self, panel, role="bendahara", **changes):
        data = {
            "booked_on": "2026-03-03", "memo": "Beli kertas", "token": "j1",
            "lines-0-account": "5301", "lines-0-debit": "75.000",
            "lines-1-account": "11011 Kas Besar", "lines-1-credit": "75.000",
        } | changes  # fmt: skip
        return panel.as_(role).post("/kopmin/jurnal/manual", data)

    def pending(self, panel) -> int:
        with panel.world.reading() as session:
            return session.scalars(
                select(ApprovalRequest.id).where(ApprovalRequest.state == "pending").order_by(ApprovalRequest.id.desc())
            ).first()

    def test_a_journal_waits_for_a_second_person_and_is_then_booked(self, panel):
        code = account_code(panel, "expense")
        assert self.draft(panel, **{"lines-0-account": code}).status_code == 302
        request_id = self.pending(panel)
        assert panel.as_("bendahara").post(f"/kopmin/persetujuan/{request_id}", {"answer": "setuju"}).status_code == 403
        page = panel.as_("ketua").post(f"/kopmin/persetujuan/{request_id}", {"answer": "setuju"}, follow_redirects=True)
        assert "2026/00001" in page.text
        with panel.world.reading() as session:
            assert session.scalars(select(JournalEntry.total_rp)).all() == [75_000]

    def test_a_second_approver_is_told_who_was_first(self, panel):
        self.draft(panel, **{"lines-0-account": account_code(panel, "expense")})
        request_id, ketua = self.pending(panel), panel.as_("ketua")
        ketua.post(f"/kopmin/persetujuan/{request_id}", {"answer": "setuju"})
        again = ketua.post(f"/kopmin/persetujuan/{request_id}", {"answer": "setuju"}, follow_redirects=True)
        assert "sudah disetujui" in again.text

    def test_a_rejection_books_nothing_and_says_why(self, panel):
        self.draft(panel, **{"lines-0-account": account_code(panel, "expense")})
        data = {"answer": "tolak", "reason": "Bukti belum ada"}
        page = panel.as_("ketua").post(f"/kopmin/persetujuan/{self.pending(panel)}", data, follow_redirects=True)
        assert "Bukti belum ada" in page.text

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"lines-1-credit": "70.000"}, "selisih Rp 5.000"),
            ({"lines-1-account": "99999"}, "99999 tidak ada"),
            ({"lines-1-account": "1101"}, "akun induk"),
            ({"lines-1-credit": "75.000,50"}, "Baris 2"),
            ({"memo": ""}, "wajib diisi"),
            ({"booked_on": "2031-01-01"}, "2031 belum dibuka"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_stays(self, panel, changes, said):
        answer = self.draft(panel, **{"lines-0-account": account_code(panel, "expense")} | changes)
        assert answer.status_code == 422
        assert said in answer.text
        assert "75.000" in answer.text

    def test_more_lines_come_without_a_script(self, panel):
        page = self.draft(panel, more="1").text
        assert "lines-5-account" in page
        assert "75.000" in page

    def test_an_entry_leads_to_its_reversal_and_back(self, panel):
        self.draft(panel, **{"lines-0-account": account_code(panel, "expense")})
        ketua = panel.as_("ketua")
        ketua.post(f"/kopmin/persetujuan/{self.pending(panel)}", {"answer": "setuju"})
        panel.as_("bendahara").post("/kopmin/jurnal/1/batalkan", {"booked_on": "2026-03-04", "reason": "Ganda"})
        ketua.post(f"/kopmin/persetujuan/{self.pending(panel)}", {"answer": "setuju"})
        listed = ketua.get("/kopmin/jurnal/list/").text
        first = ketua.get(re.findall(r"/kopmin/jurnal/show/\d+", listed)[-1]).text
        assert "sudah dibatalkan oleh" in first
        assert "Ajukan pembatalan" not in first

    def test_months_close_in_order(self, panel):
        bendahara = panel.as_("bendahara")
        ids = sorted(map(int, re.findall(r"/kopmin/periode/(\d+)/close", bendahara.get("/kopmin/periode/").text)))
        wrong = bendahara.post(f"/kopmin/periode/{ids[1]}/close", follow_redirects=True)
        assert "harus ditutup lebih dulu" in wrong.text
        assert "sekarang tertutup" in bendahara.post(f"/kopmin/periode/{ids[0]}/close", follow_redirects=True).text

    def test_the_books_are_found_sound(self, peopled):
        page = peopled.as_("pengawas").get("/kopmin/periksa/").text
        assert "Semua cocok" in page
        assert page.count("Cocok") >= 11


class TestPeople:
    def test_a_new_user_gets_a_link_and_a_role(self, panel):
        data = {"username": "dina", "full_name": "Dina Baru", "roles": "petugas"}
        page = panel.as_("ketua").post("/kopmin/pengguna/tambah", data)
        link = re.search(r'value="[^"]*(/tautan/[^"]+)"', page.text)[1]
        dina = panel.anyone()
        dina.post(link, {"password": "pagi cerah di ladang"})
        assert dina.get("/kopmin/simpanan/setor").status_code == 200
        assert dina.get("/kopmin/pengguna/").status_code == 403

    def test_losing_a_role_ends_the_rights_at_once(self, panel):
        petugas, user_id = panel.as_("petugas"), panel.world.petugas.user_id
        panel.as_("ketua").post(f"/kopmin/pengguna/{user_id}", {"roles": "anggota", "is_active": "y"})
        assert petugas.get("/kopmin/").status_code == 302

    def test_nobody_changes_their_own_roles(self, panel):
        user_id = panel.world.ketua.user_id
        answer = panel.as_("ketua").post(f"/kopmin/pengguna/{user_id}", {"roles": "bendahara", "is_active": "y"})
        assert answer.status_code in {403, 422}
        assert "tidak dapat diubah sendiri" in answer.text

    def test_the_profile_is_kept(self, panel):
        sekretaris = panel.as_("sekretaris")
        sekretaris.post("/kopmin/profil/", {"name": "Koperasi Baru", "zone": "WITA", "city": "Makassar"})
        assert "Makassar" in sekretaris.get("/kopmin/profil/").text

    def test_home_shows_what_waits_and_only_to_whom_it_matters(self, peopled):
        assert "Pendaftaran anggota" in peopled.as_("ketua").get("/kopmin/").text
        assert "Pendaftaran anggota" not in peopled.as_("petugas").get("/kopmin/").text.split("Sering dipakai")[0]

    def test_a_savings_product_keeps_what_was_typed(self, panel):
        with panel.world.reading() as session:
            account = panel.world.account(session, "3102")
        data = {
            "code": "QURBAN", "name": "Simpanan Qurban", "kind": "voluntary", "account_id": str(account),
            "amount_rp": "", "minimum_balance_rp": "50.000", "interest_method": "none", "is_active": "y",
        }  # fmt: skip
        answer = panel.as_("bendahara").post("/kopmin/jenis-simpanan/add", data)
        assert answer.status_code == 302
        page = panel.as_("bendahara").get("/kopmin/jenis-simpanan/list/?cari=").text
        assert "Simpanan Qurban" in page
        again = panel.as_("bendahara").post("/kopmin/jenis-simpanan/add", data)
        assert again.status_code == 422
        assert "sudah dipakai" in again.text


def account_code(panel, kind: str) -> str:
    with panel.world.reading() as session:
        query = select(Account.code).where(Account.type == kind, ~Account.is_header).order_by(Account.code)
        return session.scalars(query).first()


def test_an_opening_that_waits_is_no_alarm(panel):
    member_id, who = panel.world.member(), panel.world.bendahara
    panel.world.checked = False  # the opening entry is never booked
    with panel.world.transaction(who) as session:
        kind = products.of_kind(session, who, "voluntary")
        brought = savings.OpeningBalance(session.get_one(Member, member_id), kind, 500_000)
        savings.open_balances(session, who, [brought], as_of=date(2025, 12, 31), source="import:opening")
    page = panel.as_("bendahara").get("/kopmin/periksa/").text
    assert "Buku belum lengkap" in page
    assert "Langkah berikut" in page
    assert "tidak cocok" not in page
    assert "/kopmin/impor/" in page
