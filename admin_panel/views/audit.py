"""The audit trail, for pengawas and ketua: who did what, when."""

import json
from typing import Any

from admin_panel.base import Pick, TenantModelView, Tool
from admin_panel.datamodel import TenantInterface
from admin_panel.shown import at
from models.audit import AuditRecord

SUBJECTS = {
    "user": "pengguna", "unit": "unit usaha", "coop": "koperasi", "deposit": "simpanan berjangka", "term": "jangka",
    "import": "impor", "role": "peran akun", "year": "tahun buku", "entry": "jurnal", "loan": "pinjaman",
    "classes": "tabel kelas", "product": "jenis", "member": "anggota", "claim": "permintaan keanggotaan",
    "payroll": "daftar potongan", "withdrawal": "permintaan penarikan", "bills": "tagihan", "bill": "tagihan",
    "movement": "mutasi", "setting": "angka keputusan", "ticket": "tiket",
}  # fmt: skip


def _detail(value: Any) -> str:
    return "\n".join(f"{key}: {json.dumps(part, ensure_ascii=False)}" for key, part in (value or {}).items())


def subject(value: str) -> str:
    """`deposit:3` -> `simpanan berjangka 3`."""
    kind, _, which = value.partition(":")
    return f"{SUBJECTS.get(kind, kind)} {which}".strip()


class AuditView(TenantModelView):
    """Jejak audit: hanya bertambah, berantai."""

    datamodel = TenantInterface(AuditRecord)
    route_base = "/kopmin/jejak-audit"
    read = "audit.view"
    list_title = "Jejak audit"
    seek, seek_label = ("action", "subject", "user.full_name"), "tindakan, hal, atau nama"
    picks = (
        Pick("dari", "Dari", "at", kind="date_from"),
        Pick("sampai", "Sampai", "at", kind="date_to"),
    )
    list_columns = ["at", "user", "action", "subject"]
    show_columns = ["seq", "at", "user", "action", "subject", "detail", "hash"]
    order_columns = ["at", "action"]
    base_order = ("seq", "desc")
    label_columns = {
        "at": "Waktu", "user": "Siapa", "action": "Tindakan", "subject": "Hal", "detail": "Rincian", "seq": "Urutan",
        "hash": "Sidik",
    }  # fmt: skip
    formatters_columns = {"at": at, "detail": _detail, "user": str, "subject": subject}
    empty_text = "Belum ada catatan."

    def tools(self) -> list[Tool]:
        return [self.export_tool()]

    def show_heading(self, item: AuditRecord) -> str:
        return f"Catatan {item.seq}"


SCREENS = (AuditView,)
