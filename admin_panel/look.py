"""The look every page shares: our templates before the framework's, our few static files, filters for templates."""

import hashlib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, url_for
from werkzeug.routing import IntegerConverter, Map

from core.display import date_long, date_short, moment, month_long, number, percent_text, rupiah, size, terbilang

HERE = Path(__file__).parent
STATIC = HERE / "static" / "ekopz"

WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
ACCOUNT_ROLES = {
    "Cash": "Kas",
    "Petty cash": "Kas kecil",
    "Teller cash": "Kas teller",
    "Store cash": "Kas toko",
    "Bank": "Bank",
    "Bank savings": "Simpanan di bank",
    "Loans receivable": "Pinjaman anggota",
    "Loan allowance": "Penyisihan pinjaman",
    "Payroll receivable": "Piutang juru bayar gaji",
    "Inventory": "Persediaan",
    "Voluntary savings": "Simpanan sukarela",
    "Time deposits": "Simpanan berjangka",
    "Installment deposits": "Titipan angsuran",
    "Left member payable": "Utang kepada anggota keluar",
    "Surplus payable": "Utang SHU",
    "Share savings": "Simpanan pokok",
    "Mandatory savings": "Simpanan wajib",
    "Loan linked savings": "Simpanan wajib pinjaman",
    "General reserve": "Cadangan umum",
    "Current surplus": "SHU tahun berjalan",
    "Undistributed surplus": "SHU belum dibagi",
    "Income summary": "Ikhtisar laba rugi",
    "Opening balance": "Saldo awal",
    "Loan interest income": "Pendapatan jasa pinjaman",
    "Loan fee income": "Pendapatan provisi",
    "Administration income": "Pendapatan administrasi",
    "Penalty income": "Pendapatan denda",
    "Rounding gain": "Pembulatan (untung)",
    "Other income": "Pendapatan lain",
    "Rounding loss": "Pembulatan (rugi)",
}
"""Parts that accounts play (`services.ledger.chart.Role`), as people call them."""

look = Blueprint(
    "ekopz",
    __name__,
    template_folder="templates",
    static_folder="static/ekopz",
    static_url_path="/static/ekopz",
)


@cache
def fingerprint(name: str) -> str:
    """First characters of the hash of a static file: a changed file gets a new address."""
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """Address of a file of `static/ekopz`, safe to cache for ever."""
    return url_for("ekopz.static", filename=name, v=fingerprint(name))


def filters() -> dict[str, Any]:
    """How templates write amounts and dates."""
    return {
        "rupiah": rupiah,
        "ribuan": number,
        "persen": percent_text,
        "tanggal": date_long,
        "tgl": date_short,
        "bulan": month_long,
        "saat": moment,
        "terbilang": terbilang,
        "ukuran": size,
        "hari": _weekday,
        "iso_hari": lambda text: date_long(date.fromisoformat(text)),
        "peran": lambda label: ACCOUNT_ROLES.get(label, label),
    }


def _weekday(day: date) -> str:
    """`Senin, 23 November 2026`."""
    return f"{WEEKDAYS[day.weekday()]}, {date_long(day)}"


class RowId(IntegerConverter):
    """`<row:member_id>` in an address: a number a database can hold; anything else is a 404."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=2**63 - 1)


def install(app: Flask) -> None:
    """Before the framework registers its own templates, so that ours are found first."""
    app.url_map.converters["row"] = RowId
    app.register_blueprint(look)
    app.jinja_env.globals.update(asset=asset)
    app.jinja_env.filters.update(filters())
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
