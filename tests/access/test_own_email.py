"""One's own mail address counts once its mailbox has answered; the one before is told, another account's is refused."""

import string
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from core.clock import now
from core.errors import InvalidValue
from models.access import User
from models.notifications import PlatformMail
from services.access import own_email, passwords
from services.access.own_email import AddressLinkOver, TooManyAddresses
from services.access.reset import NoMailHere
from services.access.sign_in import SignInFailed
from services.notifications import outbox
from tests.conftest import PASSWORD, World


@pytest.fixture(autouse=True)
def mail() -> Iterator[None]:
    outbox.use("smtp://127.0.0.1:1?from=kabar@contoh.id", "https://ekopz.contoh.id")
    yield
    outbox.use("")


@pytest.fixture
def budi(world: World) -> int:
    with world.database.platform("test", writes=True) as session:
        user = session.get_one(User, world.bendahara.user_id)
        user.password_hash, user.email = passwords.hashed(PASSWORD), "Lama@contoh.id"
    return world.bendahara.user_id


def ask(world: World, user_id: int, email: str = "Baru@contoh.id", password: str = PASSWORD) -> None:
    own_email.ask(world.database, user_id, email, password, ip="10.0.0.1")


def mails(world: World) -> list[PlatformMail]:
    with world.database.platform("test") as session:
        return list(session.scalars(select(PlatformMail).order_by(PlatformMail.id)))


def token(mail: PlatformMail) -> str:
    return mail.body.rpartition("/konfirmasi-surel/")[2].split()[0]


def press(world: World, link: str) -> own_email.Wanted:
    with world.database.platform("test", writes=True) as session:
        return own_email.confirm(session, link)


def standing(world: World, user_id: int) -> own_email.Standing:
    with world.database.platform("test") as session:
        return own_email.of(session, user_id)


def test_the_mailbox_answers_and_the_one_before_is_told(world: World, budi: int) -> None:
    ask(world, budi)
    ask(world, budi)  # a second click
    (letter,) = mails(world)
    assert standing(world, budi) == own_email.Standing("Lama@contoh.id", False)
    for _ in range(2):
        assert press(world, token(letter)).email == "baru@contoh.id"
    assert standing(world, budi) == own_email.Standing("baru@contoh.id", True)
    assert [one.to_address for one in mails(world)] == ["baru@contoh.id", "Lama@contoh.id"]


def test_the_address_it_has_is_confirmed_without_more_letters(world: World, budi: int) -> None:
    ask(world, budi, "lama@contoh.id")
    press(world, token(mails(world)[0]))
    assert standing(world, budi).is_confirmed
    assert len(mails(world)) == 1


def test_links_that_are_late_cut_changed_or_overtaken_open_nothing(world: World, budi: int) -> None:
    ask(world, budi)
    ask(world, budi, "lain@contoh.id")
    first, second = (token(one) for one in mails(world))
    other_ends = [first[:-1] + letter for letter in string.ascii_letters + string.digits + "-_" if letter != first[-1]]
    for wrong in ("", "x", first[:-3], first + "=", first[:9] + "." + first[9:], *other_ends, "é", "=" * 9, "a" * 5000):
        with pytest.raises(AddressLinkOver):
            press(world, wrong)
    with time_machine.travel(now() + timedelta(hours=25)), pytest.raises(AddressLinkOver):
        press(world, first)
    press(world, second)
    with pytest.raises(AddressLinkOver):
        press(world, first)


def test_what_is_wrong_is_said_and_nothing_is_sent(world: World, budi: int) -> None:
    with world.database.platform("test", writes=True) as session:
        session.add(User(username="lain", full_name="Lain", email="ada@contoh.id"))
    for email in ("", "budi", "a@b", "a b@c.id", "ada@contoh.id"):
        with pytest.raises(InvalidValue):
            ask(world, budi, email)
    with pytest.raises(SignInFailed):
        ask(world, budi, password="salah sekali")
    assert mails(world) == []
    with pytest.raises(TooManyAddresses):
        for n in range(11):
            ask(world, budi, f"a{n}@contoh.id")
    outbox.use("")
    with pytest.raises(NoMailHere):
        ask(world, budi)


def test_an_address_taken_meanwhile_is_refused(world: World, budi: int) -> None:
    ask(world, budi)
    with world.database.platform("test", writes=True) as session:
        session.add(User(username="lain", full_name="Lain", email="BARU@contoh.id"))
    with pytest.raises(InvalidValue):
        press(world, token(mails(world)[0]))
