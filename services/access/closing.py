"""The end of an account: nobody signs in with it again, and nothing says whose it was. Its id stays in the trails."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models.access import LoginSession, OneTimeLink, Passkey, RecoveryCode, SignInAttempt, User, UserIdentity, UserTour
from models.news import ArticleComment, NewsletterReader
from models.notifications import MailChoice, PlatformMail
from services.access.sign_in import revoke_all

CLOSED = "Pengguna terhapus"


def close_account(session: Session, user: User, username: str) -> None:
    """Close it for ever under a name that nobody can choose or sign in with."""
    old_name, address = user.username, user.email or ""
    user.username, user.full_name, user.email = f":{username}", CLOSED, None
    user.password_hash = user.totp_cipher = user.totp_since = user.email_confirmed_at = None
    user.is_active = False
    session.flush()  # the revocation below bumps the same row
    revoke_all(session, user.id)
    for table in (LoginSession, OneTimeLink, UserIdentity, RecoveryCode, Passkey, UserTour, MailChoice, ArticleComment):
        session.execute(delete(table).where(table.user_id == user.id).execution_options(synchronize_session=False))
    tries = delete(SignInAttempt).where(SignInAttempt.account.in_((old_name, f":klaim:{user.id}")))
    session.execute(delete(PlatformMail).where(PlatformMail.to_address == address))
    session.execute(delete(NewsletterReader).where(NewsletterReader.email == address.casefold()))
    session.execute(tries.execution_options(synchronize_session=False))
