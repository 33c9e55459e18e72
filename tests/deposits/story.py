"""A deposit from placing to its end, told in few words."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from models.deposits import TimeDeposit
from services.deposits import due, ending, placing, rates
from services.deposits.placing import Placement
from services.ledger import balances
from tests.conftest import World

JAN_31 = date(2026, 1, 31)


def offer(world: World, term=12, pct="6", on=date(2026, 1, 1)) -> None:
    with world.transaction(world.bendahara) as session:
        rates.decide(session, world.bendahara, term, Decimal(pct), effective_on=on)


def placed(world: World, member_id: int, *, from_product_id=None, **changes) -> int:
    wish = replace(Placement(member_id, 10_000_000, 12, JAN_31, "d1"), **changes)
    with world.transaction(world.petugas) as session:
        return placing.place(session, world.petugas, wish, from_product_id=from_product_id).id


def run(world: World, on: date, deposit_id=None):
    with world.transaction(world.bendahara) as session:
        return due.catch_up(session, world.bendahara, on, deposit_id=deposit_id)


def preview(world: World, deposit_id: int, on: date):
    with world.reading() as session:
        return ending.preview(session, world.petugas, deposit_id, on=on)


def paid_out(world: World, deposit_id: int, on: date, **options):
    offered = preview(world, deposit_id, on)
    with world.transaction(world.petugas) as session:
        return ending.pay_out(session, world.petugas, offered, **options)


def deposit(world: World, deposit_id: int) -> TimeDeposit:
    with world.reading() as session:
        return session.get_one(TimeDeposit, deposit_id)


def balance(world: World, code: str) -> int:
    with world.reading() as session:
        account_id = world.account(session, code)
        return balances.balances(session, world.coop.id, date(2030, 12, 31), account_ids=[account_id]).get(
            account_id, 0
        )


def years(world: World, *wanted: int) -> None:
    from services.ledger import periods

    with world.transaction(world.bendahara) as session:
        for year in wanted:
            periods.open_year(session, world.bendahara, year)
