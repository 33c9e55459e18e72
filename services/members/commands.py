"""Register, approve, reject, change. Leaving is settled where the money is: `services.savings.exits`."""

import secrets
import uuid
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import masked
from core.errors import InvalidValue, NotAllowed, NotFound
from core.secrets import cipher
from models.coops import Coop
from models.deposits import TimeDeposit
from models.members import JoinRequest, Member
from models.moves import move as move_row
from models.savings import WithdrawalRequest
from services.access import limits, places
from services.access.approvals import SamePerson
from services.audit import trail
from services.members.refusals import DepositsRunning, NikInvalid, NikTaken, NumberTaken, PersonErased, WrongState
from services.notifications import texts
from services.notifications.commands import notify

LONGEST_NUMBER = 20
STATES = {"applied": "calon anggota", "active": "aktif", "left": "sudah keluar", "rejected": "ditolak"}


@dataclass(frozen=True)
class PersonData:
    """What an applicant or an imported list tells of a person. `nik` (KTP) and `bank_account` are kept encrypted."""

    name: str
    nik: str = ""
    nip: str = ""
    birth_place: str = ""
    birth_on: date | None = None
    address: str = ""
    employer: str = ""
    work_unit: str = ""
    phone: str = ""
    email: str = ""
    bank_name: str = ""
    bank_account: str = ""
    voluntary_deduction_rp: int = 0


_PLAIN = [f.name for f in fields(PersonData) if f.name not in {"nik", "nip", "bank_account"}]


def apply(session: Session, actor: Actor, person: PersonData, *, applied_on: date) -> Member:
    """Take an application. The person becomes a member when a second person approves. Raises NikTaken, InvalidValue."""
    actor.must("members.register")
    member = _new(session, actor, person, applied_on)
    session.flush()  # the trail names its id
    trail.record(session, actor, "members.apply", f"member:{member.id}", name=member.name)
    return member


def _new(session: Session, actor: Actor, person: PersonData, applied_on: date) -> Member:
    member = Member(
        coop_id=actor.coop_id,
        public_id=uuid.uuid4(),
        name="",
        applied_on=applied_on,
        state="applied",
        card_token=secrets.token_urlsafe(24),
        created_by=actor.user_id,
    )
    _fill(session, actor, member, person)
    session.add(member)
    return member


def _fill(session: Session, actor: Actor, member: Member, person: PersonData) -> None:
    if not person.name.strip():
        raise InvalidValue(field="Nama", reason="isi dulu.")
    for field in _PLAIN:
        value = getattr(person, field)
        limit = getattr(getattr(Member, field).type, "length", None)
        setattr(member, field, value.strip()[:limit] if isinstance(value, str) else value)
    member.nip = person.nip.strip()[:30] or None
    _seal_numbers(session, actor, member, person.nik.strip(), person.bank_account.strip())


def _seal_numbers(session: Session, actor: Actor, member: Member, nik: str, bank_account: str) -> None:
    if nik:
        if len(nik) != 16 or not nik.isascii() or not nik.isdigit():
            raise NikInvalid()
        index = cipher().index(nik, actor.coop_id)
        with session.no_autoflush:
            holder = session.scalars(select(Member).where(Member.nik_index == index)).first()
        if holder is not None and holder is not member:
            raise NikTaken(name=holder.name, number=holder.number or "-")
        member.nik_cipher = cipher().seal(nik, _place(actor, member, "nik"))
        member.nik_index, member.nik_masked = index, masked(nik)
    if bank_account:
        member.bank_account_cipher = cipher().seal(bank_account, _place(actor, member, "bank_account"))
        member.bank_account_masked = masked(bank_account, 2)


def _place(actor: Actor, member: Member, column: str) -> str:
    return f"members|{column}|{actor.coop_id}|{member.public_id}"


def approve(session: Session, actor: Actor, member_id: int, *, joined_on: date, number: str = "") -> Member:
    """Make an applicant a member, with the next number or a given one. Who registered them may not approve.

    Who asked on the public page while signed in is let in as the member at once.

    Raises:
        WrongState: not an applicant any more (somebody was faster). NumberTaken. SamePerson.
        LimitReached: the plan allows no more; the application waits.
    """
    actor.must("members.decide")
    member = get(session, actor, member_id)
    if member.created_by == actor.user_id:
        raise SamePerson()
    if member.state == "applied":
        limits.room(session, actor, "members")
    wanted = number.strip() or next_number(session, actor)
    _number_free(session, wanted)
    # number and state in one statement: an active member always has a number, and the unique number settles a race
    _move(session, member, "applied", "active", act="disetujui", number=wanted, joined_on=joined_on)
    places.give_asker(session, actor, member)
    _tell(session, member, texts.admitted(session.get_one(Coop, actor.coop_id).name, wanted))
    trail.record(session, actor, "members.approve", f"member:{member.id}", number=wanted)
    return member


def reject(session: Session, actor: Actor, member_id: int, *, reason: str) -> Member:
    """Decline an application, with the reason. Raises WrongState, InvalidValue."""
    actor.must("members.decide")
    if not reason.strip():
        raise InvalidValue(field="Alasan", reason="isi dulu, supaya pemohon tahu.")
    member = get(session, actor, member_id)
    _move(session, member, "applied", "rejected", act="ditolak")
    member.state_reason = reason.strip()[:200]
    coop = session.get_one(Coop, actor.coop_id)
    _tell(session, member, texts.joining(coop.name, accepted=False, reason=member.state_reason))
    trail.record(session, actor, "members.reject", f"member:{member.id}", reason=reason)
    return member


