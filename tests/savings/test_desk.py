"""The teller's desk: money in and out, once per click, never below zero, undone with a mirror image."""

import threading
from datetime import date

import pytest
from sqlalchemy import create_engine, select

from core.errors import InvalidValue, NotAllowed, NotFound
from models.ledger import JournalEntry
from models.members import Member
from models.savings import Receipt, SavingsAccount, SavingsMovement
from services.ledger import periods
from services.ledger.chart import Role
from services.ledger.refusals import PeriodClosed, SourceTaken
from services.loans import exits
from services.savings import commands, products, queries
from services.savings.refusals import AlreadyUndone, AmountInvalid, CannotUndo, NotEnough, NotMember, NotWithdrawable
from tests.crowd import at_once

DAY = date(2026, 3, 5)


def move(world, member_id, kind, amount_rp, token, *, out=False, day=DAY, who="petugas", **more) -> Receipt:
    actor = world.actors[who]
    act = commands.withdraw if out else commands.deposit
    with world.transaction(actor) as session:
        product_id = products.of_kind(session, actor, kind).id
        return act(
            session, actor, member_id=member_id, product_id=product_id, amount_rp=amount_rp, booked_on=day,
            token=token, **more,
        )  # fmt: skip


def balance(world, member_id, kind="voluntary") -> int:
    with world.reading(world.petugas) as session:
        rows = queries.balances(session, world.petugas, member_id)
    return sum(row.balance_rp for row in rows if row.kind == kind)


def undo(world, receipt: Receipt, day: date = DAY) -> SavingsMovement:
    actor = world.bendahara
    with world.transaction(actor) as session:
        moved = session.scalars(select(SavingsMovement).where(SavingsMovement.source == receipt.source)).one()
        return commands.reverse_movement(session, actor, moved.id, booked_on=day, reason="Salah hitung")


def test_a_deposit_is_booked_receipted_and_in_the_passbook(any_world):
    siti = any_world.member()
    receipt = move(any_world, siti, "voluntary", 50_000, "a", memo="Titipan")
    assert (receipt.label, receipt.amount_rp, receipt.balance_after_rp) == ("KW/2026/00001", 50_000, 50_000)
    move(any_world, siti, "voluntary", 20_000, "b", out=True)
    with any_world.reading(any_world.petugas) as session:
        lines = queries.mutations(session, any_world.petugas, siti)
        entry = session.scalars(select(JournalEntry).where(JournalEntry.seq == receipt.entry_seq)).one()
        codes = [(x.account.code, x.member_id, x.debit_rp, x.credit_rp) for x in entry.lines]
    assert [(x.amount_rp, x.balance_rp, x.receipt_id is not None) for x in lines] == [
        (50_000, 50_000, True), (-20_000, 30_000, True),
    ]  # fmt: skip
    assert codes == [("11011", None, 50_000, 0), ("2101", siti, 0, 50_000)]


def test_money_may_come_from_the_bank(world):
    siti = world.member()
    receipt = move(world, siti, "voluntary", 50_000, "a", cash=Role.BANK)
    with world.reading() as session:
        entry = session.scalars(select(JournalEntry).where(JournalEntry.seq == receipt.entry_seq)).one()
        assert entry.lines[0].account.code == "11021"


def test_the_second_click_shows_the_same_kuitansi(world):
    siti = world.member()
    assert move(world, siti, "voluntary", 50_000, "a").id == move(world, siti, "voluntary", 50_000, "a").id
    assert balance(world, siti) == 50_000


def test_twenty_clicks_at_once_are_one_deposit(any_world):
    siti = any_world.member()
    results = at_once([lambda: move(any_world, siti, "voluntary", 50_000, "a").label] * 20)
    assert results == ["KW/2026/00001"] * 20
    assert balance(any_world, siti) == 50_000


@pytest.mark.parametrize("change", [{"amount_rp": 60_000}, {"day": date(2026, 3, 6)}, {"memo": "lain"}, {"out": True}])
def test_the_same_form_with_anything_else_in_it_is_refused(world, change):
    siti = world.member()
    move(world, siti, "voluntary", 50_000, "a")
    told = {"amount_rp": 50_000} | change
    with pytest.raises(SourceTaken):
        move(world, siti, "voluntary", told.pop("amount_rp"), "a", **told)
    assert balance(world, siti) == 50_000


def test_twenty_who_withdraw_sixty_of_a_hundred_at_once_leave_forty(any_world):
    siti = any_world.member()
    move(any_world, siti, "voluntary", 100, "a")
    results = at_once([lambda n=n: move(any_world, siti, "voluntary", 60, f"w{n}", out=True) for n in range(20)])
    assert sorted(type(r).__name__ for r in results) == ["NotEnough"] * 19 + ["Receipt"]
    assert balance(any_world, siti) == 40


