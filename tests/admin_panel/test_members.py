"""A person who says which member they are, or asks to become one: let in by another, or told why not."""

from dataclasses import replace
from datetime import date

from models.access import CoopUser
from models.members import JoinRequest, MembershipClaim
from services.members import commands as members

DESK, JOINS = "/kopmin/permintaan-keanggotaan/", "/kopmin/permintaan-bergabung/"


def claim(panel, coop_id=None):
    with panel.world.database.reading(coop_id or panel.world.coop.id) as session:
        return session.query(MembershipClaim).one()


def test_what_was_told_stands_beside_the_register(peopled):
    claim_id = claim(peopled).id
    ketua = peopled.as_("ketua")
    assert "Permintaan keanggotaan</strong>" in ketua.get("/kopmin/").text
    assert f"{DESK}{claim_id}" in ketua.get(DESK).text
    page = ketua.get(f"{DESK}{claim_id}").text
    for shown in ("Akun Siti Aminah", "Siti Aminah", "nomor KTP", "Gudang", "Keputusan Anda"):
        assert shown in page, shown
    assert "3201010101010001" not in page
    for who in ("petugas", "bendahara"):
        assert peopled.as_(who).get(DESK).status_code == 403
        assert peopled.as_(who).post(f"{DESK}{claim_id}", {"answer": "setuju"}).status_code == 403


def test_let_in_once(peopled):
    asked = claim(peopled)
    address, ketua = f"{DESK}{asked.id}", peopled.as_("ketua")
    assert "dapat masuk sebagai anggota" in ketua.post(address, {"answer": "setuju"}, follow_redirects=True).text
    again = ketua.post(address, {"answer": "setuju"})
    assert again.status_code == 422
    assert "disetujui" in again.text
    with peopled.world.reading() as session:
        assert session.query(CoopUser).filter(CoopUser.user_id == asked.user_id).one().member_id == asked.member_id
    assert "Tidak ada permintaan" in ketua.get(DESK).text


def test_a_no_has_a_reason_and_odd_answers_change_nothing(peopled):
    address, sekretaris = f"{DESK}{claim(peopled).id}", peopled.as_("sekretaris")
    for answer in ({"answer": "tolak"}, {"answer": "mungkin"}, {}, {"answer": "tolak", "reason": "x" * 201}):
        assert sekretaris.post(address, answer).status_code == 422, answer
    assert claim(peopled).state == "asked"
    sekretaris.post(address, {"answer": "tolak", "reason": "Bukan orangnya"})
    assert claim(peopled).state == "rejected"
    assert "Bukan orangnya" in sekretaris.get(address).text


def test_a_claim_of_the_neighbour_is_not_there(peopled):
    theirs = claim(peopled, peopled.world.other.id).id
    assert peopled.as_("ketua").get(f"{DESK}{theirs}").status_code == 404
    assert peopled.as_("ketua").post(f"{DESK}{theirs}", {"answer": "setuju"}).status_code == 404
    assert claim(peopled, peopled.world.other.id).state == "asked"


def joined(panel):
    with panel.world.reading() as session:
        return session.query(JoinRequest).one()


def test_who_asked_on_the_public_page_becomes_an_applicant_once(peopled):
    address, ketua = f"{JOINS}{joined(peopled).id}", peopled.as_("ketua")
    assert "Permintaan bergabung</strong>" in ketua.get("/kopmin/").text
    assert "Calon Siti Aminah" in ketua.get(JOINS).text
    for who in ("petugas", "bendahara"):
        assert peopled.as_(who).post(address, {"answer": "terima"}).status_code == 403
    assert "calon anggota" in ketua.post(address, {"answer": "terima"}, follow_redirects=True).text
    again = ketua.post(address, {"answer": "terima"})
    assert again.status_code == 422
    assert "diterima" in again.text
    assert "Calon Siti Aminah" in ketua.get("/kopmin/pendaftaran/list/").text
    assert "Tidak ada permintaan bergabung" in ketua.get(JOINS).text


def test_a_no_to_who_asked_has_a_reason(peopled):
    address, sekretaris = f"{JOINS}{joined(peopled).id}", peopled.as_("sekretaris")
    for answer in ({"answer": "tolak"}, {"answer": "mungkin"}, {}):
        assert sekretaris.post(address, answer).status_code == 422, answer
    sekretaris.post(address, {"answer": "tolak", "reason": "Di luar wilayah"})
    assert "Di luar wilayah" in sekretaris.get(address).text


def test_the_public_page_is_opened_and_closed_in_the_profile(panel):
    ketua, form = panel.as_("ketua"), {"about": "Koperasi <b>kami</b>", "is_listed": "y", "takes_members": "y"}
    assert "Belum tampil" in ketua.get("/kopmin/profil/").text
    refused = ketua.post("/kopmin/profil/publik", {"about": " ", "is_listed": "y"})
    assert refused.status_code == 422
    assert "tulis dulu" in refused.text
    assert ketua.post("/kopmin/profil/publik", {"about": "x", "takes_members": "y"}).status_code == 422
    text = ketua.post("/kopmin/profil/publik", form, follow_redirects=True).text
    assert 'href="/koperasi/maju"' in text
    assert "&lt;b&gt;kami" in panel.anyone().get("/koperasi/maju").text
    ketua.post("/kopmin/profil/publik", {"about": "x"})
    assert panel.anyone().get("/koperasi/maju").status_code == 404
    assert panel.as_("petugas").get("/kopmin/profil/publik").status_code == 403


def test_a_new_member_is_let_in_with_what_the_first_sign_in_will_ask(panel):
    world = panel.world
    with world.transaction(world.petugas) as session:
        person = members.PersonData(name="Wulan Sari", phone="081255550001")
        asked = members.apply(session, world.petugas, person, applied_on=date(2026, 3, 5))
    address, ketua = f"/kopmin/anggota/{asked.id}/putuskan", panel.as_("ketua")
    assert "belum tercatat. Tanpa salah satunya" in ketua.get(address).text
    with world.transaction(world.petugas) as session:
        known = replace(person, birth_on=date(1990, 5, 17))
        members.update_person(session, world.petugas, asked.id, known)
    assert "belum tercatat. Tanpa salah satunya" not in ketua.get(address).text
    answer = ketua.post(address, {"answer": "setuju", "joined_on": "2026-03-06"}, follow_redirects=True)
    assert "ia memilih Buat akun" in answer.text
