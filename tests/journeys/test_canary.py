"""Every route and every method of the app, walked by those who should not get far."""

import re
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from models.loans import LoanProduct
from models.members import Member
from models.rls import tables
from models.savings import SavingsProduct
from tests.admin_panel.conftest import Browser, Panel
from tests.admin_panel.routes import OPEN_TO_ALL
from tests.journeys.addresses import FORMS, NOT_OURS_TO_WALK, SIGNED, filled, has_id, routes, with_holes_filled
from tests.journeys.conftest import NEIGHBOUR, siti

PUBLIC = {
    "/", "/bantuan", "/daftar", "/login/", "/masuk", "/tautan/<token>", "/v/<token>", "/kartu/<token>",
    "/bantuan/tur/<name>", "/daftar-koperasi", "/daftar-koperasi/terkirim", "/daftar-koperasi/konfirmasi/<token>",
    "/teks/<any(besar, biasa):size>", "/static/appbuilder/<path:filename>", "/static/ekopz/<path:filename>",
    "/static/portal/<path:filename>", "/simulasi", "/simulasi.xlsx", "/api/v1/security/login",
    "/api/v1/security/refresh", "/api/v1/openapi.json", "/api/v1/loan-schedule",
    "/kopmart/", "/kopmart/kategori/<code>", "/kopmart/cari", "/kopmart/toko/<coop>/<store>",
    "/kopmart/koperasi/<coop>", "/kopmart/barang/<uuid:public_id>", "/kopmart/foto/<name>.webp",
    "/kopmart/sitemap.xml", "/robots.txt", "/kopmart/keranjang",
    "/harga", "/sitemap.xml", "/belajar", "/belajar/hitung", "/belajar/istilah", "/belajar/shu", "/belajar/<lesson>",
    "/koperasi", "/koperasi/<coop>", "/koperasi/<coop>/daftar", "/koperasi/<coop>/terima-kasih",
    "/kopnews/", "/kopnews/kategori/<code>", "/kopnews/tag/<tag>", "/kopnews/cari", "/kopnews/<slug>",
    "/kopnews/gambar/<name>.webp", "/kopnews/rss.xml", "/kopnews/sitemap.xml", "/kopnews/kabar/<token>",
    "/masukan", "/yang-baru", "/rencana",
    "/bantuan/panduan", "/bantuan/panduan/<task>", "/bantuan/panduan.pdf",
    "/privasi", "/ketentuan",
    "/lupa-kata-sandi", "/lupa-kata-sandi/terkirim", "/konfirmasi-surel/<token>", "/surat/berhenti/<token>",
} | OPEN_TO_ALL  # fmt: skip
BY_TOKEN = {"/v/<token>", "/kartu/<token>"}  # whoever holds the paper may check it: name of the coop, initials
# anybody may look at and buy in the shops of every cooperative; test_catalogue.py and test_kopmart_orders.py walk there
WINDOW = {rule for rule in PUBLIC if rule.startswith("/kopmart/")} | {"/kopmart/beli/<coop>/<store>"}
PARTNERS = {"/kopmin/koperasi-mitra/"}  # a neighbour may be somebody's partner, and is named there
ASKED_AGAIN = {"/kopmin/kasir/<row:shift_id>/harga.json"}  # prices of the till, asked each time if they changed
SHOPPING = {
    "/kopmart/beli/<coop>/<store>", "/kopmart/keranjang", *(rule for rule in FORMS if "/keranjang/" in rule),
}  # fmt: skip
ODD_IDS = ["0", "-1", "99999999999999999999", "abc", "%00", "1.5", "%F0%9F%98%80", "..%2f..%2fetc"]


def rows(panel: Panel, coop_id: int | None = None) -> dict[str, list[tuple[object, ...]]]:
    """The contents of every table of one cooperative, or of all with the shared ones (but for who looked when)."""
    with panel.world.database.engine.connect() as connection:
        names = tables() if coop_id else connection.dialect.get_table_names(connection)
        where = f"where coop_id = {coop_id}" if coop_id else ""
        skipped = {"login_sessions", "users", "sign_in_attempts", "page_counts"}
        return {
            name: sorted(connection.exec_driver_sql(f'select * from "{name}" {where}').all(), key=str)
            for name in names
            if name not in skipped
        }


