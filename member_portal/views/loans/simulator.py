"""The light simulator: anyone may compare, members compare what their cooperative offers. A GET form, so links work."""

from dataclasses import dataclass, replace
from typing import Any

from flask import Response, g, request
from flask.typing import ResponseReturnValue

from core.actor import Actor
from core.display import number, percent_text, rupiah
from core.errors import Refusal
from core.money import Rupiah
from member_portal.frame import is_member, page, portal, today
from member_portal.typed import Typed
from models.loans import LoanProduct
from models.transaction import NOBODY
from reports.spreadsheet import plain_xlsx
from services.loans import applications, products, simulation
from services.loans.products import Fees
from services.loans.schedule import Method, RateBasis, Terms
from services.loans.simulation import Outlook
from services.settings import dated
from web.request import db

METHODS: dict[str, Method] = {"flat": "flat", "menurun": "effective", "anuitas": "annuity"}
BASES: dict[str, RateBasis] = {"bulan": "month", "tahun": "year", "tenor": "term"}
BASIS_WORDS = {"bulan": "per bulan", "tahun": "per tahun", "tenor": "untuk seluruh tenor"}
PERIOD_WORDS = {"month": "bulan", "week": "minggu", "day": "hari"}
METHOD_WORDS: dict[Method, tuple[str, str]] = {
    "flat": ("Flat", "Jasa tetap, dihitung dari pinjaman awal."),
    "effective": ("Menurun", "Jasa dari sisa pinjaman; angsuran makin lama makin kecil."),
    "annuity": ("Anuitas", "Jasa dari sisa pinjaman; angsuran selalu sama."),
}
USUAL_RP, USUAL_TERM = 10_000_000, 12
USUAL = {"jumlah": number(USUAL_RP), "tenor": str(USUAL_TERM), "jasa": "1", "per": "bulan", "cara": "flat"}
LONGEST, DEAREST, MOST_ROWS = 240, 100, 60
FREELY = "bebas"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADS = ["Angsuran ke", "Pokok", "Jasa", "Angsuran", "Sisa pokok"]


@dataclass(frozen=True)
class Ability:
    """What the installment takes of an income. `mark` is good, warn or bad."""

    share: str
    limit: str
    mark: str


@dataclass(frozen=True)
class Comparison:
    """The loan asked about, counted three ways; `chosen` is the way looked at."""

    options: dict[Method, Outlook]
    chosen: Method
    ability: Ability | None

    @property
    def shown(self) -> Outlook:
        return self.options[self.chosen]

    @property
    def cheapest(self) -> Method:
        return min(self.options, key=lambda method: self.options[method].cost_rp)

    @property
    def all_same(self) -> bool:
        return len({one.cost_rp for one in self.options.values()}) == 1


@portal.app_template_filter("dasar_jasa")
def basis_words(basis: RateBasis) -> str:
    return next(BASIS_WORDS[word] for word, known in BASES.items() if known == basis)


@portal.get("/simulasi")
def simulator() -> ResponseReturnValue:
    offered = _offered()
    product = _chosen(request.args.get("produk", ""), offered)
    typed = Typed(request.args, usual(product))
    found = _compared(typed, product)
    title = "Simulasi pinjaman: flat, menurun, dan anuitas"
    context = {
        "typed": typed, "offered": offered, "product": product, "found": found, "methods": METHOD_WORDS,
        "ways": METHODS, "bases": BASIS_WORDS, "periods": PERIOD_WORDS, "most_rows": MOST_ROWS,
        "question": _question(typed, product), "freely": FREELY,
    }  # fmt: skip
    return page("simulator.html", title=title, **context), 200 if typed.ok else 422


@portal.get("/simulasi.xlsx")
def simulator_file() -> ResponseReturnValue:
    """The schedule looked at, as a file; what cannot be counted leads back to the form, which says why."""
    product = _chosen(request.args.get("produk", ""), _offered())
    typed = Typed(request.args, usual(product))
    found = _compared(typed, product)
    if found is None:
        return simulator()
    name = METHOD_WORDS[found.chosen][0]
    title = f"Simulasi {rupiah(found.shown.terms.principal_rp)} {name}"
    return xlsx(title, f"simulasi-{name.lower()}.xlsx", _sheet(found.shown))


