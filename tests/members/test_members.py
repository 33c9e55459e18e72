"""The register: applied for by one, decided by another, personal numbers sealed, duplicates found."""

from datetime import date

import pytest

from core.display import masked
from core.errors import InvalidValue, NotAllowed, NotFound
from core.secrets import FieldCipher
from models.audit import AuditRecord
from models.members import Member
from services.access.approvals import SamePerson
from services.members import cards
from services.members import commands as members
from services.members.commands import PersonData
from services.members.refusals import NikInvalid, NikTaken, NumberTaken, WrongState
from tests.crowd import at_once
from tests.journeys.conftest import employ

DAY = date(2026, 3, 5)
NIK, ACCOUNT = "3201010101010001", "1234567890123"


def apply(world, name="Siti", who="petugas", **data) -> int:
    actor = world.actors[who]
    with world.transaction(actor) as session:
        return members.apply(session, actor, PersonData(name=name, **data), applied_on=DAY).id


def approve(world, member_id, who="ketua", number="") -> Member:
    actor = world.actors[who]
    with world.transaction(actor) as session:
        return members.approve(session, actor, member_id, joined_on=DAY, number=number)


def get(world, member_id) -> Member:
    with world.reading() as session:
        return session.get_one(Member, member_id)


def test_an_applicant_becomes_a_member_with_the_next_number(any_world):
    people = [approve(any_world, apply(any_world, name)) for name in ("Siti", "Joko")]
    assert [(m.number, m.state, m.joined_on) for m in people] == [("0001", "active", DAY), ("0002", "active", DAY)]


def test_who_wrote_the_application_does_not_decide_it(world):
    with pytest.raises(SamePerson):
        approve(world, apply(world, who="ketua"))
    assert approve(world, apply(world, who="ketua"), who="sekretaris").state == "active"


@pytest.mark.parametrize("who", ["petugas", "bendahara", "pengawas"])
def test_only_who_may_decides(world, who):
    with pytest.raises(NotAllowed):
        approve(world, apply(world), who=who)


def test_of_five_who_approve_at_once_one_does(any_world):
    waiting = apply(any_world)
    results = at_once([lambda: approve(any_world, waiting).number] * 5)
    assert sorted(map(str, results))[0] == "0001"
    assert [type(r) for r in results if r != "0001"] == [WrongState] * 4


def test_many_approved_at_once_have_numbers_of_their_own(any_world):
    waiting = [apply(any_world, f"Anggota {n}") for n in range(6)]
    numbers = at_once([lambda m=m: approve(any_world, m).number for m in waiting])
    assert sorted(numbers) == [f"{n:04d}" for n in range(1, 7)]


def test_numbers_go_on_from_the_highest_as_wide_as_it_is(world):
    approve(world, apply(world), number="00041")
    approve(world, apply(world, "Joko"), number="KEHORMATAN-1")
    assert approve(world, apply(world, "Dewi")).number == "00042"


def test_a_number_in_use_is_refused_with_its_holder(world):
    approve(world, apply(world, "Siti"), number="7")
    with pytest.raises(NumberTaken, match="Siti"):
        approve(world, apply(world, "Joko"), number="7")


def test_a_number_longer_than_a_card_is_refused(any_world):
    with pytest.raises(InvalidValue, match="20"):
        approve(any_world, apply(any_world), number="9" * 21)


def test_a_rejected_applicant_knows_why_and_stays_out(world):
    waiting = apply(world)
    with world.transaction(world.ketua) as session:
        with pytest.raises(InvalidValue):
            members.reject(session, world.ketua, waiting, reason=" ")
        members.reject(session, world.ketua, waiting, reason="Di luar wilayah")
    assert (get(world, waiting).state, get(world, waiting).state_reason) == ("rejected", "Di luar wilayah")
    with pytest.raises(WrongState, match="ditolak"):
        approve(world, waiting)


