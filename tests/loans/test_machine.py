"""Lending lived through in any order: whatever people do, every truth of the books and of each loan holds after it."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from core.actor import Actor
from core.errors import Refusal
from models.ledger import JournalEntry, Period
from models.loans import Loan, LoanPayment, LoanProduct
from models.members import Member
from models.payroll import PayrollList
from models.savings import SavingsProduct
from services.approvals import commands as approvals
from services.ledger import periods
from services.loans import adjustments, applications, disbursement, exits, products, provisioning, repayment, undoing
from services.loans.products import ProductData
from services.payroll import lists, settlement
from services.payroll.settlement import Received
from tests.conftest import World, open_world
from tests.loans import story
from tests.loans.truths import assert_truths

EXAMPLES = 10 * int(os.environ.get("EKOPZ_LONG", "1"))  # the long run: EKOPZ_LONG=80
FIRST_DAY, LAST_DAY = date(2026, 1, 12), date(2026, 12, 20)
PICK = st.integers(0, 11)
SHARE = st.sampled_from([0.3, 0.5, 1.0, 1.0, 1.5, 3.0])
PRODUCTS = (
    ProductData("UANG", "Pinjaman uang", most_running=2, penalty_kind="installment_pct",
                penalty_value=Decimal("0.1"), penalty_free_days=3, fee_pct=Decimal(1)),
    ProductData("TURUN", "Menurun", "effective", Decimal(18), "year", round_to_rp=1_000, most_running=2,
                penalty_kind="once_pct", penalty_value=Decimal(2), early_interest="by_day"),
    ProductData("SAMA", "Anuitas mingguan", "annuity", Decimal(24), "year", "week", early_interest="all",
                day_count="ACT/365", admin_rp=25_000),
    ProductData("PAKET", "Bunga sekali", "flat", Decimal(12), "term", grace=2, round_to_rp=500,
                round_what="parts", penalty_kind="per_day", penalty_value=Decimal(1_000)),
)  # fmt: skip


def furnish(world: World) -> None:
    """Four products that differ in everything, savings collected by payroll, three members with four loans."""
    with world.transaction(world.bendahara) as session:
        found = session.query(LoanProduct).first()
        for data in PRODUCTS:
            products.save(session, world.bendahara, data, found)
            found = None
        for kind, amount_rp in (("share", 200_000), ("mandatory", 50_000)):
            session.query(SavingsProduct).filter(SavingsProduct.kind == kind).one().amount_rp = amount_rp
    savings = {"Siti Aminah": 60_000_000, "Budi Santoso": 3_000_000, "Wati Rahayu": 9_000_000}
    siti, budi, wati = (story.saver(world, name, saved_rp) for name, saved_rp in savings.items())
    with world.reading() as session:
        ids = {product.code: product.id for product in session.query(LoanProduct)}
    for member_id, code, by in (
        (siti, "UANG", "payroll"), (siti, "TURUN", "cash"), (wati, "SAMA", "payroll"), (budi, "PAKET", "cash"),
    ):  # fmt: skip
        told = {"asked_rp": 6_000_000, "term": 8, "collected_by": by, "token": code}
        loan_id = story.approved(world, member_id, ids[code], **told)
        due = FIRST_DAY + timedelta(days=7 if code == "SAMA" else 31)
        story.pay_out(world, loan_id, paid_on=FIRST_DAY, first_due_on=due)


@pytest.fixture(scope="module")
def furnished(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("machine") / "world.db"
    path.write_bytes(template.read_bytes())
    world = open_world(f"sqlite:///{path}")
    furnish(world)
    world.database.engine.dispose()
    return path


class Lending(RuleBasedStateMachine):
    """Three members, five people at the desk, one calendar."""

    source: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.mkdtemp()
        path = Path(self.folder) / "world.db"
        shutil.copyfile(self.source, path)
        self.world = open_world(f"sqlite:///{path}")
        self.day, self.tokens, self.checked = FIRST_DAY, itertools.count(), None
        with self.world.reading() as session:
            self.members = [row.id for row in session.query(Member).order_by(Member.id)]
            self.products = [row.id for row in session.query(LoanProduct).order_by(LoanProduct.id)]

    def teardown(self) -> None:
        self.world.database.engine.dispose()
        shutil.rmtree(self.folder)

    def act(self, who: Actor, what: Callable[[Any], Any]) -> Any:
        """One unit of work; a refusal leaves everything as it was."""
        before = self._traces()
        try:
            with self.world.transaction(who) as session:
                return what(session)
        except Refusal:
            assert self._traces() == before
            return None

    def _traces(self) -> tuple[int, int, int, list[str]]:
        with self.world.reading() as session:
            loans = [f"{loan.state} {loan.outstanding_rp} {loan.schedule_no}" for loan in session.query(Loan)]
            return session.query(JournalEntry).count(), session.query(LoanPayment).count(), len(loans), loans

    def loan(self, pick: int, *states: str) -> Loan | None:
        """One of the loans in these states, or now and then one in a wrong state."""
        with self.world.reading() as session:
            loans = session.query(Loan).order_by(Loan.id).all()
        found = [loan for loan in loans if loan.state in states] or loans
        return found[pick % len(found)] if found else None

    def token(self) -> str:
        return f"t{next(self.tokens)}"

    @rule(days=st.sampled_from([1, 5, 15, 31, 31, 100]))
    def time_passes(self, days: int) -> None:
        self.day = min(LAST_DAY, self.day + timedelta(days=days))

    @rule(
        pick=PICK, product=PICK, amount_rp=st.integers(100_000, 20_000_000), term=st.integers(3, 24),
        by=st.sampled_from(["cash", "payroll"]), replaces=st.booleans(), ready=st.sampled_from([True, True, False]),
    )  # fmt: skip
    def somebody_asks(
        self, pick: int, product: int, amount_rp: int, term: int, by: str, replaces: bool, ready: bool
    ) -> None:
        member_id, product_id = self.members[pick % 3], self.products[product % 4]
        old = self.loan(pick, "running") if replaces else None
        wish = applications.Wish(member_id, product_id, amount_rp, term, self.day, self.token(), collected_by=by,
                                 replaces_id=old.id if old and old.member_id == member_id else None)  # fmt: skip
        asked = self.act(self.world.petugas, lambda session: applications.ask(session, self.world.petugas, wish))
        if asked is not None and ready:
            self.the_board_decides(pick, yes=True)
            self.the_board_decides(pick, yes=True)
            self.it_is_paid_out(pick)

    @rule(pick=PICK, yes=st.booleans())
    def the_board_decides(self, pick: int, yes: bool) -> None:
        loan, world = self.loan(pick, "asked", "analysed"), self.world
        if loan is None:
            return
        if loan.state == "asked":
            facts = {"on": self.day, "principal_rp": loan.asked_rp, "term": loan.term, "note": "ya"}
            self.act(world.bendahara, lambda s: applications.analyse(s, world.bendahara, loan.id, **facts))
        for who in (world.bendahara, world.ketua):
            self.act(who, lambda session, who=who: applications.decide(
                session, who, loan.id, approved=yes, on=self.day, note="sudah dibahas"))  # fmt: skip

    @rule(pick=PICK)
    def it_is_called_off(self, pick: int) -> None:
        if loan := self.loan(pick, "asked", "analysed", "approved"):
            world = self.world
            self.act(world.petugas, lambda s: applications.cancel(s, world.petugas, loan.id, reason="batal"))

    @rule(pick=PICK)
    def it_is_paid_out(self, pick: int) -> None:
        loan, who = self.loan(pick, "approved"), self.world.bendahara
        if loan is None:
            return

        def pay_out(session: Any) -> None:
            due = self.day + timedelta(days=31 if loan.period == "month" else 7)
            payout = disbursement.preview(session, who, loan.id, paid_on=self.day, first_due_on=due)
            disbursement.disburse(session, who, payout)

        self.act(who, pay_out)

    @rule(pick=PICK, share=SHARE, extra=st.sampled_from(list(repayment.EXTRAS)), back=st.sampled_from([0, 0, 0, 9]))
    def somebody_pays(self, pick: int, share: float, extra: Any, back: int) -> None:
        """A share of what is due up to the next installment; 3.0 is often more than anybody owes."""
        loan, who, on = self.loan(pick, "running"), self.world.petugas, self.day - timedelta(days=back)
        if loan is None:
            return

        def pay(session: Any) -> None:
            rows = repayment.queries.installments(session, loan)
            usual_rp = max((row.left_rp for row in rows), default=0)
            amount_rp = int(usual_rp * share) + (pick if share == 3.0 else 0)
            payment = repayment.Payment(loan.id, amount_rp, on, self.token(), extra=extra)
            first = repayment.pay(session, who, payment)
            assert repayment.pay(session, who, payment).id == first.id

        self.act(who, pay)

    @rule(pick=PICK, extra=st.sampled_from(list(repayment.EXTRAS)), more_rp=st.sampled_from([0, 0, 1]))
    def everything_is_paid(self, pick: int, extra: Any, more_rp: int) -> None:
        """All that is left, or a rupiah more, which is refused."""
        loan, who = self.loan(pick, "running"), self.world.petugas
        if loan is None:
            return

        def pay(session: Any) -> None:
            held = session.get_one(Loan, loan.id)
            if extra == "next":
                rows = repayment.queries.installments(session, held)
                left_rp = sum(one.total_rp for one in repayment.owed(held, rows, self.day))
            else:
                left_rp = repayment.quote(session, who, loan.id, on=self.day).total_rp
            payment = repayment.Payment(loan.id, left_rp + more_rp, self.day, self.token(), extra=extra)
            repayment.pay(session, who, payment)

        self.act(who, pay)

    @rule(pick=PICK)
    def it_ends_early(self, pick: int) -> None:
        loan, who = self.loan(pick, "running"), self.world.petugas
        if loan is not None:
            self.act(who, lambda session: repayment.settle(
                session, who, repayment.quote(session, who, loan.id, on=self.day), token=self.token()))  # fmt: skip

    @rule(pick=PICK)
    def a_payment_was_wrong(self, pick: int) -> None:
        loan, who = self.loan(pick, "running", "settled"), self.world.ketua
        if loan is None:
            return
        with self.world.reading() as session:
            paid = [p.id for p in session.query(LoanPayment).filter_by(loan_id=loan.id).order_by(LoanPayment.id)]
        for payment_id in reversed(paid[-3:]):
            self.act(who, lambda s, p=payment_id: undoing.undo(s, who, p, booked_on=self.day, reason="salah"))

    @rule(pick=PICK, term=st.integers(1, 36), rate=st.sampled_from(["0", "0.75", "12"]), agreed=st.booleans())
    def terms_change(self, pick: int, term: int, rate: str, agreed: bool) -> None:
        loan, world = self.loan(pick, "running"), self.world
        if loan is None:
            return
        due = self.day + timedelta(days=20)
        wanted = adjustments.NewTerms(loan.id, self.day, due, term, Decimal(rate), "sakit lama")
        request = self.act(
            world.bendahara, lambda session: adjustments.request_restructure(session, world.bendahara, wanted)
        )
        self._decided(request, agreed)

    @rule(pick=PICK, agreed=st.booleans())
    def it_is_given_up(self, pick: int, agreed: bool) -> None:
        loan, world = self.loan(pick, "running"), self.world
        if loan is None:
            return
        request = self.act(world.bendahara, lambda session: adjustments.request_write_off(
            session, world.bendahara, loan.id, on=self.day, reason="hilang"))  # fmt: skip
        self._decided(request, agreed)

    def _decided(self, request: Any, agreed: bool) -> None:
        if request is None:
            return
        ketua = self.world.ketua
        decided = self.act(ketua, lambda session: approvals.approve(session, ketua, request.id)) if agreed else None
        if decided is None:
            self.act(ketua, lambda session: approvals.reject(session, ketua, request.id, "belum"))

    @rule(pick=PICK, amount_rp=st.integers(1, 3_000_000))
    def some_of_it_comes_back(self, pick: int, amount_rp: int) -> None:
        loan, who = self.loan(pick, "written_off"), self.world.petugas
        if loan is not None:
            self.act(who, lambda session: adjustments.recover(
                session, who, loan_id=loan.id, amount_rp=amount_rp, paid_on=self.day, token=self.token()))  # fmt: skip

    @rule()
    def a_list_is_sent(self) -> None:
        who = self.world.bendahara
        self.act(who, lambda session: lists.send(session, who, lists.preview(session, who, self.day)))

    @rule(share=SHARE, sure=st.booleans(), early=st.sampled_from([0, 0, 12]))
    def the_paymaster_pays(self, share: float, sure: bool, early: int) -> None:
        who = self.world.bendahara
        with self.world.reading() as session:
            sent = session.query(PayrollList).filter_by(state="sent").order_by(PayrollList.id).first()
        if sent is None:
            return

        def book(session: Any) -> None:
            rows = lists.lines(session, sent)
            received = [Received(row.member_id, int(row.total_rp * share)) for row in rows]
            on = self.day - timedelta(days=early)
            offered = settlement.preview(session, who, sent.id, received, paid_on=on)
            assert offered.received_rp == sum(one.amount_rp for one in received)
            settlement.book(session, who, offered, accept_excess=sure)

        self.act(who, book)

    @rule(pick=PICK, forgive=st.booleans())
    def a_member_leaves(self, pick: int, forgive: bool) -> None:
        who, member_id = self.world.ketua, self.members[pick % 3]

        def leave(session: Any) -> None:
            offered = exits.preview(session, who, member_id, on=self.day, forgive_interest=forgive)
            exits.settle(session, who, offered, left_on=self.day, reason="pindah", forgive_interest=forgive)

        if pick > 7:
            self.act(who, leave)

    @rule()
    def the_allowance_is_booked(self) -> None:
        who = self.world.bendahara
        booked = self.act(who, lambda session: provisioning.book(
            session, who, provisioning.preview(session, who, self.day)) or "nothing to do")  # fmt: skip
        if booked is not None:
            with self.world.reading(who) as session:
                assert provisioning.preview(session, who, self.day).change_rp == 0

    @rule(act=st.sampled_from(["close", "close", "reopen", "reopen"]))
    def a_month_is_closed_or_opened(self, act: str) -> None:
        who, wanted = self.world.ketua, {"close": "open", "reopen": "closed"}[act]
        with self.world.reading() as session:
            order = Period.starts_on if act == "close" else Period.starts_on.desc()
            month = session.query(Period).filter_by(state=wanted).order_by(order).first()
        if month is not None and month.starts_on <= self.day:
            self.act(who, lambda session: periods.change(session, who, month.id, act))

    @invariant()
    def everything_holds(self) -> None:
        now = self.day, self._traces()
        if now != self.checked:
            assert_truths(self.world, self.day)
        self.checked = now


def test_whatever_happens_to_loans_every_truth_holds(furnished: Path) -> None:
    class Here(Lending):
        source = furnished

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=16, deadline=None, derandomize=EXAMPLES == 10, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
