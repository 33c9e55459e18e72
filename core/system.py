"""What the operating system refuses, in words people read."""

import errno

_WORDS = {
    errno.ENOENT: "tidak ada",
    errno.EACCES: "tidak boleh dibuka",
    errno.EPERM: "tidak diizinkan",
    errno.EISDIR: "itu folder, bukan berkas",
    errno.ENOTDIR: "itu berkas, bukan folder",
    errno.EEXIST: "sudah ada",
    errno.EROFS: "penyimpanan hanya dapat dibaca",
    errno.ENOSPC: "ruang penyimpanan penuh",
    errno.EDQUOT: "jatah penyimpanan habis",
    errno.EFBIG: "berkas terlalu besar untuk penyimpanan ini",
    errno.ENAMETOOLONG: "nama terlalu panjang",
    errno.EADDRINUSE: "sudah dipakai program lain",
    errno.EADDRNOTAVAIL: "bukan alamat komputer ini",
    errno.EIO: "penyimpanan gagal membaca atau menulis",
}
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def reason_of(problem: OSError) -> str:
    """Why the system refused: `tidak ada`, `ruang penyimpanan penuh`."""
    return _WORDS.get(problem.errno or 0, problem.strerror or "tidak dapat dibuka")
