"""The register of consents: given to one version of the words, taken back by a date, never rewritten."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import now
from core.errors import NotAllowed, NotFound
from models.access import User
from models.privacy import Consent, MemberConsent
from services.audit import trail
from services.members import commands as members
from services.members.refusals import PersonErased
from services.news import newsletter
from services.privacy import pages, purposes
from services.privacy.purposes import BULLETIN, PURPOSES, Purpose
from services.privacy.refusals import ConsentStands


@dataclass(frozen=True)
class Standing:
    """How one purpose stands for a person: when it was given, by what way, and to which words."""

    purpose: Purpose
    given_at: datetime | None = None
    version: str = ""
    given_by: str = ""
    withdrawn_at: datetime | None = None

    @property
    def is_given(self) -> bool:
        return self.given_at is not None and self.withdrawn_at is None


def of_user(session: Session, user_id: int) -> list[Standing]:
    """Each purpose of an account, with the last thing the person said about it."""
    found = {
        c.purpose: c for c in session.scalars(select(Consent).where(Consent.user_id == user_id).order_by(Consent.id))
    }
    return [_standing(one, found.get(one.code)) for one in purposes.of("user")]


def of_member(session: Session, actor: Actor, member_id: int) -> list[Standing]:
    """Each purpose of a member, with the last thing said about it: for who registers people, and the member."""
    _may(actor, member_id)
    query = select(MemberConsent).where(MemberConsent.member_id == member_id).order_by(MemberConsent.id)
    found = {c.purpose: c for c in session.scalars(query)}
    return [_standing(one, found.get(one.code)) for one in purposes.of("member")]


def _standing(purpose: Purpose, row: Consent | MemberConsent | None) -> Standing:
    if row is None:
        return Standing(purpose)
    given_by = row.given_by if isinstance(row, MemberConsent) else "portal"
    return Standing(purpose, row.given_at, row.version, given_by, row.withdrawn_at)


def _may(actor: Actor, member_id: int) -> None:
    if not (actor.may("members.register") or (actor.may("own.view") and actor.member_id == member_id)):
        raise NotAllowed(permission="members.register")


def purpose(code: str, kind: str) -> Purpose:
    """The purpose of this code. Raises NotFound."""
    found = PURPOSES.get(code)
    if found is None or found.of != kind:
        raise NotFound(what="Tujuan pemakaian data")
    return found


def is_given(session: Session, user_id: int, code: str) -> bool:
    return any(one.is_given and one.purpose.code == code for one in of_user(session, user_id))


def give(session: Session, user_id: int, code: str) -> None:
    """A user agrees to a purpose of their account, in the words of today. Again changes nothing.

    With the consent to it the newsletter begins; an address that nobody confirmed is asked by mail first.
    """
    purpose(code, "user")
    if not is_given(session, user_id, code):
        session.add(Consent(user_id=user_id, purpose=code, version=pages.version()))
    user = session.get_one(User, user_id)
    if code == BULLETIN and user.email and user.email_confirmed_at is not None:
        newsletter.start(session, user.email)
    elif code == BULLETIN and user.email and newsletter.is_offered():
        newsletter.ask(session, user.email)


def withdraw(session: Session, user_id: int, code: str) -> None:
    """A user takes a consent back; that to the newsletter ends it. Raises ConsentStands, NotFound."""
    _may_end(purpose(code, "user"))
    given = update(Consent).where(Consent.user_id == user_id, Consent.purpose == code, Consent.withdrawn_at.is_(None))
    session.execute(given.values(withdrawn_at=now()).execution_options(synchronize_session=False))
    if code == BULLETIN:
        newsletter.stop(session, session.get_one(User, user_id).email or "")


def give_as_member(session: Session, actor: Actor, member_id: int, code: str, *, by: str) -> None:
    """A member agrees: on paper at the desk (`paper`), or in the member area (`portal`). Again changes nothing.

    Raises NotAllowed, NotFound, PersonErased.
    """
    _may(actor, member_id)
    purpose(code, "member")
    if members.get(session, actor, member_id).erased_at is not None:
        raise PersonErased()
    if any(one.is_given and one.purpose.code == code for one in of_member(session, actor, member_id)):
        return
    session.add(
        MemberConsent(
            coop_id=actor.coop_id, member_id=member_id, purpose=code, version=pages.version(), given_by=by,
            recorded_by=actor.user_id,
        )
    )  # fmt: skip
    trail.record(session, actor, "privacy.consent", f"member:{member_id}", purpose=code, by=by)


def withdraw_as_member(session: Session, actor: Actor, member_id: int, code: str) -> None:
    """A member's consent is taken back. Raises ConsentStands, NotAllowed, NotFound."""
    _may(actor, member_id)
    _may_end(purpose(code, "member"))
    members.get(session, actor, member_id)
    held = MemberConsent.member_id == member_id, MemberConsent.purpose == code, MemberConsent.withdrawn_at.is_(None)
    done = session.execute(
        update(MemberConsent).where(*held).values(withdrawn_at=now()).execution_options(synchronize_session=False)
    )
    if done.rowcount:  # type: ignore[attr-defined]
        trail.record(session, actor, "privacy.consent_end", f"member:{member_id}", purpose=code)


def _may_end(found: Purpose) -> None:
    if not found.may_end:
        raise ConsentStands(purpose=found.label, follows=found.follows)
