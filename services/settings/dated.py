"""Dated settings of a cooperative: the value that holds on a day, and who decided it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import InvalidValue
from core.money import LIMIT_RP
from models.coops import CoopSetting
from services.audit import trail


@dataclass(frozen=True)
class Spec:
    """One setting: what people call it, what holds until somebody decides otherwise, and where that comes from.

    `kind` is percent, rupiah, days (1 to 28, a day of the month) or one of `choices`.
    """

    label: str
    kind: str
    default: str
    why: str
    choices: tuple[tuple[str, str], ...] = ()


SETTINGS: dict[str, Spec] = {
    "loans.cap_pct": Spec(
        "Batas bunga pinjaman per tahun (%)", "percent", "24", "Permenkop UKM 8/2023 pasal 27; hanya memperingatkan."
    ),
    "loans.related_limit_pct": Spec(
        "Batas pinjaman pihak terkait (% modal sendiri)", "percent", "10", "Permenkop UKM 8/2023 pasal 44."
    ),
    "loans.ability_pct": Spec(
        "Angsuran paling besar dari penghasilan (%)", "percent", "40", "Kebiasaan; ubah sesuai keputusan rapat."
    ),
    "payroll.cutoff_day": Spec("Tanggal daftar potongan", "days", "10", "Perjanjian dengan juru bayar gaji."),
    "payroll.pay_day": Spec("Tanggal potongan diterima", "days", "25", "Perjanjian dengan juru bayar gaji."),
    "payroll.through": Spec(
        "Potongan dibukukan ke", "choice", "bank", "Bank bila uang diterima bersama daftarnya.",
        (("bank", "Bank"), ("payroll_receivable", "Piutang juru bayar gaji")),
    ),
    "savings.cap_pct": Spec(
        "Batas bunga simpanan per tahun (%)", "percent", "9", "Permenkop UKM 8/2023 pasal 26; hanya memperingatkan."
    ),
    "savings.tax_free_rp": Spec(
        "Bunga simpanan bebas pajak per bulan", "rupiah", "240000", "PP 15/2009: per anggota per bulan."
    ),
    "savings.tax_pct": Spec(
        "PPh final bunga simpanan (%)", "percent", "10", "PP 15/2009: dari seluruh bunga bila di atas batas."
    ),
    "deposits.minimum_rp": Spec(
        "Simpanan berjangka paling sedikit", "rupiah", "1000000", "Kebiasaan; ubah sesuai keputusan rapat."
    ),
    "deposits.break_pct": Spec(
        "Denda pencairan awal simpanan berjangka (% bunga)", "percent", "50", "Kebiasaan; ubah sesuai keputusan rapat."
    ),
    "mart.vat_pct": Spec(
        "Tarif PPN penjualan toko (%)", "percent", "0", "0 selama koperasi bukan PKP; PKP memakai 12 sejak 2025."
    ),
    "mart.vat_base": Spec(
        "Dasar pengenaan PPN", "choice", "11/12", "Barang bukan mewah: nilai lain 11/12 dari harga jual.",
        (("11/12", "11/12 dari harga jual"), ("1", "Seluruh harga jual")),
    ),
    "mart.point_every_rp": Spec(
        "Belanja untuk satu poin", "rupiah", "0", "0 berarti tanpa poin. Poin diberikan saat pesanan selesai."
    ),
    "mart.point_rp": Spec("Nilai satu poin", "rupiah", "0", "Dipakai sebagai potongan; dicatat sebagai utang poin."),
    "mart.complete_days": Spec(
        "Pesanan selesai sendiri setelah sampai (hari)", "days", "3", "Bila pembeli tidak berkabar apa pun."
    ),
}  # fmt: skip


def value(session: Session, coop_id: int, name: str, on: date) -> str:
    """What holds on a day: the latest decision up to it, or the default."""
    query = select(CoopSetting.value).where(
        CoopSetting.coop_id == coop_id, CoopSetting.name == name, CoopSetting.effective_on <= on
    )
    decided = session.scalars(query.order_by(CoopSetting.effective_on.desc()).limit(1)).first()
    return SETTINGS[name].default if decided is None else decided


def percent(session: Session, coop_id: int, name: str, on: date) -> Decimal:
    return Decimal(value(session, coop_id, name, on))


def whole(session: Session, coop_id: int, name: str, on: date) -> int:
    """A setting of rupiah or a day of the month."""
    return int(value(session, coop_id, name, on))


def decide(
    session: Session, actor: Actor, name: str, value: str, *, effective_on: date, decided_by: str = ""
) -> CoopSetting:
    """Set what holds from a day on; the same day again corrects it. Raises InvalidValue saying what it may be."""
    actor.must("coop.settings")
    if name not in SETTINGS:
        raise InvalidValue(field="Pengaturan", reason=f"'{name}' tidak dikenal.")
    plain = checked(name, value)
    query = select(CoopSetting).where(CoopSetting.name == name, CoopSetting.effective_on == effective_on)
    row = session.scalars(query).first()
    if row is None:
        row = CoopSetting(
            coop_id=actor.coop_id, name=name, effective_on=effective_on, value="", created_by=actor.user_id
        )
        session.add(row)
    before, row.value, row.decided_by = row.value, plain, decided_by.strip()[:120]
    trail.record(session, actor, "settings.decide", f"setting:{name}", before=before, after=plain, on=effective_on)
    session.flush()  # whoever asks next in this transaction must meet it
    return row


def checked(name: str, value: str) -> str:
    """The value as it is kept. Raises InvalidValue."""
    spec, plain = SETTINGS[name], value.strip()
    if spec.kind == "choice":
        if plain not in dict(spec.choices):
            raise InvalidValue(field=spec.label, reason=f"pilih {' atau '.join(label for _, label in spec.choices)}.")
        return plain
    if spec.kind == "percent":
        return _percent(spec, plain)
    most = 28 if spec.kind == "days" else LIMIT_RP
    least = 1 if spec.kind == "days" else 0
    if not (plain.isascii() and plain.isdigit() and least <= int(plain) <= most):
        raise InvalidValue(
            field=spec.label, reason=f"angka bulat {least} sampai {most}." if most == 28 else "rupiah bulat."
        )
    return str(int(plain))


def _percent(spec: Spec, plain: str) -> str:
    try:
        number = Decimal(plain.replace(",", "."))
    except InvalidOperation:
        number = Decimal(-1)
    if not number.is_finite() or not 0 <= number <= 1000 or number * 10**6 % 1:
        raise InvalidValue(field=spec.label, reason="angka 0 sampai 1000, misalnya 1,5.")
    return format(number, "f")


def history(session: Session, actor: Actor, name: str) -> list[CoopSetting]:
    """Every decision on a setting, newest first."""
    query = select(CoopSetting).where(CoopSetting.name == name).order_by(CoopSetting.effective_on.desc())
    return list(session.scalars(query))
