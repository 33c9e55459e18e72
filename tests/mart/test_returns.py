"""Goods that come back, and what made them cheaper: shares add up, nothing is refunded twice, books stay true."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.actor import Actor
from core.errors import InvalidValue
from models.coops import CoopSetting
from models.mart.campaigns import Campaign, CampaignItem, Voucher
from models.mart.orders import Order, OrderReturn
from models.mart.products import ProductVariant
from models.mart.stores import PartnerCoop
from models.procurement import Supplier
from services.mart import buyers, fulfilment, points, returns
from services.mart.refusals import OrderWrongState, PointsRefused, RefundWayUnknown, ReturnTooMuch, VoucherRefused
from services.members import commands as members
from tests.crowd import outcomes
from tests.mart.story import DAY, NOW, Shop, shop


@pytest.fixture
def store(world) -> Shop:
    return shop(world, commission_pct=Decimal(5))


def bought(store: Shop, buyer, *items: tuple[int, int], **changes) -> Order:
    order = store.place(buyer, *items, pay_by="savings", **changes)
    store.pay(buyer, order)
    store.hand_over(order)
    return store.now(order)


def ask(store: Shop, buyer, order: Order, pieces: int, *, line: int = 0, token: str = "") -> OrderReturn:
    wanted = {order.lines[line].id: pieces}
    token = token or store.token()
    return store.own(
        buyer, order, lambda s, o: returns.ask(s, buyer, o, wanted, reason="Karung bocor", token=token, on=DAY)
    )


def refund(store: Shop, asked: OrderReturn, way: str = "savings", who: Actor | None = None, **more) -> OrderReturn:
    who = who or store.keeper
    stocked = more.pop("to_stock", {})
    return store.act(who, lambda s: returns.refund(s, who, asked.id, refund_by=way, on=DAY, to_stock=stocked, **more))


def sold(store: Shop, **changes) -> None:
    """A dated setting of the shop's cooperative, decided before everything."""

    def done(session):
        for name, value in changes.items():
            session.add(
                CoopSetting(
                    name=name.replace("__", "."), effective_on=DAY, value=value, created_by=store.keeper.user_id
                )
            )

    store.act(store.keeper, done)


def voucher(store: Shop, code: str = "HEMAT", **changes) -> None:
    usual = {"off_rp": 10_000, "quota": 1, "starts_at": NOW - timedelta(1), "ends_at": NOW + timedelta(1)}
    store.act(store.keeper, lambda s: s.add(Voucher(code=code, name=code, **(usual | changes))))


def flash(store: Shop, variant_id: int, **changes) -> None:
    def done(session):
        product_id = session.get_one(ProductVariant, variant_id).product_id
        run = Campaign(
            store_id=store.store_id, name="Kilat", kind="flash", starts_at=NOW - timedelta(1),
            ends_at=NOW + timedelta(1), created_by=store.keeper.user_id,
        )  # fmt: skip
        session.add(run)
        session.flush()
        session.add(CampaignItem(campaign_id=run.id, product_id=product_id, **changes))

    store.act(store.keeper, done)


def test_part_of_an_order_comes_back_at_its_share(store):
    siti, rice = store.buyer(), store.variant(pieces=10, cost_rp=60_000, price_rp=75_000)
    order = bought(store, siti, (rice, 3))
    asked = ask(store, siti, order, 1)
    assert (store.now(order).state, asked.amount_rp) == ("returned", 75_000)
    refund(store, asked)
    assert store.journal(f"mart:return:{asked.id}") == {
        ("4303", "TOKO"): 75_000, ("2101", "PUSAT"): -75_000, ("2901", "PUSAT"): 75_000, ("1901", "TOKO"): -75_000,
        ("1113", "TOKO"): 60_000, ("5201", "TOKO"): -60_000,
    }  # fmt: skip
    assert store.card(rice) == (8, 0, 480_000)
    assert store.balance() == (225_000 - 11_250) - 75_000 + 3_750


