"""The look every page shares: our templates before the framework's, our few static files, filters for templates."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, url_for

from core.display import date_long, date_short, moment, month_long, number, rupiah, terbilang

HERE = Path(__file__).parent
STATIC = HERE / "static" / "ekopz"

look = Blueprint(
    "ekopz",
    __name__,
    template_folder="templates",
    static_folder="static/ekopz",
    static_url_path="/static/ekopz",
)


@cache
def fingerprint(name: str) -> str:
    """First characters of the hash of a static file: a changed file gets a new address."""
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """Address of a file of `static/ekopz`, safe to cache for ever."""
    return url_for("ekopz.static", filename=name, v=fingerprint(name))


def filters() -> dict[str, Any]:
    """How templates write amounts and dates."""
    return {
        "rupiah": rupiah,
        "ribuan": number,
        "tanggal": date_long,
        "tgl": date_short,
        "bulan": month_long,
        "saat": moment,
        "terbilang": terbilang,
    }


def install(app: Flask) -> None:
    """Before the framework registers its own templates, so that ours are found first."""
    app.register_blueprint(look)
    app.jinja_env.globals.update(asset=asset)
    app.jinja_env.filters.update(filters())
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
