"""Whatever is written, a page of text comes out: no program, no foreign picture, no link but to the web and mail."""

import sys
from html.parser import HTMLParser

import pytest

from services.news import markdown
from services.news.articles import LONGEST_BODY
from tests.news.payloads import ATTACKS, PICTURE

SAFE = {"http", "https", "mailto", ""}


class Looked(HTMLParser):
    """Every tag and attribute of a page, as a browser would read it."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def assert_inert(page: str) -> None:
    for tag, attributes in Looked(page).found:
        assert tag in markdown._TAGS, tag
        for name, value in attributes.items():
            assert not name.startswith("on"), (tag, name)
            assert name != "style", tag
            if name == "href":
                scheme = value.partition(":")[0].casefold() if ":" in value.split("/")[0] else ""
                assert scheme in SAFE, value
            if name == "src":
                assert markdown.PICTURE.fullmatch(value), value


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_but_text_comes_out(attack: str) -> None:
    for text in (attack, f"**{attack}**", f"- a\n  - {attack}", f"> {attack}", f"[{attack}](https://a.id)", attack * 3):
        assert_inert(markdown.html(text))
        assert "<" not in markdown.plain(text).replace("<3", "") or "<" in text or "&lt;" in text


def test_what_people_mean_is_drawn() -> None:
    text = "# Judul\n\n**tebal** *miring* ~~coret~~ [tautan](https://contoh.id)\n\n1. satu\n2. dua\n\n> kutipan"
    drawn = markdown.html(text)
    for piece in (
        "<h2>Judul</h2>",
        "<strong>tebal</strong>",
        "<em>miring</em>",
        "<s>coret</s>",
        "<ol>",
        "<blockquote>",
    ):
        assert piece in drawn
    assert 'href="https://contoh.id" rel="noopener noreferrer nofollow"' in drawn
    assert "<table>" in markdown.html("| a | b |\n|---|---|\n| 1 | 2 |")


def test_own_pictures_alone_are_shown_with_their_size() -> None:
    drawn = markdown.html(f"![Rapat anggota]({PICTURE})")
    assert f'src="{PICTURE}" alt="Rapat anggota" width="40" height="30" loading="lazy"' in drawn
    assert markdown.html("![Rapat](https://lain.id/a.png)") == "<p>Rapat</p>\n"


@pytest.mark.parametrize("piece", ["[", "![", "*a", "> ", "- ", "`a", "|a", "<a ", "**_", "[a](", "~~a", "&", "\n"])
def test_odd_text_holds_the_server_up_no_longer_than_it_is_long(piece: str) -> None:
    """Twice the text is twice the work, counted in calls, not in seconds."""
    short, long = (calls(piece, LONGEST_BODY // part) for part in (20, 10))
    assert long <= 2.2 * short


def calls(piece: str, length: int) -> int:
    counted = 0

    def count(*_: object) -> None:
        nonlocal counted
        counted += 1

    sys.setprofile(count)
    try:
        markdown.html((piece * length)[:length])
    finally:
        sys.setprofile(None)
    return counted
