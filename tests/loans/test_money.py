"""A loan's money: paid out once, paid back in the right order, ended early, undone, written off, recovered."""

from datetime import date
from decimal import Decimal

import pytest

from core.errors import Refusal
from models.ledger import Account, JournalEntry, JournalLine
from models.loans import Loan, LoanInstallment, LoanPayment
from models.savings import Receipt
from services.approvals import commands as approvals
from services.ledger import balances
from services.ledger.chart import Role
from services.ledger.posting import credit, debit, post
from services.ledger.refusals import PeriodClosed, SourceTaken
from services.loans import (
    adjustments,
    arrears,
    collectibility,
    disbursement,
    exits,
    provisioning,
    queries,
    repayment,
    undoing,
)
from services.loans.refusals import (
    LoanWrongState,
    NotLatestPayment,
    NotWriteOffable,
    PaidBeforeDisbursed,
    PaymentInvalid,
    PaymentUndone,
    PaysTooMuch,
    QuoteStale,
)
from services.loans.repayment import Payment
from tests.crowd import outcomes
from tests.loans import story


def balance(world, code: str, as_of: date = date(2026, 12, 31)) -> int:
    with world.reading() as session:
        account_id = world.account(session, code)
        return balances.balances(session, world.coop.id, as_of, account_ids=[account_id]).get(account_id, 0)


def loan_of(world, loan_id: int) -> Loan:
    with world.reading() as session:
        return session.get_one(Loan, loan_id)


def rows_of(world, loan_id: int) -> list[LoanInstallment]:
    with world.reading() as session:
        return queries.installments(session, session.get_one(Loan, loan_id))


def pay(world, loan_id: int, amount_rp: int, paid_on: date, token: str, **changes) -> Receipt:
    with world.transaction(world.petugas) as session:
        return repayment.pay(session, world.petugas, Payment(loan_id, amount_rp, paid_on, token, **changes))


@pytest.fixture
def running(world):
    """Rp 12.000.000 flat 1 % over 12 months, first due on 12 February."""
    return story.disbursed(world, story.saver(world), story.product(world))


def test_disbursing_books_the_loan_its_fees_and_what_the_member_gets(world):
    product_id = story.product(world, fee_pct=Decimal(1), admin_rp=25_000)
    loan_id = story.disbursed(world, story.saver(world), product_id)
    assert balance(world, "11051") == 12_000_000
    assert balance(world, "11021") == -(12_000_000 - 120_000 - 25_000)
    assert (balance(world, "4102"), balance(world, "4103")) == (-120_000, -25_000)
    rows = rows_of(world, loan_id)
    assert [rows[0].due_on, rows[-1].due_on] == [date(2026, 2, 12), date(2027, 1, 12)]
    assert sum(row.principal_rp for row in rows) == 12_000_000


def test_twenty_disbursements_of_one_loan_have_one_effect(any_world):
    world = any_world
    loan_id = story.approved(world, story.saver(world), story.product(world))
    with world.reading(world.bendahara) as session:
        payout = disbursement.preview(
            session, world.bendahara, loan_id, paid_on=story.PAID, first_due_on=story.FIRST_DUE
        )

    def disburse() -> str:
        with world.transaction(world.bendahara) as session:
            return disbursement.disburse(session, world.bendahara, payout).state

    assert sorted(outcomes([disburse] * 20)) == [*["loans.wrong_state"] * 19, "running"]
    with world.reading() as session:
        assert session.query(JournalEntry).filter(JournalEntry.source == f"loan:{loan_id}:disbursed").count() == 1


def test_a_payment_goes_to_interest_and_principal_that_are_due(world, running):
    receipt = pay(world, running, 1_120_000, date(2026, 2, 12), "feb")
    assert (receipt.amount_rp, receipt.balance_after_rp) == (1_120_000, 11_000_000)
    assert balance(world, "4101") == -120_000
    assert balance(world, "11051") == 11_000_000
    assert rows_of(world, running)[0].left_rp == 0


def test_the_second_click_is_the_same_payment(world, running):
    first = pay(world, running, 1_120_000, date(2026, 2, 12), "click")
    assert pay(world, running, 1_120_000, date(2026, 2, 12), "click").id == first.id
    with pytest.raises(SourceTaken):
        pay(world, running, 1_000_000, date(2026, 2, 12), "click")
    assert loan_of(world, running).outstanding_rp == 11_000_000


