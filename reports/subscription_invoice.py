"""The invoice of a subscription, as an A4 page. Reads only; PDF bytes out."""

from sqlalchemy.orm import Session

from core.display import date_long, rupiah, terbilang
from models.coops import Coop
from models.subscriptions import SubscriptionInvoice
from reports.sheet import Sheet

_SOFT, _BRAND, _WARN, _HEAD = (74, 91, 85), (11, 106, 88), (164, 38, 44), (238, 244, 240)
_LEFT, _RIGHT = 14.0, 196.0
_WIDE = _RIGHT - _LEFT
_STATES = {"open": "BELUM DIBAYAR", "paid": "LUNAS", "void": "BATAL"}


def invoice_pdf(session: Session, invoice: SubscriptionInvoice, *, transfer_to: str = "") -> bytes:
    """An invoice the caller was allowed to read. `transfer_to` is the account the platform is paid on."""
    coop = session.get_one(Coop, invoice.coop_id)
    sheet = Sheet(210.0, 297.0, f"Tagihan {invoice.label}")
    y = _head(sheet, invoice)
    y = _whom(sheet, coop, invoice, y)
    y = _lines(sheet, invoice, y)
    y = sheet.put(_LEFT, y + 2, f"Terbilang: {terbilang(invoice.total_rp)}", 9.5, "I", width=_WIDE) + 4
    for sentence in _ways(invoice, transfer_to):
        y = sheet.put(_LEFT, y, sentence, 10, width=_WIDE) + 1
    return bytes(sheet.output())


def _head(sheet: Sheet, invoice: SubscriptionInvoice) -> float:
    sheet.fill(_BRAND, 0, 0, sheet.w, 2)
    y = sheet.put(_LEFT, 12, "eKopz", 18, "B", _BRAND, width=_WIDE)
    y = sheet.put(_LEFT, y, "Platform digital koperasi Indonesia", 9, "", _SOFT, width=_WIDE) + 3
    sheet.rule(y, _LEFT, _RIGHT)
    sheet.put(_LEFT, y + 4, "TAGIHAN LANGGANAN", 16, "B", width=110, lines=1)
    sheet.put(_LEFT, y + 4, invoice.label, 13, "B", _SOFT, width=_WIDE, align="R", lines=1)
    colour = _BRAND if invoice.state == "paid" else _WARN
    sheet.put(_LEFT, y + 11, _STATES[invoice.state], 11, "B", colour, width=_WIDE, align="R", lines=1)
    return y + 19


def _whom(sheet: Sheet, coop: Coop, invoice: SubscriptionInvoice, y: float) -> float:
    left = sheet.put(_LEFT, y, "Untuk", 8.5, "", _SOFT, width=_WIDE / 2)
    for place, line in enumerate(filter(None, (coop.name, coop.address, coop.city, coop.email))):
        left = sheet.put(_LEFT, left, line, 10, "" if place else "B", width=_WIDE / 2 - 4)
    facts = [("Tanggal", date_long(invoice.issued_on)), ("Bayar sebelum", date_long(invoice.due_on))]
    facts += [("Dibayar", date_long(invoice.paid_on))] if invoice.paid_on else []
    facts.append(("Masa", f"{date_long(invoice.starts_on)} sampai {date_long(invoice.ends_on)}"))
    right = y
    for label, value in facts:
        sheet.put(_LEFT + _WIDE / 2, right, label, 8.5, "", _SOFT, width=26, lines=1)
        right = sheet.put(_LEFT + _WIDE / 2 + 26, right, value, 10, width=_WIDE / 2 - 26, lines=2) + 1
    return max(left, right) + 5


def _lines(sheet: Sheet, invoice: SubscriptionInvoice, y: float) -> float:
    sheet.fill(_HEAD, _LEFT, y, _WIDE, 7)
    sheet.put(_LEFT + 1, y + 1.7, "Uraian", 9, "B", width=130, lines=1)
    sheet.put(146, y + 1.7, "Jumlah", 9, "B", width=49, align="R", lines=1)
    y += 8.5
    for line in invoice.lines:
        sheet.put(146, y, rupiah(line["amount_rp"]), 10, width=49, align="R", lines=1)
        y = sheet.put(_LEFT + 1, y, line["label"], 10, width=128) + 1.5
        sheet.rule(y, _LEFT, _RIGHT)
        y += 1.5
    sheet.put(110, y + 1, "Jumlah", 12, "B", width=36, lines=1)
    return sheet.put(146, y + 1, rupiah(invoice.total_rp), 12, "B", _BRAND, width=49, align="R", lines=1)


def _ways(invoice: SubscriptionInvoice, transfer_to: str) -> list[str]:
    if invoice.state != "open":
        return ["Terima kasih."] if invoice.state == "paid" else []
    where = f"Transfer ke {transfer_to}." if transfer_to else "Tanyakan nomor rekening kepada tim eKopz."
    return [where, f"Cantumkan {invoice.label}, lalu kirim buktinya lewat Kopmin, Pengaturan, Langganan."]
