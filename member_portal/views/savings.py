"""A member's pokok and wajib, mutasi and kuitansi, and the public page a kuitansi's QR leads to."""

from datetime import date
from itertools import groupby

from flask import Response, request
from flask.typing import ResponseReturnValue

from core.errors import InvalidValue, NotFound
from member_portal.frame import LARGEST_ID, me, members_only, page, portal
from models.coops import Coop
from reports.documents import PAPERS, Paper, ReceiptSlip, qr_svg, receipt_pdf, receipt_slip
from reports.export import logo_of
from services.notifications.texts import share
from services.savings import dues, queries, receipts
from web.request import database, db, settings, transaction

RECEIPT_ID = f"<int(max={LARGEST_ID}):receipt_id>"
KIND_LABELS = {
    "opening": "Saldo awal", "deposit": "Setor", "withdrawal": "Tarik", "exit": "Pengembalian simpanan",
    "reversal": "Pembatalan", "interest": "Jasa", "tax": "Pajak jasa",
}  # fmt: skip
MOST_LINES = 100


@portal.app_template_filter("jenis_mutasi")
def kind_label(kind: str) -> str:
    return KIND_LABELS[kind]


@portal.app_template_filter("groupby_month")
def by_month(lines: list[queries.Mutation]) -> list[tuple[date, list[queries.Mutation]]]:
    """Lines as (first day of month, lines), in the order given."""
    return [(month, list(rows)) for month, rows in groupby(lines, lambda line: line.booked_on.replace(day=1))]


@portal.get("/mykoperasi/simpanan")
@members_only
def savings_page() -> ResponseReturnValue:
    """What is held until a member leaves: pokok and wajib, and the bills of wajib month by month."""
    who, member_id = me()
    held = [row for row in queries.balances(db(), who, member_id) if row.kind != "voluntary"]
    return page(
        "savings.html", title="Simpanan", balances=held, total_rp=sum(row.balance_rp for row in held),
        years=dues.years(db(), who, member_id),
    )  # fmt: skip


@portal.get("/mykoperasi/mutasi")
@members_only
def mutations() -> ResponseReturnValue:
    who, member_id = me()
    product_id, month_on = whole(request.args.get("jenis")), _month(request.args.get("bulan"))
    every = queries.mutations(db(), who, member_id, product_id=product_id)
    months = sorted(
        {line.booked_on.replace(day=1) for line in every} | ({month_on} if month_on else set()), reverse=True
    )
    shown = [line for line in reversed(every) if month_on is None or line.booked_on.replace(day=1) == month_on]
    return page(
        "mutations.html", title="Mutasi", lines=shown[:MOST_LINES], more=len(shown) - MOST_LINES, months=months,
        month_on=month_on, product_id=product_id, balances=queries.balances(db(), who, member_id),
    )  # fmt: skip


def whole(text: str | None) -> int | None:
    """A row's number as it stands in an address or a form; None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def _month(text: str | None) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01") if text else None
    except ValueError:
        raise InvalidValue(field="Bulan", reason="pilih salah satu bulan dari daftar.") from None


@portal.get("/mykoperasi/kuitansi")
@members_only
def receipts_list() -> ResponseReturnValue:
    who, member_id = me()
    return page("receipts.html", title="Kuitansi", receipts=queries.receipts_of(db(), who, member_id))


@portal.get(f"/mykoperasi/kuitansi/{RECEIPT_ID}")
@members_only
def receipt(receipt_id: int) -> ResponseReturnValue:
    found = receipts.get(db(), me()[0], receipt_id)
    slip = receipt_slip(db(), found, public_url=settings().public_url, is_copy=False)
    return page(
        "receipt.html", title=f"Kuitansi {slip.label}", receipt=found, slip=slip, qr=qr_svg(slip.verify_url),
        whatsapp=share_link(slip),
    )  # fmt: skip


def share_link(slip: ReceiptSlip) -> str:
    """Opens the person's own WhatsApp; the text names the paper and where to check it, nobody and no amount."""
    return share(f"Kuitansi {slip.label} dari {slip.head.name}. Periksa di {slip.verify_url}")


@portal.post(f"/mykoperasi/kuitansi/{RECEIPT_ID}/cetak")
@members_only
def print_receipt(receipt_id: int) -> ResponseReturnValue:
    """Printing is counted, so it is a POST: A6 and A5 come as PDF, the two rolls as a page to print."""
    paper = _paper(request.form.get("kertas", "a6"))
    with transaction() as work:
        found = receipts.get(work, me()[0], receipt_id)
        is_copy = receipts.printed(work, me()[0], found)
        logo = logo_of(work.get_one(Coop, found.coop_id), settings().uploads)
        slip = receipt_slip(work, found, public_url=settings().public_url, is_copy=is_copy, logo=logo)
    if paper in {"58", "80"}:
        return page("strip.html", title=slip.label, slip=slip, width=paper, qr=qr_svg(slip.verify_url), receipt=found)
    return pdf(receipt_pdf(slip, paper), f"kuitansi-{slip.label.replace('/', '-')}.pdf")


def _paper(value: str) -> Paper:
    for paper in PAPERS:
        if paper == value:
            return paper
    raise InvalidValue(field="Ukuran kertas", reason="pilih A6, A5, struk 80 mm, atau struk 58 mm.")


def pdf(data: bytes, name: str) -> Response:
    """A PDF to keep, under this file name."""
    return Response(data, mimetype="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'})


@portal.get("/v/<token>")
def verify(token: str) -> ResponseReturnValue:
    """Anyone with the paper may compare it with the books."""
    try:
        found = receipts.verify(database(), token)
    except NotFound:
        return page("verify.html", title="Kuitansi tidak dikenal", found=None), 404
    return page("verify.html", title=f"Kuitansi {found.label}", found=found)
