"""Kopnews as its readers see it: pages, feeds, comments, the newsletter's links; a member's announcements."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from sqlalchemy import select

from core.clock import now
from models.audit import PageCount
from models.news import ArticleComment, NewsletterReader
from models.notifications import PlatformMail
from services.news import announcements, articles, comments, newsletter
from services.news.articles import Draft
from services.notifications import outbox
from tests.mart.shelf import statements
from tests.member_portal.conftest import Portal
from tests.news.payloads import ATTACKS
from tests.news.test_markdown import Looked

TEXT = Draft("Harga beras naik", "ekonomi", "Tiga sebabnya.", "Isi **artikel**.", "Pangan", "Redaksi")
BROWSER = {"User-Agent": "Mozilla/5.0"}


def publish(portal: Portal, draft: Draft = TEXT, after: timedelta | None = None) -> str:
    editor = portal.world.platform["redaktur"]
    with portal.world.database.platform("test", writes=True) as session:
        article = articles.write(session, editor, draft)
        return articles.publish(session, editor, article.id, now() + after if after else None).slug


@pytest.fixture
def slug(portal: Portal) -> str:
    return publish(portal)


@pytest.fixture
def mail() -> Iterator[None]:
    outbox.use("smtp://127.0.0.1:1?from=kabar@contoh.id", "https://ekopz.contoh.id")
    yield
    outbox.use("")


def test_an_article_is_found_every_way_and_read(portal: Portal, slug: str) -> None:
    browser = portal.anyone()
    for way in ("/kopnews/", "/kopnews/kategori/ekonomi", "/kopnews/tag/pangan", "/kopnews/cari?q=hrga+bers"):
        page = browser.get(way)
        assert page.status_code == 200, way
        assert f'href="/kopnews/{slug}"' in page.text, way
        assert len(page.data) < 100_000
    page = browser.get(f"/kopnews/{slug}").text
    for piece in ("<h1>Harga beras naik</h1>", "<strong>artikel</strong>", "Redaksi", "1 menit baca", "og:description"):
        assert piece in page
    assert re.search(r'og:image" content="http[^"]+/gambar/og\.jpg', page), "a link that is shared has a picture"
    data = json.loads(re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.DOTALL)[1])
    assert (data["@type"], data["headline"]) == ("NewsArticle", TEXT.title)
    assert "Kopnews" in browser.get("/").text


def test_nothing_unpublished_is_there(portal: Portal) -> None:
    later = publish(portal, after=timedelta(hours=1))
    for address in (f"/kopnews/{later}", "/kopnews/nosuch", "/kopnews/tag/pangan", "/kopnews/kategori/politik"):
        assert portal.anyone().get(address).status_code == 404, address
        assert portal.as_("siti").get(address).status_code == 404, address
    assert later not in portal.anyone().get("/kopnews/").text
    assert "Tidak ada artikel" in portal.anyone().get("/kopnews/cari?q=beras").text


def test_feeds_are_well_formed_whatever_the_title(portal: Portal) -> None:
    slugs = [publish(portal, replace(TEXT, title=f"{title} & <b>{n}</b>")) for n, title in enumerate(("A", "]]>"))]
    rss = ElementTree.fromstring(portal.anyone().get("/kopnews/rss.xml").data)
    assert {item.findtext("title") for item in rss.iter("item")} == {"A & <b>0</b>", "]]> & <b>1</b>"}
    sitemap = portal.anyone().get("/kopnews/sitemap.xml").text
    assert all(f"/kopnews/{slug}</loc>" in sitemap for slug in slugs)
    assert "/kopnews/sitemap.xml" in portal.anyone().get("/robots.txt").text


def test_a_comment_waits_and_a_second_click_is_one(portal: Portal, slug: str) -> None:
    assert portal.anyone().post(f"/kopnews/{slug}/komentar", {"isi": "x"}).status_code == 401
    siti, joko = portal.as_("siti"), portal.as_("joko")
    for _ in range(2):
        answer = siti.post(f"/kopnews/{slug}/komentar", {"isi": "Tulisan <b>bagus</b>", "token": "t"})
        assert answer.status_code == 302
    assert "Tulisan &lt;b&gt;bagus" in siti.get(f"/kopnews/{slug}").text
    assert "Menunggu pemeriksaan" in siti.get(f"/kopnews/{slug}").text
    assert "Tulisan" not in joko.get(f"/kopnews/{slug}").text
    with portal.world.database.platform("test", writes=True) as session:
        said = session.scalars(select(ArticleComment)).one()
        comments.decide(session, portal.world.platform["redaktur"], said.id, shown=True)
    assert "Tulisan &lt;b&gt;bagus" in portal.anyone().get(f"/kopnews/{slug}").text
    for body in ("", "x" * 1001):
        answer = siti.post(f"/kopnews/{slug}/komentar", {"isi": body, "token": "t2"})
        assert answer.status_code == 422
        assert "Komentar:" in answer.text
    assert siti.post("/kopnews/nosuch/komentar", {"isi": "x", "token": "t3"}).status_code == 404


def test_every_name_stands_once_on_a_page_so_that_labels_and_links_lead_there(portal: Portal, slug: str) -> None:
    siti = portal.as_("siti")
    for address in (f"/kopnews/{slug}", "/mykoperasi/", "/mykoperasi/bantuan/baru", "/mykoperasi/akun", "/klaim"):
        page = siti.get(address).text
        names = [attributes["id"] for _, attributes in Looked(page).found if "id" in attributes]
        assert len(names) == len(set(names)), (address, names)
        foot = re.findall(r'href="([^"?]*)', page.partition('<footer class="foot">')[2])
        assert len(foot) == len(set(foot)), (address, foot)


def test_payloads_in_every_field_do_nothing(portal: Portal) -> None:
    siti, editor = portal.as_("siti"), portal.world.platform["redaktur"]
    for number, attack in enumerate(ATTACKS):
        text = Draft(f"{number} {attack}"[:150], "ekonomi", attack, attack, f"Tag {attack}"[:38], attack)
        slug = publish(portal, text)
        with portal.world.database.platform("test", writes=True) as session:
            said = comments.say(session, portal.world.ketua, slug, attack, token=f"t{number}")
            comments.decide(session, editor, said.id, shown=True)
        page = portal.anyone().get(f"/kopnews/{slug}")
        assert page.status_code == 200, attack
        _assert_inert(page.text, attack)
    for address in ("/kopnews/", "/kopnews/?hal=3", "/kopnews/kategori/ekonomi"):
        _assert_inert(portal.anyone().get(address).text, address)
    for attack in ATTACKS:
        _assert_inert(siti.get("/kopnews/cari", query_string={"q": attack}).text, attack)


def _assert_inert(page: str, attack: str) -> None:
    for tag, attributes in Looked(page).found:
        assert tag not in {"iframe", "object", "embed", "base", "style", "math", "details"}, attack
        assert not [name for name in attributes if name.startswith("on") or name == "style"], attack
        if tag == "script":
            assert "nonce" in attributes, attack
        link = "".join(attributes.get(name, "") for name in ("href", "src", "action")).casefold().strip()
        assert not link.startswith(("javascript:", "data:", "vbscript:", "file:")), attack
        assert "evil.id" not in attributes.get("src", "") + attributes.get("action", ""), attack


def test_questions_do_not_grow_with_what_there_is(portal: Portal, slug: str) -> None:
    browser, pages, counts = portal.anyone(), ("/kopnews/", "/kopnews/cari?q=harga", f"/kopnews/{slug}"), []
    for number in range(2, 13):
        publish(portal, replace(TEXT, title=f"Harga {number}"))
        if number in (4, 12):
            portal.app.extensions["ekopz.visits"].write(portal.world.database)  # so that none is due meanwhile
            with statements(portal.world) as asked:
                for page in pages:
                    assert browser.get(page, headers=BROWSER).status_code == 200
            counts.append(len(asked))
    assert counts[0] == counts[1] <= 14


def test_looks_are_counted_without_people_and_robots(portal: Portal, slug: str) -> None:
    visits = portal.app.extensions["ekopz.visits"]
    visits._waiting.clear()  # what other tests looked at
    for agent in ("Mozilla/5.0", "Mozilla/5.0", "Googlebot/2.1"):
        portal.anyone().get(f"/kopnews/{slug}", headers={"User-Agent": agent})
    portal.anyone().get("/kopnews/nosuch", headers=BROWSER)
    visits.write(portal.world.database)
    with portal.world.database.platform("test") as session:
        counted = {row.page: row.views for row in session.scalars(select(PageCount))}
    assert counted[f"/kopnews/{slug}"] == 2
    assert "/kopnews/nosuch" not in counted


def test_without_a_mail_server_no_newsletter_is_offered(portal: Portal, slug: str) -> None:
    assert 'name="surel"' not in portal.anyone().get("/kopnews/").text
    answer = portal.anyone().post("/kopnews/kabar", {"surel": "a@b.id"})
    assert answer.status_code == 422
    assert "belum tersedia" in answer.text


@pytest.mark.usefixtures("mail")
def test_the_newsletter_is_confirmed_from_the_mailbox_and_ended_by_one_click(portal: Portal, slug: str) -> None:
    browser = portal.anyone()
    assert 'name="surel"' in browser.get("/kopnews/").text
    for _ in range(2):
        assert browser.post("/kopnews/kabar", {"surel": "budi@contoh.id"}).status_code == 302
    assert browser.post("/kopnews/kabar", {"surel": "<script>"}).status_code == 422
    with portal.world.database.platform("test") as session:
        sent = session.scalars(select(PlatformMail)).one()
    link = "/kopnews/kabar/" + sent.body.rpartition("/kopnews/kabar/")[2].split()[0]
    assert "Ya, kirimkan" in browser.get(link).text
    assert _reader(portal).confirmed_at is None, "looking confirmed it"
    for act in ("ya", "ya", "berhenti", "berhenti"):
        assert browser.post(link, {"mau": act}).status_code == 302
        ended = _reader(portal).ended_at
        assert (ended is not None) == (act == "berhenti")
    assert browser.get("/kopnews/kabar/1-wrong").status_code == 404
    assert browser.post("/kopnews/kabar/1-wrong", {"mau": "berhenti"}).status_code == 404


@pytest.mark.usefixtures("mail")
def test_a_mail_program_ends_the_newsletter_by_itself(portal: Portal, slug: str) -> None:
    """RFC 8058: a POST without cookies, without a form's token, and no page to go on to."""
    portal.anyone().post("/kopnews/kabar", {"surel": "budi@contoh.id"})
    link = f"/kopnews/kabar/{newsletter.token_of(_reader(portal))}"
    portal.anyone().post(link, {"mau": "ya"})
    for _ in range(2):
        answer = portal.app.test_client().post(link, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert _reader(portal).ended_at is not None


def _reader(portal: Portal) -> NewsletterReader:
    with portal.world.database.platform("test") as session:
        return session.scalars(select(NewsletterReader)).one()


def test_members_read_what_their_own_pengurus_announce(portal: Portal) -> None:
    theirs = _announce(portal, portal.world.other_actors["ketua"], "Kabar Tetangga")
    ours = _announce(portal, portal.world.ketua, "Rapat <b>anggota</b>")
    siti = portal.as_("siti")
    assert "Rapat &lt;b&gt;anggota" in siti.get("/mykoperasi/").text
    assert "Rapat &lt;b&gt;anggota" in siti.get("/mykoperasi/pengumuman").text
    assert "<strong>09.00</strong>" in siti.get(f"/mykoperasi/pengumuman/{ours}").text
    assert siti.get(f"/mykoperasi/pengumuman/{theirs}").status_code == 404
    assert "Tetangga" not in siti.get("/mykoperasi/pengumuman").text
    announcements.work(portal.world.database)
    assert "Rapat &lt;b&gt;anggota" in siti.get("/mykoperasi/pesan").text
    assert portal.anyone().get(f"/mykoperasi/pengumuman/{ours}").status_code == 302


def _announce(portal: Portal, who: object, title: str) -> int:
    with portal.world.database.transaction(who) as session:
        notice = announcements.Notice(title, "Pukul **09.00** <script>alert(1)</script>")
        one = announcements.write(session, who, notice)
        return announcements.publish(session, who, one.id).id


def test_a_page_of_a_stranger_may_be_kept_that_of_a_person_not(portal: Portal, slug: str) -> None:
    assert portal.anyone().get(f"/kopnews/{slug}").headers["Cache-Control"] == "public, max-age=60"
    assert portal.as_("siti").get(f"/kopnews/{slug}").headers["Cache-Control"] == "no-store"
