"""What the teller's desk refuses."""

from core.errors import Refusal


class NotEnough(Refusal):
    code = "savings.not_enough"
    pesan = "Saldo {product} {member} hanya {balance}, tidak cukup untuk menarik {amount}."


class NotWithdrawable(Refusal):
    code = "savings.not_withdrawable"
    pesan = "{product} tidak dapat ditarik selama masih anggota. Pakai menu anggota keluar bila anggota berhenti."


class AmountInvalid(Refusal):
    code = "savings.amount_invalid"
    pesan = "Jumlah harus rupiah bulat di atas nol. Yang diterima: {amount}."


class NotMember(Refusal):
    code = "savings.not_member"
    pesan = "{member} berstatus {state}, jadi simpanannya tidak dapat bergerak. Periksa status anggota."


class AlreadyUndone(Refusal):
    code = "savings.already_undone"
    pesan = "Transaksi ini sudah dibatalkan."
    status = 409


class CannotUndo(Refusal):
    code = "savings.cannot_undo"
    pesan = "Transaksi jenis ini tidak dapat dibatalkan di sini. Minta bendahara membuat jurnal koreksi."


class BillsWrongMonth(Refusal):
    code = "savings.bills_wrong_month"
    pesan = "Tagihan bulan {month} tidak dapat dibuat: {reason}"


class PreviewStale(Refusal):
    code = "savings.preview_stale"
    pesan = "Keadaan berubah sejak ditampilkan. Lihat lagi pratinjaunya, lalu setujui."
    status = 409


class MonthNotOver(Refusal):
    code = "savings.month_not_over"
    pesan = "Bulan {month} belum berakhir, jadi jasanya belum dapat dihitung. Tunggu sampai bulan itu selesai."


class InterestBooked(Refusal):
    code = "savings.interest_booked"
    pesan = "Jasa simpanan {month} sudah dibukukan."
    status = 409


class InterestOutOfOrder(Refusal):
    code = "savings.interest_out_of_order"
    pesan = "Jasa {product} bulan {month} belum dibukukan. Bukukan bulan itu dulu."


class RequestTooMuch(Refusal):
    """The balance would do, were it not for what is asked for already, or for the balance that must stay."""

    code = "savings.request_too_much"
    pesan = "Yang dapat ditarik dari {product} tinggal {free} (pengajuan lain: {asked}). Yang diajukan {amount}."


class RequestWrongState(Refusal):
    code = "savings.request_wrong_state"
    pesan = "Pengajuan penarikan ini {state}, jadi tidak dapat {act}. Muat ulang halaman untuk melihat keadaannya."
    status = 409


class RequestTokenTaken(Refusal):
    code = "savings.request_token_taken"
    pesan = "Formulir ini sudah dikirim dengan isi lain. Buka formulir baru, lalu isi lagi."
    status = 409


class OwnRequest(Refusal):
    code = "savings.own_request"
    pesan = "Ini penarikan Anda sendiri (atau Anda yang mencatatnya). Minta petugas lain yang memutuskan."
    status = 403
