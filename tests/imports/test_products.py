"""Lists of goods: new ones come with their opening stock, known ones change, what is wrong is said by its cell."""

import re
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import event, select

from core.errors import NotAllowed
from models.audit import AuditRecord
from models.mart.products import Product, ProductVariant, StockMovement
from models.mart.stores import Store
from services.coops.commands import add_unit
from services.imports import commands
from services.imports.worker import read_here
from services.ledger.chart import Role
from services.ledger.posting import credit, debit, post
from services.mart import desk, listing, products, review_desk, stores
from services.mart.refusals import OpeningTooMuch
from services.mart.stores import Shop
from tests.conftest import World
from tests.imports.conftest import WORKBOOKS, importer, look, options, take, told, warned

HEAD = ("kode", "nama", "kategori", "satuan", "harga_beli", "harga_jual", "stok", "supplier")
RICE = ("BRS", "Beras Pandan", "Sembako", "kg", 12_000, "15.000", 10, "")


def open_shop(world: World, slug: str = "toko", inventory_rp: int = 1_000_000) -> int:
    """A shop of a unit of its own whose inventory is in the books as one sum."""
    who = importer(world)
    with world.transaction(who) as session:
        unit = add_unit(session, who, code=slug, name=f"Unit {slug}")
        lines = [debit(Role.INVENTORY, inventory_rp, unit_id=unit.id), credit(Role.CASH, inventory_rp)]
        post(session, who, booked_on=date(2026, 1, 2), memo="Persediaan", source=f"test:{slug}", lines=lines)
        store = stores.open_store(session, who, Shop(f"Toko {slug}"), unit_id=unit.id, slug=slug)
        stores.set_managers(session, who, store.id, [world.pengelola_toko.user_id])
        return store.id


@pytest.fixture
def shop(world: World) -> World:
    open_shop(world)
    return world


def goods(world: World) -> dict[str, ProductVariant]:
    with world.reading() as session:
        found = session.scalars(select(ProductVariant).order_by(ProductVariant.id)).all()
        assert all(one.product.name for one in found)
        return {one.sku: one for one in found}


def test_new_goods_come_with_their_stock_and_the_books_do_not_move(shop, sheet):
    booked = take(shop, "products", sheet("b.csv", HEAD, RICE, ("GLA", "Gula", "", "kg", "", 14_000, "", "")))
    assert booked.counts == {"barang baru": 2, "stok awal": 10}
    rice, sugar = goods(shop)["BRS"], goods(shop)["GLA"]
    assert (rice.price_rp, rice.on_hand, rice.value_rp, rice.member_price_rp) == (15_000, 10, 120_000, None)
    assert (rice.product.from_rp, rice.product.available, rice.product.category) == (15_000, 10, "sembako")
    assert (sugar.on_hand, sugar.product.category, sugar.product.is_published) == (0, "lainnya", False)
    with shop.reading() as session:
        assert session.scalars(select(Store.unopened_rp)).all() == [880_000]
        moved = session.scalars(select(StockMovement)).all()
        assert [(one.kind, one.quantity, one.value_rp, one.entry_seq) for one in moved] == [
            ("opening", 10, 120_000, None)
        ]


def test_the_second_click_and_the_same_file_again_change_nothing(shop, sheet):
    actor, path = importer(shop), sheet("b.csv", HEAD, RICE)
    shown = look(shop, "products", path)
    for is_new in (True, False):
        with shop.transaction(actor) as session:
            assert commands.book(session, actor, shown).is_new is is_new
    again = look(shop, "products", path)
    assert again.clean, told(again)
    assert again.counts == {"barang diperbarui": 0}
    take(shop, "products", path)
    assert goods(shop)["BRS"].on_hand == 10


