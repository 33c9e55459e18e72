"""Members who write: Siti in our cooperative, Agus in the neighbour's."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from core.actor import Actor
from models.access import CoopUser, User
from models.notifications import Notification
from models.support import Ticket, TicketMessage
from services.support import desk, tickets
from services.support.talk import Said
from services.support.tickets import Wish
from tests.conftest import World


def said(body: str = "Belum tampil", token: str = "t1", picture: bytes = b"") -> Said:
    return Said(body, token, picture)


@dataclass
class Help:
    """The world with people who write, and the folder that keeps their pictures."""

    world: World
    folder: Path
    siti: Actor
    agus: Actor

    def open(self, who: Actor | None = None, token: str = "t1", **changes: object) -> Ticket:
        who = who or self.siti
        fields = {"kind": "complaint", "goes_to": "coop", "title": "Setoran Maret", "said": said(token=token)}
        with self.world.transaction(who) as session:
            return tickets.open_ticket(session, who, Wish(**(fields | changes)), self.folder)

    def reply(self, ticket: Ticket, body: str = "Masih belum", token: str = "r1", who: Actor | None = None) -> int:
        who = who or self.siti
        with self.world.transaction(who) as session:
            return tickets.reply(session, who, ticket.id, said(body, token), self.folder).id

    def answer(
        self, ticket: Ticket, body: str = "Sudah kami catat.", token: str = "a1", who: str = "ketua", after: int = 10**9
    ) -> int:
        with self.world.transaction(self.world.actors[who]) as session:
            sent = said(body, token)
            return desk.answer(session, self.world.actors[who], ticket.id, sent, self.folder, after=after).id

    def close(self, ticket: Ticket) -> None:
        with self.world.transaction(self.siti) as session:
            tickets.close(session, self.siti, ticket.id)

    def now(self, ticket: Ticket) -> Ticket:
        with self.world.database.platform("test") as session:
            return session.get_one(Ticket, ticket.id)

    def bodies(self, ticket: Ticket) -> list[str]:
        with self.world.database.platform("test") as session:
            rows = session.query(TicketMessage).filter_by(ticket_id=ticket.id).order_by(TicketMessage.id)
            return [row.body for row in rows]

    def told(self) -> list[Notification]:
        with self.world.database.platform("test") as session:
            return session.query(Notification).order_by(Notification.id).all()


def enrol(world: World, who: Actor, name: str, member_id: int | None = None) -> Actor:
    """Somebody with an account in the cooperative of `who`, as actor."""
    with world.database.platform("test", writes=True) as session:
        user = User(username=name.casefold(), full_name=name, email=f"{name.casefold()}@contoh.id")
        session.add(user)
        session.flush()
        session.add(CoopUser(coop_id=who.coop_id, user_id=user.id, member_id=member_id))
        return replace(who, user_id=user.id, permissions=frozenset({"own.view", "own.ask"}), name=name)


def people(world: World, folder: Path) -> Help:
    siti = enrol(world, world.ketua, "Siti", world.member())
    return Help(world, folder, siti, enrol(world, world.other_actors["ketua"], "Agus"))


@pytest.fixture
def help_(world: World, tmp_path: Path) -> Help:
    return people(world, tmp_path)
