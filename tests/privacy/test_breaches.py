"""A breach: whom it met, told once each, in time; and what has had its time goes."""

from datetime import timedelta

import pytest

from core.clock import now
from core.errors import InvalidValue, NotAllowed, NotFound
from models.audit import AuditRecord
from models.members import JoinRequest
from models.news import NewsletterReader
from models.notifications import Notification
from models.privacy import Breach
from models.support import VisitorMessage
from services.privacy import breaches, letters, retention
from services.privacy.refusals import BreachMoved
from tests.conftest import World


def report(world: World, **changes: object) -> breaches.Report:
    usual = {
        "title": "Salinan hilang", "what": "Laptop dicuri di bus.", "handling": "Sandi diganti.",
        "data_kinds": ("kontak", "ktp"), "coop_ids": (world.coop.id,), "happened_at": now() - timedelta(hours=5),
        "found_at": now() - timedelta(hours=1),
    }  # fmt: skip
    return breaches.Report(**(usual | changes))


def opened(world: World, **changes: object) -> Breach:
    who = world.platform["operator_platform"]
    with world.database.transaction(who) as session:
        return breaches.save(session, who, report(world, **changes))


def test_everybody_is_told_once_and_only_there(any_world: World) -> None:
    world, who = any_world, any_world.platform["operator_platform"]
    world.member("Siti Aminah")
    breach = opened(world)
    with world.database.transaction(who) as session:
        breaches.start_telling(session, who, breach.id)
    with pytest.raises(BreachMoved), world.database.transaction(who) as session:
        breaches.start_telling(session, who, breach.id)
    assert breaches.due(world.database) == [(breaches.TASK, {"breach_id": breach.id})]
    for _ in range(2):
        breaches.work(world.database, breach_id=breach.id)
    assert breaches.due(world.database) == []
    with world.reading() as session:
        told = session.query(Notification).filter(Notification.key.startswith("breach:")).all()
        assert len(told) == len({one.key for one in told}) == 8  # Siti, six people and the first user
        assert all(part in one.body for one in told for part in ("Maju Bersama", "Nomor KTP", "Laptop dicuri"))
    with world.reading(world.other_actors["ketua"]) as session:
        assert session.query(Notification).count() == 0
        with pytest.raises(NotFound):
            breaches.told_in(session, breach.id, world.other.id)
    with world.database.transaction(who) as session:
        assert breaches.get(session, who, breach.id).told_at is not None
        breaches.close(session, who, breach.id)


def test_the_list_is_made_by_query_and_every_cooperative_knows(any_world: World) -> None:
    world, who = any_world, any_world.platform["operator_platform"]
    world.member("Siti Aminah")
    assert {row.coop for row in breaches.affected(world.database, who, opened(world).id)} == {"Koperasi Maju Bersama"}
    everybody = breaches.affected(world.database, who, opened(world, coop_ids=()).id)
    assert {row.coop for row in everybody} == {"Koperasi Maju Bersama", "Koperasi Tetangga Jaya"}
    assert "Siti Aminah" in {row.name for row in everybody}
    for coop_id, times in ((world.coop.id, 2), (world.other.id, 1)):
        with world.reading(coop_id) as session:
            made = session.query(AuditRecord).filter(AuditRecord.action == "privacy.breach_list").all()
            assert len(made) == times
            assert made[-1].user_id == who.user_id


@pytest.mark.parametrize(
    "changes",
    [
        {"title": " "}, {"what": ""}, {"data_kinds": ()}, {"data_kinds": ("gosip",)}, {"coop_ids": (999,)},
        {"found_at": now() + timedelta(days=1)}, {"happened_at": now() + timedelta(days=1)},
    ],
)  # fmt: skip
def test_a_breach_that_cannot_be(world: World, changes: dict[str, object]) -> None:
    with pytest.raises(InvalidValue):
        opened(world, **changes)


def test_only_the_operator_and_only_with_the_handling_written(world: World) -> None:
    breach, who = opened(world, handling=""), world.platform["operator_platform"]
    with pytest.raises(InvalidValue), world.database.transaction(who) as session:
        breaches.start_telling(session, who, breach.id)
    for other in (world.platform["redaktur"], world.ketua):
        with pytest.raises(NotAllowed), world.database.transaction(other) as session:
            breaches.get(session, other, breach.id)
        with pytest.raises(NotAllowed):
            breaches.affected(world.database, other, breach.id)
    with world.database.transaction(who) as session:
        assert [one.id for one in breaches.unfinished(session, who)] == [breach.id]
        breaches.save(session, who, report(world), breach.id)
        breaches.start_telling(session, who, breach.id)
    with pytest.raises(BreachMoved), world.database.transaction(who) as session:
        breaches.save(session, who, report(world), breach.id)


def test_the_letters_say_what_when_how_and_what_is_done(world: World) -> None:
    breach = opened(world)
    for letter in (letters.to_people(breach, "Koperasi Maju"), letters.to_authority(breach, ["Koperasi Maju"], "12")):
        for word in ("Nomor KTP", "Kapan terjadi", "Laptop dicuri", "Sandi diganti", "UU 27/2022"):
            assert word in letter, word
    assert breaches.due_at(breach) - breach.found_at == timedelta(hours=72)


def test_what_has_had_its_time_goes_and_the_rest_stays(any_world: World) -> None:
    world, at = any_world, now()
    old, new = at - timedelta(days=400), at - timedelta(days=2)
    with world.database.platform("test", writes=True) as session:
        for n, (made, state) in enumerate([(old, "closed"), (old, "open"), (new, "closed")]):
            session.add(VisitorMessage(token=str(n), name="x", email="x", kind="question", body="x", state=state,
                                       created_at=made))  # fmt: skip
            session.add(NewsletterReader(email=str(n), asked_at=made,
                                         confirmed_at=made if state == "open" else None))  # fmt: skip
            session.add(JoinRequest(coop_id=world.coop.id, token=str(n), name="x", phone="0", consent_version="1",
                                    state="waiting" if state == "open" else "refused", decided_at=made))  # fmt: skip
    for times in (1, 0):
        with world.database.platform("test", writes=True) as session:
            gone = retention.prune(session, at)
        kept = (
            "pesan pengunjung yang selesai",
            "langganan buletin tanpa konfirmasi",
            "permohonan anggota yang ditolak",
        )
        assert [gone[label] for label in kept] == [times] * 3
    with world.database.platform("test") as session:
        assert [session.query(table).count() for table in (VisitorMessage, NewsletterReader, JoinRequest)] == [2, 2, 2]
