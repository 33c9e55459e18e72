"""Asking for a loan: one page with its simulation inside. The second click is the same application."""

import secrets

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import Refusal
from core.money import Rupiah
from member_portal.frame import me, members_only, page, portal, today
from member_portal.typed import Typed
from member_portal.views.loans import simulator
from models.loans import Loan, LoanProduct
from services.loans import applications, products, queries, refusals, simulation
from services.loans.schedule import LONGEST, TermsInvalid
from services.loans.simulation import Outlook
from services.privacy import consents
from web.request import db, transaction

COLLECTED = {"cash": "Tunai atau transfer", "payroll": "Potong gaji"}
CARRIED = ("produk", "jumlah", "tenor", "penghasilan", "angsuran_lain")
BESIDE: dict[type[Refusal], str] = {
    refusals.AmountOutside: "jumlah", refusals.TermOutside: "tenor", refusals.ApplicationOpen: "produk",
    refusals.TooManyLoans: "produk", TermsInvalid: "jumlah",
}  # fmt: skip


@portal.get("/mykoperasi/pinjaman/ajukan")
@members_only
def loan_form() -> ResponseReturnValue:
    carried = {name: text for name, text in request.args.items() if name in CARRIED}
    tenor = simulator.usual(_offered(carried.get("produk", ""))[1])["tenor"]
    return _form(Typed(carried, {"tenor": tenor, "bayar": "cash", "token": secrets.token_urlsafe(12)}))


@portal.post("/mykoperasi/pinjaman/ajukan")
@members_only
def ask_loan() -> ResponseReturnValue:
    typed = Typed(request.form)
    if typed["act"] == "hitung":
        return _form(typed)
    wish = _wish(typed)
    if not typed.ok:
        return _form(typed), 422
    try:
        with transaction() as session:
            made = applications.ask(session, me()[0], wish)
            consents.give_as_member(session, *me(), "pinjaman", by="portal")
    except Refusal as refusal:
        typed.refused(BESIDE.get(type(refusal), "form"), refusal)
        return _form(typed), refusal.status
    return _asked(made)


def _asked(made: Loan) -> ResponseReturnValue:
    if made.state == "draft":
        flash(f"Pengajuan {made.number} tersimpan. Unggah dokumennya, lalu tekan Kirim pengajuan.", "success")
    else:
        flash(f"Pengajuan {made.number} terkirim dan menunggu diperiksa pengurus.", "success")
    return redirect(url_for("portal.loan_page", public_id=made.public_id))


def _wish(typed: Typed) -> applications.Wish:
    (_, product), member_id = _offered(typed["produk"]), me()[1]
    if product is None or product.code != typed["produk"]:
        typed.refused("produk", "Pilih jenis pinjaman dari daftar.")
    if not typed["setuju"]:
        typed.refused("setuju", "Centang dulu bila Anda setuju.")
    return applications.Wish(
        member_id=member_id, product_id=product.id if product else 0, asked_rp=typed.rupiah("jumlah", least=1),
        term=typed.whole("tenor", 1, LONGEST), asked_on=today(),
        token=typed["token"][:60] or secrets.token_urlsafe(12),
        purpose=typed.must("tujuan", "Tulis dulu untuk keperluan apa."), collected_by=typed.one_of("bayar", COLLECTED),
        salary_rp=typed.rupiah("penghasilan"), other_debts_rp=typed.rupiah("angsuran_lain"),
        replaces_id=_replaced(typed),
    )  # fmt: skip


def _replaced(typed: Typed) -> int | None:
    """The running loan that the new one would pay off, when one is named."""
    if not typed["ganti"]:
        return None
    found = next((loan.id for loan in _running() if loan.number == typed["ganti"]), None)
    if found is None:
        typed.refused("ganti", "Pilih salah satu dari daftar.")
    return found


def _running() -> list[Loan]:
    return [loan for loan in queries.of_member(db(), *me()) if loan.state == "running"]


def _offered(code: str) -> tuple[list[LoanProduct], LoanProduct | None]:
    """What the cooperative lends, and the one of this code, else the first."""
    offered = products.active(db(), me()[0])
    return offered, next((one for one in offered if one.code == code), offered[0] if offered else None)


def _form(typed: Typed) -> str:
    offered, product = _offered(typed["produk"])
    shown = _outlook(typed, product) if product and typed["jumlah"] else None
    income_rp, debts_rp = typed.rupiah("penghasilan"), typed.rupiah("angsuran_lain")
    return page(
        "loan_ask.html", title="Ajukan pinjaman", typed=typed, offered=offered, product=product, shown=shown,
        running=_running(), collected=COLLECTED, methods=simulator.METHOD_WORDS, periods=simulator.PERIOD_WORDS,
        ability=simulator.ability(shown, income_rp, debts_rp) if shown else None,
    )  # fmt: skip


def _outlook(typed: Typed, product: LoanProduct) -> Outlook | None:
    """What the wish would mean, once amount and term can be read."""
    asked_rp: Rupiah = typed.rupiah("jumlah", least=1)
    term = typed.whole("tenor", 1, product.longest_term)
    if {"jumlah", "tenor"} & typed.problems.keys():
        return None
    try:
        applications.fits(product, asked_rp, term)
        return simulation.of_product(db(), me()[0].coop_id, product, asked_rp, term, today())
    except Refusal as refusal:
        typed.refused(BESIDE.get(type(refusal), "jumlah"), refusal)
        return None
