"""The first steps of a cooperative: seen from the data, put aside, done once however often a form comes."""

from datetime import date

import pytest
from sqlalchemy import func, select

from core.errors import InvalidValue, NotAllowed, NotFound
from models.access import CoopUser, RoleGrant, User
from models.coops import Coop, SetupMark
from models.members import Member
from services.access.sign_in import actor_in
from services.coops import commands as coops
from services.coops import setup
from services.ledger.chart import CHARTS
from services.savings import commands as savings
from services.savings import products

DAY = date(2026, 3, 5)


@pytest.fixture
def founder(world):
    """Somebody who has just opened a cooperative of their own."""
    with world.database.platform("test", writes=True) as session:
        coop, user, token = coops.create(
            session, User(username="sri", full_name="Sri", password_hash="x"), slug="baru", name="Koperasi Baru",
        )  # fmt: skip
        assert token == ""
    with world.database.reading(coop.id) as session:
        return actor_in(session, user.id, coop.id)


def standing(world, who):
    with world.database.reading(who) as session:
        return {step.key: step.is_done for step in setup.steps(session, who)}


def test_a_new_cooperative_has_its_chart_and_nothing_else(world, founder):
    assert standing(world, founder) == {
        "profile": False, "legal": False, "chart": True, "savings": False, "people": False, "members": False,
        "opening": False, "deposit": False,
    }  # fmt: skip


@pytest.mark.parametrize("kind", CHARTS)
def test_every_shipped_chart_is_complete(world, kind):
    with world.database.platform("test", writes=True) as session:
        user = User(username="sri", full_name="Sri")
        coop, _, _ = coops.create(session, user, slug="baru", name="Koperasi Baru", chart_name=kind)
    with world.database.reading(coop.id) as session:
        steps = setup.steps(session, actor_in(session, user.id, coop.id))
    assert next(step for step in steps if step.key == "chart").is_done


def test_each_step_is_done_when_the_data_say_so(world, founder):
    with world.database.transaction(founder) as session:
        coops.update_profile(session, founder, name="Koperasi Baru", address="Jalan 1", phone="0274", legal_no="AHU-1")
        setup.set_amounts(session, founder, share_rp=150_000, mandatory_rp=25_000)
        assert setup.enroll(session, founder, [("0001", "Bu Siti", "0812")], joined_on=DAY) == 1
        setup.start_from_zero(session, founder)
        helper = User(username="budi", full_name="Budi")
        session.add(helper)
        session.flush()
        session.add(CoopUser(coop_id=founder.coop_id, user_id=helper.id))
        session.add(RoleGrant(coop_id=founder.coop_id, user_id=helper.id, role="bendahara"))
    with world.database.transaction(founder) as session:
        assert [step.key for step in setup.steps(session, founder) if step.is_open] == ["deposit"]
        share = products.of_kind(session, founder, "share")
        assert share.amount_rp == 150_000
        savings.deposit(
            session, founder, member_id=setup.first_member(session, founder).id, product_id=share.id,
            amount_rp=150_000, booked_on=DAY, token="first",
        )  # fmt: skip
    assert all(standing(world, founder).values())


def test_what_is_put_aside_is_left_out_and_counts_as_done_only_when_it_is(world, founder):
    for _ in range(2):
        with world.database.transaction(founder) as session:
            setup.put_aside(session, founder, "legal")
            setup.start_from_zero(session, founder)
    with world.database.reading(founder) as session:
        assert session.scalar(select(func.count()).select_from(SetupMark)) == 2
        assert "legal" not in {step.key for step in setup.steps(session, founder) if step.is_open}
        with pytest.raises(NotFound):
            setup.put_aside(session, founder, "nosuch")
    assert not standing(world, founder)["legal"]


def test_a_form_of_members_that_comes_twice_enrolls_once(world, founder):
    rows = [("0001", "Bu Siti", "0812"), ("0002", "  ", ""), ("0003", "Pak Joko  S", "")]
    for new in (2, 0):
        with world.database.transaction(founder) as session:
            assert setup.enroll(session, founder, rows, joined_on=DAY) == new
    with world.database.reading(founder) as session:
        assert list(session.scalars(select(Member.name).order_by(Member.number))) == ["Bu Siti", "Pak Joko S"]
        assert setup.next_numbers(session, founder, 2) == ["0004", "0005"]


@pytest.mark.parametrize("rows", [[], [("0001", " ", "0812")], [("", "Siti", "")], [("1" * 30, "Siti", "")]])
def test_a_form_of_members_without_a_name_or_number_is_refused_whole(world, founder, rows):
    with pytest.raises(InvalidValue), world.database.transaction(founder) as session:
        setup.enroll(session, founder, [*rows], joined_on=DAY)
    with world.database.reading(founder) as session:
        assert session.scalar(select(func.count()).select_from(Member)) == 0


def test_only_those_who_may_take_a_step(world):
    with world.transaction(world.petugas) as session:
        for act in (
            lambda: setup.put_aside(session, world.petugas, "legal"),
            lambda: setup.start_from_zero(session, world.petugas),
            lambda: setup.set_amounts(session, world.petugas, share_rp=1, mandatory_rp=1),
            lambda: setup.enroll(session, world.petugas, [("1", "Siti", "")], joined_on=DAY),
        ):
            with pytest.raises(NotAllowed):
                act()


def test_steps_of_one_cooperative_say_nothing_of_another(world, founder):
    with world.transaction(world.ketua) as session:
        setup.put_aside(session, world.ketua, "legal")
        coops.update_profile(session, world.ketua, name="Maju", address="Jalan 1", phone="0274", legal_no="AHU-1")
    world.member()
    assert sum(standing(world, founder).values()) == 1


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Koperasi Maju Bersama", "maju-bersama"), ("KOPERASI  Tani & Nelayan", "tani-nelayan"),
        ("Koperasi", "koperasi"),
        ("安", "koperasi"), ("<script>", "script"), ("Koperasi " + "x" * 100, "x" * 30), ("Maju", "maju-2"),
        ("A", "koperasi-a"), ("Koperasi %_", "koperasi"),
    ],
)  # fmt: skip
def test_a_name_becomes_a_slug_that_nobody_has(world, name, slug):
    with world.database.platform("test") as session:
        assert coops.free_slug(session, name) == slug
        assert session.query(Coop).filter(Coop.slug == slug).count() == 0
