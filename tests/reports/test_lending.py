"""Reports of lending, each figure worked out by hand from two small loans.

12.01.2026  Siti: Rp 12.000.000 flat 1 % a month over 12, first due 12.02; she pays 12.02 and then no more
10.04.2026  Joko: Rp 6.000.000 over 6, first due 10.05; he pays 10.05
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core.errors import NotAllowed, NotFound
from models.loans import LoanInstallment
from reports.export import as_json
from reports.loan_aging import loan_aging
from reports.loan_flow import loan_flow
from reports.loan_months import loans_by_month
from reports.loan_portfolio import loan_portfolio
from reports.loan_schedule import extra_paid, own_loans
from reports.loan_simulation import Wish, loan_simulation, offers, purse
from reports.loan_statement import loan_statement
from reports.loan_vintage import loan_vintage
from reports.shape import Drill
from reports.tables import as_table
from services.ledger.posting import credit, debit, post
from services.loans import repayment
from services.loans.repayment import Payment
from services.loans.schedule import TermsInvalid
from tests.conftest import World
from tests.loans import story

MAY, JUNE = date(2026, 5, 31), date(2026, 6, 30)
YEAR = (date(2026, 1, 1), JUNE)
M = 1_000_000


def pay(world: World, loan_id: int, amount_rp: int, on: date, **changes) -> None:
    with world.transaction(world.petugas) as session:
        repayment.pay(session, world.petugas, Payment(loan_id, amount_rp, on, f"{loan_id}-{on}", **changes))


@pytest.fixture
def lent(world: World) -> dict[str, int]:
    """Loan ids by first name."""
    product_id = story.product(world)
    siti = story.disbursed(world, story.saver(world), product_id)
    joko = story.approved(world, story.saver(world, "Joko Santoso"), product_id, asked_rp=6 * M, term=6)
    story.pay_out(world, joko, date(2026, 4, 10), date(2026, 5, 10))
    pay(world, siti, 1_120_000, date(2026, 2, 12))
    pay(world, joko, 1_060_000, date(2026, 5, 10))
    return {"Siti": siti, "Joko": joko}


def asked(world: World, report, *days, who=None, **chosen):
    actor = who or world.ketua
    with world.reading(actor) as session:
        return report(session, actor, *days, **chosen)


def test_the_portfolio_says_who_owes_what_and_what_it_needs(world, lent):
    report = asked(world, loan_portfolio, MAY)
    found = [(r.name, r.outstanding_rp, r.days_late, r.late_rp, r.class_name, r.required_rp) for r in report.rows]
    assert found == [
        ("Siti Aminah", 11 * M, 80, 3 * M + 360_000, "Lancar", 55_000),
        ("Joko Santoso", 5 * M, 0, 0, "Lancar", 25_000),
    ]
    assert (report.npl_pct, report.par30_pct) == (Decimal("0.00"), Decimal("68.75"))
    june = asked(world, loan_portfolio, JUNE)
    assert [(r.days_late, r.class_name, r.required_rp) for r in june.rows] == [
        (110, "Kurang lancar", 1_100_000), (20, "Lancar", 25_000),
    ]  # fmt: skip
    assert june.npl_pct == Decimal("68.75")
    assert june.totals == {"principal_rp": 18 * M, "outstanding_rp": 16 * M, "late_rp": 5_540_000,
                           "required_rp": 1_125_000}  # fmt: skip


def test_a_loan_leads_to_its_card_and_a_payment_to_its_entry(world, lent):
    first = as_table(asked(world, loan_portfolio, JUNE)).rows[0]
    assert first.drill == Drill("loan-statement", member="0001", until=JUNE)
    card = as_table(asked(world, loan_statement, *YEAR, member="0001"))
    assert [row.drill.entry_seq > 0 for row in card.rows if row.drill] == [True]


def test_what_members_owe_is_what_the_ledger_carries_or_the_report_says_so(world, lent):
    (check,) = asked(world, loan_portfolio, MAY).checks
    assert check.holds
    assert (check.left_rp, check.right_rp) == (16 * M, 16 * M)
    with world.transaction() as session:
        lines = [debit(world.account(session, "11051"), 500), credit(world.account(session, "11021"), 500)]
        post(session, world.bendahara, booked_on=JUNE, memo="Salah akun", source="test:wrong", lines=lines)
    assert asked(world, loan_portfolio, MAY).checks[0].holds
    (wrong,) = asked(world, loan_portfolio, JUNE).checks
    assert "berbeda Rp 500" in wrong.sentence
    world.checked = False  # the books are wrong on purpose


def test_a_past_day_stays_what_it_was(world, lent):
    before = [asked(world, report, MAY) for report in (loan_portfolio, loan_aging, loan_vintage)]
    pay(world, lent["Siti"], 5_600_000, date(2026, 7, 5))
    pay(world, lent["Joko"], 1_060_000 + M, date(2026, 7, 6), extra="shorter")
    assert [asked(world, report, MAY) for report in (loan_portfolio, loan_aging, loan_vintage)] == before
    assert asked(world, loan_portfolio, date(2026, 1, 11)).rows == ()


def test_arrears_add_up_the_same_in_three_ways(world, lent):
    report = asked(world, loan_aging, JUNE)
    for groups in (report.by_class, report.by_age, report.by_work_unit):
        assert sum(one.outstanding_rp for one in groups) == 16 * M
        assert sum(one.late_rp for one in groups) == 5_540_000
    assert [(one.label, one.count) for one in report.by_age if one.count] == [("1 - 30 hari", 1), ("91 - 180 hari", 1)]
    assert [one.label for one in report.by_work_unit] == ["Tanpa unit kerja"]
    assert report.whole.late_count == 2


def test_the_flow_tells_what_went_out_and_came_back(world, lent):
    report = asked(world, loan_flow, *YEAR)
    found = [(r.disbursed_rp, r.principal_rp, r.interest_rp, r.outstanding_rp) for r in report.rows]
    assert found == [
        (12 * M, 0, 0, 12 * M), (0, M, 120_000, 11 * M), (0, 0, 0, 11 * M), (6 * M, 0, 0, 17 * M),
        (0, M, 60_000, 16 * M), (0, 0, 0, 16 * M),
    ]  # fmt: skip
    assert all(check.holds for check in report.checks)
    cut = asked(world, loan_flow, date(2026, 2, 13), date(2026, 5, 9))
    assert [(r.disbursed_rp, r.principal_rp, r.outstanding_rp) for r in cut.rows] == [
        (0, 0, 11 * M), (0, 0, 11 * M), (6 * M, 0, 17 * M), (0, 0, 17 * M),
    ]  # fmt: skip


def test_each_month_stands_beside_the_savings(world, lent):
    report = asked(world, loans_by_month, *YEAR)
    assert [row.outstanding_rp for row in report.rows] == [12 * M, 11 * M, 11 * M, 17 * M, 16 * M, 16 * M]
    assert [row.par30_pct for row in report.rows[2:4]] == [Decimal("0.00"), Decimal("64.71")]  # 11 of 17
    assert report.rows[-1].of_savings_pct == Decimal("160.0")  # two savers of 5.000.000
    assert all(check.holds for check in report.checks)


def test_a_quarter_s_loans_are_followed_by_their_age(world, lent):
    first, second = asked(world, loan_vintage, JUNE).rows
    assert (first.label, first.count, first.ever_late, first.still_late, first.late_rp) == (
        "Triwulan 1 2026", 1, 1, 1, 11 * M,
    )  # fmt: skip
    assert first.late_at_rp == (11 * M, None, None, None)  # end of April: 49 days
    assert first.late_at_pct(0) == Decimal("91.7")
    assert (second.ever_late, second.late_at_rp[0]) == (0, None)
    pay(world, lent["Siti"], 5_600_000, date(2026, 7, 5))
    cured = asked(world, loan_vintage, date(2026, 7, 31)).rows[0]
    assert (cured.ever_late, cured.still_late) == (1, 0)
    assert cured.late_at_rp == (11 * M, 0, None, None)


def test_a_member_s_card_shows_every_payment(world, lent):
    report = asked(world, loan_statement, *YEAR, member="0001")
    (page,) = report.pages
    assert [(m.principal_rp, m.interest_rp, m.balance_rp) for m in page.movements] == [(M, 120_000, 11 * M)]
    assert all(check.holds for check in report.checks)
    later = asked(world, loan_statement, date(2026, 3, 1), JUNE, member="0001").pages[0]
    assert (later.opening_rp, later.lent_rp, later.closing_rp) == (11 * M, 0, 11 * M)


def test_an_open_book_of_one_neighbour_is_closed_to_the_other(world, lent):
    theirs = world.other_actors["ketua"]
    assert asked(world, loan_portfolio, JUNE, who=theirs).rows == ()
    assert asked(world, loan_vintage, JUNE, who=theirs).rows == ()
    assert asked(world, loan_flow, *YEAR, who=theirs).totals["disbursed_rp"] == 0
    with pytest.raises(NotFound):
        asked(world, loan_statement, *YEAR, who=theirs, member="0001")


def member(world: World, number: int):
    return replace(world.petugas, permissions=frozenset({"own.view", "own.ask"}), member_id=number)


def test_a_member_sees_their_own_loans_and_nobody_else_s(world, lent):
    siti, joko = member(world, 1), member(world, 2)
    (own,) = asked(world, own_loans, JUNE, who=siti)
    assert (own.outstanding_rp, own.late_rp, own.due_rp) == (11 * M, 4 * 1_120_000, 5 * 1_120_000)
    assert as_json(as_table(own))["rows"][0]["label"] == "lunas"
    with pytest.raises(NotFound):
        asked(world, extra_paid, own.loan_id, JUNE, M, "shorter", who=joko)
    for report in (loan_portfolio, loan_aging, loan_vintage):
        with pytest.raises(NotAllowed):
            asked(world, report, JUNE, who=siti)


@pytest.mark.parametrize("result", ["shorter", "smaller"])
def test_paying_extra_does_what_the_calculation_said(world, lent, result):
    on, loan_id = date(2026, 3, 12), lent["Siti"]
    told = asked(world, extra_paid, loan_id, on, 3 * M, result)
    assert (told.count_before, told.installment_before_rp, told.interest_before_rp) == (10, 1_120_000, 1_200_000)
    pay(world, loan_id, 1_120_000 + 3 * M, on, extra=result)
    with world.reading() as session:
        rows = session.query(LoanInstallment).filter_by(loan_id=loan_id, schedule_no=2).order_by("no").all()
        open_rows = [row for row in rows if row.left_rp]
    assert (told.count, told.installment_rp) == (len(open_rows), max(r.principal_rp + r.interest_rp for r in open_rows))
    assert (told.interest_rp, told.ends_on) == (sum(r.interest_rp for r in open_rows), open_rows[-1].due_on)
    assert told.saved_rp > 0


def test_extra_that_leaves_nothing_to_change_is_no_calculation(world, lent):
    for extra_rp in (0, -M, 10 * M, 99 * M):
        assert asked(world, extra_paid, lent["Siti"], date(2026, 3, 12), extra_rp, "shorter") is None


class TestSimulation:
    def test_three_ways_of_counting_and_what_each_costs(self, world):
        flat, effective, annuity = asked(world, loan_simulation, Wish(12 * M, 12, rate_pct=Decimal(2)), JUNE)
        assert [one.method for one in (flat, effective, annuity)] == ["flat", "effective", "annuity"]
        assert (flat.rows[0].installment_rp, flat.interest_rp) == (1_240_000, 2_880_000)
        assert (effective.rows[0].interest_rp, effective.interest_rp) == (240_000, 1_560_000)  # 2 % x 6,5 x 12 juta
        assert abs(annuity.rows[0].installment_rp - 1_134_715) <= 1  # 12 juta x 0,02 / (1 - 1,02^-12)
        assert [round(one.yearly_pct, 1) for one in (flat, effective, annuity)] == [
            Decimal("41.7"), Decimal("24.0"), Decimal("24.0"),
        ]  # fmt: skip
        assert flat.above_pct == 24

    def test_fees_make_it_dearer_and_less_is_received(self, world):
        wish = Wish(10 * M, 12, fee_pct=Decimal(1), admin_rp=50_000)
        annuity = asked(world, loan_simulation, wish, JUNE)[2]
        assert (annuity.fees_rp, annuity.received_rp) == (150_000, 9_850_000)
        assert annuity.cost_rp == annuity.interest_rp + 150_000
        assert annuity.yearly_pct > 12
        with pytest.raises(TermsInvalid, match="lebih kecil dari pinjaman"):
            asked(world, loan_simulation, Wish(M, 12, admin_rp=M), JUNE)

    def test_paid_off_half_way(self, world):
        flat = asked(world, loan_simulation, Wish(12 * M, 12), JUNE)[0]
        assert (flat.ended(6).payoff_rp, flat.ended(6).saved_rp) == (7_120_000, 720_000)

    def test_a_product_brings_its_own_terms_and_limits(self, world):
        product_id = story.product(world, early_interest="all", fee_pct=Decimal(1), maximum_rp=20 * M)
        (offer,) = asked(world, offers, who=member(world, 1))
        assert (offer.product_id, offer.rate) == (product_id, "1 % sebulan")
        assert "paling banyak Rp 20.000.000" in offer.outside(30 * M, 12)
        assert offer.outside(20 * M, 36) == ""
        flat = asked(world, loan_simulation, Wish(12 * M, 12, product_id), JUNE, who=member(world, 1))[0]
        assert (flat.fees_rp, flat.ended(6).saved_rp) == (120_000, 0)
        with pytest.raises(NotFound):
            asked(world, loan_simulation, Wish(12 * M, 12, product_id), JUNE, who=world.other_actors["ketua"])

    def test_what_an_income_can_carry(self, world):
        assert asked(world, purse, 5 * M, 500_000, JUNE).ability_rp == 1_500_000
        assert asked(world, purse, M, 5 * M, JUNE).ability_rp == 0
