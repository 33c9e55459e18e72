"""What payroll deduction refuses."""

from core.errors import Refusal


class ListSent(Refusal):
    code = "payroll.list_sent"
    pesan = "Daftar potongan {month} sudah dikirim. Hapus dulu yang lama bila perlu membuatnya lagi."
    status = 409


class AlreadySettled(Refusal):
    code = "payroll.already_settled"
    pesan = "Realisasi {month} sudah dibukukan. Tidak ada yang dibukukan dua kali."
    status = 409


class NotOnList(Refusal):
    code = "payroll.not_on_list"
    pesan = "{who} tidak ada di daftar potongan {month}. Periksa nomornya, atau keluarkan barisnya."


class ReceivedTwice(Refusal):
    code = "payroll.received_twice"
    pesan = "{who} muncul dua kali di realisasi. Gabungkan barisnya."


class ReceivedInvalid(Refusal):
    code = "payroll.received_invalid"
    pesan = "{who}: yang diterima harus rupiah bulat, 0 atau lebih. Isinya: {amount}."


class ExcessUnconfirmed(Refusal):
    code = "payroll.excess_unconfirmed"
    pesan = "Diterima {excess} lebih banyak dari daftar. Setujui dulu bahwa kelebihan itu menjadi titipan anggota."


class PayrollStale(Refusal):
    code = "payroll.stale"
    pesan = "Keadaan berubah sejak ditampilkan. Lihat lagi pratinjaunya, lalu setujui."
    status = 409
