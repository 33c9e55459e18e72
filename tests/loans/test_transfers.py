"""Installments sent by bank: told with a proof, found on the statement, booked once; never by the member themself."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update

from core.actor import Actor
from core.errors import InvalidValue, NotAllowed, NotFound, Refusal
from core.pictures import PictureRefused
from models.audit import AuditRecord
from models.ledger import AccountMonth, JournalEntry
from models.loans import Loan, LoanPayment, LoanTransfer
from models.notifications import Notification
from models.savings import Receipt
from services.ledger import periods
from services.ledger.checks import check_books
from services.ledger.refusals import PeriodClosed
from services.loans import repayment, transfers, undoing
from services.loans.refusals import (
    DocumentGone,
    LoanWrongState,
    OwnTransfer,
    PaidBeforeDisbursed,
    PaymentInvalid,
    TooManyTransfers,
    TransferDiffers,
    TransferEndsDifferently,
    TransferProofUsed,
    TransferTooMuch,
    TransferWrongState,
)
from services.loans.transfers import Found, Wish
from tests.admin_panel.story import picture
from tests.conftest import World
from tests.crowd import outcomes
from tests.journeys.conftest import employ
from tests.loans import story

SENT, SEEN = date(2026, 2, 11), date(2026, 2, 12)
DUE_RP = 1_120_000


class Lending:
    """Siti with Rp 12.000.000 flat 1 % over 12 months, her sign-in, and a folder for pictures."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.folder = world, folder
        self.member_id = story.saver(world)
        self.loan_id = story.disbursed(world, self.member_id, story.product(world))
        self.siti = employ(world, "siti", {"anggota"}, self.member_id)
        self.sent = 0

    def wish(self, amount_rp: int = DUE_RP, **changes: object) -> Wish:
        self.sent += 1
        proof = picture((40 + self.sent, 30))
        usual = Wish(self.loan_id, amount_rp, SENT, SEEN, f"t{self.sent}", proof, "BCA", "Siti Aminah", "angsuran 1")
        return replace(usual, **changes)

    def ask(self, wish: Wish | None = None, who: Actor | None = None, **changes: object) -> int:
        who = who or self.siti
        with self.world.transaction(who) as session:
            return transfers.ask(session, who, wish or self.wish(**changes), self.folder).id

    def confirm(
        self, transfer_id: int, amount_rp: int = DUE_RP, who: Actor | None = None, **changes: object
    ) -> Receipt:
        who = who or self.world.petugas
        found = replace(Found(amount_rp, SEEN), **changes)
        with self.world.transaction(who) as session:
            return transfers.confirm(session, who, transfer_id, found)

    def reject(self, transfer_id: int, reason: str = "Uangnya tidak ada", who: Actor | None = None) -> None:
        who = who or self.world.petugas
        with self.world.transaction(who) as session:
            transfers.reject(session, who, transfer_id, reason=reason)

    def cancel(self, transfer_id: int, who: Actor | None = None) -> None:
        who = who or self.siti
        with self.world.transaction(who) as session:
            transfers.cancel(session, who, transfer_id)

    def transfer(self, transfer_id: int) -> LoanTransfer:
        with self.world.reading() as session:
            return session.get_one(LoanTransfer, transfer_id)

    def count(self, model: type, **wanted: object) -> int:
        with self.world.reading() as session:
            return session.query(model).filter_by(**wanted).count()

    def left_rp(self) -> int:
        with self.world.reading() as session:
            return session.get_one(Loan, self.loan_id).outstanding_rp

    def pictures(self) -> list[Path]:
        return list((self.folder / "uploads").rglob("?" * 32))

    def told(self) -> list[str]:
        with self.world.reading() as session:
            found = session.query(Notification).filter(Notification.key.like("transfer:%")).order_by(Notification.id)
            return [one.body for one in found]


@pytest.fixture
def lending(world: World, tmp_path: Path) -> Lending:
    return Lending(world, tmp_path)


def test_a_transfer_is_booked_as_the_statement_shows_it(lending):
    transfer_id = lending.ask()
    assert lending.left_rp() == 12_000_000, "the member's word moves nothing"
    receipt = lending.confirm(transfer_id, 1_119_000)
    kept = lending.transfer(transfer_id)
    assert (kept.amount_rp, kept.booked_rp, kept.paid_on, kept.booked_on) == (DUE_RP, 1_119_000, SENT, SEEN)
    assert (kept.state, kept.receipt_id, receipt.issued_on) == ("booked", receipt.id, SEEN)
    assert lending.left_rp() == 12_000_000 - 999_000
    with lending.world.reading() as session:
        bank = lending.world.account(session, "11021")
        got = session.query(AccountMonth).filter_by(account_id=bank, month_on=date(2026, 2, 1)).one()
        assert got.debit_rp == 1_119_000
    assert "Rp 1.120.000 sudah kami terima. Di rekening koran tercatat Rp 1.119.000" in lending.told()[0]
    assert lending.count(AuditRecord, action="loans.transfer_booked") == 1


