"""Personal numbers (KTP, bank account) at rest: AES-256-GCM per field, and a blind index to find equal ones."""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = b"\x01"


class FieldCipher:
    """Encrypts one field of one row. The place (table, column, cooperative, row) is sealed in: a copied value fails."""

    def __init__(self, key: bytes) -> None:
        if len(key) != 32:
            raise ValueError("the field key has 32 bytes")
        self._aead = AESGCM(hmac.digest(key, b"ekopz field cipher", hashlib.sha256))
        self._index_key = hmac.digest(key, b"ekopz blind index", hashlib.sha256)

    def seal(self, plain: str, place: str) -> bytes:
        nonce = os.urandom(12)
        return _VERSION + nonce + self._aead.encrypt(nonce, plain.encode(), place.encode())

    def open(self, sealed: bytes, place: str) -> str:
        """The plain text. Raises ValueError when the value was changed, copied, or sealed under another key."""
        if sealed[:1] != _VERSION:
            raise ValueError("unknown version of a sealed field")
        try:
            return self._aead.decrypt(sealed[1:13], sealed[13:], place.encode()).decode()
        except InvalidTag as error:
            raise ValueError("a sealed field does not open") from error

    def index(self, plain: str, coop_id: int) -> str:
        """Equal for equal values inside one cooperative, different between cooperatives."""
        return hmac.new(self._index_key, f"{coop_id}|{plain}".encode(), hashlib.sha256).hexdigest()


_cipher: FieldCipher | None = None


def use_key(key: bytes) -> None:
    """Set the process's field key (once, at start)."""
    global _cipher
    _cipher = FieldCipher(key)


def cipher() -> FieldCipher:
    if _cipher is None:
        raise RuntimeError("core.secrets.use_key has not been called")
    return _cipher
