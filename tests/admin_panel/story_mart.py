"""What waits for somebody in the story's shops: a proof, an order to pack, goods that shall come back, a kasbon."""

from datetime import date
from pathlib import Path

from core.actor import Actor
from models.mart.products import ProductVariant
from models.mart.stores import Store
from services.access.sign_in import Confirmed
from services.mart import payments, returns
from services.mart.buyers import Buyer
from tests.conftest import World
from tests.mart.story import DAY, NOW, Shop


def trade(world: World, people: dict[str, Actor], member_id: int, name: str, proof: bytes) -> None:
    """The member of the story buys in the story's shop."""
    made, rice = _shop(world, people)
    clerk, folder = people["sekretaris"], Path(str(world.database.engine.url.database)).parent
    buyer, sure = (
        Buyer(clerk.user_id, clerk.coop_id, frozenset({"own.view"}), member_id, name),
        Confirmed(clerk.user_id),
    )
    sent = made.place(buyer, (rice, 1))
    proved = {"sender": name, "proof": proof, "folder": folder, "at": NOW}
    made.own(buyer, sent, lambda s, o: payments.claim(s, buyer, o, **proved))
    for handed in (False, True):
        order = made.place(buyer, (rice, 2), pay_by="credit")
        made.own(buyer, order, lambda s, o: payments.by_credit(s, buyer, o, confirmed=sure, on=DAY))
        if handed:
            made.hand_over(order)
    wanted = {made.now(order).lines[0].id: 1}
    asked = {"reason": "Karung bocor", "token": f"return-{member_id}", "on": date(2026, 2, 11)}
    made.own(buyer, order, lambda s, o: returns.ask(s, buyer, o, wanted, **asked))


def _shop(world: World, people: dict[str, Actor]) -> tuple[Shop, int]:
    """The shop that gives kasbon now, and what lies on its shelf."""
    with world.database.transaction(people["ketua"]) as session:
        store, rice = session.query(Store).one(), session.query(ProductVariant).one()
        store.credit_limit_rp = 1_000_000
        return Shop(world, store.id, people["pengelola_toko"], people), rice.id
