"""Asking on a public page to become a member: once, only where it is open, and pengurus decide once."""

from dataclasses import replace
from datetime import date

import pytest

from core.clock import now
from core.errors import InvalidValue, NotAllowed, NotFound
from models.access import SignInAttempt, User
from models.coops import Coop
from models.members import JoinRequest, Member
from models.notifications import OutgoingMail
from services.access import places
from services.access.approvals import SamePerson
from services.access.sign_in import actor_in
from services.coops import directory
from services.members import commands as members
from services.members import joining
from services.members.joining import Wish
from services.members.refusals import JoinClosed, JoinDecided, TooManyJoins
from services.notifications import outbox
from services.notifications import queries as bell

DAY = date(2026, 3, 5)
BUDI = Wish("  Budi Santoso ", "0812-3456-7890", "budi@contoh.id", "Jl. Melati 1", "Diajak Siti", agreed="2026-11")
ODD = "<script>alert(1)</script>"


@pytest.fixture
def opened(world):
    """Ours is open for new members."""
    publish(world, world.ketua)
    return world


def publish(world, who, **changes):
    wanted = {"about": "Kami", "is_listed": True, "takes_members": True, **changes}
    with world.transaction(who) as session:
        return directory.publish(session, who, **wanted)


def ask(world, wish=BUDI, token="one", ip="10.0.0.1", slug="maju", user_id=None):
    return joining.ask(world.database, slug, wish, token=token, ip=ip, user_id=user_id)


def waiting(world, who=None):
    with world.reading(who or world.ketua) as session:
        return joining.waiting(session, who or world.ketua)


def test_what_somebody_told_waits_for_the_pengurus_of_that_cooperative_alone(opened):
    made = ask(opened)
    assert (made.name, made.phone, made.state) == ("Budi Santoso", "081234567890", "waiting")
    assert [row.id for row in waiting(opened)] == [made.id]
    neighbour = opened.other_actors["ketua"]
    assert waiting(opened, neighbour) == []
    with opened.transaction(neighbour) as session, pytest.raises(NotFound):
        joining.accept(session, neighbour, made.id, applied_on=DAY)


def test_a_second_click_and_a_second_form_of_the_same_phone_are_one_request(opened):
    first = ask(opened)
    assert ask(opened).id == first.id
    assert ask(opened, replace(BUDI, phone="0812 3456 7890"), token="two").id == first.id
    assert ask(opened, replace(BUDI, phone="0899 9999 999"), token="three").id != first.id
    assert len(waiting(opened)) == 2


def test_a_form_s_token_of_one_cooperative_says_nothing_in_another(opened):
    publish(opened, opened.other_actors["ketua"])
    assert ask(opened).id != ask(opened, slug="tetangga").id
    assert len(waiting(opened)) == len(waiting(opened, opened.other_actors["ketua"])) == 1


def test_only_where_the_page_is_open(world):
    with pytest.raises(NotFound):
        ask(world)
    publish(world, world.ketua, takes_members=False)
    with pytest.raises(JoinClosed):
        ask(world)
    publish(world, world.ketua)
    with world.database.platform("test", writes=True) as session:
        session.get_one(Coop, world.coop.id).read_only_since = now()
    with pytest.raises(JoinClosed):
        ask(world)
    with world.database.platform("test", writes=True) as session:
        ours = session.get_one(Coop, world.coop.id)
        ours.read_only_since, ours.practice_of_id = None, world.other.id
    with pytest.raises(NotFound):
        ask(world)
    with world.database.platform("test") as session:
        assert session.query(JoinRequest).count() == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "Nama lengkap"),
        ({"phone": "abc"}, "Nomor HP"),
        ({"phone": "0812"}, "Nomor HP"),
        ({"phone": "0" * 16}, "Nomor HP"),
        ({"phone": "１２３４５６７８９"}, "Nomor HP"),
        ({"email": "bukan alamat"}, "Email"),
        ({"email": "a@b.id\r\nBcc: c@d.id"}, "Email"),
        ({"agreed": ""}, "Persetujuan"),
    ],
)
def test_what_cannot_be_used_is_told(opened, changes, field):
    with pytest.raises(InvalidValue, match=field):
        ask(opened, replace(BUDI, **changes))
    assert waiting(opened) == []


def test_robots_fill_what_people_do_not_see(opened):
    assert ask(opened, replace(BUDI, trap="https://spam.example")) is None
    assert waiting(opened) == []


def test_an_address_may_try_ten_times_an_hour_whatever_it_sends(opened):
    for n in range(joining.PER_ADDRESS):
        ask(opened, replace(BUDI, phone=f"08120000{n:04d}"), token=f"t{n}")
    with pytest.raises(TooManyJoins):
        ask(opened, token="more")
    assert ask(opened, ip="10.0.0.2", token="elsewhere") is not None
    with opened.database.platform("test") as session:
        assert session.query(SignInAttempt).filter_by(account=":gabung").count() == joining.PER_ADDRESS + 1


