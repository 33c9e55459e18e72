"""The operator's desk: what it shows, to whom, and what it never shows; and looking with a cooperative's leave."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from core.clock import now, today
from models.access import CoopUser, RoleGrant, User
from models.coops import Coop
from models.subscriptions import Plan, Subscription
from models.support import SupportGrant, SupportVisit
from services.jobs.daily import STAMP
from services.subscriptions import terms
from services.support import grants
from tests.admin_panel.conftest import Browser, Panel, fingerprint
from tests.admin_panel.routes import OPEN_TO_ALL, address, panel_routes

OPERATOR = "operator_platform"


def subscribe(panel: Panel, coop_id: int, ends_on: date) -> None:
    """A cooperative on trial up to a day, as the night before left it."""
    with panel.world.database.platform("test", writes=True) as session:
        plan = session.query(Plan).filter(Plan.code == "tumbuh").one()
        held = session.query(Subscription).filter(Subscription.coop_id == coop_id).one()
        held.plan_id, held.state, held.trial_ends_on = plan.id, "trial", ends_on


def let_in(panel: Panel, hours: int = 4) -> int:
    ketua = panel.world.ketua
    with panel.world.transaction(ketua) as session:
        return grants.grant(session, ketua, reason="Saldo tidak cocok", hours=hours).id


def entered(panel: Panel) -> Browser:
    browser = panel.as_(OPERATOR)
    assert browser.post(f"/platform/koperasi/{panel.world.coop.id}/lihat").location == "/kopmin/"
    return browser


def seen(panel: Panel) -> list[str]:
    with panel.world.reading() as session:
        return [visit.path for visit in session.query(SupportVisit).order_by(SupportVisit.id)]


def test_every_cooperative_with_how_it_stands_and_no_member_or_amount(peopled: Panel) -> None:
    subscribe(peopled, peopled.world.coop.id, today() + timedelta(days=3))
    browser = peopled.as_(OPERATOR)
    whole = browser.get("/platform/koperasi/").text
    for text in ("Koperasi Maju Bersama", "Koperasi Tetangga Jaya", "Tumbuh", "Masa coba", "Tanpa paket"):
        assert text in whole
    one = browser.get(f"/platform/koperasi/{peopled.world.coop.id}").text
    assert "Masa coba berakhir dalam 7 hari" in one
    for page in (whole, one, browser.get("/platform/").text):
        assert "Siti" not in page
        assert "Rp " not in page
    assert browser.get("/platform/koperasi/999").status_code == 404


def test_it_is_searched_filtered_sorted_and_taken_home(peopled: Panel) -> None:
    subscribe(peopled, peopled.world.coop.id, today() - timedelta(days=1))
    browser = peopled.as_(OPERATOR)

    def names(query: str) -> list[str]:
        book = load_workbook(BytesIO(browser.get(f"/platform/koperasi/unduh.xlsx?{query}").data))
        return [row[0] for row in book.active.iter_rows(min_row=2, values_only=True)]

    ours, theirs = "Koperasi Maju Bersama", "Koperasi Tetangga Jaya"
    assert names("") == [ours, theirs]
    assert names("arah=turun") == [theirs, ours]
    assert names("cari=TETANGGA") == [theirs]
    assert names("perlu=unpaid") == [ours]
    assert names("keadaan=trial&perlu=fresh") == [theirs]
    assert names("jenis=demo") == []
    assert names("urut=sampai") == [ours, theirs]
    assert names("urut=x&arah=y&perlu=z&keadaan=%00") == [ours, theirs]
    assert "Tidak ada koperasi yang cocok" in browser.get("/platform/koperasi/?cari=tidakada").text
    assert browser.get("/platform/koperasi/?hal=x").status_code == 400
    assert "_external" not in browser.get("/platform/koperasi/?_external=1&_scheme=javascript").text


def test_the_desk_and_the_cooperative_say_the_same_word_for_a_state(peopled: Panel) -> None:
    days = {"trial": 3, "grace": -3, "read_only": -30}  # the night's work has not come by yet
    for state, left in days.items():
        subscribe(peopled, peopled.world.coop.id, today() + timedelta(days=left))
        word = terms.STATES[state].capitalize()
        assert f">{word}<" in peopled.as_("ketua").get("/kopmin/langganan/").text
        assert f">{word}<" in peopled.as_(OPERATOR).get(f"/platform/koperasi/?keadaan={state}").text


def test_who_to_call_stands_on_the_desk(peopled: Panel) -> None:
    subscribe(peopled, peopled.world.coop.id, today() + timedelta(days=8))
    subscribe(peopled, peopled.world.other.id, today() - timedelta(days=8))
    with peopled.world.database.platform("test", writes=True) as session:
        session.get_one(Coop, peopled.world.coop.id).created_at = now() - timedelta(days=40)
    text = peopled.as_(OPERATOR).get("/platform/").text
    for label in ("Baru mendaftar 7 hari ini", "Belum membayar", "Antrean pekerjaan", "Basis data", "belum pernah"):
        assert label in text
    assert "Masa coba berakhir" not in text
    assert "Antrean pekerjaan" not in peopled.as_("redaktur").get("/platform/").text


def test_the_chores_tell_whether_books_hold_and_not_what_is_wrong(peopled: Panel) -> None:
    folder = peopled.app.extensions["ekopz.settings"].data
    stamp = folder / STAMP
    told = "2026-03-05\nRusak: maju: Kas Siti berbeda Rp 5.000\ntetangga: semua buku benar.\nPekerjaan selesai."
    stamp.write_text(told, "utf-8")
    try:
        browser = peopled.as_(OPERATOR)
        page = browser.get("/platform/koperasi/").text
        assert page.count('tag-bad">Rusak') == 1
        assert page.count('tag-good">Benar') == 1
        assert "5 Maret 2026, 1 koperasi dengan buku rusak" in browser.get("/platform/").text
        one = browser.get(f"/platform/koperasi/{peopled.world.coop.id}").text
        assert "Rusak" in one
        assert "5.000" not in page + one
    finally:
        stamp.unlink()


def test_figures_show_their_formulas_even_before_anybody_pays(panel: Panel) -> None:
    browser = panel.as_(OPERATOR)
    page = browser.get("/platform/angka/?dari=x&sampai=2026-02-30").text
    for text in ("MRR = jumlah pendapatan", "ARPU = MRR ÷", "CLV = ARPU ÷", "Belum ada", "Membuka formulir daftar"):
        assert text in page
    assert page.count('<th scope="row"') == 2  # this month, in both tables
    assert 'class="bars"' not in page  # one month is no chart
    book = load_workbook(BytesIO(browser.get("/platform/angka/unduh.xlsx").data))
    assert book.active["A1"].value == "Bulan"
    assert book.active.max_row > 30
    assert browser.get("/platform/angka/?dari=9999-12-31&sampai=0001-01-01").status_code == 200


@pytest.mark.parametrize("role", ["ketua", "bendahara", "redaktur"])
def test_nobody_else_opens_it(panel: Panel, role: str) -> None:
    browser = panel.as_(role)
    for page in ("koperasi/", "koperasi/1", "koperasi/unduh.xlsx", "angka/", "angka/unduh.xlsx", "orang/"):
        assert browser.get(f"/platform/{page}").status_code == 403
    assert browser.post("/platform/koperasi/1/lihat").status_code == 403
    assert browser.post("/platform/orang/tambah", {"username": "aku", "full_name": "Aku"}).status_code == 403
    assert browser.post("/platform/keluar-koperasi/").status_code in {403, 404}


def test_people_of_the_platform_are_added_changed_and_taken_off(panel: Panel) -> None:
    browser, world = panel.as_(OPERATOR), panel.world
    added = browser.post("/platform/orang/tambah", {"username": "Baru", "full_name": "Bayu", "role": "penulis"})
    assert "/tautan/" in added.text
    with world.database.platform("test") as session:
        user_id = session.query(User).filter(User.username == "baru").one().id
    twice = browser.post("/platform/orang/tambah", {"username": "baru", "full_name": "Bayu", "role": "penulis"})
    assert (twice.status_code, "sudah bekerja di platform" in twice.text) == (422, True)
    assert browser.post(f"/platform/orang/{user_id}", {"role": OPERATOR}).status_code == 302
    assert browser.post(f"/platform/orang/{user_id}", {"role": "ketua"}).status_code == 422
    assert browser.post(f"/platform/orang/{user_id}", {"role": "-"}).status_code == 302
    assert browser.get(f"/platform/orang/{user_id}").status_code == 404
    me = world.platform[OPERATOR].user_id
    assert browser.post(f"/platform/orang/{me}", {"role": "-"}).status_code == 422  # never oneself
    assert browser.get(f"/platform/orang/{world.ketua.user_id}").status_code == 404


def test_a_known_name_gets_a_second_desk_and_chooses(panel: Panel) -> None:
    world = panel.world
    username = panel.with_password("ketua")
    panel.as_(OPERATOR).post("/platform/orang/tambah", {"username": username, "full_name": "x", "role": "redaktur"})
    browser = panel.as_("ketua")
    choice = browser.get("/pilih").text
    assert 'value="platform"' in choice
    assert "Ganti meja" in browser.get("/kopmin/").text
    assert browser.post("/mykoperasi/akun/koperasi", {"koperasi": "platform"}).location == "/platform/"
    assert browser.get("/kopmin/anggota/list/").status_code == 403
    assert world.coop.name in browser.get("/pilih").text
    browser.post("/mykoperasi/akun/koperasi", {"koperasi": str(world.coop.id)})
    assert browser.get("/kopmin/anggota/list/").status_code == 200
    assert panel.as_("bendahara").post("/mykoperasi/akun/koperasi", {"koperasi": "platform"}).status_code == 403


def test_without_leave_an_operator_opens_no_page_of_a_cooperative(peopled: Panel) -> None:
    browser = peopled.as_(OPERATOR)
    for rule in panel_routes(peopled.app, "GET"):
        if rule.rule.startswith("/kopmin") and rule.rule not in OPEN_TO_ALL:
            assert browser.get(address(peopled, rule)).status_code in {403, 404}, rule.rule


def test_with_leave_they_see_pages_and_nothing_else(peopled: Panel) -> None:
    let_in(peopled)
    browser, before = entered(peopled), fingerprint(peopled)
    statuses = {}
    for rule in panel_routes(peopled.app, "GET"):
        if rule.rule in OPEN_TO_ALL:
            continue
        answer = browser.get(address(peopled, rule))
        statuses[rule.rule] = answer.status_code
        assert answer.mimetype == "text/html", rule.rule
        assert b"TETANGGA" not in answer.data, rule.rule
        assert b"3201010101010001" not in answer.data, rule.rule
        if rule.rule.startswith("/platform"):
            assert answer.location == "/kopmin/", rule.rule
    assert statuses["/kopmin/anggota/list/"] == statuses["/kopmin/jejak-audit/list/"] == 200
    for closed in ("/kopmin/anggota/unduh.xlsx", "/kopmin/bantuan-ekopz/", "/kopmin/pengguna/"):
        assert statuses[closed] == 403, closed
    after = fingerprint(peopled)
    visits = after.pop("support_visits")
    before.pop("support_visits")
    assert after == before
    assert len(visits) > 50


def test_with_leave_the_menu_leads_to_no_closed_door(panel: Panel) -> None:
    let_in(panel)
    text = entered(panel).get("/kopmin/").text
    assert "Semua laporan" in text
    assert "/dasbor/" not in text


def test_with_leave_no_form_is_taken(peopled: Panel) -> None:
    let_in(peopled)
    browser = entered(peopled)
    token, before = browser.form_token(), fingerprint(peopled)
    for rule in panel_routes(peopled.app, "POST"):
        if rule.endpoint == "LookingDesk.leave":
            continue
        answer = browser.client.post(address(peopled, rule), data={"csrf_token": token, "reason": "x"})
        assert answer.status_code == 403, rule.rule
    for elsewhere in ("/mykoperasi/akun/koperasi", "/kopmart/keranjang", "/masuk"):
        assert browser.client.post(elsewhere, data={"csrf_token": token}).status_code == 403
    assert fingerprint(peopled) == before


def test_the_banner_says_how_long_and_leads_out(panel: Panel) -> None:
    let_in(panel)
    browser = entered(panel)
    assert "Izin bantuan, tersisa 3 jam 59 menit" in browser.get("/kopmin/").text
    for away in ("/", "/kopmart/", "/mykoperasi/akun", "/platform/"):
        assert browser.get(away).location == "/kopmin/"
    assert browser.post("/platform/keluar-koperasi/").location == f"/platform/koperasi/{panel.world.coop.id}"
    assert browser.get("/kopmin/").status_code == 403
    assert "Izin bantuan" not in browser.get("/platform/").text
    assert seen(panel).count("/kopmin/") >= 1


def test_ended_is_out_at_the_next_click(panel: Panel) -> None:
    grant_id = let_in(panel)
    browser, ketua = entered(panel), panel.as_("ketua")
    assert browser.get("/kopmin/jejak-audit/list/").status_code == 200
    watched = ketua.get(f"/kopmin/bantuan-ekopz/{grant_id}").text
    assert "/kopmin/jejak-audit/list/" in watched
    assert "Oki Operator" in watched
    assert 'lead">Jejak audit' in watched
    assert ketua.post(f"/kopmin/bantuan-ekopz/{grant_id}/akhiri").status_code == 302
    out = browser.get("/kopmin/jejak-audit/list/")
    assert out.location == "/platform/"
    assert "sudah berakhir" in browser.get("/platform/").text
    assert browser.get("/kopmin/jejak-audit/list/").status_code == 403


def test_run_out_is_out_even_in_the_middle_of_a_form(panel: Panel) -> None:
    grant_id = let_in(panel, hours=1)
    browser = entered(panel)
    with panel.world.database.platform("test", writes=True) as session:
        row = session.get_one(SupportGrant, grant_id)
        row.granted_at, row.expires_at = now() - timedelta(hours=2), now() - timedelta(seconds=1)
    assert browser.client.get("/kopmin/").location == "/platform/"
    assert browser.get("/kopmin/").status_code == 403


def test_the_cooperative_opens_and_ends_it_by_hand(panel: Panel) -> None:
    ketua = panel.as_("ketua")
    refused = ketua.post("/kopmin/bantuan-ekopz/", {"reason": "", "hours": "4"})
    assert refused.status_code == 422
    for hours in ("5", "abc", ""):
        assert ketua.post("/kopmin/bantuan-ekopz/", {"reason": "Saldo", "hours": hours}).status_code == 422
    assert ketua.post("/kopmin/bantuan-ekopz/", {"reason": "Saldo <b>", "hours": "4"}).status_code == 302
    again = ketua.post("/kopmin/bantuan-ekopz/", {"reason": "Saldo", "hours": "4"})
    assert "sudah diizinkan melihat sampai" in again.text
    page = ketua.get("/kopmin/bantuan-ekopz/").text
    assert "Saldo &lt;b&gt;" in page
    assert "Akhiri sekarang" in page
    assert panel.as_("bendahara").get("/kopmin/bantuan-ekopz/").status_code == 403


def test_an_operator_who_is_ketua_elsewhere_looks_with_the_operators_words(panel: Panel) -> None:
    world = panel.world
    operator = world.platform[OPERATOR]
    with world.database.platform("test", writes=True) as session:
        session.add(CoopUser(coop_id=world.coop.id, user_id=operator.user_id))
        session.add(RoleGrant(coop_id=world.coop.id, user_id=operator.user_id, role="ketua"))
    let_in(panel)
    browser = panel.as_(OPERATOR)  # begins in the cooperative they serve
    browser.post("/mykoperasi/akun/koperasi", {"koperasi": "platform"})
    browser.post(f"/platform/koperasi/{world.coop.id}/lihat")
    assert browser.get("/kopmin/pengguna/").status_code == 403
    assert browser.get("/kopmin/jejak-audit/list/").status_code == 200
