"""From wish to decision: who may ask, what is refused, who decides, and that nobody decides alone or for themselves."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial

import pytest

from core.errors import NotAllowed, NotFound, Refusal
from models.access import CoopUser
from models.loans import Loan
from services.loans import applications, queries, related
from services.loans.refusals import (
    AmountOutside,
    ApplicationOpen,
    DecidedAlready,
    DocumentsMissing,
    LoanWrongState,
    OwnLoan,
    RelatedLimit,
    TermOutside,
    TooManyLoans,
)
from tests.crowd import outcomes
from tests.loans import story


def test_asking_twice_with_one_token_is_one_application(world):
    product_id, siti = story.product(world), story.saver(world)
    assert story.asked(world, siti, product_id) == story.asked(world, siti, product_id)


def test_a_second_application_for_the_same_product_waits_for_the_first(world):
    product_id, siti = story.product(world), story.saver(world)
    story.asked(world, siti, product_id)
    with pytest.raises(ApplicationOpen):
        story.asked(world, siti, product_id, token="another")


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"asked_rp": 0}, AmountOutside), ({"asked_rp": -5}, AmountOutside), ({"asked_rp": 20_000_001}, AmountOutside),
        ({"asked_rp": 12.5}, AmountOutside), ({"term": 0}, TermOutside), ({"term": 37}, TermOutside),
        ({"collected_by": "pigeon"}, Refusal), ({"salary_rp": -1}, Refusal), ({"replaces_id": 99}, Refusal),
        ({"member_id": 10**9}, NotFound), ({"product_id": 10**9}, NotFound),
    ],
)  # fmt: skip
def test_a_wish_outside_the_product_is_refused(world, change, refusal):
    product_id, siti = story.product(world, maximum_rp=20_000_000), story.saver(world)
    with pytest.raises(refusal), world.transaction(world.petugas) as session:
        applications.ask(session, world.petugas, replace(story.wish(siti, product_id), **change))


def test_a_member_asks_for_themselves_and_for_nobody_else(world):
    product_id, siti, budi = story.product(world), story.saver(world), world.member("Budi Santoso")
    member = replace(world.petugas, permissions=frozenset({"own.view", "own.ask"}), member_id=siti)
    with pytest.raises(NotAllowed), world.transaction(member) as session:
        applications.ask(session, member, story.wish(budi, product_id))
    with world.transaction(member) as session:
        loan = applications.ask(session, member, story.wish(siti, product_id))
        assert queries.loan(session, member, loan.id) is loan
    stranger = replace(member, member_id=budi)
    with pytest.raises(NotFound), world.reading(stranger) as session:
        queries.loan(session, stranger, loan.id)


def test_papers_that_the_product_wants_must_be_in(world):
    product_id, siti = story.product(world, documents=("Slip gaji",)), story.saver(world)
    loan_id = story.asked(world, siti, product_id)
    with pytest.raises(DocumentsMissing, match="Slip gaji"), world.transaction(world.petugas) as session:
        applications.submit(session, world.petugas, loan_id)
    with world.reading() as session:
        assert session.get_one(Loan, loan_id).state == "draft"


def test_the_steps_are_taken_in_order_by_different_people(world):
    product_id, siti = story.product(world), story.saver(world)
    loan_id = story.asked(world, siti, product_id)
    with pytest.raises(LoanWrongState), world.transaction(world.ketua) as session:
        applications.decide(session, world.ketua, loan_id, approved=True, on=story.ASKED)
    with world.transaction(world.bendahara) as session:
        applications.analyse(
            session, world.bendahara, loan_id, on=story.ASKED, principal_rp=10_000_000, term=10, note=""
        )
    with pytest.raises(NotAllowed), world.transaction(world.ketua) as session:
        applications.decide(session, world.ketua, loan_id, approved=True, on=story.ASKED)
    with world.transaction(world.bendahara) as session:
        applications.decide(session, world.bendahara, loan_id, approved=True, on=story.ASKED)
    with pytest.raises(DecidedAlready, match="Ketua"), world.transaction(world.bendahara) as session:
        applications.decide(session, world.bendahara, loan_id, approved=True, on=story.ASKED)
    with world.transaction(world.ketua) as session:
        loan = applications.decide(session, world.ketua, loan_id, approved=True, on=story.ASKED)
        assert (loan.state, loan.principal_rp, loan.asked_rp, loan.term) == ("approved", 10_000_000, 12_000_000, 10)
        assert loan.analysis["score"] > 50


def test_a_no_needs_its_reason_and_ends_the_application(world):
    product_id, siti = story.product(world), story.saver(world)
    loan_id = story.asked(world, siti, product_id)
    with world.transaction(world.bendahara) as session:
        applications.analyse(
            session, world.bendahara, loan_id, on=story.ASKED, principal_rp=12_000_000, term=12, note=""
        )
    with pytest.raises(Refusal, match="Alasan"), world.transaction(world.bendahara) as session:
        applications.decide(session, world.bendahara, loan_id, approved=False, on=story.ASKED)
    with world.transaction(world.bendahara) as session:
        loan = applications.decide(
            session, world.bendahara, loan_id, approved=False, on=story.ASKED, note="belum 3 bulan"
        )
        assert loan.state == "rejected"
    with pytest.raises(LoanWrongState), world.transaction(world.ketua) as session:
        applications.decide(session, world.ketua, loan_id, approved=True, on=story.ASKED)


def test_nobody_decides_on_their_own_loan_or_on_one_they_recorded(world):
    product_id, siti = story.product(world), story.saver(world)
    with world.transaction(world.bendahara) as session:
        loan_id = applications.ask(session, world.bendahara, story.wish(siti, product_id)).id
    with pytest.raises(OwnLoan), world.transaction(world.bendahara) as session:
        applications.analyse(session, world.bendahara, loan_id, on=story.ASKED, principal_rp=1, term=1, note="")
    borrower = replace(world.ketua, member_id=siti)
    with pytest.raises(OwnLoan), world.transaction(borrower) as session:
        applications.analyse(
            session, replace(borrower, permissions=borrower.permissions | {"loans.analyse"}), loan_id, on=story.ASKED,
            principal_rp=1, term=1, note="",
        )  # fmt: skip


def test_two_approvers_at_once_make_one_approval(any_world):
    world = any_world
    product_id, siti = story.product(world, steps=("loans.approve",)), story.saver(world)
    loan_id = story.asked(world, siti, product_id)
    with world.transaction(world.bendahara) as session:
        applications.analyse(
            session, world.bendahara, loan_id, on=story.ASKED, principal_rp=12_000_000, term=12, note=""
        )
    second = replace(world.bendahara, permissions=world.ketua.permissions)

    def decide(who) -> str:
        with world.transaction(who) as session:
            return applications.decide(session, who, loan_id, approved=True, on=story.ASKED).state

    decided = outcomes([partial(decide, who) for who in [world.ketua, second] * 5])
    assert decided.count("approved") == 1
    assert set(decided) <= {"approved", "loans.wrong_state", "loans.decided_already"}


def test_a_related_party_needs_pengawas_and_stays_within_the_limit(world):
    product_id, siti = story.product(world), story.saver(world)
    with world.transaction(world.ketua) as session:
        session.query(CoopUser).filter(CoopUser.user_id == world.ketua.user_id).one().member_id = siti
    with world.reading() as session:
        assert related.is_related(session, siti)
    loan_id = story.asked(world, siti, product_id)
    with world.transaction(world.bendahara) as session:
        applications.analyse(
            session, world.bendahara, loan_id, on=story.ASKED, principal_rp=12_000_000, term=12, note=""
        )
    with world.reading() as session:
        assert applications.steps_of(session.get_one(Loan, loan_id))[-1] == "loans.approve_related"
    with pytest.raises(RelatedLimit, match="10"), world.transaction(world.bendahara) as session:
        applications.decide(session, world.bendahara, loan_id, approved=True, on=story.ASKED)


def test_a_running_loan_leaves_no_room_for_another_unless_it_is_replaced(world):
    product_id, siti = story.product(world), story.saver(world)
    loan_id = story.disbursed(world, siti, product_id)
    with pytest.raises(TooManyLoans):
        story.asked(world, siti, product_id, token="second")
    assert story.asked(world, siti, product_id, token="third", replaces_id=loan_id)


def test_a_neighbour_sees_none_of_it(world):
    product_id, siti = story.product(world), story.saver(world)
    loan_id = story.asked(world, siti, product_id)
    neighbour = world.other_actors["bendahara"]
    with pytest.raises(NotFound), world.reading(neighbour) as session:
        queries.loan(session, neighbour, loan_id)
    with world.reading(neighbour) as session:
        assert queries.waiting(session, neighbour, "asked", "analysed") == []


def test_taking_back_says_why(world):
    product_id, siti = story.product(world), story.saver(world)
    loan_id = story.asked(world, siti, product_id)
    with world.transaction(world.petugas) as session:
        assert applications.cancel(session, world.petugas, loan_id, reason="tidak jadi").state == "cancelled"
    with pytest.raises(LoanWrongState), world.transaction(world.petugas) as session:
        applications.cancel(session, world.petugas, loan_id, reason="lagi")


def test_the_score_says_each_of_its_reasons(world):
    product_id, siti = story.product(world, times_savings=Decimal(3)), story.saver(world, saved_rp=1_000_000)
    loan_id = story.asked(world, siti, product_id, salary_rp=2_000_000)
    with world.transaction(world.bendahara) as session:
        loan = applications.analyse(
            session, world.bendahara, loan_id, on=date(2026, 1, 10), principal_rp=12_000_000, term=12, note=""
        )
    card = loan.analysis
    assert card["installment_rp"] == 1_120_000
    assert card["ability_rp"] == 800_000
    assert card["savings_limit_rp"] == 3_000_000
    assert card["score"] == sum(reason["points"] for reason in card["reasons"]) == 30
    assert "Di atas kemampuan" in card["reasons"][0]["text"]
