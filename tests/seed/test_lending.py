"""What is true of the demo's loans, deposits and requests, so that every screen of lending has something to show."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from models.deposits import TimeDeposit
from models.loans import Loan, LoanPayment, LoanProduct
from models.notifications import Notification
from models.payroll import PayrollLine, PayrollList
from models.savings import InterestRun, WithdrawalRequest
from models.transaction import Database
from reports.income_statement import income_statement
from seed import logins
from services.ledger import balances
from services.loans import applications, arrears, collectibility, disbursement, provisioning, queries
from services.members import claims
from tests.seed.conftest import TODAY, actor, coop_id

SLUGS = (logins.EMPLOYEES, logins.VILLAGE)
both = pytest.mark.parametrize("slug", SLUGS)


@pytest.fixture
def told(seeded: Path):
    """The told demo itself, to read only."""
    database = Database(f"sqlite:///{seeded}")
    yield database
    database.engine.dispose()


@both
def test_what_members_owe_is_the_control_account_from_the_first_day(told, slug):
    here = coop_id(told, slug)
    with told.reading(here) as session:
        account_id = session.scalars(select(LoanProduct.account_id)).first()
        for day in (date(2024, 12, 31), date(2025, 6, 30), date(2025, 12, 31), TODAY):
            owed_rp = sum(one.outstanding_rp for one in arrears.standings(session, here, day))
            assert owed_rp == balances.balances(session, here, day, account_ids=[account_id])[account_id] > 0, day


@both
def test_every_class_has_a_loan_and_few_are_bad(told, slug):
    here = coop_id(told, slug)
    with told.reading(here) as session:
        classes = collectibility.table(session, here, TODAY)
        lines = collectibility.by_class(classes, arrears.standings(session, here, TODAY))
        assert all(line.count for line in lines)
        assert 2 <= collectibility.npl_pct(lines) <= 5
        assert any(0 < one.days_late <= 90 for one in arrears.standings(session, here, TODAY))


@both
def test_each_month_is_closed_with_its_interest_and_allowance(told, slug):
    bendahara = actor(told, slug, "bendahara")
    with told.reading(bendahara) as session:
        for month in (date(2025, 1, 1), date(2025, 11, 1), date(2026, 2, 1)):
            assert provisioning.preview(session, bendahara, month).change_rp == 0, month
        booked = set(session.scalars(select(InterestRun.month_on).where(InterestRun.entry_seq.is_not(None))))
    assert booked == {date(2025 + at // 12, at % 12 + 1, 1) for at in range(14)}


@both
def test_lending_earns_what_it_used_to(told, slug):
    here = coop_id(told, slug)
    with told.reading(here) as session:
        phu = income_statement(session, here, date(2025, 1, 1), date(2025, 12, 31))
    earned = {row.code: row.amount_rp for row in phu.rows}
    least, most = (75_000_000, 100_000_000) if slug == logins.EMPLOYEES else (8_000_000, 12_000_000)
    assert least < earned["4101"] < most
    assert (earned["4103"] if slug == logins.VILLAGE else earned["4102"]) > 0


@both
def test_loans_end_in_every_way(told, slug):
    with told.reading(coop_id(told, slug)) as session:
        kinds = dict(session.execute(select(LoanPayment.kind, func.count()).group_by(LoanPayment.kind)).tuples().all())
        renewed = session.scalar(select(func.count()).select_from(Loan).where(Loan.schedule_no > 1))
        replaced = session.scalar(select(func.count()).select_from(Loan).where(Loan.replaces_id.is_not(None)))
        penalty_rp = session.scalar(select(func.sum(LoanPayment.penalty_rp)))
    assert {"opening", "payment", "settlement", "top_up"} <= kinds.keys()
    assert kinds["settlement"] == kinds["top_up"] == renewed == replaced == 1
    if slug == logins.VILLAGE:
        assert kinds["payment"] > 200
        assert penalty_rp > 0
    else:
        assert kinds["payroll"] > 800


def test_payroll_lists_came_back_full_partly_and_not_at_all(told):
    with told.reading(coop_id(told, logins.EMPLOYEES)) as session:
        sent = session.query(PayrollList).order_by(PayrollList.month_on).all()
        lines = session.query(PayrollLine).filter(PayrollLine.list_id == sent[-1].id).all()
    assert [one.month_on.month for one in sent] == [*range(1, 13), 1, 2, 3]
    assert {one.state for one in sent} == {"settled"}
    came = Counter(
        "full" if line.received_rp == line.total_rp else "partial" if line.received_rp else "failed" for line in lines
    )
    assert came["full"] > 100
    assert (came["partial"], came["failed"]) == (1, 1)


@both
def test_work_of_every_kind_waits(told, slug):
    chair = actor(told, slug, "ketua")
    with told.reading(chair) as session:
        waiting = {
            state: queries.waiting(session, chair, state) for state in ("draft", "asked", "analysed", "approved")
        }
        steps = Counter(applications.next_step(session, loan) for loan in waiting["analysed"])
        asked = Counter(session.scalars(select(WithdrawalRequest.state)))
        claimed = claims.waiting(session, chair)
        notices = session.scalar(select(func.count()).select_from(Notification))
        ended = set(session.scalars(select(Loan.state).where(Loan.state.in_(("rejected", "cancelled")))))
    assert all(waiting.values())
    assert steps.keys() >= {"loans.review", "loans.approve"}
    assert ("loans.approve_related" in steps) == (slug == logins.EMPLOYEES)
    assert asked == dict.fromkeys(("asked", "approved", "paid", "rejected", "cancelled"), 1)
    assert [(row.full_name, row.claim.state) for row in claimed] == [(claimed[0].member.name, "asked")]
    assert notices > 10
    assert ended == {"rejected", "cancelled"}


@both
def test_the_approved_loan_may_be_paid_out(demo, slug):
    bendahara = actor(demo, slug, "bendahara")
    with demo.transaction(bendahara) as session:
        loan = queries.waiting(session, bendahara, "approved")[0]
        payout = disbursement.preview(session, bendahara, loan.id, paid_on=TODAY, first_due_on=date(2026, 4, 25))
        assert disbursement.disburse(session, bendahara, payout).state == "running"


@both
def test_the_shown_member_has_one_of_everything(told, slug):
    member = actor(told, slug, "anggota")
    with told.reading(member) as session:
        loans = queries.of_member(session, member, member.member_id)
        running = next(loan for loan in loans if loan.state == "running")
        due = queries.next_due(queries.installments(session, running), TODAY)
        deposits = session.query(TimeDeposit).filter(TimeDeposit.member_id == member.member_id).all()
        requests = session.query(WithdrawalRequest).filter(WithdrawalRequest.member_id == member.member_id).all()
    assert sorted(loan.state for loan in loans) == ["running", "settled"]
    assert (due.due_on, due.late_rp) == (date(2026, 4, 25), 0)
    assert [deposit.state for deposit in deposits] == ["running"]
    assert [request.state for request in requests] == ["asked"]


def test_time_deposits_run_roll_over_and_mature(told):
    with told.reading(coop_id(told, logins.EMPLOYEES)) as session:
        states = Counter(session.scalars(select(TimeDeposit.state)))
        rolled = session.scalars(select(TimeDeposit).where(TimeDeposit.rollover == "principal")).one()
    assert states == {"running": 2, "matured": 1}
    assert rolled.matures_on > TODAY