def test_a_desk_that_looks_first_and_writes_later_would_overdraw(world):
    """The same crowd at a naive desk loses money: so the test above would see it."""
    siti = world.member()
    move(world, siti, "voluntary", 1_000, "a")
    world.checked = False
    plain = create_engine(world.database.engine.url, connect_args={"timeout": 30}, pool_size=12)
    looked = threading.Barrier(12, timeout=60)

    def naive():
        with plain.connect() as look:
            held = look.exec_driver_sql("select balance_rp from savings_accounts").scalar_one()
        looked.wait()  # everybody has looked before anybody writes
        if held < 600:
            return False
        with plain.begin() as write:
            write.exec_driver_sql(f"update savings_accounts set balance_rp = {held} - 600")
        return True

    paid = sum(at_once([naive] * 12))
    plain.dispose()
    assert paid > 1


@pytest.mark.parametrize("amount", [0, -5, 10**15, 1.5, True])
@pytest.mark.parametrize("out", [False, True])
def test_only_whole_rupiah_above_zero_move(world, amount, out):
    siti = world.member()
    move(world, siti, "voluntary", 10_000, "a")
    with pytest.raises(AmountInvalid):
        move(world, siti, "voluntary", amount, "b", out=out)
    assert balance(world, siti) == 10_000


def test_more_than_is_there_is_refused_with_what_is_there(world):
    siti = world.member()
    move(world, siti, "voluntary", 10_000, "a")
    with pytest.raises(NotEnough, match=r"hanya Rp 10\.000, tidak cukup untuk menarik Rp 10\.001"):
        move(world, siti, "voluntary", 10_001, "b", out=True)


def test_the_least_balance_of_a_product_stays(world):
    siti = world.member()
    with world.transaction() as session:
        products.of_kind(session, world.bendahara, "voluntary").minimum_balance_rp = 4_000
    move(world, siti, "voluntary", 10_000, "a")
    with pytest.raises(NotEnough):
        move(world, siti, "voluntary", 6_001, "b", out=True)
    move(world, siti, "voluntary", 6_000, "c", out=True)


@pytest.mark.parametrize("kind", ["share", "mandatory"])
def test_pokok_and_wajib_stay_while_one_is_a_member(world, kind):
    siti = world.member()
    move(world, siti, kind, 10_000, "a")
    with pytest.raises(NotWithdrawable):
        move(world, siti, kind, 5_000, "b", out=True)


def test_an_applicant_has_no_savings_yet(world):
    from services.members import commands as members

    with world.transaction(world.petugas) as session:
        applied = members.apply(session, world.petugas, members.PersonData(name="Joko"), applied_on=DAY)
    with pytest.raises(NotMember, match="calon anggota"):
        move(world, applied.id, "voluntary", 5_000, "a")


def test_a_member_of_the_neighbour_is_not_there(world):
    siti, clerk = world.member(), world.other_actors["petugas"]
    with world.reading(clerk) as session:
        product_id = products.of_kind(session, clerk, "voluntary").id
    with pytest.raises(NotFound), world.transaction(clerk) as session:
        commands.deposit(session, clerk, member_id=siti, product_id=product_id, amount_rp=5, booked_on=DAY, token="a")
    with pytest.raises(NotFound), world.transaction(world.petugas) as session:
        commands.deposit(
            session, world.petugas, member_id=siti, product_id=product_id, amount_rp=5, booked_on=DAY, token="a"
        )


@pytest.mark.parametrize("who", ["ketua", "sekretaris", "pengawas", "pengelola_toko"])
def test_only_the_desk_moves_money(world, who):
    siti = world.member()
    with pytest.raises(NotAllowed):
        move(world, siti, "voluntary", 5_000, "a", who=who)


def test_a_closed_month_takes_no_deposit(world):
    siti = world.member()
    with world.transaction() as session:
        january = periods.period_of(session, world.bendahara, date(2026, 1, 1))
        periods.change(session, world.bendahara, january.id, "close")
    with pytest.raises(PeriodClosed):
        move(world, siti, "voluntary", 5_000, "a", day=date(2026, 1, 31))
    with world.reading() as session:
        assert session.query(SavingsAccount).count() == session.query(Receipt).count() == 0


