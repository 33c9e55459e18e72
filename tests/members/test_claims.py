"""A visitor's account, and how it becomes a member's: never telling what was wrong, one member one user."""

from datetime import date

import pytest

from core.actor import Actor
from core.errors import InvalidValue, NotAllowed, NotFound
from models.access import CoopUser, SignInAttempt, User
from models.members import Member
from services.access import registration, sign_in
from services.access.approvals import SamePerson
from services.access.passwords import PasswordWeak
from services.access.registration import TooManyRegistrations, Visitor
from services.members import claims
from services.members import commands as members
from services.members.claims import Told
from services.members.refusals import ClaimDecided, ClaimUnmatched, MemberTaken, PlaceTaken, TooManyClaims
from services.notifications import queries as bell

NIK, BORN, PASSWORD = "3201010101900001", date(1990, 1, 1), "kuda lari pagi hari"
DATA = members.PersonData(name="Siti Aminah", nik=NIK, birth_on=BORN)


@pytest.fixture
def siti(world):
    with world.transaction(world.petugas) as session:
        applied = members.apply(session, world.petugas, DATA, applied_on=date(2026, 1, 5))
    with world.transaction(world.ketua) as session:
        return members.approve(session, world.ketua, applied.id, joined_on=date(2026, 1, 5))


def visitor(world, username="siti.aminah", ip="10.0.0.1", **changes):
    data = {"full_name": "Siti Aminah", "password": PASSWORD, **changes}
    return registration.register(world.database, Visitor(username, **data), ip=ip)


def ask(world, user, told, ip="10.0.0.1", coop=None):
    return claims.ask(world.database, user.id, (coop or world.coop).id, told, ip=ip)


# registration


def test_a_visitor_signs_in_and_belongs_nowhere(world):
    user = visitor(world, "  Siti.Aminah ", email="siti@contoh.id")
    assert (user.username, user.email) == ("siti.aminah", "siti@contoh.id")
    assert sign_in.check_password(world.database, "SITI.aminah", PASSWORD, "10.0.0.1").id == user.id
    assert sign_in.coops_of(world.database, user.id) == []


@pytest.mark.parametrize(
    ("username", "changes", "refusal"),
    [
        ("ab", {}, InvalidValue),
        ("siti aminah", {}, InvalidValue),
        ("siti<script>", {}, InvalidValue),
        (":daftar", {}, InvalidValue),
        ("x" * 65, {}, InvalidValue),
        ("siti", {"full_name": "  "}, InvalidValue),
        ("siti", {"email": "bukan alamat"}, InvalidValue),
        ("siti", {"email": "a@b.id\r\nBcc: c@d.id"}, InvalidValue),
        ("siti", {"email": "a" * 130 + "@b.id"}, InvalidValue),
        ("siti", {"password": "pendek"}, PasswordWeak),
        ("siti.aminah", {"password": "siti.aminah"}, PasswordWeak),
        ("siti", {"password": "password123"}, PasswordWeak),
    ],
)
def test_what_cannot_be_an_account_is_told(world, username, changes, refusal):
    with pytest.raises(refusal):
        visitor(world, username, **changes)


def test_a_name_and_an_address_belong_to_one_person(world):
    visitor(world, email="siti@contoh.id")
    with pytest.raises(InvalidValue, match="sudah dipakai"):
        visitor(world, "SITI.AMINAH")
    with pytest.raises(InvalidValue, match="Email"):
        visitor(world, "lain", email="SITI@contoh.id")


def test_one_address_registers_so_many_an_hour(world):
    for number in range(registration.PER_ADDRESS):
        visitor(world, f"orang{number}")
    with pytest.raises(TooManyRegistrations):
        visitor(world, "satu.lagi")
    assert visitor(world, "satu.lagi", ip="10.0.0.2")


# claims


@pytest.mark.parametrize("told", [{"birth_on": BORN}, {"nik": NIK}, {"birth_on": BORN, "nik": NIK}])
def test_a_claim_that_fits_is_approved_and_opens_the_members_area(world, siti, told):
    user = visitor(world)
    token = sign_in.begin(world.database, user, ip="", agent="", hours=1)
    claim = ask(world, user, Told(siti.number, **told))
    assert ask(world, user, Told(siti.number, **told)).id == claim.id
    with world.reading(world.ketua) as session:
        assert [(row.username, row.member.id) for row in claims.waiting(session, world.ketua)] == [
            ("siti.aminah", siti.id)
        ]
    with world.transaction(world.ketua) as session:
        claims.approve(session, world.ketua, claim.id)
    actor = sign_in.actor_for(world.database, user.id, world.coop.id)
    assert (actor.member_id, actor.may("own.view"), actor.may("panel.enter")) == (siti.id, True, False)
    assert sign_in.resolve(world.database, token, 30).coop_id == world.coop.id
    with world.reading(actor) as session:
        assert bell.latest(session, actor)[0].title == "Keanggotaan Anda dikenali"


