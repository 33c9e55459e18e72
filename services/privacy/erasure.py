"""Erasing a person: asked by one, decided by another, for ever. Entries, numbers and amounts stay.

What of the person stays: the words of journal entries and of the audit trail, which are sealed by hash, and what was
said in tickets, which only grows and is shown to nobody any more. The privacy page tells of them. Everything else that
names them is overwritten or deleted in one transaction.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import ColumnElement, Delete, Update, delete, func, select, update
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import now
from core.errors import InvalidValue
from models.access import ApprovalRequest, CoopUser, RoleGrant, User
from models.loans import Loan, LoanDocument, LoanTransfer
from models.mart.orders import Order, OrderPayment, OrderReturn
from models.mart.products import CartItem, Review, WishedProduct
from models.members import JoinRequest, Member
from models.notifications import Notification, OutgoingMail
from models.privacy import MemberConsent, PrivacyRequest
from models.savings import WithdrawalRequest
from models.support import Ticket, TicketMessage
from models.transaction import Database
from services.access.closing import close_account
from services.access.elsewhere import serves_elsewhere
from services.audit import trail
from services.members import commands as members
from services.privacy import export, obstacles, requests
from services.privacy.refusals import ErasureBlocked, NotSure
from services.privacy.sources import Person
from services.support import talk

SURE = "HAPUS"
GONE = talk.GONE


@dataclass(frozen=True)
class Erased:
    """What is left: the member's number, and files to be deleted once this is committed."""

    name: str
    files: tuple[Path, ...]

    def forget(self) -> None:
        """Delete the pictures and papers; one that is gone already is gone."""
        for path in self.files:
            path.unlink(missing_ok=True)


def check(session: Session, actor: Actor, member_id: int) -> list[str]:
    """What stands in the way today; nothing: the data may go. For who handles requests, and the member."""
    if actor.member_id != member_id:
        actor.must("privacy.handle")
    member = members.get(session, actor, member_id)
    return obstacles.of(session, actor, member, _person(session, member))


def ask(session: Session, actor: Actor, member_id: int, *, sure: str, wish: str, token: str) -> PrivacyRequest:
    """Ask that a member's data be erased: the member, or a pengurus for them; somebody else will decide.

    Raises NotSure, ErasureBlocked, NotAllowed, NotFound.
    """
    if reasons := check(session, actor, member_id):
        raise ErasureBlocked(name=members.get(session, actor, member_id).name, reasons="; ".join(reasons))
    if sure.strip() != SURE:
        raise NotSure(word=SURE)
    return requests.ask(session, actor, member_id, "erase", wish=wish, token=token)


def _person(session: Session, member: Member) -> Person:
    user_id = session.scalars(select(CoopUser.user_id).where(CoopUser.member_id == member.id)).first()
    return export.person(session, member, user_id or 0)


def erase(
    session: Session, database: Database, actor: Actor, request_id: int, *, sure: str, answer: str, folder: Path
) -> Erased:
    """Erase what a waiting request asks for; the caller deletes the files after its transaction (`Erased.forget`).

    Raises:
        NotSure: the word of confirmation is not there. ErasureBlocked: with everything that stands in the way.
        SamePerson, RequestDecided, NotFound.
    """
    request = requests.to_decide(session, actor, request_id)
    if request.kind != "erase":
        raise InvalidValue(field="Permintaan", reason="ini bukan permintaan penghapusan.")
    if sure.strip() != SURE:
        raise NotSure(word=SURE)
    member = members.get(session, actor, request.member_id)
    who = _person(session, member)
    if reasons := obstacles.of(session, actor, member, who):
        raise ErasureBlocked(name=member.name, reasons="; ".join(reasons))
    requests.decide(session, actor, request, "done", answer)
    files = tuple(_files(session, who, folder, actor.coop_id))
    old_name, new_name = member.name, f"{GONE} {member.number or f'#{member.id}'}"
    _overwrite(member, new_name)
    _forget_rows(session, actor, who, old_name, new_name)
    _close(session, database, actor, who)
    trail.record(session, actor, "privacy.erase", f"member:{member.id}", request=request.id, number=member.number)
    return Erased(new_name, files)


def _overwrite(member: Member, name: str) -> None:
    member.name, member.nip, member.birth_on = name, None, None
    member.nik_cipher = member.nik_index = member.bank_account_cipher = None
    for column in ("nik_masked", "bank_account_masked", "birth_place", "address", "employer", "work_unit", "phone",
                   "email", "bank_name", "state_reason"):  # fmt: skip
        setattr(member, column, "")
    member.card_token, member.erased_at, member.restricted_since = secrets.token_urlsafe(24), now(), None