def test_the_second_click_of_the_member_is_the_same_transfer(lending):
    wish = lending.wish()
    assert lending.ask(wish) == lending.ask(wish)
    assert lending.count(LoanTransfer) == 1
    assert len(lending.pictures()) == 1
    with pytest.raises(TransferDiffers):
        lending.ask(replace(wish, amount_rp=1))


def test_the_second_click_of_the_desk_is_the_same_kuitansi(lending):
    transfer_id = lending.ask()
    first = lending.confirm(transfer_id)
    assert lending.confirm(transfer_id).id == first.id
    with pytest.raises(TransferWrongState):
        lending.confirm(transfer_id, 1_000_000)
    with pytest.raises(TransferWrongState):
        lending.reject(transfer_id)
    assert (lending.count(LoanPayment), len(lending.told())) == (1, 1)


def test_twenty_confirmations_at_once_are_one_payment(any_world, tmp_path):
    lending = Lending(any_world, tmp_path)
    transfer_id, before = lending.ask(), lending.count(Receipt)
    found = outcomes([lambda: lending.confirm(transfer_id).id] * 20)
    assert len(set(found)) == 1, found
    assert isinstance(found[0], int)
    assert (lending.count(LoanPayment), lending.count(Receipt)) == (1, before + 1)
    assert lending.left_rp() == 11_000_000


def test_booking_against_refusing_against_taking_back(any_world, tmp_path):
    lending = Lending(any_world, tmp_path)
    transfer_id = lending.ask()
    second = replace(any_world.bendahara, permissions=any_world.bendahara.permissions)
    acts = [
        lambda: lending.confirm(transfer_id).amount_rp,
        lambda: lending.reject(transfer_id, who=second),
        lambda: lending.cancel(transfer_id),
    ]
    found = outcomes(acts)
    assert found.count("loans.transfer_wrong_state") == 2, found
    booked = lending.transfer(transfer_id).state == "booked"
    assert lending.count(LoanPayment) == booked
    assert lending.left_rp() == 12_000_000 - 1_000_000 * booked


def test_one_proof_sent_at_once_is_one_transfer(any_world, tmp_path):
    lending = Lending(any_world, tmp_path)
    proof = picture()
    wishes = [lending.wish(proof=proof) for _ in range(8)]
    found = outcomes([lambda wish=wish: lending.ask(wish) for wish in wishes])
    assert found.count("loans.transfer_proof_used") == 7, found


def test_a_transfer_ends_the_loan_when_it_is_what_that_takes(lending):
    with lending.world.reading(lending.siti) as session:
        payoff_rp = repayment.quote(session, lending.siti, lending.loan_id, on=SEEN).total_rp
    transfer_id = lending.ask(amount_rp=payoff_rp, paid_on=SEEN)
    with pytest.raises(TransferEndsDifferently, match=r"diperlukan tepat Rp 12\.120\.000"):
        lending.confirm(transfer_id, payoff_rp - 1, use="settle")
    lending.confirm(transfer_id, payoff_rp, use="settle")
    lending.confirm(transfer_id, payoff_rp, use="settle")
    assert (lending.left_rp(), lending.count(LoanPayment, kind="settlement")) == (0, 1)
    with pytest.raises(LoanWrongState, match="lunas"):
        lending.ask()


def test_what_is_shown_before_is_what_is_booked(lending):
    transfer_id, world = lending.ask(), lending.world
    late = date(2026, 3, 20)
    for use, amount_rp in (("next", 3_000_000), ("shorter", 5_000_000), ("settle", 12_360_000)):
        found = Found(amount_rp, late, use=use)
        with world.reading(world.petugas) as session:
            shown = transfers.preview(session, world.petugas, transfer_id, found)
        assert shown.total_rp == amount_rp
    lending.confirm(transfer_id, 12_360_000, booked_on=late, use="settle")
    with world.reading() as session:
        paid = session.query(LoanPayment).one()
    assert (paid.penalty_rp, paid.interest_rp, paid.principal_rp) == (
        shown.penalty_rp, shown.interest_rp, shown.principal_rp,
    )  # fmt: skip


