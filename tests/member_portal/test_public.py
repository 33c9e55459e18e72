"""Pages for strangers: what eKopz is and costs, what a cooperative is, which there are, and asking to join one."""

import json
import re

import pytest
from playwright.sync_api import Browser
from sqlalchemy import event

from core.clock import today
from member_portal.glossary import TERMS
from member_portal.lessons import LESSONS
from models.members import JoinRequest
from models.subscriptions import Plan
from services.audit.visits import views
from services.coops import directory
from tests.mart.shelf import open_shelf
from tests.member_portal.conftest import Portal
from tests.member_portal.test_browser import PHONE, looked_at

PAGES = ("/", "/harga", "/belajar", "/belajar/hitung", "/koperasi", *(f"/belajar/{one.slug}" for one in LESSONS))
BUDI = {"nama": "Budi Santoso", "hp": "0812-3456-7890", "email": "", "alamat": "", "pesan": "", "setuju": "ya",
        "situs": "", "token": "one"}  # fmt: skip
JOIN, THANKS = "/koperasi/maju/daftar", "/koperasi/maju/terima-kasih"
ODD = "<script>alert(1)</script>"
PERSON = {"User-Agent": "Mozilla/5.0 (Linux; Android 10; K) Chrome/126.0 Mobile Safari/537.36"}


@pytest.fixture
def listed(portal: Portal) -> Portal:
    """Our cooperative stands in the directory and takes members; the neighbour does not."""
    publish(portal)
    return portal


def publish(portal: Portal, **changes: object) -> None:
    who, wanted = portal.world.ketua, {"about": f"Kami {ODD}", "is_listed": True, "takes_members": True, **changes}
    with portal.world.transaction(who) as session:
        directory.publish(session, who, **wanted)


def structured(text: str) -> list[dict[str, object]]:
    return [json.loads(one) for one in re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', text)]


def asked(portal: Portal) -> list[JoinRequest]:
    with portal.world.database.platform("test") as session:
        return session.query(JoinRequest).all()


def looks(portal: Portal, ways: list[str]) -> dict[str, int]:
    with portal.world.database.platform("test") as session:
        return views(session, ways, today(), today())


def test_every_public_page_says_who_it_is(listed: Portal) -> None:
    titles = set()
    for way in (*PAGES, "/koperasi/maju", JOIN):
        answer = listed.anyone().get(way)
        assert answer.status_code == 200, way
        text = answer.text
        titles.add(re.search(r"<title>(.*?)</title>", text)[1])
        assert f'<link rel="canonical" href="http://127.0.0.1:8080{way}">' in text, way
        for name in ("og:title", "og:description", "og:image", "og:url"):
            assert f'property="{name}"' in text, (way, name)
        assert 'name="description"' in text, way
        assert "noindex" not in text, way
        assert text.count("<h1") == 1, way
        for foot in ("/belajar", "/harga", "/koperasi", "/kopnews/", "/privasi", "/yang-baru", "/rencana"):
            assert f'href="{foot}"' in text.split('<footer class="foot">')[1], (way, foot)
        assert f'href="/masukan?dari={way}"' in text, way
    assert len(titles) == len(PAGES) + 2


def test_the_landing_leads_on(listed: Portal) -> None:
    text = listed.anyone().get("/").text
    for way in ("/daftar-koperasi", "/harga", "/masuk", "/daftar", "/koperasi/maju", "/kopnews/", "/belajar"):
        assert f'href="{way}"' in text, way
    assert "Rp 99.000</span> sebulan" in text
    assert {one["@type"] for one in structured(text)} == {"Organization", "WebSite"}
    for picture in re.findall(r"<img [^>]*>", text):
        assert re.search(r'width="\d+" height="\d+"', picture), picture
        assert listed.anyone().get(re.search(r'src="([^"?]+)', picture)[1]).mimetype == "image/webp"
    assert text.count('loading="lazy"') >= 4


def test_prices_come_from_the_plans(portal: Portal) -> None:
    month, year = portal.anyone().get("/harga").text, portal.anyone().get("/harga?bayar=tahunan").text
    for price in ("Rp 99.000", "Rp 249.000", "Rp 599.000"):
        assert price in month, price
    assert "Rp 2.490.000" in year
    assert 'href="/daftar-koperasi?paket=tumbuh"' in month
    assert "Potong gaji" in month
    assert "lebih hemat" in month
    assert structured(month)[0]["@type"] == "FAQPage"
    with portal.world.database.platform("test", writes=True) as session:
        for plan in session.query(Plan):
            plan.name, plan.is_offered = ODD, plan.code == "maju"
    text = portal.anyone().get("/harga?bayar=%00").text
    assert "Rp 249.000" not in text
    assert ODD not in text
    with portal.world.database.platform("test", writes=True) as session:
        session.query(Plan).update({"is_offered": False})
    assert "sedang disiapkan" in portal.anyone().get("/harga").text
    assert "Tiga puluh hari gratis" in portal.anyone().get("/").text


def test_every_lesson_names_its_sources_and_the_next_one(portal: Portal) -> None:
    index = portal.anyone().get("/belajar").text
    for lesson, following in zip(LESSONS, [*LESSONS[1:], None], strict=True):
        text = portal.anyone().get(f"/belajar/{lesson.slug}").text
        assert f"/belajar/{lesson.slug}" in index
        for source in lesson.sources:
            assert source in text, source
        assert following is None or f"Lanjut: {following.title}" in text
    assert portal.anyone().get("/belajar/tidak-ada").status_code == 404
    words = [word for word, _ in TERMS]
    assert words == sorted(words, key=str.casefold)


def test_shu_is_counted_step_by_step(portal: Portal) -> None:
    text = portal.anyone().get("/belajar/shu").text
    assert "Rp 400.000" in text
    own = (
        portal.anyone()
        .get(
            "/belajar/shu?shu=30.000.000&modal=25&usaha=30&simpanan=2.000.000&semua_simpanan=150.000.000"
            "&transaksi=900.000&semua_transaksi=45.000.000"
        )
        .text
    )
    for step in ("Rp 7.500.000", "Rp 100.000", "Rp 9.000.000", "Rp 180.000", "Rp 280.000"):
        assert step in own, step


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("shu=abc", "Tulis rupiah bulat"),
        ("modal=70&usaha=40", "paling banyak 100 %"),
        ("simpanan=600.000.000", "lebih besar dari simpanan semua"),
        ("transaksi=900.000.000", "lebih besar dari transaksi semua"),
        ("semua_simpanan=0&simpanan=0", "di atas nol"),
        ("modal=101&usaha=0", "Isi angka 0 sampai 100"),
    ],
)
def test_odd_figures_are_told_beside_their_field(portal: Portal, question: str, sentence: str) -> None:
    answer = portal.anyone().get(f"/belajar/shu?{question}")
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Periksa isian" in answer.text