def test_prices_go_up_and_down_by_the_same_files(shop, sheet):
    head = ("Kode", "Nama Barang", "Harga Jual", "Harga Anggota")
    low = sheet("low.csv", head, ("BRS", "Beras", 15_000, 14_000))
    high = sheet("high.csv", head, ("brs", "Beras", 16_000, ""))
    for path, price_rp, member_rp in ((low, 15_000, 14_000), (high, 16_000, None), (low, 15_000, 14_000),
                                      (high, 16_000, None), (low, 15_000, 14_000)):  # fmt: skip
        take(shop, "products", path)
        one = next(iter(goods(shop).values()))
        assert (one.price_rp, one.member_price_rp, one.product.from_rp) == (price_rp, member_rp, price_rp)
    with shop.reading() as session:
        traced = session.scalars(select(AuditRecord).where(AuditRecord.action == "mart.prices")).all()
        assert [one.detail["changed"][0][1:] for one in traced][1] == [[15_000, 14_000, 0], [16_000, None, 0]]


def test_an_export_comes_back_with_changed_prices(shop, sheet, tmp_path):
    from reports.spreadsheet import plain_xlsx
    from services.mart.listing import HEADINGS, rows

    kinds = [("K-S", "Kaos", "S", 50_000, 5), ("K-L", "Kaos", "L", 55_000, 3)]
    head = ("SKU", "Nama", "Varian", "Harga Jual", "Stok", "Harga Beli")
    take(shop, "products", sheet("v.csv", head, *((*kind, 30_000) for kind in kinds)))
    actor = importer(shop)
    with shop.reading(actor) as session:
        content = plain_xlsx("Barang", [HEADINGS, *rows(session, actor)])
    path = tmp_path / "barang.xlsx"
    path.write_bytes(content)
    untouched = look(shop, "products", path)
    assert (untouched.clean, untouched.counts) == (True, {"barang diperbarui": 0}), told(untouched)
    assert untouched.warnings == ()
    book = load_workbook(path)
    page = book.active
    place = [cell.value for cell in page[1]].index("Harga Jual") + 1
    page.cell(2, place).value = 60_000
    book.save(path)
    assert take(shop, "products", path).counts == {"barang diperbarui": 1}
    assert {sku: one.price_rp for sku, one in goods(shop).items()} == {"K-S": 50_000, "K-L": 60_000}
    with shop.reading() as session:
        assert len(session.scalars(select(Product)).all()) == 1


def test_rows_that_share_a_name_and_have_kinds_are_one_product(shop, sheet):
    head = ("kode", "nama", "varian", "harga jual", "kategori", "berat")
    rows = [
        ("A", "Kaos", "S", 50_000, "Pakaian", 200),
        ("B", "Kaos", "M", 55_000, "", ""),
        ("C", "Topi", "", 9_000, "", ""),
    ]
    take(shop, "products", sheet("v.csv", head, *rows))
    take(shop, "products", sheet("w.csv", head, ("D", "kaos", "L", 45_000, "", "")))
    found = goods(shop)
    assert len({found[sku].product_id for sku in "ABD"}) == 1
    assert (found["A"].product.from_rp, found["B"].product.category, found["A"].product.weight_g) == (
        45_000, "pakaian", 200)  # fmt: skip
    differs = look(
        shop,
        "products",
        sheet("x.csv", head, ("E", "Sandal", "39", 1, "Pakaian", 1), ("F", "Sandal", "40", 1, "Jasa", 1)),
    )
    assert differs.clean
    assert "berbeda dari baris 2" in warned(differs)


def test_goods_without_a_code_get_one_and_are_known_again(shop, sheet):
    head = ("barcode", "nama", "harga jual")
    path = sheet("b.csv", head, ("2990000110015", "Teh", 5_000), ("", "Kopi", 7_000))
    take(shop, "products", path)
    take(shop, "products", sheet("c.csv", head, ("2990000110015", "Teh Celup", 5_500), ("", "Kopi", 7_500)))
    assert {sku: (one.product.name, one.price_rp) for sku, one in goods(shop).items()} == {
        "B00001": ("Teh Celup", 5_500), "B00002": ("Kopi", 7_500)}  # fmt: skip


