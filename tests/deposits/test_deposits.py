"""Time deposits: placed once, paid on their days, rolled over, ended, and always equal to the books."""

from datetime import date
from decimal import Decimal

import pytest

from core.errors import InvalidValue, NotAllowed, NotFound
from models.deposits import DepositMovement, TimeDeposit
from models.ledger import Period
from models.savings import SavingsAccount, SavingsProduct
from services.deposits import due, ending, placing, queries, rates
from services.deposits.refusals import (
    AccountShared,
    DepositAmount,
    DepositOptions,
    DepositsNotDetailed,
    DepositTokenTaken,
    DepositWrongState,
    InterestPending,
    NoRate,
    QuoteChanged,
)
from services.ledger.chart import Role
from services.ledger.posting import credit, debit, post
from services.notifications import queries as bell
from services.savings import taxation
from services.savings.refusals import NotEnough, NotMember
from services.settings import dated
from tests.crowd import at_once, outcomes
from tests.deposits.story import JAN_31, balance, deposit, offer, paid_out, placed, preview, run, years
from tests.loans.story import saver


@pytest.fixture
def siti(world):
    offer(world)
    return world.member()


def saved(world, member_id):
    with world.reading() as session:
        return sum(a.balance_rp for a in session.query(SavingsAccount).filter(SavingsAccount.member_id == member_id))


def test_a_deposit_from_cash_has_its_number_rate_and_kuitansi(world, siti):
    deposit_id = placed(world, siti)
    kept = deposit(world, deposit_id)
    assert (kept.number, kept.rate_pct, kept.matures_on, kept.break_pct) == (
        "SB/2026/0001", Decimal(6), date(2027, 1, 31), Decimal(50),
    )  # fmt: skip
    assert (balance(world, "2103"), balance(world, "11011")) == (-10_000_000, 10_000_000)
    with world.reading() as session:
        receipt = queries.receipt_of(session, world.petugas, kept)
        assert (receipt.amount_rp, receipt.is_payment_in) == (10_000_000, True)
        assert [one.id for one in queries.everyone(session, world.petugas)] == [deposit_id]


def test_a_deposit_out_of_savings_takes_no_more_than_is_there(world):
    offer(world)
    member_id, product_id = saver(world, saved_rp=12_000_000), world.product("voluntary")
    with pytest.raises(NotEnough):
        placed(world, member_id, from_product_id=product_id, amount_rp=12_000_001)
    placed(world, member_id, from_product_id=product_id)
    assert (saved(world, member_id), balance(world, "2103")) == (2_000_000, -10_000_000)


def test_the_same_form_twice_is_one_deposit_and_with_other_content_is_refused(world, siti):
    assert placed(world, siti) == placed(world, siti)
    with pytest.raises(DepositTokenTaken):
        placed(world, siti, amount_rp=20_000_000)
    run(world, date(2026, 3, 1))
    assert placed(world, siti)


def test_monthly_interest_goes_to_savings_on_its_days_and_once(world, siti):
    deposit_id = placed(world, siti, payout="monthly", term_months=12)
    fallen, waiting = run(world, date(2026, 5, 1))
    assert [(one.due_on, one.interest_rp, one.outcome) for one in fallen] == [
        (date(2026, 2, 28), 50_000, "paid"), (date(2026, 3, 31), 50_000, "paid"), (date(2026, 4, 30), 50_000, "paid"),
    ]  # fmt: skip
    assert waiting == []
    assert run(world, date(2026, 5, 1)) == ([], [])
    assert (saved(world, siti), deposit(world, deposit_id).amount_rp) == (150_000, 10_000_000)


def test_capitalised_interest_earns_too(world, siti):
    deposit_id = placed(world, siti, payout="capitalised", rollover="none")
    run(world, date(2026, 4, 30))
    # 50.000, then 0,5 % of 10.050.000, then of 10.100.250
    assert deposit(world, deposit_id).amount_rp == 10_000_000 + 50_000 + 50_250 + 50_501


