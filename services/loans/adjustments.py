"""What changes a loan besides payments: new terms, writing off, recovering. Asked by one, approved by another."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import rupiah
from core.errors import InvalidValue
from core.money import Rupiah
from models.access import ApprovalRequest
from models.loans import Loan, LoanPayment
from models.savings import Receipt
from services.access import approvals
from services.audit import trail
from services.ledger.balances import month_end
from services.ledger.chart import Role
from services.ledger.posting import Posted, credit, debit, post
from services.ledger.refusals import SourceTaken
from services.loans import arrears, collectibility, provisioning, queries, schedules
from services.loans.allocation import Allocation, Part
from services.loans.refusals import LoanWrongState, NotWriteOffable, PaymentInvalid, PaysTooMuch
from services.loans.repayment import record
from services.loans.schedule import Terms, check, due_dates
from services.loans.states import move, wrong_state
from services.savings.receipts import issue


@dataclass(frozen=True)
class NewTerms:
    """A restructured loan: the same principal that is left, over other terms."""

    loan_id: int
    starts_on: date
    first_due_on: date
    term: int
    rate_pct: Decimal
    reason: str


def request_restructure(session: Session, actor: Actor, wanted: NewTerms) -> ApprovalRequest:
    """Ask for new terms. Checked now and again when approved. Raises LoanWrongState, TermsInvalid, InvalidValue."""
    actor.must("loans.adjust")
    loan = queries.loan(session, actor, wanted.loan_id)
    _new_terms(session, loan, wanted)
    payload = {
        "loan_id": loan.id, "starts_on": wanted.starts_on.isoformat(), "first_due_on": wanted.first_due_on.isoformat(),
        "term": wanted.term, "rate_pct": f"{wanted.rate_pct:f}", "reason": wanted.reason.strip(),
        "outstanding_rp": loan.outstanding_rp,
    }  # fmt: skip
    title = f"Restrukturisasi {loan.number} {loan.member.name}: {wanted.term} kali, sisa {rupiah(loan.outstanding_rp)}"
    subject = f"restructure:{loan.id}:{loan.schedule_no}"  # new terms may be asked for again later
    return approvals.ask(session, actor, "loans.restructure", subject, title, payload)


def _new_terms(session: Session, loan: Loan, wanted: NewTerms) -> Terms:
    if loan.state != "running":
        raise wrong_state(loan, "diubah syaratnya")
    since = _latest_change(session, loan)
    if not wanted.reason.strip():
        raise InvalidValue(field="Alasan", reason="isi dulu, supaya pengurus lain dapat menilai.")
    if wanted.rate_pct.is_finite() and wanted.rate_pct * 10**6 % 1:
        raise InvalidValue(field="Bunga", reason="paling banyak enam angka di belakang koma.")
    if wanted.starts_on < since:
        raise InvalidValue(field="Mulai berlaku", reason=f"paling awal {since:%d/%m/%Y}, hari terakhir ada perubahan.")
    terms = replace(
        schedules.terms_of(loan), principal_rp=loan.outstanding_rp, periods=wanted.term, rate_pct=wanted.rate_pct,
        disbursed_on=wanted.starts_on, first_due=wanted.first_due_on, grace=0,
    )  # fmt: skip
    check(terms)
    return terms


def execute_restructure(session: Session, actor: Actor, request: ApprovalRequest) -> Loan:
    """Put the approved terms in force; the old schedule is kept. Raises LoanWrongState when the loan moved since."""
    payload: dict[str, Any] = request.payload
    loan = queries.locked(session, actor, payload["loan_id"])
    if loan.outstanding_rp != payload["outstanding_rp"]:
        raise wrong_state(loan, "diubah syaratnya, karena sisanya berubah sejak diajukan")
    wanted = NewTerms(
        loan.id, date.fromisoformat(payload["starts_on"]), date.fromisoformat(payload["first_due_on"]),
        payload["term"], _percent(payload["rate_pct"]), payload["reason"],
    )  # fmt: skip
    terms = _new_terms(session, loan, wanted)
    dues = [due for due in due_dates(terms) if due is not None]
    schedules.renew(session, loan, on=wanted.starts_on, extra_rp=0, terms=terms, dues=dues)
    # a rate for the whole term is kept for the loan's own term, so that one row's share of it stays the same
    loan.rate_pct = _over(wanted, loan.term) if loan.rate_basis == "term" else wanted.rate_pct
    trail.record(session, actor, "loans.restructure", f"loan:{loan.id}", **payload)
    return loan


def _latest_change(session: Session, loan: Loan) -> date:
    """The day of the latest payment, or that the schedule in force began: new terms cannot reach behind it."""
    days = [row.starts_on for row in queries.installments(session, loan)[:1]]
    return max(days + [payment.booked_on for payment in queries.payments(session, loan)])


def _over(wanted: NewTerms, term: int) -> Decimal:
    return (wanted.rate_pct * term / wanted.term).quantize(Decimal("0.000001"))


def _percent(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise InvalidValue(field="Bunga", reason="isi angka, misalnya 1,5.") from None


def request_write_off(session: Session, actor: Actor, loan_id: int, *, on: date, reason: str) -> ApprovalRequest:
    """Ask to write a loan off: only of the last class, and only what the allowance covers. Raises NotWriteOffable."""
    actor.must("loans.adjust")
    loan = queries.loan(session, actor, loan_id)
    if not reason.strip():
        raise InvalidValue(field="Alasan", reason="isi dulu alasan penghapusan.")
    _write_offable(session, actor, loan, on)
    payload = {
        "loan_id": loan.id,
        "on": on.isoformat(),
        "outstanding_rp": loan.outstanding_rp,
        "reason": reason.strip(),
    }
    title = f"Hapus buku {loan.number} {loan.member.name} {rupiah(loan.outstanding_rp)}: {reason.strip()}"
    return approvals.ask(session, actor, "loans.write_off", f"write-off:{loan.id}", title, payload)


def _write_offable(session: Session, actor: Actor, loan: Loan, on: date) -> None:
    if loan.state != "running":
        raise wrong_state(loan, "dihapusbukukan")
    classes = collectibility.table(session, actor.coop_id, on)
    found = arrears.standings(session, actor.coop_id, on, member_id=loan.member_id)
    days = next((one.days_late for one in found if one.loan_id == loan.id), 0)
    if not collectibility.class_of(classes, days).is_loss:
        reason = f"baru {days} hari menunggak, belum masuk kelas {classes[-1].name}."
        raise NotWriteOffable(number=loan.number, reason=reason)
    held_rp = provisioning.held_rp(session, actor.coop_id, month_end(on))
    if held_rp < loan.outstanding_rp:
        short = f"penyisihan baru {rupiah(max(0, held_rp))}, sisa pokok {rupiah(loan.outstanding_rp)}."
        reason = f"{short} Bukukan penyisihan dulu."
        raise NotWriteOffable(number=loan.number, reason=reason)


def execute_write_off(session: Session, actor: Actor, request: ApprovalRequest) -> LoanPayment:
    """Take the loan out of the books against the allowance; it stays owed, and is kept for recovery."""
    payload: dict[str, Any] = request.payload
    loan, on = queries.locked(session, actor, payload["loan_id"]), date.fromisoformat(payload["on"])
    _write_offable(session, actor, loan, on)
    if loan.outstanding_rp != payload["outstanding_rp"]:
        raise wrong_state(loan, "dihapusbukukan, karena sisanya berubah sejak diajukan")
    source, memo, amount_rp = f"loan:{loan.id}:written-off", f"Hapus buku pinjaman {loan.number}", loan.outstanding_rp
    posted = post(
        session, actor, booked_on=on, memo=memo, source=source,
        lines=[
            debit(Role.LOAN_ALLOWANCE, amount_rp),
            credit(loan.product.account_id, amount_rp, member_id=loan.member_id),
        ],
    )  # fmt: skip
    move(session, loan, "written_off", ended_on=on, written_off_rp=amount_rp)
    rows = queries.installments(session, loan)
    taken = Allocation(
        tuple(Part(row.no, principal_rp=row.principal_left_rp) for row in rows if row.principal_left_rp), 0
    )
    row = record(session, actor, loan, rows, taken, on=on, kind="write_off", source=source, entry_seq=posted.seq,
                 memo=memo, waive=True)  # fmt: skip
    trail.record(session, actor, "loans.write_off", f"loan:{loan.id}", amount_rp=amount_rp)
    return row


def recover(
    session: Session, actor: Actor, *, loan_id: int, amount_rp: Rupiah, paid_on: date, token: str,
    cash: Role | int = Role.CASH,
) -> Receipt:  # fmt: skip
    """Money that comes in after all on a loan written off: other income, with a kuitansi. Never above what was lost."""
    actor.must("loans.pay")
    loan = queries.locked(session, actor, loan_id)
    source = f"loan-recovery:{token}"
    if found := session.scalars(select(Receipt).where(Receipt.source == source)).first():
        if found.amount_rp != amount_rp or found.member_id != loan.member_id:
            raise SourceTaken(label=found.number)
        return found
    if loan.state != "written_off":
        raise LoanWrongState(number=loan.number, state="belum dihapus buku", act="dicatat pemulihannya")
    if type(amount_rp) is not int or amount_rp <= 0:
        raise PaymentInvalid(amount=amount_rp)
    if loan.ended_on is not None and paid_on < loan.ended_on:
        raise InvalidValue(field="Tanggal", reason=f"tidak boleh sebelum dihapus buku, {loan.ended_on:%d/%m/%Y}.")
    left_rp = loan.written_off_rp - loan.recovered_rp
    if amount_rp > left_rp:
        raise PaysTooMuch(amount=rupiah(amount_rp), left=rupiah(left_rp))
    memo = f"Pemulihan pinjaman hapus buku {loan.number} {loan.member.name}"
    posted: Posted = post(
        session, actor, booked_on=paid_on, memo=memo, source=source,
        lines=[debit(cash, amount_rp), credit(Role.OTHER_INCOME, amount_rp, member_id=loan.member_id)],
    )  # fmt: skip
    loan.recovered_rp += amount_rp
    session.add(
        LoanPayment(
            coop_id=actor.coop_id, loan_id=loan.id, schedule_no=loan.schedule_no, booked_on=paid_on, kind="recovery",
            principal_rp=0, interest_rp=0, penalty_rp=0, excess_rp=amount_rp, parts=[], memo=memo, source=source,
            entry_seq=posted.seq, created_by=actor.user_id,
        )
    )  # fmt: skip
    trail.record(session, actor, "loans.recover", f"loan:{loan.id}", amount_rp=amount_rp)
    return issue(
        session, actor, member=loan.member, source=source, entry_seq=posted.seq, issued_on=paid_on,
        amount_rp=amount_rp, is_payment_in=True, balance_after_rp=left_rp - amount_rp, purpose=memo,
    )  # fmt: skip
