"""Letters about an account itself: its password and its mail address."""

from services.notifications.texts import Message

FORGOTTEN = "/lupa-kata-sandi"


def new_password(name: str, username: str, path: str, *, by_google: bool) -> Message:
    """To whoever forgot a password: the link that sets a new one."""
    other = " Anda juga dapat masuk dengan Google seperti biasa, tanpa kata sandi." if by_google else ""
    body = (
        f"Halo {name}, ada yang meminta kata sandi baru untuk akun eKopz Anda (nama pengguna {username}). Buka tautan "
        f"di bawah ini untuk membuatnya. Tautannya berlaku satu jam dan sekali pakai.{other} Bila bukan Anda yang "
        "meminta, abaikan surat ini: kata sandi Anda tetap."
    )
    return Message("Buat kata sandi baru", body, path)


def password_changed(name: str, username: str) -> Message:
    body = (
        f"Halo {name}, kata sandi akun eKopz Anda (nama pengguna {username}) baru saja diganti, dan perangkat lain "
        "yang masih masuk dikeluarkan. Bila bukan Anda yang menggantinya, segera hubungi ketua koperasi Anda dan buat "
        "kata sandi baru di halaman Lupa kata sandi."
    )
    return Message("Kata sandi Anda sudah diganti", body, FORGOTTEN)


def confirm_address(name: str, username: str, path: str) -> Message:
    """To an address that somebody gave as their own."""
    body = (
        f"Halo {name}, buka tautan di bawah ini lalu tekan Ya untuk memakai alamat ini di akun eKopz Anda (nama "
        f"pengguna {username}). Tautannya berlaku sehari. Bila bukan Anda yang meminta, abaikan surat ini."
    )
    return Message("Konfirmasi surel akun eKopz", body, path)


def address_changed(name: str, username: str) -> Message:
    """To the address that an account had before."""
    body = (
        f"Halo {name}, akun eKopz Anda (nama pengguna {username}) mulai sekarang memakai alamat surel lain. Bila bukan "
        "Anda yang menggantinya, segera hubungi ketua koperasi Anda."
    )
    return Message("Surel akun Anda sudah diganti", body)