def test_whatever_is_wrong_the_answer_is_the_same(world, siti):
    user, other = visitor(world), visitor(world, "orang.lain")
    with world.transaction(world.ketua) as session:
        session.add(CoopUser(coop_id=world.coop.id, user_id=other.id, member_id=None))
    wrong = [
        Told("9999", birth_on=BORN),
        Told(siti.number, birth_on=date(1990, 1, 2)),
        Told(siti.number, nik="3201010101900002"),
        Told(siti.number, birth_on=BORN, nik="3201010101900002"),
        Told("9999", birth_on=date(1990, 1, 2)),
    ]
    sentences = set()
    for told in wrong:
        with pytest.raises(ClaimUnmatched) as refused:
            ask(world, user, told)
        sentences.add(refused.value.sentence)
    assert len(sentences) == 1
    with pytest.raises(TooManyClaims):
        ask(world, user, Told(siti.number, birth_on=BORN))


def test_one_address_tries_so_often_a_day(world, siti):
    for number in range(5):
        user = visitor(world, f"orang{number}", ip=f"10.0.1.{number}")
        for _ in range(4):
            with pytest.raises(ClaimUnmatched):
                ask(world, user, Told("9999", birth_on=BORN), ip="10.9.9.9")
    with pytest.raises(TooManyClaims):
        ask(world, visitor(world), Told(siti.number, birth_on=BORN), ip="10.9.9.9")


def test_a_member_without_a_birth_date_is_not_matched_by_an_empty_one(world):
    number = "0001"
    world.member("Tanpa Data")
    user = visitor(world)
    for told in (Told(number, nik="0000000000000000"), Told(number, birth_on=date(1900, 1, 1))):
        with pytest.raises(ClaimUnmatched):
            ask(world, user, told)
    with pytest.raises(InvalidValue):
        ask(world, user, Told(number))


def test_one_member_one_user(world, siti):
    first, second, late = (visitor(world, name) for name in ("pertama", "kedua", "ketiga"))
    told = Told(siti.number, birth_on=BORN)
    one, two = ask(world, first, told), ask(world, second, told)
    with world.transaction(world.ketua) as session:
        claims.approve(session, world.ketua, one.id)
    with pytest.raises(MemberTaken), world.transaction(world.ketua) as session:
        claims.approve(session, world.ketua, two.id)
    with pytest.raises(ClaimUnmatched):
        ask(world, late, told)
    with pytest.raises(PlaceTaken):
        ask(world, first, told)
    with pytest.raises(ClaimDecided, match="disetujui"), world.transaction(world.ketua) as session:
        claims.approve(session, world.ketua, one.id)


def test_a_no_has_its_reason_and_the_person_may_ask_again(world, siti):
    user = visitor(world)
    claim = ask(world, user, Told(siti.number, birth_on=BORN))
    with pytest.raises(InvalidValue), world.transaction(world.sekretaris) as session:
        claims.reject(session, world.sekretaris, claim.id, reason=" ")
    with world.transaction(world.sekretaris) as session:
        claims.reject(session, world.sekretaris, claim.id, reason="bawa KTP ke kantor")
    reader = Actor(user.id, world.coop.id, frozenset())
    with world.reading() as session:
        assert "bawa KTP" in bell.latest(session, reader)[0].body
        assert [one.state for one in claims.of_user(session, user.id)] == ["rejected"]
    assert ask(world, user, Told(siti.number, birth_on=BORN)).id != claim.id


def test_nobody_decides_their_own_claim_and_a_board_member_keeps_their_roles(world, siti):
    with world.reading() as session:
        ketua = session.get_one(User, world.ketua.user_id)
    claim = ask(world, ketua, Told(siti.number, birth_on=BORN))
    with pytest.raises(SamePerson), world.transaction(world.ketua) as session:
        claims.approve(session, world.ketua, claim.id)
    with pytest.raises(NotAllowed), world.transaction(world.petugas) as session:
        claims.approve(session, world.petugas, claim.id)
    with world.transaction(world.sekretaris) as session:
        claims.approve(session, world.sekretaris, claim.id)
    actor = sign_in.actor_for(world.database, ketua.id, world.coop.id)
    assert (actor.member_id, actor.may("loans.approve"), actor.may("own.ask")) == (siti.id, True, True)


def test_a_member_who_left_meanwhile_is_not_approved(world, siti):
    user = visitor(world)
    claim = ask(world, user, Told(siti.number, birth_on=BORN))
    with world.transaction(world.ketua) as session:
        members.leave(session, world.ketua, session.get_one(Member, siti.id), left_on=date(2026, 2, 1), reason="pindah")
    with pytest.raises(MemberTaken), world.transaction(world.ketua) as session:
        claims.approve(session, world.ketua, claim.id)


def test_the_neighbour_knows_nothing_of_it(world, siti):
    user, neighbour = visitor(world), world.other_actors["ketua"]
    with pytest.raises(ClaimUnmatched):
        ask(world, user, Told(siti.number, birth_on=BORN), coop=world.other)
    claim = ask(world, user, Told(siti.number, birth_on=BORN))
    with pytest.raises(NotFound), world.transaction(neighbour) as session:
        claims.approve(session, neighbour, claim.id)
    with world.reading(neighbour) as session:
        assert claims.waiting(session, neighbour) == []
    with world.database.platform("test") as session:
        assert session.query(SignInAttempt).filter(SignInAttempt.account == f":klaim:{user.id}").count() == 1
