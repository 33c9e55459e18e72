"""The newsletter and the consent to it are one thing for who has an account: what begins or ends one does the other.

An address counts as an account's once its mailbox has answered; a stranger's subscription is theirs alone.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.access import User
from models.news import NewsletterReader
from models.transaction import Database
from services.access import own_email
from services.news import newsletter
from services.privacy import consents
from services.privacy.purposes import BULLETIN


def ask(session: Session, email: str, user_id: int | None = None) -> bool:
    """Somebody gives an address; True when it is the confirmed one of who asks, and the newsletter comes at once.

    Raises as `newsletter.ask`.
    """
    user = session.get_one(User, user_id) if user_id is not None and newsletter.is_offered() else None
    is_own = user is not None and (user.email or "").casefold() == email.strip().casefold()
    if user is None or not is_own or user.email_confirmed_at is None:
        newsletter.ask(session, email)
        return False
    consents.give(session, user.id, BULLETIN)
    return True


def confirm(session: Session, token: str) -> NewsletterReader:
    """Yes, from the mailbox. Raises as `newsletter.confirm`."""
    reader = newsletter.confirm(session, token)
    for user in _owners(session, reader.email):
        if user.email_confirmed_at is not None:
            consents.give(session, user.id, BULLETIN)
    return reader


def end(session: Session, token: str) -> NewsletterReader:
    """No more, from the mailbox. A second click changes nothing. Raises NotFound."""
    reader = newsletter.end(session, token)
    for user in _owners(session, reader.email):
        consents.withdraw(session, user.id, BULLETIN)
    return reader


def confirm_address(database: Database, token: str) -> own_email.Wanted:
    """The address becomes the account's own, and the newsletter goes with it. Raises as `own_email.confirm`."""
    with database.platform("own mail address", writes=True) as session:
        asked = own_email.confirm(session, token)
        if consents.is_given(session, asked.user_id, BULLETIN):
            if asked.before.casefold() != asked.email:
                newsletter.stop(session, asked.before)
            newsletter.start(session, asked.email)
        elif newsletter.gets(session, asked.email):
            consents.give(session, asked.user_id, BULLETIN)
    return asked


def mailbox(session: Session, user_id: int) -> tuple[own_email.Standing, bool]:
    """Where the newsletter of an account goes, and whether it does."""
    found = own_email.of(session, user_id)
    return found, bool(found.email) and newsletter.gets(session, found.email)


def _owners(session: Session, email: str) -> list[User]:
    return list(session.scalars(select(User).where(func.lower(User.email) == email, User.is_active)))
