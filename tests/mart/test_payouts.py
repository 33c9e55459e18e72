"""A shop's balance: asked for once, approved by another, paid once, never to an account that has just changed."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from core.actor import Actor
from core.clock import now
from core.errors import InvalidValue, NotAllowed, NotFound
from models.ledger import JournalEntry
from models.mart.balance import StoreMovement, StoreWithdrawal
from models.mart.stores import Store
from models.notifications import Notification
from services.ledger.chart import Role
from services.mart import balance, payouts, returns
from services.mart.payout_ways import Proof
from services.mart.refusals import (
    BankChangedLately,
    BankChangedSince,
    BankMissing,
    OwnPayout,
    PayoutDiffers,
    PayoutWrongState,
    StoreBalanceTooLow,
)
from tests.admin_panel.story import picture
from tests.crowd import outcomes
from tests.mart.story import DAY, Shop, shop

LONG_AGO = datetime(2026, 1, 2, 3, 0, tzinfo=UTC)


def earning(world) -> Shop:
    """A shop whose treasury owes it Rp 142.500: two sacks sold, less commission."""
    made = shop(world, commission_pct=Decimal(5))
    bank(made)
    siti, rice = made.buyer(), made.variant()
    order = made.place(siti, (rice, 2), pay_by="savings")
    made.pay(siti, order)
    made.hand_over(order)
    made.known["order"], made.known["siti"] = order, siti
    return made


def bank(store: Shop, changed_at: datetime = LONG_AGO) -> None:
    """Give the shop a bank account, as if it were changed then."""

    def done(session):
        row = session.get_one(Store, store.store_id)
        row.bank_name, row.bank_holder, row.bank_account_masked = "BRI", "Toko Maju", "00••••12"
        row.bank_account_cipher, row.bank_changed_at = b"sealed", changed_at

    store.act(store.keeper, done)


@pytest.fixture
def store(world) -> Shop:
    return earning(world)


def ask(store: Shop, amount_rp: int = 100_000, token: str = "", who: Actor | None = None, **more) -> StoreWithdrawal:
    who, token = who or store.keeper, token or store.token()
    return store.act(who, lambda s: payouts.ask(s, who, store.store_id, amount_rp, DAY, token, **more))


def approve(store: Shop, payout: StoreWithdrawal, who: str = "ketua") -> StoreWithdrawal:
    actor = store.actors[who]
    return store.act(actor, lambda s: payouts.approve(s, actor, payout.id))


def pay(store: Shop, payout: StoreWithdrawal, who: Actor | None = None, **more) -> StoreWithdrawal:
    actor = who or store.actors["bendahara"]
    return store.act(actor, lambda s: payouts.pay(s, actor, payout.id, on=DAY, **more))


def now_is(store: Shop, payout: StoreWithdrawal) -> str:
    with store.world.reading(store.keeper) as session:
        return session.get_one(StoreWithdrawal, payout.id).state


def test_the_balance_goes_from_the_treasury_to_the_shop_and_the_books_tell_both_sides(store):
    payout = ask(store, note="Kulakan")
    assert (payout.state, payout.pay_to) == ("asked", "BRI 00••••12 a.n. Toko Maju")
    approve(store, payout)
    paid = pay(store, payout)
    assert (paid.state, paid.paid_on) == ("paid", DAY)
    assert store.journal(f"mart:payout:{payout.id}") == {
        ("2901", "PUSAT"): 100_000, ("11021", "PUSAT"): -100_000,
        ("11014", "TOKO"): 100_000, ("1901", "TOKO"): -100_000,
    }  # fmt: skip
    assert store.balance() == 42_500
    with store.world.reading(store.keeper) as session:
        moved = balance.statement(session, store.keeper, store.store_id)
        assert [(m.kind, m.amount_rp) for m in moved] == [
            ("sale", 150_000), ("commission", -7_500), ("withdrawal", -100_000),
        ]  # fmt: skip
        mine = session.query(Notification).filter(Notification.user_id == store.keeper.user_id)
        told = mine.filter(Notification.key.not_like("order:%")).all()
        assert [one.title for one in told] == [
            "Penarikan saldo Toko Maju disetujui", "Penarikan saldo Toko Maju dibayar",
        ]  # fmt: skip


def test_the_shop_s_own_bank_account_may_take_the_money(store):
    first, second = ask(store, 50_000), ask(store, 20_000)
    for payout, into in ((first, Role.BANK_SAVINGS), (second, None)):
        approve(store, payout)
        with store.world.reading(store.keeper) as session:
            into = into or store.world.account(session, "11021")
        pay(store, payout, account=Role.CASH, into=into)
    assert store.journal(f"mart:payout:{second.id}") == {
        ("2901", "PUSAT"): 20_000, ("11011", "PUSAT"): -20_000, ("11021", "TOKO"): 20_000, ("1901", "TOKO"): -20_000,
    }  # fmt: skip


def test_money_goes_nowhere_but_to_and_from_accounts_of_cash_and_bank(store):
    payout = ask(store)
    approve(store, payout)
    for wrong in ({"account": Role.MEMBER_SALES}, {"account": 999_999}, {"into": Role.INVENTORY}, {"into": 1}):
        with pytest.raises(InvalidValue):
            pay(store, payout, **wrong)
    assert (now_is(store, payout), store.balance()) == ("approved", 142_500)


def test_no_more_than_the_balance_less_what_is_asked_for(store):
    for odd in (0, -1, 10**20):
        with pytest.raises(InvalidValue):
            ask(store, odd)
    ask(store, 100_000)
    with pytest.raises(StoreBalanceTooLow, match=r"Rp 42\.500, kurang dari Rp 42\.501"):
        ask(store, 42_501)
    last = ask(store, 42_500)
    store.act(store.keeper, lambda s: payouts.cancel(s, store.keeper, last.id))
    ask(store, 42_500)


def test_the_second_click_asks_for_nothing_more(store):
    first, again = ask(store, token="same-form"), ask(store, token="same-form")
    assert first.id == again.id
    with pytest.raises(PayoutDiffers):
        ask(store, 50_000, token="same-form")


def test_an_account_that_changed_within_a_day_gets_nothing(store):
    bank(store, now() - timedelta(hours=23))
    with pytest.raises(BankChangedLately, match=r"lagi mulai .* WIB"):
        ask(store)
    bank(store, now() - timedelta(hours=25))
    payout = ask(store)
    bank(store, now())
    with pytest.raises(BankChangedSince):
        approve(store, payout)
    bank(store, now() - timedelta(hours=25))
    approve(store, payout)
    bank(store, now())
    with pytest.raises(BankChangedSince):
        pay(store, payout)
    assert store.balance() == 142_500

    def forget(session):
        row = session.get_one(Store, store.store_id)
        row.bank_name, row.bank_account_cipher, row.bank_changed_at = "", None, None

    store.act(store.keeper, forget)
    with pytest.raises(BankMissing):
        ask(store, 1_000)


def test_who_asks_decides_nothing_and_only_the_shop_s_people_ask(store):
    both = Actor(store.keeper.user_id, store.keeper.coop_id,
                 store.keeper.permissions | {"mart.payout_approve", "mart.payout", "mart.every_store"})  # fmt: skip
    payout = ask(store)
    with pytest.raises(OwnPayout):
        store.act(both, lambda s: payouts.approve(s, both, payout.id))
    approve(store, payout, "bendahara")
    with pytest.raises(OwnPayout):
        pay(store, payout, both)
    for who in ("bendahara", "ketua", "petugas", "pengawas"):
        with pytest.raises(NotAllowed):
            ask(store, who=store.actors[who])
    for who in ("ketua", "pengelola_toko", "sekretaris", "pengawas"):
        with pytest.raises(NotAllowed):
            pay(store, payout, store.actors[who])
    for act in (payouts.approve, lambda s, a, i: payouts.reject(s, a, i, reason="tidak")):
        with pytest.raises(NotAllowed):
            store.act(store.keeper, lambda s, act=act: act(s, store.keeper, payout.id))


def test_a_shop_of_somebody_else_is_not_there(store):
    payout = ask(store)
    neighbour = store.world.other_actors["bendahara"]
    with pytest.raises(NotFound):
        store.act(neighbour, lambda s: payouts.pay(s, neighbour, payout.id, on=DAY))
    stranger = Actor(store.actors["petugas"].user_id, store.keeper.coop_id, store.keeper.permissions)
    for act in (
        lambda s: payouts.ask(s, stranger, store.store_id, 1_000, DAY, "t"),
        lambda s: payouts.cancel(s, stranger, payout.id),
        lambda s: payouts.get(s, stranger, payout.id),
        lambda s: payouts.free(s, stranger, store.store_id),
    ):
        with pytest.raises(NotFound):
            store.act(stranger, act)
    with store.world.reading(stranger) as session:
        assert payouts.listed(session, stranger) == []
    with store.world.reading(store.keeper) as session:
        assert [one.id for one in payouts.listed(session, store.keeper, "asked")] == [payout.id]


def test_every_state_takes_only_its_moves(store):
    payout = ask(store)
    with pytest.raises(PayoutWrongState, match="menunggu persetujuan"):
        pay(store, payout)
    with pytest.raises(InvalidValue):
        store.act(store.actors["ketua"], lambda s: payouts.reject(s, store.actors["ketua"], payout.id, reason=" "))
    ketua = store.actors["ketua"]
    store.act(ketua, lambda s: payouts.reject(s, ketua, payout.id, reason="Tunggu retur"))
    for act in (
        lambda: approve(store, payout),
        lambda: pay(store, payout),
        lambda: store.act(store.keeper, lambda s: payouts.cancel(s, store.keeper, payout.id)),
    ):
        with pytest.raises(PayoutWrongState, match="ditolak"):
            act()
    with store.world.reading(store.keeper) as session:
        told = session.query(Notification).filter(Notification.key.not_like("order:%")).one()
        assert "Tunggu retur" in told.body


def test_a_refund_meanwhile_leaves_nothing_to_pay(store):
    payout = ask(store, 142_500)
    approve(store, payout)
    order, siti = store.known["order"], store.known["siti"]
    line, product_id = store.now(order).lines[0].id, store.world.product("voluntary")
    said = {"reason": "Karung bocor", "token": "back-0001", "on": DAY}
    asked = store.own(siti, order, lambda s, o: returns.ask(s, siti, o, {line: 1}, **said))
    done = {"refund_by": "savings", "on": DAY, "to_stock": {}}
    store.act(store.keeper, lambda s: returns.refund(s, store.keeper, asked.id, product_id=product_id, **done))
    with pytest.raises(StoreBalanceTooLow):
        pay(store, payout)
    assert now_is(store, payout) == "approved"


def test_the_picture_is_kept_once_and_shown_to_the_shop(store, tmp_path: Path):
    payout = ask(store)
    approve(store, payout)
    for _ in range(2):
        pay(store, payout, proof=Proof(picture(), tmp_path))
    kept = [path for path in (tmp_path / "uploads" / "payouts").rglob("*") if path.is_file()]
    assert len(kept) == 1
    with store.world.reading(store.keeper) as session:
        assert payouts.proof_of(session, store.keeper, payout.id, tmp_path).startswith(b"\xff\xd8")
        kept[0].unlink()
        with pytest.raises(NotFound):
            payouts.proof_of(session, store.keeper, payout.id, tmp_path)


def test_many_at_the_same_moment_ask_approve_and_pay_once(any_world):
    store = earning(any_world)
    keeper, ketua, treasurer = store.keeper, store.actors["ketua"], store.actors["bendahara"]

    def asked(token: str):
        return lambda: ask(store, 100_000, token=token).id

    same = outcomes([asked("one-form") for _ in range(4)])
    assert len(set(same)) == 1
    second = outcomes([asked(f"form-{place}") for place in range(4)])
    assert second == ["mart.store_balance_too_low"] * 4, "the balance is asked for once"
    payout_id = same[0]
    yes = outcomes(
        [
            lambda who=who: store.act(who, lambda s: payouts.approve(s, who, payout_id)).state
            for who in [ketua, treasurer] * 5
        ]
    )
    assert sorted(yes) == ["approved"] + ["mart.payout_wrong_state"] * 9
    paid = outcomes(
        [
            lambda: store.act(treasurer, lambda s: payouts.pay(s, treasurer, payout_id, on=DAY)).entry_seq
            for _ in range(20)
        ]
    )
    assert len(set(paid)) == 1
    with any_world.reading(keeper) as session:
        assert session.query(JournalEntry).filter(JournalEntry.source.like("mart:payout:%")).count() == 1
        assert session.query(StoreMovement).filter(StoreMovement.kind == "withdrawal").count() == 1
        assert session.get_one(Store, store.store_id).balance_rp == 42_500


def test_cancelled_and_paid_at_the_same_moment_is_one_of_both(any_world):
    store = earning(any_world)
    treasurer = store.actors["bendahara"]
    payout = ask(store)
    approve(store, payout)
    told = outcomes(
        [
            lambda: store.act(store.keeper, lambda s: payouts.cancel(s, store.keeper, payout.id)).state,
            lambda: store.act(treasurer, lambda s: payouts.pay(s, treasurer, payout.id, on=DAY)).state,
        ]
    )
    assert "mart.payout_wrong_state" in told
    state = now_is(store, payout)
    assert state in told
    assert store.balance() == (42_500 if state == "paid" else 142_500)
