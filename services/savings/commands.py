"""The teller's desk: deposit, withdraw, undo. Each is one transaction and one journal entry, once per `token`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import rupiah
from core.errors import InvalidValue, NotFound
from core.money import LIMIT_RP, Rupiah
from models.members import Member
from models.savings import Receipt, SavingsAccount, SavingsMovement, SavingsProduct
from services.audit import trail
from services.ledger.chart import Role
from services.ledger.posting import Line, Posting, credit, debit, entry_by_seq, post_many, reverse
from services.members import commands as members
from services.savings import bills
from services.savings.receipts import issue
from services.savings.refusals import AlreadyUndone, AmountInvalid, CannotUndo, NotEnough, NotMember, NotWithdrawable


@dataclass(frozen=True)
class CashMovement:
    """Cash in (`amount_rp` above zero) or out (below zero) of a member's savings, as an event with a source."""

    member: Member
    product: SavingsProduct
    amount_rp: Rupiah
    booked_on: date
    source: str
    memo: str = ""
    voucher_no: str = ""
    cash: Role | int = Role.CASH


def deposit(
    session: Session,
    actor: Actor,
    *,
    member_id: int,
    product_id: int,
    amount_rp: Rupiah,
    booked_on: date,
    token: str,
    cash: Role | int = Role.CASH,
    memo: str = "",
) -> Receipt:
    """Take cash into a member's savings: books it, pays the oldest bills of that product, and issues the kuitansi.

    The same `token` again returns the same receipt. Raises AmountInvalid, NotMember, and as `post`.
    """
    actor.must("savings.teller")
    _must_be_amount(amount_rp)
    return _desk(session, actor, member_id, product_id, amount_rp, booked_on, token, cash, memo)


def withdraw(
    session: Session,
    actor: Actor,
    *,
    member_id: int,
    product_id: int,
    amount_rp: Rupiah,
    booked_on: date,
    token: str,
    cash: Role | int = Role.CASH,
    memo: str = "",
) -> Receipt:
    """Pay cash out of a member's voluntary savings and issue the kuitansi.

    Raises:
        AmountInvalid, NotMember.
        NotWithdrawable: pokok and wajib stay while the person is a member.
        NotEnough: less is there, or the product's minimum would be broken.
    """
    actor.must("savings.teller")
    _must_be_amount(amount_rp)
    return _desk(session, actor, member_id, product_id, -amount_rp, booked_on, token, cash, memo)


def _desk(
    session: Session,
    actor: Actor,
    member_id: int,
    product_id: int,
    signed_rp: Rupiah,
    booked_on: date,
    token: str,
    cash: Role | int,
    memo: str,
) -> Receipt:
    source = f"savings:{token}"
    member, product = members.get(session, actor, member_id), _product(session, product_id)
    movement = CashMovement(member, product, signed_rp, booked_on, source, memo.strip(), cash=cash)
    if found := session.scalars(select(Receipt).where(Receipt.source == source)).first():
        move_many(session, actor, [movement])  # the ledger refuses the same token with other content
        return found
    moved = move_many(session, actor, [movement])[0]
    trail.record(session, actor, "savings.move", f"member:{member.id}", amount_rp=signed_rp, product=product.code)
    account = moved.account
    return issue(
        session,
        actor,
        member=member,
        source=source,
        entry_seq=moved.entry_seq or 0,
        issued_on=booked_on,
        amount_rp=abs(signed_rp),
        is_payment_in=signed_rp > 0,
        balance_after_rp=account.balance_rp,
        purpose=memo.strip() or f"{'Setoran' if signed_rp > 0 else 'Penarikan'} {product.name}",
    )


def move_many(session: Session, actor: Actor, movements: Sequence[CashMovement]) -> list[SavingsMovement]:
    """Book cash movements in the given order, all or none; events booked before return as they were.

    Raises AmountInvalid, NotMember, NotWithdrawable, NotEnough, and as `post_many`.
    """
    for movement in movements:
        _check(movement)
    posted = post_many(session, actor, [_posting(movement) for movement in movements])
    return _record(session, actor, movements, [entry.seq for entry in posted])


def record(session: Session, actor: Actor, movements: Sequence[CashMovement], entry_seq: int) -> list[SavingsMovement]:
    """The members' side of an entry that another command posted with `line_of` each movement (payroll, a loan).

    Raises AmountInvalid, NotMember, NotWithdrawable, NotEnough.
    """
    for movement in movements:
        _check(movement)
    return _record(session, actor, movements, [entry_seq] * len(movements))