def test_the_directory_holds_those_who_want_it(listed: Portal) -> None:
    stranger = listed.anyone()
    text = stranger.get("/koperasi").text
    assert "Koperasi Maju Bersama" in text
    assert "Tetangga" not in text
    assert stranger.get("/koperasi/tetangga").status_code == 404
    assert stranger.get("/koperasi/tetangga/daftar").status_code == 404
    assert "Koperasi Maju Bersama" in stranger.get("/koperasi?cari=maju").text
    nothing = stranger.get(f"/koperasi?cari={ODD}").text
    assert "Tidak ada koperasi" in nothing
    assert ODD not in nothing
    assert "noindex" in nothing
    assert stranger.get("/koperasi?hal=99999999999999999999&cari=%00").status_code == 200


def test_a_cooperative_s_page_shows_its_shops_and_is_inert(listed: Portal) -> None:
    shop = open_shelf(listed.world)
    shop.product("Beras")
    text = listed.anyone().get("/koperasi/maju").text
    assert ODD not in text
    assert "&lt;script&gt;alert(1)" in text
    assert 'href="/kopmart/toko/maju/' in text
    assert f'href="{JOIN}"' in text
    assert structured(text)[0]["name"] == "Koperasi Maju Bersama"


def test_machines_find_the_public_pages(listed: Portal) -> None:
    text = listed.anyone().get("/sitemap.xml").text
    for way in (*PAGES, "/koperasi/maju"):
        assert f"<loc>http://127.0.0.1:8080{way}</loc>" in text, way
    assert "tetangga" not in text
    assert "http://127.0.0.1:8080/sitemap.xml" in listed.anyone().get("/robots.txt").text


def test_looks_are_counted_and_robots_are_not(listed: Portal) -> None:
    visits, ways = listed.app.extensions["ekopz.visits"], ["/", "/harga", "/koperasi/maju", "/koperasi:terkirim"]
    visits.write(listed.world.database)
    before = looks(listed, ways)
    for agent in (PERSON, {"User-Agent": "Googlebot/2.1"}):
        for way in ("/", "/harga", "/koperasi/maju", THANKS):
            listed.anyone().get(way, headers=agent)
    visits.write(listed.world.database)
    assert {way: seen - before.get(way, 0) for way, seen in looks(listed, ways).items()} == dict.fromkeys(ways, 1)


