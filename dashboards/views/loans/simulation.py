"""Simulasi pinjaman for everybody who is signed in: three ways of counting side by side, and what each really costs."""

from decimal import Decimal
from urllib.parse import urlencode

import streamlit as st

from core.display import number, percent_text, rupiah
from core.errors import Refusal
from dashboards import parts
from dashboards.lines import Line, lines
from dashboards.look import short_rp
from dashboards.parts import Figure
from dashboards.session import Asker, reading
from reports.loan_simulation import (
    LONGEST_WISHED,
    METHODS,
    Ended,
    LoanSimulation,
    Offer,
    Purse,
    Wish,
    loan_simulation,
    offers,
    purse,
)
from reports.shape import Column, Table, TableRow

LARGEST_RP, STEP_RP = 10_000_000_000, 500_000
USUAL_RP, USUAL_TERM = 10_000_000, 12


def simulate(asker: Asker) -> None:
    """The page; only the fragment below runs anew when a choice changes."""
    with reading(asker.actor) as session:
        known = offers(session, asker.actor)
    _simulator(asker, known)


@st.fragment
def _simulator(asker: Asker, known: tuple[Offer, ...]) -> None:
    with st.container(border=True, key="kartu-pilihan"):
        parts.heading("Simulasi pinjaman", "Ubah angkanya; hasilnya langsung terlihat. Tidak ada yang disimpan.")
        offer, wish = _wish(known)
        with st.container(horizontal=True):
            income_rp = _rupiah("Penghasilan sebulan (Rp)", "penghasilan")
            debts_rp = _rupiah("Angsuran lain sebulan (Rp)", "angsuran-lain")
            after = st.number_input(
                "Lunasi pada angsuran ke-", 1, LONGEST_WISHED, None, key="lunas-ke", width=parts.PICKER,
                placeholder="menurut jadwal",
            )  # fmt: skip
        _remember(offer, wish)
        if offer is not None:
            limit = f"paling lama {offer.longest_term} {offer.period}"
            parts.note(f"{offer.name}: {METHODS[offer.method].lower()} {offer.rate}, {limit}.")
    try:
        with reading(asker.actor) as session:
            found = loan_simulation(session, asker.actor, wish, asker.today)
            able = purse(session, asker.actor, income_rp, debts_rp, asker.today) if income_rp else None
    except Refusal as refusal:
        parts.empty(refusal.sentence)
        return
    _compared(found, offer, wish, able, after)
    _course(found)
    _schedules(found, offer)
    _apply(asker, offer, wish)


def _wish(known: tuple[Offer, ...]) -> tuple[Offer | None, Wish]:
    with st.container(horizontal=True):
        offer = st.selectbox(
            "Jenis pinjaman", [*known, None], _asked_offer(known), key="produk", placeholder="Pilih",
            width=parts.PICKER, format_func=lambda one: one.name if one else "Bunga isian sendiri",
        )  # fmt: skip
        usual_rp, usual_term = offer.within(USUAL_RP, USUAL_TERM) if offer else (USUAL_RP, USUAL_TERM)
        amount_rp = st.number_input(
            "Jumlah pinjaman (Rp)", STEP_RP, LARGEST_RP, _asked("jumlah", usual_rp, STEP_RP, LARGEST_RP), STEP_RP,
            key="jumlah", width=parts.PICKER,
        )  # fmt: skip
        term = st.number_input(
            f"Lama ({offer.period if offer else 'bulan'})", 1, LONGEST_WISHED,
            _asked("tenor", usual_term, 1, LONGEST_WISHED), key="tenor", width=parts.PICKER,
        )  # fmt: skip
        if offer is not None:
            return offer, Wish(amount_rp, term, offer.product_id)
        rate = st.number_input("Bunga sebulan (%)", 0.0, 10.0, 1.0, 0.1, key="bunga", width=parts.PICKER)
        fee = st.number_input("Provisi (%)", 0.0, 20.0, 0.0, 0.5, key="provisi", width=parts.PICKER)
        admin_rp = _rupiah("Administrasi (Rp)", "administrasi", 25_000)
    return None, Wish(amount_rp, term, None, Decimal(f"{rate:.4f}"), Decimal(f"{fee:.4f}"), admin_rp)


def _rupiah(label: str, key: str, step_rp: int = STEP_RP) -> int:
    return int(st.number_input(label, 0, LARGEST_RP, 0, step_rp, key=key, width=parts.PICKER))


def _asked(name: str, usual: int, least: int, most: int) -> int:
    """A number of the address, as far as it is one that may be chosen."""
    said = st.query_params.get(name, "")
    wanted = int(said) if said.isascii() and said.isdigit() and len(said) <= 12 else usual
    return min(max(wanted, least), most)


def _asked_offer(known: tuple[Offer, ...]) -> int:
    said = st.query_params.get("produk", "")
    return next((place for place, one in enumerate(known) if one.code == said), len(known) if said == "sendiri" else 0)


def _remember(offer: Offer | None, wish: Wish) -> None:
    """The choices in the address, so that it may be shared."""
    st.query_params.from_dict(_address(offer, wish))


