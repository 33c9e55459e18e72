"""Payroll deduction: the list asks for what is due, what comes is spread in order, and it is booked once."""

from datetime import date

import pytest

from core.errors import NotFound
from models.ledger import JournalEntry
from models.loans import Loan
from models.members import Member
from models.payroll import PayrollList
from services.ledger import balances
from services.loans import queries
from services.payroll import lists, settlement
from services.payroll.refusals import (
    AlreadySettled,
    ExcessUnconfirmed,
    ListSent,
    NotOnList,
    PayrollStale,
    ReceivedTwice,
)
from services.payroll.settlement import Received
from services.settings import dated
from tests.crowd import outcomes
from tests.loans import story

MARCH, PAY_DAY = date(2026, 3, 1), date(2026, 3, 25)


@pytest.fixture
def office(world):
    """Siti has a loan by payroll (first due 25 February), Budi saves Rp 50.000 a month; wajib is Rp 100.000."""
    with world.transaction(world.ketua) as session:
        from models.savings import SavingsProduct

        for kind, amount_rp in (("share", 200_000), ("mandatory", 100_000)):
            session.query(SavingsProduct).filter(SavingsProduct.kind == kind).one().amount_rp = amount_rp
    siti, budi = story.saver(world), world.member("Budi Santoso")
    with world.transaction(world.petugas) as session:
        session.get_one(Member, budi).voluntary_deduction_rp = 50_000
    loan_id = story.approved(world, siti, story.product(world), collected_by="payroll")
    story.pay_out(world, loan_id, first_due_on=date(2026, 2, 25))
    return {"siti": siti, "budi": budi, "loan": loan_id}


def send(world, month_on=MARCH) -> int:
    with world.transaction(world.bendahara) as session:
        return lists.send(session, world.bendahara, lists.preview(session, world.bendahara, month_on)).id


def settle(world, list_id, received, paid_on=PAY_DAY, **options):
    with world.transaction(world.bendahara) as session:
        offered = settlement.preview(session, world.bendahara, list_id, received, paid_on=paid_on)
        settlement.book(session, world.bendahara, offered, **options)
        return offered


def balance(world, code):
    with world.reading() as session:
        account_id = world.account(session, code)
        return balances.balances(session, world.coop.id, date(2026, 12, 31), account_ids=[account_id]).get(
            account_id, 0
        )


def row(deductions, member_id):
    return next(one for one in deductions.rows if one.member_id == member_id)


def test_the_list_asks_for_what_is_due_and_late(world, office):
    with world.reading(world.bendahara) as session:
        march = lists.preview(session, world.bendahara, date(2026, 3, 15))
    siti, budi = row(march, office["siti"]), row(march, office["budi"])
    # two installments: February's was never listed
    assert (siti.principal_rp, siti.interest_rp, siti.term, siti.installment_no) == (2_000_000, 240_000, 12, 2)
    assert (siti.share_rp, siti.mandatory_rp, siti.outstanding_rp) == (200_000, 100_000, 12_000_000)
    assert (budi.voluntary_rp, budi.principal_rp, budi.total_rp) == (50_000, 0, 350_000)
    assert (march.sent_on, march.due_on) == (date(2026, 3, 10), PAY_DAY)


def test_who_joined_after_the_cut_off_waits_for_the_next_list(world, office):
    late = world.member("Tini Baru", joined_on=date(2026, 3, 11))
    with world.reading(world.bendahara) as session:
        assert late not in {one.member_id for one in lists.preview(session, world.bendahara, MARCH).rows}
        assert late in {one.member_id for one in lists.preview(session, world.bendahara, date(2026, 4, 1)).rows}


def test_a_settlement_in_full_is_one_entry(world, office):
    list_id = send(world)
    offered = settle(world, list_id, [Received(office["siti"], 2_540_000), Received(office["budi"], 350_000)])
    assert {share.state for share in offered.shares} == {"full"}
    assert balance(world, "11021") == 2_890_000 - 12_000_000
    assert (balance(world, "11051"), balance(world, "4101")) == (10_000_000, -240_000)
    assert (balance(world, "3101"), balance(world, "3102"), balance(world, "2101")) == (-400_000, -200_000, -5_050_000)
    with world.reading() as session:
        assert session.query(JournalEntry).filter(JournalEntry.source.startswith("payroll:")).count() == 1
        assert queries.payments(session, session.get_one(Loan, office["loan"]))[0].kind == "payroll"


