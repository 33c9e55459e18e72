"""The directory of cooperatives: who stands in it, what strangers read there, and how a cooperative enters it."""

from dataclasses import dataclass

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import InvalidValue, NotFound
from models.coops import Coop
from models.mart.stores import Store
from models.transaction import Database
from services.audit import trail

PAGE, MOST_PAGES, LONGEST_ABOUT = 24, 200, 3_000
MOST_IN_SITEMAP = 20_000


@dataclass(frozen=True)
class StoreSign:
    """An open shop as the directory names it."""

    slug: str
    name: str
    about: str


@dataclass(frozen=True)
class Listed:
    """A cooperative as it shows itself to strangers; `takes_members` is False while nothing can be written for it."""

    slug: str
    name: str
    city: str
    address: str
    phone: str
    email: str
    legal_no: str
    about: str
    is_demo: bool
    takes_members: bool
    stores: tuple[StoreSign, ...] = ()


@dataclass(frozen=True)
class Found:
    """A page of the directory, numbered from 1."""

    coops: tuple[Listed, ...]
    number: int
    has_next: bool


def find(database: Database, words: str, number: int = 1) -> Found:
    """Listed cooperatives whose name or city holds these words (all of them without any), by name."""
    query, number = _listed(), min(max(number, 1), MOST_PAGES)
    for word in words.split()[:6]:
        holds = (Coop.name.icontains(word, autoescape=True), Coop.city.icontains(word, autoescape=True))
        query = query.where(or_(*holds))
    with database.platform("directory: what strangers see") as session:
        rows = session.scalars(query.order_by(Coop.name, Coop.id).limit(PAGE + 1).offset((number - 1) * PAGE)).all()
        signs = _signs(session, [coop.id for coop in rows[:PAGE]])
        return Found(tuple(_face(coop, signs) for coop in rows[:PAGE]), number, len(rows) > PAGE)


def page(database: Database, slug: str) -> Listed:
    """One listed cooperative. Raises NotFound."""
    with database.platform("directory: what strangers see") as session:
        coop = session.scalars(_listed().where(Coop.slug == slug)).first()
        if coop is None:
            raise NotFound(what="Koperasi")
        return _face(coop, _signs(session, [coop.id]))


def slugs(database: Database) -> list[str]:
    """For machines that index: every listed cooperative."""
    with database.platform("directory: what strangers see") as session:
        rows = session.scalars(_listed().order_by(Coop.slug).limit(MOST_IN_SITEMAP))
        return [coop.slug for coop in rows]


def publish(session: Session, actor: Actor, *, about: str, is_listed: bool, takes_members: bool) -> Coop:
    """Change what the cooperative's public page says, and whether there is one. Raises InvalidValue."""
    actor.must("coop.settings")
    coop = session.get_one(Coop, actor.coop_id)
    if is_listed and not about.strip():
        raise InvalidValue(field="Tentang koperasi", reason="tulis dulu beberapa kalimat, baru tampilkan halamannya.")
    if is_listed and coop.practice_of_id is not None:
        raise InvalidValue(field="Halaman publik", reason="koperasi latihan tidak tampil untuk umum.")
    if takes_members and not is_listed:
        raise InvalidValue(field="Pendaftaran anggota", reason="tampilkan dulu halaman publiknya.")
    after = {"about": about.strip()[:LONGEST_ABOUT], "is_listed": is_listed, "takes_members": takes_members}
    before = {name: getattr(coop, name) for name in after}
    coop.about, coop.is_listed, coop.takes_members = about.strip()[:LONGEST_ABOUT], is_listed, takes_members
    trail.record(session, actor, "coops.publish", f"coop:{coop.id}", before=before, after=after)
    return coop


def _listed() -> Select[Coop]:
    return select(Coop).where(Coop.is_listed, Coop.practice_of_id.is_(None))


def _signs(session: Session, coop_ids: list[int]) -> dict[int, list[StoreSign]]:
    query = select(Store).where(Store.coop_id.in_(coop_ids), Store.is_open).order_by(Store.name, Store.id)
    found: dict[int, list[StoreSign]] = {}
    for store in session.scalars(query):
        found.setdefault(store.coop_id, []).append(StoreSign(store.slug, store.name, store.about))
    return found


def _face(coop: Coop, signs: dict[int, list[StoreSign]]) -> Listed:
    return Listed(
        coop.slug, coop.name, coop.city, coop.address, coop.phone, coop.email, coop.legal_no, coop.about, coop.is_demo,
        coop.takes_members and coop.read_only_since is None, tuple(signs.get(coop.id, ())),
    )  # fmt: skip
