"""Where a cooperative asks for a second factor, whoever moves its money sets one up before anything else."""

from flask import Flask, flash, redirect, request
from flask.typing import ResponseReturnValue

from admin_panel import scope
from core.actor import NOWHERE
from services.access import second_factor

SET_UP = "/mykoperasi/akun/kode"
FIRST = (
    "Koperasi ini mewajibkan kode kedua untuk peran Anda. Siapkan dulu, sekitar dua menit, lalu lanjutkan di Kopmin."
)


def install(app: Flask) -> None:
    """Stand before every request of Kopmin; after `web.request`, which knows who asks."""
    app.before_request(_set_up_first)


def _set_up_first() -> ResponseReturnValue | None:
    who = scope.actor_or_none()
    if who is None or who.coop_id == NOWHERE or not request.path.startswith("/kopmin/"):
        return None
    if not second_factor.is_owed(scope.database(), who):
        return None
    flash(FIRST, "warning")
    return redirect(SET_UP)