def test_money_goes_into_a_bank_account_of_ours_and_no_other(lending):
    world, transfer_id = lending.world, lending.ask()
    with world.reading(world.petugas) as session:
        banks = dict(transfers.accounts(session, world.petugas))
        savings_bank, cash = world.account(session, "11022"), world.account(session, "11011")
    with world.reading(world.other_actors["petugas"]) as session:
        theirs = world.account(session, "11021")
    assert savings_bank in banks
    for account in (cash, theirs, 0):
        with pytest.raises(InvalidValue):
            lending.confirm(transfer_id, account=account)
    lending.confirm(transfer_id, account=savings_bank)


def wrong(lending: Lending, refusal: type[Refusal], **changes: object) -> str:
    with pytest.raises(refusal) as caught:
        lending.ask(**changes)
    assert lending.count(LoanTransfer) == 0
    assert not lending.pictures()
    return caught.value.sentence


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"amount_rp": 0}, PaymentInvalid), ({"amount_rp": -1}, PaymentInvalid), ({"amount_rp": 1.5}, PaymentInvalid),
        ({"amount_rp": 10**15}, PaymentInvalid), ({"amount_rp": True}, PaymentInvalid),
        ({"paid_on": date(2026, 2, 13)}, InvalidValue), ({"paid_on": date(2026, 1, 11)}, PaidBeforeDisbursed),
        ({"token": ""}, InvalidValue), ({"token": "x" * 61}, InvalidValue), ({"bank": "  "}, InvalidValue),
        ({"proof": b""}, PictureRefused), ({"proof": b"%PDF-1.7"}, PictureRefused),
        ({"proof": b"<svg/>"}, PictureRefused), ({"proof": picture()[:60]}, PictureRefused),
        ({"proof": b"\x89PNG" + b"x" * (5 * 1024 * 1024)}, PictureRefused),
        ({"proof": picture((5001, 5000))}, PictureRefused), ({"loan_id": 999}, NotFound),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_leaves_nothing(lending, changes, refusal):
    assert wrong(lending, refusal, **changes)


def test_more_than_is_owed_is_refused_with_what_ends_the_loan(lending):
    sentence = wrong(lending, TransferTooMuch, amount_rp=13_000_000)
    assert "melunasi: Rp 12.120.000 per 11 Februari 2026." in sentence
    first = lending.ask(amount_rp=12_000_000)
    with pytest.raises(TransferTooMuch, match=r"sedang Rp 12\.000\.000 masih diproses"):
        lending.ask(amount_rp=120_001)
    with pytest.raises(TransferTooMuch, match=r"Rp 12\.120\.000 per 12 Februari 2026\."):
        lending.confirm(first, 12_120_001)
    assert lending.count(LoanPayment) == 0


def test_only_so_many_may_wait(lending):
    sent = [lending.ask(amount_rp=1_000) for _ in range(transfers.MOST)]
    with pytest.raises(TooManyTransfers):
        lending.ask(amount_rp=1_000)
    lending.cancel(sent[0])
    lending.ask(amount_rp=1_000)
    with lending.world.reading(lending.siti) as session:
        states = [one.state for one in transfers.of_loan(session, lending.siti, lending.loan_id)]
    assert states == ["waiting"] * transfers.MOST + ["cancelled"]


def test_a_proof_counts_once_until_it_is_refused(lending):
    proof = picture()
    first = lending.ask(proof=proof)
    with pytest.raises(TransferProofUsed):
        lending.ask(proof=proof)
    lending.reject(first)
    assert "Alasan: Uangnya tidak ada" in lending.told()[0]
    again = lending.ask(proof=proof)
    lending.confirm(again)
    with pytest.raises(TransferProofUsed):
        lending.ask(proof=proof)


def test_a_closed_month_takes_no_transfer(lending):
    transfer_id, world = lending.ask(), lending.world
    with world.transaction(world.bendahara) as session:
        for month in periods.closable(session, world.bendahara, date(2026, 3, 5)):
            periods.change(session, world.bendahara, month.id, "close")
    with pytest.raises(PeriodClosed):
        lending.confirm(transfer_id)
    assert lending.transfer(transfer_id).state == "waiting"
    lending.confirm(transfer_id, booked_on=date(2026, 3, 2))


