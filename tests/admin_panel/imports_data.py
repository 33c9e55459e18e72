"""Two small files to import: one journal, two members."""

JOURNAL = b"""Tanggal;No Bukti;Uraian;Kode Akun;Debit;Kredit
03/03/2026;BK-1;Jasa pinjaman;11011;75.000;
03/03/2026;BK-1;Jasa pinjaman;4105;;75.000
"""
MEMBERS = b"""No Anggota;Nama;NIK;Tgl Masuk
001;Siti Aminah;3201010101010001;05/01/2026
002;Joko Santoso;3201010101010002;06/01/2026
"""
