"""Kopmart's pages are light, ask little of the database, and suit a phone and everybody's eyes."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Browser
from sqlalchemy import event, select

from models.mart.products import Product, Review
from tests.mart.shelf import Shelf, open_shelf
from tests.member_portal.conftest import AXE, Portal
from tests.member_portal.test_kopmart import page_of, user_id


@pytest.fixture
def shelf(portal: Portal) -> Shelf:
    return open_shelf(portal.world)


def test_a_page_of_twenty_of_many_is_light_and_asks_little(portal: Portal, shelf: Shelf) -> None:
    shelf.fill(1_000)
    asked: list[str] = []
    engine = portal.world.database.engine
    event.listen(engine, "before_cursor_execute", lambda _c, _u, text, *_: asked.append(text))
    browser = portal.as_("siti")
    with portal.world.reading(shelf.actor) as session:
        product = session.scalars(select(Product).limit(1)).one()
    walked = (
        "/kopmart/",
        "/kopmart/kategori/sembako",
        "/kopmart/cari?q=gula+merah",
        "/kopmart/toko/maju/toko",
        page_of(product),
    )
    for client, most in ((portal.anyone(), 10), (browser, 17)):  # who is signed in is asked for too
        for way in walked:
            client.get(way)
            asked.clear()
            answer = client.get(way)
            selects = [text for text in asked if text.lstrip().upper().startswith("SELECT")]
            assert answer.status_code == 200
            assert len(selects) <= most, (way, len(selects))
            assert len(answer.data) <= 60_000, (way, len(answer.data))


def test_a_full_product_page_is_under_a_hundred_kilobytes(portal: Portal, shelf: Shelf) -> None:
    product = shelf.product("Beras", about="x" * 3_000, kinds=[(f"Ukuran {n}", 1_000 + n) for n in range(30)])
    for n in range(12):
        shelf.product(f"Lain {n}")
    shopper = user_id(portal, "siti")
    for _ in range(10):
        line = shelf.order(product, shopper)
        with portal.world.transaction(shelf.actor) as session:
            session.add(Review(product_id=product.id, line_id=line, user_id=shopper, stars=5, body="y" * 1_000))
    page = portal.anyone().get(page_of(product))
    files = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js)\?[^"]*)"', page.text)
    whole = len(page.data) + sum(len(portal.anyone().get(one.replace("&amp;", "&")).data) for one in files)
    assert len(files) == 4
    assert whole <= 100_000, whole


def test_pages_pass_axe_and_fit_a_phone(portal: Portal, shelf: Shelf, served: str, chromium: Browser) -> None:
    product = shelf.product(
        "Beras Premium Cianjur isi ulang", 72_000, member_rp=69_000, kinds=[("5 kg", 72_000), ("10 kg", 1_140_000)]
    )
    shelf.product("Madu", stock=0)
    shelf.campaign("Kilat malam ini", Decimal(20), product, kind="flash", quota=30)
    shelf.order(product, user_id(portal, "siti"))
    page = chromium.new_page(viewport={"width": 360, "height": 740})
    problems = []
    for signed_in in (False, True):
        if signed_in:
            page.goto(f"{served}/masuk")
            page.fill("input[name=username]", "siti")
            page.fill("input[name=password]", "kuda lari pagi hari")
            page.keyboard.press("Enter")
            page.wait_for_load_state()
        for way in (
            "/kopmart/",
            page_of(product),
            "/kopmart/cari?q=beras",
            "/kopmart/toko/maju/toko",
            "/kopmart/favorit",
        ):
            page.goto(f"{served}{way}")
            if page.evaluate("document.documentElement.scrollWidth > 360"):
                problems.append((way, "scrolls sideways"))
            page.evaluate(AXE.read_text("utf-8"))
            found = page.evaluate(
                "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations']})"
            )
            problems += [(way, one["id"], one["nodes"][0]["html"][:120]) for one in found["violations"]]
    page.close()
    assert problems == []
