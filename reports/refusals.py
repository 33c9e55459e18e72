"""What a report cannot show, and what to do then."""

from core.errors import Refusal


class UnknownReport(Refusal):
    code = "reports.unknown"
    pesan = "Laporan '{name}' tidak ada. Yang tersedia: {names}."
    status = 404


class PeriodReversed(Refusal):
    code = "reports.period_reversed"
    pesan = "Tanggal awal {since} sesudah tanggal akhir {until}. Tukar kedua tanggal itu."


class DayOutOfReach(Refusal):
    code = "reports.day_out_of_reach"
    pesan = "Tanggal {day} di luar jangkauan. Pilih tanggal antara tahun 1900 dan 2199."


class NoCashAccounts(Refusal):
    """A chart of one's own without a cash role: the cash reports have nothing to follow."""

    code = "reports.no_cash_accounts"
    pesan = "Bagan akun belum menyebut akun kas. Tetapkan peran kas atau bank di Pengaturan > Peran akun."


class MissingChoice(Refusal):
    code = "reports.missing_choice"
    pesan = "Laporan {report} perlu {what}. Sebutkan dulu."


class TooLong(Refusal):
    """Drawing it would keep the person and everybody else waiting."""

    code = "reports.too_long"
    pesan = "Laporan ini {rows} baris, terlalu panjang untuk {form}. Persempit tanggalnya, atau pakai bentuk lain."
