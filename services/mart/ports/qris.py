"""The text of a QRIS: a shop's static one, made to ask for one amount.

The text is EMV's: a row of fields, each two digits of name, two of length, and the value; field 63, the last, checks
the rest (CRC-16/CCITT-FALSE over everything before its value).
"""

from core.money import Rupiah
from services.mart.ports.refusals import QrisInvalid

MOST_RP: Rupiah = 10_000_000
"""More than this no QRIS takes at once (Bank Indonesia's limit of a payment)."""
_LONGEST = 600
_RUPIAH, _INDONESIA = "360", "ID"


def with_amount(static_text: str, amount_rp: Rupiah) -> str:
    """The dynamic QRIS for an amount: field 01 becomes 12, field 54 the amount, the check is made anew.

    Raises:
        QrisInvalid: not a whole static QRIS in rupiah, or an amount no QRIS takes.
    """
    if type(amount_rp) is not int or not 0 < amount_rp <= MOST_RP:
        raise QrisInvalid(reason="jumlahnya harus Rp 1 sampai Rp 10.000.000 sekali bayar. Pilih cara bayar lain.")
    kept = fields(static_text)
    if "54" in kept:
        raise QrisInvalid(reason="sudah berisi jumlah. Pakai QRIS statis (stiker) toko.")
    kept |= {"01": "12", "54": str(amount_rp)}
    return _written(kept)


def merchant_name(text: str) -> str:
    """The name a payer will see. Raises QrisInvalid."""
    return fields(text)["59"]


def fields(text: str) -> dict[str, str]:
    """The fields of a QRIS by their two digits, without the check, which was right.

    Raises:
        QrisInvalid: damaged, not a payment's QR, or not in rupiah.
    """
    text = text.strip()
    if not (text.isascii() and text.isprintable() and 0 < len(text) <= _LONGEST and text.startswith("000201")):
        raise QrisInvalid(reason="ini bukan teks QRIS. Salin seluruh isi kode QR toko, yang diawali 000201.")
    if text[-8:-4] != "6304" or check_of(text[:-4]) != text[-4:].upper():
        raise QrisInvalid(reason="teksnya rusak atau terpotong. Pindai ulang kode QR toko, lalu salin seluruh isinya.")
    found = _split(text[:-8])
    if found.get("53") != _RUPIAH or found.get("58") != _INDONESIA or not found.get("59"):
        raise QrisInvalid(reason="bukan QRIS pedagang Indonesia dalam rupiah. Pakai QRIS dari bank atau penyedia toko.")
    if not any(name in found for name in map(str, range(26, 52))):
        raise QrisInvalid(reason="tidak menyebut rekening pedagang. Pakai QRIS dari bank atau penyedia toko.")
    return found


def _split(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        name, length = text[at : at + 2], text[at + 2 : at + 4]
        end = at + 4 + (int(length) if length.isdigit() else len(text))
        if not name.isdigit() or len(name) != 2 or end > len(text) or end == at + 4 or name in found or name == "63":
            raise QrisInvalid(reason="susunannya salah. Pindai ulang kode QR toko, lalu salin seluruh isinya.")
        found[name] = text[at + 4 : end]
        at = end
    return found


def _written(kept: dict[str, str]) -> str:
    """Fields in the order of their numbers, then the check."""
    text = "".join(f"{name}{len(kept[name]):02d}{kept[name]}" for name in sorted(kept)) + "6304"
    if len(text) + 4 > _LONGEST:
        raise QrisInvalid(reason="terlalu panjang. Pakai QRIS dari bank atau penyedia toko.")
    return text + check_of(text)


def check_of(text: str) -> str:
    """CRC-16/CCITT-FALSE of ASCII text, four capital hexadecimal digits."""
    crc = 0xFFFF
    for byte in text.encode("ascii"):
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1
        crc &= 0xFFFF
    return f"{crc:04X}"
