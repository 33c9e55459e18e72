"""A till in a shop: a cashier's open shift, sales rung up in few words."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from core.actor import Actor
from models.access import CoopUser, RoleGrant, User
from models.mart.orders import Order
from models.mart.selling import TillConflict, TillShift
from models.mart.stores import Store
from models.members import Member
from services.access.sign_in import actor_in
from services.mart import shifts, stores, till, till_intake
from services.mart.shifts import Summary
from services.mart.till import Item, Sale
from services.mart.till_intake import Answer
from tests.mart.story import DAY, NOW, Shop, shop


@dataclass
class Till:
    """One cashier's open shift."""

    store: Shop
    cashier: Actor
    shift_id: int

    def sale(self, *items: tuple[int, int, int], **changes: Any) -> Sale:
        """Items are (variant, pieces, price of a piece); cash given exactly unless said otherwise."""
        made = Sale(uuid.uuid4(), tuple(Item(*item) for item in items), "cash", NOW)
        made = replace(made, **changes)
        return made if "received_rp" in changes else replace(made, received_rp=made.total_rp)

    def ring(self, *items: tuple[int, int, int], at: datetime = NOW, **changes: Any) -> Order:
        return self.sell(self.sale(*items, **changes), at=at)

    def sell(self, sale: Sale, at: datetime = NOW) -> Order:
        with self.store.world.transaction(self.cashier) as session:
            return till.sell(session, self.cashier, self.shift_id, sale, at=at)

    def send(self, sale: Sale, *, at: datetime = NOW, has_happened: bool = True) -> Answer:
        with self.store.world.transaction(self.cashier) as session:
            return till_intake.take_in(session, self.cashier, self.shift_id, sale, has_happened=has_happened, at=at)

    def settle(self, *, who: Actor | None = None, at: datetime = NOW) -> TillConflict:
        """The newest sale that waits."""
        who = who or self.cashier
        with self.store.world.transaction(who) as session:
            kept = session.query(TillConflict).order_by(TillConflict.id.desc()).first()
            return till_intake.settle(session, who, kept.id, at=at)

    def close(self, counted_rp: int, *, note: str = "", at: datetime = NOW) -> TillShift:
        with self.store.world.transaction(self.cashier) as session:
            return shifts.close(session, self.cashier, self.shift_id, counted_rp, note=note, at=at)

    def summary(self) -> Summary:
        with self.store.world.reading(self.cashier) as session:
            return shifts.summary(session, session.get_one(TillShift, self.shift_id))


def till_in(store: Shop, cashier: Actor | None = None, opening_rp: int = 100_000) -> Till:
    cashier = cashier or store.keeper
    with store.world.transaction(cashier) as session:
        shift = shifts.open_shift(session, cashier, store.store_id, opening_rp, on=DAY, at=NOW)
    return Till(store, cashier, shift.id)


def open_till(world: Any, *, neighbour: bool = False, **changes: Any) -> Till:
    return till_in(shop(world, neighbour=neighbour, **changes))


def another_cashier(store: Shop, name: str = "Dina Kasir") -> Actor:
    """A second person who keeps the shop."""
    coop_id, chair = store.keeper.coop_id, store.actors["ketua"]
    with store.world.database.platform("test", writes=True) as session:
        user = User(username=f"u{uuid.uuid4().hex[:8]}", full_name=name)
        session.add(user)
        session.flush()
        session.add(CoopUser(coop_id=coop_id, user_id=user.id))
        session.add(RoleGrant(coop_id=coop_id, user_id=user.id, role="pengelola_toko"))
        user_id = user.id
    with store.world.transaction(chair) as session:
        stores.set_managers(session, chair, store.store_id, [store.keeper.user_id, user_id])
    with store.world.reading(chair) as session:
        found = actor_in(session, user_id, coop_id)
    assert found is not None
    return found


def number_of(store: Shop, member_id: int) -> str:
    with store.world.reading() as session:
        return str(session.get_one(Member, member_id).number)


def change_store(store: Shop, **values: Any) -> None:
    def done(session: Any) -> None:
        row = session.get_one(Store, store.store_id)
        for name, value in values.items():
            setattr(row, name, value)

    store.act(store.keeper, done)