def _files(session: Session, who: Person, folder: Path, coop_id: int) -> Iterable[Path]:
    """Pictures and papers the person handed in."""
    loans = select(Loan.id).where(Loan.member_id == who.member_id)
    places = (
        ("loans", select(LoanDocument.stored_as).where(LoanDocument.loan_id.in_(loans))),
        ("loans", select(LoanTransfer.stored_as).where(LoanTransfer.loan_id.in_(loans))),
        ("withdrawals", select(WithdrawalRequest.proof_file).where(WithdrawalRequest.member_id == who.member_id)),
        ("orders", select(OrderPayment.proof).where(OrderPayment.order_id.in_(select(Order.id).where(_bought(who))))),
        ("tickets", select(TicketMessage.stored_as).where(TicketMessage.user_id == who.user_id)),
    )
    for place, query in places:
        for name in session.scalars(query):
            if name:
                yield folder / "uploads" / place / str(coop_id) / Path(name).name


def _bought(who: Person) -> ColumnElement[bool]:
    return (Order.member_id == who.member_id) | (Order.buyer_id == who.user_id)


def _forget_rows(session: Session, actor: Actor, who: Person, old_name: str, new_name: str) -> None:
    loans = select(Loan.id).where(Loan.member_id == who.member_id)
    orders = select(Order.id).where(_bought(who))
    owns = WithdrawalRequest.member_id == who.member_id
    statements: tuple[Update | Delete, ...] = (
        update(Loan).where(Loan.member_id == who.member_id).values(
            purpose="", note="", salary_rp=0, other_debts_rp=0, analysis={}
        ),
        delete(LoanDocument).where(LoanDocument.loan_id.in_(loans)),
        update(LoanTransfer).where(LoanTransfer.loan_id.in_(loans)).values(sender="", note=""),
        update(WithdrawalRequest).where(owns).values(pay_to="", note="", proof_file=None),
        update(OrderPayment).where(OrderPayment.order_id.in_(orders)).values(sender="", said="", proof=None),
        update(OrderReturn).where(OrderReturn.order_id.in_(orders)).values(reason=""),
        update(Order).where(_bought(who)).values(
            buyer_name=new_name[:80], buyer_phone="", address="", city="", note="", reason="", complaint=""
        ),
        update(Review).where(Review.user_id == who.user_id).values(body=""),
        delete(WishedProduct).where(WishedProduct.user_id == who.user_id),
        delete(CartItem).where(CartItem.owner == f"u:{who.user_id}"),
        update(JoinRequest).where(
            (JoinRequest.member_id == who.member_id) | (JoinRequest.user_id == who.user_id)
        ).values(
            name=new_name, phone="", email="", address="", note=""
        ),
        delete(Notification).where(
            (Notification.member_id == who.member_id) | (Notification.user_id == who.user_id)
        ),
        delete(OutgoingMail).where(OutgoingMail.to_address.in_(who.addresses)),
        update(Ticket).where(Ticket.opened_by == who.user_id).values(title=GONE, score_note="", state="closed"),
        update(MemberConsent).where(
            MemberConsent.member_id == who.member_id, MemberConsent.withdrawn_at.is_(None)
        ).values(withdrawn_at=now()),
        update(PrivacyRequest).where(PrivacyRequest.member_id == who.member_id).values(wish=""),
        update(ApprovalRequest).where(
            ApprovalRequest.state != "pending", ApprovalRequest.title.contains(old_name, autoescape=True)
        ).values(title=func.replace(ApprovalRequest.title, old_name, new_name)),
    )  # fmt: skip
    session.flush()  # what is overwritten above is there before what follows
    for statement in statements:
        session.execute(statement.execution_options(synchronize_session=False))


def _close(session: Session, database: Database, actor: Actor, who: Person) -> None:
    """The way in ends here; the account itself where it serves nowhere else."""
    if not who.user_id:
        return
    for table in (RoleGrant, CoopUser):
        mine = delete(table).where(table.coop_id == actor.coop_id, table.user_id == who.user_id)
        session.execute(mine.execution_options(synchronize_session=False))
    if not serves_elsewhere(database, who.user_id, actor.coop_id):
        close_account(session, session.get_one(User, who.user_id), f"terhapus-{who.user_id}")
