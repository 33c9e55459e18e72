"""Erasing a person: only who has left with nothing open, decided by another, once, and the books stay true."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from core.actor import Actor
from core.errors import NotFound, Refusal
from models.access import CoopUser, User
from models.audit import AuditRecord
from models.mart.orders import Order
from models.mart.stores import Store
from models.members import Member
from models.notifications import OutgoingMail
from services.access.approvals import SamePerson
from services.coops.commands import add_unit
from services.mart import stores
from services.members import commands as members
from services.members.refusals import PersonErased
from services.privacy import erasure, requests
from services.privacy.refusals import ErasureBlocked, NotSure, RequestDecided
from services.support import desk, talk, tickets
from services.support.talk import Said
from services.support.tickets import Wish
from tests.conftest import World
from tests.privacy.story import DAY, PERSON, TRACES, held, leave, person, sign_in_of

# said so on the privacy page
SEALED = {"journal_entries", "journal_lines", "audit_records", "savings_movements", "ticket_messages"}


def ask(world: World, who: Actor, member_id: int, token: str = "t") -> int:
    with world.transaction(who) as session:
        return erasure.ask(session, who, member_id, sure="HAPUS", wish="", token=token).id


def erase(world: World, who: Actor, request_id: int, folder: Path, sure: str = "HAPUS") -> erasure.Erased:
    with world.transaction(who) as session:
        done = erasure.erase(session, world.database, who, request_id, sure=sure, answer="", folder=folder)
    done.forget()
    return done


def traces(world: World) -> set[tuple[str, str]]:
    """Which table still holds which word of the person, but for what is sealed."""
    found = set()
    with world.database.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("select set_config('app.coop_id', 'platform', false)")
        for table in connection.dialect.get_table_names(connection):
            if table not in SEALED:
                text = str(connection.exec_driver_sql(f'select * from "{table}"').all())
                found |= {(table, word) for word in TRACES if word in text}
    return found


def test_the_person_goes_and_the_books_stay_true(any_world: World, tmp_path: Path) -> None:
    world, dewi = any_world, person(any_world, tmp_path)
    with world.transaction(dewi) as session:
        session.add(OutgoingMail(key="x", to_address="dewi@example.id", subject="x", body="Yth. Dewi Lestari"))
        said = Said("Kartu Dewi Lestari belum jadi, telepon 081234000777", "ticket")
        ticket = tickets.open_ticket(session, dewi, Wish("complaint", "coop", "Kartu", said), tmp_path)
    with world.transaction(world.ketua) as session:
        answer = Said("Ibu Dewi Lestari, kartunya sudah jadi.", "answer")
        desk.answer(session, world.ketua, ticket.id, answer, tmp_path, after=10**9)
    leave(world, dewi.member_id)
    files = [path for path in (tmp_path / "uploads").rglob("*") if path.is_file()]
    assert len(files) == 1
    assert {word for _, word in traces(world)} == set(TRACES) - {"3201010101010007", "0099887766"}
    done = erase(world, world.ketua, ask(world, dewi, dewi.member_id), tmp_path)
    assert done.name == "Anggota terhapus 0001"
    assert traces(world) == set()
    with world.reading(world.ketua) as session:
        thread = desk.get(session, world.ketua, ticket.id)
        assert (thread.title, thread.state, talk.messages(session, thread)) == ("Anggota terhapus", "closed", [])
    assert not files[0].exists()
    member = held(world, dewi.member_id)
    assert (member.name, member.number, member.nik_index, member.nik_cipher) == (done.name, "0001", None, None)
    with world.database.platform("test") as session:
        user = session.get_one(User, dewi.user_id)
        assert (user.is_active, user.full_name, user.email, user.password_hash) == (
            False, "Pengguna terhapus", None, None,
        )  # fmt: skip
    with world.reading() as session:
        record = session.query(AuditRecord).filter(AuditRecord.action == "privacy.erase").one()
        assert not [word for word in TRACES if word in str(record.detail)]
    world.assert_books_hold()


def test_a_name_comes_back_nowhere_and_nothing_happens_twice(any_world: World, tmp_path: Path) -> None:
    dewi = person(any_world, tmp_path)
    leave(any_world, dewi.member_id)
    asked = ask(any_world, dewi, dewi.member_id)
    erase(any_world, any_world.ketua, asked, tmp_path)
    for who in (any_world.ketua, any_world.sekretaris):
        with pytest.raises(RequestDecided):
            erase(any_world, who, asked, tmp_path)
    with pytest.raises(ErasureBlocked, match="sudah dihapus"):
        ask(any_world, any_world.sekretaris, dewi.member_id, "again")
    with pytest.raises(PersonErased), any_world.transaction(any_world.petugas) as session:
        members.update_person(session, any_world.petugas, dewi.member_id, PERSON)
    with pytest.raises(PersonErased), any_world.transaction(any_world.ketua) as session:
        requests.ask(session, any_world.ketua, dewi.member_id, "correct", wish="x", token="new")


def test_the_ktp_number_is_free_for_somebody_who_comes_back(world: World, tmp_path: Path) -> None:
    dewi = person(world, tmp_path)
    leave(world, dewi.member_id)
    erase(world, world.ketua, ask(world, dewi, dewi.member_id), tmp_path)
    with world.transaction(world.petugas) as session:
        members.apply(session, world.petugas, PERSON, applied_on=DAY)


def test_who_asked_does_not_decide_and_the_word_must_be_typed(world: World, tmp_path: Path) -> None:
    dewi = person(world, tmp_path, user=False)
    leave(world, dewi.member_id)
    with pytest.raises(NotSure), world.transaction(world.ketua) as session:
        erasure.ask(session, world.ketua, dewi.member_id, sure="hapus", wish="", token="t")
    asked = ask(world, world.ketua, dewi.member_id)
    assert ask(world, world.ketua, dewi.member_id, "double") == asked
    with pytest.raises(SamePerson):
        erase(world, world.ketua, asked, tmp_path)
    herself = replace(world.sekretaris, member_id=dewi.member_id)
    with pytest.raises(SamePerson):
        erase(world, herself, asked, tmp_path)
    with pytest.raises(NotSure):
        erase(world, world.sekretaris, asked, tmp_path, sure="ya")
    assert held(world, dewi.member_id).erased_at is None
    erase(world, world.sekretaris, asked, tmp_path)


def test_everything_that_stands_in_the_way_is_named(world: World, tmp_path: Path) -> None:
    dewi = person(world, tmp_path)
    world.checked = False  # an order without its goods
    with world.transaction(world.ketua) as session:
        unit = add_unit(session, world.bendahara, code="TK", name="Toko").id
        stores.open_store(session, world.ketua, stores.Shop("Toko"), unit_id=unit, slug="toko")
        session.flush()
        session.add(
            Order(
                token="o", year=2026, number=1, store_id=session.query(Store).one().id, member_id=dewi.member_id,
                state="packing", placed_on=DAY, delivery="pickup", pay_by="cash", goods_rp=1, total_rp=1, due_rp=1,
            )
        )  # fmt: skip
    with pytest.raises(ErasureBlocked) as said, world.transaction(dewi) as session:
        erasure.ask(session, dewi, dewi.member_id, sure="", wish="", token="no word helps")
    for word in ("masih anggota aktif (proses keluar dulu)", "masih ada simpanan Rp 500.000 (dibayarkan saat keluar)",
                 "pesanan T/2026/00001 belum selesai (terima atau batalkan dulu)"):  # fmt: skip
        assert word in str(said.value), word
    with world.reading() as session:
        assert session.query(AuditRecord).filter(AuditRecord.action == "privacy.ask").count() == 0


def test_a_request_that_waited_is_looked_at_again(world: World, tmp_path: Path) -> None:
    dewi = person(world, tmp_path)
    leave(world, dewi.member_id)
    asked = ask(world, dewi, dewi.member_id)
    with world.transaction(world.ketua) as session:
        session.get_one(Member, dewi.member_id).state = "active"
    with pytest.raises(ErasureBlocked):
        erase(world, world.ketua, asked, tmp_path)
    with world.reading() as session:
        assert requests.get(session, world.ketua, asked).state == "waiting"


def test_an_account_that_serves_elsewhere_stays_open_there(any_world: World, tmp_path: Path) -> None:
    world, dewi = any_world, person(any_world, tmp_path)
    theirs = person(world, tmp_path, people=world.other_actors, user=False)
    sign_in_of(world, theirs.member_id, world.other.id)
    leave(world, dewi.member_id)
    erase(world, world.ketua, ask(world, dewi, dewi.member_id), tmp_path)
    with world.database.platform("test") as session:
        user = session.get_one(User, dewi.user_id)
        assert (user.is_active, user.username) == (True, "dewi.l")
        assert [place.coop_id for place in session.query(CoopUser).filter(CoopUser.user_id == user.id)] == [
            world.other.id
        ]
        assert session.get_one(Member, theirs.member_id).name == "Dewi Lestari"


def test_the_neighbour_decides_nothing(world: World, tmp_path: Path) -> None:
    dewi, theirs = person(world, tmp_path), world.other_actors["ketua"]
    leave(world, dewi.member_id)
    asked = ask(world, dewi, dewi.member_id)
    with pytest.raises(NotFound):
        erase(world, theirs, asked, tmp_path)
    with pytest.raises(NotFound):
        ask(world, theirs, dewi.member_id)


def test_of_two_who_decide_at_once_one_does(any_world: World, tmp_path: Path) -> None:
    world, dewi = any_world, person(any_world, tmp_path)
    leave(world, dewi.member_id)
    asked, ended = ask(world, dewi, dewi.member_id), []

    def decide(who: Actor, no: bool) -> None:
        try:
            if no:
                with world.transaction(who) as session:
                    requests.refuse(session, who, asked, reason="Belum")
            else:
                erase(world, who, asked, tmp_path)
            ended.append("done")
        except Refusal as refusal:
            ended.append(refusal.code)

    both = [threading.Thread(target=decide, args=(world.ketua, False)), threading.Thread(
        target=decide, args=(world.sekretaris, True))]  # fmt: skip
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(ended) == ["done", "privacy.request_decided"]
