"""A cooperative signs itself up: what it tells, the link that proves the address, the cooperative that comes of it."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.clock import now, today
from core.errors import Busy, InvalidValue
from models.access import User
from models.coops import Coop
from models.privacy import Consent
from models.subscriptions import CoopRegistration, Plan
from models.transaction import Database
from services.access import passwords
from services.access.registration import count_try, is_email
from services.access.users import USERNAME
from services.coops import commands as coops
from services.ledger.chart import CHARTS
from services.notifications import outbox, texts
from services.privacy import pages
from services.subscriptions import discounts, plans, terms
from services.subscriptions.refusals import DiscountRefused, LinkExpired, LinkUnknown, LinkUsed, TooHasty

VALID = timedelta(hours=48)
AT_LEAST = timedelta(seconds=3)
MAILS_AN_HOUR = 3
_COUNTED = ":koperasi"


@dataclass(frozen=True)
class Wish:
    """What somebody tells of their cooperative and of themselves.

    `trap` is a field people do not see, `taken` how long the form was open (None: it never was).
    """

    coop_name: str
    city: str
    kind: str
    full_name: str
    email: str
    phone: str
    username: str
    password: str = field(repr=False)
    agrees: bool = False
    plan_code: str = ""
    discount_code: str = ""
    trap: str = ""
    taken: timedelta | None = None


@dataclass(frozen=True)
class Opened:
    """A cooperative that has just begun, and its first user."""

    coop: Coop
    user: User
    code_refused: str = ""  # why the discount code, good when it was asked about, is not any more


def ask(database: Database, wish: Wish, *, ip: str) -> Opened | None:
    """Keep the wish and mail the link that confirms it (None). Without a mail server the cooperative opens at once.

    Whether an address is known is said by mail alone; a trapped robot is told what everybody is told.

    Raises:
        TooManyRegistrations: ten tries of an address in an hour. TooHasty. InvalidValue, PasswordWeak,
            DiscountRefused.
    """
    count_try(database, ip, _COUNTED)
    if wish.trap:
        return None
    row = _row(wish)
    if wish.taken is None or wish.taken < AT_LEAST:
        raise TooHasty()
    with database.platform("registration of a cooperative", writes=True) as session:
        if session.scalar(select(func.count()).select_from(User).where(func.lower(User.username) == row.username)):
            raise InvalidValue(field="Nama pengguna", reason=f"'{row.username}' sudah dipakai. Pilih nama lain.")
        plan = _plan(session, row)
        if plan is not None and row.discount_code:
            discounts.found(session, row.discount_code, plan, today())
        if outbox.is_open():
            _keep_and_write(session, row)
            return None
        session.add(row)
    return _open(database, row.token_hash, is_confirmed=False)


def _row(wish: Wish) -> CoopRegistration:
    """The wish as it is kept, every field looked at."""
    name, person = _line(wish.coop_name), _line(wish.full_name)
    if len(name) < 3:
        raise InvalidValue(field="Nama koperasi", reason="isi dulu, paling sedikit tiga huruf.")
    if wish.kind not in CHARTS:
        raise InvalidValue(field="Jenis koperasi", reason="pilih salah satu dari daftar.")
    if not person:
        raise InvalidValue(field="Nama Anda", reason="isi dulu.")
    email, username = wish.email.strip().casefold(), wish.username.strip().casefold()
    if not is_email(email):
        raise InvalidValue(field="Surel", reason="alamatnya belum benar, misalnya nama@contoh.id.")
    if not texts.whatsapp(wish.phone, ""):
        raise InvalidValue(field="Nomor WhatsApp", reason="isi nomor ponsel, misalnya 0812 3456 7890.")
    if not USERNAME.fullmatch(username):
        raise InvalidValue(field="Nama pengguna", reason="3 sampai 64 huruf kecil, angka, titik, atau garis.")
    if not wish.agrees:
        raise InvalidValue(field="Syarat dan privasi", reason="beri centang dulu bila Anda setuju.")
    return CoopRegistration(
        token_hash=_hash(secrets.token_urlsafe(32)), coop_name=name[:120], city=_line(wish.city)[:60], kind=wish.kind,
        contact_name=person[:120], email=email, phone=_line(wish.phone)[:20], username=username,
        password_hash=passwords.hashed(passwords.checked(wish.password, username)), plan_code=wish.plan_code[:20],
        discount_code=wish.discount_code.strip().upper()[:20], terms_version=pages.version(), expires_at=now() + VALID,
    )  # fmt: skip


def _keep_and_write(session: Session, row: CoopRegistration) -> None:
    if _told_already(session, row.email):
        return
    lately = select(func.count()).where(
        CoopRegistration.email == row.email, CoopRegistration.created_at > now() - timedelta(hours=1)
    )
    if (session.scalar(lately) or 0) < MAILS_AN_HOUR:  # nobody's letter box is filled from here
        session.add(row)
        _write(session, row)


def _told_already(session: Session, email: str) -> bool:
    """Whether the address has an account; then its owner is told so, once a day."""
    user = session.scalars(select(User).where(func.lower(User.email) == email)).first()
    if user is not None:
        message = texts.registered_already(user.full_name, user.username)
        outbox.queue(session, None, key=f"registered:{user.id}:{today()}", to_address=email, message=message)
    return user is not None


def _write(session: Session, row: CoopRegistration) -> None:
    """A new link for this registration; the one before opens nothing any more."""
    token = secrets.token_urlsafe(32)
    row.token_hash, row.expires_at = _hash(token), now() + VALID
    session.flush()  # the mail's key names its id
    message = texts.confirm_coop(row.coop_name, row.contact_name, f"/daftar-koperasi/konfirmasi/{token}")
    outbox.queue(
        session, None, key=f"registration:{row.id}:{row.token_hash[:12]}", to_address=row.email, message=message
    )


def again(database: Database, email: str, *, ip: str) -> None:
    """Mail a new link to an address that has a registration waiting; nobody learns whether it has.

    Raises:
        TooManyRegistrations: ten tries of an address in an hour.
    """
    count_try(database, ip, _COUNTED)
    address = email.strip().casefold()
    waiting = select(CoopRegistration).where(CoopRegistration.email == address, CoopRegistration.confirmed_at.is_(None))
    with database.platform("registration of a cooperative, again", writes=True) as session:
        if outbox.is_open() and not _told_already(session, address):
            row = session.scalars(waiting.order_by(CoopRegistration.id.desc())).first()
            if row is not None:
                _write(session, row)


def waiting(database: Database, token: str) -> CoopRegistration:
    """The registration a link stands for, while the link is good. Raises LinkUnknown, LinkUsed, LinkExpired."""
    with database.platform("registration's link") as session:
        query = select(CoopRegistration, CoopRegistration.expires_at > now())
        found = session.execute(query.where(CoopRegistration.token_hash == _hash(token))).first()
    if found is None:
        raise LinkUnknown()
    row, is_good = found
    if row.confirmed_at is not None:
        raise LinkUsed()
    if not is_good:
        raise LinkExpired()
    registration: CoopRegistration = row
    return registration


def confirm(database: Database, token: str) -> Opened:
    """Open the cooperative of a link; of two who try, one does. Raises LinkUnknown, LinkUsed, LinkExpired."""
    waiting(database, token)
    return _open(database, _hash(token), is_confirmed=True)


def _open(database: Database, token_hash: str, *, is_confirmed: bool) -> Opened:
    for _ in range(2):
        try:
            with database.platform("a cooperative opens", writes=True) as session:
                return _opened(session, token_hash, is_confirmed=is_confirmed)
        except IntegrityError:  # two cooperatives wished for one name at the same moment: the second takes the next
            continue
    raise Busy()


def _opened(session: Session, token_hash: str, *, is_confirmed: bool) -> Opened:
    claimed = update(CoopRegistration).where(
        CoopRegistration.token_hash == token_hash, CoopRegistration.confirmed_at.is_(None)
    )
    done = session.execute(claimed.values(confirmed_at=now()).execution_options(synchronize_session=False))
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise LinkUsed()
    row = session.scalars(select(CoopRegistration).where(CoopRegistration.token_hash == token_hash)).one()
    holder = select(func.count()).select_from(User).where(func.lower(User.email) == row.email)
    email = None if session.scalar(holder) else row.email
    if is_confirmed and email is None:  # two registrations of one address: the first has opened
        raise LinkUsed()
    user = User(
        username=coops.free_username(session, row.username), full_name=row.contact_name, email=email,
        password_hash=row.password_hash, email_confirmed_at=now() if is_confirmed else None,
    )  # fmt: skip
    coop, user, _ = coops.create(
        session, user, slug=coops.free_slug(session, row.coop_name), name=row.coop_name, chart_name=row.kind,
        city=row.city, email=row.email, phone=row.phone,
    )  # fmt: skip
    row.coop_id = coop.id
    session.add(Consent(user_id=user.id, purpose="akun", version=row.terms_version))
    return Opened(coop, user, _begin_trial(session, row, user.id))


def _plan(session: Session, row: CoopRegistration) -> Plan | None:
    """The plan that was asked for, else one of middling size; None where nothing is sold."""
    offered = plans.offered(session)
    wished = [plan for plan in offered if plan.code == row.plan_code] or offered[(len(offered) - 1) // 2 :]
    return wished[0] if wished else None


def _begin_trial(session: Session, row: CoopRegistration, user_id: int) -> str:
    """The free month; empty, or why it begins without the code."""
    plan, code, refused = _plan(session, row), row.discount_code, ""
    if plan is None or row.coop_id is None:
        return ""
    if code:
        try:
            discounts.found(session, code, plan, today())
        except DiscountRefused as refusal:
            code, refused = "", refusal.sentence
    terms.start_trial(session, row.coop_id, plan_code=plan.code, on=today(), user_id=user_id, discount_code=code)
    return refused


def _line(text: str) -> str:
    """One line of text without what a screen or a mail's subject cannot hold."""
    return " ".join("".join(sign for sign in text if sign.isprintable() or sign.isspace()).split())


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
