"""Streamlit's own files, compressed once and kept: a phone on a slow network loads a quarter of the bytes."""

import gzip
import json
import os
import re
import tempfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import streamlit
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from dashboards.look import MARK_FILE, TOKEN_FILE, TOKENS

FOREVER = "public, immutable, max-age=31536000"  # their names carry a hash of what is in them
SQUEEZED = {".js", ".css", ".svg", ".json", ".html"}
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json"}
STREAMLIT = Path(streamlit.__file__).parent / "static"
OWN = Path(__file__).parent / "static"


class Assets:
    """Answers `/dasbor/static/…` and the page itself."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache / f"streamlit-{streamlit.__version__}"
        hashed = STREAMLIT / "static"
        self.files = {str(path.relative_to(hashed)): path for path in hashed.rglob("*") if path.is_file()}
        own = {_hashed_name(path): path for path in (TOKEN_FILE, OWN / "dasbor.css", OWN / "dasbor.js")}
        self.files |= own
        self.page_html = _page_html(list(own))

    async def static(self, request: Request) -> Response:
        """One hashed file, as gzip to whoever takes it."""
        path = self.files.get(request.path_params["path"])
        if path is None:
            return Response("Tidak ada.", 404, media_type="text/plain")
        headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff"}
        if path.suffix in SQUEEZED and "gzip" in request.headers.get("accept-encoding", ""):
            squeezed = await run_in_threadpool(self.squeezed, request.path_params["path"])
            if squeezed is not None:
                path, headers["Content-Encoding"] = squeezed, "gzip"
        kind = TYPES.get(Path(request.path_params["path"]).suffix)
        return FileResponse(path, headers=headers, media_type=kind)

    def squeezed(self, name: str) -> Path | None:
        """The file compressed, made on first asking; None when the data folder cannot take it."""
        kept = self.cache / f"{name}.gz"
        if not kept.is_file():
            try:
                kept.parent.mkdir(parents=True, exist_ok=True)
                handle, half = tempfile.mkstemp(dir=kept.parent)
                with os.fdopen(handle, "wb") as file:
                    file.write(gzip.compress(self.files[name].read_bytes(), 9, mtime=0))
                os.replace(half, kept)  # whole or not at all, whoever else writes it
            except OSError:
                return None
        return kept

    def squeeze_first(self) -> None:
        """What the first page needs, before anyone asks."""
        for name in re.findall(r'(?:src|href)="\./static/([^"]+)"', self.page_html):
            if name in self.files and self.files[name].suffix in SQUEEZED:
                self.squeezed(name)

    async def page(self, _: Request) -> Response:
        """Streamlit's page in our language."""
        return HTMLResponse(self.page_html)

    async def icon(self, request: Request) -> Response:
        return FileResponse(MARK_FILE, media_type="image/svg+xml", headers={"Cache-Control": "max-age=86400"})


def _page_html(own: Sequence[str]) -> str:
    """The page that starts Streamlit, with our language, name, colour and script, and no font to wait for."""
    html = (STREAMLIT / "index.html").read_text("utf-8")
    html = re.sub(r"<!--.*?-->\s*", "", html, flags=re.DOTALL)
    html = re.sub(r'<link\s+rel="preload".*?/>\s*', "", html, flags=re.DOTALL)
    html = re.sub(r'<link rel="service-desc".*?/>\s*', "", html)
    html = re.sub(r"<noscript>.*?</noscript>", _WITHOUT_SCRIPTS, html, flags=re.DOTALL)
    first = [name for name in own if name.endswith(".js")]
    scripts = "".join(f'<script src="./static/{name}"></script>' for name in first)
    html = re.sub(r"<script>.*?</script>", scripts, html, flags=re.DOTALL)
    sheets = "".join(f'<link rel="stylesheet" href="./static/{name}">' for name in own if name not in first)
    html = html.replace("</head>", f"{sheets}</head>")
    named = Markup("<title>Dasbor eKopz</title>{}{}").format(_meta("theme-color", TOKENS["brand"]), _theme())
    swaps = {
        '<html lang="en">': '<html lang="id" translate="no">',
        "<title>Streamlit</title>": str(named),
        '<link rel="shortcut icon" href="./favicon.png" />': '<link rel="icon" type="image/svg+xml" href="./mark.svg">',
    }
    for old, new in swaps.items():
        if old not in html:
            raise AssertionError(f"the pinned Streamlit's page has no {old}")
        html = html.replace(old, new)
    return html


_WITHOUT_SCRIPTS = (
    '<noscript><p>Dasbor perlu JavaScript. Angka yang sama ada di <a href="/mykoperasi/">MyKoperasi</a> dan di '
    '<a href="/kopmin/">Kopmin</a>, bagian Laporan.</p></noscript>'
)


def _meta(name: str, content: str) -> Markup:
    return Markup('<meta name="{}" content="{}">').format(name, content)


def _theme() -> Markup:
    """What the page wears until the server has told it the theme."""
    colours = {"primaryColor": "brand", "backgroundColor": "paper", "secondaryBackgroundColor": "surface"}
    worn = {option: TOKENS[token] for option, token in (colours | {"textColor": "ink", "bodyFont": "font"}).items()}
    return _meta("ekopz-theme", json.dumps(worn))


def _hashed_name(path: Path) -> str:
    return f"{path.stem}.{sha256(path.read_bytes()).hexdigest()[:8]}{path.suffix}"
