"""What people paste to make a page do something, in every field that somebody else reads: text it is, text it stays."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from core.clock import now
from models.access import CoopUser, User
from models.coops import Coop
from models.members import JoinRequest
from models.news import Announcement, Article, ArticleComment, ArticleCorrection, ArticleTag, NewsletterReader
from models.subscriptions import DiscountCode, Plan
from models.support import Ticket, TicketMessage, VisitorMessage
from services.news import announcements, newsletter
from services.support import changes
from tests.admin_panel.conftest import Panel
from tests.member_portal.conftest import Browser, Portal
from tests.member_portal.test_kopnews import TEXT, _assert_inert, publish
from tests.news.payloads import ATTACKS

LAST = ("<!--<script>-->alert(1)", "<![CDATA[<script>]]>")  # what follows one of these is a remark to a browser
TEXTS = [text.replace("\x00", "") for text in (*(one for one in ATTACKS if one not in LAST), *LAST)]
WHOLE = "\n\n".join(TEXTS)


def cut(longest: int) -> list[str]:
    """All of them in as few texts as a field of this length needs."""
    found = [""]
    for text in TEXTS:
        if len(found[-1]) + len(text) >= longest:
            found.append("")
        found[-1] = f"{found[-1]} {text}".strip()[:longest]
    return found


def see(browser: Browser, *ways: str) -> None:
    """Nothing on these pages acts, and what was written stands on them as text."""
    for way in ways:
        answer = browser.get(way)
        assert answer.status_code in {200, 422}, (way, answer.status_code)
        page = re.sub(r"</?details(?![^>]*ontoggle)[^>]*>", "", answer.text)  # the panel's menu folds
        _assert_inert(page, way)
        assert any(mark in page for mark in ("&lt;", "alert(", "x]")), way


@pytest.fixture
def staff(portal: Portal) -> Panel:
    """The pengurus and the platform's people of the same world."""
    return Panel(portal.app, portal.world)


def test_what_strangers_tell_who_want_to_join(portal: Portal, staff: Panel) -> None:
    coop_id, stranger = portal.world.coop.id, portal.anyone()
    with portal.world.database.platform("test", writes=True) as session:
        ours = session.get_one(Coop, coop_id)
        ours.is_listed, ours.takes_members, ours.about = True, True, "Kami"
        told = [
            JoinRequest(
                coop_id=coop_id, token=f"t{number}", name=text[:120], phone=text[:20], email=text[:120],
                address=text[:200], note=text[:500], consent_version=text[:20],
            )
            for number, text in enumerate(cut(20) + cut(120))
        ]  # fmt: skip
        session.add_all(told)
    see(
        staff.as_("ketua"),
        "/kopmin/permintaan-bergabung/",
        *(f"/kopmin/permintaan-bergabung/{told[n].id}" for n in range(-20, 0, 4)),
    )
    for text in cut(240):
        typed = {"nama": text, "hp": text, "email": text, "alamat": text, "pesan": text, "situs": ""}
        answer = stranger.post("/koperasi/maju/daftar", typed)
        assert answer.status_code in {422, 429}
        _assert_inert(answer.text, text)


def test_what_a_cooperative_tells_of_itself(portal: Portal, staff: Panel) -> None:
    chair, stranger = staff.as_("ketua"), portal.anyone()
    for text in cut(120):
        with portal.world.database.platform("test", writes=True) as session:
            ours = session.get_one(Coop, portal.world.coop.id)
            ours.name, ours.legal_no, ours.address, ours.city = text, text[:60], text[:200], text[:60]
            ours.phone, ours.email, ours.about, ours.is_listed, ours.takes_members = text[:20], text, WHOLE, True, True
        see(stranger, "/koperasi", "/koperasi/maju")
    see(stranger, "/koperasi/maju/daftar", "/koperasi/maju/terima-kasih")
    see(chair, "/kopmin/profil/")
    see(portal.as_("siti"), "/mykoperasi/")


def test_names_and_comments(portal: Portal, staff: Panel) -> None:
    slug, coop_id = publish(portal), portal.world.coop.id
    with portal.world.database.platform("test", writes=True) as session:
        article = session.scalars(select(Article)).one()
        for number, text in enumerate(TEXTS):
            user = User(username=f"u{number}", full_name=text[:120], email=f"{number}{text}"[:120])
            session.add(user)
            session.flush()
            session.add(CoopUser(coop_id=coop_id, user_id=user.id))
            state = "waiting" if number % 2 else "shown"
            said = {"article_id": article.id, "user_id": user.id}
            session.add(ArticleComment(token=f"c{number}", body=text, state=state, **said))
            session.add(ArticleComment(token=f"d{number}", body=text, state="shown", **said))
    see(portal.anyone(), f"/kopnews/{slug}")
    see(staff.as_("redaktur"), "/platform/berita/komentar/")
    see(staff.as_("ketua"), "/kopmin/pengguna/")