def test_every_problem_has_its_place_and_its_reason_and_nothing_is_kept(shop, sheet):
    take(
        shop,
        "products",
        sheet("a.csv", ("kode", "barcode", "nama", "harga jual"), ("ADA", "2990000110022", "Ada", 1_000)),
    )
    head = ("Kode", "Barcode", "Nama Barang", "Harga Jual", "Harga Anggota", "Harga Beli", "Stok", "Aktif", "Berat")
    shown = look(shop, "products", sheet("s.xlsx", head,
        ("A", "2990000110016", "EAN salah", 1_000, None, None, None, None, None),
        ("B", None, "Anggota", 1_000, 1_001, None, None, None, None),
        ("C", None, "Tanpa harga beli", 1_000, None, None, 5, None, None),
        ("D", None, "Gratis", 0, None, None, None, None, None),
        ("ADA", None, "Ada", 1_000, None, None, 7, None, None),
        ("E", "2990000110022", "Barcode orang", 1_000, None, None, None, None, None),
        ("F", None, "Entah", 1_000, None, None, None, "mungkin", None),
        ("G", None, "Berat", 1_000, None, None, None, None, 9_000_000),
        ("A", None, "Ganda", 1_000, None, None, None, None, None),
        ("a", None, "Ganda kecil", 1_000, None, None, None, None, None),
        ("H", None, "x" * 121, 1_000, None, None, None, None, None),
    ))  # fmt: skip
    places = [(problem.row, problem.column) for problem in sorted(shown.problems, key=lambda one: one.row or 0)]
    assert places == [(2, "Barcode"), (3, "Harga Anggota"), (4, "Harga Beli"), (5, "Harga Jual"),
                      (7, "Barcode"), (8, "Aktif"), (9, "Berat (gram)"), (10, "Kode"), (11, "Kode"),
                      (12, "Nama Barang")]  # fmt: skip
    assert all((one.file, one.sheet) == ("s.xlsx", "Data") and one.reason and one.advice for one in shown.problems)
    assert [(one.row, one.column) for one in shown.warnings if "stok tidak diubah" in one.reason] == [(6, "Stok")]
    assert list(goods(shop)) == ["ADA"]


def test_opening_stock_is_at_most_what_the_books_hold(shop, sheet):
    dear = ("A", "Mahal", "", "pcs", 100_001, 200_000, 10, "")
    shown = look(shop, "products", sheet("b.csv", HEAD, dear))
    assert [(one.row, one.column) for one in shown.problems] == [(2, "Stok")]
    assert re.search(r"Rp 1\.000\.010,.* Rp 1\.000\.000\..*Barang masuk", told(shown)[0])
    actor, shown = importer(shop), look(shop, "products", sheet("c.csv", HEAD, RICE))
    with shop.transaction(actor) as session:
        session.scalars(select(Store)).one().unopened_rp = 0  # opened by somebody else while it was looked at
        with pytest.raises(OpeningTooMuch):
            commands.book(session, actor, shown)
        session.rollback()
    assert goods(shop) == {}


def test_goods_sold_while_their_list_was_away_keep_their_stock(shop, sheet):
    head = ("kode", "nama", "harga_jual", "stok", "harga_beli")
    take(shop, "products", sheet("a.csv", head, ("T", "Teh", 1_000, 5, 700)))
    later = sheet("b.csv", head, ("T", "Teh", 1_200, 9, 700))
    shown = look(shop, "products", later)
    assert [one.reason.lower() for one in shown.warnings] == ["stok di kartu 5, di berkas 9; stok tidak diubah."]
    assert take(shop, "products", later).counts == {"barang diperbarui": 1}
    assert (goods(shop)["T"].price_rp, goods(shop)["T"].on_hand) == (1_200, 5)