def test_a_matured_deposit_waits_with_its_interest_and_is_paid_once(world, siti):
    offer(world, term=1, pct="6")
    deposit_id = placed(world, siti, term_months=1)
    assert [one.outcome for one in run(world, date(2026, 2, 28))[0]] == ["matured"]
    assert run(world, date(2026, 12, 1)) == ([], [])
    offered = preview(world, deposit_id, date(2026, 3, 5))
    assert (offered.is_early, offered.paid_rp) == (False, 10_050_000)
    receipts = set()
    for _ in range(2):
        with world.transaction(world.petugas) as session:
            receipts.add(ending.pay_out(session, world.petugas, offered, cash=Role.BANK).id)
    assert len(receipts) == 1
    assert (balance(world, "2103"), balance(world, "11021")) == (0, -10_050_000)
    with pytest.raises(DepositWrongState):
        preview(world, deposit_id, date(2026, 3, 6))


def test_interest_above_the_limit_is_taxed_as_a_whole_over_all_deposits_of_the_month(world, siti):
    offer(world, term=1, pct="6")
    placed(world, siti, term_months=1, amount_rp=40_000_000, placed_on=date(2026, 1, 10))
    placed(world, siti, term_months=1, amount_rp=20_000_000, placed_on=date(2026, 1, 20), token="d2")
    fallen, _ = run(world, date(2026, 2, 28))
    assert [(one.interest_rp, one.tax_rp) for one in fallen] == [(200_000, 0), (100_000, 30_000)]
    assert balance(world, "2114") == -30_000
    with world.reading() as session:
        assert taxation.had(session, world.coop.id, date(2026, 2, 1))[siti] == taxation.Had(300_000, 30_000)


def test_principal_rolls_at_the_rate_of_its_day_and_keeps_the_31st(world, siti):
    offer(world, term=1, pct="6")
    offer(world, term=1, pct="4.5", on=date(2026, 3, 1))
    deposit_id = placed(world, siti, term_months=1, rollover="principal")
    fallen, _ = run(world, date(2026, 5, 30))
    assert [(one.due_on, one.interest_rp, one.outcome) for one in fallen] == [
        (date(2026, 2, 28), 50_000, "rolled"),
        (date(2026, 3, 31), 50_000, "rolled"),
        (date(2026, 4, 30), 37_500, "rolled"),
    ]
    kept = deposit(world, deposit_id)
    assert (kept.matures_on, kept.amount_rp, saved(world, siti)) == (date(2026, 5, 31), 10_000_000, 137_500)


def test_principal_and_interest_roll_together(world, siti):
    offer(world, term=1, pct="6")
    deposit_id = placed(world, siti, term_months=1, rollover="all")
    run(world, date(2026, 3, 31))
    assert deposit(world, deposit_id).amount_rp == 10_100_250
    with world.reading() as session:
        kinds = [m.kind for m in queries.movements(session, world.petugas, deposit_id)]
    assert kinds == ["placed", "interest", "rolled", "interest", "rolled"]


def test_a_term_no_longer_offered_is_not_renewed(world, siti):
    offer(world, term=1, pct="6")
    offer(world, term=1, pct="0", on=date(2026, 2, 1))
    deposit_id = placed(world, siti, term_months=1, rollover="all")
    run(world, date(2026, 2, 28))
    assert deposit(world, deposit_id).state == "matured"


def test_a_roll_without_a_rupiah_of_interest_stands_in_the_books(world, siti):
    with world.transaction(world.ketua) as session:
        dated.decide(session, world.ketua, "deposits.minimum_rp", "1", effective_on=date(2026, 1, 1))
    offer(world, term=1, pct="1")
    deposit_id = placed(world, siti, term_months=1, rollover="all", amount_rp=100)
    assert [one.outcome for one in run(world, date(2026, 2, 28))[0]] == ["rolled"]
    assert deposit(world, deposit_id).matures_on == date(2026, 3, 31)