def test_what_is_short_stays_owed_and_is_taken_first_next_time(world, running):
    pay(world, running, 800_000, date(2026, 2, 12), "short")  # worked case: 120.000 jasa, 680.000 pokok, short 320.000
    assert rows_of(world, running)[0].principal_left_rp == 320_000
    pay(world, running, 500_000, date(2026, 3, 1), "next")
    first, second, *_ = rows_of(world, running)
    assert first.left_rp == 0
    assert (second.interest_left_rp, second.principal_left_rp) == (0, 940_000)


@pytest.mark.parametrize(
    ("amount", "paid_on", "refusal"),
    [
        (0, date(2026, 2, 12), PaymentInvalid), (-1, date(2026, 2, 12), PaymentInvalid),
        (10**15, date(2026, 2, 12), PaymentInvalid), (1.5, date(2026, 2, 12), PaymentInvalid),
        (13_440_001, date(2026, 2, 12), PaysTooMuch), (1_000, date(2026, 1, 11), PaidBeforeDisbursed),
        (1_000, date(2031, 1, 1), Refusal),
    ],
)  # fmt: skip
def test_a_payment_that_cannot_be_is_refused_and_changes_nothing(world, running, amount, paid_on, refusal):
    with pytest.raises(refusal):
        pay(world, running, amount, paid_on, "bad")
    assert loan_of(world, running).outstanding_rp == 12_000_000
    with world.reading() as session:
        assert session.query(LoanPayment).count() == 0


def test_a_closed_month_takes_no_payment(world, running):
    from services.ledger import periods

    with world.transaction(world.bendahara) as session:
        for month in periods.closable(session, world.bendahara, date(2026, 3, 5)):
            periods.change(session, world.bendahara, month.id, "close")
    with pytest.raises(PeriodClosed):
        pay(world, running, 1_120_000, date(2026, 2, 12), "late")


def test_paying_everything_settles_and_a_settled_loan_takes_nothing(world, running):
    pay(world, running, 13_440_000, date(2026, 2, 12), "all")
    assert loan_of(world, running).state == "settled"
    with pytest.raises(LoanWrongState, match="lunas"):
        pay(world, running, 1_000, date(2026, 3, 12), "more")


def test_ending_early_forgives_the_interest_to_come(world, running):
    pay(world, running, 1_120_000, date(2026, 2, 12), "feb")
    with world.transaction(world.petugas) as session:
        offered = repayment.quote(session, world.petugas, running, on=date(2026, 3, 5))
        assert (offered.principal_rp, offered.interest_rp, offered.waived_rp) == (11_000_000, 120_000, 1_200_000)
        receipt = repayment.settle(session, world.petugas, offered, token="early")
        assert repayment.settle(session, world.petugas, offered, token="early").id == receipt.id
    assert loan_of(world, running).state == "settled"
    assert balance(world, "11051") == 0


@pytest.mark.parametrize(("rule", "interest_rp"), [("running", 120_000), ("by_day", 90_000), ("all", 1_320_000)])
def test_ending_early_counts_interest_as_the_product_says(world, rule, interest_rp):
    loan_id = story.disbursed(world, story.saver(world), story.product(world, early_interest=rule))
    pay(world, loan_id, 1_120_000, date(2026, 2, 12), "feb")
    with world.reading(world.petugas) as session:
        # 21 of the 28 days from 12 February to 12 March
        assert repayment.quote(session, world.petugas, loan_id, on=date(2026, 3, 5)).interest_rp == interest_rp


def test_a_quote_that_moved_is_refused(world, running):
    with world.reading(world.petugas) as session:
        offered = repayment.quote(session, world.petugas, running, on=date(2026, 3, 5))
    pay(world, running, 1_120_000, date(2026, 2, 12), "feb")
    with pytest.raises(QuoteStale), world.transaction(world.petugas) as session:
        repayment.settle(session, world.petugas, offered, token="stale")


