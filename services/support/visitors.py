"""What strangers write to eKopz, and the answer that goes to them by mail."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import now
from core.display import number
from core.errors import InvalidValue, NotFound, StateChanged
from models.moves import move as move_row
from models.support import VisitorMessage
from models.transaction import Database
from services.access import attempts
from services.notifications import outbox, texts
from services.support.refusals import MailNotSet, TooManyVisitorMessages
from services.support.talk import LONGEST, STATES
from services.support.tickets import KINDS, own_page

MAY = "platform.support"
PER_ADDRESS = 5
LONGEST_NAME = 120
_COUNTED = ":masukan"


@dataclass(frozen=True)
class Told:
    """What a stranger writes. `token` makes the form's second click the same message."""

    name: str
    email: str
    kind: str
    body: str
    token: str
    page: str = ""


def send(database: Database, told: Told, *, ip: str) -> VisitorMessage:
    """Keep a stranger's message. The same form again is the same message.

    Raises InvalidValue; TooManyVisitorMessages: five of an address in an hour.
    """
    name, email, body = " ".join(told.name.split()), told.email.strip(), told.body.replace("\r\n", "\n").strip()
    _check(told, name, email, body)
    with database.platform("message of a visitor", writes=True) as session:
        held = session.scalars(select(VisitorMessage).where(VisitorMessage.token == told.token)).first()
        if held is not None:
            return held
        attempts.form_sent(session, _COUNTED, ip, most=PER_ADDRESS, too_many=TooManyVisitorMessages)
        message = VisitorMessage(
            token=told.token, name=name, email=email, kind=told.kind, body=body, page=own_page(told.page)
        )
        session.add(message)
    return message


def _check(told: Told, name: str, email: str, body: str) -> None:
    if not 0 < len(name) <= LONGEST_NAME:
        raise InvalidValue(field="Nama", reason=f"isi nama Anda, paling panjang {LONGEST_NAME} huruf.")
    if len(email) > 120 or not outbox.plausible(email):
        raise InvalidValue(field="Email", reason="isi alamat yang benar; jawaban kami kirim ke sana.")
    if told.kind not in KINDS:
        raise InvalidValue(field="Jenis", reason="pilih salah satu dari daftar.")
    if not body:
        raise InvalidValue(field="Pesan", reason="tulis dulu pesannya.")
    if len(body) > LONGEST:
        raise InvalidValue(field="Pesan", reason=f"paling panjang {number(LONGEST)} huruf. Ringkaskan dulu.")
    if not 1 <= len(told.token) <= 60:
        raise InvalidValue(field="Formulir", reason="muat ulang halaman, lalu isi lagi.")


def listed(session: Session, actor: Actor, state: str = "") -> Sequence[VisitorMessage]:
    """What strangers wrote, what waits longest first; of one state when it is named."""
    actor.must(MAY)
    query = select(VisitorMessage).limit(200)
    if state == "open":
        return session.scalars(query.where(VisitorMessage.state == state).order_by(VisitorMessage.id)).all()
    query = query.where(VisitorMessage.state == state) if state in STATES else query
    return session.scalars(query.order_by(VisitorMessage.id.desc())).all()


def waiting(session: Session, actor: Actor) -> int:
    """How many wait for an answer."""
    actor.must(MAY)
    return session.scalar(select(func.count()).where(VisitorMessage.state == "open")) or 0


def get(session: Session, actor: Actor, message_id: int) -> VisitorMessage:
    """One message. Raises NotFound."""
    actor.must(MAY)
    found = session.get(VisitorMessage, message_id)
    if found is None:
        raise NotFound(what="Pesan")
    return found


def answer(session: Session, actor: Actor, message_id: int, body: str) -> VisitorMessage:
    """Answer by mail, once; the same answer again is the same answer.

    Raises MailNotSet, InvalidValue, NotFound; StateChanged: somebody else was faster, or it is closed.
    """
    message, plain = get(session, actor, message_id), body.replace("\r\n", "\n").strip()
    if not 0 < len(plain) <= LONGEST:
        raise InvalidValue(field="Jawaban", reason=f"tulis jawabannya, paling panjang {number(LONGEST)} huruf.")
    if message.state == "answered" and (message.answer, message.answered_by) == (plain, actor.user_id):
        return message
    if not outbox.is_open():
        raise MailNotSet(email=message.email)
    done = {"state": "answered", "answer": plain, "answered_by": actor.user_id, "answered_at": now()}
    if not move_row(session, message, ("open",), **done):
        raise StateChanged(what="Pesan ini", state=STATES[message.state])
    told = texts.visitor_answered(message.name, message.body, plain)
    outbox.queue(session, None, key=f"visitor:{message.id}", to_address=message.email, message=told)
    return message


def close(session: Session, actor: Actor, message_id: int) -> VisitorMessage:
    """End it without a mail; again changes nothing. Raises NotFound."""
    message = get(session, actor, message_id)
    move_row(session, message, ("open",), state="closed")
    return message
