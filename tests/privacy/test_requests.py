"""Consents and requests: given, taken back, asked, answered, each once."""

from pathlib import Path

import pytest

from core.errors import InvalidValue, NotAllowed, NotFound
from models.audit import AuditRecord
from models.loans import Loan
from models.members import Member
from models.notifications import Notification
from models.privacy import Consent, MemberConsent, PrivacyRequest
from services.access.approvals import SamePerson
from services.jobs import reminders
from services.privacy import consents, pages, purposes, requests
from services.privacy.refusals import ConsentStands, RequestDecided
from tests.conftest import World
from tests.privacy.story import held, person


@pytest.mark.parametrize("name", pages.NAMES)
def test_the_pages_are_versioned_texts(name: str) -> None:
    text = pages.read(name)
    assert text.version == pages.version()
    assert len(text.parts) >= 5
    assert all(part.rows or part.paragraphs for part in text.parts)


def test_what_the_law_asks_is_on_the_page() -> None:
    told = str(pages.read("privasi"))
    for word in ("10 tahun", "3 x 24 jam", "dasar", "Menghapus", "Menarik persetujuan", "pembukuan wajib disimpan"):
        assert word in told, word


def test_a_consent_is_given_once_taken_back_and_given_again(world: World) -> None:
    member_id = world.member()
    for _ in range(2):
        with world.transaction(world.petugas) as session:
            consents.give_as_member(session, world.petugas, member_id, "foto", by="paper")
    with world.transaction(world.petugas) as session:
        consents.withdraw_as_member(session, world.petugas, member_id, "foto")
        consents.give_as_member(session, world.petugas, member_id, "foto", by="paper")
    with world.reading() as session:
        rows = session.query(MemberConsent).order_by(MemberConsent.id).all()
    assert [(row.version, row.withdrawn_at is None) for row in rows] == [
        (pages.version(), False),
        (pages.version(), True),
    ]


def test_a_consent_under_a_contract_stands(world: World, tmp_path: Path) -> None:
    dewi = person(world, tmp_path)
    for code in ("keanggotaan", "pinjaman"):
        with pytest.raises(ConsentStands), world.transaction(dewi) as session:
            consents.withdraw_as_member(session, dewi, dewi.member_id, code)
    with pytest.raises(ConsentStands), world.transaction(dewi) as session:
        consents.withdraw(session, dewi.user_id, "akun")
    with world.transaction(dewi) as session:
        consents.give(session, dewi.user_id, "buletin")
        consents.withdraw(session, dewi.user_id, "buletin")
    with world.database.platform("test") as session:
        assert session.query(Consent).filter(Consent.purpose == "buletin").one().withdrawn_at is not None


def test_consents_of_others_and_unknown_purposes(world: World, tmp_path: Path) -> None:
    dewi, joko = person(world, tmp_path), world.member("Joko")
    with pytest.raises(NotAllowed), world.transaction(dewi) as session:
        consents.give_as_member(session, dewi, joko, "foto", by="portal")
    with pytest.raises(NotFound), world.transaction(dewi) as session:
        consents.give_as_member(session, dewi, dewi.member_id, "buletin", by="portal")
    clerk = world.other_actors["petugas"]
    with pytest.raises(NotFound), world.transaction(clerk) as session:
        consents.give_as_member(session, clerk, joko, "foto", by="paper")
    assert all(one.follows for one in purposes.PURPOSES.values())


def test_a_correction_is_asked_answered_and_told(world: World, tmp_path: Path) -> None:
    dewi, clerk = person(world, tmp_path), world.sekretaris
    with pytest.raises(InvalidValue), world.transaction(dewi) as session:
        requests.ask(session, dewi, dewi.member_id, "correct", wish=" ", token="t")
    for token in ("t", "t", "other"):
        with world.transaction(dewi) as session:
            asked = requests.ask(session, dewi, dewi.member_id, "correct", wish="Alamat salah", token=token)
    with pytest.raises(InvalidValue), world.transaction(clerk) as session:
        requests.grant(session, clerk, asked.id, answer="")
    with world.transaction(clerk) as session:
        requests.grant(session, clerk, asked.id, answer="Alamat diganti")
    for act in (lambda s: requests.grant(s, clerk, asked.id, answer="x"),
                lambda s: requests.refuse(s, clerk, asked.id, reason="x")):  # fmt: skip
        with pytest.raises(RequestDecided), world.transaction(clerk) as session:
            act(session)
    with world.reading() as session:
        assert session.query(PrivacyRequest).count() == 1
        told = session.query(Notification).filter(Notification.key.startswith("privacy:")).one()
        assert "Alamat diganti" in told.body
        assert session.query(AuditRecord).filter(AuditRecord.action == "privacy.done").count() == 1


def test_nobody_decides_about_their_own_data(world: World, tmp_path: Path) -> None:
    from dataclasses import replace

    dewi = person(world, tmp_path)
    with world.transaction(dewi) as session:
        asked = requests.ask(session, dewi, dewi.member_id, "restrict", wish="", token="t")
    herself = replace(world.ketua, member_id=dewi.member_id)
    with pytest.raises(SamePerson), world.transaction(herself) as session:
        requests.grant(session, herself, asked.id, answer="")
    with pytest.raises(NotAllowed), world.transaction(world.bendahara) as session:
        requests.get(session, world.bendahara, asked.id)


def test_the_neighbour_s_request_is_not_there(world: World, tmp_path: Path) -> None:
    dewi, theirs = person(world, tmp_path), world.other_actors["ketua"]
    with world.transaction(dewi) as session:
        asked = requests.ask(session, dewi, dewi.member_id, "restrict", wish="", token="t")
    with pytest.raises(NotFound), world.transaction(theirs) as session:
        requests.grant(session, theirs, asked.id, answer="")
    with pytest.raises(NotFound), world.transaction(theirs) as session:
        requests.ask(session, theirs, dewi.member_id, "restrict", wish="", token="t")


def test_who_is_restricted_is_not_reminded_until_they_lift_it(world: World, tmp_path: Path) -> None:
    dewi, on = person(world, tmp_path), held(world, 1).joined_on.replace(month=4)
    with world.transaction(dewi) as session:
        asked = requests.ask(session, dewi, dewi.member_id, "restrict", wish="", token="t")
    with world.transaction(world.ketua) as session:
        requests.grant(session, world.ketua, asked.id, answer="")
    with world.transaction(world.ketua) as session:
        assert reminders.send(session, world.coop.id, on) == 0
        requests.lift(session, dewi, dewi.member_id)
        assert session.get_one(Member, dewi.member_id).restricted_since is None
    with world.transaction(world.ketua) as session:
        assert reminders.send(session, world.coop.id, on) == 1
        assert session.query(Loan).one().state == "cancelled"
