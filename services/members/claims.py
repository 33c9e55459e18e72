"""A person with a sign-in says which member they are; pengurus decide. A wrong try never tells what was wrong."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import now
from core.errors import InvalidValue, NotFound
from core.secrets import cipher
from models.access import SignInAttempt, User
from models.coops import Coop
from models.members import Member, MembershipClaim
from models.moves import move as move_row
from models.transaction import Database
from services.access import places
from services.access.approvals import SamePerson
from services.audit import trail
from services.members.refusals import ClaimDecided, ClaimUnmatched, MemberTaken, PlaceTaken, TooManyClaims
from services.notifications import texts
from services.notifications.commands import notify

WINDOW, PER_USER, PER_ADDRESS = timedelta(hours=24), 5, 20
SHORTEST_SEARCH = 3
STATES = {"asked": "menunggu", "approved": "disetujui", "rejected": "ditolak"}


@dataclass(frozen=True)
class Told:
    """What a person says of themselves: the member number, and the birth date or the KTP number (one is enough)."""

    number: str
    birth_on: date | None = None
    nik: str = ""


def ask(database: Database, user_id: int, coop_id: int, told: Told, *, ip: str) -> MembershipClaim:
    """Claim to be a member. The same claim again, while it waits, is the same claim.

    Raises:
        TooManyClaims: five wrong tries of a person, or twenty of an address, in a day.
        ClaimUnmatched: whatever does not fit, said in one way. PlaceTaken: the person is a member here already.
    """
    if not told.number.strip() or (told.birth_on is None and not told.nik.strip()):
        raise InvalidValue(field="Data anggota", reason="isi nomor anggota, dan tanggal lahir atau nomor KTP.")
    with database.platform("membership claim") as session:
        _limit(session, user_id, ip)
    with database.transaction(coop_id) as session:
        claim = _claim(session, user_id, coop_id, told)
    if claim is None:
        with database.platform("membership claim", writes=True) as session:
            session.add(SignInAttempt(account=_account(user_id), ip=ip[:45], succeeded=False))
        raise ClaimUnmatched()
    return claim


def _account(user_id: int) -> str:
    return f":klaim:{user_id}"


def _limit(session: Session, user_id: int, ip: str) -> None:
    tries = select(func.count()).where(~SignInAttempt.succeeded, SignInAttempt.at > now() - WINDOW)
    of_user = tries.where(SignInAttempt.account == _account(user_id))
    of_address = tries.where(SignInAttempt.account.startswith(":klaim:"), SignInAttempt.ip == ip[:45])
    if (session.scalar(of_user) or 0) >= PER_USER or (session.scalar(of_address) or 0) >= PER_ADDRESS:
        raise TooManyClaims()


def _claim(session: Session, user_id: int, coop_id: int, told: Told) -> MembershipClaim | None:
    user = session.get(User, user_id)
    if user is None or not user.is_active or session.get(Coop, coop_id) is None:
        return None
    place = places.of_user(session, user_id)
    if place is not None and place.member_id is not None:
        raise PlaceTaken()
    pending = select(MembershipClaim).where(MembershipClaim.user_id == user_id, MembershipClaim.state == "asked")
    member, held = _member(session, coop_id, told), session.scalars(pending).first()
    if member is None:
        return None
    if held is not None:
        return held
    claim = MembershipClaim(
        coop_id=coop_id, user_id=user_id, told_number=told.number.strip()[:20],
        proof="ktp" if told.nik.strip() else "lahir", member_id=member.id,
    )  # fmt: skip
    session.add(claim)
    session.flush()  # one open claim per person: the database settles a race
    trail.record(session, Actor(user_id, coop_id, frozenset()), "members.claim", f"claim:{claim.id}", proof=claim.proof)
    return claim


def _member(session: Session, coop_id: int, told: Told) -> Member | None:
    """The active member all of it fits, whom nobody signs in as yet."""
    query = select(Member).where(Member.number == told.number.strip(), Member.state == "active")
    member = session.scalars(query).first()
    if member is None:
        return None
    nik = told.nik.strip()
    if nik and member.nik_index != cipher().index(nik, coop_id):
        return None
    if told.birth_on is not None and member.birth_on != told.birth_on:
        return None
    return None if places.is_taken(session, member.id) else member


def approve(session: Session, actor: Actor, claim_id: int) -> MembershipClaim:
    """Let the person in as that member. One member, one user.

    Raises ClaimDecided, MemberTaken, PlaceTaken, SamePerson, NotFound.
    """
    claim = _to_decide(session, actor, claim_id)
    member = session.get(Member, claim.member_id)
    if member is None or member.state != "active":
        raise MemberTaken(number=claim.told_number, reason="bukan anggota aktif lagi")
    if places.is_taken(session, member.id):
        raise MemberTaken(number=claim.told_number, reason="sudah punya pengguna")
    place = places.of_user(session, claim.user_id)
    if place is not None and place.member_id is not None:
        raise PlaceTaken()
    _decide(session, actor, claim, "approved", "")
    places.give(session, actor, claim.user_id, member)
    trail.record(session, actor, "members.claim_approve", f"claim:{claim.id}", member=member.id)
    _tell(session, claim, approved=True)
    return claim


def reject(session: Session, actor: Actor, claim_id: int, *, reason: str) -> MembershipClaim:
    """Decline, with the reason the person will read. Raises ClaimDecided, SamePerson, InvalidValue, NotFound."""
    claim = _to_decide(session, actor, claim_id)
    if not reason.strip():
        raise InvalidValue(field="Alasan", reason="isi dulu, supaya pemohon tahu.")
    _decide(session, actor, claim, "rejected", reason)
    trail.record(session, actor, "members.claim_reject", f"claim:{claim.id}", reason=reason)
    _tell(session, claim, approved=False)
    return claim


def _to_decide(session: Session, actor: Actor, claim_id: int) -> MembershipClaim:
    actor.must("members.decide")
    claim = session.get(MembershipClaim, claim_id)
    if claim is None:
        raise NotFound(what="Permintaan keanggotaan")
    if claim.user_id == actor.user_id:
        raise SamePerson()
    if claim.state != "asked":
        raise ClaimDecided(state=STATES[claim.state])
    return claim


def _decide(session: Session, actor: Actor, claim: MembershipClaim, state: str, reason: str) -> None:
    decision = {"decided_by": actor.user_id, "decided_at": now(), "reason": reason.strip()[:200]}
    if not move_row(session, claim, ("asked",), state=state, **decision):
        raise ClaimDecided(state=STATES[claim.state])


def _tell(session: Session, claim: MembershipClaim, *, approved: bool) -> None:
    coop = session.get_one(Coop, claim.coop_id)
    message = texts.claim(coop.name, approved=approved, reason=claim.reason)
    key = f"claim:{claim.id}:{claim.state}"
    notify(session, claim.coop_id, key, message, topic="keamanan", user_id=claim.user_id)


@dataclass(frozen=True)
class Row:
    """A claim as pengurus compare it."""

    claim: MembershipClaim
    username: str
    full_name: str
    member: Member | None


def waiting(session: Session, actor: Actor) -> list[Row]:
    """Claims to decide, oldest first."""
    actor.must("members.decide")
    query = _rows().where(MembershipClaim.state == "asked").order_by(MembershipClaim.id)
    return [Row(*row) for row in session.execute(query)]


def get(session: Session, actor: Actor, claim_id: int) -> Row:
    """One claim, decided or not. Raises NotFound."""
    actor.must("members.decide")
    found = session.execute(_rows().where(MembershipClaim.id == claim_id)).first()
    if found is None:
        raise NotFound(what="Permintaan keanggotaan")
    return Row(*found)


def _rows() -> Select[MembershipClaim, str, str, Member]:
    return (
        select(MembershipClaim, User.username, User.full_name, Member)
        .join(User, User.id == MembershipClaim.user_id)
        .outerjoin(Member, Member.id == MembershipClaim.member_id)
    )


def cooperatives(session: Session, words: str) -> list[Coop]:
    """Cooperatives whose name holds these words (three letters at least), by name; the first twenty."""
    wanted = words.strip()
    if len(wanted) < SHORTEST_SEARCH:
        return []
    query = select(Coop).where(Coop.name.icontains(wanted, autoescape=True), Coop.practice_of_id.is_(None))
    return list(session.scalars(query.order_by(Coop.name).limit(20)))


@dataclass(frozen=True)
class Standing:
    """A claim as the person who made it sees it. `reason` is there when it was declined."""

    coop_name: str
    zone: str
    told_number: str
    state: str
    reason: str
    asked_at: datetime


def own(database: Database, user_id: int) -> list[Standing]:
    """A person's claims in all cooperatives, newest first."""
    claim = MembershipClaim
    query = (
        select(Coop.name, Coop.zone, claim.told_number, claim.state, claim.reason, claim.created_at)
        .join(Coop, Coop.id == claim.coop_id)
        .where(claim.user_id == user_id)
        .order_by(claim.created_at.desc(), claim.id.desc())
    )
    with database.platform("own membership claims") as session:
        return [Standing(*row) for row in session.execute(query)]


def of_user(session: Session, user_id: int) -> list[MembershipClaim]:
    """A person's claims in the session's cooperative, newest first: how they stand."""
    query = select(MembershipClaim).where(MembershipClaim.user_id == user_id).order_by(MembershipClaim.id.desc())
    return list(session.scalars(query))
