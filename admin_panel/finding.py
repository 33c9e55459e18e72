"""The member a desk works for: named in the address, or sought there by name or number."""

from typing import Any

from flask import request
from sqlalchemy import select

from admin_panel import scope
from admin_panel.base import storable
from models.members import Member
from services.members import commands as members

MOST_MATCHES = 20


def chosen() -> Member | None:
    """The member of `?anggota=`, or the only one who fits `?cari=`. Raises NotFound for an id that is not there."""
    wanted = request.args.get("anggota", "")
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 18:
        return members.get(scope.session(), scope.actor(), int(wanted))
    found = matches()["matches"]
    return found[0] if len(found) == 1 else None


def matches() -> dict[str, Any]:
    """Active members who fit `?cari=`, for `find_member.html`."""
    text = storable(request.args.get("cari", "").strip()[:100])
    active = select(Member).where(Member.state == "active").order_by(Member.name).limit(MOST_MATCHES)
    like = Member.name.icontains(text, autoescape=True) | Member.number.icontains(text, autoescape=True)
    found = list(scope.session().scalars(active.where(like))) if text else []
    return {"matches": found, "sought": text}