def test_a_refund_happens_once_whoever_clicks(any_world):
    store = shop(any_world)
    siti, rice = store.buyer(), store.variant()
    order = bought(store, siti, (rice, 2))
    asked = ask(store, siti, order, 2)
    results = outcomes([lambda: refund(store, asked).state for _ in range(8)])
    assert results == ["refunded"] * 8
    assert (store.balance(), store.card(rice)) == (0, (10, 0, 600_000))
    assert store.now(order).refunded_rp == 150_000


def test_more_than_was_bought_or_paid_never_comes_back(store):
    siti, rice = store.buyer(), store.variant()
    order = bought(store, siti, (rice, 2))
    with pytest.raises(ReturnTooMuch, match="dapat dikembalikan 2, Anda menulis 3"):
        ask(store, siti, order, 3)
    asked = ask(store, siti, order, 1)
    with pytest.raises(InvalidValue, match="masih ada yang menunggu"):
        ask(store, siti, order, 1)
    refund(store, asked)
    with pytest.raises(ReturnTooMuch, match="dapat dikembalikan 1"):
        ask(store, siti, order, 2)
    with pytest.raises(RefundWayUnknown):
        refund(store, ask(store, siti, order, 1), "bank")


def test_broken_goods_stay_a_cost_and_a_declined_return_changes_nothing(store):
    siti, rice = store.buyer(), store.variant()
    order = bought(store, siti, (rice, 2))
    asked = ask(store, siti, order, 1)
    keeper = store.keeper
    store.act(keeper, lambda s: returns.reject(s, keeper, asked.id, answer="Segelnya sudah dibuka"))
    assert store.now(order).state == "done"
    with pytest.raises(OrderWrongState):
        refund(store, asked)
    asked = ask(store, siti, order, 1)
    refund(store, asked, to_stock={order.lines[0].id: False})
    assert store.card(rice) == (8, 0, 480_000)
    assert ("1113", "TOKO") not in store.journal(f"mart:return:{asked.id}")


def test_the_best_single_price_holds_then_one_voucher_then_points(store):
    sold(store, mart__point_every_rp="1000", mart__point_rp="10", mart__vat_pct="12")
    siti, rice = store.buyer(), store.variant(price_rp=75_000, member_price_rp=72_000)
    first = bought(store, siti, (rice, 2))
    with store.world.reading() as session:
        assert points.free(session, siti.member_id) == (144, 1_440)
    assert store.journal(f"mart:order:{first.id}:sale")["2113", "TOKO"] == -14_270, "11/111 of 144.000"
    flash(store, rice, off_rp=10_000, quota=1)
    voucher(store)
    order = store.place(siti, (rice, 2), pay_by="savings", voucher_code="hemat", points=144, seen_rp=127_000)
    assert (order.goods_rp, order.discount_rp, order.voucher_rp) == (144_000, 7_000, 10_000), "one piece is cheaper"
    assert (order.points_rp, order.due_rp) == (1_440, 125_560)
    store.pay(siti, order)
    store.hand_over(order)
    order = store.now(order)
    sale = store.journal(f"mart:order:{order.id}:sale")
    assert (sale["4304", "TOKO"], sale["4305", "TOKO"]) == (7_000, 10_000)
    refund(store, ask(store, siti, order, 1))
    refund(store, ask(store, siti, order, 1))
    gone = store.now(order)
    assert (gone.refunded_rp, gone.state) == (125_560, "returned")
    with store.world.reading() as session:
        free, value_rp = points.free(session, siti.member_id)
    assert (free, value_rp) == (144, 1_440), "used points are back, those the order had earned are gone"
    with pytest.raises(PointsRefused, match="paling banyak 144"):
        store.place(siti, (rice, 1), points=145)


