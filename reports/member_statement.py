"""Kartu anggota: a member's savings, product by product, each movement with the balance after it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Row, and_, func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import NotFound
from core.money import Rupiah
from models.members import Member
from models.savings import KINDS, SavingsAccount, SavingsMovement, SavingsProduct
from reports.refusals import MissingChoice
from reports.scope import Who, frame_of
from reports.shape import Check, Frame

_WORDS = {
    "opening": "Saldo awal",
    "deposit": "Setoran",
    "withdrawal": "Penarikan",
    "exit": "Keluar",
    "reversal": "Pembatalan",
    "interest": "Jasa simpanan",
    "tax": "Pajak jasa",
}


@dataclass(frozen=True)
class MemberMovement:
    booked_on: date
    memo: str
    deposit_rp: Rupiah
    withdrawal_rp: Rupiah
    balance_rp: Rupiah
    entry_seq: int | None


@dataclass(frozen=True)
class MemberPage:
    """One product of the member."""

    code: str
    label: str
    opening_rp: Rupiah
    movements: tuple[MemberMovement, ...]
    closing_rp: Rupiah

    @property
    def deposit_rp(self) -> Rupiah:
        return sum(movement.deposit_rp for movement in self.movements)

    @property
    def withdrawal_rp(self) -> Rupiah:
        return sum(movement.withdrawal_rp for movement in self.movements)


@dataclass(frozen=True)
class MemberStatement:
    frame: Frame
    member_id: int
    number: str
    name: str
    pages: tuple[MemberPage, ...]
    checks: tuple[Check, ...]

    @property
    def totals(self) -> dict[str, Rupiah]:
        return {
            "opening_rp": sum(page.opening_rp for page in self.pages),
            "deposit_rp": sum(page.deposit_rp for page in self.pages),
            "withdrawal_rp": sum(page.withdrawal_rp for page in self.pages),
            "closing_rp": sum(page.closing_rp for page in self.pages),
        }


def member_statement(
    session: Session, who: Who, since: date, until: date, *, member: int | str | None = None
) -> MemberStatement:
    """The card of one member (id or member number) from `since` to `until`.

    A member sees their own and nobody else's. Raises MissingChoice, PeriodReversed, NotFound.
    """
    coop_id = who.coop_id if isinstance(who, Actor) else who
    found = member_asked(session, who, member, report="kartu anggota", permission="savings.view")
    title = f"Kartu Simpanan {found.number or ''} {found.name}".replace("  ", " ")
    frame = frame_of(session, coop_id, "member-statement", title, since=since, until=until)
    pages = _pages(session, coop_id, found.id, since, until)
    kept = _kept(session, coop_id, found.id, until)
    check = Check("Saldo akhir dan jumlah mutasi", sum(page.closing_rp for page in pages), kept)
    return MemberStatement(frame, found.id, found.number or "", found.name, pages, (check,))


def member_asked(
    session: Session, who: Who, member: int | str | None, *, report: str, permission: str
) -> Row[int, str | None, str]:
    """(id, number, name) of the member a card is wanted of: one's own, or anybody's with the permission.

    Raises MissingChoice, NotFound.
    """
    if member is None:
        raise MissingChoice(report=report, what="anggota (nomor anggota)")
    coop_id = who.coop_id if isinstance(who, Actor) else who
    key = Member.id if isinstance(member, int) else Member.number
    wanted = member.strip() if isinstance(member, str) else member
    query = select(Member.id, Member.number, Member.name).where(Member.coop_id == coop_id, key == wanted)
    found = session.execute(query).first()
    if found is None or not _may_see(who, found.id, permission):
        raise NotFound(what="Anggota")
    return found


def _may_see(who: Who, member_id: int, permission: str) -> bool:
    if not isinstance(who, Actor):
        return True
    return who.may(permission) or (who.may("own.view") and who.member_id == member_id)


def _pages(session: Session, coop_id: int, member_id: int, since: date, until: date) -> tuple[MemberPage, ...]:
    movement, account, product = SavingsMovement, SavingsAccount, SavingsProduct
    query = (
        select(
            product.id, product.code, product.name, product.kind, movement.booked_on, movement.kind, movement.memo,
            movement.amount_rp, movement.entry_seq,
        )
        .join(account, and_(account.coop_id == movement.coop_id, account.id == movement.account_id))
        .join(product, and_(product.coop_id == account.coop_id, product.id == account.product_id))
        .where(movement.coop_id == coop_id, account.member_id == member_id, movement.booked_on <= until)
        .order_by(movement.booked_on, movement.id)
    )  # fmt: skip
    labels: dict[int, tuple[int, str, str]] = {}
    openings: dict[int, Rupiah] = {}
    running: dict[int, Rupiah] = {}
    shown: dict[int, list[MemberMovement]] = {}
    for product_id, code, name, product_kind, day, kind, memo, amount_rp, seq in session.execute(query):
        labels[product_id] = (KINDS.index(product_kind), code, name)
        running[product_id] = running.get(product_id, 0) + amount_rp
        if day < since:
            openings[product_id] = running[product_id]
        else:
            text = memo or _WORDS[kind]
            row = MemberMovement(day, text, max(amount_rp, 0), max(-amount_rp, 0), running[product_id], seq)
            shown.setdefault(product_id, []).append(row)
    return tuple(
        MemberPage(code, name, openings.get(key, 0), tuple(shown.get(key, ())), running[key])
        for key, (_, code, name) in sorted(labels.items(), key=lambda item: item[1])
    )


def _kept(session: Session, coop_id: int, member_id: int, until: date) -> Rupiah:
    """The balance the accounts keep, less what moved after `until`."""
    account, movement = SavingsAccount, SavingsMovement
    mine = (account.coop_id == coop_id, account.member_id == member_id)
    balance = session.scalar(select(func.coalesce(func.sum(account.balance_rp), 0)).where(*mine))
    later = session.scalar(
        select(func.coalesce(func.sum(movement.amount_rp), 0))
        .join(account, and_(account.coop_id == movement.coop_id, account.id == movement.account_id))
        .where(movement.coop_id == coop_id, movement.booked_on > until, *mine)
    )
    return int(balance or 0) - int(later or 0)
