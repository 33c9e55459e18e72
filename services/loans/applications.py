"""From the wish for a loan to the decision: asked, analysed, decided by several people. No money moves here."""

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import rupiah
from core.errors import InvalidValue, NotAllowed
from core.money import LIMIT_RP, Rupiah
from models.loans import HasTerms, Loan, LoanDecision, LoanDocument, LoanProduct
from models.members import Member
from services.audit import trail
from services.loans import analysis, products, queries, related
from services.loans.refusals import (
    AmountOutside,
    ApplicationDiffers,
    ApplicationOpen,
    DecidedAlready,
    DocumentsMissing,
    OwnLoan,
    TermOutside,
    TooManyLoans,
)
from services.loans.states import OPEN, move, wrong_state
from services.members import commands as members
from services.savings.refusals import NotMember

_TERMS = list(HasTerms.__annotations__)


@dataclass(frozen=True)
class Wish:
    """What a member asks for. `token` makes the form's second click the same application."""

    member_id: int
    product_id: int
    asked_rp: Rupiah
    term: int
    asked_on: date
    token: str
    purpose: str = ""
    collected_by: str = "cash"
    salary_rp: Rupiah = 0
    other_debts_rp: Rupiah = 0
    replaces_id: int | None = None


def ask(session: Session, actor: Actor, wish: Wish) -> Loan:
    """Take an application, for oneself or at the desk; it stays a draft until its papers are in.

    Raises:
        NotMember, AmountOutside, TermOutside, ApplicationOpen, TooManyLoans, NotFound, NotAllowed.
        ApplicationDiffers: the token was used for another wish.
    """
    _may_ask(actor, wish.member_id)
    if found := session.scalars(select(Loan).where(Loan.token == wish.token)).first():
        return _same(found, wish)
    member, product = members.get(session, actor, wish.member_id), products.get(session, actor, wish.product_id)
    _check(session, actor, member, product, wish)
    loan = Loan(
        coop_id=actor.coop_id,
        number=_number(session, wish.asked_on),
        token=wish.token,
        member_id=member.id,
        product_id=product.id,
        principal_rp=wish.asked_rp,
        asked_rp=wish.asked_rp,
        term=wish.term,
        purpose=wish.purpose.strip()[:200],
        collected_by=wish.collected_by,
        salary_rp=wish.salary_rp,
        other_debts_rp=wish.other_debts_rp,
        related_party=related.is_related(session, member.id),
        replaces_id=wish.replaces_id,
        asked_on=wish.asked_on,
        created_by=actor.user_id,
        **{name: getattr(product, name) for name in _TERMS},
    )
    session.add(loan)
    session.flush()  # papers and the trail name its id
    trail.record(session, actor, "loans.ask", f"loan:{loan.id}", amount_rp=wish.asked_rp, term=wish.term)
    if not product.documents:
        submit(session, actor, loan.id)
    return loan


def _same(found: Loan, wish: Wish) -> Loan:
    kept = (found.member_id, found.product_id, found.asked_rp, found.purpose, found.collected_by, found.salary_rp,
            found.other_debts_rp, found.replaces_id)  # fmt: skip
    sent = (wish.member_id, wish.product_id, wish.asked_rp, wish.purpose.strip()[:200], wish.collected_by,
            wish.salary_rp, wish.other_debts_rp, wish.replaces_id)  # fmt: skip
    # the term may have become shorter in the analysis, never longer
    if kept != sent or (found.term != wish.term and found.state in {"draft", "asked"}):
        raise ApplicationDiffers()
    return found


def _may_ask(actor: Actor, member_id: int) -> None:
    if actor.may("loans.ask") or (actor.may("own.ask") and actor.member_id == member_id):
        return
    raise NotAllowed(permission="loans.ask")


