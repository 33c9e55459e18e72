"""Nothing of another member and nothing of another cooperative is there. A route without a case fails."""

import pytest
from flask import Flask

from services.savings import products
from tests.member_portal.conftest import Portal
from tests.member_portal.test_savings import pdf_text

OPEN = {
    "/", "/bantuan", "/teks/<any(besar, biasa):size>", "/tautan/<token>", "/v/<token>", "/kartu/<token>",
    "/static/portal/<path:filename>", "/daftar", "/simulasi", "/simulasi.xlsx",
    "/bantuan/tur/<name>", "/daftar-koperasi", "/daftar-koperasi/terkirim", "/daftar-koperasi/kirim-ulang",
    "/daftar-koperasi/konfirmasi/<token>",
    "/kopmart/", "/kopmart/kategori/<code>", "/kopmart/cari", "/kopmart/toko/<coop>/<store>",
    "/kopmart/koperasi/<coop>", "/kopmart/barang/<uuid:public_id>", "/kopmart/foto/<name>.webp",
    "/kopmart/sitemap.xml", "/robots.txt", "/kopmart/pembayaran/midtrans", "/kopmart/keranjang",
    "/harga", "/sitemap.xml", "/belajar", "/belajar/hitung", "/belajar/istilah", "/belajar/shu", "/belajar/<lesson>",
    "/koperasi", "/koperasi/<coop>", "/koperasi/<coop>/daftar", "/koperasi/<coop>/terima-kasih",
    "/kopnews/", "/kopnews/kategori/<code>", "/kopnews/tag/<tag>", "/kopnews/cari", "/kopnews/<slug>",
    "/kopnews/gambar/<name>.webp", "/kopnews/rss.xml", "/kopnews/sitemap.xml", "/kopnews/kabar",
    "/kopnews/kabar/<token>",
    "/masukan", "/yang-baru", "/rencana",
    "/bantuan/panduan", "/bantuan/panduan/<task>", "/bantuan/panduan.pdf",
    "/privasi", "/ketentuan",
    "/lupa-kata-sandi", "/lupa-kata-sandi/terkirim", "/konfirmasi-surel/<token>", "/surat/berhenti/<token>",
}  # fmt: skip
OWN = {
    "/mykoperasi/", "/mykoperasi/mutasi", "/mykoperasi/kuitansi", "/mykoperasi/kartu", "/mykoperasi/kartu.pdf",
    "/mykoperasi/akun", "/pilih",
    "/mykoperasi/simpanan", "/mykoperasi/tabungan", "/mykoperasi/laporan", "/mykoperasi/pesan", "/klaim",
    "/mykoperasi/pinjaman", "/mykoperasi/pinjaman/ajukan",
    "/kopmart/favorit", "/mykoperasi/pengumuman",
    "/mykoperasi/akun/google", "/mykoperasi/akun/kode", "/mykoperasi/akun/kunci", "/mykoperasi/akun/surel",
    "/mykoperasi/bantuan", "/mykoperasi/bantuan/baru", "/mykoperasi/akun/pemberitahuan",
    "/mykoperasi/data-saya",
}  # fmt: skip
_TICKET = "/mykoperasi/bantuan/<int(max=9223372036854775807):ticket_id>"
HELP = {
    _TICKET, *(f"{_TICKET}/{act}" for act in ("balas", "selesai", "nilai")),
    f"{_TICKET}/gambar/<int(max=9223372036854775807):said_id>",
}  # walked in test_support.py  # fmt: skip
LOAN = {
    "/mykoperasi/pinjaman/<uuid:public_id>",
    "/mykoperasi/pinjaman/<uuid:public_id>/jadwal.xlsx",
    "/mykoperasi/pinjaman/<uuid:public_id>/kirim",
    "/mykoperasi/pinjaman/<uuid:public_id>/batalkan",
    "/mykoperasi/pinjaman/<uuid:public_id>/dokumen",
    "/mykoperasi/pinjaman/<uuid:public_id>/dokumen/<int(max=9223372036854775807):document_id>",
    "/mykoperasi/pinjaman/<uuid:public_id>/transfer",
    "/mykoperasi/pinjaman/<uuid:public_id>/transfer/<int(max=9223372036854775807):transfer_id>/batal",
    "/mykoperasi/pinjaman/<uuid:public_id>/transfer/<int(max=9223372036854775807):transfer_id>/bukti",
}  # walked in test_loans.py and test_transfers.py
_VARIANT = "<int(max=9223372036854775807):variant_id>"
_ORDER = "/kopmart/pesanan/<uuid:public_id>"
BUYING = {
    f"/kopmart/keranjang/{_VARIANT}",
    f"/kopmart/keranjang/{_VARIANT}/keluarkan",
    "/kopmart/beli/<coop>/<store>",
    "/kopmart/pesanan",
    _ORDER,
    *(f"{_ORDER}/{act}" for act in ("batal", "diterima", "tarik", "cara", "keluhan", "kembalikan", "poin")),
    *(f"{_ORDER}/{act}" for act in ("tabungan", "kasbon", "bukti", "online", "lacak", "faktur.pdf")),
}  # walked in test_kopmart_orders.py
RECEIPT = {
    "/mykoperasi/kuitansi/<int(max=9223372036854775807):receipt_id>",
    "/mykoperasi/kuitansi/<int(max=9223372036854775807):receipt_id>/cetak",
}
KOPMART = {
    "/kopmart/barang/<uuid:public_id>/favorit",
    "/kopmart/barang/<uuid:public_id>/ulasan",
}  # walked in test_kopmart.py
KOPNEWS = {
    "/kopnews/<slug>/komentar",
    "/mykoperasi/pengumuman/<int(max=9223372036854775807):announcement_id>",
}  # walked in test_kopnews.py
PRIVACY = {
    "/mykoperasi/data-saya/persetujuan/<code>",
    "/mykoperasi/data-saya/minta/<int(max=9223372036854775807):privacy_request_id>/batal",
    "/mykoperasi/data-saya/pemberitahuan/<int(max=9223372036854775807):breach>",
}  # walked in test_privacy.py
ACTS = {
    "/mykoperasi/akun/kata-sandi", "/mykoperasi/akun/perangkat", "/mykoperasi/akun/koperasi",
    "/mykoperasi/tabungan/tarik", "/mykoperasi/pesan/semua",
    "/mykoperasi/akun/google/lepas", "/mykoperasi/akun/kata-sandi/buat", "/mykoperasi/akun/kode/mulai",
    "/mykoperasi/akun/kode/cadangan", "/mykoperasi/akun/kode/matikan", "/mykoperasi/akun/kunci/mulai",
    "/mykoperasi/akun/kunci/hapus",
    "/mykoperasi/data-saya/unduh", "/mykoperasi/data-saya/minta", "/mykoperasi/data-saya/pembatasan",
}  # fmt: skip
BY_ID = {
    "/mykoperasi/tabungan/pengajuan/<int(max=9223372036854775807):withdrawal_id>/batal",
    "/mykoperasi/tabungan/pengajuan/<int(max=9223372036854775807):withdrawal_id>/bukti",
    "/mykoperasi/tabungan/berjangka/<int(max=9223372036854775807):deposit_id>",
    "/mykoperasi/pesan/<int(max=9223372036854775807):message_id>",
    "/mykoperasi/laporan/<month>.pdf",
}
FOREIGN = ("Joko", "Agus T", "Tetangga", "300.000", "3.000.000", "7.000.000", "2.250.000", "5.250.000")


