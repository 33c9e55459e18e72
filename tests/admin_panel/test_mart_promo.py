"""Promos, vouchers and a shop's balance in Kopmin: what is typed reaches the services, and nobody else's is there."""

import re
from io import BytesIO

import pytest
from sqlalchemy import select

from models.audit import AuditRecord
from models.coops import Coop
from models.mart.balance import StoreWithdrawal
from models.mart.campaigns import Campaign, CampaignItem
from models.mart.products import ProductVariant
from models.mart.stores import Store
from services.mart import store_bank
from tests.admin_panel.conftest import Office
from tests.admin_panel.story import picture
from tests.mart.story import Shop
from tests.mart.test_payouts import LONG_AGO, approve, ask, earning

HOME = "/kopmin/saldo-toko"


@pytest.fixture
def store(office: Office) -> Shop:
    made = earning(office.panel.world)
    made.known["panel"], made.known["office"] = office.panel, office
    return made


def post(store: Shop, who: object, address: str, **data: object):
    return store.known["panel"].as_(who).post(address, data)


def page(store: Shop, who: object, address: str) -> str:
    answer = store.known["panel"].as_(who).get(address)
    assert answer.status_code == 200, (who, address, answer.status_code)
    return answer.text


def asked(store: Shop) -> StoreWithdrawal:
    with store.world.reading(store.keeper) as session:
        return session.scalars(select(StoreWithdrawal).order_by(StoreWithdrawal.id.desc())).first()


def test_a_balance_is_asked_for_decided_and_paid_with_its_proof(store):
    own = f"{HOME}/{store.store_id}"
    seen = page(store, "pengelola_toko", own)
    for words in ("Rp 142.500", "Pesanan selesai", "(Rp 7.500)", "BRI 00••••12", "Tarik saldo"):
        assert words in seen, words
    form = f"{own}/tarik"
    refused = post(store, "pengelola_toko", form, amount_rp="200.000", token="a")
    assert (refused.status_code, "Rp 142.500, kurang dari Rp 200.000" in refused.text) == (422, True)
    made = post(store, "pengelola_toko", form, amount_rp="100.000", note="Kulakan", token="b")
    assert post(store, "pengelola_toko", form, amount_rp="100.000", note="Kulakan", token="b").location == made.location
    address = made.location
    assert re.search(r"(?s)saldo-toko/.*Penarikan saldo toko.*Rp 100\.000", page(store, "ketua", "/kopmin/"))
    assert "Putuskan" not in page(store, "pengelola_toko", address)
    post(store, "ketua", f"{address}/putuskan", answer="apa")
    assert asked(store).state == "asked"
    post(store, "ketua", f"{address}/putuskan", answer="tolak", reason="")
    assert asked(store).state == "asked"
    post(store, "ketua", f"{address}/putuskan", answer="setuju")
    assert asked(store).state == "approved"
    assert f"{address}/bayar" in page(store, "bendahara", address)
    pay = {"paid_on": "2026-02-10", "account": "bank", "into": "store_cash"}
    assert post(store, "bendahara", f"{address}/bayar", **{**pay, "account": "inventory"}).status_code == 422
    for _ in range(2):
        sent = {**pay, "proof": (BytesIO(picture()), "bukti.png")}
        done = store.known["panel"].as_("bendahara").post(f"{address}/bayar", sent, content_type="multipart/form-data")
        assert done.location == address
    assert (asked(store).state, store.balance()) == ("paid", 42_500)
    shown = store.known["panel"].as_("pengelola_toko").get(f"{address}/bukti")
    assert shown.data.startswith(b"\xff\xd8")
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    sheet = store.known["panel"].as_("pengelola_toko").get(f"{own}/unduh.xlsx")
    assert sheet.data.startswith(b"PK")


