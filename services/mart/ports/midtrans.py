"""Midtrans: a payment begun with Snap, its status asked for, its notices read and believed only when signed.

A notice's signature covers order_id, status_code and gross_amount, not transaction_status: so "paid" is believed with
status_code 200 alone, and who books asks for the status as well.
"""

import base64
import hashlib
import hmac
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

from core.money import LIMIT_RP, Rupiah
from services.mart.ports.refusals import GatewayDown, NoticeForged, NoticeUnreadable, ReferenceUsed
from services.mart.ports.wire import READ_S, Answer, Silence, Wire, parsed, words

MOST_BYTES = 64 * 1024
Outcome = Literal["pending", "paid", "failed", "refunded", "challenged"]
_SIMPLE: dict[str, Outcome] = {
    "pending": "pending",
    "authorize": "pending",
    "deny": "failed",
    "cancel": "failed",
    "expire": "failed",
    "failure": "failed",
    "refund": "refunded",
    "partial_refund": "refunded",
    "chargeback": "refunded",
    "partial_chargeback": "refunded",
}
_REFERENCE = re.compile(r"[A-Za-z0-9._~-]{1,50}")
_AMOUNT = re.compile(r"([0-9]{1,15})(?:\.0{1,2})?")
log = logging.getLogger("ekopz.services")


@dataclass(frozen=True)
class Item:
    """What is paid for; fees are items too, discounts have a negative price."""

    name: str
    price_rp: Rupiah
    quantity: int = 1


@dataclass(frozen=True)
class Buyer:
    """Who pays, as far as they told us."""

    name: str
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Started:
    """A payment that waits: the page on which the buyer chooses how to pay."""

    token: str
    redirect_url: str


@dataclass(frozen=True)
class Notice:
    """What Midtrans says of one payment. `said` is its own word, `method` the way of paying (`gopay`, `qris`, …)."""

    reference: str
    amount_rp: Rupiah
    outcome: Outcome
    said: str
    method: str = ""
    transaction_id: str = ""


class Midtrans:
    """One account at Midtrans. `url` is Snap's, `api_url` that of the status."""

    def __init__(self, key: str, url: str, api_url: str, *, read_s: float = READ_S) -> None:
        self._key, self._secure = key, url.startswith("https://")
        token = _basic(key)
        self._snap = Wire(url, headers={"Authorization": token}, read_s=read_s)
        self._api = Wire(api_url, headers={"Authorization": token}, read_s=read_s)

    def __repr__(self) -> str:
        return f"Midtrans({self._snap}, {self._api})"

    def start(
        self,
        reference: str,
        amount_rp: Rupiah,
        buyer: Buyer,
        items: Sequence[Item] = (),
        *,
        finish_url: str = "",
        minutes: int | None = None,
    ) -> Started:
        """Begin a payment; asked once, never again on its own. `items` sum to the amount; `minutes` until it expires.

        Raises:
            ReferenceUsed: the number is taken there. GatewayDown: anything else, and it may have begun all the same.
        """
        assert _REFERENCE.fullmatch(reference), reference
        assert 0 < amount_rp < LIMIT_RP, amount_rp
        assert not items or sum(item.price_rp * item.quantity for item in items) == amount_rp
        answer = self._ask(
            self._snap, "POST", "/snap/v1/transactions",
            json=_order(reference, amount_rp, buyer, items, finish_url, minutes),
        )  # fmt: skip
        if answer.status == 406 or (answer.status in {400, 409} and _is_taken(answer.body)):
            raise ReferenceUsed(reference=reference)
        body = answer.body if answer.status in {200, 201} else None
        started = _started(body) if isinstance(body, dict) else None
        if started is None or (self._secure and not started.redirect_url.startswith("https://")):
            raise _down(answer)
        return started

    def status(self, reference: str) -> Notice | None:
        """What became of a payment; None while the buyer has not chosen how to pay (or never began).

        Raises:
            GatewayDown: no answer, or one that is not about this payment.
        """
        answer = self._ask(self._api, "GET", f"/v2/{quote(reference, safe='')}/status")
        body = answer.body
        if not isinstance(body, dict) or answer.status not in {200, 201, 202, 404, 407}:
            raise _down(answer)
        if str(body.get("status_code")) == "404":
            return None
        try:
            notice = _notice(body)
        except NoticeUnreadable:
            raise _down(answer) from None
        if notice.reference != reference:
            raise _down(answer)
        return notice

    def signature_of(self, reference: str, status_code: str, gross_amount: str) -> str:
        """The signature Midtrans puts under a notice; `gross_amount` is its text, `100000.00`."""
        return hashlib.sha512(f"{reference}{status_code}{gross_amount}{self._key}".encode()).hexdigest()

    def read_notice(self, body: bytes) -> Notice:
        """The notice in the body of a request.

        Raises:
            NoticeUnreadable: not a notice. NoticeForged: not signed with our key.
        """
        if len(body) > MOST_BYTES:
            raise NoticeUnreadable(reason="terlalu panjang.")
        told = parsed(body)
        if not isinstance(told, dict):
            raise NoticeUnreadable(reason="bukan JSON.")
        signature = self.signature_of(*(_text(told, name) for name in ("order_id", "status_code", "gross_amount")))
        if not hmac.compare_digest(signature.encode(), _text(told, "signature_key").encode()):
            log.warning("midtrans: a notice with a wrong signature")
            raise NoticeForged()
        return _notice(told)

    def _ask(self, wire: Wire, method: str, path: str, **what: Any) -> Answer:
        try:
            return wire.ask(method, path, **what)
        except Silence:
            raise GatewayDown() from None


