"""What the books refuse, and what to do then."""

from core.errors import Refusal


class PeriodClosed(Refusal):
    code = "ledger.period_closed"
    pesan = "Periode {period} sudah ditutup. Pilih tanggal di periode yang masih terbuka."


class NoSuchPeriod(Refusal):
    code = "ledger.no_such_period"
    pesan = "Tahun buku {year} belum dibuka. Periksa tahunnya, atau buka tahun buku itu dulu di Pembukuan > Periode."


class SourceTaken(Refusal):
    """The same event with other content: somebody changed it after it was booked."""

    code = "ledger.source_taken"
    pesan = (
        "Peristiwa ini sudah dibukukan dengan isi lain (jurnal {label}). Batalkan jurnal itu dulu bila memang salah."
    )
    status = 409


class RoleUnmapped(Refusal):
    code = "ledger.role_unmapped"
    pesan = "Bagan akun belum punya akun untuk '{role}'. Tetapkan di Pengaturan > Peran akun."


class UnknownAccount(Refusal):
    code = "ledger.unknown_account"
    pesan = "Akun {code} tidak ada di bagan akun. Periksa kodenya."


class HeaderAccount(Refusal):
    code = "ledger.header_account"
    pesan = "Akun {code} adalah akun induk dan tidak menerima jurnal. Pilih akun rinciannya."


class EntryUnbalanced(Refusal):
    code = "ledger.entry_unbalanced"
    pesan = "Debit {debit} dan kredit {credit} belum sama (selisih {difference}). Samakan dulu."


class EntryIncomplete(Refusal):
    code = "ledger.entry_incomplete"
    pesan = "Jurnal perlu paling sedikit dua baris, masing-masing berisi debit atau kredit di atas nol."


class AmountImplausible(Refusal):
    code = "ledger.amount_implausible"
    pesan = "Jumlah {amount} terlalu besar untuk masuk akal. Periksa apakah ada angka nol yang berlebih."


class AlreadyReversed(Refusal):
    code = "ledger.already_reversed"
    pesan = "Jurnal {label} sudah pernah dibatalkan. Satu jurnal hanya dapat dibatalkan sekali."
    status = 409


class ReversalOfReversal(Refusal):
    code = "ledger.reversal_of_reversal"
    pesan = "Jurnal {label} sendiri adalah pembatalan. Buat jurnal baru bila perlu mencatatnya lagi."


class ReversedElsewhere(Refusal):
    """The entry belongs to a sub-ledger, whose own command must undo it."""

    code = "ledger.reversed_elsewhere"
    pesan = "Jurnal {label} mengubah saldo anggota. Batalkan lewat menu Simpanan supaya catatan anggota ikut benar."


class PeriodOrder(Refusal):
    code = "ledger.period_order"
    pesan = "Bulan {period} belum dapat {act}: {reason}"


class ChartInvalid(Refusal):
    code = "ledger.chart_invalid"
    pesan = "Bagan akun tidak dapat dipakai, baris {line}: {reason}"


class OpeningUnbalanced(Refusal):
    code = "ledger.opening_unbalanced"
    pesan = "Neraca saldo awal tidak seimbang, selisih {difference}. Debit dan kredit harus sama sebelum dibukukan."


class OpeningDiffers(Refusal):
    code = "ledger.opening_differs"
    pesan = "Saldo awal {account} berbeda {difference} dari jumlah saldo anggota ({members}). Samakan dulu."


class ControlAccount(Refusal):
    """The account is the sum of members' own balances; only their commands may move it."""

    code = "ledger.control_account"
    pesan = "Akun {account} adalah jumlah simpanan anggota. Pakai menu Simpanan supaya saldo anggota ikut berubah."
