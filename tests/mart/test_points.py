"""Points as a member and the shop see them: how they came and went, and never another member's."""

import pytest

from core.errors import NotAllowed, NotFound
from models.coops import CoopSetting
from services.mart import points
from tests.mart.story import DAY, Shop, shop


@pytest.fixture
def store(world) -> Shop:
    made = shop(world)

    def settings(session):
        for name, value in (("mart.point_every_rp", "10000"), ("mart.point_rp", "100")):
            session.add(CoopSetting(name=name, effective_on=DAY, value=value, created_by=made.keeper.user_id))

    made.act(made.keeper, settings)
    return made


def test_points_come_with_done_orders_and_go_as_payment(store):
    siti, joko, rice = store.buyer(), store.buyer("Joko"), store.variant()
    for used in (0, 5):
        order = store.place(siti, (rice, 1), pay_by="savings", points=used)
        store.pay(siti, order)
        store.hand_over(order)
    with store.world.reading(siti) as session:
        rows = points.history(session, siti, siti.member_id)
        assert [(row.kind, row.points, row.value_rp, order.label) for row, order in rows] == [
            ("earned", 7, 700, "T/2026/00002"), ("used", -5, -500, "T/2026/00002"), ("earned", 7, 700, "T/2026/00001"),
        ]  # fmt: skip
        with pytest.raises(NotFound):
            points.history(session, siti, joko.member_id)
        with pytest.raises(NotAllowed):
            points.holders(session, siti)
    with store.world.reading(store.keeper) as session:
        assert [(one.member.name, one.points, one.value_rp) for one in points.holders(session, store.keeper)] == [
            ("Siti Aminah", 9, 900)
        ]
        assert points.holders(session, store.keeper, "joko") == []
        assert len(points.holders(session, store.keeper, "SITI")) == 1
    theirs = store.world.other_actors["pengelola_toko"]
    with store.world.reading(theirs) as session:
        assert points.history(session, theirs, siti.member_id) == []
        assert points.holders(session, theirs) == []
