"""Members: list, one member."""

from admin_panel.base import Pick, TenantModelView
from admin_panel.datamodel import TenantInterface
from core.display import date_long
from models.members import Member

STATES = [("applied", "Calon"), ("active", "Aktif"), ("left", "Keluar"), ("rejected", "Ditolak")]


class MemberView(TenantModelView):
    datamodel = TenantInterface(Member)
    route_base = "/kopmin/anggota"
    read = "members.view"
    list_title = "Anggota"
    seek, seek_label = ("name", "number", "nip"), "nama, nomor anggota, atau NIP"
    picks = (Pick("keadaan", "Keadaan", "state", lambda: STATES), Pick("sejak", "Masuk sejak", "joined_on", kind="date_from"))
    list_columns = ["name", "number", "work_unit", "joined_on", "state"]
    show_columns = ["name", "number", "nik_masked", "birth_on", "address", "phone", "state"]
    order_columns = ["name", "number", "joined_on"]
    base_order = ("name", "asc")
    label_columns = {
        "name": "Nama", "number": "Nomor", "work_unit": "Unit kerja", "joined_on": "Masuk", "state": "Keadaan",
        "nik_masked": "Nomor KTP", "birth_on": "Tanggal lahir", "address": "Alamat", "phone": "Telepon",
    }  # fmt: skip
    formatters_columns = {"joined_on": lambda day: date_long(day) if day else "", "state": dict(STATES).get}


SCREENS = (MemberView,)
