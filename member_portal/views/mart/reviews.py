"""Saying what one thinks of what one bought."""

import uuid

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import Refusal
from member_portal.frame import LARGEST_ID, portal, signed_in_only
from member_portal.typed import Typed
from member_portal.views.mart.page import ONE, buyer
from member_portal.views.mart.product import product_page
from services.mart import reviews
from web.request import database


@portal.post(f"{ONE}/ulasan")
@signed_in_only
def mart_review(public_id: uuid.UUID) -> ResponseReturnValue:
    typed = Typed(request.form, longest=reviews.LONGEST)
    who, _ = buyer(public_id)
    try:
        with database().transaction(who) as session:
            reviews.write(session, who, _number(typed["baris"]), _number(typed["bintang"]), typed["isi"])
    except Refusal as refusal:
        typed.refused("form", refusal)
        return product_page(public_id, typed), refusal.status
    flash("Terima kasih. Ulasan Anda sudah tampil.", "success")
    return redirect(url_for("portal.mart_product", public_id=public_id, _anchor="ulasan"))


def _number(text: str) -> int:
    """0 for what is no id."""
    found = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
    return found if found <= LARGEST_ID else 0
