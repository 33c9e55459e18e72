"""Papers a person holds: kuitansi (A6, A5, 58 and 80 mm roll) and member card. A frozen dataclass in, PDF bytes out."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import segno
from sqlalchemy.orm import Session

from core.display import date_long, moment, rupiah, terbilang
from core.money import Rupiah
from models.access import User
from models.coops import Coop
from models.members import Member
from models.savings import Receipt
from reports.sheet import INK, Sheet, latin

Paper = Literal["a6", "a5", "58", "80"]
PAPERS: dict[Paper, str] = {"a6": "A6", "a5": "A5", "80": "struk 80 mm", "58": "struk 58 mm"}

_SOFT, _BRAND, _BRAND_SOFT, _ACCENT = (74, 91, 85), (11, 106, 88), (224, 240, 234), (243, 181, 98)


@dataclass(frozen=True)
class Letterhead:
    """What stands above every paper of a cooperative. `logo` is an image file's bytes."""

    name: str
    legal_no: str
    address: str
    phone: str
    logo: bytes | None = None


@dataclass(frozen=True)
class ReceiptSlip:
    """A kuitansi as printed. `verify_url` is what the QR holds; amounts in rupiah."""

    head: Letterhead
    label: str
    issued_on: date
    issued_at: datetime
    zone: str
    is_payment_in: bool
    member_name: str
    member_number: str
    purpose: str
    amount_rp: Rupiah
    balance_after_rp: Rupiah
    cashier: str
    verify_url: str
    is_copy: bool = False

    def facts(self) -> list[tuple[str, str]]:
        """Label and value of every line but the amount, in printing order."""
        giver = "Diterima dari" if self.is_payment_in else "Dibayarkan kepada"
        return [
            ("Tanggal", date_long(self.issued_on)),
            ("Dicatat", moment(self.issued_at, self.zone)),
            (giver, f"{self.member_name} ({self.member_number})"),
            ("Untuk", self.purpose),
            ("Saldo sesudahnya", rupiah(self.balance_after_rp)),
            ("Petugas", self.cashier),
        ]


@dataclass(frozen=True)
class MemberCard:
    """A member's card; its QR leads to the public check of the card."""

    head: Letterhead
    number: str
    name: str
    work_unit: str
    joined_on: date | None
    check_url: str


def letterhead(coop: Coop, logo: bytes | None = None) -> Letterhead:
    address = ", ".join(part for part in (coop.address, coop.city) if part)
    return Letterhead(coop.name, coop.legal_no, address, coop.phone, logo)


def receipt_url(receipt: Receipt, public_url: str) -> str:
    """Where anyone holding the paper may compare it with the books."""
    return f"{public_url}/v/{receipt.token}"


def receipt_slip(
    session: Session, receipt: Receipt, *, public_url: str, is_copy: bool, logo: bytes | None = None
) -> ReceiptSlip:
    """The paper of a receipt the caller was allowed to read."""
    coop = session.get_one(Coop, receipt.coop_id)
    return ReceiptSlip(
        letterhead(coop, logo), receipt.label, receipt.issued_on, receipt.issued_at, coop.zone, receipt.is_payment_in,
        receipt.member.name, receipt.member.number or "-", receipt.purpose, receipt.amount_rp,
        receipt.balance_after_rp, session.get_one(User, receipt.issued_by).full_name,
        receipt_url(receipt, public_url), is_copy,
    )  # fmt: skip


def member_card(session: Session, member: Member, *, public_url: str, logo: bytes | None = None) -> MemberCard:
    """The card of a member the caller was allowed to read."""
    coop = session.get_one(Coop, member.coop_id)
    return MemberCard(
        letterhead(coop, logo), member.number or "-", member.name, member.work_unit, member.joined_on,
        f"{public_url}/kartu/{member.card_token}",
    )  # fmt: skip


def qr_svg(text: str, scale: int = 3) -> str:
    """The code as an inline `<svg>`."""
    code = segno.make(text, error="m")
    made: str = code.svg_inline(scale=scale, border=2, dark="#000", light="#fff", omitsize=False)
    return made


def receipt_pdf(slip: ReceiptSlip, paper: Paper = "a6") -> bytes:
    """The kuitansi as PDF: a page of A6 or A5 (landscape), or one strip as long as its text for a roll printer."""
    title = f"Kuitansi {slip.label}"
    if paper in {"58", "80"}:
        width = float(paper)
        length = _strip(Sheet(width, 400, title), slip)
        sheet = Sheet(width, length, title)
        _strip(sheet, slip)
        return bytes(sheet.output())
    width, height, grow = (210.0, 148.0, 1.15) if paper == "a5" else (105.0, 148.0, 1.0)
    sheet = Sheet(width, height, title)
    _page(sheet, slip, grow)
    return bytes(sheet.output())


def card_pdf(card: MemberCard) -> bytes:
    """The member card in the size of a bank card (85.6 x 54 mm)."""
    sheet = Sheet(85.6, 54, f"Kartu anggota {card.number}")
    sheet.fill((7, 74, 62), 0, 0, 85.6, 54)
    sheet.fill(_ACCENT, 0, 0, 85.6, 1.4)
    sheet.put(6, 6, card.head.name, 11, "B", (255, 255, 255), width=73, lines=2)
    sheet.put(6, sheet.get_y() + 0.5, "KARTU ANGGOTA", 7, "", _ACCENT)
    sheet.put(6, 25, card.number, 16, "B", (255, 255, 255), width=48, lines=1)
    sheet.put(6, 33.5, card.name, 10, "B", (255, 255, 255), width=48, lines=2)
    since = f"Anggota sejak {date_long(card.joined_on)}" if card.joined_on else ""
    for line in filter(None, (card.work_unit, since)):
        sheet.put(6, sheet.get_y() + 0.4, line, 7, "", (216, 232, 226), width=48, lines=1)
    sheet.fill((255, 255, 255), 56.6, 23, 25, 25)
    sheet.qr(card.check_url, 58.1, 24.5, 22)
    return bytes(sheet.output())