def test_all_that_stands_in_an_article(portal: Portal, staff: Panel) -> None:
    slug, editor = publish(portal), staff.as_("redaktur")
    with portal.world.database.platform("test", writes=True) as session:
        article = session.scalars(select(Article)).one()
        article.title, article.summary, article.byline, article.cover_alt = (
            cut(160)[0],
            cut(300)[0],
            cut(120)[0],
            WHOLE[:150],
        )
        article.body, article.review_note, article.cover_file = WHOLE, cut(300)[1], "a" * 32 + "-40x30"
        session.add_all(
            ArticleCorrection(article_id=article.id, note=text, made_by=article.author_id) for text in cut(300)
        )
        session.add_all(ArticleTag(article_id=article.id, tag=f"t{n}", label=one[:40]) for n, one in enumerate(TEXTS))
        number = article.id
    see(portal.anyone(), f"/kopnews/{slug}", "/kopnews/", f"/kopnews/kategori/{TEXT.category}", "/kopnews/tag/t0")
    see(editor, "/platform/berita/", f"/platform/berita/{number}", f"/platform/berita/{number}/ubah")


def test_what_pengurus_announce(portal: Portal, staff: Panel) -> None:
    who = portal.world.ketua
    with portal.world.transaction(who) as session:
        every = [
            Announcement(
                coop_id=who.coop_id, title=title, body=body, state="published", publish_at=now(), created_by=who.user_id
            )
            for title, body in [*((text[:160], text) for text in cut(160)), ("Semua <script>", WHOLE)]
        ]  # fmt: skip
        session.add_all(every)
    announcements.work(portal.world.database)
    siti, last = portal.as_("siti"), every[-1].id
    see(siti, "/mykoperasi/", "/mykoperasi/pengumuman", f"/mykoperasi/pengumuman/{last}", "/mykoperasi/pesan")
    see(staff.as_("sekretaris"), "/kopmin/pengumuman/", f"/kopmin/pengumuman/{last}", f"/kopmin/pengumuman/{last}/ubah")


def test_what_people_complain_of(portal: Portal, staff: Panel) -> None:
    with portal.world.database.platform("test", writes=True) as session:
        siti = session.scalars(select(User).where(User.username == "siti")).one().id
        for number, text in enumerate(cut(120)):
            goes_to = "platform" if number % 2 else "coop"
            ticket = Ticket(
                coop_id=portal.world.coop.id, token=f"t{number}", year=2026, number=number + 1, kind="complaint",
                goes_to=goes_to, title=text, page=text, opened_by=siti, state="closed", score=3, score_note=text,
            )  # fmt: skip
            session.add(ticket)
            session.flush()
            said = {"coop_id": ticket.coop_id, "ticket_id": ticket.id, "user_id": siti}
            session.add(TicketMessage(token=f"m{number}", body=WHOLE[:5000], is_answer=number > 1, **said))
            told = {
                "name": text,
                "email": text,
                "body": WHOLE[:5000],
                "page": text,
                "answer": WHOLE[:5000],
                "answered_at": now(),
            }
            session.add(VisitorMessage(token=f"v{number}", kind="question", state="answered", **told))
    see(portal.as_("siti"), "/mykoperasi/bantuan", *(f"/mykoperasi/bantuan/{number}" for number in (1, 2)))
    see(staff.as_("ketua"), "/kopmin/masukan/?keadaan=closed", "/kopmin/masukan/1")
    desk = ("/platform/tiket/?keadaan=closed", "/platform/tiket/2", "/platform/pesan-tamu/?keadaan=answered")
    see(staff.as_("operator_platform"), *desk, *(f"/platform/pesan-tamu/{number}" for number in range(1, 10)))
    for text in cut(100):
        answer = portal.anyone().post("/masukan", {"nama": text, "email": text, "pesan": text, "jenis": text})
        _assert_inert(answer.text, text)


def test_what_the_platform_offers(portal: Portal, staff: Panel) -> None:
    with portal.world.database.platform("test", writes=True) as session:
        for number, text in enumerate(TEXTS):
            offer = {"name": text[:40], "pitch": text[:160], "features": [text], "monthly_rp": 1, "yearly_rp": 10}
            session.add(Plan(code=f"p{number}", **offer))
            code = f"{number}{text}"[:20]
            session.add(DiscountCode(code=code, percent=5, starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1)))
    see(portal.anyone(), "/harga")
    see(staff.as_("operator_platform"), "/platform/paket/", "/platform/diskon/")


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Files of what is new and what comes, whoever wrote them."""
    text = json.dumps(WHOLE).replace("\\u2028", "")
    both = f"judul = {text}\ntentang = {text}\n"
    (tmp_path / "yang_baru.toml").write_text(
        f'[[hari]]\ntanggal = 2026-11-26\njudul = {text}\n[[hari.isi]]\njenis = "baru"\n{both}'
    )
    (tmp_path / "rencana.toml").write_text(f"[[tahap]]\n{both}[[tahap.isi]]\n{both}")
    monkeypatch.setattr(changes, "_HERE", tmp_path)
    for kept in (changes.days, changes.stages):
        kept.cache_clear()
    yield
    for kept in (changes.days, changes.stages):
        kept.cache_clear()


@pytest.mark.usefixtures("files")
def test_what_is_new_and_what_comes(portal: Portal) -> None:
    see(portal.anyone(), "/yang-baru", "/rencana")


def test_addresses_for_the_newsletter(portal: Portal) -> None:
    with portal.world.database.platform("test", writes=True) as session:
        readers = [NewsletterReader(email=text, confirmed_at=now()) for text in cut(120)]
        session.add_all(readers)
        session.flush()
        ways = [newsletter.path_of(reader) for reader in readers]
    see(portal.anyone(), *(way for way, reader in zip(ways, readers, strict=True) if "<script>" in reader.email))
    for text in cut(240):
        answer = portal.anyone().post("/kopnews/kabar", {"surel": text})
        assert answer.status_code == 422
        _assert_inert(answer.text, text)
