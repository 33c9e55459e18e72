"""Shops: one per unit, opened with the roles it needs, worked in by those it names, its bank account never unseen."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import delete, select

from core.errors import InvalidValue, NotAllowed, NotFound
from models.audit import AuditRecord
from models.ledger import AccountRole
from models.mart.stores import Store, StoreManager
from models.notifications import Notification
from services.coops.commands import add_unit
from services.ledger.chart import Role
from services.ledger.posting import credit, debit, post
from services.mart import store_bank, stores
from services.mart.stores import Shop, StoreRolesMissing, StoreTaken, Zone
from tests.mart.conftest import A_DAY, open_shop

BANK = {"bank": "BRI", "holder": "Toko Maju", "account": "0012-3456-78"}


def test_a_unit_has_one_shop_and_a_shop_its_own_address(mart):
    with pytest.raises(StoreTaken, match="Unit toko"):
        mart.call(stores.open_store, Shop("Lagi"), unit_id=mart.unit_id, slug="lagi", who="ketua")
    with mart.world.transaction() as session:
        unit_id = add_unit(session, mart.world.bendahara, code="DUA", name="Dua").id
    for slug in ("toko", "T oko", "ab", "-toko-", "a" * 41, "TOKO"):
        with pytest.raises(InvalidValue, match="Alamat toko"):
            mart.call(stores.open_store, Shop("Dua"), unit_id=unit_id, slug=slug, who="ketua")
    with pytest.raises(NotAllowed):
        mart.call(stores.open_store, Shop("Dua"), unit_id=unit_id, slug="dua")
    with pytest.raises(NotFound):
        mart.call(stores.open_store, Shop("Dua"), unit_id=999, slug="dua", who="ketua")
    assert mart.call(stores.open_store, Shop("Dua"), unit_id=unit_id, slug="dua", who="ketua").is_open


def test_the_neighbour_has_a_unit_of_their_own(mart):
    world = mart.world
    theirs, unit_id = open_shop(world, world.other_actors)  # the same slug is free there
    with pytest.raises(NotFound):
        mart.call(stores.open_store, Shop("Curang"), unit_id=unit_id, slug="curang", who="ketua")
    with pytest.raises(NotFound):
        mart.ask(stores.get, theirs, who="ketua")
    assert [store.id for store in mart.ask(stores.mine, who="ketua")] == [mart.store_id]


def test_a_shop_takes_over_what_the_books_hold_of_its_unit(world):
    who = world.bendahara
    with world.transaction() as session:
        unit = add_unit(session, who, code="TOKO", name="Toko")
        for number, unit_id in enumerate((unit.id, unit.id, None)):
            lines = [debit(Role.INVENTORY, 100_000 + number, unit_id=unit_id), credit(Role.CASH, 100_000 + number)]
            post(session, who, booked_on=A_DAY, memo="Belanja", source=f"test:{number}", lines=lines)
        unit_id = unit.id
    with world.transaction(world.ketua) as session:
        store = stores.open_store(session, world.ketua, Shop("Toko"), unit_id=unit_id, slug="toko")
        assert store.unopened_rp == 200_001


def test_a_chart_without_the_roles_is_refused_by_name(world):
    with world.transaction() as session:
        unit_id = add_unit(session, world.bendahara, code="TOKO", name="Toko").id
        session.execute(delete(AccountRole).where(AccountRole.role.in_(["inventory", "stock_difference"])))
    with (
        world.transaction(world.ketua) as session,
        pytest.raises(StoreRolesMissing, match=r"persediaan \(inventory\), selisih stok \(stock difference\)"),
    ):
        stores.open_store(session, world.ketua, Shop("Toko"), unit_id=unit_id, slug="toko")


def test_people_work_in_the_shops_that_name_them(mart):
    world = mart.world
    second, _ = open_shop(world, world.actors, "kedua", keeper=False)
    seen = {who: [store.id for store in mart.ask(stores.mine, who=who)] for who in ("pengelola_toko", "ketua",
            "bendahara", "pengawas")}  # fmt: skip
    assert seen == {"pengelola_toko": [mart.store_id], "ketua": [second, mart.store_id],
                    "bendahara": [second, mart.store_id], "pengawas": [second, mart.store_id]}  # fmt: skip
    for what in (stores.get, stores.must_keep):
        with pytest.raises(NotFound):
            mart.ask(what, second)
        assert mart.ask(what, mart.store_id).slug == "toko"
        assert mart.ask(what, second, who="bendahara").slug == "kedua"
    assert mart.ask(stores.get, second, who="pengawas").slug == "kedua"
    with pytest.raises(NotFound):
        mart.ask(stores.must_keep, second, who="pengawas")
    with pytest.raises(NotAllowed):
        mart.ask(stores.mine, who="petugas")


def test_managers_are_people_of_this_cooperative_with_the_role(mart):
    world, toni = mart.world, mart.world.pengelola_toko.user_id
    assert [user.full_name for user in mart.ask(stores.keepers, who="ketua")] == ["Toni Toko"]
    for user_id in (world.petugas.user_id, world.other_actors["pengelola_toko"].user_id, 999_999):
        with pytest.raises(InvalidValue, match="Pengelola"):
            mart.call(stores.set_managers, mart.store_id, [toni, user_id], who="ketua")
    mart.call(stores.set_managers, mart.store_id, [toni, toni], who="ketua")
    assert [user.id for user in mart.ask(stores.managers, mart.store_id)] == [toni]
    with pytest.raises(NotAllowed):
        mart.call(stores.set_managers, mart.store_id, [])
    mart.call(stores.set_managers, mart.store_id, [], who="ketua")
    assert mart.ask(stores.mine) == []
    with world.reading() as session:
        assert session.scalars(select(StoreManager)).all() == []


def test_a_manager_changes_the_shop_but_not_what_the_board_decides(mart):
    kept = Shop("Toko Baru", address="Jl. Melati 1", couriers="jne:pos", is_open=False)
    assert mart.call(stores.save, mart.store_id, kept).address == "Jl. Melati 1"
    for more in (
        {"commission_pct": Decimal(5)},
        {"credit_limit_rp": 100},
        {"qris": "000201x"},
        {"sells_to_all": False},
    ):
        with pytest.raises(NotAllowed):
            mart.call(stores.save, mart.store_id, replace(kept, **more))
        mart.call(stores.save, mart.store_id, replace(kept, **more), who="ketua")
        mart.call(stores.save, mart.store_id, kept, who="ketua")
    for wrong in ({"name": " "}, {"qris": "x"}, {"commission_pct": Decimal(101)}, {"credit_limit_rp": -1}):
        with pytest.raises(InvalidValue):
            mart.call(stores.save, mart.store_id, replace(kept, **wrong), who="ketua")
    with pytest.raises(NotFound):
        mart.call(stores.save, mart.store_id, kept, who=mart.world.other_actors["ketua"])
    with mart.world.reading() as session:
        last = session.scalars(select(AuditRecord).order_by(AuditRecord.seq.desc())).first()
        assert (last.action, list(last.detail["changed"])) == ("mart.save_store", ["sells_to_all"])


def test_zones_have_a_name_once_and_their_price(mart):
    near = mart.call(stores.save_zone, mart.store_id, Zone(" Dalam  kota", "Bandung , Cimahi,,", 10_000, "1 hari"))
    assert (near.name, near.places) == ("Dalam kota", "Bandung, Cimahi")
    for wrong in (Zone("Dalam kota", "", 0), Zone("", "", 0), Zone("Jauh", "", -1)):
        with pytest.raises(InvalidValue):
            mart.call(stores.save_zone, mart.store_id, wrong)
    mart.call(stores.save_zone, mart.store_id, Zone("Dalam kota", "Bandung", 0, is_active=False), zone_id=near.id)
    assert [(zone.places, zone.fee_rp) for zone in mart.ask(stores.zones, mart.store_id)] == [("Bandung", 0)]
    theirs, _ = open_shop(mart.world, mart.world.other_actors)
    with pytest.raises(NotFound):
        mart.call(
            stores.save_zone, theirs, Zone("Curang", "", 0), zone_id=near.id, who=mart.world.other_actors["ketua"]
        )
    with pytest.raises(NotFound):
        mart.ask(stores.zones, theirs)


def test_a_new_bank_account_is_told_to_managers_and_treasurers_once(mart):
    mart.call(store_bank.change_bank, mart.store_id, **BANK)
    mart.call(store_bank.change_bank, mart.store_id, **BANK)  # the second click
    with mart.world.reading() as session:
        store = session.get_one(Store, mart.store_id)
        assert (store.bank_account_masked, b"12345678" in store.bank_account_cipher) == ("00••••••78", False)
        assert store.bank_changed_at is not None
        told = session.scalars(select(Notification)).all()
        people = {mart.world.pengelola_toko.user_id, mart.world.bendahara.user_id}
        assert people < {one.user_id for one in told}, "and the founder, who is treasurer, too"
        assert len(told) == 3
        assert all("00••••••78 oleh Toni Toko" in one.body for one in told)
    mart.call(store_bank.change_bank, mart.store_id, **{**BANK, "account": "99887766"}, who="ketua")
    with mart.world.reading() as session:
        assert len(session.scalars(select(Notification)).all()) == 6
    assert mart.call(store_bank.bank_account, mart.store_id, who="bendahara") == "99887766"


def test_the_bank_account_is_for_its_managers_and_the_board_to_change(mart):
    second, _ = open_shop(mart.world, mart.world.actors, "kedua", keeper=False)
    with pytest.raises(NotFound):
        mart.call(store_bank.change_bank, second, **BANK)
    with pytest.raises(NotAllowed):
        mart.call(store_bank.change_bank, mart.store_id, **BANK, who="bendahara")
    with pytest.raises(NotAllowed):
        mart.call(store_bank.bank_account, mart.store_id)
    for wrong in ({"account": "12a45"}, {"account": "1234"}, {"bank": " "}, {"holder": ""}):
        with pytest.raises(InvalidValue):
            mart.call(store_bank.change_bank, mart.store_id, **{**BANK, **wrong})
    assert mart.call(store_bank.bank_account, mart.store_id, who="bendahara") == ""
