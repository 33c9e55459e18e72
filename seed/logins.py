"""Who signs in to the demo, and with what. Known to everybody on purpose: these cooperatives hold nothing real."""

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select

from models.access import CoopUser, User
from models.coops import Coop
from models.members import Member
from models.transaction import Database
from services.access import registration, sign_in, staff, users
from services.access.registration import Visitor
from services.access.sign_in import actor_in, use_link
from services.members import claims
from services.members.claims import Told

PASSWORD = "gotong royong maju"  # noqa: S105  the demo's, printed on its sign-in page
EMPLOYEES, VILLAGE = "karyawan-contoh", "desa-contoh"
OPERATOR = "operator"
_HERE = "127.0.0.1"


class Login(NamedTuple):
    role: str
    username: str
    password: str


@dataclass(frozen=True)
class Person:
    """A user of a demo cooperative. `member` is the place in its list of members, for those who are one."""

    username: str
    full_name: str
    roles: frozenset[str]
    member: int | None = None


def _person(username: str, full_name: str, roles: str, member: int | None = None) -> Person:
    return Person(username, full_name, frozenset(roles.split()), member)


# by part in the story; `ketua` approves what `bendahara` asks for
PEOPLE: dict[str, dict[str, Person]] = {
    EMPLOYEES: {
        "ketua": _person("pengurus", "Ratna Wulandini", "ketua bendahara anggota", 1),
        "bendahara": _person("bendahara", "Hendra Sasmita", "bendahara anggota", 2),
        "sekretaris": _person("sekretaris", "Yusuf Maulidin", "sekretaris anggota", 3),
        "pengawas": _person("pengawas", "Murniati Saleha", "pengawas anggota", 4),
        "petugas": _person("petugas", "Dewi Kartikasih", "petugas"),
        "pengelola_toko": _person("toko", "Eko Wardoyo", "pengelola_toko"),
        "anggota": _person("anggota", "Maya Puspitarini", "anggota", 5),
    },
    VILLAGE: {
        "ketua": _person("pengurus.desa", "Lalu Suparman", "ketua bendahara anggota", 1),
        "bendahara": _person("bendahara.desa", "Baiq Nurhayani", "bendahara anggota", 2),
        "sekretaris": _person("sekretaris.desa", "Wayan Sudiarta", "sekretaris anggota", 3),
        "pengawas": _person("pengawas.desa", "Haji Mansyurin", "pengawas anggota", 4),
        "petugas": _person("petugas.desa", "Sri Handayanti", "petugas"),
        "anggota": _person("anggota.desa", "Inaq Salmiah", "anggota", 5),
    },
}
# people of the platform: Kopnews' editor and one who writes for it
NEWSROOM = {
    "redaktur": _person("redaktur", "Laras Widyaningrum", ""),
    "penulis": _person("penulis", "Bayu Prasojo", ""),
}
# somebody with a sign-in of their own says they are this member
CLAIMS = {EMPLOYEES: ("tamu", 61), VILLAGE: ("tamu.desa", 25)}
_SHOWN = (("Pengurus", "ketua"), ("Petugas", "petugas"), ("Toko", "pengelola_toko"), ("Anggota", "anggota"))


def demo_logins() -> list[Login]:
    """The ways in to show: board, desk, shop, member, and who writes for and looks after the platform."""
    ways = [Login(label, PEOPLE[EMPLOYEES][part].username, PASSWORD) for label, part in _SHOWN]
    editor = Login("Redaktur", NEWSROOM["redaktur"].username, PASSWORD)
    return [*ways, editor, Login("Operator", OPERATOR, PASSWORD)]


def shown(database: Database) -> list[Login]:
    """What an installation tells whoever comes: the ways in, where it holds demo cooperatives."""
    with database.platform("is this demo data") as session:
        demo = select(Coop.id).where(Coop.is_demo, Coop.practice_of_id.is_(None))
        if session.scalars(demo).first() is None:
            return []
        known = set(session.scalars(select(User.username).where(User.platform_role.is_not(None))))
    platform = {OPERATOR, NEWSROOM["redaktur"].username}
    return [login for login in demo_logins() if login.username not in platform - known]


def give_passwords(database: Database, slug: str) -> None:
    """Let everybody of a demo cooperative who has no password yet set one through a link of their own."""
    names = [person.username for person in PEOPLE[slug].values()]
    with database.platform("demo logins", writes=True) as session:
        coop = session.scalars(select(Coop).where(Coop.slug == slug)).one()
        query = select(User).join(CoopUser, CoopUser.user_id == User.id).where(CoopUser.coop_id == coop.id)
        found = {user.username: user.id for user in session.scalars(query.where(User.password_hash.is_(None)))}
        chair = session.scalars(query.where(User.username == PEOPLE[slug]["ketua"].username)).one().id
        coop_id = coop.id
        session.belong_to(coop_id)
        actor = actor_in(session, chair, coop_id)
        assert actor is not None, slug
        tokens = [users.new_link(session, actor, found[name], database) for name in names if name in found]
    for token in tokens:
        use_link(database, token, PASSWORD)


def appoint_operator(database: Database) -> None:
    """Somebody who looks after the platform the demo runs on, where nobody does yet."""
    with database.platform("demo operator", writes=True) as session:
        query = select(User).where(User.platform_role == staff.OPERATOR).order_by(User.id)
        found = session.scalars(query).first()
        if found is None:
            _, token = staff.appoint(session, username=OPERATOR, full_name="Nita Pengelola")
        else:
            unfinished = found.username == OPERATOR and found.password_hash is None
            token = sign_in.one_time_link(session, found.id) if unfinished else None
    if token is not None:
        use_link(database, token, PASSWORD)


def let_claim(database: Database, slug: str) -> None:
    """A member without a place registers and says who they are; once."""
    username, number = CLAIMS[slug]
    with database.platform("demo claim") as session:
        if session.scalars(select(User.id).where(User.username == username)).first() is not None:
            return
        coop_id = session.scalars(select(Coop.id).where(Coop.slug == slug)).one()
    with database.reading(coop_id) as session:
        member = session.scalars(select(Member).where(Member.number == f"{number:04d}")).one()
    visitor = registration.register(database, Visitor(username, member.name, PASSWORD), ip=_HERE)
    claims.ask(database, visitor.id, coop_id, Told(member.number or "", member.birth_on), ip=_HERE)
