"""The desks of the newsroom and of announcements: preview, review, publication, moderation, figures, pictures."""

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import func, select

from models.news import Announcement, Article, ArticleComment, ArticlePicture
from models.transaction import Database
from services.news import articles, comments
from tests.admin_panel.conftest import Panel
from tests.mart.shelf import photo
from tests.member_portal.test_kopnews import _assert_inert
from tests.news.payloads import ATTACKS

TYPED = {
    "title": "Harga beras naik", "category": "ekonomi", "summary": "Tiga sebabnya.", "body": "Isi **tebal**",
    "tags": "Pangan", "byline": "Redaksi", "cover": "", "seen": "",
}  # fmt: skip
DESK = "/platform/berita"


def write(panel: Panel, who: str = "penulis", **changed: str) -> int:
    answer = panel.as_(who).post(f"{DESK}/tulis", TYPED | changed)
    assert answer.status_code == 302, answer.text
    return int(answer.location.rsplit("/", 1)[1])


def article(database: Database, article_id: int) -> Article:
    with database.platform("test") as session:
        return session.get_one(Article, article_id)


def test_written_looked_at_reviewed_and_published(panel: Panel) -> None:
    writer, editor, database = panel.as_("penulis"), panel.as_("redaktur"), panel.world.database
    looked = writer.post(f"{DESK}/tulis", TYPED | {"act": "lihat", "body": "**tebal** <script>alert(1)</script>"})
    assert "<strong>tebal</strong> &lt;script&gt;" in looked.text
    assert 'value="Harga beras naik"' in looked.text
    with database.platform("test") as session:
        assert session.scalar(select(func.count()).select_from(Article)) == 0
    one = write(panel)
    assert "dikirim ke redaktur" in writer.post(f"{DESK}/{one}/ajukan", follow_redirects=True).text
    assert "Artikel menunggu" in editor.get("/platform/").text
    back = editor.post(f"{DESK}/{one}/kembalikan", {"note": "Sebutkan sumber"}, follow_redirects=True)
    assert "Catatan redaktur: Sebutkan sumber" in back.text
    for _ in range(2):
        assert "Artikel terbit." in editor.post(f"{DESK}/{one}/terbitkan", {"at": ""}, follow_redirects=True).text
    assert panel.anyone().get("/kopnews/harga-beras-naik").status_code == 200
    assert "ditarik" in editor.post(f"{DESK}/{one}/tarik", follow_redirects=True).text
    assert panel.anyone().get("/kopnews/harga-beras-naik").status_code == 404


def test_a_moment_is_a_moment_in_jakarta(panel: Panel) -> None:
    one, editor = write(panel), panel.as_("redaktur")
    said = editor.post(f"{DESK}/{one}/terbitkan", {"at": "2199-03-05T08:30"}, follow_redirects=True).text
    assert "Terjadwal 5 Maret 2199 08.30 WIB" in said
    for odd in ("2020-01-01T00:00", "0001-01-01T00:00", "9999-12-31T23:59", "besok"):
        refused = editor.post(f"{DESK}/{one}/terbitkan", {"at": odd})
        assert refused.status_code == 422
        assert re.search("aktu terbit|tahun yang benar", refused.text)
        assert f'value="{odd}"' in refused.text  # what was typed is still there
    assert article(panel.world.database, one).publish_at.year == 2199


def test_a_correction_needs_its_note(panel: Panel) -> None:
    one, editor = write(panel, "redaktur"), panel.as_("redaktur")
    editor.post(f"{DESK}/{one}/terbitkan", {"at": ""})
    seen = re.search(r'name="seen"[^>]*value="(\d+)"', editor.get(f"{DESK}/{one}/ubah").text)[1]
    typed = TYPED | {"body": "Lebih benar", "seen": seen}
    answer = editor.post(f"{DESK}/{one}/ubah", typed)
    assert "Isi catatan koreksi" in answer.text
    assert "Lebih benar" in answer.text  # nothing typed is lost
    assert editor.post(f"{DESK}/{one}/ubah", typed | {"note": "Angka salah"}).status_code == 302
    assert "Angka salah" in panel.anyone().get("/kopnews/harga-beras-naik").text
    late = editor.post(f"{DESK}/{one}/ubah", typed | {"note": "Sekali lagi"})  # the version before
    assert "diubah orang lain" in late.text
    assert "diubah orang lain" in editor.post(f"{DESK}/{one}/ubah", typed | {"note": "x", "seen": ""}).text


def test_a_writer_meets_their_own_alone(panel: Panel) -> None:
    theirs, writer = write(panel, "redaktur"), panel.as_("penulis")
    for way in ("", "/ubah"):
        assert writer.get(f"{DESK}/{theirs}{way}").status_code == 404
    assert "Harga beras" not in writer.get(f"{DESK}/").text
    for way in ("komentar/", "kabar/"):
        assert writer.get(f"{DESK}/{way}").status_code == 403
    assert panel.as_("ketua").get(f"{DESK}/").status_code == 403


@pytest.mark.parametrize(("field", "text"), [("title", "x" * 161), ("body", "x" * 30_001), ("summary", "x" * 301)])
def test_huge_texts_are_refused_in_a_sentence(panel: Panel, field: str, text: str) -> None:
    answer = panel.as_("penulis").post(f"{DESK}/tulis", TYPED | {field: text})
    assert answer.status_code == 422
    assert "paling panjang" in answer.text


