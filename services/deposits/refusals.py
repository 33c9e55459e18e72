"""What time deposits refuse."""

from core.errors import Refusal


class DepositWrongState(Refusal):
    code = "deposits.wrong_state"
    pesan = "Simpanan berjangka {number} sedang {state}, jadi tidak dapat {act}. Muat ulang halaman."
    status = 409


class NoRate(Refusal):
    code = "deposits.no_rate"
    pesan = "Belum ada bunga untuk simpanan berjangka {term} bulan per {day}. Tetapkan dulu bunganya."


class DepositAmount(Refusal):
    code = "deposits.amount"
    pesan = "Simpanan berjangka paling sedikit {least}. Yang diterima: {amount}."


class DepositTokenTaken(Refusal):
    code = "deposits.token_taken"
    pesan = "Formulir ini sudah dikirim dengan isi lain. Buka formulir baru, lalu isi lagi."
    status = 409


class DepositOptions(Refusal):
    code = "deposits.options"
    pesan = "{field}: {reason}"


class DepositsNotDetailed(Refusal):
    """The control account holds what no deposit explains."""

    code = "deposits.not_detailed"
    pesan = (
        "Saldo akun simpanan berjangka {booked}, sedangkan rinciannya {listed}. "
        "Catat dulu simpanan berjangka lama per anggota, baru terima yang baru."
    )


class AccountShared(Refusal):
    code = "deposits.account_shared"
    pesan = "Akun simpanan berjangka dipakai juga oleh {product}. Pisahkan dulu akunnya di Pengaturan > Peran akun."


class InterestPending(Refusal):
    code = "deposits.interest_pending"
    pesan = "Bunga {number} yang jatuh tempo {due} belum dibukukan. Bukukan dulu yang jatuh tempo, lalu ulangi."
    status = 409


class QuoteChanged(Refusal):
    code = "deposits.quote_changed"
    pesan = "Hitungan {number} berubah sejak ditampilkan. Lihat lagi hitungannya, lalu lanjutkan."
    status = 409
