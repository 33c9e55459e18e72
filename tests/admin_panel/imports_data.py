"""Small files to import: one journal, two members, their deductions of February and what came of them."""

JOURNAL = b"""Tanggal;No Bukti;Uraian;Kode Akun;Debit;Kredit
03/03/2026;BK-1;Jasa pinjaman;11011;75.000;
03/03/2026;BK-1;Jasa pinjaman;4105;;75.000
"""
MEMBERS = b"""No Anggota;Nama;NIK;Tgl Masuk
001;Siti Aminah;3201010101010001;05/01/2026
002;Joko Santoso;3201010101010002;06/01/2026
"""
LIST = b"""No Anggota;Nama;Simpanan Pokok;Simpanan Wajib;Total Potongan
001;Siti Aminah;200.000;100.000;300.000
002;Joko Santoso;200.000;100.000;300.000
"""
CAME = b"""Tanggal;No Anggota;Nama;Jumlah Dipotong
25/02/2026;001;Siti Aminah;300.000
25/02/2026;002;Joko Santoso;100.000
"""
