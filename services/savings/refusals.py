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
