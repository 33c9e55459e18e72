"""Two people at the same moment: one effect, the other reads why; on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from core.actor import Actor
from core.errors import Refusal
from models.loans import Loan, LoanDecision, LoanPayment
from models.savings import Receipt
from services.approvals import commands as approvals
from services.loans import adjustments, applications, disbursement, repayment
from services.loans.repayment import Payment
from services.payroll import lists, settlement
from services.payroll.settlement import Received
from tests.conftest import World
from tests.crowd import at_once
from tests.loans import story
from tests.loans.truths import assert_truths

FEBRUARY, MARCH = date(2026, 2, 12), date(2026, 3, 25)


def codes(world: World, *acts: tuple[Actor, Callable[[Any], Any]]) -> list[str]:
    """What each act came to: done, or the code of its refusal. Anything else fails."""

    def run(who: Actor, act: Callable[[Any], Any]) -> str:
        try:
            with world.transaction(who) as session:
                act(session)
        except Refusal as refusal:
            return refusal.code
        return "done"

    results = at_once([lambda who=who, act=act: run(who, act) for who, act in acts])
    assert all(isinstance(result, str) for result in results), results
    assert_truths(world, date(2026, 12, 20))
    return results


def paying(world: World, loan_id: int, amount_rp: int, token: str) -> tuple[Actor, Callable[[Any], Any]]:
    who = world.petugas
    return who, lambda session: repayment.pay(session, who, Payment(loan_id, amount_rp, FEBRUARY, token))


def count(world: World, model: type, **wanted: Any) -> int:
    with world.reading() as session:
        return session.query(model).filter_by(**wanted).count()


def test_two_who_pay_the_whole_debt_at_once_pay_it_once(any_world):
    loan_id = story.disbursed(any_world, story.saver(any_world), story.product(any_world))
    results = codes(any_world, *(paying(any_world, loan_id, 13_440_000, f"t{n}") for n in range(8)))
    assert sorted(results) == ["done"] + ["loans.wrong_state"] * 7
    assert count(any_world, LoanPayment) == 1


def test_the_same_payment_sent_by_eight_has_one_kuitansi(any_world):
    loan_id = story.disbursed(any_world, story.saver(any_world), story.product(any_world))
    before = count(any_world, Receipt)
    results = codes(any_world, *(paying(any_world, loan_id, 1_120_000, "one") for _ in range(8)))
    assert results == ["done"] * 8
    assert (count(any_world, LoanPayment), count(any_world, Receipt)) == (1, before + 1)


def test_paying_against_ending_early(any_world):
    world = any_world
    loan_id = story.disbursed(world, story.saver(world), story.product(world))
    with world.reading(world.petugas) as session:
        offered = repayment.quote(session, world.petugas, loan_id, on=FEBRUARY)
    ending = world.petugas, lambda session: repayment.settle(session, world.petugas, offered, token="end")
    paid, ended = codes(world, paying(world, loan_id, 1_120_000, "pay"), ending)
    assert (paid, ended) in {("done", "loans.quote_stale"), ("loans.wrong_state", "done")}
    assert count(world, LoanPayment) == 1


def test_paying_out_against_calling_off(any_world):
    world = any_world
    loan_id = story.approved(world, story.saver(world), story.product(world))
    with world.reading(world.bendahara) as session:
        payout = disbursement.preview(
            session, world.bendahara, loan_id, paid_on=story.PAID, first_due_on=story.FIRST_DUE
        )
    results = codes(
        world,
        (world.bendahara, lambda session: disbursement.disburse(session, world.bendahara, payout)),
        (world.petugas, lambda session: applications.cancel(session, world.petugas, loan_id, reason="batal")),
        (world.bendahara, lambda session: disbursement.disburse(session, world.bendahara, payout)),
    )
    assert sorted(results) == ["done"] + ["loans.wrong_state"] * 2
    with world.reading() as session:
        loan = session.get_one(Loan, loan_id)
    assert (loan.state, loan.outstanding_rp) in {("running", 12_000_000), ("cancelled", 0)}


def test_yes_against_no(any_world):
    world = any_world
    loan_id = story.asked(world, story.saver(world), story.product(world))
    with world.transaction(world.bendahara) as session:
        applications.analyse(
            session, world.bendahara, loan_id, on=story.ASKED, principal_rp=12_000_000, term=12, note=""
        )
        applications.decide(session, world.bendahara, loan_id, approved=True, on=story.ASKED)
    second = replace(world.ketua, user_id=world.sekretaris.user_id)

    def deciding(who: Actor, yes: bool) -> tuple[Actor, Callable[[Any], Any]]:
        return who, lambda s: applications.decide(s, who, loan_id, approved=yes, on=story.ASKED, note="sudah")

    results = codes(world, deciding(world.ketua, True), deciding(second, False), deciding(world.ketua, True))
    assert sorted(results) == ["done"] + ["loans.wrong_state"] * 2
    assert count(world, LoanDecision) == 2


def test_new_terms_approved_against_declined_against_paid(any_world):
    world = any_world
    loan_id = story.disbursed(world, story.saver(world), story.product(world))
    wanted = adjustments.NewTerms(loan_id, FEBRUARY, date(2026, 3, 20), 24, Decimal("0.5"), "sakit lama")
    with world.transaction(world.bendahara) as session:
        request_id = adjustments.request_restructure(session, world.bendahara, wanted).id
    yes, no, paid = codes(
        world,
        (world.ketua, lambda session: approvals.approve(session, world.ketua, request_id)),
        (world.ketua, lambda session: approvals.reject(session, world.ketua, request_id, "belum")),
        paying(world, loan_id, 1_120_000, "pay"),
    )
    assert paid == "done"
    assert (yes == "done") != (no == "done")


def test_the_paymasters_money_against_the_desk(any_world):
    world = any_world
    siti = story.saver(world)
    loan_id = story.approved(world, siti, story.product(world), collected_by="payroll")
    story.pay_out(world, loan_id, first_due_on=date(2026, 2, 25))
    with world.transaction(world.bendahara) as session:
        sent = lists.send(session, world.bendahara, lists.preview(session, world.bendahara, MARCH))
        asked = next(row.total_rp for row in lists.lines(session, sent) if row.member_id == siti)
        received = [Received(siti, asked)]
        offered = settlement.preview(session, world.bendahara, sent.id, received, paid_on=MARCH)
    settled, paid = codes(
        world,
        (world.bendahara, lambda session: settlement.book(session, world.bendahara, offered)),
        paying(world, loan_id, 1_120_000, "desk"),
    )
    assert paid == "done"
    assert settled in {"done", "payroll.stale"}
    assert count(world, LoanPayment) == (2 if settled == "done" else 1)
