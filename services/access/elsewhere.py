"""Whether an account opens more than one cooperative: what one of them may not do to it alone."""

from sqlalchemy import select

from core.errors import Refusal
from models.access import CoopUser, User
from models.coops import Coop
from models.transaction import Database


class ElsewhereToo(Refusal):
    code = "access.elsewhere_too"
    pesan = "Orang ini juga punya tempat di koperasi lain atau di platform. Minta operator platform mengatur ulang."
    status = 403


def serves_elsewhere(database: Database, user_id: int, coop_id: int) -> bool:
    """Whether an account has a place in another cooperative or on the platform; where its owner practises is none."""
    with database.platform("where else an account serves") as session:
        other = (
            select(CoopUser.id)
            .join(Coop, Coop.id == CoopUser.coop_id)
            .where(CoopUser.user_id == user_id, CoopUser.coop_id != coop_id, Coop.practice_of_id.is_(None))
        )
        on_platform = session.get_one(User, user_id).platform_role is not None
        return on_platform or session.scalar(other.limit(1)) is not None


def must_be_ours_alone(database: Database, user_id: int, coop_id: int) -> None:
    """Raises ElsewhereToo for an account that serves elsewhere, too."""
    if serves_elsewhere(database, user_id, coop_id):
        raise ElsewhereToo()
