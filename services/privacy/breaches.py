"""A failure to protect personal data, until everybody was told: within 3 x 24 hours (UU 27/2022, Pasal 46)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import now
from core.errors import InvalidValue, NotFound
from models.access import CoopUser, User
from models.coops import Coop
from models.members import Member
from models.moves import move as move_row
from models.privacy import Breach
from models.transaction import Database
from services.audit import trail
from services.notifications.commands import notify
from services.privacy import letters
from services.privacy.letters import KINDS
from services.privacy.refusals import BreachMoved

DEADLINE = timedelta(hours=72)
TASK = "privacy.breach"
STATES = {"open": "ditangani", "telling": "sedang diberitahukan", "told": "sudah diberitahukan", "closed": "selesai"}


@dataclass(frozen=True)
class Report:
    """What is known of a breach. No cooperative named means all of them."""

    title: str
    what: str
    handling: str
    data_kinds: tuple[str, ...]
    coop_ids: tuple[int, ...]
    happened_at: datetime
    found_at: datetime


@dataclass(frozen=True)
class Affected:
    """One person whom a breach met."""

    coop: str
    number: str
    name: str
    phone: str
    email: str
    username: str


def save(session: Session, actor: Actor, report: Report, breach_id: int | None = None) -> Breach:
    """Open a breach, or write down what else is known while nobody was told. Raises InvalidValue, BreachMoved."""
    actor.must("platform.manage")
    _check(session, report)
    breach = Breach(created_by=actor.user_id) if breach_id is None else get(session, actor, breach_id)
    if breach_id is not None and breach.state != "open":
        raise BreachMoved(state=STATES[breach.state])
    breach.title, breach.what, breach.handling = report.title.strip(), report.what.strip(), report.handling.strip()
    breach.data_kinds, breach.coop_ids = sorted(report.data_kinds), sorted(report.coop_ids)
    breach.happened_at, breach.found_at = report.happened_at, report.found_at
    session.add(breach)
    session.flush()  # the page shows its id
    return breach


def _check(session: Session, report: Report) -> None:
    if not report.title.strip() or not report.what.strip():
        raise InvalidValue(field="Kejadian", reason="isi judul dan apa yang terjadi.")
    if not report.data_kinds or set(report.data_kinds) - KINDS.keys():
        raise InvalidValue(field="Data yang bocor", reason="centang paling sedikit satu.")
    known = set(session.scalars(select(Coop.id).where(Coop.id.in_(report.coop_ids))))
    if set(report.coop_ids) - known:
        raise InvalidValue(field="Koperasi", reason="pilih dari daftar.")
    if not report.happened_at <= report.found_at <= now() + timedelta(minutes=5):
        raise InvalidValue(field="Waktu", reason="terjadi dulu, baru diketahui, dan tidak di masa depan.")


def get(session: Session, actor: Actor, breach_id: int) -> Breach:
    """One breach. Raises NotFound."""
    actor.must("platform.manage")
    found = session.get(Breach, breach_id)
    if found is None:
        raise NotFound(what="Pelanggaran")
    return found


def listed(session: Session, actor: Actor) -> list[Breach]:
    """All breaches, newest first."""
    actor.must("platform.manage")
    return list(session.scalars(select(Breach).order_by(Breach.id.desc())))


def unfinished(session: Session, actor: Actor) -> list[Breach]:
    """Those whose people have not been told, the most urgent first."""
    return sorted((one for one in listed(session, actor) if one.state == "open"), key=lambda one: one.found_at)


def due_at(breach: Breach) -> datetime:
    """Until when everybody must have been told."""
    return breach.found_at + DEADLINE


def affected(database: Database, actor: Actor, breach_id: int) -> list[Affected]:
    """Everybody it met, cooperative by cooperative; each cooperative's audit trail says the list was made.

    In transactions of its own, one for each cooperative. Raises NotFound.
    """
    with database.platform("breach: the list of people") as session:
        breach = get(session, actor, breach_id)
    found: list[Affected] = []
    for coop in _coops(database, breach):
        with database.transaction(coop.id) as session:
            rows = list(_people(session, coop))
            found += [row for row, _, _ in rows]
            subject = f"breach:{breach.id}"
            trail.record(session, actor.named_in(coop.id), "privacy.breach_list", subject, people=len(rows))
    return found


def _coops(database: Database, breach: Breach) -> list[Coop]:
    query = select(Coop).order_by(Coop.name, Coop.id)
    with database.platform(f"breach {breach.id}: which cooperatives") as session:
        return list(session.scalars(query.where(Coop.id.in_(breach.coop_ids)) if breach.coop_ids else query))


def _people(session: Session, coop: Coop) -> Iterator[tuple[Affected, int | None, int | None]]:
    """Members (and who applied) that are still somebody, then those who only work there; with member and user id."""
    members = (
        select(Member, User, CoopUser.user_id)
        .outerjoin(CoopUser, CoopUser.member_id == Member.id)
        .outerjoin(User, User.id == CoopUser.user_id)
        .where(Member.erased_at.is_(None))
        .order_by(Member.number, Member.id)
    )
    for member, user, user_id in session.execute(members):
        mail, username = member.email or (user and user.email) or "", user.username if user else ""
        yield Affected(coop.name, member.number or "", member.name, member.phone, mail, username), member.id, user_id
    workers = select(User).join(CoopUser, CoopUser.user_id == User.id).where(CoopUser.member_id.is_(None))
    for user in session.scalars(workers.where(User.is_active).order_by(User.full_name, User.id)):
        yield Affected(coop.name, "", user.full_name, "", user.email or "", user.username), None, user.id


def start_telling(session: Session, actor: Actor, breach_id: int) -> Breach:
    """Everybody shall be told now; the job `work` does it. Of two who press, one starts. Raises BreachMoved."""
    breach = get(session, actor, breach_id)
    if not breach.handling:
        raise InvalidValue(field="Penanganan", reason="tulis dulu apa yang dilakukan; surat memuatnya.")
    if not move_row(session, breach, ("open",), state="telling"):
        raise BreachMoved(state=STATES[breach.state])
    return breach


def close(session: Session, actor: Actor, breach_id: int) -> Breach:
    """Everything is done and everybody told. Raises BreachMoved."""
    breach = get(session, actor, breach_id)
    if not move_row(session, breach, ("told",), state="closed"):
        raise BreachMoved(state=STATES[breach.state])
    return breach


def told_in(session: Session, breach_id: int, coop_id: int) -> Breach:
    """A breach that people of this cooperative were told of. Raises NotFound for any other."""
    found = session.get(Breach, breach_id)
    if found is None or found.state == "open" or (found.coop_ids and coop_id not in found.coop_ids):
        raise NotFound(what="Pemberitahuan")
    return found


def due(database: Database) -> list[tuple[str, dict[str, int]]]:
    """A job for each breach whose people are being told: what a queue that looks around asks."""
    with database.platform("breaches: whom to tell") as session:
        query = select(Breach.id).where(Breach.state == "telling").order_by(Breach.id)
        return [(TASK, {"breach_id": breach_id}) for breach_id in session.scalars(query)]


def work(database: Database, *, breach_id: int) -> None:
    """Tell everybody once, in the app and by mail; bears being done twice and being cut short."""
    with database.platform("breach: what it was") as session:
        breach = session.get(Breach, breach_id)
    if breach is None or breach.state != "telling":
        return
    for coop in _coops(database, breach):
        message = letters.notice(breach, coop)
        with database.transaction(coop.id) as session:
            for _, member_id, user_id in list(_people(session, coop)):
                key = f"breach:{breach.id}:m{member_id}" if member_id else f"breach:{breach.id}:u{user_id}"
                notify(session, coop.id, key, message, topic="keamanan", user_id=user_id, member_id=member_id)
            inside = Actor(breach.created_by, coop.id, frozenset())
            trail.record(session, inside, "privacy.breach_told", f"breach:{breach.id}")
    with database.platform("breach: everybody was told", writes=True) as session:
        move_row(session, session.get_one(Breach, breach_id), ("telling",), state="told", told_at=now())