def test_several_shops_are_told_apart_by_a_column_or_by_choice(shop, sheet):
    second = open_shop(shop, "kedua")
    plain = sheet("p.csv", ("kode", "nama", "harga jual"), ("A", "Teh", 1_000))
    assert (
        "ada 2 toko. Pilih tokonya, atau tambahkan kolom Toko: Toko kedua, Toko toko"
        in told(look(shop, "products", plain))[0]
    )
    assert "toko 'x' tidak ada" in told(look(shop, "products", plain, shop="x"))[0]
    take(shop, "products", plain, shop="KEDUA")
    assert goods(shop)["A"].product.store_id == second
    named = sheet(
        "n.csv",
        ("kode", "nama", "harga jual", "toko"),
        ("B", "Teh", 1_000, "Toko toko"),
        ("C", "Teh", 1_000, "unit kedua"),
    )
    take(shop, "products", named)
    assert (goods(shop)["B"].product.store_id == second, goods(shop)["C"].product.store_id == second) == (False, True)
    other = look(
        shop,
        "products",
        sheet("o.csv", ("kode", "nama", "harga jual", "toko"), ("A", "Teh", 1_000, "toko"), ("D", "X", 1, "zz")),
    )
    assert ["milik toko lain" in told(other)[0], "toko 'zz' tidak ada" in told(other)[1]] == [True, True]


def test_a_keeper_imports_into_their_own_shops_alone(shop, sheet):
    keeper, clerk = shop.pengelola_toko, shop.petugas
    path = sheet("p.csv", ("kode", "nama", "harga jual", "stok", "harga beli"), ("A", "Teh", 1_000, 1, 500))
    take(shop, "products", path, actor=keeper)
    with shop.transaction(shop.ketua) as session:
        stores.set_managers(session, shop.ketua, stores.mine(session, shop.ketua)[0].id, [])
    assert "belum ada toko yang Anda kelola" in told(look(shop, "products", path, actor=keeper))[0]
    for who in (clerk, shop.bendahara):
        with pytest.raises(NotAllowed):
            look(shop, "products", path, actor=who)
    with pytest.raises(NotAllowed):
        look(shop, "members", path, actor=keeper)


def test_the_workbook_of_a_real_shop_is_taken_whole(world):
    open_shop(world, inventory_rp=500_000_000)
    for folder, counts in (("A0", {"barang baru": 300}), ("A1", {})):
        shown = look(world, "products", WORKBOOKS / folder / "08_barang_toko.xlsx")
        assert shown.clean, told(shown)[:5]
        assert counts.items() <= shown.counts.items()
        if counts:
            take(world, "products", WORKBOOKS / folder / "08_barang_toko.xlsx")
    assert len(goods(world)) == 300
    assert world.other.id  # the neighbour has none
    with world.reading(world.other_actors["ketua"]) as session:
        assert session.scalars(select(Product)).all() == []


def test_a_thousand_goods_take_a_handful_of_questions(world, tmp_path):
    open_shop(world, inventory_rp=500_000_000)
    book = Workbook(write_only=True)
    page = book.create_sheet("Barang")
    page.append(["Kode", "Barcode", "Nama Barang", "Kategori", "Harga Beli", "Harga Jual", "Stok", "Berat"])
    for number in range(1_000):
        page.append([f"K{number:05}", "", f"Barang {number}", "Sembako", 1_000 + number, 2_000 + number, 3, 100])
    book.save(tmp_path / "b.xlsx")
    asked: list[str] = []
    event.listen(world.database.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    actor = importer(world)
    files = commands.read([tmp_path / "b.xlsx"], "products", options(), reader=read_here)
    with world.transaction(actor) as session:
        booked = commands.book(session, actor, commands.preview(session, actor, files, options(), "products"))
    assert booked.counts == {"barang baru": 1_000, "stok awal": 3_000}
    questions = [one for one in asked if not one.startswith("INSERT")]
    assert len(questions) < 90


def test_goods_are_taken_on_both_databases(any_world, sheet):
    store_id = open_shop(any_world)
    take(any_world, "products", sheet("b.csv", HEAD, RICE, ("", "Gula", "", "kg", "", 14_000, "", "")[:8]))
    keeper = any_world.pengelola_toko
    with any_world.reading(keeper) as session:
        assert [one.full_name for one in stores.managers(session, keeper, store_id)] == ["Toni Toko"]
        assert [(one.sku, one.free) for one in desk.low(session, keeper)] == [("B00001", 0)]
        assert products.next_sku(session, keeper) == "B00002"
        assert len(list(listing.rows(session, keeper, store_id))) == 2
        assert review_desk.of_mine(session, keeper) == []