@pytest.mark.parametrize(("extra", "rows", "largest"), [("shorter", 9, 1_120_000), ("smaller", 12, 860_000)])
def test_principal_paid_early_shortens_or_lightens_the_rest(world, running, extra, rows, largest):
    pay(world, running, 1_120_000 + 3_000_000, date(2026, 2, 12), "extra", extra=extra)
    loan = loan_of(world, running)
    assert loan.outstanding_rp == 8_000_000
    left = [row for row in rows_of(world, running) if row.left_rp]
    assert len(left) + 1 <= rows
    assert max(row.principal_rp + row.interest_rp for row in left) <= largest
    assert sum(row.principal_left_rp for row in left) == 8_000_000
    assert left[0].due_on == date(2026, 3, 12)


def test_undoing_the_last_payment_brings_everything_back(world, running):
    pay(world, running, 1_120_000, date(2026, 2, 12), "feb")
    pay(world, running, 1_120_000 + 3_000_000, date(2026, 3, 12), "extra", extra="smaller")
    with world.reading() as session:
        first, last = queries.payments(session, session.get_one(Loan, running))
    with pytest.raises(NotLatestPayment), world.transaction(world.ketua) as session:
        undoing.undo(session, world.ketua, first.id, booked_on=date(2026, 3, 13), reason="salah")
    with world.transaction(world.ketua) as session:
        undoing.undo(session, world.ketua, last.id, booked_on=date(2026, 3, 13), reason="salah orang")
    loan = loan_of(world, running)
    assert (loan.outstanding_rp, loan.schedule_no) == (11_000_000, 1)
    assert rows_of(world, running)[1].principal_left_rp == 1_000_000
    with pytest.raises(PaymentUndone), world.transaction(world.ketua) as session:
        undoing.undo(session, world.ketua, last.id, booked_on=date(2026, 3, 13), reason="lagi")
    with world.transaction(world.ketua) as session:
        undoing.undo(session, world.ketua, first.id, booked_on=date(2026, 3, 13), reason="salah juga")
    assert balance(world, "11051") == 12_000_000


def test_undoing_a_settlement_makes_the_loan_run_again(world, running):
    with world.transaction(world.petugas) as session:
        offered = repayment.quote(session, world.petugas, running, on=date(2026, 2, 1))
        repayment.settle(session, world.petugas, offered, token="early")
        payment = queries.payments(session, session.get_one(Loan, running))[0]
    with world.transaction(world.ketua) as session:
        undoing.undo(session, world.ketua, payment.id, booked_on=date(2026, 2, 2), reason="cek kosong")
    assert loan_of(world, running).state == "running"
    assert sum(row.left_rp for row in rows_of(world, running)) == 13_440_000


def test_a_top_up_pays_the_old_loan_off_and_hands_out_the_rest(world, running):
    pay(world, running, 1_120_000, date(2026, 2, 12), "feb")
    with world.reading() as session:
        loan = session.get_one(Loan, running)
    new_id = story.approved(
        world, loan.member_id, loan.product_id, token="topup", asked_rp=20_000_000, replaces_id=running
    )
    before = balance(world, "11021")
    story.pay_out(world, new_id, paid_on=date(2026, 2, 20), first_due_on=date(2026, 3, 20))
    # 20.000.000 less 11.000.000 principal and 120.000 interest of the running month
    assert before - balance(world, "11021") == 8_880_000
    assert loan_of(world, running).state == "settled"
    assert balance(world, "11051") == 20_000_000


def test_penalty_grows_by_the_day_and_is_paid_first(world):
    product_id = story.product(world, penalty_kind="installment_pct", penalty_value=Decimal("0.1"), penalty_free_days=3)
    loan_id = story.disbursed(world, story.saver(world), product_id)
    pay(world, loan_id, 100_000, date(2026, 2, 25), "late")  # 10 days x 0,1 % x 1.120.000
    first = rows_of(world, loan_id)[0]
    assert (first.penalty_paid_rp, first.interest_paid_rp) == (11_200, 88_800)
    assert balance(world, "4104") == -11_200
    pay(world, loan_id, 20_000, date(2026, 2, 27), "again")  # 2 days more on what is unpaid: 1.031.200
    assert rows_of(world, loan_id)[0].penalty_paid_rp == 11_200 + 2_062


