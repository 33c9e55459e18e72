"""Every cooperative of the installation: found, sorted, taken home as a sheet, and one by one."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Pick, Screen, Tool, needs, storable, whole_argument
from admin_panel.exports import spreadsheet
from admin_panel.views.subscriptions.forms import ExtendForm
from core import clock
from core.display import date_long
from core.errors import NotFound
from reports.platform.tenants import BOOKS, CALLS, KINDS, STATES, Tenant, tenants
from services.coops import storage
from services.jobs import outcome
from services.subscriptions import queries, terms
from services.support import grants

PER_PAGE = 50
WORDS = {state: word.capitalize() for state, word in STATES.items()}
PICKS = (
    Pick("perlu", "Yang perlu dilihat", "call", choices=lambda: list(CALLS.items())),
    Pick("keadaan", "Langganan", "state", choices=lambda: [*WORDS.items()]),
    Pick("jenis", "Jenis", "kind", choices=lambda: list(KINDS.items())),
    Pick("buku", "Buku", "books", choices=lambda: list(BOOKS.items())),
)
COLUMNS = {
    "nama": ("Koperasi", lambda one: one.name.casefold()),
    "paket": ("Paket", lambda one: (one.plan, WORDS[one.state])),
    "sampai": ("Sampai", lambda one: str(one.until or "9999")),
    "anggota": ("Anggota", lambda one: one.members),
    "pengguna": ("Pengguna", lambda one: one.users),
    "dipakai": ("Dipakai", lambda one: str(one.used_on or "")),
    "buku": ("Buku", lambda one: BOOKS[one.books]),
    "ruang": ("Berkas", lambda one: one.storage_bytes),
}  # fmt: skip
"""What the list can be sorted by: heading and key."""
TONES = {**queries.TONES, "sound": "good", "broken": "bad", "waiting": "warn"}


class TenantDesk(Screen):
    route_base = "/platform/koperasi"

    @expose("/")
    @needs("platform.manage")
    def index(self) -> ResponseReturnValue:
        found, place, said = asked(), whole_argument("hal", 0, 10_000), _said()
        shown, pages = found[place * PER_PAGE : (place + 1) * PER_PAGE], -(-len(found) // PER_PAGE)
        column, direction = _order()
        sheet = url_for("TenantDesk.export", urut=column, arah=direction, **said)
        return self.page("platform_tenants.html", title="Koperasi", rows=shown, count=len(found), page=place,
                         tools=[Tool("Unduh Excel", sheet, "platform.manage")], columns=COLUMNS, states=WORDS,
                         books=BOOKS, kinds=KINDS, pages=pages, tones=TONES, sorted_by=(column, direction), asked=said,
                         picks=_picks(), sought=said.get("cari", ""))  # fmt: skip

    @expose("/unduh.xlsx")
    @needs("platform.manage")
    def export(self) -> ResponseReturnValue:
        return spreadsheet("Koperasi", _table(asked()))

    @expose("/<row:tenant>")
    @needs("platform.manage")
    def show(self, tenant: int) -> ResponseReturnValue:
        one = _one(tenant)
        return self.page("platform_tenant.html", title=one.name, one=one, states=WORDS, books=BOOKS, kinds=KINDS,
                         calls=[CALLS[name] for name in sorted(one.calls(clock.today()))],
                         checked=outcome.last(scope.settings().data))  # fmt: skip

    @expose("/<row:tenant>/perpanjang", methods=["GET", "POST"])
    @needs("platform.manage")
    def extend(self, tenant: int) -> ResponseReturnValue:
        """More time for a cooperative that never paid."""
        one, form, back = _one(tenant), ExtendForm(), url_for("TenantDesk.show", tenant=tenant)
        if one.until is None:
            raise NotFound(what="Langganan")
        if form.validate_on_submit():
            with self.posting(form), scope.database().transaction(tenant) as session:
                new = {"until": form.until.data, "reason": form.reason.data or "", "on": clock.today()}
                terms.extend_trial(session, scope.actor(), tenant, **new)
                flash(f"Masa coba {one.name} diperpanjang.", "success")
                return redirect(back)
        facts = [("Koperasi", one.name), ("Langganan", f"{STATES[one.state]} sampai {date_long(one.until)}")]
        return self.page("form.html", title="Perpanjang masa coba", form=form, back=back, facts=facts)

    @expose("/<row:tenant>/lihat", methods=["POST"])
    @needs("platform.support")
    def look(self, tenant: int) -> ResponseReturnValue:
        """Into the cooperative, while it allows it; `web.support` keeps to looking from here on."""
        with self.posting():
            grants.enter(scope.database(), g.signed_in, scope.actor(), tenant)
            return redirect("/kopmin/")
        return redirect(url_for("TenantDesk.show", tenant=tenant))


def every(*, with_files: bool = True) -> tuple[Tenant, ...]:
    """All cooperatives, as things stand now; without the room of their files where nobody asks for it."""
    settings = scope.settings()
    room = storage.used(settings.uploads) if with_files else {}
    with scope.database().platform("tenants for the operator") as session:
        return tenants(session, scope.actor(), clock.today(), outcome.last(settings.data), room)


def _one(coop_id: int) -> Tenant:
    found = next((one for one in every() if one.coop_id == coop_id), None)
    if found is None:
        raise NotFound(what="Koperasi")
    return found


def asked() -> list[Tenant]:
    """Those the address asks for, in its order."""
    text = _said().get("cari", "").casefold()
    found = [one for one in every() if text in f"{one.name} {one.slug} {one.city}".casefold() and _is_wanted(one)]
    column, direction = _order()
    return sorted(found, key=COLUMNS[column][1], reverse=direction == "turun")


def _is_wanted(one: Tenant) -> bool:
    given = {pick.column: pick.value() for pick in PICKS if pick.choices and pick.value() in dict(pick.choices())}
    call = given.pop("call", None)
    if call is not None and call not in one.calls(clock.today()):
        return False
    return all(getattr(one, column) == value for column, value in given.items())


def _said() -> dict[str, Any]:
    """What the address asks for, as other addresses of the list repeat it."""
    given = {pick.name: pick.value() for pick in PICKS} | {"cari": storable(request.args.get("cari", "").strip()[:100])}
    return {name: value for name, value in given.items() if value}


def _order() -> tuple[str, str]:
    column = request.args.get("urut", "nama")
    return column if column in COLUMNS else "nama", "turun" if request.args.get("arah") == "turun" else "naik"


def _picks() -> list[dict[str, Any]]:
    return [{"name": pick.name, "label": pick.label, "value": pick.value(), "kind": "text",
             "choices": pick.choices() if pick.choices else None} for pick in PICKS]  # fmt: skip


def _table(rows: Sequence[Tenant]) -> Iterator[Sequence[Any]]:
    yield ["Koperasi", "Alamat", "Kota", "Jenis", "Dibuat", "Paket", "Langganan", "Sampai", "Lunas sampai", "Anggota",
           "Pengguna", "Terakhir dipakai", "Buku", "Surat gagal", "Ruang berkas (byte)"]  # fmt: skip
    for one in rows:
        yield [one.name, one.slug, one.city, KINDS[one.kind], one.created_on, one.plan, WORDS[one.state],
               one.until, one.paid_until, one.members, one.users, one.used_on, BOOKS[one.books],
               one.mails_given_up, one.storage_bytes]  # fmt: skip


SCREENS = (TenantDesk,)
