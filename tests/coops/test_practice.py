"""A cooperative to practise in: one's own, seen by its books, apart from everything that is real."""

import pytest
from sqlalchemy import func, select

from core.clock import today
from core.errors import NotFound
from models.access import CoopUser
from models.coops import Coop
from models.loans import Loan
from models.members import Member
from models.notifications import OutgoingMail
from models.savings import SavingsMovement
from services.access.sign_in import actor_in, coops_of
from services.coops import practice
from services.coops import practice_story as story
from services.coops.practice import AnswerWrong, StartedOften
from services.jobs import daily
from services.ledger.checks import check_books
from services.loans import applications
from services.members import claims
from services.members import commands as members
from services.notifications import outbox
from services.notifications.commands import notify
from services.notifications.texts import Message
from services.savings import bills, products
from services.savings import commands as savings
from tests.crowd import at_once
from tests.notifications.postbox import postbox


def trainee(world, coop):
    """Who practises, as they are in the practice cooperative."""
    with world.database.reading(coop.id) as session:
        return actor_in(session, world.petugas.user_id, coop.id)


@pytest.fixture
def coop(world):
    return practice.open_own(world.database, world.petugas)


@pytest.fixture
def who(world, coop):
    return trainee(world, coop)


def done(world, who):
    with world.database.reading(who) as session:
        return [task.key for task in practice.tasks(session, who) if task.is_done]


def test_it_begins_with_people_a_loan_and_one_mistake(world, coop, who):
    assert (coop.is_demo, coop.practice_of_id, coop.is_listed) == (True, world.coop.id, False)
    assert done(world, who) == []
    assert who.may("loans.approve")
    assert who.may("savings.teller")
    with world.database.reading(coop.id) as session:
        assert check_books(session, coop.id) == []
        assert session.scalar(select(func.count()).select_from(Member)) == 5
        assert session.scalars(select(Loan.state)).one() == "analysed"


def test_opening_it_again_opens_the_same_and_pressing_twice_makes_one(world):
    opened = at_once([lambda: practice.open_own(world.database, world.petugas).id] * 3)
    assert len(set(opened)) == 1
    inside = trainee(world, practice.open_own(world.database, world.petugas))
    assert practice.open_own(world.database, inside).id == opened[0], "from inside, too"
    assert practice.open_own(world.database, world.ketua).id != opened[0], "each has their own"


def test_every_task_is_seen_in_the_books(world, coop, who):
    day, order = today(), []

    def person(session, name):
        return session.scalars(select(Member).where(Member.name == name)).one().id

    with world.database.transaction(who) as session:
        saved = products.of_kind(session, who, "voluntary").id
        savings.deposit(
            session, who, member_id=person(session, story.SITI), product_id=saved, amount_rp=story.DEPOSIT_RP,
            booked_on=day, token="t1",
        )  # fmt: skip
    order.append(done(world, who))
    with world.database.transaction(who) as session:
        members.approve(session, who, person(session, story.DEWI), joined_on=day)
    order.append(done(world, who))
    with world.database.transaction(who) as session:
        wajib = products.of_kind(session, who, "mandatory").id
        bills.book(session, who, bills.preview(session, who, product_id=wajib, month_on=day, today=day), today=day)
    order.append(done(world, who))
    with world.database.transaction(who) as session:
        applications.decide(session, who, session.scalars(select(Loan.id)).one(), approved=True, on=day)
    order.append(done(world, who))
    with world.database.transaction(who) as session:
        wrong = session.scalars(select(SavingsMovement).where(SavingsMovement.amount_rp == story.WRONG_RP)).one()
        savings.reverse_movement(session, who, wrong.id, booked_on=day, reason="Salah ketik")
    order.append(done(world, who))
    assert [len(keys) for keys in order] == [1, 2, 3, 4, 5]
    with world.database.transaction(who) as session, pytest.raises(AnswerWrong):
        practice.answer(session, who, "balance", 1, day)
    with world.database.transaction(who) as session:
        with pytest.raises(NotFound):
            practice.finished_on(session, who)
        assert practice.assets_rp(session, who, day) == 1_250_000  # four times pokok and wajib, and Siti's deposit
        for _ in range(2):
            practice.answer(session, who, "balance", 1_250_000, day)
    with world.database.reading(who) as session:
        assert practice.finished_on(session, who) == day
        assert check_books(session, coop.id) == []


def test_the_work_of_others_is_not_ones_own(world, coop, who):
    """The trainer's deposits do not count, nor does another amount."""
    with world.database.transaction(who) as session:
        siti = session.scalars(select(Member).where(Member.name == story.SITI)).one().id
        saved = products.of_kind(session, who, "voluntary").id
        savings.deposit(session, who, member_id=siti, product_id=saved, amount_rp=5_000, booked_on=today(), token="x")
    assert done(world, who) == []


def test_beginning_anew_leaves_the_old_one_and_ends_after_five_a_day(world, coop):
    newer = practice.open_own(world.database, world.petugas, anew=True)
    assert newer.id != coop.id
    assert coops_of(world.database, world.petugas.user_id) == [world.coop.id, newer.id]
    for _ in range(practice.STARTS_A_DAY - 2):
        practice.open_own(world.database, world.petugas, anew=True)
    with pytest.raises(StartedOften):
        practice.open_own(world.database, world.petugas, anew=True)


def test_nothing_of_it_is_counted_found_or_mailed(world, coop, who):
    with postbox() as office:
        outbox.use(office.url)
        try:
            with world.database.transaction(who) as session:
                member = session.scalars(select(Member).where(Member.name == story.SITI)).one()
                member.email = "siti@contoh.id"
                assert (
                    notify(session, coop.id, "k", Message("Halo", "Kabar"), topic="pengumuman", member_id=member.id)
                    is not None
                )
                assert session.query(OutgoingMail).count() == 0
        finally:
            outbox.use("")
    with world.database.platform("test") as session:
        assert "Koperasi Latihan" not in [found.name for found in claims.cooperatives(session, "latihan")]
    assert not [line for line in daily.run(world.database, today()) if coop.slug in line]


def test_the_real_cooperative_has_no_tasks_and_is_not_touched(world, coop):
    with world.reading(world.ketua) as session:
        assert session.scalar(select(func.count()).select_from(Member)) == 0
        for act in (
            lambda: practice.answer(session, world.ketua, "balance", 0, today()),
            lambda: practice.finished_on(session, world.ketua),
        ):
            with pytest.raises(NotFound):
                act()
    with world.database.platform("test") as session:
        assert practice.home_of(session, coop.id) == practice.home_of(session, world.coop.id) == world.coop.id
        assert session.scalars(select(Coop.id).where(Coop.practice_of_id == world.other.id)).all() == []
        people = session.scalars(select(CoopUser.user_id).where(CoopUser.coop_id == coop.id)).all()
        assert len(people) == 3
