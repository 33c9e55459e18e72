"""Users and their roles: one printed table, nobody raises themselves, somebody always manages."""

from pathlib import Path

import pytest

from core.errors import InvalidValue, NotAllowed, NotFound
from models.access import CoopUser, RoleGrant, User
from models.coops import Coop
from services.access import users
from services.access.elsewhere import ElsewhereToo
from services.access.roles import PERMISSIONS, ROLES, permissions_of, roles_of
from services.access.users import LastManager, OwnRoles
from tests.journeys.conftest import employ

DOCS = Path(__file__).parents[2] / "docs" / "roles.md"
MONEY = {
    "savings.teller", "savings.bill", "savings.reverse", "ledger.journal", "ledger.approve", "ledger.opening",
    "ledger.close", "ledger.reopen", "ledger.lock", "imports.run", "savings.products", "ledger.chart",
}  # fmt: skip


def test_the_printed_table_is_the_table():
    lines = [line for line in DOCS.read_text("utf-8").splitlines() if line.startswith("| ")]
    labels = [cell.strip() for cell in lines[0].strip("|").split("|")][2:]
    assert labels == [spec.label for spec in ROLES.values()]
    printed = {}
    for line in lines[1:]:
        word, _, *marks = [cell.strip() for cell in line.strip("|").split("|")]
        printed[word.strip("`")] = {label for label, mark in zip(labels, marks, strict=True) if mark}
    assert printed == {word: set(roles_of(word)) for word in PERMISSIONS}


def test_who_watches_does_not_act():
    assert ROLES["pengawas"].permissions & (MONEY | {"access.manage", "members.decide"}) == set()
    assert all(word.startswith("platform.") for word in ROLES["operator_platform"].permissions)


def test_no_role_both_asks_and_approves():
    for name, spec in ROLES.items():
        assert not {"ledger.journal", "ledger.approve"} <= spec.permissions, name
        assert not {"ledger.journal", "access.manage"} <= spec.permissions, name


def test_a_role_no_longer_known_gives_nothing():
    assert permissions_of({"direktur", "anggota"}) == ROLES["anggota"].permissions


def add(world, username="dewi", roles=frozenset({"petugas"}), who="ketua", **more):
    actor = world.actors[who]
    with world.transaction(actor) as session:
        return users.add(session, actor, username=username, full_name="Dewi", roles=set(roles), **more)[0]


def test_nobody_changes_their_own_roles(world):
    for act in (
        lambda s: users.set_roles(s, world.ketua, world.ketua.user_id, {"ketua", "bendahara"}),
        lambda s: users.set_active(s, world.ketua, world.ketua.user_id, is_active=False),
    ):
        with pytest.raises(OwnRoles), world.transaction(world.ketua) as session:
            act(session)


@pytest.mark.parametrize("who", ["petugas", "bendahara", "sekretaris", "pengawas", "pengelola_toko"])
def test_only_who_manages_users_does(world, who):
    actor = world.actors[who]
    for act in (
        lambda s: users.set_roles(s, actor, world.petugas.user_id, {"ketua"}),
        lambda s: users.add(s, actor, username="dewi", full_name="Dewi", roles={"ketua"}),
        lambda s: users.new_link(s, actor, world.ketua.user_id, world.database),
        lambda s: users.set_active(s, actor, world.petugas.user_id, is_active=False),
        lambda s: users.everyone(s, actor),
    ):
        with pytest.raises(NotAllowed), world.transaction(actor) as session:
            act(session)


@pytest.mark.parametrize("role", ["operator_platform", "redaktur", "Admin", "", "direktur"])
def test_no_cooperative_makes_an_operator_or_a_role_of_its_own(world, role):
    with pytest.raises(InvalidValue, match="tidak ada"):
        add(world, roles={role})
    with pytest.raises(InvalidValue), world.transaction(world.ketua) as session:
        users.set_roles(session, world.ketua, world.petugas.user_id, {role})
    with world.reading() as session:
        held = {g.role for g in session.query(RoleGrant).filter(RoleGrant.user_id == world.petugas.user_id)}
    assert held == {"petugas"}