def test_a_member_of_the_neighbour_is_not_there(world):
    mine, who = apply(world), world.other_actors["ketua"]
    for act in (
        lambda s: members.get(s, who, mine),
        lambda s: members.approve(s, who, mine, joined_on=DAY),
        lambda s: members.unmask(s, who, mine, reason="x"),
        lambda s: members.update_person(s, who, mine, PersonData(name="x")),
    ):
        with pytest.raises(NotFound), world.transaction(who) as session:
            act(session)


class TestPersonalNumbers:
    def test_nothing_on_the_disk_shows_them(self, world):
        """Neither the database file nor what is still in its log; not even after they were shown and changed."""
        siti = apply(world, nik=NIK, bank_account=ACCOUNT)
        with world.transaction(world.ketua) as session:
            assert members.unmask(session, world.ketua, siti, reason="Verifikasi") == {
                "nik": NIK, "bank_account": ACCOUNT,
            }  # fmt: skip
        with world.transaction(world.petugas) as session:
            members.update_person(session, world.petugas, siti, PersonData(name="Siti A.", nik=NIK))
        folder = next(iter([world.database.engine.url.database])).rpartition("/")[0]
        from pathlib import Path

        found = [path for path in Path(folder).glob("world.db*") if path.stat().st_size]
        assert {path.name for path in found} >= {"world.db", "world.db-wal"}
        for path in found:
            raw = path.read_bytes()
            assert NIK.encode() not in raw, path.name
            assert ACCOUNT.encode() not in raw, path.name
            assert NIK[4:12].encode() not in raw, path.name

    def test_they_are_shown_masked(self, world):
        kept = get(world, apply(world, nik=NIK, bank_account=ACCOUNT))
        assert (kept.nik_masked, kept.bank_account_masked) == ("3201••••••••0001", "12•••••••••23")
        assert masked("123") == "•••"
        assert NIK not in repr(kept)

    @pytest.mark.parametrize("nik", ["123", NIK + "x", "３２０１０１０１０１０１０００１", "320101010101 001"])
    def test_a_ktp_number_has_sixteen_digits(self, world, nik):
        with pytest.raises(NikInvalid):
            apply(world, nik=nik)

    def test_the_same_ktp_twice_is_found_and_named(self, world):
        approve(world, apply(world, "Siti", nik=NIK))
        with pytest.raises(NikTaken, match=r"Siti \(nomor anggota 0001\)"):
            apply(world, "Palsu", nik=NIK)

    def test_the_neighbour_may_have_the_same_person(self, world):
        clerk = world.other_actors["petugas"]
        mine = get(world, apply(world, nik=NIK))
        with world.transaction(clerk) as session:
            theirs = members.apply(session, clerk, PersonData(name="Siti", nik=NIK), applied_on=DAY)
        assert mine.nik_index != theirs.nik_index
        assert mine.nik_cipher != theirs.nik_cipher

    def test_unmasking_needs_a_right_and_a_reason_and_leaves_a_trace(self, world):
        siti = apply(world, nik=NIK)
        with pytest.raises(NotAllowed), world.transaction(world.bendahara) as session:
            members.unmask(session, world.bendahara, siti, reason="x")
        with pytest.raises(InvalidValue), world.transaction(world.pengawas) as session:
            members.unmask(session, world.pengawas, siti, reason=" ")
        with world.transaction(world.pengawas) as session:
            members.unmask(session, world.pengawas, siti, reason="Pemeriksaan tahunan")
        with world.reading() as session:
            record = session.query(AuditRecord).filter(AuditRecord.action == "members.unmask").one()
            assert (record.user_id, record.detail) == (world.pengawas.user_id, {"reason": "Pemeriksaan tahunan"})

    def test_the_trail_tells_of_changes_without_the_numbers(self, world):
        siti = apply(world, nik=NIK, address="Jl. Lama")
        with world.transaction(world.petugas) as session:
            members.update_person(
                session, world.petugas, siti, PersonData(name="Siti", address="Jl. Baru", bank_account=ACCOUNT)
            )
        with world.reading() as session:
            details = [str(r.detail) for r in session.query(AuditRecord)]
        assert any("Jl. Lama" in text and "Jl. Baru" in text for text in details)
        assert not any(NIK in text or ACCOUNT in text for text in details)
        assert get(world, siti).nik_masked == masked(NIK)

    def test_a_value_copied_to_another_row_or_changed_does_not_open(self):
        cipher = FieldCipher(bytes(32))
        sealed = cipher.seal(NIK, "members|nik|1|a")
        assert cipher.open(sealed, "members|nik|1|a") == NIK
        assert cipher.seal(NIK, "members|nik|1|a") != sealed
        for place in ("members|nik|1|b", "members|nik|2|a", "members|bank_account|1|a"):
            with pytest.raises(ValueError, match="does not open"):
                cipher.open(sealed, place)
        with pytest.raises(ValueError, match="does not open"):
            cipher.open(sealed[:-1] + bytes([sealed[-1] ^ 1]), "members|nik|1|a")
        with pytest.raises(ValueError, match="unknown version"):
            cipher.open(b"\x02" + sealed[1:], "members|nik|1|a")
        with pytest.raises(ValueError, match="does not open"):
            FieldCipher(bytes([1]) * 32).open(sealed, "members|nik|1|a")


