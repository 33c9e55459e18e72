"""The cart: of a browser before sign-in, of a person after it."""

import secrets

from flask import Response, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from core.clock import now
from core.errors import Refusal
from member_portal.frame import LARGEST_ID, portal, viewer
from member_portal.views.mart.page import shown
from services.mart import cart
from services.mart.refusals import QuantityInvalid
from web.request import CART, database, safe_next

THING = f"/kopmart/keranjang/<int(max={LARGEST_ID}):variant_id>"


def owner() -> str | None:
    """Whose cart this is; what was picked before sign-in joins the person's own. None for a stranger without one."""
    user_id, guest = viewer(), session.get(CART)
    if user_id is None:
        return f"g:{guest}" if guest else None
    if guest:
        cart.merge(database(), f"g:{guest}", f"u:{user_id}")
        session.pop(CART)
    return f"u:{user_id}"


def _owner_or_new() -> str:
    if (known := owner()) is not None:
        return known
    session[CART] = secrets.token_urlsafe(24)
    return f"g:{session[CART]}"


@portal.app_template_global("cart_count")
def cart_count() -> int:
    """How many pieces lie in the viewer's cart; asked on Kopmart's pages only."""
    user_id, guest = viewer(), session.get(CART)
    if user_id is None and not guest:
        return 0
    own = cart.count(database(), f"u:{user_id}") if user_id is not None else 0
    return own + (cart.count(database(), f"g:{guest}") if guest else 0)


@portal.get("/kopmart/keranjang")
def cart_page() -> Response:
    whose = owner()
    found = cart.baskets(database(), whose, viewer(), at=now()) if whose else []
    return shown("cart.html", title="Keranjang", about="", baskets=found, is_hidden=True)


@portal.post("/kopmart/keranjang")
def cart_add() -> ResponseReturnValue:
    variant_id = _whole(request.form.get("variant_id", ""), LARGEST_ID)
    try:
        _put(variant_id, _whole(request.form.get("quantity", ""), 9_999), more=True)
        flash("Masuk keranjang.", "success")
    except Refusal as refusal:
        flash(refusal.sentence, "danger")
        return redirect(safe_next(request.form.get("kembali"), url_for("portal.cart_page")))
    return redirect(url_for("portal.cart_page"))


@portal.post(THING)
def cart_set(variant_id: int) -> ResponseReturnValue:
    try:
        _put(variant_id, _whole(request.form.get("quantity", ""), 9_999), more=False)
    except Refusal as refusal:
        flash(refusal.sentence, "danger")
    return redirect(url_for("portal.cart_page"))


@portal.post(f"{THING}/keluarkan")
def cart_remove(variant_id: int) -> ResponseReturnValue:
    if (whose := owner()) is not None:
        cart.take_out(database(), whose, variant_id)
        flash("Sudah dikeluarkan dari keranjang.", "success")
    return redirect(url_for("portal.cart_page"))


def _put(variant_id: int, quantity: int, *, more: bool) -> None:
    coop_id = cart.place_of(database(), variant_id)
    whose = _owner_or_new()
    with database().transaction(coop_id) as work:
        cart.put(work, whose, variant_id, quantity, more=more)


def _whole(text: str, most: int) -> int:
    """A number as a form sends it. Raises QuantityInvalid."""
    plain = text.strip()
    if not (plain.isascii() and plain.isdigit() and len(plain) < 20 and int(plain) <= most):
        raise QuantityInvalid()
    return int(plain)