def _page(sheet: Sheet, slip: ReceiptSlip, grow: float) -> None:
    left, right = 8 * grow, sheet.w - 8 * grow
    wide = right - left
    sheet.fill(_BRAND, 0, 0, sheet.w, 1.6)
    if slip.is_copy:
        _watermark(sheet, grow)
    taken = sheet.logo(slip.head.logo, left, 7 * grow, 13 * grow)
    y = sheet.put(left + taken, 7 * grow, slip.head.name, 12 * grow, "B", _BRAND, width=wide - taken, lines=2)
    for line in filter(None, (slip.head.legal_no and f"Badan hukum {slip.head.legal_no}", slip.head.address)):
        y = sheet.put(left + taken, y, line, 7.5 * grow, "", _SOFT, width=wide - taken, lines=2)
    y = max(y, (7 + (13 if taken else 0)) * grow) + 2.5 * grow
    sheet.rule(y, left, right)
    sheet.put(left, y + 2.5 * grow, "KUITANSI", 13 * grow, "B")
    number = f"{slip.label}  SALINAN" if slip.is_copy else slip.label
    sheet.put(left, y + 3.3 * grow, number, 9.5 * grow, "B", _SOFT, width=wide, align="R", lines=1)
    y = _amount(sheet, slip, left, y + 10 * grow, wide, grow) + 2.5 * grow
    column = 29 * grow
    for label, value in slip.facts()[:-1]:  # the cashier stands below, as who signs
        sheet.put(left, y, label, 8.5 * grow, "", _SOFT, width=column, lines=1)
        y = (
            sheet.put(
                left + column,
                y,
                value,
                8.5 * grow,
                "B" if label == "Saldo sesudahnya" else "",
                width=wide - column,
                lines=2,
            )
            + 1.1 * grow
        )
    side = 25 * min(grow, 1.12)
    top = sheet.h - side - 7
    sheet.qr(slip.verify_url, left, top, side)
    sheet.put(
        left + side + 4,
        top + 1,
        "Pindai kode ini untuk memeriksa kuitansi pada buku koperasi.",
        7.5 * grow,
        "",
        _SOFT,
        width=wide / 2 - side + 4 * grow,
        lines=5,
    )
    sheet.put(
        right - wide * 0.38, sheet.h - 12 * grow, slip.cashier, 8.5 * grow, "B", width=wide * 0.38, align="C", lines=1
    )
    sheet.put(right - wide * 0.38, sheet.h - 8.2 * grow, "Petugas", 7.5 * grow, "", _SOFT, width=wide * 0.38, align="C")


def _amount(sheet: Sheet, slip: ReceiptSlip, left: float, y: float, wide: float, grow: float) -> float:
    sheet.use(8.5 * grow, "I", INK)
    words = terbilang(slip.amount_rp)
    rows = len(sheet.fitted(latin(words), wide - 8 * grow, 3))
    height = (12 + rows * 3.7) * grow
    sheet.fill(_BRAND_SOFT, left, y, wide, height)
    sheet.fill(_BRAND, left, y, 1.2, height)
    after = sheet.put(
        left + 4 * grow, y + 2 * grow, rupiah(slip.amount_rp), 18 * grow, "B", _BRAND, width=wide - 8 * grow, lines=1
    )
    sheet.put(left + 4 * grow, after + 0.5, words, 8.5 * grow, "I", width=wide - 8 * grow)
    return y + height


def _watermark(sheet: Sheet, grow: float) -> None:
    with sheet.rotation(32, sheet.w / 2, sheet.h / 2):
        sheet.put(
            0, sheet.h / 2 - 10 * grow, "SALINAN", 50 * grow, "B", (232, 238, 235), width=sheet.w, align="C", lines=1
        )


def _strip(sheet: Sheet, slip: ReceiptSlip) -> float:
    """Draws the roll's strip; returns how long it became."""
    left = 3.0
    wide = sheet.w - 2 * left
    grow = 1.0 if sheet.w < 70 else 1.12

    def centred(text: str, y: float, size: float, style: str = "") -> float:
        return sheet.put(left, y, text, size * grow, style, width=wide, align="C")

    y = 4.0
    if slip.head.logo:
        sheet.logo(slip.head.logo, (sheet.w - 12) / 2, y, 12)
        y += 13
    y = centred(slip.head.name, y, 10, "B")
    for line in filter(None, (slip.head.legal_no and f"Badan hukum {slip.head.legal_no}", slip.head.address)):
        y = centred(line, y, 7)
    if slip.is_copy:
        y = centred("* SALINAN *", y + 1.5, 10, "B")
    sheet.rule(y + 1.5, left, left + wide, dashed=True)
    y = centred("KUITANSI", y + 3, 10, "B")
    y = centred(slip.label, y, 8.5, "B") + 1.5
    for label, value in slip.facts():
        y = sheet.put(left, y, label, 7 * grow, width=wide)
        y = sheet.put(left, y, value, 8.5 * grow, "B", width=wide) + 0.8
    sheet.rule(y + 1, left, left + wide, dashed=True)
    y = centred(rupiah(slip.amount_rp), y + 2.5, 15, "B")
    y = centred(terbilang(slip.amount_rp), y + 0.8, 8, "I")
    sheet.rule(y + 1.5, left, left + wide, dashed=True)
    side = 26 * grow
    sheet.qr(slip.verify_url, (sheet.w - side) / 2, y + 3.5, side)
    return centred("Pindai untuk memeriksa kuitansi ini", y + 5 + side, 7) + 6