def _record(
    session: Session, actor: Actor, movements: Sequence[CashMovement], entry_seqs: Sequence[int]
) -> list[SavingsMovement]:
    known = _known(session, [movement.source for movement in movements])
    accounts = _accounts(session, actor, movements)
    done: list[SavingsMovement] = []
    paying: list[tuple[SavingsMovement, bills.Payment]] = []
    for movement, entry_seq in zip(movements, entry_seqs, strict=True):
        row = known.get(movement.source)
        if row is None:
            account = accounts[movement.member.id, movement.product.id]
            row = _move(session, actor, movement, account, entry_seq)
            known[movement.source] = row
            if movement.amount_rp > 0 and movement.product.kind == "mandatory":
                paying.append((row, (movement.member.id, movement.product.id, movement.amount_rp)))
        done.append(row)
    if paying:
        with session.no_autoflush:  # a movement is written once, with the part of it that met bills
            billed = bills.pay_many(session, actor, [payment for _, payment in paying])
        for (row, _), billed_rp in zip(paying, billed, strict=True):
            row.billed_rp = billed_rp
    session.flush()  # receipts and checks of this transaction read them
    return done


def _must_be_amount(amount_rp: Rupiah) -> None:
    if type(amount_rp) is not int or not 0 < amount_rp < LIMIT_RP:
        raise AmountInvalid(amount=amount_rp)


def _must_be_member(member: Member) -> None:
    if member.state != "active":
        raise NotMember(member=member.name, state=members.STATES[member.state])


def _check(movement: CashMovement) -> None:
    _must_be_amount(abs(movement.amount_rp))
    _must_be_member(movement.member)
    if movement.amount_rp < 0 and movement.product.kind != "voluntary":
        raise NotWithdrawable(product=movement.product.name)


def line_of(movement: CashMovement) -> Line:
    """The side of an entry that stands on the product's account, in the member's name."""
    side = credit if movement.amount_rp > 0 else debit
    return side(movement.product.account_id, abs(movement.amount_rp), member_id=movement.member.id)


def taken_out(
    session: Session, member: Member, product_id: int, amount_rp: Rupiah, *, booked_on: date, source: str, memo: str
) -> CashMovement:
    """Money out of a member's savings, for the entry of another command: `line_of` it, then `record` it.

    Raises NotFound.
    """
    return CashMovement(member, _product(session, product_id), -amount_rp, booked_on, f"{source}:savings", memo)


def _posting(movement: CashMovement) -> Posting:
    own, amount_rp = line_of(movement), abs(movement.amount_rp)
    lines = (
        [debit(movement.cash, amount_rp), own] if movement.amount_rp > 0 else [own, credit(movement.cash, amount_rp)]
    )
    act = "Setoran" if movement.amount_rp > 0 else "Penarikan"
    memo = movement.memo or f"{act} {movement.product.name} {movement.member.number} {movement.member.name}"
    return Posting(movement.booked_on, memo, movement.source, lines, movement.voucher_no)


def _known(session: Session, sources: list[str]) -> dict[str, SavingsMovement]:
    found: dict[str, SavingsMovement] = {}
    for start in range(0, len(sources), 500):
        query = select(SavingsMovement).where(SavingsMovement.source.in_(sources[start : start + 500]))
        found.update({row.source: row for row in session.scalars(query)})
    return found


def _accounts(
    session: Session, actor: Actor, movements: Sequence[CashMovement]
) -> dict[tuple[int, int], SavingsAccount]:
    return open_accounts(session, actor, {(m.member.id, m.product.id) for m in movements})


def open_accounts(session: Session, actor: Actor, pairs: set[tuple[int, int]]) -> dict[tuple[int, int], SavingsAccount]:
    """The accounts of (member, product) pairs, opened where missing; locked until the transaction ends."""
    member_ids = sorted({member_id for member_id, _ in pairs})
    found: dict[tuple[int, int], SavingsAccount] = {}
    for start in range(0, len(member_ids), 500):
        query = select(SavingsAccount).where(SavingsAccount.member_id.in_(member_ids[start : start + 500]))
        query = query.with_for_update().execution_options(populate_existing=True)
        found.update({(row.member_id, row.product_id): row for row in session.scalars(query)})
    for member_id, product_id in sorted(pairs - found.keys()):
        account = SavingsAccount(coop_id=actor.coop_id, member_id=member_id, product_id=product_id, balance_rp=0)
        session.add(account)
        found[member_id, product_id] = account
    session.flush()  # movements need the ids
    return found


def _move(
    session: Session, actor: Actor, movement: CashMovement, account: SavingsAccount, entry_seq: int
) -> SavingsMovement:
    product = movement.product
    if movement.amount_rp < 0 and account.balance_rp + movement.amount_rp < product.minimum_balance_rp:
        raise NotEnough(
            product=product.name,
            member=movement.member.name,
            balance=rupiah(account.balance_rp),
            amount=rupiah(-movement.amount_rp),
        )
    account.balance_rp += movement.amount_rp
    kind = "deposit" if movement.amount_rp > 0 else "withdrawal"
    row = SavingsMovement(
        coop_id=actor.coop_id,
        account_id=account.id,
        account=account,
        booked_on=movement.booked_on,
        kind=kind,
        amount_rp=movement.amount_rp,
        memo=movement.memo[:200],
        source=movement.source,
        entry_seq=entry_seq,
        created_by=actor.user_id,
    )
    session.add(row)
    return row


