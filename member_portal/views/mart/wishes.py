"""What the signed-in person wants to find again, whichever cooperative sells it."""

import uuid

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from member_portal.frame import asked_page, portal, signed_in_only
from member_portal.views.mart.page import ONE, buyer, shown
from services.mart import catalogue, wishes
from web.request import database


@portal.get("/kopmart/favorit")
@signed_in_only
def mart_wishes() -> Response:
    page = catalogue.wished(database(), g.signed_in.user_id, asked_page())
    return shown("wishes.html", title="Favorit saya", about="", goods=page, is_hidden=True)


@portal.post(f"{ONE}/favorit")
@signed_in_only
def mart_wish(public_id: uuid.UUID) -> ResponseReturnValue:
    who, product_id = buyer(public_id)
    wanted = request.form.get("simpan") == "1"
    with database().transaction(who) as session:
        (wishes.put if wanted else wishes.take_away)(session, who, product_id)
    flash("Disimpan di Favorit." if wanted else "Dihapus dari Favorit.", "success")
    return redirect(url_for("portal.mart_product", public_id=public_id))