def test_a_loan_that_ended_meanwhile_takes_no_transfer(lending):
    transfer_id, world = lending.ask(), lending.world
    with world.transaction(world.petugas) as session:
        offered = repayment.quote(session, world.petugas, lending.loan_id, on=SEEN)
        repayment.settle(session, world.petugas, offered, token="end")
    with pytest.raises(LoanWrongState, match="sedang lunas"):
        lending.confirm(transfer_id)
    lending.reject(transfer_id, "Pinjaman sudah lunas, uang dikembalikan")
    assert lending.transfer(transfer_id).state == "rejected"


def test_nobody_books_or_refuses_their_own(lending):
    world, transfer_id = lending.world, lending.ask()
    for who in (
        replace(world.petugas, member_id=lending.member_id),
        replace(world.petugas, user_id=lending.siti.user_id),
    ):
        with pytest.raises(OwnTransfer):
            lending.confirm(transfer_id, who=who)
        with pytest.raises(OwnTransfer):
            lending.reject(transfer_id, who=who)
    for who in (world.ketua, world.pengawas, world.sekretaris, lending.siti):
        with pytest.raises(NotAllowed):
            lending.confirm(transfer_id, who=who)
        with pytest.raises(NotAllowed):
            lending.reject(transfer_id, who=who)
        with pytest.raises(NotAllowed), world.reading(who) as session:
            transfers.waiting(session, who)
    with pytest.raises(InvalidValue):
        lending.reject(transfer_id, "  ")
    assert lending.transfer(transfer_id).state == "waiting"


def test_a_transfer_is_the_members_own(lending):
    world, transfer_id = lending.world, lending.ask()
    joko = employ(world, "joko", {"anggota"}, story.saver(world, "Joko"))
    for who in (joko, world.other_actors["petugas"], world.other_actors["bendahara"]):
        with pytest.raises(NotFound), world.reading(who) as session:
            transfers.proof(session, who, transfer_id, lending.folder)
        with pytest.raises(NotFound), world.reading(who) as session:
            transfers.of_loan(session, who, lending.loan_id)
        with pytest.raises(NotFound):
            lending.cancel(transfer_id, who=who)
        with pytest.raises(NotFound):
            lending.ask(who=who)
    with pytest.raises(NotAllowed):
        lending.cancel(transfer_id, who=world.petugas)
    with pytest.raises(NotAllowed):
        lending.ask(who=world.petugas)
    their_clerk = world.other_actors["petugas"]
    with world.reading(their_clerk) as session:
        assert transfers.waiting(session, their_clerk) == []
    for act in (lending.confirm, lending.reject):
        with pytest.raises(NotFound):
            act(transfer_id, who=their_clerk)


def test_the_picture_is_made_anew_and_private(lending):
    transfer_id, world = lending.ask(proof=picture() + b"<script>"), lending.world
    for who in (lending.siti, world.petugas):
        with world.reading(who) as session:
            body = transfers.proof(session, who, transfer_id, lending.folder)
        assert body.startswith(b"\xff\xd8")
        assert b"<script>" not in body
    kept = lending.pictures()[0]
    assert kept.stat().st_mode & 0o077 == 0
    kept.unlink()
    with pytest.raises(DocumentGone), world.reading(world.petugas) as session:
        transfers.proof(session, world.petugas, transfer_id, lending.folder)


def test_a_booked_transfer_that_is_undone_is_known_as_such(lending):
    first, second = lending.ask(), lending.ask()
    lending.confirm(first)
    lending.confirm(second)
    world = lending.world
    with world.transaction(world.bendahara) as session:
        last = session.query(LoanPayment).order_by(LoanPayment.id.desc()).first()
        undoing.undo(session, world.bendahara, last.id, booked_on=SEEN, reason="salah pinjaman")
    with world.reading(lending.siti) as session:
        sent = transfers.of_loan(session, lending.siti, lending.loan_id)
        assert transfers.undone(session, sent) == {second}
        assert transfers.undone(session, []) == set()
    assert lending.confirm(second).id != lending.confirm(first).id
    assert lending.count(JournalEntry, source=f"loan-payment:transfer:{second}") == 1


def test_the_books_watch_that_a_booked_transfer_is_one_payment(lending):
    world, transfer_id = lending.world, lending.ask()
    lending.confirm(transfer_id)
    world.checked = False
    with world.transaction() as session:
        session.execute(update(LoanTransfer).values(booked_rp=DUE_RP - 1))
    with world.reading() as session:
        assert [one.check for one in check_books(session, world.coop.id)] == ["every_booked_transfer_is_one_payment"]