def _check(session: Session, actor: Actor, member: Member, product: LoanProduct, wish: Wish) -> None:
    if member.state != "active":
        raise NotMember(member=member.name, state=members.STATES[member.state])
    if not product.is_active:
        raise InvalidValue(field="Jenis pinjaman", reason="tidak ditawarkan lagi. Pilih yang lain.")
    fits(product, wish.asked_rp, wish.term)
    if wish.collected_by not in {"cash", "payroll"}:
        raise InvalidValue(field="Cara bayar", reason="pilih tunai atau potong gaji.")
    for field, amount in (("Penghasilan", wish.salary_rp), ("Angsuran lain", wish.other_debts_rp)):
        if type(amount) is not int or not 0 <= amount < LIMIT_RP:
            raise InvalidValue(field=field, reason="isi rupiah bulat, atau kosongkan.")
    pending = select(Loan).where(Loan.member_id == member.id, Loan.product_id == product.id, Loan.state.in_(OPEN))
    if open_one := session.scalars(pending).first():
        raise ApplicationOpen(member=member.name, number=open_one.number)
    _check_running(session, actor, member, product, wish)


def fits(product: LoanProduct, asked_rp: Rupiah, term: int) -> None:
    """Raises AmountOutside, TermOutside when the product does not lend so much, or so long."""
    most = product.maximum_rp or LIMIT_RP - 1
    if type(asked_rp) is not int or not max(1, product.minimum_rp) <= asked_rp <= most:
        least, limit = rupiah(max(1, product.minimum_rp)), rupiah(most)
        asked = rupiah(asked_rp) if type(asked_rp) is int else asked_rp
        raise AmountOutside(product=product.name, least=least, most=limit, amount=asked)
    if type(term) is not int or not 1 <= term <= product.longest_term:
        raise TermOutside(product=product.name, longest=product.longest_term, term=term)


def _check_running(session: Session, actor: Actor, member: Member, product: LoanProduct, wish: Wish) -> None:
    running = list(session.scalars(select(Loan).where(Loan.member_id == member.id, Loan.state == "running")))
    if wish.replaces_id is not None and wish.replaces_id not in {loan.id for loan in running}:
        raise InvalidValue(field="Kompensasi", reason="pilih pinjaman berjalan milik anggota ini.")
    same = [loan for loan in running if loan.product_id == product.id and loan.id != wish.replaces_id]
    if len(same) >= product.most_running:
        raise TooManyLoans(member=member.name, count=len(same), product=product.name)


def _number(session: Session, asked_on: date) -> str:
    """`P/2026/0001`, next in its year."""
    prefix = f"P/{asked_on.year}/"
    held = session.scalars(select(Loan.number).where(Loan.number.startswith(prefix)))
    ends = [number.removeprefix(prefix) for number in held]  # an office's own numbers may look otherwise
    return f"{prefix}{max((int(end) for end in ends if end.isascii() and end.isdigit()), default=0) + 1:04d}"


def submit(session: Session, actor: Actor, loan_id: int) -> Loan:
    """Hand a draft in once its papers are there. Raises DocumentsMissing, LoanWrongState."""
    loan = queries.loan(session, actor, loan_id)
    _may_ask(actor, loan.member_id)
    if loan.state != "draft":
        raise wrong_state(loan, "diajukan")
    held = set(session.scalars(select(LoanDocument.label).where(LoanDocument.loan_id == loan.id)))
    if missing := [label for label in loan.product.documents if label not in held]:
        raise DocumentsMissing(missing=", ".join(missing))
    move(session, loan, "asked")
    trail.record(session, actor, "loans.submit", f"loan:{loan.id}")
    return loan


def cancel(session: Session, actor: Actor, loan_id: int, *, reason: str) -> Loan:
    """Take an application back before money moves: the member their own, or the desk. Raises LoanWrongState."""
    loan = queries.loan(session, actor, loan_id)
    _may_ask(actor, loan.member_id)
    _reason(reason)
    move(session, loan, "cancelled", note=reason.strip()[:250])
    trail.record(session, actor, "loans.cancel", f"loan:{loan.id}", reason=reason)
    return loan