def test_a_voucher_is_not_used_twice_at_once(any_world):
    store = shop(any_world)
    people, rice = [store.stranger(f"Pembeli {n}") for n in range(8)], store.variant()
    voucher(store)
    wishes = [store.wish((rice, 1), voucher_code="HEMAT", pay_by="cash") for _ in people]
    results = outcomes([lambda b=b, w=w: store.order(b, w).voucher_rp for b, w in zip(people, wishes, strict=True)])
    assert sorted(map(str, results)) == ["10000"] + ["mart.voucher_refused"] * 7


def test_a_voucher_says_why_it_does_not_fit(store):
    siti, stranger, rice = store.buyer(), store.stranger(), store.variant(pieces=50)
    voucher(store, "ANGGOTA", audience="members", quota=None)
    voucher(store, "MITRA", audience="partners", quota=None)
    voucher(store, "BESAR", minimum_rp=100_000, quota=None)
    voucher(store, "LAMA", ends_at=NOW - timedelta(hours=1))
    for code, reason in (
        ("ANGGOTA", "hanya untuk anggota"), ("MITRA", "koperasi mitra"), ("BESAR", r"kurang Rp 25\.000"),
        ("LAMA", "berakhir"), ("TIDAKADA", "tidak berlaku"),
    ):  # fmt: skip
        with pytest.raises(VoucherRefused, match=reason):
            store.place(stranger, (rice, 1), voucher_code=code)
    assert store.place(siti, (rice, 1), voucher_code="ANGGOTA").voucher_rp == 10_000
    with pytest.raises(VoucherRefused, match="sudah Anda pakai"):
        store.place(siti, (rice, 1), voucher_code="ANGGOTA")


def test_members_of_a_partner_cooperative_use_its_voucher(store):
    rice = store.variant()
    voucher(store, "MITRA", audience="partners", quota=None)
    store.act(store.keeper, lambda s: s.add(PartnerCoop(partner_id=store.world.other.id)))
    near = shop(store.world, neighbour=True)
    other = store.world.other_actors
    with store.world.transaction(other["petugas"]) as session:
        applied = members.apply(session, other["petugas"], members.PersonData(name="Dewi"), applied_on=DAY)
    with store.world.transaction(other["ketua"]) as session:
        member_id = members.approve(session, other["ketua"], applied.id, joined_on=DAY).id
    dewi = near.stranger("Dewi", member_id)
    here = buyers.in_coop(store.world.database, dewi.user_id, store.keeper.coop_id)
    assert store.place(here, (rice, 1), voucher_code="MITRA").voucher_rp == 10_000


def test_what_a_cancelled_order_took_of_quota_and_voucher_is_free_again(store):
    siti, joko, rice = store.buyer(), store.buyer("Joko"), store.variant()
    flash(store, rice, off_pct=Decimal(20), quota=1, per_buyer=1)
    voucher(store)
    order = store.place(siti, (rice, 1), voucher_code="HEMAT")
    assert order.total_rp == 50_000
    store.own(siti, order, lambda s, o: fulfilment.cancel_own(s, siti, o))
    assert store.place(joko, (rice, 2), voucher_code="HEMAT").total_rp == 60_000 + 75_000 - 10_000


def test_goods_left_to_be_sold_earn_commission_and_owe_their_owner(store):
    def owner(session):
        row = Supplier(name="Bu Warti")
        session.add(row)
        session.flush()
        return row.id

    supplier_id = store.act(store.keeper, owner)
    siti = store.buyer()
    chips = store.variant("Keripik", pieces=5, cost_rp=0, price_rp=10_000, is_consigned=True, supplier_id=supplier_id,
                          owner_rp=8_000)  # fmt: skip
    with pytest.raises(InvalidValue, match="baru dibayar setelah terjual"):
        store.receive((chips, 1, 8_000))
    assert store.card(chips) == (5, 0, 0)
    order = bought(store, siti, (chips, 2))
    assert store.journal(f"mart:order:{order.id}:sale") == {
        ("2111", "TOKO"): 20_000, ("2108", "TOKO"): -16_000, ("4306", "TOKO"): -4_000,
    }  # fmt: skip
    refund(store, ask(store, siti, order, 1))
    assert store.card(chips) == (4, 0, 0)
