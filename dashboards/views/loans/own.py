"""A member's own loans: what is left, what comes next, and what paying extra would change. Nobody else's."""

import streamlit as st

from core.display import date_long, number, rupiah
from dashboards import parts
from dashboards.lines import Line, lines
from dashboards.look import short_rp
from dashboards.parts import Figure
from dashboards.session import Asker, reading
from reports.loan_schedule import RESULTS, OwnLoan, Result, extra_paid, own_loans
from reports.shape import Column, Table, TableRow

STEP_RP = 100_000


def own(asker: Asker) -> None:
    """Running loans of the signed-in member."""
    if asker.actor.member_id is None:
        parts.empty("Akun ini belum terhubung dengan nomor anggota. Minta pengurus menghubungkannya.")
        return
    with reading(asker.actor) as session:
        loans = own_loans(session, asker.actor, asker.today)
    if not loans:
        parts.empty("Tidak ada pinjaman berjalan. Hitung dulu di Simulasi pinjaman sebelum mengajukan.")
        return
    loan = loans[0] if len(loans) == 1 else _picked(loans)
    _facts(loan, asker)
    _extra(asker, loan)
    _schedule(loan)


def _picked(loans: tuple[OwnLoan, ...]) -> OwnLoan:
    return st.selectbox(
        "Pinjaman", loans, format_func=lambda one: f"{one.product} {one.number}", key="pinjaman", placeholder="Pilih",
        width=parts.PICKER,
    )  # fmt: skip


def _facts(loan: OwnLoan, asker: Asker) -> None:
    with st.container(border=True, key="kartu-pinjaman"):
        parts.heading(loan.product, f"Nomor {loan.number}, data per {date_long(asker.today)}.")
        row = [Figure("Sisa pokok", rupiah(loan.outstanding_rp), f"dari plafon {rupiah(loan.principal_rp)}", True)]
        if loan.due_on is not None:
            row.append(Figure("Angsuran berikut", rupiah(loan.due_rp), f"paling lambat {date_long(loan.due_on)}"))
        if loan.late_rp:
            row.append(Figure("Sudah terlambat", rupiah(loan.late_rp), "termasuk dalam angsuran berikut"))
        row.append(Figure("Lunas hari ini", rupiah(loan.payoff_rp), "seluruh sisa yang harus dibayar"))
        row.append(Figure("Selesai", date_long(loan.ends_on), "bila dibayar menurut jadwal"))
        parts.figures(row)


@st.fragment
def _extra(asker: Asker, loan: OwnLoan) -> None:
    with st.container(border=True, key="kartu-tambahan"):
        parts.heading("Bila saya membayar lebih", "Tambahan mengurangi pokok. Ini perhitungan, belum pembayaran.")
        most_rp = loan.most_extra_rp - 1
        if most_rp <= 0:
            parts.empty("Tinggal angsuran terakhir. Bayar lunas untuk menyelesaikan pinjaman.")
            return
        with st.container(horizontal=True):
            extra_rp = st.number_input(
                "Tambahan (Rp)",
                0,
                most_rp,
                min(5 * STEP_RP, most_rp),
                STEP_RP,
                key=f"tambahan-{loan.loan_id}",
                width=parts.PICKER,
            )
            result: Result = st.radio(
                "Hasilnya", list(RESULTS), format_func=lambda key: RESULTS[key], key="hasil", horizontal=True
            )
        with reading(asker.actor) as session:
            found = extra_paid(session, asker.actor, loan.loan_id, asker.today, extra_rp, result)
        if found is None:
            parts.empty("Isi tambahan di atas nol.")
            return
        parts.figures(
            [
                Figure("Jasa yang dihemat", rupiah(found.saved_rp),
                       f"dari {rupiah(found.interest_before_rp)} menjadi {rupiah(found.interest_rp)}", True),
                Figure("Angsuran", rupiah(found.installment_rp), f"sebelumnya {rupiah(found.installment_before_rp)}"),
                Figure("Sisa angsuran", f"{number(found.count)} kali", f"sebelumnya {number(found.count_before)} kali"),
                Figure("Selesai", date_long(found.ends_on), f"sebelumnya {date_long(found.ends_before)}"),
            ]
        )  # fmt: skip
        first = "angsuran terlambat dan berjalan" if loan.late_rp else "angsuran berjalan"
        parts.note(f"Dibayar bersama {first} {rupiah(loan.open_rp)}: seluruhnya {rupiah(loan.open_rp + extra_rp)}.")


def _schedule(loan: OwnLoan) -> None:
    with st.container(border=True, key="kartu-jadwal"):
        parts.heading("Jadwal angsuran", f"{len(loan.rows)} angsuran.")
        lines(
            [f"{row.due_on:%m/%y}" for row in loan.rows],
            [Line("Sisa pokok menurut jadwal", [row.balance_rp for row in loan.rows])],
            lambda value: short_rp(round(value)),
            f"Sisa pokok turun sampai {date_long(loan.ends_on)}",
        )
        parts.table(_open(loan), as_lines=True)
        parts.download(loan, "unduh-jadwal")


def _open(loan: OwnLoan) -> Table:
    """The installments that are still open, as lines for a phone."""
    columns = (
        Column("due_on", "Jatuh tempo", "date"),
        Column("label", "Angsuran"),
        Column("amount_rp", "Belum dibayar", "money"),
    )
    rows = [TableRow((row.due_on, f"ke-{row.no}, {row.state}", row.left_rp)) for row in loan.rows if row.left_rp]
    return Table(loan.frame, columns, rows)