def test_joining_is_one_request_however_often_it_is_sent(listed: Portal) -> None:
    stranger = listed.anyone()
    token = re.search(r'name="token" value="([^"]+)"', stranger.get(JOIN).text)[1]
    csrf = stranger.form_token(JOIN)
    for _ in range(2):
        answer = stranger.client.post(JOIN, data={**BUDI, "token": token, "csrf_token": csrf})
        assert answer.headers["Location"] == THANKS
    assert "Pendaftaran terkirim" in stranger.get(THANKS).text
    assert [(row.name, row.phone, row.coop_id) for row in asked(listed)] == [
        ("Budi Santoso", "081234567890", listed.world.coop.id)
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"nama": ""}, "Isi dulu"),
        ({"hp": ODD}, "8 sampai 15 angka"),
        ({"email": ODD}, "alamatnya belum benar"),
        ({"setuju": ""}, "Centang dulu"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(listed: Portal, changes: dict[str, str], sentence: str) -> None:
    stranger = listed.anyone()
    filled = {**BUDI, "alamat": ODD, "pesan": ODD, **changes, "csrf_token": stranger.form_token(JOIN)}
    answer = stranger.client.post(JOIN, data=filled)
    assert answer.status_code == 422
    assert sentence.casefold() in answer.text.casefold()
    assert ODD not in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert asked(listed) == []


def test_robots_are_thanked_and_forgotten_and_floods_are_stopped(listed: Portal) -> None:
    stranger = listed.anyone()
    csrf = stranger.form_token(JOIN)
    trapped = stranger.client.post(JOIN, data={**BUDI, "situs": "http://spam.example", "csrf_token": csrf})
    assert trapped.headers["Location"] == THANKS
    assert asked(listed) == []
    answers = [
        stranger.client.post(JOIN, data={**BUDI, "hp": f"08120000{n:04d}", "token": f"t{n}", "csrf_token": csrf})
        for n in range(11)
    ]
    assert answers[-1].status_code == 429
    assert "Tunggu satu jam" in answers[-1].text
    assert len(asked(listed)) == 9


def test_a_closed_door_says_so(listed: Portal) -> None:
    stranger = listed.anyone()
    csrf = stranger.form_token(JOIN)
    publish(listed, takes_members=False)
    assert stranger.get(JOIN).status_code == 409
    answer = stranger.client.post(JOIN, data={**BUDI, "csrf_token": csrf})
    assert answer.status_code == 409
    assert "tidak menerima pendaftaran" in answer.text
    assert "belum menerima pendaftaran" in stranger.get("/koperasi/maju").text


def test_who_is_signed_in_need_not_write_their_name(listed: Portal) -> None:
    agus = listed.as_("agus")
    assert 'value="Agus"' in agus.get(JOIN).text
    agus.post(JOIN, dict(BUDI))
    assert asked(listed)[0].user_id is not None


def test_public_pages_are_light_and_ask_little(listed: Portal) -> None:
    questions: list[str] = []
    engine = listed.world.database.engine
    event.listen(engine, "before_cursor_execute", lambda _c, _u, text, *_: questions.append(text))
    for way in (*PAGES, "/koperasi/maju", JOIN):
        stranger = listed.anyone()
        questions.clear()
        answer = stranger.get(way)
        assert len([one for one in questions if one.lstrip().upper().startswith("SELECT")]) <= 6, way
        files = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js)\?[^"]*)"', answer.text)
        whole = len(answer.data) + sum(len(stranger.get(one.replace("&amp;", "&")).data) for one in files)
        assert whole <= 100_000, (way, whole)


def test_public_pages_suit_a_phone_and_everybody(listed: Portal, served: str, chromium: Browser) -> None:
    wrong: dict[str, object] = {}
    page = chromium.new_page(viewport=PHONE)
    page.goto(f"{served}/teks/besar")
    for way in ("/", "/harga", "/belajar", "/belajar/shu?modal=90&usaha=40", "/koperasi", "/koperasi/maju", JOIN):
        page.goto(served + way)
        wrong |= looked_at(page, way)
    page.goto(f"{served}/belajar/shu")
    page.fill("#simpanan", "7500000")  # the result follows what is typed
    page.keyboard.press("Tab")
    page.locator("#hasil .fig", has_text="Rp 450.000").wait_for()
    page.close()
    assert wrong == {}
