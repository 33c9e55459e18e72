"""What a cooperative's books know, read once per preview and then asked in memory."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.money import Rupiah
from models.coops import Coop, Unit
from models.loans import Loan
from models.members import Member
from models.savings import SavingsAccount, SavingsMovement, SavingsProduct
from services.ledger import chart, periods
from services.ledger.opening_checks import brought_along
from services.savings import products


class AccountFact(NamedTuple):
    id: int
    code: str
    name: str
    normal_balance: str
    is_header: bool
    is_active: bool


class MemberFact(NamedTuple):
    id: int
    number: str
    name: str
    nip: str
    state: str
    joined_on: date | None
    left_on: date | None


@dataclass
class Known:
    """Accounts, roles, units, products, months, and the register of members."""

    starts_on: date | None
    accounts: dict[str, AccountFact]
    names: dict[str, list[AccountFact]]
    roles: dict[str, int]
    control: set[int]
    units: dict[str, int]
    products: list[SavingsProduct]
    months: dict[date, str]
    members: dict[str, MemberFact] = field(default_factory=dict)
    by_nip: dict[str, list[MemberFact]] = field(default_factory=dict)
    plain_numbers: dict[str, list[MemberFact]] = field(default_factory=dict)

    def account(self, text: str) -> AccountFact | None:
        """By code, by exact name, or by both as charts are often printed ("11011 - Kas Besar"); else None."""
        found = self.accounts.get(text)
        if found is not None or not text:
            return found
        named = self.names.get(text.casefold(), [])
        if len(named) == 1:
            return named[0]
        code, _, rest = text.partition(" ")
        coded = self.accounts.get(code.rstrip("-:."))
        if coded is not None and rest.strip(" -:.").casefold() == coded.name.casefold():
            return coded
        return None

    def member(self, number: str) -> MemberFact | None:
        """By number; a spreadsheet that ate leading zeros (63 for 0063) still finds the one member it can mean."""
        found = self.members.get(number)
        if found is None and number.isascii() and number.isdigit():
            alike = self.plain_numbers.get(number.lstrip("0"), [])
            return alike[0] if len(alike) == 1 else None
        return found

    def member_of_nip(self, nip: str) -> MemberFact | None:
        alike = self.by_nip.get(nip, [])
        return alike[0] if len(alike) == 1 else None

    def product(self, kind: str) -> SavingsProduct | None:
        """The first product of a kind, as `services.savings.products.of_kind`."""
        return next((product for product in self.products if product.kind == kind), None)

    def before_books(self) -> date | None:
        """The day opening balances most likely are of: before the books began, or before their first month."""
        first = self.starts_on or min(self.months, default=None)
        return first - timedelta(days=1) if first else None


def load(session: Session, actor: Actor) -> Known:
    """Everything a preview asks, in a handful of queries whatever the size of the file."""
    accounts = [
        AccountFact(one.id, one.code, one.name, one.normal_balance, one.is_header, one.is_active)
        for one in chart.all_accounts(session, actor)
    ]
    names: dict[str, list[AccountFact]] = {}
    for account in accounts:
        names.setdefault(account.name.casefold(), []).append(account)
    units = session.scalars(select(Unit))
    known = Known(
        starts_on=session.scalar(select(Coop.books_start_on).where(Coop.id == actor.coop_id)),
        accounts={account.code: account for account in accounts},
        names=names,
        roles=chart.roles(session, actor),
        control=chart.control_accounts(session),
        units={word.casefold(): unit.id for unit in units for word in (unit.name, unit.code)},
        products=products.active(session, actor),
        months={period.starts_on: period.state for period in periods.all_periods(session, actor)},
    )
    load_members(session, actor, known)
    return known


def load_members(session: Session, actor: Actor, known: Known) -> None:
    """The register as it is now."""
    known.members, known.by_nip, known.plain_numbers = {}, {}, {}
    query = select(
        Member.id, Member.number, Member.name, Member.nip, Member.state, Member.joined_on, Member.left_on
    ).where(Member.coop_id == actor.coop_id, Member.number.is_not(None))
    for id_, number, name, nip, state, joined_on, left_on in session.execute(query):
        member = MemberFact(id_, number or "", name, nip or "", state, joined_on, left_on)
        known.members[member.number] = member
        known.by_nip.setdefault(member.nip, []).append(member)
        if member.number.isascii() and member.number.isdigit():
            known.plain_numbers.setdefault(member.number.lstrip("0"), []).append(member)


def nik_indexes(session: Session, actor: Actor) -> dict[str, str]:
    """The blind indexes of KTP numbers in the register -> who holds each."""
    query = select(Member.nik_index, Member.name, Member.number).where(
        Member.coop_id == actor.coop_id, Member.nik_index.is_not(None)
    )
    return {index or "": f"{name} ({number or 'calon'})" for index, name, number in session.execute(query)}


def savings_of(session: Session, actor: Actor, member_ids: Iterable[int]) -> dict[tuple[int, int], Rupiah]:
    """Balances of these members by (member, product)."""
    wanted = set(member_ids)
    query = select(SavingsAccount.member_id, SavingsAccount.product_id, SavingsAccount.balance_rp).where(
        SavingsAccount.coop_id == actor.coop_id
    )
    if len(wanted) <= 500:
        query = query.where(SavingsAccount.member_id.in_(wanted))
    return {(member_id, product_id): rp for member_id, product_id, rp in session.execute(query) if member_id in wanted}


def loans_of(session: Session, actor: Actor) -> dict[int, Rupiah]:
    """Principal left on running loans, by member."""
    query = (
        select(Loan.member_id, func.sum(Loan.outstanding_rp))
        .where(Loan.coop_id == actor.coop_id, Loan.state == "running")
        .group_by(Loan.member_id)
    )
    return {member_id: int(left_rp) for member_id, left_rp in session.execute(query)}


def movements_booked(session: Session, actor: Actor, sources: list[str]) -> dict[str, Rupiah]:
    """Those of the sources that were booked as savings movements, with their amounts."""
    found: dict[str, Rupiah] = {}
    for start in range(0, len(sources), 500):
        query = select(SavingsMovement.source, SavingsMovement.amount_rp).where(
            SavingsMovement.coop_id == actor.coop_id, SavingsMovement.source.in_(sources[start : start + 500])
        )
        found.update({source: amount_rp for source, amount_rp in session.execute(query)})  # noqa: C416  rows
    return found


def opening_by_account(session: Session, actor: Actor, known: Known) -> dict[int, Rupiah]:
    """What members' opening balances add up to per control account, loans with them; every control account is named."""
    found = {product.account_id: 0 for product in session.scalars(select(SavingsProduct))}
    return found | brought_along(session, actor.coop_id)
