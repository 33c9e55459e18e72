"""The bank account a shop's balance is paid to: kept encrypted, and never changed unseen."""

import re

from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import now
from core.display import masked
from core.errors import InvalidValue, NotAllowed
from core.secrets import cipher
from models.access import RoleGrant
from models.mart.stores import Store
from services.audit import trail
from services.mart import stores
from services.notifications import texts
from services.notifications.commands import notify


def change_bank(session: Session, actor: Actor, store_id: int, *, bank: str, holder: str, account: str) -> Store:
    """Where the shop's balance is paid to. Its managers and the treasurers are told; the same again tells nobody.

    Raises NotAllowed, InvalidValue, NotFound.
    """
    store = stores.must_keep(session, actor, store_id)
    if not (actor.may("mart.stores") or (actor.may("mart.payout_ask") and stores.is_named(session, actor, store.id))):
        raise NotAllowed(permission="mart.payout_ask")
    bank, holder = " ".join(bank.split())[:60], " ".join(holder.split())[:80]
    plain = re.sub(r"[\s.-]", "", account)
    if not bank or not holder:
        raise InvalidValue(field="Rekening", reason="isi nama bank dan nama pemiliknya.")
    if not re.fullmatch(r"[0-9]{5,20}", plain):
        raise InvalidValue(field="Nomor rekening", reason="isi 5 sampai 20 angka, tanpa huruf.")
    if (store.bank_name, store.bank_holder, _bank_number(store)) == (bank, holder, plain):
        return store
    store.bank_name, store.bank_holder, store.bank_account_masked = bank, holder, masked(plain, 2)
    store.bank_account_cipher = cipher().seal(plain, _place(store))
    store.bank_changed_at = now()
    trail.record(session, actor, "mart.change_bank", f"store:{store.id}", bank=bank, holder=holder,
                 account=store.bank_account_masked)  # fmt: skip
    _tell_of_bank(session, actor, store)
    return store


def _tell_of_bank(session: Session, actor: Actor, store: Store) -> None:
    message = texts.store_bank(store.name, f"{store.bank_name} {store.bank_account_masked}", actor.name, store.id)
    told = [*stores.managers(session, actor, store.id), *stores.people(session, RoleGrant.role == "bendahara")]
    assert store.bank_changed_at is not None
    for user_id in sorted({user.id for user in told}):
        key = f"store-bank:{store.id}:{store.bank_changed_at:%Y%m%dT%H%M%S%f}:{user_id}"
        notify(session, actor.coop_id, key, message, topic="keamanan", user_id=user_id)


def bank_account(session: Session, actor: Actor, store_id: int) -> str:
    """The full number, for whoever pays the shop (kept in the trail); empty when none is kept. Raises NotFound."""
    actor.must("mart.payout")
    store = stores.get(session, actor, store_id)
    trail.record(session, actor, "mart.unmask_bank", f"store:{store.id}")
    return _bank_number(store)


def _bank_number(store: Store) -> str:
    return cipher().open(store.bank_account_cipher, _place(store)) if store.bank_account_cipher else ""


def _place(store: Store) -> str:
    return f"stores|bank_account|{store.coop_id}|{store.id}"
