"""What people ask before they begin, with plain answers."""

QUESTIONS: tuple[tuple[str, str], ...] = (
    (
        "Apa yang terjadi setelah tiga puluh hari?",
        "Anda memilih paket, atau tidak. Yang memilih meneruskan dengan data yang sama. Yang tidak, bukunya menjadi "
        "baca saja: semua tetap dapat dilihat dan diunduh. Tidak ada yang dihapus.",
    ),
    (
        "Siapa pemilik datanya?",
        "Koperasi Anda. Kami menyimpannya atas nama koperasi, tidak menjualnya, dan tidak memakainya untuk iklan.",
    ),
    (
        "Bagaimana bila kami berhenti?",
        "Seluruh data dapat diunduh kapan saja, juga setelah berhenti membayar: Excel, PDF, dan jurnal yang terbuka "
        "bagi program akuntansi lain.",
    ),
    (
        "Apakah anggota ikut membayar?",
        "Tidak. Setiap anggota melihat simpanan, pinjaman, dan kuitansinya tanpa biaya. Yang berlangganan koperasinya.",
    ),
    (
        "Kami masih memakai Excel dan buku tulis. Bisa pindah?",
        "Bisa. Daftar anggota, simpanan, pinjaman, dan saldo awal dibawa masuk dari Excel. Semua diperiksa dulu di "
        "layar; tidak ada yang tersimpan sebelum cocok.",
    ),
    (
        "Bagaimana cara membayarnya?",
        "Transfer bank, atau pembayaran online. Tagihan datang sebelum masa berakhir, dalam PDF yang dapat dilampirkan "
        "di laporan.",
    ),
    (
        "Bisakah ganti paket di tengah jalan?",
        "Bisa. Naik paket berlaku hari itu juga dan dihitung dari sisa hari; turun paket berlaku mulai masa "
        "berikutnya.",
    ),
    (
        "Apakah perlu komputer khusus?",
        "Tidak. Cukup ponsel atau komputer dengan browser. Halaman anggota ringan dan berjalan dengan internet "
        "seadanya.",
    ),
)