def test_late_is_what_was_due_and_not_paid_on_any_day(world, running):
    pay(world, running, 800_000, date(2026, 2, 12), "short")
    with world.reading() as session:
        in_april = arrears.standings(session, world.coop.id, date(2026, 4, 1))[0]
        before = arrears.standings(session, world.coop.id, date(2026, 2, 11))[0]
        on_the_day = arrears.standings(session, world.coop.id, date(2026, 2, 12))[0]
    assert (in_april.late_principal_rp, in_april.late_interest_rp, in_april.days_late) == (1_320_000, 120_000, 48)
    assert (before.late_rp, before.outstanding_rp) == (0, 12_000_000)
    assert (on_the_day.late_rp, on_the_day.outstanding_rp) == (320_000, 11_320_000)


def test_the_allowance_follows_the_classes_and_is_booked_once(world, running):
    with world.transaction(world.bendahara) as session:
        provision = provisioning.preview(session, world.bendahara, date(2026, 6, 1))
        assert [line.name for line in provision.lines if line.count] == ["Kurang lancar"]  # 138 days
        assert provision.change_rp == 1_200_000
        provisioning.book(session, world.bendahara, provision)
        assert provisioning.preview(session, world.bendahara, date(2026, 6, 30)).change_rp == 0
    with pytest.raises(QuoteStale), world.transaction(world.bendahara) as session:
        provisioning.book(session, world.bendahara, provision)
    assert (balance(world, "1107"), balance(world, "6111")) == (-1_200_000, 1_200_000)
    pay(world, running, 13_440_000, date(2026, 7, 1), "all")
    with world.transaction(world.bendahara) as session:
        assert provisioning.preview(session, world.bendahara, date(2026, 7, 1)).change_rp == -1_200_000


def test_writing_off_needs_the_last_class_full_cover_and_a_second_person(world, running):
    reason = "pindah tanpa kabar"
    with pytest.raises(NotWriteOffable, match="Macet"), world.transaction(world.bendahara) as session:
        adjustments.request_write_off(session, world.bendahara, running, on=date(2026, 6, 30), reason=reason)
    with pytest.raises(NotWriteOffable, match="penyisihan"), world.transaction(world.bendahara) as session:
        adjustments.request_write_off(session, world.bendahara, running, on=date(2026, 12, 31), reason=reason)
    with world.transaction(world.bendahara) as session:
        provisioning.book(session, world.bendahara, provisioning.preview(session, world.bendahara, date(2026, 12, 1)))
        request = adjustments.request_write_off(session, world.bendahara, running, on=date(2026, 12, 31), reason=reason)
    with world.transaction(world.ketua) as session:
        approvals.approve(session, world.ketua, request.id)
    loan = loan_of(world, running)
    assert (loan.state, loan.outstanding_rp, loan.written_off_rp) == ("written_off", 0, 12_000_000)
    assert (balance(world, "11051"), balance(world, "1107")) == (0, 0)
    with world.transaction(world.petugas) as session:
        repayment_ = {"loan_id": running, "amount_rp": 500_000, "paid_on": date(2026, 12, 31), "token": "back"}
        receipt = adjustments.recover(session, world.petugas, **repayment_)
        assert adjustments.recover(session, world.petugas, **repayment_).id == receipt.id
    with pytest.raises(PaysTooMuch), world.transaction(world.petugas) as session:
        adjustments.recover(
            session, world.petugas, loan_id=running, amount_rp=11_500_001, paid_on=date(2026, 12, 31), token="toomuch"
        )
    assert balance(world, "7109") == -500_000


def test_new_terms_keep_the_old_schedule_and_what_was_paid(world, running):
    pay(world, running, 800_000, date(2026, 2, 12), "short")
    wanted = adjustments.NewTerms(running, date(2026, 3, 20), date(2026, 4, 20), 24, Decimal("0.5"), "sakit lama")
    with world.transaction(world.bendahara) as session:
        request = adjustments.request_restructure(session, world.bendahara, wanted)
    with world.transaction(world.ketua) as session:
        approvals.approve(session, world.ketua, request.id)
    loan, rows = loan_of(world, running), rows_of(world, running)
    assert (loan.schedule_no, loan.outstanding_rp) == (2, 11_320_000)
    assert rows[0].principal_paid_rp == 680_000
    assert sum(row.principal_left_rp for row in rows) == 11_320_000
    assert rows[1].interest_rp == 56_600 + 120_000  # the March interest that was due goes along
    with world.reading() as session:
        assert len(queries.installments(session, loan, schedule_no=1)) == 12
        assert arrears.standings(session, world.coop.id, date(2026, 3, 19))[0].late_principal_rp == 1_320_000
        assert arrears.standings(session, world.coop.id, date(2026, 3, 20))[0].late_principal_rp == 0


