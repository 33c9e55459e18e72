"""Where an entry of the journal came from, as links: the approval, the kuitansi, the member, the import."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import url_for
from sqlalchemy import select

from admin_panel import scope
from models.access import ApprovalRequest
from models.imports import BookedFile
from models.members import Member
from models.savings import Receipt

MOST_MEMBERS, MOST_FILES = 5, 3
WHILE_BOOKING = timedelta(minutes=10)


@dataclass(frozen=True)
class SourceLink:
    label: str
    url: str


def source_links(entry: Any) -> list[SourceLink]:
    """What led to `entry` and may be opened by the signed-in person, nearest first."""
    return [*_receipts(entry), *_approvals(entry), *_members(entry), *_imports(entry)]


def _receipts(entry: Any) -> list[SourceLink]:
    if not scope.actor().may("savings.view"):
        return []
    found = scope.session().scalars(select(Receipt).where(Receipt.entry_seq == entry.seq).limit(MOST_MEMBERS))
    return [SourceLink(f"kuitansi {row.label}", url_for("ReceiptView.show", pk=row.id)) for row in found]


def _approvals(entry: Any) -> list[SourceLink]:
    kind, _, rest = entry.source.partition(":")
    query = select(ApprovalRequest.id).where(ApprovalRequest.state == "approved")
    if kind == "manual" and rest.isascii() and rest.isdigit():
        query = query.where(ApprovalRequest.id == int(rest))
    elif entry.reverses_seq is not None:
        query = query.where(ApprovalRequest.subject == f"reversal:{entry.reverses_seq}")
    else:
        return []
    found = scope.session().scalars(query)
    return [SourceLink(f"persetujuan {one}", url_for("ApprovalDesk.show", request_id=one)) for one in found]


def _members(entry: Any) -> list[SourceLink]:
    ids = sorted({line.member_id for line in entry.lines if line.member_id is not None})
    if not ids or len(ids) > MOST_MEMBERS or not scope.actor().may("members.view"):
        return []
    found = scope.session().scalars(select(Member).where(Member.id.in_(ids)).order_by(Member.number))
    return [SourceLink(f"anggota {row}", url_for("MemberView.show", pk=row.id)) for row in found]


def _imports(entry: Any) -> list[SourceLink]:
    """The files booked with the entry: of its kind, by the same person, at the same time."""
    origin, _, rest = entry.source.partition(":")
    if origin != "import" or not scope.actor().may("imports.run"):
        return []
    kind = rest.split(":", 1)[0].replace("exit", "cash")  # who leaves is in the file of cash movements
    query = select(BookedFile).where(
        BookedFile.kind == kind,
        BookedFile.booked_by == entry.posted_by,
        BookedFile.booked_at.between(entry.posted_at, entry.posted_at + WHILE_BOOKING),
    )
    found = list(scope.session().scalars(query.order_by(BookedFile.id).limit(MOST_FILES)))
    names = [f"berkas {file.name}" for file in found] or ["impor berkas"]
    return [SourceLink(name, url_for("ImportDesk.index")) for name in names]
