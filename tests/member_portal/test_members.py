"""The member card and its public check."""

from datetime import date

import pytest

from models.members import Member
from services.loans import exits
from services.members.commands import PersonData, apply
from tests.member_portal.conftest import Portal
from tests.member_portal.test_savings import pdf_text


def card_token(portal: Portal, name: str) -> str:
    with portal.world.reading() as session:
        return session.get_one(Member, portal.members[name]).card_token


def test_the_card_shows_number_name_and_code(portal: Portal) -> None:
    text = portal.as_("siti").get("/mykoperasi/kartu").text
    for part in ("0001", "Siti Aminah", "5 Januari 2026", "Koperasi Maju Bersama", "<svg"):
        assert part in text


def test_the_card_as_pdf_is_small(portal: Portal) -> None:
    answer = portal.as_("siti").get("/mykoperasi/kartu.pdf")
    assert answer.mimetype == "application/pdf"
    assert len(answer.data) < 50_000
    assert "Siti Aminah" in pdf_text(answer.data)


def test_anyone_shown_a_card_may_ask_whether_it_counts(portal: Portal) -> None:
    text = portal.anyone().get(f"/kartu/{card_token(portal, 'Siti')}").text
    assert "Anggota aktif" in text
    assert "S. A." in text
    for private in ("Siti", "Aminah", "0001"):
        assert private not in text


def test_the_card_of_one_who_left_does_not_count(portal: Portal) -> None:
    world, joko = portal.world, portal.members["Joko"]
    with world.transaction(world.ketua) as session:
        settlement = exits.preview(session, world.ketua, joko, on=date(2026, 4, 1))
        exits.settle(session, world.ketua, settlement, left_on=date(2026, 4, 1), reason="pindah kota")
    assert "Bukan anggota aktif" in portal.anyone().get(f"/kartu/{card_token(portal, 'Joko')}").text


def test_an_applicant_has_no_card_yet(portal: Portal) -> None:
    world = portal.world
    with world.transaction(world.petugas) as session:
        token = apply(session, world.petugas, PersonData(name="Calon Baru"), applied_on=date(2026, 3, 1)).card_token
    answer = portal.anyone().get(f"/kartu/{token}")
    assert answer.status_code == 404
    assert "Kartu tidak dikenal" in answer.text


@pytest.mark.parametrize("token", ["x", "%00", "0001"])
def test_a_code_of_no_card_is_called_unknown(portal: Portal, token: str) -> None:
    assert portal.anyone().get(f"/kartu/{token}").status_code == 404
