"""What a plan allows: refused with the way on, nothing lost; and what rests while books are read-only."""

from datetime import date
from decimal import Decimal

import pytest

from core.clock import now
from models.access import CoopUser, RoleGrant
from models.coops import Coop
from models.members import Member
from models.savings import InterestRun, SavingsProduct
from services.access import limits, users
from services.access.limits import LimitReached
from services.jobs import daily, lapsed
from services.mart import expiry, stores
from services.mart.refusals import StorePaused
from services.members import commands as members
from services.savings import products
from tests.imports.conftest import look, told
from tests.loans import story
from tests.mart.story import later, shop


def allow(world, **held):
    with world.database.platform("test", writes=True) as session:
        session.get(Coop, world.coop.id).limits = held


def close(world, *, closed=True):
    with world.database.platform("test", writes=True) as session:
        session.get(Coop, world.coop.id).read_only_since = now() if closed else None


def test_the_member_who_does_not_fit_waits(world):
    allow(world, members=1)
    world.member()
    with pytest.raises(LimitReached, match=r"memuat 1 anggota; 1 sudah dipakai.*Pengaturan, Langganan"):
        world.member("Joko Menunggu")
    with world.reading() as session:
        assert session.query(Member.state).filter(Member.name == "Joko Menunggu").scalar() == "applied"
    allow(world, members=2)
    with world.transaction(world.ketua) as session:
        waiting = session.query(Member).filter(Member.state == "applied").one()
        members.approve(session, world.ketua, waiting.id, joined_on=date(2026, 1, 9))


def test_the_neighbours_members_take_no_room(world):
    allow(world, members=1)
    with world.transaction(world.other_actors["petugas"]) as session:
        who = world.other_actors["petugas"]
        applied = members.apply(session, who, members.PersonData(name="Tetangga"), applied_on=date(2026, 1, 5))
    with world.transaction(world.other_actors["ketua"]) as session:
        members.approve(session, world.other_actors["ketua"], applied.id, joined_on=date(2026, 1, 5))
    world.member()


def test_users_are_those_who_work_here(world):
    with world.reading() as session:
        working = limits.used(session, "users")
    allow(world, users=working)
    member_id = world.member()

    def add(name, roles, member_id=None):
        with world.transaction(world.ketua) as session:
            made, _ = users.add(
                session, world.ketua, username=name, full_name=name.title(), roles=roles, member_id=member_id
            )
            return made.id

    siti = add("siti", {"anggota"}, member_id)
    with pytest.raises(LimitReached):
        add("baru", {"petugas"})
    with pytest.raises(LimitReached), world.transaction(world.ketua) as session:
        users.set_roles(session, world.ketua, siti, {"anggota", "petugas"})
    with world.transaction(world.ketua) as session:  # who works here already takes no more room
        users.set_roles(session, world.ketua, world.petugas.user_id, {"petugas", "sekretaris"})
        users.set_active(session, world.ketua, world.petugas.user_id, is_active=False)
        users.set_roles(session, world.ketua, siti, {"anggota", "petugas"})
    with pytest.raises(LimitReached), world.transaction(world.ketua) as session:
        users.set_active(session, world.ketua, world.petugas.user_id, is_active=True)
    with world.reading() as session:
        assert session.query(RoleGrant).filter(RoleGrant.user_id == siti).count() == 2
        place = session.query(CoopUser).filter(CoopUser.user_id == world.petugas.user_id).one()
        assert not place.is_active


def test_a_second_shop_needs_room(world):
    shop(world)
    allow(world, stores=1)
    with pytest.raises(LimitReached, match="memuat 1 toko"), world.transaction(world.ketua) as session:
        stores.open_store(session, world.ketua, stores.Shop("Kedua"), unit_id=1, slug="kedua")


def test_read_only_shops_take_no_new_order_and_keep_those_under_way(world):
    store = shop(world)
    rice, buyer = store.variant(), store.stranger()
    order = store.place(buyer, (rice, 1))
    close(world)
    with pytest.raises(StorePaused, match="tidak menerima pesanan baru"):
        store.place(buyer, (rice, 1))
    assert store.now(order).state == "unpaid"
    assert lapsed.due(world.database) == []
    close(world, closed=False)
    with world.transaction(store.keeper) as session:
        assert len(expiry.expire(session, store.keeper, later(60 * 24 * 3))) == 1


def interest_runs(world):
    with world.reading() as session:
        return session.query(InterestRun).count()


def test_the_nights_work_rests_and_catches_up(world):
    story.saver(world, saved_rp=36_500_000)
    with world.transaction() as session:
        product = session.get_one(SavingsProduct, world.product("voluntary"))
        products.save(
            session, world.bendahara, code=product.code, name=product.name, kind=product.kind,
            account_id=product.account_id, product_id=product.id, interest_method="daily", interest_pct=Decimal(6),
            interest_from=date(2026, 1, 1),
        )  # fmt: skip
    before = interest_runs(world)
    close(world)
    lines = daily.run(world.database, date(2026, 3, 2))
    assert [line for line in lines if line.startswith("maju")] == ["maju: semua buku benar."]
    assert interest_runs(world) == before
    close(world, closed=False)
    daily.run(world.database, date(2026, 3, 2))
    assert interest_runs(world) > before


def test_an_import_says_it_before_anything_is_booked(world, tmp_path):
    path = tmp_path / "anggota.csv"
    path.write_text("No Anggota,Nama,Tanggal Masuk\n0001,Siti Aminah,05/01/2026\n0002,Joko Susilo,05/01/2026\n")
    assert told(look(world, "members", path)) == []
    allow(world, members=1)
    (said,) = told(look(world, "members", path))
    assert "berisi 2 anggota baru, paket langganan hanya memuat 1 lagi" in said
    with world.reading() as session:
        assert session.query(Member).count() == 0
