"""One's own password: changed by who knows it, or made for the first time by who came in without one."""

from datetime import timedelta

from core.clock import now
from core.errors import Refusal
from models.access import LoginSession, User
from models.transaction import Database
from services.access import changes, codes, passwords
from services.access.sign_in import SignedIn, SignInFailed, revoke_all

FRESH = timedelta(minutes=10)


class SignInAgain(Refusal):
    code = "access.sign_in_again"
    pesan = "Demi keamanan, keluar dulu lalu masuk lagi dengan Google atau kunci masuk. Buat kata sandi sesudah itu."
    status = 409


def change(database: Database, signed_in: SignedIn, current: str, new: str) -> None:
    """Set a new password knowing the old one; their other sessions end. Raises SignInFailed, PasswordWeak."""
    with database.platform("password", writes=True) as session:
        user = session.get_one(User, signed_in.user_id)
        if not passwords.agrees(user.password_hash, current):
            raise SignInFailed()
        user.password_hash = passwords.hashed(passwords.checked(new, user.username))
        session.flush()  # the revocation below bumps the same row
        revoke_all(session, user.id, but=signed_in.session_id)
        changes.password_changed(session, user, "account page")


def make(database: Database, signed_in: SignedIn, new: str, code: str, *, ip: str) -> None:
    """The first password of somebody who has none: with a code of their second factor, or right after signing in.

    Raises:
        SignInAgain: no second factor, and they came in more than ten minutes ago; or there is a password by now.
        PasswordWeak, CodeWrong, TooManyAttempts.
    """
    with database.platform("password") as session:
        user = session.get_one(User, signed_in.user_id)
        came_in = session.get_one(LoginSession, signed_in.session_id).created_at
    password_hash = passwords.hashed(passwords.checked(new, user.username))
    if user.totp_since is not None:
        codes.verify(database, user.id, code, ip)
    elif came_in < now() - FRESH:
        raise SignInAgain()
    with database.platform("password", writes=True) as session:
        user = session.get_one(User, signed_in.user_id)
        if user.password_hash is not None:
            raise SignInAgain()
        user.password_hash = password_hash
        session.flush()  # the revocation below bumps the same row
        revoke_all(session, user.id, but=signed_in.session_id)
        changes.password_changed(session, user, "account page")
