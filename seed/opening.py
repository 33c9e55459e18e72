"""A demo cooperative set up: profile, units, products, the members' list, opening balances, people who sign in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from core.actor import Actor
from core.money import percent_of
from models.members import Member
from models.transaction import TenantSession
from seed.logins import PEOPLE
from seed.seasons import first_day
from seed.stage import Stage
from services.access import users
from services.access.sign_in import actor_in
from services.coops import commands as coops
from services.coops import directory
from services.ledger import opening, periods
from services.loans import collectibility, history
from services.loans import products as lending
from services.loans.history import LoanTaken
from services.loans.products import ProductData
from services.members import commands as members
from services.savings import commands as savings
from services.savings import products


@dataclass(frozen=True)
class Opener:
    """Somebody who was a member when the books began, what they had saved, and the loan that ran."""

    person: members.PersonData
    joined_on: date
    share_rp: int
    mandatory_rp: int
    voluntary_rp: int
    loan: LoanTaken | None = None


@dataclass(frozen=True)
class Setting:
    """What a cooperative is before its story begins. `balances` are signed, debit above zero; `rest` takes the rest.

    The first of `loans` is the usual one, which the loans of the opening are; `savings_pct` is jasa tabungan a year.
    """

    slug: str
    name: str
    chart_name: str
    zone: str
    profile: Mapping[str, str]
    share_rp: int
    mandatory_rp: int
    balances: Mapping[str, int]
    rest: str
    loans: tuple[ProductData, ...]
    savings_pct: Decimal
    about: str
    units: Mapping[str, str] = field(default_factory=dict)


def set_up(
    session: TenantSession, setting: Setting, today: date, openers: Sequence[Opener]
) -> tuple[Stage, list[Member]]:
    """Provision the cooperative in this transaction, take its members and balances over, and let people in."""
    coop, founder, _ = coops.create(
        session, slug=setting.slug, name=setting.name, chart_name=setting.chart_name, zone=setting.zone, is_demo=True,
        **setting.profile,
    )  # fmt: skip
    coop_id, actor = coop.id, coops.founder(session, coop, founder)
    session.belong_to(coop_id)
    directory.publish(session, actor, about=setting.about, is_listed=True, takes_members=True)
    periods.open_year(session, actor, today.year)
    units = {code: coops.add_unit(session, actor, code=code, name=name).id for code, name in setting.units.items()}
    _price(session, actor, setting, first_day(today))
    stage = Stage(session, session.get_one(type(coop), coop_id), today, {"bendahara": actor}, units)
    enrolled = _take_over(stage, actor, setting, openers)
    stage.people = _let_in(stage, actor, setting.slug, enrolled)
    users.set_active(session, stage.people["ketua"], founder.id, is_active=False)
    return stage, enrolled


def _price(session: TenantSession, actor: Actor, setting: Setting, start: date) -> None:
    for kind, amount_rp in (("share", setting.share_rp), ("mandatory", setting.mandatory_rp)):
        held = products.of_kind(session, actor, kind)
        products.save(
            session, actor, code=held.code, name=held.name, kind=kind, account_id=held.account_id,
            amount_rp=amount_rp, product_id=held.id,
        )  # fmt: skip
    tabungan = products.of_kind(session, actor, "voluntary")
    products.save(
        session, actor, code=tabungan.code, name=tabungan.name, kind="voluntary", account_id=tabungan.account_id,
        product_id=tabungan.id, interest_method="average", interest_pct=setting.savings_pct, interest_from=start,
    )  # fmt: skip
    usual = history.usual_product(session, actor)
    for at, offered in enumerate(setting.loans):
        lending.save(session, actor, offered, None if at else usual)


def _take_over(stage: Stage, actor: Actor, setting: Setting, openers: Sequence[Opener]) -> list[Member]:
    as_of = first_day(stage.today) - timedelta(days=1)
    rows = [(opener.person, f"{index:04d}", opener.joined_on) for index, opener in enumerate(openers, start=1)]
    enrolled = members.enroll_many(stage.session, actor, rows)
    saved = [
        savings.OpeningBalance(member, product, amount_rp)
        for member, opener in zip(enrolled, openers, strict=True)
        for product, amount_rp in (
            (stage.share, opener.share_rp),
            (stage.mandatory, opener.mandatory_rp),
            (stage.voluntary, opener.voluntary_rp),
        )
    ]
    savings.open_balances(stage.session, actor, saved, as_of=as_of, source="opening:saldo")
    members_rp: dict[int, int] = {}
    for row in saved:
        members_rp[row.product.account_id] = members_rp.get(row.product.account_id, 0) + row.amount_rp
    signed = {stage.account(code): rp for code, rp in setting.balances.items()}
    signed |= {account_id: -rp for account_id, rp in members_rp.items()}
    lent_rp = _lent(stage, actor, list(zip(enrolled, openers, strict=True)), as_of)
    receivable = history.usual_product(stage.session, actor).account_id
    members_rp[receivable] = signed[receivable] = lent_rp
    signed[stage.account("1107")] = -percent_of(lent_rp, collectibility.PRESETS["four"][1][0].allowance_pct)
    rest = stage.account(setting.rest)
    signed[rest] = -sum(signed.values())
    lines = [opening.OpeningLine(account_id, max(rp, 0), max(-rp, 0)) for account_id, rp in signed.items()]
    opening.book(stage.session, actor, as_of=as_of, lines=lines, members_rp=members_rp, source="opening:saldo")
    return enrolled


def _lent(stage: Stage, actor: Actor, borrowers: Sequence[tuple[Member, Opener]], as_of: date) -> int:
    """Keep the loans that run; what is left of them together."""
    loans = [(member, opener.loan) for member, opener in borrowers if opener.loan]
    history.take_over(stage.session, actor, loans, as_of=as_of)
    return sum(loan.outstanding_rp for _, loan in loans)


def _let_in(stage: Stage, actor: Actor, slug: str, enrolled: Sequence[Member]) -> dict[str, Actor]:
    found = {}
    for part, person in PEOPLE[slug].items():
        member_id = enrolled[person.member - 1].id if person.member else None
        user, link = users.add(
            stage.session, actor, username=person.username, full_name=person.full_name, roles=set(person.roles),
            member_id=member_id,
        )  # fmt: skip
        stage.links.append(link)
        acting = actor_in(stage.session, user.id, actor.coop_id)
        assert acting is not None, person.username
        found[part] = acting
    return found
