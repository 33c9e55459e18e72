"""Counter sales: rung up once, booked whole, kept when they cannot be booked; shifts closed to the rupiah."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest

from core.errors import InvalidValue, NotAllowed, NotFound
from models.coops import CoopSetting
from models.ledger import JournalEntry, Period
from models.mart.campaigns import Campaign, CampaignItem, PointMovement
from models.mart.orders import Order, OrderEvent, StoreCredit
from models.mart.products import ProductVariant
from models.mart.selling import TillConflict, TillShift
from models.mart.stores import Store
from models.members import Member
from services.audit import trail
from services.ledger import periods
from services.mart import counts, till_intake, till_prices, till_returns
from services.mart.refusals import CreditTooHigh, OrderDiffers, PaymentUnknown, ReturnTooMuch
from services.mart.till_refusals import (
    CardUnknown,
    CashShort,
    ClockWrong,
    KasbonNeedsMember,
    NotYourShift,
    PriceUnknown,
    RefundElsewhere,
    ReturnOtherDay,
    SaleAfterShift,
    ShelfShort,
    ShiftClosed,
    ShiftOpen,
)
from tests.crowd import outcomes
from tests.mart.story import DAY, NOW, later
from tests.mart.till_story import Till, another_cashier, number_of, open_till, till_in


@pytest.fixture
def till(world) -> Till:
    return open_till(world, commission_pct=Decimal(5), credit_limit_rp=200_000)


def priced(till: Till, variant_id: int, price_rp: int) -> None:
    """Another price, with its line in the trail as the goods' desk writes it; the trail keeps today's clock."""

    def done(session):
        row = session.get_one(ProductVariant, variant_id)
        trail.record(session, till.cashier, "mart.price", f"variant:{variant_id}", price_rp=[row.price_rp, price_rp])
        row.price_rp = price_rp

    till.store.act(till.store.keeper, done)


def count(till: Till, variant_id: int, pieces: int) -> None:
    keeper, store_id = till.store.keeper, till.store.store_id

    def done(session):
        counted = counts.preview(session, keeper, store_id, {variant_id: pieces})
        counts.book(session, keeper, counted, booked_on=DAY, token=till.store.token())

    till.store.act(keeper, done)


def orders_of(till: Till) -> list[Order]:
    with till.store.world.reading(till.cashier) as session:
        return list(session.query(Order).order_by(Order.id))


# selling


def test_cash_is_placed_paid_and_done_at_once_and_lies_in_the_drawer(till):
    rice = till.store.variant()
    order = till.ring((rice, 2, 75_000), received_rp=200_000)
    assert (order.label, order.channel, order.delivery, order.state) == ("T/2026/00001", "till", "till", "done")
    assert (order.due_rp, order.held_rp, order.claim_rp, order.shift_id) == (150_000, 0, 0, till.shift_id)
    assert till.store.journal("mart:payment:1") == {("11014", "TOKO"): 150_000, ("2111", "TOKO"): -150_000}
    sale = till.store.journal(f"mart:order:{order.id}:sale")
    assert (sale["4302", "TOKO"], sale["5202", "TOKO"]) == (-150_000, 120_000), "nobody known is no member"
    assert till.store.card(rice) == (8, 0, 480_000)
    with till.store.world.reading() as session:
        assert session.query(OrderEvent).filter(OrderEvent.act == "place").one().note == (
            "Diterima Rp 200.000, kembali Rp 50.000"
        )


def test_too_little_cash_and_ways_that_are_none_sell_nothing(till):
    rice = till.store.variant()
    with pytest.raises(CashShort, match=r"Rp 70\.000, kurang dari Rp 75\.000"):
        till.ring((rice, 1, 75_000), received_rp=70_000)
    for way in ("savings", "transfer", "gateway", "x"):
        with pytest.raises(PaymentUnknown):
            till.ring((rice, 1, 75_000), pay_by=way)
    assert orders_of(till) == []
    assert till.store.card(rice) == (10, 0, 600_000)


def test_qris_waits_for_the_payout_and_brings_the_shop_its_part(till):
    rice = till.store.variant()
    order = till.ring((rice, 1, 75_000), pay_by="qris")
    assert till.store.journal("mart:payment:1")["11023", "PUSAT"] == 75_000
    assert order.state == "done"
    assert till.store.balance() == 75_000 - 3_750


def test_a_member_buys_at_their_price_and_on_kasbon_within_the_limit(till):
    siti = till.store.world.member()
    number, rice = number_of(till.store, siti), till.store.variant(member_price_rp=70_000)
    order = till.ring((rice, 2, 70_000), pay_by="credit", member=number)
    assert (order.member_id, order.due_rp) == (siti, 140_000)
    assert till.store.journal("mart:payment:1")["1108", "PUSAT"] == 140_000
    assert ("4301", "TOKO") in till.store.journal(f"mart:order:{order.id}:sale"), "sales to members apart"
    with pytest.raises(CreditTooHigh, match=r"Rp 60\.000 dari batas Rp 200\.000"):
        till.ring((rice, 1, 70_000), pay_by="credit", member=number)
    with pytest.raises(KasbonNeedsMember):
        till.ring((rice, 1, 75_000), pay_by="credit")
    with pytest.raises(PriceUnknown):
        till.ring((rice, 1, 70_000))  # the price of members to nobody known
    with till.store.world.reading() as session:
        assert [kasbon.amount_rp for kasbon in session.query(StoreCredit)] == [140_000]


def test_a_card_says_who_buys_and_a_number_nobody_has_sells_nothing(till):
    siti, rice = till.store.buyer(), till.store.variant()
    with till.store.world.reading() as session:
        token = session.get_one(Member, siti.member_id).card_token
    order = till.ring((rice, 1, 75_000), member=f"https://koperasi.id/kartu/{token}")
    assert (order.member_id, order.buyer_id) == (siti.member_id, siti.user_id), "it is among their orders"
    with pytest.raises(CardUnknown, match="9999"):
        till.ring((rice, 1, 75_000), member="9999")


def test_a_member_earns_points_at_the_till(till):
    def decided(session):
        for name, value in (("mart.point_every_rp", "10000"), ("mart.point_rp", "100")):
            session.add(CoopSetting(name=name, effective_on=DAY, value=value, created_by=till.cashier.user_id))

    till.store.act(till.store.keeper, decided)
    siti, rice = till.store.world.member(), till.store.variant()
    till.ring((rice, 1, 75_000), member=number_of(till.store, siti))
    with till.store.world.reading() as session:
        earned = session.query(PointMovement).one()
    assert (earned.member_id, earned.points, earned.value_rp) == (siti, 7, 700)


def test_the_same_sale_again_is_the_same_order_and_other_goods_are_refused(till):
    rice = till.store.variant()
    sale = till.sale((rice, 1, 75_000))
    assert till.sell(sale).id == till.sell(sale).id
    for other in (
        replace(sale, items=till.sale((rice, 2, 75_000)).items, received_rp=150_000),
        replace(sale, items=till.sale((rice, 1, 70_000)).items),
        replace(sale, pay_by="qris"),
    ):
        with pytest.raises(OrderDiffers):
            till.sell(other)
    assert len(orders_of(till)) == 1


def test_the_shelf_is_told_when_it_is_short(till):
    rice = till.store.variant(pieces=3)
    till.store.place(till.store.buyer(), (rice, 2), pay_by="savings")
    with pytest.raises(ShelfShort, match="di rak tercatat 3, dipesan pembeli lain 2, dijual 2"):
        till.ring((rice, 2, 75_000))
    assert till.ring((rice, 2, 75_000), at=later(120), sold_at=later(120)).state == "done", "the order lapsed"


def test_two_tills_cannot_sell_the_last_piece_twice(any_world):
    first = open_till(any_world)
    second = till_in(first.store, another_cashier(first.store))
    rice = first.store.variant(pieces=1)
    sales = [(till, till.sale((rice, 1, 75_000))) for till in (first, second) for _ in range(4)]
    done = outcomes([lambda t=t, s=s: t.sell(s).state for t, s in sales])
    assert sorted(done) == ["done"] + ["mart.shelf_short"] * 7
    assert first.store.card(rice) == (0, 0, 0)


def test_one_sale_sent_ten_times_at_once_is_one_order(any_world):
    till = open_till(any_world)
    rice = till.store.variant()
    sale = till.sale((rice, 1, 75_000))
    states = outcomes([lambda: till.send(sale).state for _ in range(10)])
    assert sorted(states) == ["done"] + ["known"] * 9
    assert till.store.card(rice) == (9, 0, 540_000)


def test_nobody_sells_in_anothers_name(till):
    dina, rice = another_cashier(till.store), till.store.variant()
    with pytest.raises(NotYourShift, match="milik Toni Toko"):
        Till(till.store, dina, till.shift_id).ring((rice, 1, 75_000))
    with pytest.raises(NotAllowed):
        Till(till.store, till.store.world.petugas, till.shift_id).ring((rice, 1, 75_000))
    assert orders_of(till) == []


def test_the_neighbours_till_is_not_there(till):
    near = open_till(till.store.world, neighbour=True)
    theirs, rice = near.store.variant(), till.store.variant()
    with pytest.raises(NotFound):
        till.ring((theirs, 1, 75_000))
    with pytest.raises(NotFound):
        Till(till.store, till.cashier, near.shift_id).ring((rice, 1, 75_000))
    sale = till.sale((rice, 1, 75_000))
    assert till.sell(sale).label == "T/2026/00001"
    other = replace(sale, items=near.sale((theirs, 1, 75_000)).items)
    assert near.sell(other).label == "T/2026/00001", "their token is not ours"


# prices


def test_the_price_of_this_day_holds_though_it_changed_meanwhile(till):
    clock = datetime.now(UTC)  # the trail's own
    rice = till.store.variant()
    priced(till, rice, 80_000)
    priced(till, rice, 82_000)
    open_year(till, clock)
    for shown, paid in ((75_000, True), (80_000, True), (82_000, True), (79_000, False)):
        sale = till.sale((rice, 1, shown), sold_at=clock)
        answer = till.send(sale, at=clock)
        assert (answer.state == "done") is paid, shown
    assert "Rp 79.000, sedangkan harga toko hari itu Rp 82.000" in answer.reason
    assert [order.due_rp for order in orders_of(till)] == [75_000, 80_000, 82_000]


def open_year(till: Till, at: datetime) -> None:
    bendahara = till.store.actors["bendahara"]
    till.store.act(bendahara, lambda s: periods.open_year(s, bendahara, at.year))


def test_the_price_of_another_day_waits_for_who_sets_prices(till):
    rice = till.store.variant()
    priced(till, rice, 80_000)
    yesterday = NOW - timedelta(days=1)
    assert till.send(till.sale((rice, 1, 70_000), sold_at=yesterday)).code == PriceUnknown.code
    kept = till.settle()
    assert (kept.state, till_intake.button(kept)) == ("done", "Terima harga kasir")
    assert orders_of(till)[0].due_rp == 70_000


def test_a_campaign_counts_at_the_till_and_its_quota_is_never_passed(till):
    rice = till.store.variant()

    def flash(session):
        run = Campaign(
            store_id=till.store.store_id, name="Kilat", kind="flash", starts_at=NOW - timedelta(1),
            ends_at=NOW + timedelta(1), created_by=till.cashier.user_id,
        )  # fmt: skip
        session.add(run)
        session.flush()
        product_id = session.get_one(ProductVariant, rice).product_id
        session.add(CampaignItem(campaign_id=run.id, product_id=product_id, off_rp=5_000, quota=3))

    till.store.act(till.store.keeper, flash)
    with till.store.world.reading(till.cashier) as session:
        text, mark = till_prices.price_list(session, session.get_one(Store, till.store.store_id), NOW)
    assert f'[{rice},"Beras 5 kg","",' in text
    assert "75000,0,[[70000," in text
    assert len(mark) == 20
    first = till.ring((rice, 2, 70_000))
    assert (first.due_rp, first.discount_rp) == (140_000, 10_000)
    beyond = till.ring((rice, 2, 70_000))
    assert beyond.due_rp == 140_000, "the price on the till was the shop's"
    assert till.ring((rice, 1, 75_000)).due_rp == 75_000


# sales that happened while the till was cut off


def test_a_sale_that_happened_is_kept_when_the_shelf_is_short_and_booked_after_a_count(till):
    rice = till.store.variant(pieces=1)
    sale = till.sale((rice, 2, 75_000))
    assert till.send(sale, has_happened=False).state == "refused"
    for _ in range(3):
        answer = till.send(sale)
        assert (answer.state, answer.code) == ("waiting", ShelfShort.code)
    assert till.summary().waiting_rp == 150_000
    assert till.settle().state == "waiting", "nothing has changed"
    count(till, rice, 2)
    for _ in range(2):
        assert till.settle().state == "done"
    assert till.send(sale).state == "known"
    assert till.store.card(rice) == (0, 0, 0)
    assert (till.summary().waiting, till.summary().cash_rp) == (0, 150_000)


@pytest.mark.parametrize(
    ("sold_at", "code"),
    [(NOW + timedelta(hours=1), ClockWrong.code), (NOW - timedelta(days=8), ClockWrong.code),
     (datetime(2026, 2, 4, 3, tzinfo=UTC), "ledger.period_closed")],
)  # fmt: skip
def test_a_sale_of_no_believable_day_waits_and_is_booked_today(till, sold_at, code):
    rice = till.store.variant()
    if code != ClockWrong.code:
        shut(till)
    answer = till.send(till.sale((rice, 1, 75_000), sold_at=sold_at))
    assert (answer.state, answer.code) == ("waiting", code)
    kept = till.settle(at=NOW + timedelta(days=20) if code != ClockWrong.code else NOW)
    assert (kept.state, till_intake.button(kept)) == ("done", "Bukukan hari ini")
    assert orders_of(till)[0].placed_on == (DAY + timedelta(days=20) if code != ClockWrong.code else DAY)


def shut(till: Till) -> None:
    def done(session):
        for period in session.query(Period).filter(Period.starts_on <= DAY):
            period.state = "closed"

    till.store.act(till.store.actors["ketua"], done)


def test_a_sale_rung_up_twice_is_dropped_with_a_reason(till):
    rice = till.store.variant(pieces=0)
    sale = till.sale((rice, 1, 75_000))
    till.send(sale)
    with till.store.world.reading(till.cashier) as session:
        kept = till_intake.waiting(session, till.cashier)[0]
    for reason in ("", "Dicatat dua kali"):

        def drop(session, reason=reason):
            return till_intake.drop(session, till.cashier, kept.id, reason=reason, at=NOW).state

        if reason:
            assert till.store.act(till.cashier, drop) == "dropped"
        else:
            with pytest.raises(InvalidValue):
                till.store.act(till.cashier, drop)
    assert till.send(sale).state == "waiting", "the till may forget it"
    assert orders_of(till) == []
    with till.store.world.reading(till.cashier) as session:
        assert till_intake.waiting(session, till.cashier) == []


def test_a_batch_of_sales_sent_three_times_is_booked_once(till):
    rice, oil = (
        till.store.variant(pieces=200),
        till.store.variant("Minyak", pieces=200, cost_rp=10_000, price_rp=15_000),
    )
    sales = [till.sale((rice, 1, 75_000), (oil, 2, 15_000)) for _ in range(20)]
    for turn in range(3):
        with till.store.world.transaction(till.cashier) as session:
            take = partial(till_intake.take_in, session, till.cashier, till.shift_id, has_happened=True, at=NOW)
            assert {take(sale).state for sale in sales} == ({"known"} if turn else {"done"})
    orders = orders_of(till)
    assert [order.number for order in orders] == list(range(1, 21))
    assert till.store.card(rice) == (180, 0, 10_800_000)
    assert till.close(100_000 + 20 * 105_000).entry_seq is None


# shifts


def test_a_shift_is_opened_once_for_a_cashier_and_a_shop(till):
    assert till_in(till.store).shift_id == till.shift_id, "the second click"
    with pytest.raises(ShiftOpen, match=r"modal Rp 100\.000"):
        till_in(till.store, opening_rp=50_000)
    assert till_in(till.store, another_cashier(till.store)).shift_id != till.shift_id
    with pytest.raises(NotFound):
        till_in(replace(till.store, store_id=till.store.store_id + 99))


def test_closing_books_the_difference_once(till):
    rice = till.store.variant()
    till.ring((rice, 2, 75_000))
    till.ring((rice, 1, 75_000), pay_by="qris")
    seen = till.summary()
    assert (seen.receipts, seen.sales_rp, seen.cash_rp, seen.expected_rp) == (3 - 1, 225_000, 150_000, 250_000)
    with pytest.raises(InvalidValue, match="tulis sebabnya"):
        till.close(245_000)
    for _ in range(2):
        closed = till.close(245_000, note="Kembalian salah")
        assert (closed.state, closed.expected_rp, closed.counted_rp) == ("closed", 250_000, 245_000)
    assert till.store.journal(f"mart:shift:{till.shift_id}")["11014", "TOKO"] == -5_000
    with pytest.raises(ShiftClosed):
        till.close(250_000)
    with pytest.raises(SaleAfterShift):
        till.ring((rice, 1, 75_000), at=later(5), sold_at=later(5))


def test_more_cash_than_expected_is_told_as_well(till):
    till.close(103_000, note="Tidak tahu")
    assert till.store.journal(f"mart:shift:{till.shift_id}")["11014", "TOKO"] == 3_000
    assert till.summary().difference_rp == 3_000


def test_closing_at_once_from_two_places_books_one_difference(any_world):
    till = open_till(any_world)
    done = outcomes([lambda: till.close(90_000, note="Hilang").state for _ in range(6)])
    assert done == ["closed"] * 6
    with any_world.reading() as session:
        assert session.query(JournalEntry).filter(JournalEntry.source.like("mart:shift:%")).count() == 1


@pytest.mark.parametrize(("counted_rp", "drawer_rp"), [(175_000, 75_000), (150_000, 50_000), (90_000, -10_000)])
def test_a_sale_that_comes_after_its_shift_was_closed_explains_the_difference(till, counted_rp, drawer_rp):
    """What was counted is in the drawer, whenever the sale is told; only the reason changes."""
    rice = till.store.variant()
    till.close(counted_rp, note="Ada yang belum terkirim")
    order = till.sell(till.sale((rice, 1, 75_000), sold_at=NOW), at=later(60))
    seen = till.summary()
    assert (order.state, seen.expected_rp, seen.difference_rp) == ("done", 175_000, counted_rp - 175_000)
    with till.store.world.reading() as session:
        assert session.get_one(TillShift, till.shift_id).expected_rp == 175_000
        sources = [e.source for e in session.query(JournalEntry).filter(JournalEntry.source.like("mart:shift:%"))]
    late = till.store.journal(f"mart:shift:{till.shift_id}:late:{order.id}")
    first = till.store.journal(f"mart:shift:{till.shift_id}") if f"mart:shift:{till.shift_id}" in sources else {}
    moved = sum(told.get(("11014", "TOKO"), 0) for told in (first, late)) + 75_000
    assert moved == drawer_rp


def test_cash_for_an_online_order_that_is_fetched_lies_in_the_same_drawer(till):
    rice = till.store.variant()
    order = till.store.place(till.store.stranger(), (rice, 1), pay_by="cash")
    till.store.hand_over(order)
    assert till.summary().expected_rp == 175_000


# goods that come back


def test_goods_back_on_the_same_day_give_cash_out_of_the_drawer_once(till):
    rice = till.store.variant()
    order = till.ring((rice, 2, 75_000))
    lines = till.store.now(order).lines

    def back(pieces, token, at=NOW, order_id=order.id):
        def done(session):
            return till_returns.give_back(
                session, till.cashier, till.shift_id, order_id, pieces, reason="Karung bocor", token=token, at=at
            )

        return till.store.act(till.cashier, done)

    for _ in range(2):
        assert back({lines[0].id: 1}, "return-1").amount_rp == 75_000
    assert till.store.card(rice) == (9, 0, 540_000)
    assert (till.summary().refunds_rp, till.summary().expected_rp) == (75_000, 175_000)
    with pytest.raises(ReturnTooMuch):
        back({lines[0].id: 2}, "return-2")
    with pytest.raises(ReturnOtherDay):
        back({lines[0].id: 1}, "return-3", at=NOW + timedelta(days=1))
    by_phone = till.ring((rice, 1, 75_000), pay_by="qris")
    with pytest.raises(RefundElsewhere):
        back({till.store.now(by_phone).lines[0].id: 1}, "return-4", order_id=by_phone.id)
    till.close(175_000)


def test_nothing_of_the_till_is_lost_or_left_half(till):
    """A sale refused in its middle leaves no order, no goods kept and no entry."""
    rice, siti = till.store.variant(), till.store.world.member()
    number = number_of(till.store, siti)
    with till.store.world.reading() as session:
        before = session.query(JournalEntry).count()
    answer = till.send(till.sale((rice, 3, 75_000), pay_by="credit", member=number))
    assert (answer.state, answer.code) == ("waiting", CreditTooHigh.code)
    assert till.store.card(rice) == (10, 0, 600_000)
    with till.store.world.reading() as session:
        assert session.query(JournalEntry).count() == before
        assert session.query(Order).count() == 0
        assert session.query(TillConflict).one().sale["items"] == [[rice, 3, 75_000]]
    with pytest.raises(NotAllowed):
        till.settle(who=till.store.world.petugas)
