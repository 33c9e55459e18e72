"""What every page of the portal shares: the blueprint, who is here, the cooperative, the way pages are drawn."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache, wraps
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, g, make_response, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from core import clock, display
from core.actor import Actor
from models.coops import Coop
from web.request import db, settings, sign_in_first

HERE = Path(__file__).parent
LARGEST_ID = 2**63 - 1
KEPT_SECONDS, FILE_KEPT_SECONDS = 60, 3600
FILTERS: dict[str, Callable[..., str]] = {
    "rupiah": display.rupiah,
    "tanggal": display.date_long,
    "bulan": display.month_long,
    "saat": display.moment,
    "harinya": display.day_of,
    "terbilang": display.terbilang,
    "ribuan": display.number,
    "persen": display.percent_text,
}

portal = Blueprint(
    "portal", __name__, template_folder="templates", static_folder="static", static_url_path="/static/portal"
)


@dataclass(frozen=True)
class Tab:
    """One of the five places of the member area; `also` are addresses that belong to it without lying under it."""

    label: str
    icon: str
    endpoint: str
    also: tuple[str, ...] = ()

    @property
    def is_here(self) -> bool:
        here, place = request.path, url_for(self.endpoint)
        under = (*self.also, *(() if self.endpoint == "portal.home" else (place,)))
        return here == place or any(f"{here}/".startswith(f"{top}/") for top in under)


TABS = (
    Tab("Beranda", "home", "portal.home"),
    Tab("Simpanan", "book", "portal.savings_page", also=("/mykoperasi/mutasi", "/mykoperasi/kuitansi")),
    Tab("Tabungan", "purse", "portal.tabungan"),
    Tab("Pinjaman", "loan", "portal.loans_list", also=("/simulasi",)),
    Tab("Akun", "person", "portal.account", also=("/mykoperasi/kartu", "/mykoperasi/data-saya")),
)
OWN = frozenset({"own.view", "own.ask"})


def coop() -> Coop | None:
    """The cooperative the signed-in person works in, if any."""
    who: Actor | None = g.get("actor")
    if who is None:
        return None
    if "portal_coop" not in g:
        g.portal_coop = db().get(Coop, who.coop_id)
    found: Coop | None = g.portal_coop
    return found


def is_member() -> bool:
    who: Actor | None = g.get("actor")
    return who is not None and who.member_id is not None and who.may("own.view")


def me() -> tuple[Actor, int]:
    """The signed-in member as an actor who may see and ask for their own things only, and their member id.

    Somebody who is pengurus as well has wider rights in Kopmin, not here.
    """
    who: Actor = g.actor
    assert who.member_id is not None
    return Actor(who.user_id, who.coop_id, who.permissions & OWN, who.member_id, who.name), who.member_id


def viewer() -> int | None:
    """The signed-in person's id, None for a stranger."""
    return g.signed_in.user_id if g.get("signed_in") is not None else None


def absolute(path: str) -> str:
    """An address with the host, for machines that index."""
    return f"{settings().public_url}{path}"


def asked_page() -> int:
    """`?hal=`, 1 for whatever is no page."""
    text = request.args.get("hal", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def for_strangers(drawn: str) -> Response:
    """A public page; a stranger's may be kept a minute, unless it holds something of their session."""
    answer = make_response(drawn)
    answer.vary.add("Cookie")
    if viewer() is None:
        is_plain = not session and not session.modified
        answer.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}" if is_plain else "private, no-cache"
    return answer


def for_programs(text: str, kind: str) -> Response:
    """A file for programs, kept an hour; none is kept for somebody signed in."""
    keep = f"public, max-age={FILE_KEPT_SECONDS}" if viewer() is None else "no-store"
    return Response(text, mimetype=kind, headers={"Cache-Control": keep})


def today() -> date:
    """The day where the cooperative is; in Jakarta for those who came without one."""
    here = coop()
    return clock.today(here.zone) if here else clock.today()


def members_only(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Strangers go to the sign-in and come back; people without a member's place are told the way on."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        if g.get("signed_in") is None:
            return sign_in_first()
        if not is_member():
            return page("no_member.html", title="Belum terhubung dengan data anggota"), 403
        return view(*args, **kwargs)

    return guarded


def signed_in_only(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """For anybody with an account, member or not."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        if g.get("signed_in") is None:
            return sign_in_first()
        return view(*args, **kwargs)

    return guarded


@cache
def _fingerprint(name: str) -> str:
    return hashlib.sha256((HERE / "static" / name).read_bytes()).hexdigest()[:12]


def file_url(name: str) -> str:
    """Address of one of the portal's static files, safe to keep for ever."""
    return url_for("portal.static", filename=name, v=_fingerprint(name))


def page(template: str, **context: Any) -> str:
    """A page of the portal in its frame."""
    return draw(f"portal/{template}", **context)


def draw(template: str, **context: Any) -> str:
    """A page in the portal's frame, its template under the name it has (`kopmart/…` is the storefront's)."""
    who: Actor | None = g.get("actor")
    return render_template(
        template, file_url=file_url, tabs=TABS if is_member() else (), coop=coop(), who=g.get("signed_in"),
        may_panel=who is not None and who.may("panel.enter"), large=request.cookies.get("teks") == "besar", **context,
    )  # fmt: skip
