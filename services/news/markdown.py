"""Markdown as HTML that can do nothing but be read: raw HTML is off, and what is left passes a list of what may stay.

Pictures are our own alone (`/kopnews/gambar/…`); links go to web and mail addresses; headings begin below the page's.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from html import unescape

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

PICTURE = re.compile(r"/kopnews/gambar/([0-9a-f]{32}-(\d{1,4})x(\d{1,4}))\.webp")
_TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "strong", "em", "s", "blockquote", "ul", "ol", "li", "a", "code", "pre", "img",
    "div", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href"}, "img": {"src", "alt", "width", "height", "loading"}, "ol": {"start"},
    "div": {"class", "role", "tabindex", "aria-label"},
}  # fmt: skip
_AMOUNT = re.compile(r"\bRp (?=\d)")
_HEADINGS = {"h1": "h2", "h5": "h4", "h6": "h4"}
_SCROLL = '<div class="table-scroll" role="region" aria-label="Tabel" tabindex="0">'


def _image(self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
    """An own picture with its size, so that nothing jumps; of any other its words stay."""
    token = tokens[at]
    alt = self.renderInlineAsText(token.children, options, env)
    found = PICTURE.fullmatch(str(token.attrs.get("src", "")))
    if found is None:
        return nh3.clean_text(alt)
    token.attrs = {
        "src": found[0], "alt": alt, "width": found[2], "height": found[3], "loading": "lazy",
    }  # fmt: skip
    return self.renderToken(tokens, at, options, env)


def _parser() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable(["table", "strikethrough"])
    made.add_render_rule("image", _image)
    made.add_render_rule("table_open", lambda *_: f"{_SCROLL}<table>\n")
    made.add_render_rule("table_close", lambda *_: "</table></div>\n")
    return made


_MARKDOWN = _parser()


def _only_ours(tag: str, attribute: str, value: str) -> str | None:
    if (tag, attribute) == ("img", "src"):
        return value if PICTURE.fullmatch(value) else None
    if tag == "div":
        return value if f'{attribute}="{value}"' in _SCROLL else None
    return value


@lru_cache(maxsize=128)
def html(text: str) -> str:
    """The text as safe HTML, to be put into a page as it is."""
    tokens = _MARKDOWN.parse(_AMOUNT.sub("Rp\u00a0", text))  # an amount stays on one line
    for token in tokens:
        token.tag = _HEADINGS.get(token.tag, token.tag)
    drawn = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return nh3.clean(
        drawn, tags=_TAGS, attributes=_ATTRIBUTES, attribute_filter=_only_ours, url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )  # fmt: skip


def plain(text: str) -> str:
    """The words alone, for mails and messages."""
    return " ".join(unescape(nh3.clean(html(text), tags=set())).split())