def test_pictures_are_drawn_anew_small(panel: Panel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = panel.app.extensions["ekopz.settings"]
    monkeypatch.setitem(panel.app.extensions, "ekopz.settings", replace(settings, data=tmp_path))
    writer = panel.as_("penulis")
    for content, alt, said in ((photo(), "", "wajib"), (b"<svg onload=alert(1)>", "x", "bukan gambar")):
        sent = {"picture": (BytesIO(content), "a.jpg"), "alt": alt}
        assert said in writer.post(f"{DESK}/gambar/", sent, content_type="multipart/form-data").text
    sent = {"picture": (BytesIO(photo()), "../../a.php"), "alt": 'Sawah "luas" <b>'}
    assert writer.post(f"{DESK}/gambar/", sent, content_type="multipart/form-data").status_code == 302
    with panel.world.database.platform("test") as session:
        kept = session.scalars(select(ArticlePicture)).one()
    answer = panel.anyone().get(f"/kopnews/gambar/{kept.stored_as}.webp")
    assert (answer.mimetype, len(answer.data) <= 60 * 1024) == ("image/webp", True)
    assert "immutable" in answer.headers["Cache-Control"]
    assert len(panel.anyone().get(f"/kopnews/gambar/{kept.stored_as}-s.webp").data) <= 18 * 1024
    assert panel.anyone().get("/kopnews/gambar/..%2f..%2fekopz.webp").status_code == 404
    one = write(panel, cover=kept.stored_as, body=f"![Sawah](/kopnews/gambar/{kept.stored_as}.webp)")
    page = writer.get(f"{DESK}/{one}").text
    assert page.count(f"/kopnews/gambar/{kept.stored_as}.webp") == 2
    _assert_inert(_no_fold(writer.get(f"{DESK}/gambar/").text), "alt")


def test_comments_wait_for_the_editor(panel: Panel) -> None:
    world, editor = panel.world, panel.as_("redaktur")
    one = write(panel, "redaktur")
    editor.post(f"{DESK}/{one}/terbitkan", {"at": ""})
    with world.database.platform("test", writes=True) as session:
        said = comments.say(session, world.petugas, "harga-beras-naik", "Halo <script>", token="t").id
    assert "Halo &lt;script&gt;" in editor.get(f"{DESK}/komentar/").text
    for act, state in (("tampilkan", "shown"), ("tampilkan", "shown"), ("sembunyikan", "hidden")):
        editor.post(f"{DESK}/komentar/{said}", {"act": act})
        with world.database.platform("test") as session:
            assert session.get_one(ArticleComment, said).state == state


def test_the_newsletter_says_when_it_cannot_go(panel: Panel) -> None:
    editor = panel.as_("redaktur")
    assert "Server surel belum diatur" in editor.get(f"{DESK}/kabar/").text
    assert "belum tersedia" in editor.post(f"{DESK}/kabar/kirim", follow_redirects=True).text


def test_an_announcement_goes_its_way(panel: Panel) -> None:
    secretary, desk = panel.as_("sekretaris"), "/kopmin/pengumuman"
    typed = {"title": "Rapat", "body": "Pukul **09.00**", "until_on": "", "seen": ""}
    assert "<strong>09.00</strong>" in secretary.post(f"{desk}/buat", typed | {"act": "lihat"}).text
    here = secretary.post(f"{desk}/buat", typed).location
    assert secretary.post(f"{desk}/buat", typed).location == here  # a second click
    for _ in range(2):
        assert "Terbit" in secretary.post(f"{here}/terbitkan", {"at": ""}, follow_redirects=True).text
    assert "diubah orang lain" in secretary.post(f"{here}/ubah", typed | {"title": "Lain"}).text
    seen = re.search(r'name="seen"[^>]*value="(\d+)"', secretary.get(f"{here}/ubah").text)[1]
    assert secretary.post(f"{here}/ubah", typed | {"title": "Rapat besar", "seen": seen}).status_code == 302
    assert "ditarik" in secretary.post(f"{here}/tarik", follow_redirects=True).text
    with panel.world.reading() as session:
        assert [(one.title, one.state) for one in session.scalars(select(Announcement))] == [
            ("Rapat besar", "withdrawn")
        ]
    assert panel.as_("bendahara").get(f"{desk}/").status_code == 403
    for text in ("x" * 161, "  "):
        assert secretary.post(f"{desk}/buat", typed | {"title": text}).status_code == 422


def test_payloads_do_nothing_on_the_desks(panel: Panel) -> None:
    world, editor, secretary = panel.world, panel.as_("redaktur"), panel.as_("sekretaris")
    for number, attack in enumerate(ATTACKS):
        draft = articles.Draft(f"{number} {attack}"[:150], "ekonomi", attack, attack, byline=attack)
        with world.database.platform("test", writes=True) as session:
            one = articles.write(session, world.platform["redaktur"], draft).id
        for way in ("", "/ubah"):
            _assert_inert(_no_fold(editor.get(f"{DESK}/{one}{way}").text), attack)
        typed = {"title": f"{number} {attack}"[:150], "body": attack, "until_on": "", "seen": "", "act": "lihat"}
        _assert_inert(_no_fold(secretary.post("/kopmin/pengumuman/buat", typed).text), attack)
    _assert_inert(_no_fold(editor.get(f"{DESK}/").text), "list")


def _no_fold(page: str) -> str:
    """The frame of the panel folds its menu with `details` of its own."""
    return re.sub(r"</?details[^>]*>", "", page)
