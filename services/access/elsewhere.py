"""What one cooperative may not do to somebody's account, because it opens another cooperative as well."""

from sqlalchemy import select

from core.errors import Refusal
from models.access import CoopUser, User
from models.coops import Coop
from models.transaction import Database


class ElsewhereToo(Refusal):
    code = "access.elsewhere_too"
    pesan = "Orang ini juga punya tempat di koperasi lain atau di platform. Minta operator platform mengatur ulang."
    status = 403


def must_be_ours_alone(database: Database, user_id: int, coop_id: int) -> None:
    """Raises ElsewhereToo when the account opens more than this cooperative and where its owner practises."""
    with database.platform("is this account anybody else's") as session:
        other = (
            select(CoopUser.id)
            .join(Coop, Coop.id == CoopUser.coop_id)
            .where(CoopUser.user_id == user_id, CoopUser.coop_id != coop_id, Coop.practice_of_id.is_(None))
        )
        if session.get_one(User, user_id).platform_role is not None or session.scalar(other.limit(1)) is not None:
            raise ElsewhereToo()
