"""Passwords: long enough, not among the common ones, kept as scrypt."""

from werkzeug.security import check_password_hash, generate_password_hash

from core.errors import Refusal

MINIMUM = 10
_COMMON = frozenset(
    [
        "password12",
        "1234567890",
        "0123456789",
        "qwertyuiop",
        "koperasi123",
        "indonesia1",
        "bismillah1",
        "passwordku",
        "sayangkamu",
        "12345678910",
        "password123",
        "koperasi2026",
        "koperasi2025",
        "rahasia123",
        "iloveyou12",
        "admin12345",
        "merdeka1945",
        "1q2w3e4r5t",
        "qwerty1234",
        "1111111111",
        "0000000000",
        "aaaaaaaaaa",
        "abcdefghij",
        "anggota123",
        "bendahara1",
        "sekretaris",
    ]
)
# checked against when the account does not exist, so that both answers take the same time
_NOBODY = generate_password_hash("tidak ada siapa-siapa di sini", method="scrypt:32768:8:1")


class PasswordWeak(Refusal):
    code = "access.password_weak"
    pesan = "Kata sandi belum aman: {reason} Contoh yang baik: tiga atau empat kata yang hanya Anda tahu."


def checked(password: str, username: str) -> str:
    """The password itself when it may be used. No composition rules: length and not guessable. Raises PasswordWeak."""
    if not MINIMUM <= len(password) <= 200:
        raise PasswordWeak(reason=f"paling sedikit {MINIMUM} dan paling banyak 200 karakter.")
    if password.casefold() in _COMMON or len(set(password)) < 4 or password.casefold() == username.casefold():
        raise PasswordWeak(reason="terlalu mudah ditebak.")
    return password


def hashed(password: str) -> str:
    return generate_password_hash(password, method="scrypt:32768:8:1")


def agrees(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one; takes the same time when there is no hash to compare with."""
    matches = check_password_hash(password_hash or _NOBODY, password[:200])
    return matches and password_hash is not None