def seen(answer: object) -> str:
    return answer.get_data().decode("utf-8", "replace").casefold()


def test_every_form_has_a_case(one_app: Flask) -> None:
    assert {rule.rule for rule in routes(one_app, "POST")} == set(FORMS)
    others = {m for rule in one_app.url_map.iter_rules() for m in rule.methods or ()}
    assert others <= {"GET", "HEAD", "OPTIONS", "POST"}


def test_a_stranger_sees_nothing_but_the_door(peopled: Panel) -> None:
    before, stranger = rows(peopled), peopled.app.test_client()
    for rule in routes(peopled.app, "GET"):
        answer = stranger.get(filled(peopled, rule, peopled.world.other.id))
        assert answer.status_code < 500, rule.rule
        if rule.rule.startswith("/api/") and rule.rule not in PUBLIC:
            assert answer.status_code == 401, rule.rule
        elif rule.rule not in PUBLIC:
            assert answer.status_code == 302, rule.rule
            assert answer.headers["Location"].startswith("/masuk"), rule.rule
        if rule.rule not in BY_TOKEN | WINDOW:
            assert NEIGHBOUR not in seen(answer), rule.rule
        carries_its_headers(rule.rule, answer)
    assert rows(peopled) == before


def test_whoever_scans_a_paper_learns_no_name(peopled: Panel) -> None:
    for rule in (r for r in routes(peopled.app, "GET") if r.rule in BY_TOKEN):
        text = seen(peopled.app.test_client().get(filled(peopled, rule, peopled.world.other.id)))
        assert "koperasi tetangga jaya" in text
        assert "rahasia" not in text
        assert "3201" not in text


@pytest.mark.parametrize("who", ["everything", "only_member"])
def test_no_page_shows_the_neighbour(peopled: Panel, who: str, request: pytest.FixtureRequest) -> None:
    """With our own ids and with theirs, whoever asks; and every page carries its headers."""
    browser: Browser = request.getfixturevalue(who)
    before = rows(peopled)
    for rule in (r for r in routes(peopled.app, "GET") if r.rule not in BY_TOKEN | WINDOW | PARTNERS):
        for coop in (peopled.world.coop, peopled.world.other):
            answer = browser.get(filled(peopled, rule, coop.id))
            assert answer.status_code < 500, rule.rule
            assert NEIGHBOUR not in seen(answer), rule.rule
            carries_its_headers(rule.rule, answer, inside=True)
            if who == "everything" and coop is peopled.world.other and has_id(rule):
                assert answer.status_code == (403 if rule.rule.startswith("/platform/") else 404), rule.rule
    assert rows(peopled) == before, "looking changed something"


@pytest.mark.parametrize("who", ["everything", "only_member"])
def test_no_form_reaches_the_neighbour(peopled: Panel, who: str, request: pytest.FixtureRequest) -> None:
    browser: Browser = request.getfixturevalue(who)
    theirs, token = rows(peopled, peopled.world.other.id), browser.form_token()
    for rule in (r for r in routes(peopled.app, "POST") if r.rule not in NOT_OURS_TO_WALK | SHOPPING):
        data = _data(peopled, FORMS[rule.rule], peopled.world.other.id) | {"csrf_token": token}
        answer = browser.client.post(filled(peopled, rule, peopled.world.other.id), data=data)
        assert answer.status_code < 500, rule.rule
        assert NEIGHBOUR not in seen(answer), rule.rule
        if who == "everything" and has_id(rule):
            shut = 403 if rule.rule.startswith("/platform/") else 404  # nobody of a cooperative works there
            gone = answer.status_code == shut or "tidak ditemukan" in browser.get(answer.location or "/").text
            assert gone, (rule.rule, answer.status_code)
    assert rows(peopled, peopled.world.other.id) == theirs