def test_accepting_makes_an_application_that_a_second_person_approves(opened):
    made = ask(opened)
    with opened.transaction(opened.ketua) as session:
        taken = joining.accept(session, opened.ketua, made.id, applied_on=DAY)
    with opened.reading(opened.ketua) as session:
        member = session.get_one(Member, taken.member_id)
        assert (member.state, member.name, member.phone, member.address) == (
            "applied", "Budi Santoso", "081234567890", "Jl. Melati 1",
        )  # fmt: skip
    with opened.transaction(opened.sekretaris) as session:
        assert members.approve(session, opened.sekretaris, taken.member_id, joined_on=DAY).number


def test_a_request_is_decided_once(opened):
    made = ask(opened)
    with opened.transaction(opened.ketua) as session:
        joining.accept(session, opened.ketua, made.id, applied_on=DAY)
    for again in (joining.accept, joining.refuse):
        values = {"applied_on": DAY} if again is joining.accept else {"reason": "x"}
        with pytest.raises(JoinDecided), opened.transaction(opened.ketua) as session:
            again(session, opened.ketua, made.id, **values)
    with opened.reading(opened.ketua) as session:
        assert session.query(Member).filter_by(name="Budi Santoso").count() == 1


def test_a_refusal_needs_its_reason_and_the_right_person(opened):
    made = ask(opened)
    with pytest.raises(InvalidValue, match="Alasan"), opened.transaction(opened.ketua) as session:
        joining.refuse(session, opened.ketua, made.id, reason=" ")
    with pytest.raises(NotAllowed), opened.transaction(opened.petugas) as session:
        joining.refuse(session, opened.petugas, made.id, reason="x")
    with opened.transaction(opened.ketua) as session:
        assert joining.refuse(session, opened.ketua, made.id, reason="Di luar wilayah").state == "refused"
    assert ask(opened, token="again").id != made.id  # who was refused may ask again


def test_the_answer_goes_to_the_mail_address_and_to_the_account(opened, monkeypatch):
    monkeypatch.setattr(outbox, "_server", object())
    made = ask(opened, user_id=opened.petugas.user_id)
    with opened.transaction(opened.ketua) as session:
        joining.refuse(session, opened.ketua, made.id, reason="Di luar wilayah")
    with opened.reading(opened.petugas) as session:
        assert bell.unread(session, opened.petugas) == 1
        mail = session.query(OutgoingMail).one()
        assert (mail.to_address, "Di luar wilayah" in mail.body) == ("budi@contoh.id", True)


@pytest.mark.parametrize("ends", ["approved", "rejected"])
def test_how_it_ended_goes_to_the_mail_address_given(opened, monkeypatch, ends):
    monkeypatch.setattr(outbox, "_server", object())
    made, chair, second = ask(opened), opened.ketua, opened.sekretaris
    with opened.transaction(chair) as session:
        member_id = joining.accept(session, chair, made.id, applied_on=DAY).member_id
    with opened.transaction(second) as session:
        if ends == "approved":
            said = members.approve(session, second, member_id, joined_on=DAY).number
        else:
            said = members.reject(session, second, member_id, reason="Di luar wilayah").state_reason
    with opened.reading(second) as session:
        _, last = session.query(OutgoingMail).order_by(OutgoingMail.id)
        assert (last.to_address, said in last.body) == ("budi@contoh.id", True)


def test_scripts_in_every_field_are_words(opened):
    made = ask(opened, Wish(ODD, "081234567890", "", ODD, ODD, agreed="2026-11"))
    assert (made.name, made.address, made.note) == (ODD, ODD, ODD)
    with opened.transaction(opened.ketua) as session:
        joining.accept(session, opened.ketua, made.id, applied_on=DAY)


def test_who_asked_while_signed_in_comes_in_as_the_member_at_once(any_world):
    world = any_world
    publish(world, world.ketua)
    with world.database.platform("test", writes=True) as session:
        budi = User(username="budi", full_name="Budi Santoso")
        session.add(budi)
    made = ask(world, user_id=budi.id)
    with world.transaction(world.ketua) as session:
        member_id = joining.accept(session, world.ketua, made.id, applied_on=DAY).member_id
        assert places.asker_of(session, member_id) == budi.id
    with world.transaction(world.sekretaris) as session:
        members.approve(session, world.sekretaris, member_id, joined_on=DAY)
    with world.reading() as session:
        mine = actor_in(session, budi.id, world.coop.id)
        assert (mine.member_id, mine.may("own.view"), mine.may("panel.enter")) == (member_id, True, False)
        told = [message.title for message in bell.latest(session, mine)]
        assert told == ["Anda anggota Koperasi Maju Bersama", "Pendaftaran di Koperasi Maju Bersama diterima"]
    with world.reading(world.other.id) as session:
        assert actor_in(session, budi.id, world.other.id) is None


def test_nobody_approves_the_application_that_they_asked_for(opened):
    made = ask(opened, user_id=opened.sekretaris.user_id)
    with opened.transaction(opened.ketua) as session:
        member_id = joining.accept(session, opened.ketua, made.id, applied_on=DAY).member_id
    with pytest.raises(SamePerson), opened.transaction(opened.sekretaris) as session:
        members.approve(session, opened.sekretaris, member_id, joined_on=DAY)
