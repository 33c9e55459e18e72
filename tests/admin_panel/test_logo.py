"""The logo of the cooperative: what is taken, what is refused, and where it is seen."""

import io
import stat

import pytest
from PIL import Image, PngImagePlugin
from pypdf import PdfReader

from models.coops import Coop
from services.coops import logo

PROFILE, LOGO = "/kopmin/profil/", "/kopmin/profil/logo"


def picture(kind: str = "PNG", size: tuple[int, int] = (900, 300), mode: str = "RGB", **options) -> bytes:
    made = io.BytesIO()
    Image.new(mode, size).save(made, kind, **options)
    return made.getvalue()


def send(browser, content: bytes, name: str = "logo.png"):
    return browser.post(LOGO, {"picture": (io.BytesIO(content), name)}, content_type="multipart/form-data")


def stored(panel):
    with panel.world.reading() as session:
        name = session.get_one(Coop, panel.world.coop.id).logo_file
    return None if name is None else panel.app.extensions["ekopz.settings"].uploads / name


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_logo_is_kept_small_under_a_name_of_our_own(panel, kind):
    browser = panel.as_("ketua")
    assert send(browser, picture(kind), "../../etc/passwd").status_code == 302
    path = stored(panel)
    assert path.parent.name == "uploads"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with Image.open(path) as kept:
        assert (kept.format, kept.size) == ("PNG", (600, 200))
    shown = browser.get("/kopmin/profil/logo.png")
    assert (shown.mimetype, shown.data) == ("image/png", path.read_bytes())
    assert "logo.png" in browser.get(PROFILE).text


def test_whatever_else_the_file_held_is_gone(panel):
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "<script>alert(1)</script>")
    send(panel.as_("ketua"), picture(pnginfo=notes) + b"<?php evil ?>")
    kept = stored(panel).read_bytes()
    assert b"script" not in kept
    assert b"php" not in kept


def test_it_is_on_the_report_and_a_new_one_takes_its_place(panel):
    browser = panel.as_("ketua")
    send(browser, picture())
    first = stored(panel)
    paper = browser.get("/kopmin/laporan/balance-sheet/unduh.pdf").data
    assert len(PdfReader(io.BytesIO(paper)).pages[0].images) == 1
    send(browser, picture(size=(10, 10)))
    assert stored(panel) != first
    assert not first.exists()
    assert stored(panel).exists()


def test_it_can_be_taken_off(panel):
    browser = panel.as_("ketua")
    send(browser, picture())
    path = stored(panel)
    assert browser.post(LOGO, {"lepas": "1"}).status_code == 302
    assert stored(panel) is None
    assert not path.exists()
    assert browser.get("/kopmin/profil/logo.png").status_code == 404


def huge() -> bytes:
    """The head of a picture that says it has 400 million pixels."""
    small = bytearray(picture(size=(1, 1)))
    small[16:24] = (20_000).to_bytes(4, "big") * 2
    import zlib

    small[29:33] = zlib.crc32(small[12:29]).to_bytes(4, "big")
    return bytes(small)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "pilih dulu"),
        (b"x" * (logo.LARGEST + 1), "lebih dari 2 MB"),
        (picture(size=(5_001, 5_000), mode="1"), "25 juta titik"),
        (huge(), "25 juta titik"),
        (picture()[:60], "bukan gambar"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "bukan gambar"),
        (picture("GIF"), "bukan gambar"),
        (picture("WEBP"), "bukan gambar"),
        (b"%PDF-1.7", "bukan gambar"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "bukan gambar"),
    ],
)
def test_what_is_no_logo_is_refused_beside_the_field(panel, content, sentence):
    answer = send(panel.as_("ketua"), content)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert stored(panel) is None


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "LA", "I;16", "CMYK"])
def test_every_way_of_keeping_colours_is_understood(mode):
    assert logo.redrawn(picture("JPEG" if mode == "CMYK" else "PNG", mode=mode)).startswith(b"\x89PNG")


def test_who_may_not_change_the_profile_may_not_change_the_logo(panel):
    assert send(panel.as_("petugas"), picture()).status_code == 403
    assert stored(panel) is None


def test_the_neighbour_keeps_their_own(panel):
    send(panel.as_("ketua"), picture())
    theirs = panel.as_(panel.world.other_actors["ketua"])
    assert theirs.get("/kopmin/profil/logo.png").status_code == 404
    assert "Belum ada logo" in theirs.get(PROFILE).text
