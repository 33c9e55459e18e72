"""The books of the employee cooperative: shop, running costs, the members' meeting, month by month."""

import random
from datetime import date
from functools import partial

from seed.logins import EMPLOYEES
from seed.seasons import before_lebaran, factor, last_day, rounded, shifted, working_day
from seed.stage import Scene, Stage

SALES_RP, MARGIN, NON_MEMBER, QRIS = 92_000_000, 0.145, 0.21, 0.3
THIRDS = ((10, 0.33), (20, 0.32), (31, 0.35))
FLOAT_RP = 2_000_000


def scenes(stage: Stage, month: date, start: date) -> list[Scene]:
    """Every journal of a month, each on its day."""
    rng = random.Random(f"{EMPLOYEES}:buku:{month.isoformat()}")
    found = [*_cash(stage, month), *_shop(stage, month, start, rng)]
    found += [*_costs(stage, month, start, rng), *_meeting(stage, month, start)]
    if month == start:
        found.insert(0, Scene(start, partial(_give_the_shop_its_own, stage, start)))
    return found


def _give_the_shop_its_own(stage: Stage, on: date) -> None:
    """The opening balances belong to the office, which also lends; the shop gets its own."""
    stage.move_to_unit(on, ("11014", "1113", "1214", "1215", "2107", "2115"), "TOKO")


def _cash(stage: Stage, month: date) -> list[Scene]:
    """The cash box is filled from the bank on the second day, and what it need not hold goes back at the end."""
    need_rp = 26_000_000 if before_lebaran(month) else 15_000_000
    first, last = working_day(month, 2), working_day(month, 31)
    return [Scene(first, partial(_fill, stage, first, need_rp)), Scene(last, partial(_bring_away, stage, last))]


def _fill(stage: Stage, on: date, need_rp: int) -> None:
    missing_rp = rounded(need_rp - stage.balance("11011", on), 500_000)
    if missing_rp > 0:
        stage.journal(on, "Pengambilan uang tunai dari bank untuk kas", {"11011": missing_rp, "11021": -missing_rp})


def _bring_away(stage: Stage, on: date) -> None:
    spare_rp = (stage.balance("11011", on) - 15_000_000) // 500_000 * 500_000
    if spare_rp > 0:
        stage.journal(on, "Setoran kelebihan kas ke bank", {"11021": spare_rp, "11011": -spare_rp})


def _shop(stage: Stage, month: date, start: date, rng: random.Random) -> list[Scene]:
    sales_rp = SALES_RP * factor(month, start, 0.85) * rng.uniform(0.97, 1.03)
    next_rp = SALES_RP * factor(shifted(month, 1), start, 0.85)
    found = []
    for day, part in THIRDS:
        on = last_day(month) if day == 31 else month.replace(day=day)
        found.append(Scene(on, partial(_till, stage, on, rounded(sales_rp * part, 500), rng.uniform(0.98, 1.02))))
    for day, part in ((6, 0.45), (20, 0.55)):
        on = working_day(month, day)
        bought_rp = rounded((sales_rp + next_rp) / 2 * (1 - MARGIN) * part)
        found.append(
            Scene(
                on,
                partial(
                    stage.journal, on, "Pembelian barang dagangan dari pemasok",
                    {"1113": bought_rp, "2107": -bought_rp}, unit="TOKO",
                ),
            )
        )  # fmt: skip
    paid_on = working_day(month, 17)
    found.append(Scene(paid_on, partial(_pay_supplier, stage, paid_on)))
    if month.month in (6, 12):
        on = last_day(month)
        short_rp = rng.randrange(180_000, 420_000, 5_000)
        counted = partial(stage.journal, on, "Selisih stok opname", {"5203": short_rp, "1113": -short_rp}, unit="TOKO")
        found.append(Scene(on, counted))
    return found


