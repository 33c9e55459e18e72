"""A person's places: which cooperatives open to them, and as which member. One member, one user."""

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from core.actor import Actor
from models.access import CoopUser, LoginSession, RoleGrant, User
from models.members import JoinRequest, Member
from services.access.approvals import SamePerson


def open_to(user_id: int) -> Select[int]:
    """The cooperatives an account opens, the first it came into first."""
    mine = select(CoopUser.coop_id).where(CoopUser.user_id == user_id, CoopUser.is_active)
    return mine.order_by(CoopUser.id)


def is_taken(session: Session, member_id: int) -> bool:
    """Whether somebody signs in as that member already."""
    return session.scalars(select(CoopUser.id).where(CoopUser.member_id == member_id)).first() is not None


def of_user(session: Session, user_id: int) -> CoopUser | None:
    """The place of a user here, as member or as one who works here."""
    return session.scalars(select(CoopUser).where(CoopUser.user_id == user_id)).first()


def give(session: Session, actor: Actor, user_id: int, member: Member) -> None:
    """Let a user in as `member`, also where they are signed in without a cooperative now."""
    place = of_user(session, user_id)
    if place is None:
        session.add(CoopUser(coop_id=actor.coop_id, user_id=user_id, member_id=member.id))
    else:
        place.member_id = member.id
    granted = select(RoleGrant.id).where(RoleGrant.user_id == user_id, RoleGrant.role == "anggota")
    if session.scalars(granted).first() is None:
        session.add(RoleGrant(coop_id=actor.coop_id, user_id=user_id, role="anggota", granted_by=actor.user_id))
    session.flush()  # one user per member: the database settles a race
    open_ones = update(LoginSession).where(LoginSession.user_id == user_id, LoginSession.coop_id.is_(None))
    session.execute(open_ones.values(coop_id=actor.coop_id).execution_options(synchronize_session=False))


def asker_of(session: Session, member_id: int) -> int | None:
    """The user who asked to become this member while signed in, and may be let in as them."""
    query = (
        select(JoinRequest.user_id)
        .join(User, User.id == JoinRequest.user_id)
        .where(JoinRequest.member_id == member_id, JoinRequest.state == "accepted", User.is_active)
    )
    user_id = session.scalars(query).first()
    place = of_user(session, user_id) if user_id is not None else None
    return None if place is not None and place.member_id is not None else user_id


def give_asker(session: Session, actor: Actor, member: Member) -> None:
    """Whoever asked while signed in needs no claim of their own. Raises SamePerson when that is who approves."""
    user_id = asker_of(session, member.id)
    if user_id == actor.user_id:
        raise SamePerson()
    if user_id is not None:
        give(session, actor, user_id, member)
