"""Who the night's work is done by: a user that nobody can sign in as, named in the books beside what it booked."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from models.access import User

USERNAME = ":mesin"
"""Not a name that a person may choose."""
NAME = "Pekerjaan harian"
_MAY = frozenset({"savings.interest", "savings.view", "loans.view"})


def user_id(session: Session) -> int:
    """The machine's user, made on its first day. Needs a platform session that writes."""
    found = session.scalars(select(User.id).where(User.username == USERNAME)).first()
    if found is not None:
        return found
    machine = User(username=USERNAME, full_name=NAME, is_active=False)
    session.add(machine)
    session.flush()  # what it does names its id
    return machine.id


def actor_in(machine_id: int, coop_id: int) -> Actor:
    """The machine as actor of one cooperative, allowed what falls due by itself and nothing else."""
    return Actor(machine_id, coop_id, _MAY, name=NAME)