def _data(panel: Panel, form: dict[str, str], coop_id: int) -> dict[str, str]:
    """A form's good values, its references those of `coop_id`."""
    with panel.world.database.reading(coop_id) as session:
        ids = {p.kind: p.id for p in session.query(SavingsProduct)}
        lent = session.query(LoanProduct).first().id
    known = {"{product}": ids["voluntary"], "{mandatory}": ids["mandatory"], "{loan_product}": lent}
    return {name: str(known.get(value, value)) for name, value in form.items()}


def test_what_a_request_names_of_the_neighbour_is_refused(peopled: Panel, everything: Browser) -> None:
    """An own member with their product; an own request with their account; and so on, in query and form."""
    theirs, token = rows(peopled, peopled.world.other.id), everything.form_token()
    walked = [r for r in routes(peopled.app, "POST") if r.rule not in NOT_OURS_TO_WALK | SHOPPING]
    addresses = {rule.rule: filled(peopled, rule, peopled.world.coop.id) for rule in walked}  # some take rows away
    for rule in walked:
        data = _data(peopled, FORMS[rule.rule], peopled.world.other.id) | {"csrf_token": token}
        address = addresses[rule.rule]
        answer = everything.client.post(f"{address}?anggota={_their_member(peopled)}&_flt_0_coop_id=2", data=data)
        assert answer.status_code < 500, rule.rule
        assert NEIGHBOUR not in seen(answer), rule.rule
    assert rows(peopled, peopled.world.other.id) == theirs


def _their_member(panel: Panel) -> int:
    with panel.world.reading(panel.world.other.id) as session:
        return session.query(Member).filter(Member.state == "active").one().id


def test_no_form_works_without_its_token(peopled: Panel, everything: Browser) -> None:
    before = rows(peopled)
    for rule in routes(peopled.app, "POST"):
        if rule.rule.startswith("/api/") or rule.rule in SIGNED:  # carries its own proof, no cookie
            continue
        address = filled(peopled, rule, peopled.world.coop.id)
        for token in ({}, {"csrf_token": "forged"}):
            answer = everything.client.post(address, data=FORMS[rule.rule] | token)
            assert answer.status_code == 400, rule.rule
    assert rows(peopled) == before


def test_a_cookie_is_nothing_to_the_api(peopled: Panel, everything: Browser) -> None:
    open_to_all = PUBLIC - {"/api/v1/security/refresh"}
    for method in ("GET", "POST"):
        for rule in (
            r for r in routes(peopled.app, method) if r.rule.startswith("/api/") and r.rule not in open_to_all
        ):
            address = filled(peopled, rule, peopled.world.coop.id)
            body = {"json": {}} if method == "POST" else {}
            assert everything.client.open(address, method=method, **body).status_code == 401, rule.rule


def test_odd_ids_are_answered_calmly(peopled: Panel, everything: Browser, pytestconfig: pytest.Config) -> None:
    """Each address gets three of them in turn; all in the long form."""
    token, long, turn = everything.form_token(), pytestconfig.getoption("--long"), 0
    for method in ("GET", "POST"):
        for rule in (r for r in routes(peopled.app, method) if r.arguments and r.rule not in NOT_OURS_TO_WALK):
            turn += 1
            for odd in ODD_IDS if long else (ODD_IDS * 2)[turn % len(ODD_IDS) :][:3]:
                data = {"data": FORMS[rule.rule] | {"csrf_token": token}} if method == "POST" else {}
                answer = everything.client.open(with_holes_filled(rule, odd), method=method, **data)
                assert answer.status_code < 500, (rule.rule, odd)
                assert "Traceback" not in answer.text, (rule.rule, odd)


ODD_QUESTIONS = [
    "cari=%00&sejak=2026-02-30&anggota=abc&bulan=2026-13&jenis=99999999999999999999&unit=abc&dari=x&sampai=9999-99-99",
    "cari=%ED%A0%80&anggota=-1&bulan=0000-00&jenis=%F0%9F%98%80&per=0001-01-01&dari=9999-12-31&sampai=0001-01-01",
    "_flt_0_nosuch=1&_flt_9_name=x&_oc_X=1&_od_X=up&page_X=-1&psize_X=1e9&next=//evil.id&unit=99999999999999999999",
    "sejak=&anggota=&bulan=&jenis=&unit=&dari=&sampai=&per=&akun=&next=%0d%0aSet-Cookie:x",
    "anggota=99999999999999999999&akun=99999999999999999999&per=2026-02-31&unit=-1&bentuk=exe&halaman=-5",
]