def test_breaking_early_costs_a_part_of_what_the_term_earned(world, siti):
    deposit_id = placed(world, siti, payout="monthly")
    run(world, date(2026, 3, 31))
    offered = preview(world, deposit_id, date(2026, 4, 10))
    # 100.000 paid before, ten days of 10.000.000 at 6 %: 16.438; the penalty is half of both
    assert (offered.earned_rp, offered.accrued_rp, offered.penalty_rp) == (116_438, 16_438, 58_219)
    receipt = paid_out(world, deposit_id, date(2026, 4, 10))
    assert receipt.amount_rp == 10_000_000 + 16_438 - 58_219
    assert (balance(world, "2103"), balance(world, "4104")) == (0, -58_219)
    with world.reading() as session:
        broken = session.query(DepositMovement).filter(DepositMovement.kind == "broken").one()
        assert (broken.interest_rp, broken.penalty_rp, broken.tax_rp) == (16_438, 58_219, 0)


def test_breaking_on_the_first_day_gives_back_what_was_placed(world, siti):
    deposit_id = placed(world, siti)
    assert preview(world, deposit_id, JAN_31).paid_rp == 10_000_000
    with pytest.raises(DepositOptions):
        preview(world, deposit_id, date(2026, 1, 30))


def test_a_break_into_savings(world, siti):
    deposit_id = placed(world, siti)
    paid_out(world, deposit_id, date(2026, 2, 28), to_product_id=world.product("voluntary"))
    assert saved(world, siti) == 10_025_000
    with pytest.raises(NotFound):
        other = placed(world, siti, token="d2")
        paid_out(world, other, date(2026, 2, 28), to_product_id=world.product("mandatory"))


def test_what_fell_due_is_booked_before_a_deposit_is_broken(world, siti):
    deposit_id = placed(world, siti, payout="capitalised")
    with pytest.raises(InterestPending, match="28 Februari 2026"):
        preview(world, deposit_id, date(2026, 3, 2))
    run(world, date(2026, 3, 2), deposit_id)
    assert preview(world, deposit_id, date(2026, 3, 2)).principal_rp == 10_050_000


def test_a_quote_that_is_no_longer_true_is_refused(world, siti):
    deposit_id = placed(world, siti, payout="capitalised")
    offered = preview(world, deposit_id, date(2026, 2, 27))
    run(world, date(2026, 2, 28))
    with pytest.raises((QuoteChanged, DepositOptions)), world.transaction(world.petugas) as session:
        ending.pay_out(session, world.petugas, offered)


def test_a_due_day_in_a_closed_month_is_booked_today_and_waits_when_nothing_is_open(world, siti):
    placed(world, siti, payout="monthly")
    with world.transaction(world.bendahara) as session:
        for period in session.query(Period).filter(Period.starts_on < date(2026, 3, 1)):
            period.state = "closed"
    fallen, waiting = run(world, date(2026, 3, 5))
    assert [(one.due_on, one.booked_on) for one in fallen] == [(date(2026, 2, 28), date(2026, 3, 5))]
    fallen, waiting = run(world, date(2030, 1, 5))
    assert [one.due_on.month for one in fallen] == list(range(3, 13))
    assert "Bulan terbuka" in waiting[0].reason


def test_one_deposit_that_cannot_be_booked_does_not_hold_up_the_others(world, siti):
    placed(world, siti, payout="monthly", token="a")
    placed(world, siti, payout="capitalised", token="b")
    with world.transaction(world.bendahara) as session:
        session.get_one(SavingsProduct, world.product("voluntary")).is_active = False
    fallen, waiting = run(world, date(2026, 2, 28))
    assert ([one.outcome for one in fallen], len(waiting)) == (["kept"], 1)
    assert "tidak ditemukan" in waiting[0].reason