def test_somebody_always_manages(world):
    second = employ(world, "kedua", {"ketua"})
    managing = [row.user_id for row in everyone(world) if "ketua" in row.roles]
    with world.transaction(second) as session:
        for user_id in managing:
            if user_id != second.user_id:
                users.set_roles(session, second, user_id, {"petugas"})
    with world.database.platform("test", writes=True) as session:
        session.query(RoleGrant).filter(RoleGrant.user_id == second.user_id).delete()
    last = employ(world, "terakhir", {"ketua"})
    with pytest.raises(LastManager), world.transaction(second) as session:
        users.set_roles(session, second, last.user_id, {"petugas"})


def everyone(world) -> list[users.UserRow]:
    with world.reading(world.ketua) as session:
        return users.everyone(session, world.ketua)


def test_the_list_holds_one_s_own_people(world):
    assert {row.username.split(".")[-1] for row in everyone(world)} == {"maju"}


def test_the_people_of_the_neighbour_are_not_there(world):
    theirs = world.other_actors["petugas"].user_id
    for act in (
        lambda s: users.set_roles(s, world.ketua, theirs, {"petugas"}),
        lambda s: users.set_active(s, world.ketua, theirs, is_active=False),
        lambda s: users.new_link(s, world.ketua, theirs, world.database),
    ):
        with pytest.raises(NotFound), world.transaction(world.ketua) as session:
            act(session)


@pytest.mark.parametrize("name", ["", "ab", "dewi siti", "x" * 65, "-dewi", "dewi/..", "дewi"])
def test_a_name_one_cannot_type_is_refused(world, name):
    with pytest.raises(InvalidValue, match="Nama pengguna"):
        add(world, name)


def test_a_taken_name_or_mail_is_refused_in_words(any_world):
    add(any_world, "dewi", email="dewi@contoh.id")
    with pytest.raises(InvalidValue, match="sudah dipakai"):
        add(any_world, " DEWI ")
    with pytest.raises(InvalidValue, match="sudah dipakai"):
        add(any_world, "dewi2", email="Dewi@contoh.id ")
    with any_world.database.platform("test") as session:
        assert session.query(User).filter(User.username.startswith("dewi")).count() == 1


def test_a_member_is_one_user_only(world):
    siti = world.member()
    add(world, "siti", member_id=siti)
    with pytest.raises(InvalidValue, match="anggota"):
        add(world, "siti2", member_id=siti)
    with world.reading(world.other_actors["ketua"]) as session:
        from models.members import Member

        assert session.get(Member, siti) is None
    with pytest.raises(NotFound), world.transaction(world.other_actors["ketua"]) as session:
        users.add(
            session, world.other_actors["ketua"], username="curi", full_name="Curi", roles={"anggota"}, member_id=siti
        )


def test_a_link_for_an_account_that_opens_another_cooperative_is_not_one_ketua_s_to_give(world):
    with world.database.platform("test", writes=True) as session:
        session.add(CoopUser(coop_id=world.other.id, user_id=world.petugas.user_id))
    for user_id, is_ours in ((world.petugas.user_id, False), (world.bendahara.user_id, True)):
        with world.transaction(world.ketua) as session:
            if is_ours:
                assert users.new_link(session, world.ketua, user_id, world.database)
            else:
                with pytest.raises(ElsewhereToo):
                    users.new_link(session, world.ketua, user_id, world.database)


def test_where_somebody_practises_is_no_other_cooperative(world):
    with world.database.platform("test", writes=True) as session:
        session.get_one(Coop, world.other.id).practice_of_id = world.coop.id
        session.add(CoopUser(coop_id=world.other.id, user_id=world.petugas.user_id))
    with world.transaction(world.ketua) as session:
        assert users.new_link(session, world.ketua, world.petugas.user_id, world.database)
