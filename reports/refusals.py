"""What a report cannot show, and what to do then."""

from core.errors import Refusal


class UnknownReport(Refusal):
    code = "reports.unknown"
    pesan = "Laporan '{name}' tidak ada. Yang tersedia: {names}."
    status = 404


class PeriodReversed(Refusal):
    code = "reports.period_reversed"
    pesan = "Tanggal awal {since} sesudah tanggal akhir {until}. Tukar kedua tanggal itu."


class NoCashAccounts(Refusal):
    """A chart of one's own without a cash role: the cash reports have nothing to follow."""

    code = "reports.no_cash_accounts"
    pesan = "Bagan akun belum menyebut akun kas. Tetapkan peran kas atau bank di Pengaturan > Peran akun."


class MissingChoice(Refusal):
    code = "reports.missing_choice"
    pesan = "Laporan {report} perlu {what}. Sebutkan dulu."