def test_leaving_takes_the_loan_off_the_savings(world):
    product_id, siti = story.product(world), story.saver(world, saved_rp=15_000_000)
    loan_id = story.disbursed(world, siti, product_id)
    with world.transaction(world.ketua) as session:
        settlement = exits.preview(session, world.ketua, siti, on=date(2026, 2, 1))
        assert (settlement.rights_rp, settlement.loan_rp) == (15_000_000, 12_120_000)
        exits.settle(session, world.ketua, settlement, left_on=date(2026, 2, 1), reason="pindah")
    assert loan_of(world, loan_id).state == "settled"
    assert (balance(world, "2101"), balance(world, "11051")) == (0, 0)


def test_interest_may_be_forgiven_to_one_who_leaves(world):
    product_id, siti = story.product(world), story.saver(world, saved_rp=15_000_000)
    story.disbursed(world, siti, product_id)
    with world.transaction(world.ketua) as session:
        settlement = exits.preview(session, world.ketua, siti, on=date(2026, 4, 1), forgive_interest=True)
        assert settlement.paid_rp == 3_000_000
        exits.settle(session, world.ketua, settlement, left_on=date(2026, 4, 1), reason="pindah", forgive_interest=True)
    assert balance(world, "4101") == 0


def test_a_hand_written_journal_does_not_touch_loans(world, running):
    from services.ledger import manual
    from services.ledger.refusals import ControlAccount

    with world.reading() as session:
        receivable, cash = (session.query(Account).filter(Account.code == code).one().id for code in ("11051", "11011"))
    draft = manual.JournalDraft(date(2026, 2, 1), "coba", [debit(receivable, 5), credit(cash, 5)], "t")
    with pytest.raises(ControlAccount), world.transaction(world.bendahara) as session:
        manual.request_journal(session, world.bendahara, draft)


def test_the_checks_find_a_loan_that_somebody_changed(world, running):
    from services.ledger.checks import check_books

    world.checked = False
    with world.database.session(writes=True, coop_id=world.coop.id) as session, session.begin():
        session.get_one(Loan, running).outstanding_rp -= 1
    with world.reading() as session:
        found = {finding.check for finding in check_books(session, world.coop.id)}
    assert found == {"loans_equal_their_control_account", "loans_equal_their_payments"}


def test_every_line_of_a_loan_stands_in_the_members_name(world, running):
    pay(world, running, 1_120_000, date(2026, 2, 12), "feb")
    with world.reading() as session:
        member_id = session.get_one(Loan, running).member_id
        lines = session.query(JournalLine).join(Account, Account.id == JournalLine.account_id)
        assert {line.member_id for line in lines.filter(Account.code.in_(["11051", "4101"]))} == {member_id}


def test_classes_are_a_dated_table(world):
    five = collectibility.PRESETS["five"][1]
    with world.transaction(world.bendahara) as session:
        collectibility.decide(session, world.bendahara, five, effective_on=date(2026, 7, 1))
    with world.reading() as session:
        assert len(collectibility.table(session, world.coop.id, date(2026, 6, 30))) == 4
        assert len(collectibility.table(session, world.coop.id, date(2026, 7, 1))) == 5
    assert [collectibility.class_of(five, days).name for days in (0, 1, 90, 91, 120, 181, 999)] == [
        "Lancar", "Dalam perhatian khusus", "Dalam perhatian khusus", "Kurang lancar", "Kurang lancar", "Macet",
        "Macet",
    ]  # fmt: skip
    with pytest.raises(Refusal), world.transaction(world.bendahara) as session:
        collectibility.decide(session, world.bendahara, five[:1], effective_on=date(2026, 8, 1))


def test_money_outside_the_loan_does_not_confuse_it(world, running):
    with world.transaction(world.bendahara) as session:
        post(
            session, world.bendahara, booked_on=date(2026, 2, 1), memo="listrik", source="x",
            lines=[debit(world.account(session, "6104"), 5_000), credit(Role.CASH, 5_000)],
        )  # fmt: skip
    assert loan_of(world, running).outstanding_rp == 12_000_000
