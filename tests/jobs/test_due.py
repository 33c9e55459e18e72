"""The day's chores in the books: what falls due by itself, once, in order, and caught up after days without a run."""

from datetime import date
from decimal import Decimal

import pytest

from models.access import CoopUser, User
from models.ledger import JournalEntry, Period
from models.notifications import Notification
from models.savings import InterestRun, SavingsMovement, SavingsProduct
from services.access import machine, sign_in
from services.jobs import daily
from services.loans import repayment
from services.loans.repayment import Payment
from services.savings import commands, products
from tests.deposits.story import deposit, offer, placed
from tests.loans import story

FINE = ["maju: semua buku benar.", "tetangga: semua buku benar."]


@pytest.fixture
def siti(world):
    """Rp 36.500.000 saved on 6 January, 6 % a year by daily balance."""
    member_id = story.saver(world, saved_rp=36_500_000)
    with world.transaction(world.bendahara) as session:
        product = session.get_one(SavingsProduct, world.product("voluntary"))
        products.save(
            session, world.bendahara, code=product.code, name=product.name, kind=product.kind,
            account_id=product.account_id, product_id=product.id, interest_method="daily", interest_pct=Decimal(6),
            interest_from=date(2026, 1, 1),
        )  # fmt: skip
    return member_id


def keys(world, prefix):
    with world.reading() as session:
        found = session.query(Notification.key).filter(Notification.key.startswith(prefix))
        return [key for (key,) in found.order_by(Notification.id)]


def test_a_day_with_nothing_due_says_so_and_nothing_else(world):
    assert daily.run(world.database, date(2026, 3, 2)) == FINE


def test_months_that_are_over_are_booked_in_order_and_once(world, siti):
    lines = daily.run(world.database, date(2026, 4, 1))
    assert lines[:3] == [
        "maju: jasa simpanan Januari 2026 dibukukan, Rp 156.000.",
        "maju: jasa simpanan Februari 2026 dibukukan, Rp 168.718.",
        "maju: jasa simpanan Maret 2026 dibukukan, Rp 187.655.",
    ]
    assert daily.run(world.database, date(2026, 4, 1)) == FINE
    assert daily.run(world.database, date(2026, 4, 30)) == FINE
    with world.reading() as session:
        days = [entry.booked_on for entry in session.query(JournalEntry) if entry.source.startswith("savings-int")]
    assert days == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]


def test_a_closed_month_waits_and_says_so_until_it_is_opened(world, siti):
    with world.transaction(world.bendahara) as session:
        session.query(Period).filter(Period.starts_on == date(2026, 1, 1)).one().state = "closed"
    for _ in range(2):
        lines = daily.run(world.database, date(2026, 3, 1))
        assert lines[0] == (
            "maju: jasa simpanan Januari 2026 menunggu: Periode Januari 2026 sudah ditutup. "
            "Pilih tanggal di periode yang masih terbuka."
        )
        assert lines[1:] == FINE
    with world.transaction(world.bendahara) as session:
        session.query(Period).filter(Period.starts_on == date(2026, 1, 1)).one().state = "open"
    assert len(daily.run(world.database, date(2026, 3, 1))) == 2 + len(FINE)