def _till(stage: Stage, on: date, sales_rp: int, luck: float) -> None:
    """Ten days' sales as the shop's till reports them, and the cash on its way to the bank."""
    strangers_rp, qris_rp = rounded(sales_rp * NON_MEMBER * luck, 500), rounded(sales_rp * QRIS * luck, 500)
    members_rp = sales_rp - strangers_rp
    sold = {"11014": sales_rp - qris_rp, "11023": qris_rp, "4301": -members_rp, "4302": -strangers_rp}
    cost = {"5201": rounded(members_rp * (1 - MARGIN), 500), "5202": rounded(strangers_rp * (0.98 - MARGIN), 500)}
    memo = f"Penjualan toko dan harga pokoknya sampai {on:%d/%m/%Y}"
    stage.journal(on, memo, {**sold, **cost, "1113": -sum(cost.values())}, unit="TOKO")
    fee_rp = rounded(qris_rp * 0.007, 1)
    cash_rp = max(0, (stage.balance("11014", on) - FLOAT_RP) // 1000 * 1000)
    banked = {"11021": cash_rp + qris_rp - fee_rp, "6113": fee_rp, "11023": -qris_rp, "11014": -cash_rp}
    stage.journal(on, "Setoran hasil penjualan toko dan QRIS ke bank", banked, unit="TOKO")


def _pay_supplier(stage: Stage, on: date) -> None:
    paid_rp = stage.balance("2107", on) * 8 // 10 // 1000 * 1000
    stage.journal(on, "Pembayaran kepada pemasok", {"2107": paid_rp, "11021": -paid_rp}, unit="TOKO")


def _costs(stage: Stage, month: date, start: date, rng: random.Random) -> list[Scene]:
    raised = 1.0 if month.year == start.year else 1.06
    power_rp = rounded(1_180_000 * factor(month, start, 0.3) ** 0.5 * rng.uniform(0.95, 1.05), 500)
    bank, cash = "11021", "11011"
    plain: list[tuple[int, str, str, int, str, str]] = [
        (10, "Listrik, air, telepon, dan internet", "6104", power_rp, bank, "TOKO"),
        (25, "Gaji penjaga toko", "6101", rounded(5_600_000 * raised), bank, "TOKO"),
        (25, "Gaji petugas simpan pinjam", "6101", rounded(3_150_000 * raised), bank, ""),
        (27, "Honor pengurus dan pengawas", "6201", rounded(1_900_000 * raised), bank, ""),
        (31, "Penyusutan inventaris dan peralatan", "6110", 1_080_000, "1215", "TOKO"),
    ]
    if month.month % 3 == 0:
        plain.append((18, "Pemeliharaan rak dan pendingin toko", "6109", rng.randrange(3, 9) * 100_000, bank, "TOKO"))
    if month < date(start.year + 1, 1, 1):
        plain.append((31, "Sewa toko bulan ini", "6108", 1_000_000, "1116", "TOKO"))
    else:
        plain.append((5, "Sewa toko", "6108", 1_100_000, bank, "TOKO"))
    if before_lebaran(month):
        plain.append((18, "THR karyawan koperasi", "6101", rounded(8_750_000 * raised), bank, "TOKO"))
    if month.month == 8:
        plain.append((15, "Lomba dan hadiah hari kemerdekaan untuk anggota", "6209", 850_000, cash, ""))
    if month.month in (5, 10):
        plain.append((19, "Pelatihan perkoperasian anggota", "6202", 1_400_000, bank, ""))
    found = []
    for day, memo, debit, amount_rp, credit, unit in plain:
        on = last_day(month) if day == 31 else working_day(month, day)
        found.append(Scene(on, partial(stage.journal, on, memo, {debit: amount_rp, credit: -amount_rp}, unit=unit)))
    on = working_day(month, 16)
    petty = {"6103": rng.randrange(120, 260, 5), "6102": rng.randrange(150, 350, 10), "6105": rng.randrange(90, 180, 5)}
    spent = {code: thousands * 1000 for code, thousands in petty.items()}
    memo = "Pengeluaran kecil: alat tulis, transport, kebersihan"
    found.append(Scene(on, partial(stage.journal, on, memo, {**spent, cash: -sum(spent.values())})))
    return [*found, *_bank_and_tax(stage, month, start)]


def _bank_and_tax(stage: Stage, month: date, start: date) -> list[Scene]:
    end, tax_day = last_day(month), working_day(month, 14)
    return [
        Scene(end, partial(_interest, stage, end)),
        Scene(end, partial(_owe_tax, stage, end, month, start)),
        Scene(tax_day, partial(_pay_tax, stage, tax_day)),
    ]


def _interest(stage: Stage, on: date) -> None:
    earned_rp = rounded((stage.balance("11021", on) + stage.balance("11022", on)) * 0.0011, 1)
    earned_rp += rounded(stage.balance("1104", on) * 0.0037, 1)
    tax_rp = earned_rp // 5
    memo = "Bunga bank dan deposito, dikurangi pajak dan biaya administrasi"
    amounts = {"11021": earned_rp - tax_rp - 35_000, "6114": tax_rp, "6113": 35_000, "7101": -earned_rp}
    stage.journal(on, memo, amounts)


def _owe_tax(stage: Stage, on: date, month: date, start: date) -> None:
    owed_rp = rounded(SALES_RP * factor(month, start, 0.85) * 0.005)
    stage.journal(on, "PPh final 0,5% atas penjualan toko", {"8101": owed_rp, "2115": -owed_rp}, unit="TOKO")


def _pay_tax(stage: Stage, on: date) -> None:
    owed_rp = stage.balance("2115", on)
    if owed_rp:
        stage.journal(on, "Setor PPh final bulan lalu", {"2115": owed_rp, "11021": -owed_rp}, unit="TOKO")


def _meeting(stage: Stage, month: date, start: date) -> list[Scene]:
    """RAT in February; the surplus of the year before the story is shared and paid in March."""
    day = working_day(month, 22)
    if month.month == 2:
        found = [Scene(day, partial(stage.journal, day, "Biaya RAT", {"6203": 4_850_000, "11021": -4_850_000}))]
        return found + ([Scene(day, partial(_share_surplus, stage, day))] if month.year == start.year else [])
    if month == date(start.year, 3, 1):
        return [Scene(day, partial(_pay_surplus, stage, day))]
    if month.month == 9:
        placed = partial(stage.journal, day, "Penempatan deposito", {"1104": 50_000_000, "11021": -50_000_000})
        return [Scene(day, placed)]
    return []


def _share_surplus(stage: Stage, on: date) -> None:
    """By the statutes: 30% reserve, 50% members, 8% board, 4% staff, 5% education, 3% social."""
    whole_rp = stage.balance("3302", on)
    percent = {"3201": 30, "2118": 50, "2121": 8, "2122": 4, "2123": 5, "2124": 3}
    parts = {code: -whole_rp * part // 100 for code, part in percent.items()}
    parts["3201"] -= whole_rp + sum(parts.values())
    stage.journal(on, f"Pembagian SHU {on.year - 1} menurut keputusan RAT", {"3302": whole_rp, **parts})


def _pay_surplus(stage: Stage, on: date) -> None:
    for code, memo in (("2118", "Pembayaran SHU bagian anggota"), ("2121", "Pembayaran dana pengurus dan pengawas")):
        owed_rp = stage.balance(code, on)
        stage.journal(on, memo, {code: owed_rp, "11021": -owed_rp})
