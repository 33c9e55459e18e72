"""A loan from wish to money, told in few words; each test overrides one thing."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from models.loans import Loan, LoanProduct
from services.loans import applications, disbursement, products
from services.loans.products import ProductData
from services.savings import commands as savings
from tests.conftest import World

ASKED, PAID, FIRST_DUE = date(2026, 1, 10), date(2026, 1, 12), date(2026, 2, 12)


def product(world: World, **changes) -> int:
    """The usual product (flat 1 % a month), changed."""
    with world.transaction(world.bendahara) as session:
        found = session.query(LoanProduct).first()
        data = ProductData(code="UANG", name="Pinjaman uang", **changes)
        return products.save(session, world.bendahara, data, found).id


def saver(world: World, name: str = "Siti Aminah", saved_rp: int = 5_000_000) -> int:
    """A member with voluntary savings, so that cash is there to lend."""
    member_id = world.member(name)
    with world.transaction(world.petugas) as session:
        savings.deposit(
            session, world.petugas, member_id=member_id, product_id=world.product("voluntary"), amount_rp=saved_rp,
            booked_on=date(2026, 1, 6), token=f"saved-{member_id}",
        )  # fmt: skip
    return member_id


def wish(member_id: int, product_id: int, **changes) -> applications.Wish:
    usual = applications.Wish(
        member_id, product_id, 12_000_000, 12, ASKED, f"wish-{member_id}", "Renovasi rumah", salary_rp=5_000_000
    )
    return replace(usual, **changes)


def asked(world: World, member_id: int, product_id: int, **changes) -> int:
    with world.transaction(world.petugas) as session:
        return applications.ask(session, world.petugas, wish(member_id, product_id, **changes)).id


def approved(world: World, member_id: int, product_id: int, **changes) -> int:
    loan_id = asked(world, member_id, product_id, **changes)
    with world.transaction(world.bendahara) as session:
        loan = session.get_one(Loan, loan_id)
        applications.analyse(
            session, world.bendahara, loan_id, on=ASKED, principal_rp=loan.asked_rp, term=loan.term, note="layak"
        )
    for who in (world.bendahara, world.ketua):
        with world.transaction(who) as session:
            applications.decide(session, who, loan_id, approved=True, on=ASKED)
    return loan_id


def disbursed(world: World, member_id: int, product_id: int, **changes) -> int:
    loan_id = approved(world, member_id, product_id, **changes)
    pay_out(world, loan_id)
    return loan_id


def pay_out(world: World, loan_id: int, paid_on: date = PAID, first_due_on: date = FIRST_DUE) -> None:
    with world.transaction(world.bendahara) as session:
        payout = disbursement.preview(session, world.bendahara, loan_id, paid_on=paid_on, first_due_on=first_due_on)
        disbursement.disburse(session, world.bendahara, payout)


def percent(text: str) -> Decimal:
    return Decimal(text)
