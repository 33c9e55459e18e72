"""Every address of the app and how to fill it: a route or form without a line here fails the tests."""

import re

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from models.members import Member
from models.savings import Receipt
from tests.admin_panel.conftest import Panel
from tests.admin_panel.routes import value

ID = "<int(max=9223372036854775807):receipt_id>"
NOT_OURS_TO_WALK = {"/keluar"}  # ends the session that walks; has a case of its own
WORDS = {
    "/static/appbuilder/<path:filename>": "css/ab.css",
    "/static/ekopz/<path:filename>": "tokens.css",
    "/static/portal/<path:filename>": "portal.css",
    "/tautan/<token>": "unknown",
    "/teks/<any(besar, biasa):size>": "besar",
}
_JOURNAL = {
    "booked_on": "2026-03-05", "memo": "Jasa", "voucher_no": "", "token": "form", "lines-0-account": "11011",
    "lines-0-debit": "5.000", "lines-1-account": "4105", "lines-1-credit": "5.000",
}  # fmt: skip
_MOVE = {"product_id": "{product}", "amount_rp": "1.000", "booked_on": "2026-03-05", "cash": "cash", "memo": "x"}
_PERSON = {
    "name": "Dewi", "nik": "", "nip": "", "birth_place": "", "birth_on": "1990-02-01", "address": "", "employer": "",
    "work_unit": "", "phone": "0812", "email": "", "bank_name": "", "bank_account": "", "voluntary_deduction_rp": "0",
}  # fmt: skip
_PRODUCT = {
    "code": "HARI", "name": "Hari raya", "kind": "voluntary", "account_id": "1", "amount_rp": "0",
    "minimum_balance_rp": "0",
}  # fmt: skip
FORMS: dict[str, dict[str, str]] = {
    "/api/v1/security/login": {"username": "x", "password": "y"},
    "/api/v1/security/refresh": {},
    "/keluar": {},
    "/kopmin/anggota/<row:member_id>/keluar": {
        "left_on": "2026-03-05", "reason": "Pindah", "cash": "cash", "sure": "y", "mark": "x",
    },
    "/kopmin/anggota/<row:member_id>/nomor": {"reason": "Periksa"},
    "/kopmin/anggota/<row:member_id>/putuskan": {
        "answer": "setuju", "joined_on": "2026-03-05", "number": "77", "reason": "",
    },
    "/kopmin/anggota/<row:member_id>/ubah": _PERSON,
    "/kopmin/anggota/daftar": _PERSON,
    "/kopmin/impor/<row:run_id>/batal": {},
    "/kopmin/impor/<row:run_id>/bukukan": {"fingerprint": "x"},
    "/kopmin/impor/<row:run_id>/ulang": {},
    "/kopmin/impor/unggah": {"kind": "", "as_of": "2026-03-05", "style": "", "token": "t"},
    "/kopmin/jenis-simpanan/add": _PRODUCT,
    "/kopmin/jenis-simpanan/edit/<pk>": _PRODUCT,
    "/kopmin/jurnal/<row:seq>/batalkan": {"booked_on": "2026-03-05", "reason": "Salah"},
    "/kopmin/jurnal/manual": _JOURNAL,
    "/kopmin/kuitansi/<row:receipt_id>/cetak": {"kertas": "a6"},
    "/kopmin/pengguna/<row:user_id>": {"roles": "petugas", "is_active": "y"},
    "/kopmin/pengguna/<row:user_id>/tautan": {},
    "/kopmin/pengguna/tambah": {"username": "baru", "full_name": "Baru", "email": "", "roles": "petugas"},
    "/kopmin/peran-akun/<role>": {"account_id": "1"},
    "/kopmin/periode/<row:period_id>/<act>": {},
    "/kopmin/periode/buka": {"year": "2030"},
    "/kopmin/persetujuan/<row:request_id>": {"answer": "setuju", "reason": "x"},
    "/kopmin/profil/": {"name": "Koperasi Maju", "zone": "WIB", "email": "", "address": "", "phone": ""},
    "/kopmin/profil/logo": {"picture": ""},
    "/kopmin/simpanan/mutasi/<row:movement_id>/batal": {"booked_on": "2026-03-05", "reason": "Salah"},
    "/kopmin/simpanan/setor": _MOVE,
    "/kopmin/simpanan/tarik": _MOVE,
    "/kopmin/tagihan/<row:bill_id>/bebaskan": {"reason": "Sakit"},
    "/kopmin/tagihan/buat": {"jenis": "{mandatory}", "bulan": "2026-03", "mark": "x"},
    "/kopmin/unit/add": {"code": "USP", "name": "Simpan pinjam"},
    "/masuk": {"username": "x", "password": "y"},
    "/mykoperasi/akun/kata-sandi": {"current": "x", "password": "y"},
    "/mykoperasi/akun/koperasi": {"koperasi": "2"},
    "/mykoperasi/akun/perangkat": {"perangkat": "999999"},
    f"/mykoperasi/kuitansi/{ID}/cetak": {"kertas": "a6"},
    "/tautan/<token>": {"password": "x"},
}  # fmt: skip
_HOLE = re.compile(r"<[^>]+>")


def routes(app: Flask, method: str) -> list[Rule]:
    """Every rule of the app that answers a method."""
    return sorted((r for r in app.url_map.iter_rules() if method in (r.methods or ())), key=lambda r: r.rule)


def filled(panel: Panel, rule: Rule, coop_id: int) -> str:
    """The rule as an address, its ids those of rows of `coop_id`."""
    if rule.rule in WORDS:
        return _HOLE.sub(WORDS[rule.rule], rule.rule)
    text = rule.rule
    for hole, name in zip(_HOLE.findall(rule.rule), _names(rule), strict=True):
        text = text.replace(hole, str(_value(panel, rule, name, coop_id)), 1)
    return text


def _names(rule: Rule) -> list[str]:
    return [hole.strip("<>").rpartition(":")[2] for hole in _HOLE.findall(rule.rule)]


def _value(panel: Panel, rule: Rule, name: str, coop_id: int) -> object:
    if name != "token":
        return value(panel, rule, name, coop_id)
    papers = {
        "/v/<token>": select(Receipt.token).order_by(Receipt.id),
        "/kartu/<token>": select(Member.card_token).where(Member.state == "active"),
    }
    with panel.world.database.reading(coop_id) as session:
        return session.scalars(papers[rule.rule].limit(1)).one()


def with_holes_filled(rule: Rule, odd: str) -> str:
    """The rule with `odd` in place of every argument."""
    return _HOLE.sub(lambda _: odd, rule.rule)


def has_id(rule: Rule) -> bool:
    return any(name.endswith(("_id", "pk")) for name in rule.arguments)
