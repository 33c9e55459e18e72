"""Kinds of loans: their list, the form with an example schedule."""

from decimal import Decimal
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from sqlalchemy import select

from admin_panel import scope
from admin_panel.base import Screen, Tool, needs
from admin_panel.views.loans import applications
from admin_panel.views.loans.forms import BASES, METHODS, PERIODS, ExampleForm, ProductForm
from core.display import percent_text
from models.loans import LoanProduct
from services.ledger import chart
from services.loans import products
from services.savings import products as saving

NUMBERS = ("minimum_rp", "maximum_rp", "admin_rp")
PERCENTS = ("times_savings", "salary_share_pct", "fee_pct", "linked_pct", "penalty_value")
PLAIN = ("code", "name", "method", "rate_pct", "rate_basis", "period", "longest_term", "most_running", "grace",
         "round_to_rp", "round_what", "round_mode", "day_count", "penalty_kind", "penalty_free_days", "early_interest",
         "is_active")  # fmt: skip
SUMMED = "{method}, {rate} % {basis}, paling lama {term} {period}"


class LoanProductDesk(Screen):
    """Jenis pinjaman."""

    route_base = "/kopmin/jenis-pinjaman"

    @expose("/")
    @needs("loans.view")
    def index(self) -> ResponseReturnValue:
        rows = list(scope.session().scalars(select(LoanProduct).order_by(LoanProduct.code)))
        tools = [Tool("Tambah jenis", url_for("LoanProductDesk.add"), "loans.products", main=True)]
        return self.page(
            "loan_products.html", title="Jenis pinjaman", rows=[(one, terms(one)) for one in rows], tools=tools
        )

    @expose("/tambah", methods=["GET", "POST"])
    @needs("loans.products")
    def add(self) -> ResponseReturnValue:
        return self._form("Tambah jenis pinjaman", None)

    @expose("/<row:product_id>/ubah", methods=["GET", "POST"])
    @needs("loans.products")
    def change(self, product_id: int) -> ResponseReturnValue:
        product = products.get(scope.session(), scope.actor(), product_id)
        return self._form(f"Ubah {product.name}", product)

    def _form(self, title: str, product: LoanProduct | None) -> ResponseReturnValue:
        form, back = _product_form(product), url_for("LoanProductDesk.index")
        if form.validate_on_submit():
            with self.posting(form):
                saved = products.save(scope.session(), scope.actor(), _data(form), product)
                flash(f"{saved.name} tersimpan. Pinjaman yang sudah berjalan tidak berubah.", "success")
                return redirect(url_for("LoanProductDesk.example", product_id=saved.id))
        lead = "Pinjaman yang sudah berjalan tetap memakai syarat lamanya."
        return self.page("form.html", title=title, form=form, back=back, lead=lead)

    @expose("/<row:product_id>")
    @needs("loans.view")
    def example(self, product_id: int) -> ResponseReturnValue:
        product, shown = products.get(scope.session(), scope.actor(), product_id), None
        usual = {"plafon": _usual_amount(product), "tenor": min(12, product.longest_term)}
        form = ExampleForm(request.args if request.args.get("plafon") else None, **usual)
        if not request.args.get("plafon") or form.validate():
            with self.posting(form):
                shown = applications.outlook(product, form.plafon.data or 0, form.tenor.data or 1)
        tools = [Tool("Ubah", url_for("LoanProductDesk.change", product_id=product_id), "loans.products", main=True)]
        return self.page("loan_product.html", title=product.name, product=product, form=form, shown=shown,
                         said=terms(product), facts=_facts(product), tools=tools)  # fmt: skip


def terms(product: LoanProduct) -> str:
    """A product in one line."""
    return SUMMED.format(
        method=METHODS[product.method].split(" (")[0], rate=percent_text(product.rate_pct),
        basis=BASES[product.rate_basis], term=product.longest_term, period=PERIODS[product.period],
    )  # fmt: skip


def _usual_amount(product: LoanProduct) -> int:
    amount_rp = max(product.minimum_rp, 10_000_000)
    return min(amount_rp, product.maximum_rp) if product.maximum_rp else amount_rp


def _facts(product: LoanProduct) -> list[tuple[str, Any]]:
    steps = ", lalu ".join(products.STEPS[step] for step in product.steps)
    penalty = products.PENALTIES[product.penalty_kind]
    if product.penalty_kind != "none":
        penalty += f": {percent_text(product.penalty_value)}, bebas {product.penalty_free_days} hari"
    pairs = [
        ("Yang memutuskan", steps),
        ("Dokumen wajib", ", ".join(product.documents)),
        ("Provisi", f"{percent_text(product.fee_pct)} %" if product.fee_pct else ""),
        ("Simpanan wajib pinjaman", f"{percent_text(product.linked_pct)} %" if product.linked_pct else ""),
        ("Denda", penalty),
        ("Dilunasi lebih cepat", products.EARLY_INTEREST[product.early_interest]),
        ("Ditawarkan", "Ya" if product.is_active else "Tidak"),
    ]
    return [(label, value) for label, value in pairs if value]


def _product_form(product: LoanProduct | None) -> ProductForm:
    kept = {} if product is None else {name: getattr(product, name) for name in (*PLAIN, *NUMBERS, *PERCENTS)}
    for name in (*NUMBERS, *PERCENTS):
        kept[name] = kept.get(name) or None
    if product is not None:
        kept |= {"documents": "\n".join(product.documents), "steps": ",".join(product.steps),
                 "account_id": product.account_id, "linked_product_id": product.linked_product_id or 0}  # fmt: skip
    form = ProductForm(**kept)
    if product is not None and kept["steps"] not in dict(form.steps.choices):
        form.steps.choices = [
            *form.steps.choices,
            (kept["steps"], ", lalu ".join(products.STEPS[s] for s in product.steps)),
        ]
    offered = [(p.id, p.name) for p in saving.active(scope.session(), scope.actor()) if p.kind != "share"]
    form.linked_product_id.choices = [(0, "Tidak ada"), *offered]
    assets = [a for a in chart.all_accounts(scope.session(), scope.actor()) if a.type == "asset" and not a.is_header]
    form.account_id.choices = [(0, "Akun pinjaman anggota"), *((a.id, str(a)) for a in assets)]
    return form


def _data(form: ProductForm) -> products.ProductData:
    plain: dict[str, Any] = {name: form[name].data for name in PLAIN}
    plain |= {name: form[name].data or 0 for name in NUMBERS}
    plain |= {name: form[name].data or Decimal(0) for name in PERCENTS}
    papers = tuple(
        dict.fromkeys(" ".join(one.split())[:80] for one in (form.documents.data or "").splitlines() if one.strip())
    )
    return products.ProductData(
        **plain, documents=papers, steps=tuple((form.steps.data or "").split(",")),
        account_id=form.account_id.data or None, linked_product_id=form.linked_product_id.data or None,
    )  # fmt: skip


SCREENS = (LoanProductDesk,)