def _basic(key: str) -> str:
    return "Basic " + base64.b64encode(f"{key}:".encode()).decode()


def _order(
    reference: str, amount_rp: Rupiah, buyer: Buyer, items: Sequence[Item], finish_url: str, minutes: int | None
) -> dict[str, Any]:
    who = {"first_name": buyer.name[:80], "email": buyer.email, "phone": buyer.phone}
    order: dict[str, Any] = {
        "transaction_details": {"order_id": reference, "gross_amount": amount_rp},
        "customer_details": {name: value for name, value in who.items() if value},
        "credit_card": {"secure": True},
    }
    if items:
        order["item_details"] = [
            {"name": item.name[:50], "price": item.price_rp, "quantity": item.quantity} for item in items
        ]
    if finish_url:
        order["callbacks"] = {"finish": finish_url}
    if minutes:
        order["expiry"] = {"unit": "minutes", "duration": minutes}
    return order


def _started(body: dict[str, Any]) -> Started | None:
    token, url = body.get("token"), body.get("redirect_url")
    if not (isinstance(token, str) and isinstance(url, str) and token):
        return None
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= 300
    return Started(token, url) if plain and url.startswith(("https://", "http://")) else None


def _is_taken(body: Any) -> bool:
    said = str(body.get("error_messages", "") if isinstance(body, dict) else "").lower()
    return "order_id" in said and any(word in said for word in ("taken", "used", "utilized", "digunakan"))


def _down(answer: Answer) -> GatewayDown:
    body = answer.body if isinstance(answer.body, dict) else {}
    log.error("midtrans answered %s: %s", answer.status, words(body.get("error_messages", body.get("status_message"))))
    return GatewayDown()


def _notice(told: dict[str, Any]) -> Notice:
    """A notice's content, already known to come from Midtrans. Raises NoticeUnreadable."""
    if told.get("currency", "IDR") != "IDR":
        raise NoticeUnreadable(reason="bukan dalam rupiah.")
    reference = _text(told, "order_id")
    if not _REFERENCE.fullmatch(reference):
        raise NoticeUnreadable(reason="nomor pembayarannya tidak wajar.")
    said = _text(told, "transaction_status")
    return Notice(
        reference=reference,
        amount_rp=_whole(_text(told, "gross_amount")),
        outcome=_outcome(said, told.get("fraud_status"), _text(told, "status_code")),
        said=said,
        method=_maybe(told, "payment_type"),
        transaction_id=_maybe(told, "transaction_id"),
    )


def _outcome(said: str, fraud: object, status_code: str) -> Outcome:
    if said in _SIMPLE:
        return _SIMPLE[said]
    if said not in {"settlement", "capture"}:
        raise NoticeUnreadable(reason="keadaannya tidak dikenal.")
    if fraud == "deny":
        return "failed"
    if fraud == "challenge" or (said == "capture" and fraud != "accept"):
        return "challenged"
    if fraud not in (None, "", "accept") or status_code != "200":
        raise NoticeUnreadable(reason="keadaannya tidak cocok dengan kodenya.")
    return "paid"


def _whole(amount: str) -> Rupiah:
    found = _AMOUNT.fullmatch(amount)
    amount_rp = int(found[1]) if found else 0
    if not 0 < amount_rp < LIMIT_RP:
        raise NoticeUnreadable(reason="jumlahnya bukan rupiah bulat.")
    return amount_rp


def _text(told: dict[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 200 or not value.isprintable():
        raise NoticeUnreadable(reason=f"{name} tidak ada atau tidak wajar.")
    return value


def _maybe(told: dict[str, Any], name: str) -> str:
    value = told.get(name)
    return value[:40] if isinstance(value, str) and value.isprintable() else ""
