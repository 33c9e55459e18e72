"""Every cooperative of the installation: found, sorted, taken home as a sheet, and one by one."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Pick, Screen, Tool, needs, storable, whole_argument
from admin_panel.exports import spreadsheet
from core import clock
from core.errors import NotFound
from reports.platform.tenants import BOOKS, CALLS, KINDS, STATES, Tenant, tenants
from services.coops import storage
from services.jobs import outcome
from services.support import grants

PER_PAGE = 50
PICKS = (
    Pick("perlu", "Yang perlu dilihat", "call", choices=lambda: list(CALLS.items())),
    Pick("keadaan", "Langganan", "state", choices=lambda: list(STATES.items())),
    Pick("jenis", "Jenis", "kind", choices=lambda: list(KINDS.items())),
    Pick("buku", "Buku", "books", choices=lambda: list(BOOKS.items())),
)
COLUMNS = {
    "nama": ("Koperasi", lambda one: one.name.casefold()),
    "paket": ("Paket", lambda one: (one.plan, STATES[one.state])),
    "uji": ("Uji coba", lambda one: str(one.trial_ends_on or "")),
    "anggota": ("Anggota", lambda one: one.members),
    "pengguna": ("Pengguna", lambda one: one.users),
    "dipakai": ("Dipakai", lambda one: str(one.used_on or "")),
    "buku": ("Buku", lambda one: BOOKS[one.books]),
    "ruang": ("Berkas", lambda one: one.storage_bytes),
}  # fmt: skip
"""What the list can be sorted by: heading and key."""


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
                         tools=[Tool("Unduh Excel", sheet, "platform.manage")], columns=COLUMNS, states=STATES,
                         books=BOOKS, kinds=KINDS, pages=pages, sorted_by=(column, direction), asked=said,
                         picks=_picks(), sought=said.get("cari", ""))  # fmt: skip

    @expose("/unduh.xlsx")
    @needs("platform.manage")
    def export(self) -> ResponseReturnValue:
        return spreadsheet("Koperasi", _table(asked()))

    @expose("/<row:tenant>")
    @needs("platform.manage")
    def show(self, tenant: int) -> ResponseReturnValue:
        one = next((one for one in every() if one.coop_id == tenant), None)
        if one is None:
            raise NotFound(what="Koperasi")
        return self.page("platform_tenant.html", title=one.name, one=one, states=STATES, books=BOOKS, kinds=KINDS,
                         calls=[CALLS[name] for name in sorted(one.calls(clock.today()))],
                         checked=outcome.last(scope.settings().data))  # fmt: skip

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
        return tenants(session, scope.actor(), outcome.last(settings.data), room)


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
    yield ["Koperasi", "Alamat", "Kota", "Jenis", "Dibuat", "Paket", "Langganan", "Uji coba sampai", "Lunas sampai",
           "Anggota", "Pengguna", "Terakhir dipakai", "Buku", "Surat gagal", "Ruang berkas (byte)"]  # fmt: skip
    for one in rows:
        yield [one.name, one.slug, one.city, KINDS[one.kind], one.created_on, one.plan, STATES[one.state],
               one.trial_ends_on, one.paid_until, one.members, one.users, one.used_on, BOOKS[one.books],
               one.mails_given_up, one.storage_bytes]  # fmt: skip


SCREENS = (TenantDesk,)