def test_odd_questions_are_answered_calmly(peopled: Panel, everything: Browser, pytestconfig: pytest.Config) -> None:
    """Each address is asked one of them in turn; all in the long form."""
    many = len(ODD_QUESTIONS) if pytestconfig.getoption("--long") else 1
    for turn, rule in enumerate(routes(peopled.app, "GET")):
        for question in (ODD_QUESTIONS * 2)[turn % len(ODD_QUESTIONS) :][:many]:
            address = f"{filled(peopled, rule, peopled.world.coop.id)}?{question}"
            answer = everything.get(address)
            assert answer.status_code < 500, address
            assert urlsplit(answer.headers.get("Location", "")).netloc in {"", "localhost"}, address
            assert not [cookie for cookie in answer.headers.getlist("Set-Cookie") if cookie.startswith("x")], address


ODD_VALUES = [
    "9" * 16, "-5", "1,5", "1.000,50", "1e30", "abc", "Rp", "１２３", "2026-02-30", "31/02/2026", "99999-01-01",
    b"\xed\xa0\x80", b"\x00", "x" * 5000, "", "99999999999999999999", "{{7*7}}", "<script>alert(1)</script>",
]  # fmt: skip


def test_odd_values_in_any_field_are_kept_harmless_or_refused(
    peopled: Panel, everything: Browser, pytestconfig: pytest.Config
) -> None:
    """Each field gets one of the values in turn, a small form's three; in the long form each gets all."""
    few, some = (1, 1) if pytestconfig.getoption("--long") else (len(ODD_VALUES), len(ODD_VALUES) // 3)
    token, ours, saver = everything.form_token(), peopled.world.coop.id, siti(peopled.world)
    walked = [r for r in routes(peopled.app, "POST") if r.rule not in NOT_OURS_TO_WALK | {"/masuk"}]
    for turn, rule in enumerate(walked):
        good = _data(peopled, FORMS[rule.rule], ours)
        address = f"{filled(peopled, rule, ours)}?anggota={saver}"
        for place, name in enumerate(good):
            step = few if len(good) > 2 else some
            for odd in ODD_VALUES[(turn + place) % step :: step]:
                answer = everything.client.post(address, data=good | {name: odd, "csrf_token": token})
                assert answer.status_code < 500, (rule.rule, name, odd)
                assert "<script>alert(1)" not in answer.text, (rule.rule, name)
                assert "Traceback" not in answer.text, (rule.rule, name, odd)


def carries_its_headers(rule: str, answer: TestResponse, *, inside: bool = False) -> None:
    """Whatever is answered; `inside`: to somebody signed in, whose pages nobody keeps."""
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self' 'nonce-" in policy, rule
    assert "object-src 'none'" in policy, rule
    assert "unsafe-eval" not in policy, rule
    assert answer.headers["X-Content-Type-Options"] == "nosniff", rule
    assert answer.headers["Referrer-Policy"] == "same-origin", rule
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN", rule
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert "SameSite=Lax" in cookie, rule
        assert "HttpOnly" in cookie or cookie.startswith("teks="), rule
    if inside and not rule.startswith("/static/"):
        kept = "private, no-cache" if rule in ASKED_AGAIN and answer.status_code == 200 else "no-store"
        assert kept in answer.headers["Cache-Control"], rule
    if answer.mimetype == "text/html":
        runs_nothing_but_its_own(rule, answer)


def runs_nothing_but_its_own(rule: str, answer: TestResponse) -> None:
    nonce = re.search(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])[1]
    for attributes in re.findall(r"<script([^>]*)>", answer.text):
        assert "src=" in attributes or nonce in attributes, rule
    assert not re.search(r"\son[a-z]+=", re.sub(r"(?s)<script.*?</script>", "", answer.text)), rule


def test_signing_out_is_walked_last(peopled: Panel, everything: Browser) -> None:
    assert everything.post("/keluar").status_code == 302
    assert everything.get("/kopmin/").status_code == 302
