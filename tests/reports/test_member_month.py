"""The monthly report of a member: equal to the statement, the summary, the loans and the deposits it is drawn from."""

from datetime import date

import pytest

from core.errors import NotFound
from models.loans import Loan, LoanInstallment
from reports.catalog import run
from reports.export import render
from reports.member_month import member_month
from reports.member_statement import member_statement
from reports.savings_summary import savings_summary
from services.loans import repayment
from tests.deposits.story import offer, placed
from tests.deposits.story import run as fall_due
from tests.loans.story import disbursed, product, saver
from tests.savings.test_requests import as_member

JAN, FEB, MAR = ((date(2026, month, 1), date(2026, month, last)) for month, last in ((1, 31), (2, 28), (3, 31)))


@pytest.fixture
def siti(world):
    """Saves 20 million, borrows 12 on 12 January, places 10 on 31 January; pays one installment on 12 February."""
    member_id = saver(world, saved_rp=20_000_000)
    loan_id = disbursed(world, member_id, product(world))
    offer(world)
    placed(world, member_id, payout="capitalised", rollover="all")
    with world.transaction(world.petugas) as session:
        paying = repayment.Payment(loan_id, 1_120_000, date(2026, 2, 12), "p1")
        repayment.pay(session, world.petugas, paying)
    fall_due(world, date(2026, 3, 31))
    return member_id


def month(world, member_id, span, who=None):
    with world.reading() as session:
        return member_month(session, who or world.bendahara, *span, member=member_id)


def test_the_savings_are_those_of_the_statement_and_of_the_summary(world, siti):
    for span in (JAN, FEB, MAR):
        report = month(world, siti, span)
        with world.reading() as session:
            assert report.savings == member_statement(session, world.bendahara, *span, member=siti)
            summary = savings_summary(session, world.bendahara, span[1])
        assert report.totals["savings_rp"] == summary.rows[0].total_rp
        assert all(check.holds for check in report.checks)


def test_a_loan_is_told_with_what_was_paid_and_what_comes_next(world, siti):
    (january,), (february,), (march,) = (month(world, siti, span).loans for span in (JAN, FEB, MAR))
    assert (january.opening_rp, january.disbursed_rp, january.closing_rp) == (0, 12_000_000, 12_000_000)
    assert (january.next_due_on, january.next_due_rp) == (date(2026, 2, 12), 1_120_000)
    assert [paid.amount_rp for paid in february.payments] == [1_120_000]
    assert (february.opening_rp, february.closing_rp) == (12_000_000, 11_000_000)
    assert (february.late_rp, february.next_due_on) == (0, date(2026, 3, 12))
    assert (march.late_rp, march.next_due_on, march.payments) == (1_120_000, date(2026, 4, 12), ())
    with world.reading() as session:
        assert march.closing_rp == session.query(Loan).one().outstanding_rp
        assert march.next_due_rp == session.query(LoanInstallment).filter_by(no=3).one().left_rp


def test_a_deposit_is_told_with_its_interest(world, siti):
    (january,), (march,) = month(world, siti, JAN).deposits, month(world, siti, MAR).deposits
    assert (january.opening_rp, january.closing_rp) == (0, 10_000_000)
    assert [moved.interest_rp for moved in march.movements] == [50_250]
    assert march.closing_rp == march.opening_rp + sum(moved.amount_rp for moved in march.movements)
    assert march.closing_rp == month(world, siti, MAR).totals["deposits_rp"]


def test_every_form_tells_the_same_and_the_pdf_is_small(world, siti):
    with world.reading() as session:
        report = run(session, world.petugas, "member-month", since=FEB[0], until=FEB[1], member="0001")
    text = render(report, "text").decode()
    for part in ("Angsuran: pokok Rp 1.000.000, jasa Rp 120.000", "11.000.000", "Angsuran berikutnya 12 Maret 2026",
                 "Simpanan berjangka SB/2026/0001", "SISA SEMUA PINJAMAN"):  # fmt: skip
        assert part in text
    assert len(render(report, "pdf")) <= 100_000


def test_a_member_gets_their_own_and_nobody_elses(world, siti):
    joko = world.member("Joko")
    member = as_member(world, siti)
    assert month(world, siti, FEB, member).totals["loans_rp"] == 11_000_000
    with pytest.raises(NotFound):
        month(world, joko, FEB, member)
    with world.reading(world.other.id) as session, pytest.raises(NotFound):
        member_month(session, world.other_actors["bendahara"], *FEB, member=siti)


def test_somebody_who_has_nothing_gets_an_empty_page(world):
    joko = world.member("Joko")
    report = month(world, joko, FEB)
    assert report.totals == {"savings_rp": 0, "loans_rp": 0, "deposits_rp": 0}
    assert len(render(report, "pdf")) < 20_000
