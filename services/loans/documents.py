"""Papers of an application: pictures only, made anew from their pixels, kept where only this program reads them."""

import io
import os
import secrets
import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import InvalidValue, NotAllowed, NotFound, StorageFull
from core.system import FULL
from models.loans import Loan, LoanDocument
from services.audit import trail
from services.loans import queries
from services.loans.refusals import DocumentGone, DocumentRefused, TooManyDocuments
from services.loans.states import OPEN, wrong_state

LARGEST, MOST_PIXELS, LONGEST_SIDE, MOST = 5 * 1024 * 1024, 25_000_000, 2400, 12
FORMATS = ("PNG", "JPEG", "WEBP")
MEDIA_TYPE = "image/jpeg"


@dataclass(frozen=True)
class Paper:
    """What was handed in. `label` says which paper it is."""

    label: str
    content: bytes


def add(session: Session, actor: Actor, loan_id: int, paper: Paper, folder: Path) -> LoanDocument:
    """Keep a paper of an application that waits: the borrower's own, or at the desk.

    Raises:
        DocumentRefused: not a picture we take, too large. TooManyDocuments, LoanWrongState, StorageFull, NotAllowed.
    """
    loan = queries.loan(session, actor, loan_id)
    if not (actor.may("loans.ask") or (actor.may("own.ask") and actor.member_id == loan.member_id)):
        raise NotAllowed(permission="loans.ask")
    if loan.state not in OPEN:
        raise wrong_state(loan, "dilengkapi dokumennya")
    label = " ".join(paper.label.split())[:80]
    if not label:
        raise InvalidValue(field="Dokumen", reason="sebutkan ini dokumen apa.")
    if len(of_loan(session, loan)) >= MOST:
        raise TooManyDocuments(most=MOST)
    picture = redrawn(paper.content)
    stored = secrets.token_hex(16)
    _write(_path(folder, actor.coop_id, stored), picture)
    document = LoanDocument(
        coop_id=actor.coop_id, loan_id=loan.id, label=label, stored_as=stored, media_type=MEDIA_TYPE,
        size=len(picture), created_by=actor.user_id,
    )  # fmt: skip
    session.add(document)
    session.flush()  # the trail names its id
    trail.record(session, actor, "loans.document", f"loan:{loan.id}", document=document.id, label=label)
    return document


def redrawn(content: bytes) -> bytes:
    """The picture as a new JPEG: upright, no larger than needed, with nothing of the file but its pixels.

    Raises:
        DocumentRefused: empty, over 5 MB, no PNG, JPEG or WebP, damaged, over 25 million pixels (before it is opened).
    """
    if not content:
        raise DocumentRefused(reason="Pilih dulu berkas gambarnya.")
    if len(content) > LARGEST:
        raise DocumentRefused(reason="Ukurannya lebih dari 5 MB.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            picture = Image.open(io.BytesIO(content), formats=FORMATS)
            if picture.width * picture.height > MOST_PIXELS:
                raise DocumentRefused(reason="Gambarnya lebih dari 25 juta titik.")
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except DocumentRefused:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError, Warning, OSError, ValueError, SyntaxError):
        raise DocumentRefused(reason="Berkas ini bukan gambar PNG, JPEG atau WebP yang utuh.") from None
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    plain = Image.new("RGB", upright.size)
    plain.paste(upright)
    body = io.BytesIO()
    plain.save(body, "JPEG", quality=82)
    return body.getvalue()


def of_loan(session: Session, loan: Loan) -> list[LoanDocument]:
    """The papers of a loan, in the order they came."""
    query = select(LoanDocument).where(LoanDocument.loan_id == loan.id)
    return list(session.scalars(query.order_by(LoanDocument.id)))


def read(session: Session, actor: Actor, document_id: int, folder: Path) -> tuple[LoanDocument, bytes]:
    """A paper and its picture, for those who may see its loan. Raises NotFound, DocumentGone."""
    document = session.get(LoanDocument, document_id)
    if document is None:
        raise NotFound(what="Dokumen")
    queries.loan(session, actor, document.loan_id)
    try:
        return document, _path(folder, actor.coop_id, document.stored_as).read_bytes()
    except OSError:
        raise DocumentGone(label=document.label) from None


def _path(folder: Path, coop_id: int, stored: str) -> Path:
    return folder / "uploads" / "loans" / str(coop_id) / stored


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as writer:
            writer.write(content)
    except OSError as problem:
        path.unlink(missing_ok=True)
        if problem.errno in FULL:
            raise StorageFull() from None
        raise
