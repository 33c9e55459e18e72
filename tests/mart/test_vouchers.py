"""Vouchers: codes people can read out, for whom and as often as was said; partners by their address."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from core.actor import Actor
from core.errors import InvalidValue, NotAllowed, NotFound
from models.access import CoopUser
from models.audit import AuditRecord
from models.ledger import AccountRole
from models.mart.campaigns import Voucher
from services.mart import buyers, partners, vouchers
from services.mart.refusals import VoucherAccountMissing, VoucherCodeTaken, VoucherRefused, VoucherUsed
from services.mart.vouchers import LETTERS, Terms
from services.members import commands as members
from tests.mart.story import DAY, NOW, Shop, shop

WALL = datetime.fromisoformat
TERMS = Terms("Lebaran", WALL("2026-02-10T00:00"), WALL("2026-02-20T00:00"), "lebaran-26", off_rp=10_000)


@pytest.fixture
def store(world) -> Shop:
    return shop(world)


def save(store: Shop, terms: Terms = TERMS, who: str = "ketua", **more) -> Voucher:
    actor = store.actors[who] if who != "pengelola_toko" else store.keeper
    return store.act(actor, lambda s: vouchers.save(s, actor, terms, **more))


def test_a_voucher_takes_its_amount_off_until_its_quota_is_used(store):
    rice = store.variant()
    made = save(store, replace(TERMS, quota=1, minimum_rp=75_000))
    assert made.code == "LEBARAN-26"
    order = store.place(store.buyer(), (rice, 1), voucher_code=" lebaran-26 ")
    assert (order.voucher_rp, order.total_rp) == (10_000, 65_000)
    with pytest.raises(VoucherRefused, match="kuotanya sudah habis"):
        store.place(store.stranger(), (rice, 1), voucher_code="LEBARAN-26")
    with store.world.reading(store.keeper) as session:
        kept = vouchers.get(session, store.keeper, made.id)
        assert (kept.used, vouchers.phase(kept, NOW)) == (1, "used_up")


def test_an_empty_code_is_made_up_of_letters_nobody_mistakes(store):
    codes = {save(store, replace(TERMS, code="")).code for _ in range(5)}
    assert len(codes) == 5
    assert all(len(code) == 8 and set(code) <= set(LETTERS) for code in codes)
    assert not set("ILO01") & set(LETTERS)


def test_percent_has_a_most_and_every_member_their_share(store):
    rice = store.variant()
    save(store, replace(TERMS, off_rp=None, off_pct=Decimal(50), most_rp=20_000, per_buyer=1, audience="members"))
    siti = store.buyer()
    assert store.place(siti, (rice, 1), voucher_code="LEBARAN-26").voucher_rp == 20_000
    with pytest.raises(VoucherRefused, match="sudah Anda pakai"):
        store.place(siti, (rice, 1), voucher_code="LEBARAN-26")
    with pytest.raises(VoucherRefused, match="hanya untuk anggota"):
        store.place(store.stranger(), (rice, 1), voucher_code="LEBARAN-26")


def test_members_of_partners_are_known_by_their_cooperative(store):
    world, rice, ketua = store.world, store.variant(), store.actors["ketua"]
    save(store, replace(TERMS, audience="partners"))
    with world.database.transaction(world.other_actors["petugas"]) as session:
        clerk = world.other_actors["petugas"]
        applied = members.apply(session, clerk, members.PersonData(name="Tamu"), applied_on=DAY)
    with world.database.transaction(world.other_actors["ketua"]) as session:
        member = members.approve(session, world.other_actors["ketua"], applied.id, joined_on=DAY).id
    stranger = store.stranger()
    with world.database.platform("test", writes=True) as session:
        session.add(CoopUser(coop_id=world.other.id, user_id=stranger.user_id, member_id=member))
    guest = buyers.in_coop(world.database, stranger.user_id, store.keeper.coop_id)
    with pytest.raises(VoucherRefused, match="koperasi mitra"):
        store.place(guest, (rice, 1), voucher_code="LEBARAN-26")
    for _ in range(2):
        row = store.act(ketua, lambda s: partners.add(s, ketua, " Tetangga "))
    assert store.place(guest, (rice, 1), voucher_code="LEBARAN-26").voucher_rp == 10_000
    with world.reading(ketua) as session:
        assert [coop.name for _, coop in partners.listed(session, ketua)] == ["Koperasi Tetangga Jaya"]
    theirs = world.other_actors["ketua"]
    with pytest.raises(NotFound):
        store.act(theirs, lambda s: partners.remove(s, theirs, row.id))
    store.act(ketua, lambda s: partners.remove(s, ketua, row.id))
    with pytest.raises(VoucherRefused, match="koperasi mitra"):
        store.place(guest, (rice, 2), voucher_code="LEBARAN-26")
    for odd in ("maju", "tidak-ada", ""):
        with pytest.raises(InvalidValue):
            store.act(ketua, lambda s, odd=odd: partners.add(s, ketua, odd))
    with pytest.raises(NotAllowed):
        store.act(store.keeper, lambda s: partners.add(s, store.keeper, "tetangga"))


def test_what_makes_no_sense_is_refused(store):
    for changes in (
        {"name": " "}, {"ends": TERMS.starts}, {"audience": "teman"}, {"off_rp": None}, {"off_pct": Decimal(5)},
        {"off_rp": 0}, {"off_rp": -1}, {"off_rp": 10**18}, {"off_rp": None, "off_pct": Decimal(101)},
        {"off_rp": None, "off_pct": Decimal(0)}, {"most_rp": 5}, {"minimum_rp": -1}, {"quota": 0}, {"per_buyer": 0},
        {"code": "a b c d"}, {"code": "abc"}, {"code": "X" * 21}, {"code": "ÉCLAIR"},
    ):  # fmt: skip
        with pytest.raises(InvalidValue):
            save(store, replace(TERMS, **changes))
    save(store)
    with pytest.raises(VoucherCodeTaken):
        save(store, replace(TERMS, code="LEBARAN-26"))
    with store.world.reading(store.keeper) as session:
        assert session.query(Voucher).count() == 1


def test_the_neighbour_may_have_the_same_code_and_never_see_ours(store):
    made, theirs = save(store), shop(store.world, neighbour=True)
    save(theirs)
    for who in (theirs.keeper, theirs.actors["ketua"]):
        with pytest.raises(NotFound):
            theirs.act(who, lambda s, who=who: vouchers.get(s, who, made.id))
    with theirs.world.reading(theirs.keeper) as session:
        assert len(vouchers.listed(session, theirs.keeper)) == 1


def test_a_shop_s_people_make_vouchers_for_their_shop_alone(store):
    own = save(store, replace(TERMS, store_id=store.store_id), "pengelola_toko")
    with pytest.raises(NotAllowed):
        save(store, replace(TERMS, code="SEMUA"), "pengelola_toko")
    everywhere = save(store, replace(TERMS, code="SEMUA"))
    with pytest.raises(NotAllowed):
        save(store, replace(TERMS, code="SEMUA"), "pengelola_toko", voucher_id=everywhere.id)
    with store.world.reading(store.keeper) as session:
        assert {one.code: vouchers.may_change(store.keeper, one) for one in vouchers.listed(session, store.keeper)} == {
            "LEBARAN-26": True, "SEMUA": False,
        }  # fmt: skip
    other = Actor(store.actors["petugas"].user_id, store.keeper.coop_id, store.keeper.permissions)
    with store.world.reading(other) as session:
        assert [one.code for one in vouchers.listed(session, other)] == ["SEMUA"]
        with pytest.raises(NotFound):
            vouchers.get(session, other, own.id)


def test_a_used_voucher_keeps_its_code_and_what_was_used(store):
    rice, made = store.variant(), save(store, replace(TERMS, quota=5))
    for place in range(2):
        store.place(store.stranger(f"Tamu {place}"), (rice, 1), voucher_code="LEBARAN-26")
    for changes in ({"code": "LAIN-26"}, {"quota": 1}, {"store_id": store.store_id}):
        with pytest.raises(VoucherUsed, match="sudah dipakai 2 kali"):
            save(store, replace(TERMS, **changes), voucher_id=made.id)
    stopped = save(store, replace(TERMS, code="", quota=2, is_active=False), voucher_id=made.id)
    assert (stopped.code, stopped.quota, stopped.used) == ("LEBARAN-26", 2, 2)
    with pytest.raises(VoucherRefused):
        store.place(store.stranger(), (rice, 1), voucher_code="LEBARAN-26")
    with store.world.reading(store.actors["ketua"]) as session:
        assert session.query(AuditRecord).filter(AuditRecord.action == "mart.save_voucher").count() == 2


def test_books_without_an_account_for_vouchers_make_none(store):
    def forget(session):
        session.query(AccountRole).filter(AccountRole.role == "voucher_discounts").delete()

    store.act(store.actors["ketua"], forget)
    with pytest.raises(VoucherAccountMissing):
        save(store)
