"""The newsletter and the consent to it are one thing for who has an account, and a stranger's is theirs alone."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from core.clock import now
from models.access import User
from models.news import NewsletterReader
from models.notifications import PlatformMail
from services.access import own_email
from services.news import newsletter
from services.notifications import outbox
from services.privacy import bulletin, consents
from services.privacy.purposes import BULLETIN
from tests.conftest import World


@pytest.fixture(autouse=True)
def mail() -> Iterator[None]:
    outbox.use("smtp://127.0.0.1:1?from=kabar@contoh.id", "https://ekopz.contoh.id")
    yield
    outbox.use("")


def siti(world: World, *, confirmed: bool = True) -> int:
    with world.database.platform("test", writes=True) as session:
        user = User(username="siti", full_name="Siti", email="Siti@contoh.id")
        user.email_confirmed_at = now() if confirmed else None
        session.add(user)
    return user.id


def do(world: World, act, *given):
    with world.database.platform("test", writes=True) as session:
        return act(session, *given)


def state(world: World, user_id: int, email: str = "siti@contoh.id") -> tuple[bool, bool]:
    """Whether the consent is given, and whether the newsletter comes."""
    with world.database.platform("test") as session:
        return consents.is_given(session, user_id, BULLETIN), newsletter.gets(session, email)


def token(world: World) -> str:
    with world.database.platform("test") as session:
        return newsletter.token_of(session.scalars(select(NewsletterReader)).one())


def letters(world: World) -> int:
    with world.database.platform("test") as session:
        return len(session.scalars(select(PlatformMail)).all())


def test_consent_and_newsletter_begin_and_end_together_from_either_side(world: World) -> None:
    user_id = siti(world)
    for _ in range(2):
        do(world, consents.give, user_id, BULLETIN)
    assert state(world, user_id) == (True, True)
    assert letters(world) == 0, "a known mailbox was asked again"
    for _ in range(2):
        do(world, bulletin.end, token(world))
    assert state(world, user_id) == (False, False)
    do(world, bulletin.confirm, token(world))
    assert state(world, user_id) == (True, True)
    do(world, consents.withdraw, user_id, BULLETIN)
    assert state(world, user_id) == (False, False)
    assert do(world, bulletin.ask, " SITI@contoh.id ", user_id)
    assert state(world, user_id) == (True, True)


def test_an_address_that_nobody_confirmed_is_asked_by_mail_first(world: World) -> None:
    user_id = siti(world, confirmed=False)
    do(world, consents.give, user_id, BULLETIN)
    assert (state(world, user_id), letters(world)) == ((True, False), 1)
    do(world, bulletin.confirm, token(world))
    assert state(world, user_id) == (True, True)
    do(world, bulletin.end, token(world))
    assert state(world, user_id) == (False, False)


def test_a_strangers_subscription_is_nobodys_consent(world: World) -> None:
    user_id = siti(world, confirmed=False)
    assert not do(world, bulletin.ask, "siti@contoh.id")
    do(world, bulletin.confirm, token(world))
    assert state(world, user_id) == (False, True)
    assert not do(world, bulletin.ask, "lain@contoh.id", user_id)


def test_the_newsletter_moves_with_the_address(world: World) -> None:
    user_id = siti(world)
    do(world, consents.give, user_id, BULLETIN)
    link = own_email._token(own_email.Wanted(user_id, "baru@contoh.id", "Siti@contoh.id"))
    bulletin.confirm_address(world.database, link)
    assert state(world, user_id) == (True, False)
    assert state(world, user_id, "baru@contoh.id") == (True, True)


def test_confirming_an_address_that_gets_it_gives_the_consent(world: World) -> None:
    user_id = siti(world, confirmed=False)
    do(world, newsletter.start, "siti@contoh.id")
    bulletin.confirm_address(
        world.database, own_email._token(own_email.Wanted(user_id, "siti@contoh.id", "Siti@contoh.id"))
    )
    assert state(world, user_id) == (True, True)
