"""What nobody has done yet on the day the story is told: a request at each step, so that every part finds work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from models.members import Member
from seed.lending import Desk, Offer
from seed.stage import Stage, numbered
from services.deposits import due
from services.jobs import reminders
from services.loans import applications
from services.savings import queries, requests
from services.savings.requests import Wish
from services.support import desk as answers
from services.support import tickets
from services.support.talk import Said

TALKS = (
    ("question", "coop", "Kartu anggota saya hilang", "Bagaimana cara mendapat kartu yang baru?"),
    ("complaint", "coop", "Beras yang dikirim kurang satu", "Saya pesan dua karung, yang sampai hanya satu."),
    ("feedback", "platform", "Tampilan malam hari", "Mohon ada pilihan layar gelap, supaya nyaman dibaca malam hari."),
)
STEPS = ("draft", "asked", "analysed", "reviewed", "approved")


@dataclass(frozen=True)
class Waiting:
    """Offers of the applications that wait, in the order of STEPS; `related` is a board member's, for pengawas."""

    offers: tuple[Offer, Offer, Offer, Offer, Offer]
    related: tuple[int, Offer] | None
    withdrawal_rp: int


def leave_work(desk: Desk, wanted: Waiting, active: Sequence[Member], shown: Member) -> None:
    """Applications at each step, withdrawals in each state, and what the members are told of the day."""
    stage = desk.stage
    _apply(desk, wanted, active)
    if wanted.related:
        number, offer = wanted.related
        loan = desk.ask(numbered(active, number), offer, _ago(stage, 5))
        desk.analyse(loan, _ago(stage, 3))
        for part in ("bendahara", "ketua"):
            desk.decide(loan, part, _ago(stage, 1))
    _withdrawals(stage, wanted.withdrawal_rp, active, shown)
    due.catch_up(stage.session, stage.people["bendahara"], stage.today)
    reminders.send(stage.session, stage.coop.id, stage.today)
    _talk(stage)


def _talk(stage: Stage) -> None:
    """A complaint that waits for the pengurus, a question they answered, and a suggestion to eKopz."""
    session, member, chair, nowhere = stage.session, stage.people["anggota"], stage.people["ketua"], Path()
    for number, (kind, goes_to, title, body) in enumerate(TALKS):
        wish = tickets.Wish(kind, goes_to, title, Said(body, f"talk-{number}"), "/mykoperasi/")
        asked = tickets.open_ticket(session, member, wish, nowhere)
        if kind == "question":
            said = Said("Kartu baru dapat diambil di kantor setiap hari kerja, gratis.", "talk-answer")
            answers.answer(session, chair, asked.id, said, nowhere, after=0)


def _ago(stage: Stage, days: int) -> date:
    return stage.today - timedelta(days=days)


def _apply(desk: Desk, wanted: Waiting, active: Sequence[Member]) -> None:
    stage, board = desk.stage, {actor.member_id for actor in desk.stage.people.values()}
    free = [member for member in active if member.id not in board and not desk.running(member)]
    free += [member for member in active if member.id not in board and desk.running(member)]

    def next_free(offer: Offer) -> Member:
        found = next(member for member in free if not desk.running(member, offer.code))
        free.remove(found)
        return found

    for at, offer in enumerate(wanted.offers):
        loan = desk.ask(next_free(offer), offer, _ago(stage, at + 1))
        if at >= STEPS.index("analysed"):
            desk.analyse(loan, _ago(stage, at))
        if at >= STEPS.index("reviewed"):
            desk.decide(loan, "bendahara", _ago(stage, at - 1))
        if at >= STEPS.index("approved"):
            desk.decide(loan, "ketua", _ago(stage, at - 2))
    draft, asked, *_ = wanted.offers
    turned_away = desk.ask(next_free(asked), asked, _ago(stage, 9))
    desk.analyse(turned_away, _ago(stage, 8))
    reason = "Baru saja melunasi yang lama; ajukan lagi bulan depan"
    desk.decide(turned_away, "bendahara", _ago(stage, 7), approved=False, note=reason)
    given_up = desk.ask(next_free(draft), draft, _ago(stage, 8))
    applications.cancel(stage.session, stage.people["petugas"], given_up.id, reason="Jadi memakai tabungan sendiri")


def _withdrawals(stage: Stage, amount_rp: int, active: Sequence[Member], shown: Member) -> None:
    """One in each state: the shown member's own waits; the others were written down at the desk."""
    session, desk, chair = stage.session, stage.people["petugas"], stage.people["ketua"]
    member = stage.people["anggota"]
    requests.ask(session, member, _wish(stage, shown, amount_rp, 1))
    rich = [one for one in active if one is not shown and one.id != chair.member_id and _free(stage, one) > amount_rp]
    approved, paid, rejected, cancelled = (
        requests.ask(session, desk, _wish(stage, one, amount_rp, days)).id
        for one, days in zip(rich, (2, 4, 3, 6), strict=False)
    )
    for request_id in (approved, paid):
        requests.approve(session, chair, request_id)
    requests.pay(session, desk, paid, paid_on=stage.today)
    requests.reject(session, chair, rejected, reason="Masih menjadi jaminan pinjaman; ambil setelah lunas")
    requests.cancel(session, desk, cancelled, reason="Dibatalkan atas permintaan anggota")


def _wish(stage: Stage, member: Member, amount_rp: int, days: int) -> Wish:
    to = f"{member.bank_name} {member.bank_account_masked}" if member.bank_name else ""
    return Wish(member.id, stage.voluntary.id, amount_rp, _ago(stage, days), stage.token("penarikan"), to.strip())


def _free(stage: Stage, member: Member) -> int:
    held = queries.balances(stage.session, stage.people["petugas"], member.id)
    return sum(row.balance_rp for row in held if row.kind == "voluntary")