def test_who_pays_opens_the_account_s_number_and_leaves_a_trace(store):
    keeper = store.keeper

    def told(session):
        row = session.get_one(Store, store.store_id)
        row.bank_account_cipher = None
        said = {"bank": "BRI", "holder": "Toko Maju", "account": "0012 3456 789"}
        store_bank.change_bank(session, keeper, store.store_id, **said)
        row.bank_changed_at = LONG_AGO

    store.act(keeper, told)
    payout = ask(store)
    approve(store, payout)
    address = f"{HOME}/penarikan/{payout.id}"
    assert "Lihat nomor rekening" in page(store, "bendahara", address)
    assert "00123456789" not in page(store, "bendahara", address)
    assert "00123456789" in post(store, "bendahara", f"{address}/nomor").text
    for who, status in (("ketua", 403), ("pengelola_toko", 403), (store.world.other_actors["bendahara"], 404)):
        assert post(store, who, f"{address}/nomor").status_code == status
    with store.world.reading(store.actors["ketua"]) as session:
        assert session.query(AuditRecord).filter(AuditRecord.action == "mart.unmask_bank").count() == 1


def test_a_request_is_taken_back(store):
    made = post(store, "pengelola_toko", f"{HOME}/{store.store_id}/tarik", amount_rp="1.000", token="c").location
    assert "Batalkan penarikan ini?" in page(store, "pengelola_toko", f"{made}/batalkan")
    post(store, "pengelola_toko", f"{made}/batalkan")
    assert asked(store).state == "cancelled"
    assert store.known["panel"].as_("bendahara").get(f"{made}/bayar").status_code == 409


def test_the_balance_of_another_shop_is_not_there(store):
    made = post(store, "pengelola_toko", f"{HOME}/{store.store_id}/tarik", amount_rp="1.000", token="d").location
    panel, neighbour = store.known["panel"], store.world.other_actors["ketua"]
    for address in (f"{HOME}/{store.store_id}", f"{HOME}/{store.store_id}/unduh.xlsx", made, f"{made}/bukti"):
        assert panel.as_(neighbour).get(address).status_code == 404, address
        assert panel.as_("petugas").get(address).status_code == 403, address
    assert post(store, neighbour, f"{made}/putuskan", answer="setuju").status_code == 404
    assert asked(store).state == "asked"


PROMO = {
    "name": "Diskon gajian", "kind": "discount", "starts": "2026-02-10T08:00", "ends": "2099-02-12T21:00", "about": "",
}  # fmt: skip


def promo_of(store: Shop) -> str:
    made = post(store, "pengelola_toko", "/kopmin/promo/buat", **PROMO, store_id=store.store_id)
    assert made.status_code == 302, made.text
    return made.location


def test_a_promo_is_planned_counted_and_run_without_going_below_cost_unseen(store):
    rice = store.variant("Gula", price_rp=20_000, cost_rp=18_000, member_price_rp=19_000)
    with store.world.reading(store.keeper) as session:
        key = session.get_one(ProductVariant, rice).product_id
    empty = page(store, "pengelola_toko", "/kopmin/promo/")
    assert "Belum ada promo" in empty
    assert "Cuci gudang Toko Maju" in empty
    address = promo_of(store)
    fields = {f"off-{key}": "15%", f"quota-{key}": "5", f"each-{key}": "2"}
    shown = post(store, "pengelola_toko", address, act="hitung", **fields)
    for words in ("Rp 17.000", "(Rp 1.000)", "Di bawah pokok", "rugi Rp 1.000 per buah"):
        assert words in shown.text, words
    with store.world.reading(store.keeper) as session:
        assert session.query(CampaignItem).count() == 0, "counting keeps nothing"
    idle = post(store, "pengelola_toko", address, act="hitung", **{f"off-{key}": "500"})
    assert "Harga anggota tetap" in idle.text
    for odd, words in (("15", "maksudnya 15%"), ("abc", "20% atau 5.000"), ("-5%", ""), ("25.000", "Kecilkan")):
        answer = post(store, "pengelola_toko", address, **{f"off-{key}": odd})
        assert (answer.status_code, words in answer.text) == (422, True), odd
        assert f'value="{odd}"' in answer.text, "what was typed stays"
    assert post(store, "pengelola_toko", address, **fields).location == address
    seen = page(store, "pengawas", address)
    assert "15%" in seen
    assert "<input name=" not in seen
    assert "Berjalan" in page(store, "pengelola_toko", "/kopmin/promo/?keadaan=running")
    assert "Diskon gajian" not in page(store, "pengelola_toko", "/kopmin/promo/?keadaan=over")
    post(store, "pengelola_toko", f"{address}/hentikan")
    assert "Dihentikan" in page(store, "pengelola_toko", address)
    post(store, "ketua", f"{address}/jalankan")
    assert post(store, "pengelola_toko", f"{address}/ubah", **{**PROMO, "name": "Baru"}).location == address
    refused = post(store, "pengelola_toko", f"{address}/ubah", **{**PROMO, "ends": "2026-02-09T08:00"})
    assert (refused.status_code, "harus sesudah mulainya" in refused.text) == (422, True)
    assert post(store, "pengelola_toko", address, **{f"off-{key}": ""}).location == address
    with store.world.reading(store.keeper) as session:
        assert session.query(CampaignItem).count() == 0, "an empty reduction takes it out"