def test_a_name_is_needed_and_the_rest_is_cut_to_its_place(any_world):
    with pytest.raises(InvalidValue, match="Nama"):
        apply(any_world, " ")
    long = get(any_world, apply(any_world, "x" * 500, address="y" * 500, phone="0" * 90, nip="1" * 90))
    assert (len(long.name), len(long.address), len(long.phone), len(long.nip)) == (120, 200, 20, 30)


def test_a_card_says_whether_it_counts_and_no_more(world):
    waiting = get(world, apply(world, "Siti Aminah"))
    with pytest.raises(NotFound):
        cards.check(world.database, waiting.card_token)
    approve(world, waiting.id)
    found = cards.check(world.database, waiting.card_token)
    assert (found.coop_name, found.initials, found.is_active) == ("Koperasi Maju Bersama", "S. A.", True)
    with world.transaction(world.ketua) as session:
        member = members.get(session, world.ketua, waiting.id)
        members.leave(session, world.ketua, member, left_on=DAY, reason="Pindah")
    assert not cards.check(world.database, waiting.card_token).is_active


def test_a_list_of_members_is_taken_whole_or_not_at_all(world):
    people = [(PersonData(name="Siti", nik=NIK), "1", DAY), (PersonData(name="Joko"), "2", DAY)]
    with world.transaction() as session:
        assert [m.state for m in members.enroll_many(session, world.bendahara, people)] == ["active"] * 2
    for bad, refusal in (
        ([(PersonData(name="Dewi"), "3", DAY), (PersonData(name="Tono"), "1", DAY)], NumberTaken),
        ([(PersonData(name="Dewi"), "3", DAY), (PersonData(name="Tono", nik=NIK), "4", DAY)], NikTaken),
        ([(PersonData(name="Dewi"), "3", DAY), (PersonData(name=""), "4", DAY)], InvalidValue),
    ):
        with pytest.raises(refusal), world.transaction() as session:
            members.enroll_many(session, world.bendahara, bad)
    with world.reading() as session:
        assert session.query(Member).count() == 2


def test_a_list_with_the_same_number_or_ktp_twice_is_refused(world):
    for bad, refusal in (
        ([(PersonData(name="Siti"), "1", DAY), (PersonData(name="Joko"), "1", DAY)], NumberTaken),
        ([(PersonData(name="Siti", nik=NIK), "1", DAY), (PersonData(name="Joko", nik=NIK), "2", DAY)], NikTaken),
    ):
        with pytest.raises(refusal), world.transaction() as session:
            members.enroll_many(session, world.bendahara, bad)


def test_a_member_who_also_keeps_the_books_is_one_person(world):
    siti = approve(world, apply(world)).id
    actor = employ(world, "siti", {"anggota", "bendahara"}, siti)
    assert actor.member_id == siti
    assert actor.may("own.view")
    assert actor.may("ledger.journal")
