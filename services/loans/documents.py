"""Papers of an application: pictures, each with the name of what it shows."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import InvalidValue, NotAllowed, NotFound
from core.pictures import MEDIA_TYPE, redrawn
from models.loans import Loan, LoanDocument
from services.audit import trail
from services.loans import pictures, queries
from services.loans.refusals import TooManyDocuments
from services.loans.states import OPEN, wrong_state

MOST = 12


@dataclass(frozen=True)
class Paper:
    """What was handed in. `label` says which paper it is."""

    label: str
    content: bytes


def add(session: Session, actor: Actor, loan_id: int, paper: Paper, folder: Path) -> LoanDocument:
    """Keep a paper of an application that waits: the borrower's own, or at the desk.

    Raises:
        PictureRefused: not a picture we take, too large. TooManyDocuments, LoanWrongState, StorageFull, NotAllowed.
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
    stored = pictures.keep(folder, actor.coop_id, picture)
    document = LoanDocument(
        coop_id=actor.coop_id, loan_id=loan.id, label=label, stored_as=stored, media_type=MEDIA_TYPE,
        size=len(picture), created_by=actor.user_id,
    )  # fmt: skip
    session.add(document)
    session.flush()  # the trail names its id
    trail.record(session, actor, "loans.document", f"loan:{loan.id}", document=document.id, label=label)
    return document


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
    return document, pictures.kept(folder, actor.coop_id, document.stored_as, document.label)
