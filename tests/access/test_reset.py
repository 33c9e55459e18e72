"""A forgotten password: a link by mail to a confirmed address, good once and for an hour; who asks learns nothing."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from core.clock import now
from core.errors import InvalidValue
from models.access import LoginSession, OneTimeLink, SignInAttempt, User
from models.audit import AuditRecord
from models.notifications import PlatformMail
from services.access import passwords, reset, sign_in
from services.access.reset import NoMailHere, TooManyResets
from services.access.sign_in import LinkInvalid
from services.notifications import outbox
from tests.conftest import PASSWORD, World
from tests.crowd import at_once
from tests.notifications.postbox import postbox

NEW = "tiga kata rahasia"


@pytest.fixture(autouse=True)
def mail() -> Iterator[None]:
    outbox.use("smtp://127.0.0.1:1?from=kabar@contoh.id", "https://ekopz.contoh.id")
    yield
    outbox.use("")


def budi(world: World, *, email: str | None = "Budi@contoh.id", confirmed: bool = True) -> User:
    """Bendahara with a password, who has been in before."""
    with world.database.platform("test", writes=True) as session:
        user = session.get_one(User, world.bendahara.user_id)
        user.password_hash, user.email, user.last_sign_in_at = passwords.hashed(PASSWORD), email, now()
        user.email_confirmed_at = now() if confirmed else None
    return user


def ask(world: World, whom: str, ip: str = "10.0.0.1") -> None:
    reset.ask(world.database, whom, ip=ip)


def mails(world: World) -> list[PlatformMail]:
    with world.database.platform("test") as session:
        return list(session.scalars(select(PlatformMail).order_by(PlatformMail.id)))


def token(mail: PlatformMail) -> str:
    return mail.body.rpartition("/tautan/")[2].split()[0]


def test_the_link_sets_a_new_password_once_ends_every_session_and_is_told(any_world: World) -> None:
    world = any_world
    user = budi(world)
    sign_in.begin(world.database, user, ip="10.0.0.1", agent="test", hours=12)
    ask(world, " BUDI@contoh.id ")
    (letter,) = mails(world)
    assert letter.to_address == "Budi@contoh.id"
    assert user.username in letter.body
    with world.database.platform("test") as session:
        assert token(letter) not in set(session.scalars(select(OneTimeLink.token_hash)))
    assert sign_in.use_link(world.database, token(letter), NEW).id == user.id
    with pytest.raises(LinkInvalid):
        sign_in.use_link(world.database, token(letter), "kata lain lagi")
    assert sign_in.check_password(world.database, user.username, NEW, "10.0.0.1").id == user.id
    with world.database.platform("test") as session:
        assert session.scalars(select(LoginSession)).one().revoked_at is not None
        noted = session.scalars(select(AuditRecord).where(AuditRecord.action == "access.password")).one()
        assert (noted.coop_id, noted.user_id, noted.detail) == (world.coop.id, user.id, {"way": "link"})
    assert [one.subject for one in mails(world)] == ["Buat kata sandi baru", "Kata sandi Anda sudah diganti"]


def test_a_link_is_over_after_an_hour(world: World) -> None:
    user = budi(world)
    ask(world, user.username)
    with time_machine.travel(now() + timedelta(minutes=61)), pytest.raises(LinkInvalid):
        sign_in.link_user(world.database, token(mails(world)[0]))


def test_a_double_click_sends_one_mail_and_an_hour_three(any_world: World) -> None:
    user = budi(any_world)
    at_once([lambda: ask(any_world, user.username)] * 4)
    assert len(mails(any_world)) == 1
    for minutes in (5, 10, 15, 20):
        with time_machine.travel(now() + timedelta(minutes=minutes)):
            ask(any_world, user.username)
    assert len(mails(any_world)) == 3


@pytest.mark.parametrize("whom", ["nobody", "nobody@contoh.id", "%", "x" * 5000])
def test_nobody_is_answered_as_somebody(world: World, whom: str) -> None:
    budi(world)
    assert ask(world, whom) is None
    assert mails(world) == []


@pytest.mark.parametrize(("email", "confirmed"), [(None, False), ("budi@contoh.id", False)])
def test_an_address_that_nobody_confirmed_gets_no_link(world: World, email: str | None, confirmed: bool) -> None:
    user = budi(world, email=email, confirmed=confirmed)
    ask(world, user.username)
    assert mails(world) == []


def test_somebody_who_was_put_out_gets_no_link_and_an_old_one_is_over(world: World) -> None:
    user = budi(world)
    ask(world, user.username)
    with world.database.platform("test", writes=True) as session:
        session.get_one(User, user.id).is_active = False
    with pytest.raises(LinkInvalid):
        sign_in.use_link(world.database, token(mails(world)[0]), NEW)
    with time_machine.travel(now() + timedelta(minutes=10)):
        ask(world, user.username)
    assert len(mails(world)) == 1


def test_a_name_like_somebodys_address_asks_both_mailboxes_each_for_its_own(world: World) -> None:
    user = budi(world)
    with world.database.platform("test", writes=True) as session:
        session.add(User(username="budi@contoh.id", full_name="X", email="x@y.id", email_confirmed_at=now()))
    ask(world, "budi@contoh.id")
    found = {one.to_address: sign_in.link_user(world.database, token(one)).id for one in mails(world)}
    assert found["Budi@contoh.id"] == user.id
    assert found["x@y.id"] != user.id


def test_strangers_send_the_form_ten_times_an_hour(world: World) -> None:
    for n in range(reset.PER_ADDRESS):
        ask(world, f"tebak{n}")
    with pytest.raises(TooManyResets):
        ask(world, "tebak")
    ask(world, "tebak", "10.0.0.2")
    with world.database.platform("test") as session:
        assert {one.account for one in session.scalars(select(SignInAttempt))} == {":lupa"}


def test_without_a_name_or_a_mail_server_it_is_said(world: World) -> None:
    with pytest.raises(InvalidValue):
        ask(world, "  ")
    outbox.use("")
    with pytest.raises(NoMailHere):
        ask(world, budi(world).username)


def test_the_link_is_not_kept_once_it_is_sent(world: World) -> None:
    with postbox() as box:
        outbox.use(box.url, "https://ekopz.contoh.id")
        ask(world, budi(world).username)
        secret = token(mails(world)[0])
        assert outbox.send_due(world.database) == (1, 0)
        assert secret in box.taken[0].get_content()
        assert mails(world)[0].body == outbox.FORGOTTEN