def test_deposits_come_before_savings_interest_and_share_the_months_tax(world, siti):
    offer(world)
    deposit_id = placed(world, siti, payout="monthly", amount_rp=40_000_000, placed_on=date(2026, 1, 15))
    lines = daily.run(world.database, date(2026, 3, 1))
    assert lines[0] == "maju: 1 bunga simpanan berjangka dibukukan."
    assert deposit(world, deposit_id).interest_until == date(2026, 2, 15)
    with world.reading() as session:
        taxed = session.query(SavingsMovement).filter(SavingsMovement.kind == "tax").one()
        run = session.query(InterestRun).filter(InterestRun.month_on == date(2026, 2, 1)).one()
    # 200.000 of the deposit were free on the 15th; with February's savings interest the whole is taxed
    assert (taxed.booked_on, run.tax_rp) == (date(2026, 2, 28), (200_000 + run.interest_rp) // 10)
    assert taxed.amount_rp == -run.tax_rp


def test_what_the_machine_booked_bears_its_name_and_nobody_signs_in_as_it(world, siti):
    daily.run(world.database, date(2026, 2, 1))
    with world.database.platform("test") as session:
        user = session.query(User).filter(User.username == machine.USERNAME).one()
        entry = session.query(JournalEntry).filter(JournalEntry.source.startswith("savings-interest")).one()
        assert (entry.posted_by, user.password_hash, user.is_active) == (user.id, None, False)
    assert sign_in.actor_for(world.database, user.id, world.coop.id) is None
    with pytest.raises(sign_in.SignInFailed):
        sign_in.check_password(world.database, machine.USERNAME, "", "10.0.0.1")


def test_an_installment_is_told_of_before_it_is_due_and_while_it_is_late(world):
    loan_id = story.disbursed(world, story.saver(world), story.product(world))
    for day in (8, 9, 10, 12):
        daily.run(world.database, date(2026, 2, day))
    assert keys(world, "loan:1:due") == [f"loan:{loan_id}:due:1:1"]
    for day in (date(2026, 2, 13), date(2026, 2, 14), date(2026, 2, 19), date(2026, 3, 14)):
        daily.run(world.database, day)
    stages = [f"loan:{loan_id}:late:2026-02-12:{days}" for days in (1, 7, 30)]
    assert keys(world, "loan:1:late") == stages
    with world.transaction(world.petugas) as session:
        repayment.pay(session, world.petugas, Payment(loan_id, 2_240_000, date(2026, 3, 15), "paid"))
    daily.run(world.database, date(2026, 3, 16))
    daily.run(world.database, date(2026, 4, 10))
    assert keys(world, "loan:1:late") == stages
    assert keys(world, "loan:1:due")[-1] == f"loan:{loan_id}:due:1:3"


def test_after_days_without_a_run_only_the_stage_of_today_is_told(world):
    loan_id = story.disbursed(world, story.saver(world), story.product(world))
    daily.run(world.database, date(2026, 2, 25))
    assert keys(world, "loan:1:")[-1:] == [f"loan:{loan_id}:late:2026-02-12:7"]
    assert len(keys(world, "loan:1:late")) == 1


def test_what_the_paymaster_withholds_is_not_asked_of_the_member(world):
    loan_id = story.approved(world, story.saver(world), story.product(world), collected_by="payroll")
    story.pay_out(world, loan_id)
    daily.run(world.database, date(2026, 2, 10))
    assert keys(world, "loan:1:due") == []


def test_who_can_see_it_is_told_of_last_months_statement(world):
    siti, new = world.member(), world.member("Baru", joined_on=date(2026, 3, 1))
    world.member("Tanpa Akun")
    with world.database.platform("test", writes=True) as session:
        for name, member_id in (("siti", siti), ("baru", new)):
            user = User(username=name, full_name=name)
            session.add(user)
            session.flush()
            session.add(CoopUser(coop_id=world.coop.id, user_id=user.id, member_id=member_id))
    assert daily.run(world.database, date(2026, 3, 2))[0] == "maju: 1 pemberitahuan untuk anggota."
    assert daily.run(world.database, date(2026, 3, 31)) == FINE
    assert keys(world, "statement") == [f"statement:2026-02:{siti}"]


def test_the_chores_hold_on_postgresql_too(pg_world):
    world = pg_world
    offer(world)
    placed(world, story.saver(world, saved_rp=1_000_000), payout="capitalised")
    assert daily.run(world.database, date(2026, 4, 1))[0] == "maju: 2 bunga simpanan berjangka dibukukan."
    assert daily.run(world.database, date(2026, 4, 1)) == FINE
    with world.transaction(world.petugas) as session:
        commands.deposit(
            session, world.petugas, member_id=1, product_id=world.product("voluntary"), amount_rp=1_000,
            booked_on=date(2026, 4, 1), token="after",
        )  # fmt: skip
