"""What Kopmart's pages share: the frame, who looks, whether an answer may be kept, words for time."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from flask import Response, g, request, url_for

from core.clock import now
from core.display import number
from member_portal.frame import absolute, draw, for_strangers, portal
from services.mart import buyers, catalogue
from services.mart.buyers import Buyer
from services.mart.categories import CATEGORIES, label
from web.request import database

ONE = "/kopmart/barang/<uuid:public_id>"
LONGEST_WORDS = 80


def buyer(public_id: uuid.UUID) -> tuple[Buyer, int]:
    """The signed-in person in the cooperative that sells something, and what it is there. Raises NotFound."""
    coop_id, product_id = catalogue.place_of(database(), public_id)
    return buyers.in_coop(database(), g.signed_in.user_id, coop_id), product_id


def asked_sort() -> str:
    sort = request.args.get("urut", "")
    return sort if sort in catalogue.SORTS else next(iter(catalogue.SORTS))


def shown(template: str, *, canonical: str = "", **context: Any) -> Response:
    """A page of Kopmart. A stranger's page may be kept a minute, unless it holds something of their session."""
    return for_strangers(draw(
        f"kopmart/{template}", canonical=absolute(canonical or request.path), categories=CATEGORIES,
        category_label=label, sorts={code: text for code, (text, _) in catalogue.SORTS.items()}, **context,
    ))  # fmt: skip


@portal.app_template_filter("tinggal")
def time_left(ends_at: datetime) -> str:
    """`2 jam 5 menit lagi`, `3 hari lagi`; a campaign that ends while one reads ends in a minute."""
    left = max(ends_at - now(), timedelta(minutes=1))
    hours, minutes = divmod(int(left.total_seconds()) // 60, 60)
    if hours >= 48:
        return f"{hours // 24} hari lagi"
    return " ".join(f"{many} {unit}" for many, unit in ((hours, "jam"), (minutes, "menit")) if many) + " lagi"


@portal.app_template_filter("stok")
def stock_text(pieces: int) -> str:
    """`Habis`, `Sisa 3`, `Stok 120`."""
    if pieces <= 0:
        return "Habis"
    return f"Sisa {pieces}" if pieces <= 10 else f"Stok {number(pieces)}"


@portal.app_template_global("photo_url")
def photo_url(name: str, *, small: bool = False) -> str:
    return url_for("portal.mart_photo", name=f"{name}-s" if small else name)
