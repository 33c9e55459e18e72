"""The stage of one cooperative: who acts, and the few acts every story is made of. All of them are services."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from core.actor import Actor
from core.clock import now
from models.access import ApprovalRequest
from models.coops import Coop
from models.members import Member
from models.savings import Receipt, SavingsProduct
from models.transaction import TenantSession
from seed.seasons import shifted
from services.approvals import commands as approvals
from services.ledger import balances, chart, manual, periods
from services.ledger.posting import Line
from services.loans import exits
from services.members import commands as members
from services.news import announcements
from services.news.announcements import Notice
from services.savings import bills, commands, products, queries

CENTRAL = ("11011", "11012", "11021", "11022")  # cash and bank are kept for all units together


@dataclass(frozen=True)
class Scene:
    """Something that happens on a day."""

    on: date
    tell: Callable[[], object]


def numbered(members: Iterable[Member], number: int) -> Member:
    """The member of this number."""
    return next(member for member in members if member.number == f"{number:04d}")


@dataclass
class Stage:
    """One cooperative while its story is told, in one transaction. `links` let its people set their passwords after."""

    session: TenantSession
    coop: Coop
    today: date
    people: dict[str, Actor]
    units: dict[str, int] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    _accounts: dict[str, int] = field(default_factory=dict)
    _told: int = 0
    _vouchers: Counter[date] = field(default_factory=Counter)

    @cached_property
    def share(self) -> SavingsProduct:
        return products.of_kind(self.session, self.people["bendahara"], "share")

    @cached_property
    def mandatory(self) -> SavingsProduct:
        return products.of_kind(self.session, self.people["bendahara"], "mandatory")

    @cached_property
    def voluntary(self) -> SavingsProduct:
        return products.of_kind(self.session, self.people["bendahara"], "voluntary")

    def account(self, code: str) -> int:
        if code not in self._accounts:
            self._accounts[code] = chart.account_of(self.session, self.people["bendahara"], code).id
        return self._accounts[code]

    def balance(self, code: str, on: date) -> int:
        """What stands on an account at the end of a day, above zero on the side it usually has."""
        return abs(self._net(code, on))

    def _net(self, code: str, on: date) -> int:
        account_id = self.account(code)
        return balances.balances(self.session, self.coop.id, on, account_ids=[account_id]).get(account_id, 0)

    def back(self, month: date) -> int:
        """How many months a month lies before the one under way."""
        return (self.today.year - month.year) * 12 + self.today.month - month.month

    def token(self, what: str) -> str:
        """A source that is the same each time the story is told."""
        self._told += 1
        return f"{self.coop.slug}-{what}-{self._told}"

    def ask(self, on: date, memo: str, amounts: Mapping[str, int], *, unit: str = "") -> ApprovalRequest:
        """Bendahara asks for a journal; amounts above zero are debits."""
        lines = [
            self._line(code, rp, self.units.get(unit) if code not in CENTRAL else None)
            for code, rp in amounts.items()
            if rp
        ]
        return self._ask(on, memo, lines)

    def _line(self, code: str, signed_rp: int, unit_id: int | None) -> Line:
        return Line(self.account(code), max(signed_rp, 0), max(-signed_rp, 0), unit_id=unit_id)

    def _ask(self, on: date, memo: str, lines: list[Line]) -> ApprovalRequest:
        month = on.replace(day=1)
        self._vouchers[month] += 1
        voucher = f"BU-{on:%y%m}-{self._vouchers[month]:03d}"
        draft = manual.JournalDraft(on, memo, lines, self.token("jurnal"), voucher)
        return manual.request_journal(self.session, self.people["bendahara"], draft)

    def journal(self, on: date, memo: str, amounts: Mapping[str, int], *, unit: str = "") -> None:
        """A manual journal, asked for by bendahara and approved by ketua."""
        asked = self.ask(on, memo, amounts, unit=unit)
        approvals.approve(self.session, self.people["ketua"], asked.id)

    def move_to_unit(self, on: date, codes: tuple[str, ...], unit: str) -> None:
        """Give a unit what stands on some accounts and belonged to no unit so far."""
        lines = []
        for code in codes:
            net_rp = self._net(code, on)
            lines += [self._line(code, net_rp, self.units[unit]), self._line(code, -net_rp, None)]
        asked = self._ask(on, f"Pemisahan saldo awal ke unit {unit}", lines)
        approvals.approve(self.session, self.people["ketua"], asked.id)

    def apply(self, person: members.PersonData, on: date) -> Member:
        return members.apply(self.session, self.people["petugas"], person, applied_on=on)

    def approve(self, applicant: Member, on: date) -> Member:
        return members.approve(self.session, self.people["ketua"], applicant.id, joined_on=on)

    def bill(self, month: date) -> None:
        """The month's bills of simpanan wajib for everybody active."""
        who, day = self.people["bendahara"], self.today
        run = bills.preview(self.session, who, product_id=self.mandatory.id, month_on=month, today=day)
        bills.book(self.session, who, run, today=day)

    def deposit(self, member: Member, product: SavingsProduct, amount_rp: int, on: date) -> Receipt:
        return commands.deposit(
            self.session, self.people["petugas"], member_id=member.id, product_id=product.id, amount_rp=amount_rp,
            booked_on=on, token=self.token("setor"),
        )  # fmt: skip

    def withdraw(self, member: Member, wanted_rp: int, on: date) -> bool:
        """Pay out of simpanan sukarela, as far as something worth the walk is there."""
        held = queries.balances(self.session, self.people["petugas"], member.id)
        free_rp = sum(row.balance_rp for row in held if row.kind == "voluntary") - 50_000
        amount_rp = min(wanted_rp, free_rp // 50_000 * 50_000)
        if amount_rp < 50_000:
            return False
        commands.withdraw(
            self.session, self.people["petugas"], member_id=member.id, product_id=self.voluntary.id,
            amount_rp=amount_rp, booked_on=on, token=self.token("tarik"),
        )  # fmt: skip
        return True

    def leave(self, member: Member, on: date, reason: str, cash: chart.Role) -> None:
        """A member leaves and gets what is theirs."""
        chair = self.people["ketua"]
        settlement = exits.preview(self.session, chair, member.id, on=on)
        exits.settle(self.session, chair, settlement, left_on=on, reason=reason, cash=cash)

    def turn_month(self, month: date) -> None:
        """What is done when a month begins: close the one before the last, lock what is half a year old."""
        for by, act, who in ((-2, "close", "bendahara"), (-6, "lock", "ketua")):
            actor = self.people[who]
            for period in reversed(periods.all_periods(self.session, actor)):
                usable = "open" if act == "close" else "closed"
                if period.starts_on <= shifted(month, by) and period.state == usable:
                    periods.change(self.session, actor, period.id, act)

    def announce(self, title: str, body: str, days: int) -> None:
        """Something for all members; it stands on their home for so many days."""
        writer = self.people["sekretaris"]
        notice = Notice(title, body, until_on=self.today + timedelta(days=days))
        one = announcements.write(self.session, writer, notice)
        announcements.publish(self.session, writer, one.id)
        one.publish_at = now() - timedelta(hours=1)  # out already, however long the telling takes
