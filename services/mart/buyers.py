"""Who buys: any signed-in person, in the cooperative whose shop it is; as its member where they are one."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import NotAllowed
from models.access import CoopUser, User
from models.mart.stores import PartnerCoop, Store
from models.members import Member
from models.transaction import Database
from services.mart.refusals import MembersOnly


@dataclass(frozen=True)
class Buyer(Actor):
    """Somebody at the counter: no rights but over what is their own. `member_coops` is where they are members."""

    member_coops: frozenset[int] = frozenset()


def in_coop(database: Database, user_id: int, coop_id: int) -> Buyer:
    """A signed-in person as a buyer in a cooperative. Raises NotAllowed for nobody."""
    with database.platform("a buyer in another cooperative") as session:
        user = session.get(User, user_id)
        if user is None or not user.is_active:
            raise NotAllowed(permission="masuk dulu")
        query = (
            select(Member.coop_id, Member.id)
            .join(CoopUser, CoopUser.member_id == Member.id)
            .where(CoopUser.user_id == user_id, CoopUser.is_active, Member.state == "active")
        )
        places = {row.coop_id: row.id for row in session.execute(query)}
        own = frozenset({"own.view"}) if coop_id in places else frozenset[str]()
        return Buyer(user.id, coop_id, own, places.get(coop_id), user.full_name, member_coops=frozenset(places))


def must_serve(store: Store, buyer: Actor) -> None:
    """Whether this shop sells to this person. Raises MembersOnly."""
    if not store.sells_to_all and buyer.member_id is None:
        raise MembersOnly(store=store.name)


def is_partner(session: Session, buyer: Actor) -> bool:
    """Whether the person is a member of a cooperative that this one calls a partner."""
    elsewhere = buyer.member_coops if isinstance(buyer, Buyer) else frozenset[int]()
    partners = select(PartnerCoop.partner_id).where(PartnerCoop.partner_id.in_(elsewhere))
    return session.scalars(partners).first() is not None
