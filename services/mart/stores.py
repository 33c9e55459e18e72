"""Whose shops are whose: the shops a person sees, and those they work in."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import NotFound
from models.mart.stores import Store, StoreManager

_WORK = ("mart.goods", "mart.stock", "mart.sell", "mart.till")


def mine(session: Session, actor: Actor) -> list[Store]:
    """The shops the actor sees, by name.

    All of them with `mart.every_store`, and for those who only look (pengawas); else the shops that name them.
    """
    actor.must("mart.view")
    query = select(Store).order_by(Store.name, Store.id)
    if not _sees_all(actor):
        query = query.where(Store.id.in_(_named(actor)))
    return list(session.scalars(query))


def get(session: Session, actor: Actor, store_id: int) -> Store:
    """One of the shops the actor sees. Raises NotFound for any other."""
    actor.must("mart.view")
    store = session.get(Store, store_id)
    if store is None or not (_sees_all(actor) or _is_named(session, actor, store.id)):
        raise NotFound(what="Toko")
    return store


def must_keep(session: Session, actor: Actor, store_id: int) -> Store:
    """The shop, for work in it: the actor is one of its managers, or works in every shop. Raises NotFound."""
    store = get(session, actor, store_id)
    if not (actor.may("mart.every_store") or _is_named(session, actor, store.id)):
        raise NotFound(what="Toko")
    return store


def _sees_all(actor: Actor) -> bool:
    return actor.may("mart.every_store") or not any(actor.may(word) for word in _WORK)


def _named(actor: Actor) -> Select[int]:
    return select(StoreManager.store_id).where(StoreManager.user_id == actor.user_id)


def _is_named(session: Session, actor: Actor, store_id: int) -> bool:
    return session.scalars(_named(actor).where(StoreManager.store_id == store_id)).first() is not None