def _address(offer: Offer | None, wish: Wish) -> dict[str, str]:
    return {"produk": offer.code if offer else "sendiri", "jumlah": str(wish.principal_rp), "tenor": str(wish.term)}


def _compared(
    found: tuple[LoanSimulation, ...], offer: Offer | None, wish: Wish, able: Purse | None, after: int | None
) -> None:
    with st.container(border=True, key="kartu-perbandingan"):
        first = found[0]
        about = f"{rupiah(wish.principal_rp)} selama {wish.term} {first.period}, diterima {rupiah(first.received_rp)}."
        parts.heading("Perbandingan", about)
        limits = offer.outside(wish.principal_rp, wish.term) if offer else ""
        if limits:
            parts.alert(limits)
        with st.grid(3, min_column_width=250, gap="large"):
            for one in sorted(found, key=lambda one: offer is None or one.method != offer.method):
                with st.container():
                    _method(one, offer is not None and offer.method == one.method, able, after)


def _method(one: LoanSimulation, is_offered: bool, able: Purse | None, after: int | None) -> None:
    parts.heading(METHODS[one.method], "Cara hitung jenis pinjaman ini" if is_offered else "Dengan bunga yang sama")
    first, last = one.rows[0].installment_rp, one.rows[-1].installment_rp
    goes_to = "sama tiap kali" if first == last else f"yang terakhir {rupiah(last)}"
    parts.figures(
        [
            Figure("Angsuran pertama", rupiah(first), goes_to, is_offered),
            Figure(
                "Biaya seluruhnya", rupiah(one.cost_rp), f"jasa {rupiah(one.interest_rp)}, biaya {rupiah(one.fees_rp)}"
            ),
            Figure("Bunga efektif setahun", f"{percent_text(one.yearly_pct)} %", "termasuk biaya di muka"),
        ]
    )
    if one.above_pct is not None:
        parts.alert(f"Di atas batas {percent_text(one.above_pct)} % setahun.")
    if able is not None:
        _ability(one, able)
    if after is not None and after < len(one.rows):
        _ended(one.ended(after), after)


def _ability(one: LoanSimulation, able: Purse) -> None:
    rule = f"{percent_text(able.ability_pct)} % penghasilan dikurangi angsuran lain: {rupiah(able.ability_rp)} sebulan"
    if one.monthly_rp > able.ability_rp:
        parts.alert(f"Di atas kemampuan bayar. Batasnya {rule}.")
    else:
        parts.note(f"Dalam kemampuan bayar ({rule}).")


def _ended(ended: Ended, after: int) -> None:
    paid, saved = rupiah(ended.payoff_rp), rupiah(ended.saved_rp)
    parts.note(f"Lunas bersama angsuran ke-{number(after)}: bayar {paid}, hemat jasa {saved}.")


def _course(found: tuple[LoanSimulation, ...]) -> None:
    with st.container(border=True, key="kartu-sisa"):
        parts.heading("Sisa pokok", "Sesudah tiap angsuran.")
        begun = found[0].principal_rp
        same: dict[tuple[int, ...], list[str]] = {}  # flat and efektif pay back the same principal each time
        for one in found:
            same.setdefault(tuple(row.balance_rp for row in one.rows), []).append(METHODS[one.method])
        lines(
            [str(no) for no in range(len(found[0].rows) + 1)],
            [Line(" dan ".join(names), [begun, *balances]) for balances, names in same.items()],
            lambda value: short_rp(round(value)),
            f"Sisa pokok dari {rupiah(begun)} sampai nol",
        )


def _schedules(found: tuple[LoanSimulation, ...], offer: Offer | None) -> None:
    names = [one.method for one in found]
    if not st.toggle("Lihat jadwal angsuran", key="jadwal"):
        return
    with st.container(border=True, key="kartu-jadwal"):
        chosen = st.radio(
            "Cara hitung", found, names.index(offer.method) if offer else 0, key="cara", horizontal=True,
            format_func=lambda one: METHODS[one.method],
        )  # fmt: skip
        parts.table(_rows(chosen), as_lines=True)
        parts.download(chosen, "unduh-simulasi")


def _rows(one: LoanSimulation) -> Table:
    """The schedule as lines for a phone; the file has every column."""
    columns = (
        Column("due_on", "Jatuh tempo", "date"),
        Column("label", "Isi"),
        Column("amount_rp", "Angsuran", "money"),
    )
    rows = [
        TableRow((row.due_on, f"ke-{row.no}: pokok {rupiah(row.principal_rp)}, jasa {rupiah(row.interest_rp)}",
                  row.installment_rp))
        for row in one.rows
    ]  # fmt: skip
    return Table(one.frame, columns, rows)


def _apply(asker: Asker, offer: Offer | None, wish: Wish) -> None:
    parts.note(
        "Alamat halaman ini memuat pilihan Anda: salin untuk membagikannya. Angka yang mengikat ada di perjanjian."
    )
    if asker.actor.member_id is not None and asker.actor.may("own.ask") and offer is not None:
        parts.link("Ajukan pinjaman ini", f"/mykoperasi/pinjaman/ajukan?{urlencode(_address(offer, wish))}")