def test_short_money_pays_interest_then_principal_and_the_rest_is_asked_again(world, office):
    list_id = send(world)
    offered = settle(world, list_id, [Received(office["siti"], 300_000)])
    assert {share.name: share.state for share in offered.shares} == {
        "Siti Aminah": "partial", "Budi Santoso": "failed",
    }  # fmt: skip
    with world.reading(world.bendahara) as session:
        april = lists.preview(session, world.bendahara, date(2026, 4, 1))
    siti, budi = row(april, office["siti"]), row(april, office["budi"])
    assert (siti.principal_rp, siti.interest_rp) == (2_940_000, 120_000)
    assert (siti.share_rp, siti.mandatory_rp, budi.mandatory_rp) == (200_000, 200_000, 200_000)
    assert budi.voluntary_rp == 50_000  # what was not saved voluntarily is not owed


def test_too_much_money_becomes_titipan_once_somebody_agrees(world, office):
    list_id = send(world)
    with pytest.raises(ExcessUnconfirmed, match=r"75\.000"):
        settle(world, list_id, [Received(office["budi"], 425_000)])
    settle(world, list_id, [Received(office["budi"], 425_000)], accept_excess=True)
    assert balance(world, "2109") == -75_000


def test_the_paymasters_debt_stands_on_its_own_account_when_the_money_comes_later(world, office):
    with world.transaction(world.ketua) as session:
        dated.decide(session, world.ketua, "payroll.through", "payroll_receivable", effective_on=date(2026, 1, 1))
    settle(world, send(world), [Received(office["budi"], 350_000)])
    assert balance(world, "1111") == 350_000


def test_one_list_a_month_settled_once(world, office):
    list_id = send(world)
    with pytest.raises(ListSent):
        send(world)
    settle(world, list_id, [Received(office["budi"], 350_000)])
    with pytest.raises(AlreadySettled):
        settle(world, list_id, [Received(office["budi"], 350_000)])
    with pytest.raises(AlreadySettled), world.transaction(world.bendahara) as session:
        lists.withdraw(session, world.bendahara, list_id)


def test_a_list_taken_back_can_be_made_again(world, office):
    list_id = send(world)
    with world.transaction(world.bendahara) as session:
        lists.withdraw(session, world.bendahara, list_id)
    assert send(world)


def test_who_is_not_on_the_list_or_twice_in_the_file_is_named(world, office):
    list_id = send(world)
    outsider = world.member("Tini Baru", joined_on=date(2026, 3, 11))
    for received, refusal in (
        ([Received(outsider, 1)], NotOnList),
        ([Received(office["budi"], 1)] * 2, ReceivedTwice),
    ):
        with pytest.raises(refusal):
            settle(world, list_id, received)


def test_twenty_bookings_of_one_settlement_have_one_effect(any_world, request):
    world = any_world
    budi = world.member("Budi Santoso")
    with world.transaction(world.petugas) as session:
        session.get_one(Member, budi).voluntary_deduction_rp = 50_000
    list_id = send(world)
    with world.reading(world.bendahara) as session:
        offered = settlement.preview(session, world.bendahara, list_id, [Received(budi, 50_000)], paid_on=PAY_DAY)

    def book() -> str:
        with world.transaction(world.bendahara) as session:
            settlement.book(session, world.bendahara, offered)
        return "booked"

    assert sorted(outcomes([book] * 20)) == ["booked", *["payroll.already_settled"] * 19]


def test_a_stale_settlement_is_refused(world, office):
    list_id = send(world)
    with world.reading(world.bendahara) as session:
        offered = settlement.preview(
            session, world.bendahara, list_id, [Received(office["siti"], 2_540_000)], paid_on=PAY_DAY
        )
    from services.loans import repayment
    from services.loans.repayment import Payment

    with world.transaction(world.petugas) as session:
        repayment.pay(session, world.petugas, Payment(office["loan"], 1_120_000, date(2026, 3, 20), "desk"))
    with pytest.raises(PayrollStale), world.transaction(world.bendahara) as session:
        settlement.book(session, world.bendahara, offered)


def test_a_neighbours_list_is_not_there(world, office):
    list_id = send(world)
    neighbour = world.other_actors["bendahara"]
    with pytest.raises(NotFound), world.reading(neighbour) as session:
        lists.get(session, neighbour, list_id)
    with world.reading(neighbour) as session:
        assert session.query(PayrollList).count() == 0


def test_nobody_stands_on_two_lists_of_a_month(world, office):
    with world.transaction(world.petugas) as session:
        session.get_one(Member, office["siti"]).employer = "PT Maju"
    with world.transaction(world.bendahara) as session:
        lists.send(session, world.bendahara, lists.preview(session, world.bendahara, MARCH, employer="PT Maju"))
    with world.reading(world.bendahara) as session:
        march = lists.preview(session, world.bendahara, MARCH)
        april = lists.preview(session, world.bendahara, date(2026, 4, 1))
    assert office["siti"] not in {one.member_id for one in march.rows}
    assert {office["siti"], office["budi"]} <= {one.member_id for one in april.rows}