def test_a_promo_s_hours_are_those_of_the_cooperative_s_clock(store):
    with store.world.database.platform("test", writes=True) as session:
        session.get_one(Coop, store.keeper.coop_id).zone = "WITA"
    address = promo_of(store)
    with store.world.reading(store.keeper) as session:
        assert session.scalars(select(Campaign)).one().starts_at.hour == 0, "08.00 WITA"
    assert "10/02/2026 08.00 sampai 12/02/2099 21.00 WITA" in page(store, "pengelola_toko", address)
    assert 'value="2026-02-10T08:00"' in page(store, "pengelola_toko", f"{address}/ubah")


def test_slow_stock_is_proposed_with_one_tap(store):
    store.variant("Payung", pieces=3, cost_rp=60_000)
    made = post(store, "pengelola_toko", f"/kopmin/promo/cuci-gudang/{store.store_id}")
    assert re.fullmatch(r"/kopmin/promo/\d+", made.location)
    assert post(store, "pengelola_toko", f"/kopmin/promo/cuci-gudang/{store.store_id}").location == made.location
    seen = page(store, "pengelola_toko", made.location)
    for words in ("Payung", "20%", "Dihentikan", "Jalankan"):
        assert words in seen, words


def test_vouchers_are_made_changed_and_shown_with_their_use(store):
    said = {
        "name": "Lebaran", "code": "", "off_rp": "10.000", "per_buyer": "1", "audience": "all", "is_active": "y",
        "store_id": store.store_id, "starts": "2026-02-10T00:00", "ends": "2099-01-01T00:00", "quota": "50",
    }  # fmt: skip
    address = "/kopmin/voucher/buat"
    for changes in ({"off_rp": ""}, {"off_pct": "5"}, {"quota": "0"}, {"ends": "x"}, {"code": "a b"}, {"store_id": 0}):
        assert post(store, "pengelola_toko", address, **{**said, **changes}).status_code == 422, changes
    assert post(store, "pengelola_toko", address, **said).location == "/kopmin/voucher/"
    shared = {**said, "store_id": 0, "code": "persen", "off_rp": "", "off_pct": "12,5", "most_rp": "20.000"}
    assert post(store, "ketua", address, **shared).status_code == 302
    seen = page(store, "pengelola_toko", "/kopmin/voucher/")
    for words in ("PERSEN", "12,5% paling banyak Rp 20.000", "Semua toko", "Rp 10.000", "0 dari 50", "Berlaku"):
        assert words in seen, words
    own = re.search(r"/kopmin/voucher/(\d+)", seen)[0]
    assert 'value="10.000"' in page(store, "pengelola_toko", own)
    assert post(store, "pengelola_toko", own, **{**said, "quota": "70", "is_active": ""}).status_code == 302
    assert "Dihentikan" in page(store, "bendahara", "/kopmin/voucher/")


def test_partners_and_points_have_their_pages(store):
    assert post(store, "ketua", "/kopmin/koperasi-mitra/", slug="tak-ada").status_code == 422
    post(store, "ketua", "/kopmin/koperasi-mitra/", slug="tetangga")
    seen = page(store, "ketua", "/kopmin/koperasi-mitra/")
    assert "Koperasi Tetangga Jaya" in seen
    post(store, "ketua", re.search(r"/kopmin/koperasi-mitra/\d+/akhiri", seen)[0])
    assert "Koperasi Tetangga Jaya" not in page(store, "ketua", "/kopmin/koperasi-mitra/")
    assert store.known["panel"].as_("bendahara").get("/kopmin/koperasi-mitra/").status_code == 403
    assert "Poin belum diberikan" in page(store, "pengelola_toko", "/kopmin/poin/")
    member = store.known["siti"].member_id
    assert "Belum ada poin" in page(store, "pengelola_toko", f"/kopmin/poin/{member}")