def _tell(session: Session, member: Member, message: texts.Message) -> None:
    """How it ended, to who asked on the public page; whom petugas registered hears it from them."""
    asked = session.scalars(select(JoinRequest).where(JoinRequest.member_id == member.id)).first()
    if asked is not None:
        key, to = f"member:{member.id}:{member.state}", {"user_id": asked.user_id, "member_id": member.id}
        notify(session, member.coop_id, key, message, topic="keamanan", **to)


def leave(session: Session, actor: Actor, member: Member, *, left_on: date, reason: str) -> None:
    """Mark a member as gone; the settlement of savings calls this in its own transaction.

    Raises WrongState, DepositsRunning.
    """
    actor.must("members.decide")
    held = select(TimeDeposit.number).where(TimeDeposit.member_id == member.id, TimeDeposit.state != "closed")
    if numbers := session.scalars(held).all():
        raise DepositsRunning(name=member.name, numbers=", ".join(numbers))
    _move(session, member, "active", "left", act="keluar")
    member.left_on, member.state_reason = left_on, reason.strip()[:200]
    asked = update(WithdrawalRequest).where(
        WithdrawalRequest.member_id == member.id, WithdrawalRequest.state.in_(("asked", "approved"))
    )
    ended = asked.values(state="cancelled", reason="Anggota keluar; simpanannya dibayar semua.")
    session.execute(ended.execution_options(synchronize_session="fetch"))
    trail.record(session, actor, "members.leave", f"member:{member.id}", left_on=left_on, reason=reason)


def _move(session: Session, member: Member, from_state: str, to_state: str, *, act: str, **values: object) -> None:
    if not move_row(session, member, (from_state,), state=to_state, **values):
        raise WrongState(name=member.name, state=STATES[member.state], act=act)


def update_person(session: Session, actor: Actor, member_id: int, person: PersonData) -> Member:
    """Correct a person's data; empty KTP or account numbers leave what is kept.

    Raises NikTaken, InvalidValue, PersonErased.
    """
    actor.must("members.register")
    member = get(session, actor, member_id)
    if member.erased_at is not None:
        raise PersonErased()
    before = {field: getattr(member, field) for field in _PLAIN}
    _fill(session, actor, member, person)
    after = {field: getattr(member, field) for field in _PLAIN}
    changed = {field: [before[field], after[field]] for field in _PLAIN if before[field] != after[field]}
    trail.record(session, actor, "members.update", f"member:{member.id}", changed=changed)
    return member


def enroll_many(session: Session, actor: Actor, people: list[tuple[PersonData, str, date]]) -> list[Member]:
    """Members of an imported list: (person, member number, joined on) each, active at once. All or none.

    Raises NikTaken, NumberTaken, InvalidValue, LimitReached; the importer has shown such rows before.
    """
    actor.must("imports.run")
    limits.room(session, actor, "members", more=len(people))
    held = set(session.scalars(select(Member.number).where(Member.number.is_not(None))))
    members: list[Member] = []
    listed: dict[str, tuple[str, str]] = {}
    for person, number, joined_on in people:
        if (nik := person.nik.strip()) and nik in listed:
            raise NikTaken(name=listed[nik][0], number=listed[nik][1])
        listed[nik] = (person.name, number)
        if number in held or len(number) > LONGEST_NUMBER:
            _number_free(session, number)
        held.add(number)
        member = _new(session, actor, person, joined_on)
        member.number, member.joined_on, member.state = number, joined_on, "active"
        members.append(member)
    session.flush()  # callers book to the new ids
    trail.record(session, actor, "members.enroll", "import", count=len(members))
    return members


def unmask(session: Session, actor: Actor, member_id: int, *, reason: str) -> dict[str, str]:
    """The full KTP and bank account numbers, for a reason that is kept. Raises InvalidValue without one."""
    actor.must("members.unmask")
    if not reason.strip():
        raise InvalidValue(field="Alasan", reason="isi dulu; pembukaan data pribadi dicatat.")
    member = get(session, actor, member_id)
    trail.record(session, actor, "members.unmask", f"member:{member.id}", reason=reason)
    return _opened(actor, member)


def own_numbers(actor: Actor, member: Member) -> dict[str, str]:
    """The full KTP and bank account numbers, for nobody but the member. Raises NotAllowed."""
    actor.must("own.view")
    if member.id != actor.member_id:
        raise NotAllowed(permission="anggota itu sendiri")
    return _opened(actor, member)


def _opened(actor: Actor, member: Member) -> dict[str, str]:
    sealed = {"nik": member.nik_cipher, "bank_account": member.bank_account_cipher}
    return {
        column: cipher().open(value, _place(actor, member, column)) if value else "" for column, value in sealed.items()
    }


def get(session: Session, actor: Actor, member_id: int) -> Member:
    """A member of this cooperative. Raises NotFound."""
    member = session.get(Member, member_id)
    if member is None or member.coop_id != actor.coop_id:
        raise NotFound(what="Anggota")
    return member


def next_number(session: Session, actor: Actor) -> str:
    """One above the highest numeric member number, as wide as that one (at least four digits)."""
    numbers = session.scalars(select(Member.number).where(Member.number.is_not(None)))
    numeric = [number for number in numbers if number and number.isascii() and number.isdigit()]
    if not numeric:
        return "0001"
    highest = max(numeric, key=int)
    return str(int(highest) + 1).zfill(len(highest))


def _number_free(session: Session, number: str) -> None:
    if len(number) > LONGEST_NUMBER:
        raise InvalidValue(field="Nomor anggota", reason=f"paling panjang {LONGEST_NUMBER} huruf atau angka.")
    holder = session.scalars(select(Member).where(Member.number == number)).first()
    if holder is not None:
        raise NumberTaken(number=number, name=holder.name)


def waiting(session: Session, actor: Actor) -> int:
    """How many applications wait for a decision."""
    return session.scalar(select(func.count()).select_from(Member).where(Member.state == "applied")) or 0
