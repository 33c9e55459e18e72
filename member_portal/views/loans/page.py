"""A member's loans and applications: the list, the page of one, its papers, taking it back."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from core.actor import Actor
from core.errors import NotFound, Refusal
from member_portal.frame import LARGEST_ID, me, members_only, page, portal, today
from member_portal.typed import Typed
from member_portal.views.loans import progress
from member_portal.views.loans.asking import COLLECTED
from member_portal.views.loans.simulator import METHOD_WORDS, PERIOD_WORDS, xlsx
from models.loans import Loan
from models.transaction import TenantSession
from services.loans import applications, documents, products, queries, repayment, schedules, simulation
from services.loans.states import LABELS, OPEN
from web.headers import picture
from web.request import db, settings, transaction

ONE = "/mykoperasi/pinjaman/<uuid:public_id>"
OTHER_PAPER = "Dokumen lain"
MOST_ROWS = 72
HEADS = ["Angsuran ke", "Jatuh tempo", "Pokok", "Jasa", "Angsuran", "Terbayar", "Sisa", "Keadaan"]


@portal.app_template_filter("keadaan_pinjaman")
def state_label(state: str) -> str:
    return LABELS[state].capitalize()


@portal.app_template_filter("warna_pinjaman")
def state_tone(state: str) -> str:
    return progress.TONES.get(state, "")


@portal.get("/mykoperasi/pinjaman")
@members_only
def loans_list() -> ResponseReturnValue:
    who, member_id = me()
    found = queries.of_member(db(), who, member_id)
    running = [loan for loan in found if loan.state == "running"]
    rows = queries.installments_of(db(), running)
    return page(
        "loans.html", title="Pinjaman", running=running, waiting=[loan for loan in found if loan.state in OPEN],
        past=[loan for loan in found if loan.state not in OPEN and loan.state != "running"],
        due={loan.id: queries.next_due(rows[loan.id], today()) for loan in running},
    )  # fmt: skip


@portal.get(ONE)
@members_only
def loan_page(public_id: uuid.UUID) -> ResponseReturnValue:
    return _page(public_id, Typed({}))


@portal.get(f"{ONE}/jadwal.xlsx")
@members_only
def loan_schedule(public_id: uuid.UUID) -> ResponseReturnValue:
    loan = queries.by_public_id(db(), me()[0], public_id)
    rows = [
        [one.row.no, one.row.due_on, one.row.principal_rp, one.row.interest_rp,
         one.row.principal_rp + one.row.interest_rp, one.paid_rp, one.row.left_rp, one.word]
        for one in progress.dues(queries.installments(db(), loan), today())
    ]  # fmt: skip
    return xlsx(f"Jadwal {loan.number}", f"jadwal-{loan.number.replace('/', '-')}.xlsx", [HEADS, *rows])


@portal.post(f"{ONE}/kirim")
@members_only
def submit_loan(public_id: uuid.UUID) -> ResponseReturnValue:
    return _act(public_id, "kirim", applications.submit, "Pengajuan terkirim dan menunggu diperiksa pengurus.")


@portal.post(f"{ONE}/batalkan")
@members_only
def cancel_loan(public_id: uuid.UUID) -> ResponseReturnValue:
    reason = Typed(request.form)["alasan"]

    def cancel(session: TenantSession, who: Actor, loan_id: int) -> Loan:
        return applications.cancel(session, who, loan_id, reason=reason)

    return _act(public_id, "alasan", cancel, "Pengajuan dibatalkan.")


@portal.post(f"{ONE}/dokumen")
@members_only
def add_paper(public_id: uuid.UUID) -> ResponseReturnValue:
    given = request.files.get("gambar")
    paper = documents.Paper(Typed(request.form)["dokumen"], given.read() if given else b"")

    def add(session: TenantSession, who: Actor, loan_id: int) -> object:
        return documents.add(session, who, loan_id, paper, settings().data)

    return _act(public_id, "gambar", add, f"{paper.label} tersimpan.")


@portal.get(f"{ONE}/dokumen/<int(max={LARGEST_ID}):document_id>")
@members_only
def paper(public_id: uuid.UUID, document_id: int) -> ResponseReturnValue:
    loan = queries.by_public_id(db(), me()[0], public_id)
    document, body = documents.read(db(), me()[0], document_id, settings().data)
    if document.loan_id != loan.id:
        raise NotFound(what="Dokumen")
    return picture(body, f"dokumen-{document.id}")


def _act(
    public_id: uuid.UUID, field: str, act: Callable[[TenantSession, Actor, int], object], done: str
) -> ResponseReturnValue:
    """Do it in one transaction and come back; a refusal stands beside its field."""
    who, _ = me()
    loan_id = queries.by_public_id(db(), who, public_id).id
    try:
        with transaction() as session:
            act(session, who, loan_id)
    except Refusal as refusal:
        typed = Typed(request.form)
        typed.refused(field, refusal)
        return _page(public_id, typed), refusal.status
    flash(done, "success")
    return redirect(url_for("portal.loan_page", public_id=public_id))


def _page(public_id: uuid.UUID, typed: Typed) -> str:
    loan = queries.by_public_id(db(), me()[0], public_id)
    held = documents.of_loan(db(), loan)
    labels = {one.label for one in held}
    return page(
        "loan.html", title=f"Pinjaman {loan.number}", loan=loan, typed=typed, stops=progress.stops(loan),
        replaced=queries.loan(db(), me()[0], loan.replaces_id) if loan.replaces_id else None,
        papers=held, missing=[label for label in loan.product.documents if label not in labels],
        other_paper=OTHER_PAPER, is_open=loan.state in OPEN, collected=COLLECTED, methods=METHOD_WORDS,
        periods=PERIOD_WORDS, **(_money(loan) if loan.disbursed_on else _prospect(loan)),
    )  # fmt: skip


def _prospect(loan: Loan) -> dict[str, Any]:
    """What the loan would cost on the terms it was asked on."""
    on, fees = today(), products.fees_of(loan.product, loan.principal_rp)
    terms = replace(schedules.terms_of(loan), disbursed_on=on)
    return {"shown": simulation.outlook(db(), loan.coop_id, terms, fees, on)} if loan.state in OPEN else {}


def _money(loan: Loan) -> dict[str, Any]:
    rows = queries.installments(db(), loan)
    running, found = loan.state == "running", progress.dues(rows, today())
    first = next((place for place, one in enumerate(found) if one.word != "Lunas"), 0)
    start = max(0, first - 12) if len(found) > MOST_ROWS else 0
    paid = progress.by_month(queries.payments(db(), loan), queries.receipt_ids(db(), loan))
    return {
        "rows": found[start : start + MOST_ROWS], "more_rows": max(0, len(found) - MOST_ROWS), "paid": paid,
        "due": queries.next_due(rows, today()) if running else None, "quote": _quote(loan) if running else None,
    }  # fmt: skip


def _quote(loan: Loan) -> repayment.Quote | None:
    """What would end the loan today; nothing before the day it is paid out."""
    if loan.disbursed_on and loan.disbursed_on > today():
        return None
    return repayment.quote(db(), me()[0], loan.id, on=today())
