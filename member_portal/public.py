"""What the pages for strangers share: the frame with its meta data, addresses for machines, a count of looks."""

from collections.abc import Sequence
from typing import Any

from flask import request

from member_portal.frame import absolute, draw, file_url
from web.request import looked_at

Data = dict[str, Any]
SIGN_UP, NEWS = "/daftar-koperasi", "/kopnews/"
SCHEMA = "https://schema.org"


def shown(
    template: str, *, title: str, about: str, page: str = "", data: Sequence[Data] = (), is_hidden: bool = False,
    **context: Any,
) -> str:  # fmt: skip
    """A page of the public site, its look counted as `page` (its path). `data` is what machines read of it."""
    if request.method == "GET":
        looked_at(page or request.path)
    return draw(
        template, title=title, about=about, canonical=absolute(request.path),
        picture=absolute(file_url("gambar/og.jpg")), structured=data, is_hidden=is_hidden, sign_up=SIGN_UP, news=NEWS,
        **context,
    )  # fmt: skip


def organization() -> Data:
    """Who runs this site, and how it is found here."""
    return {
        "@context": SCHEMA, "@type": "Organization", "name": "eKopz", "url": absolute("/"),
        "logo": absolute(file_url("icon-512.png")),
        "description": "Platform digital koperasi Indonesia: simpanan, pinjaman, toko, pembukuan, dan laporan.",
    }  # fmt: skip


def crumbs(*way: tuple[str, str]) -> Data:
    """The way to a page as (name, path), for machines."""
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": absolute(path)}
        for place, (name, path) in enumerate(way, 1)
    ]
    return {"@context": SCHEMA, "@type": "BreadcrumbList", "itemListElement": items}