def xlsx(title: str, name: str, rows: list[list[Any]]) -> Response:
    """A table to keep, under this file name."""
    shown = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(plain_xlsx(title, rows), mimetype=XLSX, headers=shown)


def _sheet(shown: Outlook) -> list[list[Any]]:
    rows = [[row.no, row.principal_rp, row.interest_rp, row.installment_rp, row.balance_rp] for row in shown.rows]
    total = ["Jumlah", shown.terms.principal_rp, shown.interest_rp, shown.total_rp, None]
    return [HEADS, *rows, total, ["Bunga efektif setahun (%)", percent_text(shown.yearly_pct)]]


def usual(product: LoanProduct | None) -> dict[str, str]:
    """What stands in the fields at first: something that the product allows."""
    if product is None:
        return USUAL
    amount_rp = min(max(USUAL_RP, product.minimum_rp or 0), product.maximum_rp or USUAL_RP)
    return USUAL | {"jumlah": number(amount_rp), "tenor": str(min(USUAL_TERM, product.longest_term))}


def _offered() -> list[LoanProduct]:
    """What the signed-in member's cooperative lends; nothing for strangers."""
    who: Actor | None = g.get("actor")
    return products.active(db(), who) if who is not None and is_member() else []


def _chosen(code: str, offered: list[LoanProduct]) -> LoanProduct | None:
    """The product named in the address; members who name none look at the first one."""
    code = code or (offered[0].code if offered else "")
    return next((product for product in offered if product.code == code), None)


def _compared(typed: Typed, product: LoanProduct | None) -> Comparison | None:
    longest = min(product.longest_term, LONGEST) if product else LONGEST
    asked_rp, term = typed.rupiah("jumlah", least=1), typed.whole("tenor", 1, longest)
    terms, fees = _terms(typed, product, asked_rp, term)
    income_rp, debts_rp = typed.rupiah("penghasilan"), typed.rupiah("angsuran_lain")
    if not typed.ok:
        return None
    try:
        if product is not None:
            applications.fits(product, asked_rp, term)
        options = simulation.side_by_side(db(), coop_id(), terms, fees, today())
    except Refusal as refusal:
        typed.refused("jumlah", refusal)
        return None
    return Comparison(options, terms.method, ability(options[terms.method], income_rp, debts_rp))


def _terms(typed: Typed, product: LoanProduct | None, amount_rp: Rupiah, term: int) -> tuple[Terms, Fees]:
    if product is not None:
        terms = replace(products.terms_of(product, amount_rp, term), disbursed_on=today())
        return terms, products.fees_of(product, amount_rp)
    basis, method = BASES[typed.one_of("per", BASES)], METHODS[typed.one_of("cara", METHODS)]
    return Terms(amount_rp, typed.percent("jasa", DEAREST), method, term, basis), Fees(0, 0, 0)


def ability(shown: Outlook, income_rp: Rupiah, debts_rp: Rupiah) -> Ability | None:
    """What installments would take of an income, beside the share the cooperative takes for reasonable."""
    if not income_rp:
        return None
    share = simulation.share_pct(shown.monthly_rp, debts_rp, income_rp)
    limit = dated.percent(db(), coop_id(), "loans.ability_pct", today())
    mark = "good" if share <= limit else "warn" if share <= 100 else "bad"
    return Ability(percent_text(share), percent_text(limit), mark)


def coop_id() -> int:
    who: Actor | None = g.get("actor")
    return who.coop_id if who else NOBODY


def _question(typed: Typed, product: LoanProduct | None) -> dict[str, str]:
    """What was asked, for links: nothing personal among it."""
    if product is not None:
        return {"produk": product.code, "jumlah": typed["jumlah"], "tenor": typed["tenor"]}
    return {name: typed[name] for name in USUAL} | ({"produk": FREELY} if typed["produk"] else {})