def analyse(
    session: Session, actor: Actor, loan_id: int, *, on: date, principal_rp: Rupiah, term: int, note: str
) -> Loan:
    """Put the facts beside the wish, and propose an amount and term that are at most what was asked for.

    The facts and the score are kept as they were seen. Raises LoanWrongState, OwnLoan, AmountOutside, TermOutside.
    """
    actor.must("loans.analyse")
    loan = queries.loan(session, actor, loan_id)
    _no_conflict(actor, loan)
    if loan.state != "asked":
        raise wrong_state(loan, "dianalisis")
    if type(principal_rp) is not int or not max(1, loan.product.minimum_rp) <= principal_rp <= loan.asked_rp:
        least, most = rupiah(max(1, loan.product.minimum_rp)), rupiah(loan.asked_rp)
        amount = rupiah(principal_rp) if type(principal_rp) is int else principal_rp
        raise AmountOutside(product=loan.product.name, least=least, most=most, amount=amount)
    if type(term) is not int or not 1 <= term <= loan.product.longest_term:
        raise TermOutside(product=loan.product.name, longest=loan.product.longest_term, term=term)
    facts = analysis.card(session, actor, loan, principal_rp=principal_rp, term=term, on=on)
    kept = {**asdict(facts), "note": note.strip()[:500], "by": actor.name, "on": on.isoformat()}
    move(session, loan, "analysed", principal_rp=principal_rp, term=term, analysis=kept)
    trail.record(session, actor, "loans.analyse", f"loan:{loan.id}", score=facts.score, principal_rp=principal_rp)
    return loan


def steps_of(loan: Loan) -> list[str]:
    """Permissions that decide this loan, in order; a related party needs pengawas, too."""
    steps = list(loan.product.steps)
    return [*steps, products.RELATED_STEP] if loan.related_party and products.RELATED_STEP not in steps else steps


def next_step(session: Session, loan: Loan) -> str | None:
    """The permission whose turn it is, or None when nothing waits for a decision."""
    if loan.state != "analysed":
        return None
    taken = session.scalar(select(func.count()).select_from(LoanDecision).where(LoanDecision.loan_id == loan.id)) or 0
    steps = steps_of(loan)
    return steps[min(taken, len(steps) - 1)]  # a product may have lost a step meanwhile: its last one decides


def decide(session: Session, actor: Actor, loan_id: int, *, approved: bool, on: date, note: str = "") -> Loan:
    """Take the step whose turn it is; the last yes approves, any no (with its reason) rejects.

    Raises:
        OwnLoan: the decider borrows or recorded it. DecidedAlready, LoanWrongState, RelatedLimit, NotAllowed.
    """
    loan = queries.loan(session, actor, loan_id)
    step = next_step(session, loan)
    if step is None:
        raise wrong_state(loan, "diputuskan")
    _no_conflict(actor, loan)
    decisions = select(LoanDecision).where(LoanDecision.loan_id == loan.id)
    before = list(session.scalars(decisions))
    if actor.user_id in {decision.decided_by for decision in before}:
        raise DecidedAlready(number=loan.number, next=products.STEPS[step])
    actor.must(step)
    if not approved:
        _reason(note)
    elif loan.related_party:
        related.within_limit(session, actor, loan, on)
    session.add(
        LoanDecision(
            coop_id=actor.coop_id, loan_id=loan.id, step=len(before) + 1, permission=step,
            verdict="approved" if approved else "rejected", note=note.strip()[:250], decided_by=actor.user_id,
        )
    )  # fmt: skip
    session.flush()  # one decision per step and person: the database settles a race
    if not approved:
        move(session, loan, "rejected", decided_on=on, note=note.strip()[:250])
    elif len(before) + 1 >= len(steps_of(loan)):
        move(session, loan, "approved", decided_on=on)
    trail.record(session, actor, "loans.decide", f"loan:{loan.id}", step=step, approved=approved, note=note)
    return loan


def _no_conflict(actor: Actor, loan: Loan) -> None:
    """Nobody decides on their own loan, nor on one they recorded for somebody."""
    if loan.member_id == actor.member_id or loan.created_by == actor.user_id:
        raise OwnLoan()


def _reason(text: str) -> None:
    if not text.strip():
        raise InvalidValue(field="Alasan", reason="isi dulu, supaya anggota tahu.")
