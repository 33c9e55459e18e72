"""How a person with an account wants mail, topic by topic. In the app everybody is told everything."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import InvalidValue
from models.notifications import MailChoice
from services.notifications.topics import MAIL, TOPICS, USUAL


def of(session: Session, user_id: int) -> dict[str, str]:
    """Each topic with the person's way of mail; what may not be chosen, and what nobody chose, goes out at once."""
    query = select(MailChoice.topic, MailChoice.mail).where(MailChoice.user_id == user_id)
    chosen = {row.topic: row.mail for row in session.execute(query)}
    return {name: USUAL if topic.fixed else chosen.get(name, USUAL) for name, topic in TOPICS.items()}


def choose(session: Session, user_id: int, wanted: Mapping[str, str]) -> None:
    """Keep what is wanted for these topics. Raises InvalidValue for a fixed or unknown topic, or an unknown way."""
    for name, mail in wanted.items():
        topic = next((topic for known, topic in TOPICS.items() if known == name), None)
        if topic is None or topic.fixed or mail not in MAIL:
            raise InvalidValue(field=topic.label if topic else "Surat", reason="pilih salah satu dari daftar.")
        held = session.get(MailChoice, (user_id, name))
        if held is None:
            session.add(MailChoice(user_id=user_id, topic=name, mail=mail))
        else:
            held.mail = mail
    session.flush()  # two browsers that choose at once: the database settles it
