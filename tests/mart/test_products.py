"""Goods: their codes are unique, their prices sane and traced, what lists show of them is counted right."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from core.errors import InvalidValue, NotAllowed, NotFound
from models.audit import AuditRecord
from models.mart.products import Product, ProductVariant
from models.procurement import Supplier
from services.mart import desk, products, shelf
from services.mart.goods import BarcodeTaken, Good, SkuTaken, Variant, ean_holds
from services.mart.products import NothingToSell, StockHeld
from tests.mart.conftest import open_shop

RICE = Good("Beras Pandan", "sembako", unit_name="kg", weight_g=1000)
SACK = Variant(15_000, "5 kg", sku="BRS-5", barcode="2990000110015", member_price_rp=14_500, low_at=2)


def add(mart, good=RICE, variant=SACK, **more):
    return mart.call(products.save_product, good, store_id=mart.store_id, variant=variant, **more).id


def first(mart, product_id: int) -> ProductVariant:
    with mart.world.reading() as session:
        return session.get_one(Product, product_id).variants[0]


def stock(mart, variant_id: int, on_hand: int, reserved: int = 0) -> None:
    """As if pieces had been received (their value is another test's)."""
    with mart.world.transaction() as session:
        session.execute(update(ProductVariant).where(ProductVariant.id == variant_id).values(
            on_hand=on_hand, reserved=reserved))  # fmt: skip


def test_a_product_comes_with_its_first_variant_and_a_code_of_its_own(mart):
    add(mart)
    made = [first(mart, add(mart, replace(RICE, name=name), Variant(1_000))).sku for name in ("A", "B")]
    assert made == ["B00001", "B00002"]
    with mart.world.reading() as session:
        rice = session.scalars(select(Product).order_by(Product.id)).first()
        assert (rice.from_rp, rice.available, rice.is_published, rice.variants[0].label) == (
            15_000, 0, False, "Beras Pandan 5 kg")  # fmt: skip


def test_the_second_click_adds_nothing(mart):
    add(mart)
    with pytest.raises(SkuTaken, match="BRS-5 sudah dipakai Beras Pandan 5 kg"):
        add(mart)
    with mart.world.reading() as session:
        assert len(session.scalars(select(Product)).all()) == 1


def test_codes_are_unique_here_and_barcodes_in_a_shop(mart):
    product_id = add(mart)
    for sku in ("BRS-5", "brs-5"):
        with pytest.raises(SkuTaken):
            mart.call(products.save_variant, product_id, Variant(1_000, "lain", sku=sku))
    with pytest.raises(BarcodeTaken):
        mart.call(products.save_variant, product_id, Variant(1_000, "lain", barcode=SACK.barcode))
    second, _ = open_shop(mart.world, mart.world.actors, "kedua")
    other = replace(SACK, sku="")
    assert mart.call(products.save_product, RICE, store_id=second, variant=other).store_id == second
    theirs, _ = open_shop(mart.world, mart.world.other_actors)
    stranger = mart.world.other_actors["pengelola_toko"]
    assert mart.call(products.save_product, RICE, store_id=theirs, variant=SACK, who=stranger).from_rp == 15_000


def test_what_is_wrong_is_said_with_its_field(mart):
    for changes, field in (
        ({"name": " "}, "Nama barang"), ({"name": "x" * 121}, "Nama barang"), ({"category": "x"}, "Kategori"),
        ({"weight_g": -1}, "Berat"), ({"unit_name": ""}, "Satuan"), ({"is_consigned": True}, "Pemasok"),
    ):  # fmt: skip
        with pytest.raises(InvalidValue, match=field):
            add(mart, replace(RICE, **changes))
    for changes, field in (
        ({"price_rp": 0}, "Harga jual"), ({"member_price_rp": 15_001}, "Harga anggota"), ({"low_at": -1}, "Stok"),
        ({"member_price_rp": 0}, "Harga anggota"), ({"sku": "a\tb"}, "Kode"), ({"barcode": "2990000110016"}, "Barcode"),
        ({"barcode": "<b>"}, "Barcode"), ({"name": "x" * 61}, "Varian"), ({"owner_rp": 1}, "Hak penitip"),
    ):  # fmt: skip
        with pytest.raises(InvalidValue, match=field):
            add(mart, variant=replace(SACK, **changes))
    assert add(mart, variant=replace(SACK, member_price_rp=15_000))
    assert not ean_holds("2990000110016")


def test_a_product_has_each_variant_once_and_kinds_have_names(mart):
    product_id = add(mart)
    for name in ("5 KG", " 5 kg "):
        with pytest.raises(InvalidValue, match="sudah ada"):
            mart.call(products.save_variant, product_id, Variant(1_000, name))
    plain = add(mart, replace(RICE, name="Gula"), Variant(9_000))
    with pytest.raises(InvalidValue, match="isi dulu"):
        mart.call(products.save_variant, plain, Variant(1_000))


def test_a_changed_price_is_kept_with_the_one_before(mart):
    product_id = add(mart)
    kept = first(mart, product_id)
    mart.call(products.save_variant, product_id, SACK, variant_id=kept.id)
    cheaper = replace(SACK, price_rp=14_000, member_price_rp=None)
    mart.call(products.save_variant, product_id, cheaper, variant_id=kept.id)
    with mart.world.reading() as session:
        told = session.scalars(select(AuditRecord).where(AuditRecord.action == "mart.price")).all()
        assert [(one.subject, one.user_id, one.detail) for one in told] == [(
            f"variant:{kept.id}", mart.world.pengelola_toko.user_id,
            {"sku": "BRS-5", "price_rp": [15_000, 14_000], "member_price_rp": [14_500, None]},
        )]  # fmt: skip
        assert session.get_one(Product, product_id).from_rp == 14_000


def test_lists_show_the_lowest_price_and_what_is_free(mart):
    product_id = add(mart)
    small = mart.call(products.save_variant, product_id, Variant(3_500, "1 kg")).id
    stock(mart, first(mart, product_id).id, 10, reserved=3)
    stock(mart, small, 4)
    with mart.world.transaction() as session:
        product = session.get_one(Product, product_id)
        shelf.refresh(session, [product_id])
        assert (product.from_rp, product.available) == (3_500, 11)
    stock(mart, small, 0)
    mart.call(products.save_variant, product_id, Variant(3_500, "1 kg", is_active=False), variant_id=small)
    with mart.world.reading() as session:
        product = session.get_one(Product, product_id)
        assert (product.from_rp, product.available) == (15_000, 7)
    stock(mart, first(mart, product_id).id, 0)
    mart.world.checked = False  # the stock above is no booking's


def test_a_product_is_shown_when_it_has_something_to_sell(mart):
    empty = add(mart, variant=None)
    with pytest.raises(NothingToSell):
        mart.call(products.publish, empty, shown=True)
    product_id = add(mart)
    assert mart.call(products.publish, product_id, shown=True).is_published
    assert mart.call(products.publish, product_id, shown=True).is_published
    kept = first(mart, product_id)
    mart.call(products.save_variant, product_id, replace(SACK, is_active=False), variant_id=kept.id)
    with mart.world.reading() as session:
        assert not session.get_one(Product, product_id).is_published, "nothing is left to sell"


def test_what_lies_on_the_shelf_is_not_put_away_nor_given_to_another(mart):
    product_id = add(mart)
    kept = first(mart, product_id)
    stock(mart, kept.id, 1)
    mart.world.checked = False  # the stock above is no booking's
    with pytest.raises(StockHeld, match="dinonaktifkan"):
        mart.call(products.save_variant, product_id, replace(SACK, is_active=False), variant_id=kept.id)
    with mart.world.transaction() as session:
        supplier = Supplier(coop_id=mart.world.coop.id, name="Bu Ani")
        session.add(supplier)
        session.flush()
        supplier_id = supplier.id
    with pytest.raises(StockHeld, match="titipan"):
        titipan = replace(RICE, is_consigned=True, supplier_id=supplier_id)
        mart.call(products.save_product, titipan, product_id=product_id)


def test_consigned_goods_owe_their_owner_no_more_than_they_bring(mart):
    with mart.world.transaction() as session:
        supplier = Supplier(coop_id=mart.world.coop.id, name="Bu Ani")
        session.add(supplier)
        session.flush()
        titipan = Good("Kue", "makanan", is_consigned=True, supplier_id=supplier.id)
    for owner_rp in (0, 1_801):
        with pytest.raises(InvalidValue, match="Hak penitip"):
            add(mart, titipan, Variant(2_000, member_price_rp=1_800, owner_rp=owner_rp))
    assert add(mart, titipan, Variant(2_000, member_price_rp=1_800, owner_rp=1_800))
    with pytest.raises(NotFound):
        add(mart, replace(titipan, supplier_id=999_999), None)


def test_goods_are_those_of_ones_own_shops(mart):
    world = mart.world
    second, _ = open_shop(world, world.actors, "kedua", keeper=False)
    theirs = mart.call(products.save_product, RICE, store_id=second, variant=SACK, who="ketua").id
    kept = first(mart, theirs)
    for call in (
        lambda who: mart.call(products.save_product, RICE, store_id=second, who=who),
        lambda who: mart.call(products.save_product, RICE, product_id=theirs, who=who),
        lambda who: mart.call(products.save_variant, theirs, Variant(1, "x"), who=who),
        lambda who: mart.call(products.publish, theirs, shown=True, who=who),
        lambda who: mart.ask(products.get, theirs, who=who),
        lambda who: mart.ask(products.variant, kept.id, who=who),
    ):
        for who in ("pengelola_toko", world.other_actors["ketua"]):
            with pytest.raises(NotFound):
                call(who)
    with pytest.raises(NotAllowed):
        mart.call(products.save_variant, theirs, Variant(1, "x"), who="bendahara")
    with pytest.raises(NotFound):
        mart.call(products.save_variant, add(mart, replace(RICE), None), SACK, variant_id=kept.id, who="ketua")


def test_what_runs_low_is_told_the_emptiest_first(mart):
    product_id = add(mart)
    kept = first(mart, product_id)
    mart.call(products.save_variant, product_id, Variant(3_500, "1 kg", low_at=5))
    plenty = add(mart, replace(RICE, name="Gula"), Variant(9_000, low_at=2))
    stock(mart, first(mart, plenty).id, 3)
    stock(mart, kept.id, 2)
    assert [one.name for one in mart.ask(desk.low)] == ["1 kg", "5 kg"]
    stock(mart, kept.id, 5, reserved=2)
    assert [one.name for one in mart.ask(desk.low, mart.store_id)] == ["1 kg"]
    assert [one.label for one in mart.ask(desk.variants)] == ["Beras Pandan 1 kg", "Beras Pandan 5 kg", "Gula"]
    mart.world.checked = False  # the stock above is no booking's
