"""Papers of a purchase: contracts, quotations, delivery notes, bills; pictures or PDFs only this program reads."""

import re
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import pictures
from core.actor import Actor
from core.errors import InvalidValue, NotAllowed, NotFound
from models.procurement import PurchaseDocument, PurchaseOrder, PurchaseRequest
from services.audit import trail
from services.procurement import queries
from services.procurement.refusals import PaperGone, PaperRefused, TooManyPapers

KINDS = {
    "contract": "Kontrak atau perjanjian", "quotation": "Penawaran", "delivery": "Surat jalan", "bill": "Tagihan",
    "other": "Lainnya",
}  # fmt: skip
MOST = 20
PDF = "application/pdf"
_ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA)\b")


@dataclass(frozen=True)
class Paper:
    """What was handed in. `label` says which paper it is."""

    kind: str
    label: str
    content: bytes


def add(
    session: Session, actor: Actor, owner: PurchaseRequest | PurchaseOrder, paper: Paper, folder: Path
) -> PurchaseDocument:
    """Keep a paper of a request or an order the actor may see.

    Raises:
        PictureRefused, PaperRefused: nothing we take, too large, locked. TooManyPapers, InvalidValue, StorageFull.
    """
    if not any(actor.may(f"procurement.{act}") for act in ("request", "order", "receive", "pay")):
        raise NotAllowed(permission="procurement.request")
    _must_see(session, actor, owner)
    label = queries.line_of_text(paper.label, 80)
    if paper.kind not in KINDS:
        raise InvalidValue(field="Jenis dokumen", reason="pilih salah satu.")
    if len(of(session, owner)) >= MOST:
        raise TooManyPapers(most=MOST)
    body, media_type = checked(paper.content)
    stored = pictures.keep_new(_place(folder, actor.coop_id), body)
    place = {"order_id": owner.id} if isinstance(owner, PurchaseOrder) else {"request_id": owner.id}
    document = PurchaseDocument(
        coop_id=actor.coop_id, kind=paper.kind, label=label or KINDS[paper.kind], stored_as=stored,
        media_type=media_type, size=len(body), created_by=actor.user_id, **place,
    )  # fmt: skip
    session.add(document)
    session.flush()  # the trail names its id
    trail.record(session, actor, "procurement.document", f"purchase_document:{document.id}", of=owner.label)
    return document


def checked(content: bytes) -> tuple[bytes, str]:
    """A picture made anew, or a whole PDF that asks for no password and runs nothing; with its media type."""
    if not content.startswith(b"%PDF-"):
        return pictures.redrawn(content), pictures.MEDIA_TYPE
    if len(content) > pictures.LARGEST:
        raise PaperRefused(reason="Ukurannya lebih dari 5 MB.")
    if b"%%EOF" not in content[-2048:]:
        raise PaperRefused(reason="Berkas PDF ini terpotong atau rusak.")
    if b"/Encrypt" in content:
        raise PaperRefused(reason="Berkas PDF ini memakai kata sandi.")
    if _ACTIVE.search(content):
        raise PaperRefused(reason="Berkas PDF ini memuat program atau lampiran. Cetak ulang sebagai PDF biasa.")
    return content, PDF


def of(session: Session, owner: PurchaseRequest | PurchaseOrder) -> list[PurchaseDocument]:
    """The papers of a request or an order, in the order they came."""
    column = PurchaseDocument.order_id if isinstance(owner, PurchaseOrder) else PurchaseDocument.request_id
    return list(session.scalars(select(PurchaseDocument).where(column == owner.id).order_by(PurchaseDocument.id)))


def read(session: Session, actor: Actor, document_id: int, folder: Path) -> tuple[PurchaseDocument, bytes]:
    """A paper and its content, for those who may see its purchase. Raises NotFound, PaperGone."""
    document = session.get(PurchaseDocument, document_id)
    if document is None:
        raise NotFound(what="Dokumen")
    if document.order_id is not None:
        queries.order(session, actor, document.order_id)
    else:
        queries.request(session, actor, document.request_id or 0)
    body = pictures.kept(_place(folder, actor.coop_id), document.stored_as)
    if body is None:
        raise PaperGone(label=document.label)
    return document, body


def _must_see(session: Session, actor: Actor, owner: PurchaseRequest | PurchaseOrder) -> None:
    if isinstance(owner, PurchaseOrder):
        queries.order(session, actor, owner.id)
    else:
        queries.request(session, actor, owner.id)


def _place(folder: Path, coop_id: int) -> Path:
    return folder / "uploads" / "procurement" / str(coop_id)
