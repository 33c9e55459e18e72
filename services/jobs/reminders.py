"""What members are told without anybody doing anything: installments due soon or late, last month's statement."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import CoopUser
from models.loans import Loan, LoanInstallment
from models.members import Member
from models.notifications import Notification
from services.loans import arrears
from services.notifications import texts
from services.notifications.commands import notify
from services.notifications.texts import DUE_DAYS, LATE_DAYS, Message
from services.notifications.topics import Topic


def send(session: Session, coop_id: int, on: date) -> int:
    """Tell what has to be told on a day; how many messages were new. Again it tells nothing.

    Who asked that their data be used less is not reminded.
    """
    loans = [*_due_soon(session, coop_id, on), *_late(session, coop_id, on)]
    savings = _statements(session, coop_id, on)
    return _tell(session, coop_id, "pinjaman", loans) + _tell(session, coop_id, "simpanan", savings)


def _tell(session: Session, coop_id: int, topic: Topic, wanted: list[tuple[str, int, Message]]) -> int:
    asked = select(Member.id).where(Member.coop_id == coop_id, Member.restricted_since.is_not(None))
    quiet = set(session.scalars(asked))
    told = _told(session, [key for key, _, _ in wanted])
    return sum(
        notify(session, coop_id, key, message, topic=topic, member_id=member_id) is not None
        for key, member_id, message in wanted
        if key not in told and member_id not in quiet
    )


def _told(session: Session, keys: list[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(keys), 500):
        query = select(Notification.key).where(Notification.key.in_(keys[start : start + 500]))
        found.update(session.scalars(query))
    return found


def _due_soon(session: Session, coop_id: int, on: date) -> list[tuple[str, int, Message]]:
    """Installments that the member brings, due within three days. What the paymaster withholds needs no reminder."""
    query = (
        select(LoanInstallment, Loan.number, Loan.member_id)
        .join(Loan, Loan.id == LoanInstallment.loan_id)
        .where(Loan.coop_id == coop_id, Loan.state == "running", Loan.collected_by == "cash")
        .where(LoanInstallment.coop_id == coop_id, LoanInstallment.schedule_no == Loan.schedule_no)
        .where(LoanInstallment.due_on.between(on, on + timedelta(days=DUE_DAYS)))
        .order_by(LoanInstallment.due_on, LoanInstallment.id)
    )
    return [
        (
            f"loan:{row.loan_id}:due:{row.schedule_no}:{row.no}",
            member_id,
            texts.due_soon(number, row.left_rp, row.due_on),
        )
        for row, number, member_id in session.execute(query)
        if row.left_rp > 0
    ]


def _late(session: Session, coop_id: int, on: date) -> list[tuple[str, int, Message]]:
    """Loans late for 1, 7 or 30 days and more: the stage they are in, once for the installment that made them late."""
    late = [one for one in arrears.standings(session, coop_id, on) if one.days_late >= LATE_DAYS[0]]
    numbers: dict[int, str] = {}
    for start in range(0, len(late), 500):
        chunk = [one.loan_id for one in late[start : start + 500]]
        query = select(Loan.id, Loan.number).where(Loan.id.in_(chunk), Loan.state == "running")
        numbers.update({row.id: row.number for row in session.execute(query)})
    wanted = []
    for one in late:
        if one.loan_id in numbers:
            stage = max(days for days in LATE_DAYS if days <= one.days_late)
            since = (on - timedelta(days=one.days_late)).isoformat()
            message = texts.late(numbers[one.loan_id], one.late_rp, one.days_late)
            wanted.append((f"loan:{one.loan_id}:late:{since}:{stage}", one.member_id, message))
    return wanted


def _statements(session: Session, coop_id: int, on: date) -> list[tuple[str, int, Message]]:
    """Last month's statement, for members who can sign in to see it and were members then."""
    month_on = (on.replace(day=1) - timedelta(days=1)).replace(day=1)
    query = (
        select(Member.id)
        .join(CoopUser, CoopUser.member_id == Member.id)
        .where(Member.coop_id == coop_id, CoopUser.coop_id == coop_id, CoopUser.is_active)
        .where(Member.state == "active", Member.joined_on < on.replace(day=1))
        .order_by(Member.id)
    )
    message = texts.statement(month_on)
    return [(f"statement:{month_on:%Y-%m}:{member_id}", member_id, message) for member_id in session.scalars(query)]