class TestUndo:
    def test_the_mirror_image_is_kept_beside_the_original(self, any_world):
        siti = any_world.member()
        receipt = move(any_world, siti, "voluntary", 50_000, "a")
        undone = undo(any_world, receipt, date(2026, 3, 6))
        assert (undone.kind, undone.amount_rp, balance(any_world, siti)) == ("reversal", -50_000, 0)
        with any_world.reading() as session:
            assert [e.reverses_seq for e in session.query(JournalEntry).order_by(JournalEntry.seq)] == [None, 1]

    def test_once(self, world):
        siti = world.member()
        receipt = move(world, siti, "voluntary", 50_000, "a")
        undo(world, receipt)
        with pytest.raises(AlreadyUndone):
            undo(world, receipt)

    def test_once_even_for_ten_at_once(self, any_world):
        siti = any_world.member()
        move(any_world, siti, "voluntary", 90_000, "z")
        receipt = move(any_world, siti, "voluntary", 50_000, "a")
        results = at_once([lambda: undo(any_world, receipt)] * 10)
        assert sorted(type(r).__name__ for r in results) == ["AlreadyUndone"] * 9 + ["SavingsMovement"]
        assert balance(any_world, siti) == 90_000

    def test_not_when_the_money_is_gone(self, world):
        siti = world.member()
        receipt = move(world, siti, "voluntary", 50_000, "a")
        move(world, siti, "voluntary", 20_000, "b", out=True)
        with pytest.raises(NotEnough):
            undo(world, receipt)

    def test_not_an_undoing(self, world):
        siti = world.member()
        undone = undo(world, move(world, siti, "voluntary", 50_000, "a"))
        with pytest.raises(CannotUndo), world.transaction() as session:
            commands.reverse_movement(session, world.bendahara, undone.id, booked_on=DAY, reason="x")

    def test_not_without_a_reason(self, world):
        siti = world.member()
        receipt = move(world, siti, "voluntary", 50_000, "a")
        with pytest.raises(InvalidValue), world.transaction() as session:
            moved = session.scalars(select(SavingsMovement).where(SavingsMovement.source == receipt.source)).one()
            commands.reverse_movement(session, world.bendahara, moved.id, booked_on=DAY, reason=" ")

    def test_not_for_somebody_who_left(self, world):
        """A withdrawal undone would leave savings nobody can pay out any more."""
        siti = world.member()
        move(world, siti, "voluntary", 50_000, "a")
        out = move(world, siti, "voluntary", 20_000, "b", out=True)
        with world.transaction(world.ketua) as session:
            leaving = exits.preview(session, world.ketua, siti, on=DAY)
            exits.settle(session, world.ketua, leaving, left_on=DAY, reason="Pindah")
        with pytest.raises(NotMember, match="sudah keluar"):
            undo(world, out)

    def test_not_by_the_clerk_alone(self, world):
        siti = world.member()
        move(world, siti, "voluntary", 50_000, "a")
        with pytest.raises(NotAllowed), world.transaction(world.petugas) as session:
            commands.reverse_movement(session, world.petugas, 1, booked_on=DAY, reason="x")


class TestProducts:
    def save(self, world, **changes):
        with world.transaction() as session:
            held = products.of_kind(session, world.bendahara, "voluntary")
            told = {"code": held.code, "name": held.name, "kind": held.kind, "account_id": held.account_id}
            return products.save(session, world.bendahara, product_id=held.id, **(told | changes))

    def test_kind_and_account_stay_once_money_has_moved(self, world):
        with world.reading() as session:
            other = world.account(session, "2109")
        move(world, world.member(), "voluntary", 5_000, "a")
        for change in ({"kind": "mandatory"}, {"account_id": other}):
            with pytest.raises(InvalidValue, match="sudah dipakai"):
                self.save(world, **change)
        assert self.save(world, name="Sukarela harian").name == "Sukarela harian"

    def test_before_any_money_they_may_change(self, world):
        with world.reading() as session:
            other = world.account(session, "2109")
        assert self.save(world, account_id=other).account_id == other

    def test_an_account_that_already_holds_other_entries_is_no_control_account(self, world):
        from services.ledger.posting import credit, debit, post

        with world.transaction() as session:
            other = world.account(session, "2109")
            post(
                session, world.bendahara, booked_on=DAY, memo="x", source="x",
                lines=[debit(Role.CASH, 7), credit(other, 7)],
            )  # fmt: skip
        with pytest.raises(InvalidValue, match="saldo"):
            self.save(world, account_id=other)

    @pytest.mark.parametrize("code", ["11011", "1", "4101"])
    def test_savings_stand_on_a_detail_account_of_what_is_owed(self, world, code):
        with world.reading() as session:
            account = world.account(session, code)
        with pytest.raises(InvalidValue, match="liabilitas atau ekuitas"):
            self.save(world, account_id=account)


def test_the_register_knows_who_is_a_member(world):
    siti = world.member()
    with world.reading() as session:
        assert session.get_one(Member, siti).state == "active"