def rules(app: Flask) -> set[str]:
    return {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("portal.")}


def test_every_route_of_the_portal_has_a_case_here(portal: Portal) -> None:
    known = OPEN | OWN | RECEIPT | LOAN | KOPMART | KOPNEWS | BUYING | ACTS | BY_ID | HELP
    assert rules(portal.app) == known | PRIVACY


def test_strangers_are_sent_to_sign_in_and_come_back_and_act_on_nothing(portal: Portal) -> None:
    for address in OWN | {f"/mykoperasi/kuitansi/{portal.receipts['Siti'][0].id}"}:
        answer = portal.anyone().get(address)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/masuk?next=")
    for address in ACTS | {f"/mykoperasi/kuitansi/{portal.receipts['Siti'][0].id}/cetak"}:
        assert portal.anyone().post(address).status_code == 401


def test_own_pages_hold_nothing_of_others(portal: Portal) -> None:
    browser = portal.as_("siti")
    for address in sorted(OWN | {"/", "/bantuan"} | {f"/mykoperasi/kuitansi/{r.id}" for r in portal.receipts["Siti"]}):
        answer = browser.get(address)
        text = pdf_text(answer.data) if answer.mimetype == "application/pdf" else answer.text
        for word in FOREIGN:
            assert word not in text, (address, word)


@pytest.mark.parametrize("owner", ["Joko", "Agus"])
def test_the_kuitansi_of_somebody_else_is_not_there(portal: Portal, owner: str) -> None:
    browser = portal.as_("siti")
    for receipt in portal.receipts[owner]:
        assert browser.get(f"/mykoperasi/kuitansi/{receipt.id}").status_code == 404
        for paper in ("a6", "80"):
            assert browser.post(f"/mykoperasi/kuitansi/{receipt.id}/cetak", {"kertas": paper}).status_code == 404
    for number in (0, 10**18, 10**30):
        assert browser.get(f"/mykoperasi/kuitansi/{number}").status_code == 404


def test_pengurus_see_only_their_own_in_the_member_area(portal: Portal) -> None:
    portal.user("dewi", portal.world.member("Dewi"), {"anggota", "bendahara", "ketua"})
    browser = portal.as_("dewi")
    assert browser.get(f"/mykoperasi/kuitansi/{portal.receipts['Siti'][0].id}").status_code == 404
    assert "Rp 900.000" not in browser.get("/mykoperasi/").text


def test_a_foreign_product_filters_to_nothing(portal: Portal) -> None:
    who = portal.world.other_actors["bendahara"]
    with portal.world.reading(who) as session:
        product_id = products.of_kind(session, who, "voluntary").id
    assert "Tidak ada mutasi" in portal.as_("siti").get(f"/mykoperasi/mutasi?jenis={product_id}").text