def reverse_movement(
    session: Session, actor: Actor, movement_id: int, *, booked_on: date, reason: str
) -> SavingsMovement:
    """Undo a deposit or withdrawal with its mirror image, in the books and in the member's account, once.

    Raises:
        AlreadyUndone, CannotUndo, PeriodClosed, NotEnough (the deposit was already withdrawn),
        NotMember (who left was paid out; nothing moves any more).
    """
    actor.must("savings.reverse")
    if not reason.strip():
        raise InvalidValue(field="Alasan", reason="isi dulu alasan pembatalan.")
    original = session.get(SavingsMovement, movement_id)
    if original is None:
        raise NotFound(what="Transaksi simpanan")
    if original.kind not in {"deposit", "withdrawal"} or original.entry_seq is None:
        raise CannotUndo()
    source = f"savings-reversal:{original.id}"
    if _known(session, [source]):
        raise AlreadyUndone()
    product, member = original.account.product, original.account.member
    _must_be_member(member)
    account = open_accounts(session, actor, {(member.id, product.id)})[member.id, product.id]
    entry = entry_by_seq(session, actor, original.entry_seq)
    if entry.source != original.source or len(entry.lines) != 2:  # it belongs to a loan, a deposit, a payroll
        raise CannotUndo()
    posted = reverse(session, actor, entry, booked_on=booked_on, memo=f"Pembatalan {entry.memo}: {reason.strip()}")
    if account.balance_rp < original.amount_rp:
        raise NotEnough(
            product=product.name,
            member=member.name,
            balance=rupiah(account.balance_rp),
            amount=rupiah(original.amount_rp),
        )
    account.balance_rp -= original.amount_rp
    row = SavingsMovement(
        coop_id=actor.coop_id,
        account_id=account.id,
        account=account,
        booked_on=booked_on,
        kind="reversal",
        amount_rp=-original.amount_rp,
        memo=f"Pembatalan: {reason.strip()}"[:200],
        source=source,
        entry_seq=posted.seq,
        created_by=actor.user_id,
    )
    session.add(row)
    if original.billed_rp:
        bills.unpay(session, actor, member.id, product.id, original.billed_rp)
    trail.record(session, actor, "savings.reverse", f"movement:{original.id}", reason=reason)
    session.flush()  # the caller shows its id
    return row


@dataclass(frozen=True)
class OpeningBalance:
    """What a member had saved in a product when the books began."""

    member: Member
    product: SavingsProduct
    amount_rp: Rupiah


def open_balances(
    session: Session, actor: Actor, balances: Sequence[OpeningBalance], *, as_of: date, source: str
) -> int:
    """Members' balances at the start. The opening trial balance carries the control accounts; see `ledger.opening`.

    Returns how many movements were made; the same `source` again makes none. Raises AmountInvalid.
    """
    actor.must("imports.run")
    wanted = [balance for balance in balances if balance.amount_rp]
    sources = [f"{source}:{b.product.code}:{b.member.number}" for b in wanted]
    known = _known(session, sources)
    accounts = open_accounts(session, actor, {(b.member.id, b.product.id) for b in wanted})
    rows = []
    for balance, name in zip(wanted, sources, strict=True):
        if balance.amount_rp < 0 or balance.amount_rp >= LIMIT_RP:
            raise AmountInvalid(amount=balance.amount_rp)
        if name in known:
            continue
        account = accounts[balance.member.id, balance.product.id]
        account.balance_rp += balance.amount_rp
        rows.append(
            SavingsMovement(
                coop_id=actor.coop_id,
                account_id=account.id,
                booked_on=as_of,
                kind="opening",
                source=name,
                amount_rp=balance.amount_rp,
                memo="Saldo awal",
                created_by=actor.user_id,
            )
        )
    session.add_all(rows)
    session.flush()  # the opening check of this transaction reads them
    return len(rows)


def _product(session: Session, product_id: int) -> SavingsProduct:
    product = session.get(SavingsProduct, product_id)
    if product is None or not product.is_active:
        raise NotFound(what="Jenis simpanan")
    return product


__all__ = [
    "CashMovement",
    "OpeningBalance",
    "deposit",
    "line_of",
    "move_many",
    "open_balances",
    "record",
    "reverse_movement",
    "taken_out",
    "withdraw",
]
