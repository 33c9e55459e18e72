"""A member who has done a bit of everything, with their sign-in, and who then may leave."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

from PIL import Image

from core.actor import Actor
from models.access import CoopUser, RoleGrant, User
from models.members import Member
from services.access import registration
from services.access.registration import Visitor
from services.access.sign_in import Confirmed, actor_in
from services.loans import applications, documents, exits
from services.loans import products as lending
from services.members import commands as members
from services.savings import commands as savings
from services.savings import products
from tests.conftest import PASSWORD, World

DAY = date(2026, 3, 5)
NIK, ACCOUNT = "3201010101010007", "0099887766"
PERSON = members.PersonData(
    name="Dewi Lestari", nik=NIK, nip="19900101", birth_place="Bantul", birth_on=date(1990, 2, 1),
    address="Jalan Melati 5", employer="Dinas", work_unit="Gudang", phone="081234000777", email="dewi@example.id",
    bank_name="BRI", bank_account=ACCOUNT,
)  # fmt: skip
TRACES = ("Dewi Lestari", NIK, ACCOUNT, "Jalan Melati 5", "081234000777", "dewi@example.id", "Obat ibu", "dewi.l")


def picture() -> bytes:
    body = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(body, "PNG")
    return body.getvalue()


def person(world: World, folder: Path, *, people: dict[str, Actor] | None = None, user: bool = True) -> Actor:
    """Dewi: a member with savings, and a cancelled loan with its paper; the actor she signs in as."""
    people = people or world.actors
    clerk, chair = people["petugas"], people["ketua"]
    with world.transaction(clerk) as session:
        applied = members.apply(session, clerk, PERSON, applied_on=date(2026, 1, 5))
    with world.transaction(chair) as session:
        member = members.approve(session, chair, applied.id, joined_on=date(2026, 1, 5))
    with world.transaction(clerk) as session:
        product = products.of_kind(session, clerk, "voluntary")
        savings.deposit(
            session, clerk, member_id=member.id, product_id=product.id, amount_rp=500_000, booked_on=DAY, token="d"
        )  # fmt: skip
        wish = applications.Wish(
            member.id, lending.active(session, clerk)[0].id, 100_000, 10, DAY, "wish", "Obat ibu", salary_rp=4_000_000
        )
        loan = applications.ask(session, clerk, wish)
        documents.add(session, clerk, loan.id, documents.Paper("Slip gaji", picture()), folder)
        applications.cancel(session, clerk, loan.id, reason="Tidak jadi")
    return sign_in_of(world, member.id, clerk.coop_id) if user else replace(clerk, member_id=member.id)


def sign_in_of(world: World, member_id: int, coop_id: int, username: str = "dewi.l") -> Actor:
    """A sign-in for the member; where the username exists, another place for the same person."""
    with world.database.platform("test") as session:
        held = session.query(User).filter(User.username == username).one_or_none()
    if held is None:
        visitor = Visitor(username, "Dewi Lestari", PASSWORD, "dewi@example.id", "2026-11")
        held = registration.register(world.database, visitor, ip="127.0.0.1")
    with world.database.transaction(coop_id) as session:
        session.add(CoopUser(coop_id=coop_id, user_id=held.id, member_id=member_id))
        session.add(RoleGrant(coop_id=coop_id, user_id=held.id, role="anggota"))
    with world.database.reading(coop_id) as session:
        found = actor_in(session, held.id, coop_id)
    assert found is not None
    return found


def leave(world: World, member_id: int, chair: Actor | None = None) -> None:
    chair = chair or world.ketua
    with world.transaction(chair) as session:
        settlement = exits.preview(session, chair, member_id, on=DAY)
        exits.settle(session, chair, settlement, left_on=DAY, reason="Pindah ke Sleman")


def sure(actor: Actor) -> Confirmed:
    return Confirmed(actor.user_id)


def held(world: World, member_id: int) -> Member:
    with world.reading() as session:
        return session.get_one(Member, member_id)