def test_days_missed_over_a_year_come_in_their_order(world, siti):
    years(world, 2027, 2028)
    placed(world, siti, payout="monthly", rollover="principal")
    placed(world, siti, payout="capitalised", rollover="all", token="d2", placed_on=date(2026, 2, 28))
    fallen, waiting = run(world, date(2028, 2, 29))
    days = [one.due_on for one in fallen]
    assert (days, waiting) == (sorted(days), [])
    assert days[-1] == date(2028, 2, 29)
    assert date(2028, 2, 28) in days  # placed on the 28th: it stays on the 28th


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"amount_rp": 999_999}, DepositAmount),
        ({"amount_rp": -1}, DepositAmount),
        ({"amount_rp": 1e7}, DepositAmount),
        ({"amount_rp": 10**15}, DepositAmount),
        ({"term_months": 7}, NoRate),
        ({"term_months": 0}, DepositOptions),
        ({"term_months": 61}, DepositOptions),
        ({"placed_on": date(2025, 12, 31)}, NoRate),
        ({"payout": "weekly"}, DepositOptions),
        ({"rollover": "x"}, DepositOptions),
        ({"payout": "monthly", "rollover": "all"}, DepositOptions),
        ({"payout": "capitalised", "rollover": "principal"}, DepositOptions),
        ({"token": ""}, DepositOptions),
        ({"member_id": 99_999}, NotFound),
    ],
)
def test_bad_placements_are_refused_in_words(world, siti, changes, refusal):
    with pytest.raises(refusal):
        placed(world, **{"member_id": siti, **changes})


def test_rates_are_checked(world):
    for term, pct in ((0, Decimal(6)), (61, Decimal(6)), (12, Decimal(-1)), (12, Decimal("NaN")), (12, Decimal(101))):
        with pytest.raises(InvalidValue), world.transaction(world.bendahara) as session:
            rates.decide(session, world.bendahara, term, pct, effective_on=JAN_31)
    with pytest.raises(NotAllowed), world.transaction(world.petugas) as session:
        rates.decide(session, world.petugas, 12, Decimal(6), effective_on=JAN_31)


def old_money(world, amount_rp):
    with world.transaction(world.bendahara) as session:
        lines = [debit(Role.BANK, amount_rp), credit(Role.TIME_DEPOSITS, amount_rp)]
        return post(
            session, world.bendahara, booked_on=date(2026, 1, 1), memo="lama", source="old", lines=lines
        ).seq  # fmt: skip


def test_old_deposits_are_listed_before_new_ones_come(world, siti):
    seq = old_money(world, 5_000_000)
    with pytest.raises(DepositsNotDetailed, match=r"5\.000\.000"):
        placed(world, siti)
    wish = placing.Placement(siti, 5_000_000, 6, date(2025, 5, 15), "old", "monthly", "principal")
    with world.transaction(world.bendahara) as session:
        for _ in range(2):
            taken = placing.take_over(
                session, world.bendahara, wish, number="LAMA-7", rate_pct=Decimal(6),
                interest_until=date(2025, 12, 20), opening_seq=seq,
            )  # fmt: skip
        assert (taken.matures_on, taken.interest_until) == (date(2026, 5, 15), date(2025, 12, 15))
    placed(world, siti)
    fallen, _ = run(world, date(2026, 1, 31))
    assert [(one.number, one.interest_rp) for one in fallen] == [("LAMA-7", 25_000)]


def test_the_account_of_deposits_is_theirs_alone(world, siti):
    with world.transaction(world.bendahara) as session:
        session.get_one(SavingsProduct, world.product("voluntary")).account_id = world.account(session, "2103")
    with pytest.raises(AccountShared):
        placed(world, siti)


