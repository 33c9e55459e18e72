"""Two cooperatives with the same kind of months and figures of their own, so that a leak shows."""

from dataclasses import dataclass, field
from datetime import date

from core.actor import Actor
from models.access import CoopUser, RoleGrant, User
from models.ledger import Account
from services.access.sign_in import actor_in
from services.coops.commands import add_unit
from services.ledger.posting import Line, Posting, post_many
from services.members import commands as members
from services.savings import commands as savings
from services.savings import products
from tests.conftest import PASSWORD_HASH, World

NAMES = ("Siti Aminah", "Joko Santoso", "Wati <b onmouseover=alert(1)>")


@dataclass
class Told:
    """A world with its story: members by first name, and the actors of those who sign in."""

    world: World
    members: dict[str, int] = field(default_factory=dict)
    own: dict[str, Actor] = field(default_factory=dict)
    shop: int = 0


def tell(world: World) -> Told:
    told = Told(world)
    _months(told, world.actors, world.coop.id, NAMES, factor=1)
    _months(told, world.other_actors, world.other.id, ("Agus Tetangga",), factor=7)
    _shop(told)
    for name, username in (("Siti", "siti"), ("Joko", "joko")):
        told.own[name] = _user(world, username, told.members[name], {"anggota"}, world.coop.id)
    told.own["Agus"] = _user(world, "agus", told.members["Agus"], {"anggota"}, world.other.id)
    for role in ("ketua", "petugas"):
        with world.database.platform("test", writes=True) as session:
            session.get_one(User, world.actors[role].user_id).password_hash = PASSWORD_HASH
    return told


def _months(told: Told, people: dict[str, Actor], coop_id: int, names: tuple[str, ...], factor: int) -> None:
    world, clerk, chair, treasurer = told.world, people["petugas"], people["ketua"], people["bendahara"]
    for place, name in enumerate(names):
        person = members.PersonData(name=name, work_unit=("Gudang", "Kantor")[place % 2])
        with world.database.transaction(clerk) as session:
            applied = members.apply(session, clerk, person, applied_on=date(2026, 1, 5))
        with world.database.transaction(chair) as session:
            joined = members.approve(session, chair, applied.id, joined_on=date(2026, 1 + place, 5))
        told.members[name.split()[0]] = joined.id
    with world.database.transaction(clerk) as session:
        kinds = {kind: products.of_kind(session, treasurer, kind).id for kind in ("share", "mandatory", "voluntary")}
        for place, name in enumerate(names):
            steps = (
                ("share", 100_000, 3, 6), ("mandatory", 50_000, 4, 6), ("voluntary", 350_000 + place * 1_000, 5, 6),
                ("voluntary", -120_000, 6, 7),
            )  # fmt: skip
            for number, (kind, amount_rp, month, day) in enumerate(steps):
                act = savings.deposit if amount_rp > 0 else savings.withdraw
                act(
                    session, clerk, member_id=told.members[name.split()[0]], product_id=kinds[kind],
                    amount_rp=abs(amount_rp) * factor, booked_on=date(2026, month, day),
                    token=f"{coop_id}-{name}-{number}",
                )  # fmt: skip
    with world.database.transaction(treasurer) as session:
        at = {account.code: account.id for account in session.query(Account).filter(Account.coop_id == coop_id)}
        for month in range(1, 7):
            income_rp, cost_rp = 400_000 * factor + month * 1_111, 150_000 * factor
            pairs = (("11011", "4105", income_rp, 20), ("6101", "11011", cost_rp, 25))
            post_many(
                session, treasurer,
                [
                    Posting(date(2026, month, day), "Usaha", f"test:{month}:{left}",
                            [Line(at[left], amount_rp, 0), Line(at[right], 0, amount_rp)])
                    for left, right, amount_rp, day in pairs
                ],
            )  # fmt: skip


def _shop(told: Told) -> None:
    """Our shop earns in May: once into its own box, once into the common one, once for the others."""
    treasurer = told.world.bendahara
    with told.world.transaction(treasurer) as session:
        told.shop = add_unit(session, treasurer, code="TOKO", name="Toko").id
        session.flush()  # lines name it
        box, income = (told.world.account(session, code) for code in ("11011", "4105"))
        for number, (of_box, of_income) in enumerate(((told.shop, told.shop), (None, told.shop), (told.shop, None))):
            amount_rp = 10_000 * 3**number
            lines = [Line(box, amount_rp, 0, unit_id=of_box), Line(income, 0, amount_rp, unit_id=of_income)]
            post_many(session, treasurer, [Posting(date(2026, 5, 8), "Toko", f"test:shop:{number}", lines)])


def _user(world: World, username: str, member_id: int | None, roles: set[str], coop_id: int) -> Actor:
    with world.database.platform("test", writes=True) as session:
        user = User(username=username, full_name=username.title(), password_hash=PASSWORD_HASH)
        session.add(user)
        session.flush()
        session.add(CoopUser(coop_id=coop_id, user_id=user.id, member_id=member_id))
        session.add_all([RoleGrant(coop_id=coop_id, user_id=user.id, role=role) for role in roles])
        user_id = user.id
    with world.database.reading(coop_id) as session:
        actor = actor_in(session, user_id, coop_id)
    assert actor is not None
    return actor
