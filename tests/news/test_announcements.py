"""Pengurus announce; members of that cooperative alone read it, and each is told once."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from core.actor import Actor
from core.clock import now, today
from core.errors import InvalidValue, NotAllowed, NotFound, StateChanged
from models.news import Announcement
from models.notifications import Notification
from services.members import commands as members
from services.news import announcements
from services.news.announcements import Notice
from services.news.refusals import Withdrawn, WrongMoment
from tests.conftest import World

NOTICE = Notice("Rapat anggota", "Sabtu pukul **09.00** di aula.")


def write(world: World, notice: Notice = NOTICE, who: Actor | None = None) -> int:
    who = who or world.sekretaris
    with world.transaction(who) as session:
        return announcements.write(session, who, notice).id


def act(world: World, name: str, *more: object, who: Actor | None = None, **named: object) -> Announcement:
    who = who or world.sekretaris
    with world.transaction(who) as session:
        return getattr(announcements, name)(session, who, *more, **named)


def member_of(actor: Actor) -> Actor:
    return replace(actor, permissions=frozenset({"own.view"}))


def read(world: World, actor: Actor) -> list[str]:
    with world.reading(actor) as session:
        return [one.title for one in announcements.for_members(session, member_of(actor))]


def told(world: World) -> list[str]:
    with world.database.platform("test") as session:
        return list(session.scalars(select(Notification.title).where(Notification.key.startswith("announcement:"))))


def test_members_of_this_cooperative_alone_are_told_once(any_world: World) -> None:
    world = any_world
    world.member("Siti")
    world.member("Joko")
    with world.transaction(world.petugas) as session:  # who only applied is not told
        members.apply(session, world.petugas, members.PersonData(name="Calon"), applied_on=today())
    one = write(world)
    announcements.work(world.database)
    assert told(world) == []
    assert read(world, world.ketua) == []
    first = act(world, "publish", one)
    assert act(world, "publish", one).publish_at == first.publish_at  # a second click
    assert announcements.due(world.database) == [(announcements.TASK, {})]
    announcements.work(world.database)
    announcements.work(world.database)
    assert told(world) == ["Rapat anggota", "Rapat anggota"]
    assert announcements.due(world.database) == []
    assert read(world, world.ketua) == ["Rapat anggota"]
    assert read(world, world.other_actors["ketua"]) == []
    neighbour = world.other_actors["ketua"]
    with world.reading(neighbour) as session, pytest.raises(NotFound):
        announcements.for_member(session, member_of(neighbour), one)
    act(world, "withdraw", one)
    assert read(world, world.ketua) == []
    for who, answer in ((world.ketua, Withdrawn), (neighbour, NotFound)):  # the message still leads there
        with world.reading(who) as session, pytest.raises(answer):
            announcements.for_member(session, member_of(who), one)
    act(world, "publish", one)
    announcements.work(world.database)
    assert len(told(world)) == 2


def test_a_moment_to_come(world: World) -> None:
    world.member("Siti")
    one = write(world)
    with pytest.raises(WrongMoment):
        act(world, "publish", one, now() - timedelta(hours=2))
    act(world, "publish", one, now() + timedelta(hours=2))
    announcements.work(world.database)
    assert (read(world, world.ketua), told(world)) == ([], [])
    with time_machine.travel(now() + timedelta(hours=3)):
        announcements.work(world.database)
        assert (read(world, world.ketua), told(world)) == (["Rapat anggota"], ["Rapat anggota"])


def test_the_home_shows_what_is_pinned_and_not_over(world: World) -> None:
    for title, pinned, until in (("Lama", False, None), ("Penting", True, None), ("Habis", True, today())):
        act(world, "publish", write(world, Notice(title, "x", pinned, until)))
    who = member_of(world.ketua)
    for day, shown in ((today(), ["Habis", "Penting"]), (today() + timedelta(days=1), ["Penting", "Lama"])):
        with world.reading(who) as session:
            assert [one.title for one in announcements.on_home(session, who, day)] == shown


def test_two_at_once_and_who_may(world: World) -> None:
    one = write(world)
    assert write(world) == one  # a second click
    with world.reading() as session:
        seen = announcements.mark(session.get_one(Announcement, one))
    act(world, "change", one, replace(NOTICE, title="Rapat luar biasa"), seen=seen)
    with pytest.raises(StateChanged):
        act(world, "change", one, NOTICE, seen=seen, who=world.ketua)
    with pytest.raises(StateChanged):
        act(world, "withdraw", one)
    for who in (world.petugas, world.bendahara, world.platform["redaktur"]):
        with pytest.raises(NotAllowed):
            write(world, who=who)
    with pytest.raises(NotFound):
        act(world, "publish", one, who=world.other_actors["ketua"])


@pytest.mark.parametrize(
    "notice",
    [Notice("", "x"), Notice("x", ""), Notice("x" * 161, "x"), Notice("x", "x" * 5001), Notice("\u202e", "x"),
     Notice("x", "x", until_on=today() - timedelta(days=2))],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused(world: World, notice: Notice) -> None:
    with pytest.raises(InvalidValue):
        write(world, notice)