def test_who_left_places_nothing_and_who_has_a_deposit_does_not_leave(world, siti):
    from services.loans import exits
    from services.members.refusals import DepositsRunning

    deposit_id = placed(world, siti)
    with world.transaction(world.ketua) as session:
        leaving = exits.preview(session, world.ketua, siti, on=date(2026, 2, 1))
    with pytest.raises(DepositsRunning), world.transaction(world.ketua) as session:
        exits.settle(session, world.ketua, leaving, left_on=date(2026, 2, 1), reason="pindah")
    paid_out(world, deposit_id, date(2026, 2, 1))
    with world.transaction(world.ketua) as session:
        leaving = exits.preview(session, world.ketua, siti, on=date(2026, 2, 2))
        exits.settle(session, world.ketua, leaving, left_on=date(2026, 2, 2), reason="pindah")
    with pytest.raises(NotMember):
        placed(world, siti, token="d2")


def test_hand_written_journals_do_not_touch_deposits(world, siti):
    from services.ledger import manual
    from services.ledger.refusals import ControlAccount

    placed(world, siti)
    with world.reading() as session:
        lines = [debit(world.account(session, "2103"), 5), credit(world.account(session, "11011"), 5)]
    draft = manual.JournalDraft(date(2026, 2, 1), "coba", lines, "t")
    with pytest.raises(ControlAccount), world.transaction(world.bendahara) as session:
        manual.request_journal(session, world.bendahara, draft)


def test_the_checks_find_a_deposit_that_somebody_changed(world, siti):
    from services.ledger.checks import check_books

    deposit_id, world.checked = placed(world, siti), False
    with world.database.session(writes=True, coop_id=world.coop.id) as session, session.begin():
        session.get_one(TimeDeposit, deposit_id).amount_rp -= 1
    with world.reading() as session:
        found = {finding.check for finding in check_books(session, world.coop.id)}
    assert found == {"deposits_equal_their_control_account", "deposits_equal_their_movements"}


def test_members_are_told_and_see_their_own_alone(world, siti):
    from dataclasses import replace

    offer(world, term=1, pct="6")
    deposit_id = placed(world, siti, term_months=1)
    run(world, date(2026, 2, 28))
    member = replace(world.pengelola_toko, member_id=siti, permissions=frozenset({"own.view"}))
    with world.reading(member) as session:
        assert "jatuh tempo" in bell.latest(session, member)[0].title
        assert [one.id for one in queries.of_member(session, member, siti)] == [deposit_id]
        assert queries.get(session, member, deposit_id)
    stranger = replace(member, member_id=siti + 1)
    with pytest.raises(NotFound), world.reading(stranger) as session:
        queries.get(session, stranger, deposit_id)


def test_a_neighbours_deposit_is_not_there(world, siti):
    deposit_id, neighbour = placed(world, siti), world.other_actors["bendahara"]
    with world.transaction(neighbour) as session:
        assert due.catch_up(session, neighbour, date(2027, 3, 1)) == ([], [])
        assert queries.everyone(session, neighbour) == []
        for act in (queries.get, queries.locked, queries.movements):
            with pytest.raises(NotFound):
                act(session, neighbour, deposit_id)
    offer_of_neighbour = placing.Placement(siti, 10_000_000, 12, JAN_31, "d1")
    with pytest.raises(NotFound), world.transaction(neighbour) as session:
        placing.place(session, neighbour, offer_of_neighbour)


def test_twenty_breaks_of_one_deposit_pay_once(any_world):
    world = any_world
    offer(world)
    deposit_id = placed(world, world.member())
    offered = preview(world, deposit_id, date(2026, 2, 10))

    def click() -> int:
        with world.transaction(world.petugas) as session:
            return ending.pay_out(session, world.petugas, offered).number

    receipts = outcomes([click] * 20)
    assert (len(receipts), len(set(receipts)), {type(number) for number in receipts}) == (20, 1, {int})
    assert balance(world, "2103") == 0


def test_twenty_runs_of_a_day_pay_its_interest_once(any_world):
    world = any_world
    offer(world)
    placed(world, world.member(), payout="monthly")
    runs = at_once([lambda: run(world, date(2026, 2, 28))[0]] * 20)
    assert sum(len(fallen) for fallen in runs) == 1
