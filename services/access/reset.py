"""A forgotten password: a link to the mail address that the account has confirmed. Who asks learns nothing of it."""

from datetime import timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from core.clock import now
from core.errors import InvalidValue, Refusal
from models.access import OneTimeLink, User, UserIdentity
from models.transaction import Database
from services.access import attempts
from services.access.sign_in import one_time_link
from services.notifications import letters, outbox

VALID = timedelta(hours=1)
PER_ADDRESS, MAILS_AN_HOUR = 10, 3
APART = timedelta(minutes=2)
_COUNTED = ":lupa"


class TooManyResets(Refusal):
    code = "access.too_many_resets"
    pesan = (
        "Terlalu banyak permintaan dari jaringan ini. Tunggu satu jam lalu coba lagi, "
        "atau minta tautan kepada ketua koperasi Anda."
    )
    status = 429


class NoMailHere(Refusal):
    code = "access.no_mail"
    pesan = "Surat tidak dikirim dari sini. Minta tautan baru kepada ketua koperasi Anda."
    status = 409


def ask(database: Database, whom: str, *, ip: str) -> None:
    """Somebody names an account by its username or mail address: a link for a new password goes to its mailbox.

    Nothing tells whether there is such an account: not the answer, and nearly not its time.

    Raises:
        NoMailHere: no mail goes out of this house. TooManyResets: ten tries of an address in an hour. InvalidValue.
    """
    if not outbox.is_open():
        raise NoMailHere()
    named = whom.strip().casefold()[:120]
    if not named:
        raise InvalidValue(field="Surel atau nama pengguna", reason="isi dulu.")
    with database.platform("forgotten password", writes=True) as session:
        attempts.form_sent(session, _COUNTED, ip, most=PER_ADDRESS, too_many=TooManyResets)
        for user in session.scalars(_named(named)).all():
            _write(session, user)


def _named(named: str) -> Select[User]:
    """Whose mailbox is asked; of two who ask at once the second waits. A username may look like an address."""
    by = or_(func.lower(User.username) == named, func.lower(User.email) == named)
    query = select(User).where(by, User.is_active, User.email.is_not(None), User.email_confirmed_at.is_not(None))
    return query.order_by(User.id).with_for_update()


def _write(session: Session, user: User) -> None:
    """One mail for a double click, and no more than three an hour: nobody's mailbox is filled from here."""
    if _links(session, user, APART) or _links(session, user, VALID) >= MAILS_AN_HOUR:
        return
    token = one_time_link(session, user.id, valid=VALID)
    by_google = session.scalars(select(UserIdentity.id).where(UserIdentity.user_id == user.id)).first() is not None
    message = letters.new_password(user.full_name, user.username, f"/tautan/{token}", by_google=by_google)
    outbox.queue(
        session, None, key=outbox.secret_key(f"reset:{user.id}"), to_address=user.email or "", message=message
    )  # fmt: skip


def _links(session: Session, user: User, within: timedelta) -> int:
    """How many links were made for them in that time; those that a pengurus gives are good for longer."""
    end = now() + VALID
    made = select(func.count()).where(OneTimeLink.user_id == user.id, OneTimeLink.expires_at.between(end - within, end))
    return session.scalar(made) or 0
