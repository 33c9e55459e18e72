"""Corners where lending once went wrong, or well could: each a case of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import pytest

from core.errors import InvalidValue, Refusal
from models.ledger import JournalEntry
from models.loans import Loan, LoanPayment
from services.approvals import commands as approvals
from services.ledger import periods
from services.loans import (
    adjustments,
    analysis,
    applications,
    arrears,
    collectibility,
    disbursement,
    exits,
    products,
    provisioning,
    queries,
    repayment,
    undoing,
)  # fmt: skip
from services.loans.refusals import ApplicationDiffers, EndsTheLoan, LoanWrongState, PaymentUndone
from services.loans.repayment import Payment
from services.loans.schedule import Terms, TermsInvalid, schedule
from services.payroll import lists, settlement
from services.payroll.refusals import ExcessUnconfirmed, ReceivedInvalid
from services.payroll.settlement import Received
from services.savings.refusals import NotMember
from tests.loans import story
from tests.loans.truths import assert_truths, rows_in_force

PAY_DAY = date(2026, 3, 25)


@pytest.fixture
def running(world):
    """Rp 12.000.000 flat 1 % over 12 months, first due on 12 February."""
    return story.disbursed(world, story.saver(world, saved_rp=20_000_000), story.product(world))


def pay(world, loan_id, amount_rp, on, token, **changes):
    with world.transaction(world.petugas) as session:
        repayment.pay(session, world.petugas, Payment(loan_id, amount_rp, on, token, **changes))


def payment_ids(world, loan_id):
    with world.reading() as session:
        return [one.id for one in session.query(LoanPayment).filter_by(loan_id=loan_id).order_by(LoanPayment.id)]


def undo(world, payment_id, on):
    with world.transaction(world.ketua) as session:
        undoing.undo(session, world.ketua, payment_id, booked_on=on, reason="salah")


def rows_of(world, loan_id):
    with world.reading() as session:
        return rows_in_force(session, session.get_one(Loan, loan_id))


@contextmanager
def nothing_changes(world, *refusals: type[Refusal]) -> Iterator[None]:
    """The block is refused with one of these, and leaves no trace in the books or the loans."""

    def traces():
        with world.reading() as session:
            loans = [(loan.state, loan.outstanding_rp, loan.schedule_no) for loan in session.query(Loan)]
            return session.query(JournalEntry).count(), session.query(LoanPayment).count(), loans

    before = traces()
    with pytest.raises(refusals):
        yield
    assert traces() == before


def test_an_undoing_cannot_be_undone(world, running):
    pay(world, running, 1_120_000, date(2026, 2, 12), "feb")
    undo(world, payment_ids(world, running)[0], date(2026, 2, 13))
    with nothing_changes(world, PaymentUndone):
        undo(world, payment_ids(world, running)[1], date(2026, 2, 13))


def test_an_undoing_is_not_before_its_payment(world, running):
    pay(world, running, 1_120_000, date(2026, 2, 12), "feb")
    with nothing_changes(world, InvalidValue):
        undo(world, payment_ids(world, running)[0], date(2026, 2, 11))


def test_undoing_in_a_closed_month_is_refused_whole(world, running):
    pay(world, running, 1_120_000, date(2026, 2, 12), "feb")
    with world.transaction(world.ketua) as session:
        for month in (date(2026, 1, 1), date(2026, 2, 1)):
            period = periods.period_of(session, world.ketua, month)
            periods.change(session, world.ketua, period.id, "close")
    with nothing_changes(world, Refusal):
        undo(world, payment_ids(world, running)[0], date(2026, 2, 28))


def test_new_terms_may_come_twice(world, running):
    for day, term in ((date(2026, 2, 12), 24), (date(2026, 4, 12), 36)):
        wanted = adjustments.NewTerms(running, day, date(day.year, day.month + 1, 20), term, Decimal("0.5"), "sakit")
        with world.transaction(world.bendahara) as session:
            request_id = adjustments.request_restructure(session, world.bendahara, wanted).id
        with world.transaction(world.ketua) as session:
            approvals.approve(session, world.ketua, request_id)
    assert len(rows_of(world, running)) == 36
    assert_truths(world, date(2026, 6, 1))


@pytest.mark.parametrize(
    "wrong", [{"starts_on": date(2026, 2, 11)}, {"rate_pct": Decimal("0.1234567")}, {"rate_pct": Decimal("NaN")}]
)
def test_new_terms_that_cannot_be_are_refused_when_asked(world, running, wrong):
    pay(world, running, 1_120_000, date(2026, 2, 12), "feb")
    told = {"starts_on": date(2026, 2, 12), "rate_pct": Decimal(1)} | wrong
    wanted = adjustments.NewTerms(running, first_due_on=date(2026, 3, 20), term=24, reason="sakit", **told)
    with nothing_changes(world, InvalidValue, TermsInvalid), world.transaction(world.bendahara) as session:
        adjustments.request_restructure(session, world.bendahara, wanted)


def test_rows_paid_ahead_do_not_hide_what_is_late_under_new_terms(world, running):
    pay(world, running, 3 * 1_120_000, date(2026, 2, 12), "ahead")  # up to April
    wanted = adjustments.NewTerms(running, date(2026, 2, 12), date(2026, 2, 20), 9, Decimal(1), "sakit")
    with world.transaction(world.bendahara) as session:
        request_id = adjustments.request_restructure(session, world.bendahara, wanted).id
    with world.transaction(world.ketua) as session:
        approvals.approve(session, world.ketua, request_id)
    assert_truths(world, date(2026, 3, 1))
    with world.reading() as session:
        assert arrears.standings(session, world.coop.id, date(2026, 3, 1))[0].late_principal_rp == 1_000_000


def test_a_payment_before_terms_that_begin_later_counts_until_then(world, running):
    wanted = adjustments.NewTerms(running, date(2026, 3, 31), date(2026, 4, 20), 12, Decimal(1), "sakit")
    with world.transaction(world.bendahara) as session:
        request_id = adjustments.request_restructure(session, world.bendahara, wanted).id
    with world.transaction(world.ketua) as session:
        approvals.approve(session, world.ketua, request_id)
    pay(world, running, 1_120_000, date(2026, 2, 12), "feb")
    with world.reading() as session:
        found = arrears.standings(session, world.coop.id, date(2026, 2, 20))[0]
    # Rp 360.000 of it is interest up to the new terms, the rest is principal
    assert (found.late_principal_rp, found.late_interest_rp) == (240_000, 0)


def test_a_little_paid_early_does_not_buy_flat_interest_anew(world):
    """Late in a flat loan the interest still is that of the plafond; it shrinks as the principal does, not more."""
    loan_id = story.disbursed(world, story.saver(world), story.product(world))
    for month in range(2, 8):
        pay(world, loan_id, 1_120_000, date(2026, month, 12), f"m{month}")
    pay(world, loan_id, 1_120_000 + 50_000, date(2026, 8, 12), "extra", extra="smaller")
    left = [row for row in rows_of(world, loan_id) if row.left_rp]
    assert (len(left), sum(row.principal_rp for row in left)) == (5, 4_950_000)
    assert {row.interest_rp for row in left} == {118_800}  # 120.000 x 4,95 / 5


@pytest.mark.parametrize("extra", ["smaller", "shorter"])
def test_a_rate_for_the_whole_term_stays_what_it_is_per_installment(world, extra):
    product_id = story.product(world, rate_basis="term", rate_pct=Decimal(12))
    loan_id = story.disbursed(world, story.saver(world), product_id)
    pay(world, loan_id, 1_120_000 + 5_500_000, date(2026, 2, 12), "extra", extra=extra)
    left = [row for row in rows_of(world, loan_id) if row.left_rp]
    assert {row.interest_rp for row in left} == {60_000}  # half of what is left was paid early: half of 120.000


def test_interest_by_the_day_is_not_asked_twice_for_days_already_paid(world):
    product_id = story.product(world, method="effective", rate_basis="year", rate_pct=Decimal(12), day_count="ACT/365")
    loan_id = story.disbursed(world, story.saver(world), product_id)
    first = rows_of(world, loan_id)[0]
    pay(world, loan_id, first.left_rp + 5_000_000, date(2026, 1, 20), "extra", extra="smaller")
    march = next(row for row in rows_of(world, loan_id) if row.left_rp)
    assert march.due_on == date(2026, 3, 12)
    assert march.interest_rp == round(6_000_000 * 0.12 * 28 / 365)  # 12 February to 12 March


def test_a_coarse_rounding_does_not_stop_an_extra_payment(world):
    loan_id = story.disbursed(world, story.saver(world), story.product(world, round_to_rp=100_000))
    first = rows_of(world, loan_id)[0]
    pay(world, loan_id, first.left_rp + 10_500_000, date(2026, 2, 12), "extra", extra="smaller")
    assert sum(row.principal_left_rp for row in rows_of(world, loan_id)) < 1_000_000


def test_ending_by_an_extra_payment_costs_what_ending_costs(world):
    loan_id = story.disbursed(world, story.saver(world), story.product(world, early_interest="all"))
    with nothing_changes(world, EndsTheLoan):
        pay(world, loan_id, 12_120_000, date(2026, 2, 12), "end", extra="smaller")
    running = story.disbursed(world, story.saver(world, "Budi"), story.product(world, early_interest="running"))
    pay(world, running, 12_120_000, date(2026, 2, 12), "end too", extra="smaller")
    with world.reading() as session:
        assert session.get_one(Loan, running).state == "settled"


def test_an_allowance_may_go_there_and_back_within_a_month(world, running):
    five, four = collectibility.PRESETS["five"][1], collectibility.PRESETS["four"][1]
    changes = []
    for classes in (four, five, four, five, four):
        with world.transaction(world.bendahara) as session:
            collectibility.decide(session, world.bendahara, classes, effective_on=date(2026, 1, 1))
            offered = provisioning.preview(session, world.bendahara, date(2026, 3, 1))
            assert provisioning.book(session, world.bendahara, offered).is_new
            assert provisioning.preview(session, world.bendahara, date(2026, 3, 1)).change_rp == 0
            changes.append(offered.change_rp)
    assert changes[1:] == [540_000, -540_000, 540_000, -540_000]


def test_who_has_left_is_not_paid_a_loan(world):
    siti = story.saver(world)
    loan_id = story.approved(world, siti, story.product(world))
    with world.transaction(world.ketua) as session:
        offered = exits.preview(session, world.ketua, siti, on=date(2026, 1, 11))
        exits.settle(session, world.ketua, offered, left_on=date(2026, 1, 11), reason="pindah")
    with nothing_changes(world, NotMember):
        story.pay_out(world, loan_id)


def test_a_top_up_of_a_loan_settled_meanwhile_pays_out_whole(world, running):
    with world.reading() as session:
        loan = session.get_one(Loan, running)
    new_id = story.approved(world, loan.member_id, loan.product_id, token="up", replaces_id=running)
    pay(world, running, 13_440_000, date(2026, 2, 12), "all")
    with world.reading(world.bendahara) as session:
        payout = disbursement.preview(
            session, world.bendahara, new_id, paid_on=date(2026, 2, 20), first_due_on=date(2026, 3, 20)
        )
    assert (payout.old, payout.net_rp) == (None, 12_000_000)


def test_a_form_sent_again_with_other_content_is_refused(world):
    siti, product_id = story.saver(world), story.product(world)
    loan_id = story.asked(world, siti, product_id, token="form")
    assert story.asked(world, siti, product_id, token="form") == loan_id
    other = story.saver(world, "Budi")
    for changes in ({"asked_rp": 1_000_000}, {"term": 6}, {"salary_rp": 1}, {"member_id": other}):
        told = {"member_id": siti, "product_id": product_id, "token": "form"} | changes
        with nothing_changes(world, ApplicationDiffers):
            story.asked(world, told.pop("member_id"), told.pop("product_id"), **told)


def test_numbers_go_on_whatever_an_office_wrote_before(world):
    product_id = story.product(world)
    first = story.asked(world, story.saver(world), product_id)
    with world.transaction(world.bendahara) as session:
        session.get_one(Loan, first).number = "P/2026/9999"
    second = story.asked(world, story.saver(world, "Budi"), product_id)
    third = story.asked(world, story.saver(world, "Wati"), product_id)
    with world.transaction(world.bendahara) as session:
        assert [session.get_one(Loan, one).number for one in (second, third)] == ["P/2026/10000", "P/2026/10001"]
        session.get_one(Loan, second).number = "P/2026/12-B"
    fourth = story.asked(world, story.saver(world, "Tini"), product_id)
    with world.reading() as session:
        assert session.get_one(Loan, fourth).number == "P/2026/10002"


def test_a_product_that_lost_a_step_is_still_decided(world):
    product_id = story.product(world)
    loan_id = story.asked(world, story.saver(world), product_id)
    with world.transaction(world.bendahara) as session:
        applications.analyse(
            session, world.bendahara, loan_id, on=story.ASKED, principal_rp=12_000_000, term=12, note=""
        )
        applications.decide(session, world.bendahara, loan_id, approved=True, on=story.ASKED)
    with world.transaction(world.bendahara) as session:
        product = products.get(session, world.bendahara, product_id)
        data = products.ProductData("UANG", "Pinjaman uang", steps=("loans.approve",))
        products.save(session, world.bendahara, data, product)
    with world.transaction(world.ketua) as session:
        applications.decide(session, world.ketua, loan_id, approved=True, on=story.ASKED)
        assert session.get_one(Loan, loan_id).state == "approved"


def test_the_analysis_counts_on_the_terms_of_the_application(world):
    product_id = story.product(world)
    loan_id = story.asked(world, story.saver(world), product_id)
    story.product(world, rate_pct=Decimal(3))
    with world.transaction(world.bendahara) as session:
        loan = applications.analyse(
            session, world.bendahara, loan_id, on=story.ASKED, principal_rp=12_000_000, term=12, note=""
        )
        assert loan.analysis["total_interest_rp"] == 1_440_000


def test_a_product_keeps_its_receivable_once_loans_are_on_it(world, running):
    with world.reading() as session:
        cash, savings, loans = (world.account(session, code) for code in ("11011", "2101", "11051"))
    for account_id in (cash, savings):
        with nothing_changes(world, products.ProductInvalid):
            story.product(world, account_id=account_id)
        with nothing_changes(world, products.ProductInvalid), world.transaction(world.bendahara) as session:
            data = products.ProductData("LAIN", "Pinjaman lain", account_id=account_id)
            products.save(session, world.bendahara, data)
    story.product(world, account_id=loans)


def settled(world, list_id, received, paid_on=PAY_DAY, **options):
    with world.transaction(world.bendahara) as session:
        offered = settlement.preview(session, world.bendahara, list_id, received, paid_on=paid_on)
        settlement.book(session, world.bendahara, offered, **options)
        return offered


def listed(world):
    with world.transaction(world.bendahara) as session:
        sent = lists.send(session, world.bendahara, lists.preview(session, world.bendahara, PAY_DAY))
        return sent.id, {row.member_id: row.total_rp for row in lists.lines(session, sent)}


def test_a_paymaster_who_pays_early_pays_every_installment_that_was_listed(world):
    siti = story.saver(world)
    product_id = story.product(world, period="week", rate_basis="year", rate_pct=Decimal(12))
    loan_id = story.approved(world, siti, product_id, collected_by="payroll")
    story.pay_out(world, loan_id, paid_on=date(2026, 3, 1), first_due_on=date(2026, 3, 8))
    list_id, asked = listed(world)
    offered = settled(world, list_id, [Received(siti, asked[siti])], paid_on=date(2026, 3, 9))
    assert [share.state for share in offered.shares if share.member_id == siti] == ["full"]
    assert len([row for row in rows_of(world, loan_id) if not row.left_rp]) == 3
    assert_truths(world, PAY_DAY)


def test_who_left_after_the_list_saves_no_more(world):
    siti = story.saver(world)
    with world.transaction(world.petugas) as session:
        from models.members import Member

        session.get_one(Member, siti).voluntary_deduction_rp = 50_000
    list_id, asked = listed(world)
    with world.transaction(world.ketua) as session:
        offered = exits.preview(session, world.ketua, siti, on=date(2026, 3, 20))
        exits.settle(session, world.ketua, offered, left_on=date(2026, 3, 20), reason="pindah")
    with nothing_changes(world, ExcessUnconfirmed):
        settled(world, list_id, [Received(siti, asked[siti])])
    offered = settled(world, list_id, [Received(siti, asked[siti])], accept_excess=True)
    assert offered.excess_rp == asked[siti] >= 50_000


@pytest.mark.parametrize("amount_rp", [-1, 10**15, 1.5, True])
def test_a_paymaster_cannot_pay_nonsense(world, amount_rp):
    siti = story.saver(world)
    list_id, _ = listed(world)
    with nothing_changes(world, ReceivedInvalid):
        settled(world, list_id, [Received(siti, amount_rp)])


def test_a_loan_written_off_takes_recoveries_and_nothing_else(world, running):
    with world.transaction(world.bendahara) as session:
        provisioning.book(session, world.bendahara, provisioning.preview(session, world.bendahara, date(2026, 12, 1)))
        told = {"on": date(2026, 12, 20), "reason": "hilang"}
        request_id = adjustments.request_write_off(session, world.bendahara, running, **told).id
    with world.transaction(world.ketua) as session:
        approvals.approve(session, world.ketua, request_id)
    with nothing_changes(world, LoanWrongState):
        pay(world, running, 1_120_000, date(2026, 12, 21), "late")

    def recover(amount_rp):
        with world.transaction(world.petugas) as session:
            told = {"loan_id": running, "paid_on": date(2026, 12, 21), "token": "back"}
            adjustments.recover(session, world.petugas, amount_rp=amount_rp, **told)

    recover(500_000)
    with nothing_changes(world, Refusal):
        recover(600_000)  # the same form with another amount
    assert_truths(world, date(2026, 12, 21))


@pytest.mark.parametrize("rate", ["1e-50", "0.000001", "0", "1000"])
def test_a_rate_next_to_nothing_is_no_trouble(rate):
    terms = Terms(12_000_000, Decimal(rate), "annuity", 12)
    assert sum(row.principal_rp for row in schedule(terms)) == 12_000_000


def test_a_due_date_beyond_the_calendar_is_refused():
    with pytest.raises(TermsInvalid, match="2999"):
        schedule(Terms(12_000_000, Decimal(12), "flat", 12, first_due=date(9999, 12, 1)))


def test_a_loan_page_and_an_analysis_ask_the_same_few_questions_of_any_loan(world, running):
    from sqlalchemy import event

    with world.reading() as session:
        member_id, product_id = session.get_one(Loan, running).member_id, session.get_one(Loan, running).product_id
    next_id = story.asked(world, member_id, product_id, token="next", replaces_id=running)

    def questions():
        asked = []
        listening = world.database.engine, "before_cursor_execute", lambda *a: asked.append(a[2])
        event.listen(*listening)
        with world.reading(world.bendahara) as session:
            loan = queries.loan(session, world.bendahara, running)
            page = (
                queries.installments(session, loan),
                queries.payments(session, loan),
                queries.decisions(session, loan),
            )
            told = [step.decider.full_name for step in page[2]]
            nxt = queries.loan(session, world.bendahara, next_id)
            on = date(2026, 6, 1)
            analysis.card(session, world.bendahara, nxt, principal_rp=nxt.asked_rp, term=nxt.term, on=on)
        event.remove(*listening)
        return len(asked), len(told)

    before = questions()
    for month in range(2, 6):
        pay(world, running, 1_120_000, date(2026, month, 12), f"m{month}")
    assert questions() == before
    assert before[0] <= 20
