"""RajaOngkir (Komerce, version 2): places, what couriers ask for a parcel, where a parcel is.

Places are numbers of its own. The free plan answers 100 questions a day: whoever asks keeps the answers.
"""

import logging
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.money import LIMIT_RP, Rupiah
from services.mart.ports.refusals import CourierDown, CourierQuota, CourierRefused, WaybillUnknown
from services.mart.ports.wire import READ_S, Answer, Silence, Wire, words

MOST_PLACES = 10
HEAVIEST_G = 1_000_000
_SHORTEST_REST_S, _LONGEST_REST_S = 60, 3600
_COURIER = re.compile(r"[a-z0-9_]{2,20}")
log = logging.getLogger("ekopz.services")


@dataclass(frozen=True)
class Place:
    """A place parcels are sent from or to: the service's number, and its name from village to province."""

    id: str
    label: str


@dataclass(frozen=True)
class Option:
    """One way to send a parcel. `etd` is when it arrives, in the courier's words (`1-2 day`, or nothing)."""

    courier: str
    service: str
    description: str
    cost_rp: Rupiah
    etd: str


@dataclass(frozen=True)
class Step:
    """Something a courier wrote down of a parcel, in its own words and its own clock."""

    at: str
    what: str
    where: str = ""


@dataclass(frozen=True)
class Tracking:
    """Where a parcel is; `lines` as the courier orders them."""

    delivered: bool
    status: str
    lines: tuple[Step, ...]


class RajaOngkir:
    """One account's key. After "too many questions" it stays silent for as long as the service wants."""

    def __init__(self, key: str, url: str, *, read_s: float = READ_S) -> None:
        self._wire = Wire(url, headers={"key": key}, read_s=read_s)
        self._rests_until = 0.0

    def __repr__(self) -> str:
        return f"RajaOngkir({self._wire})"

    def places(self, search: str) -> list[Place]:
        """Places whose name goes like `search`, at most ten. Raises CourierDown, CourierQuota, CourierRefused."""
        params = {"search": search.strip()[:60], "limit": MOST_PLACES, "offset": 0}
        rows = self._rows(self._ask("GET", "/destination/domestic-destination", params=params))
        return [place for place in map(_place, rows) if place is not None]

    def costs(self, origin: str, destination: str, weight_g: int, couriers: Sequence[str]) -> list[Option]:
        """What each courier asks, the cheapest first; empty when none goes there. What makes no sense is left out.

        Raises:
            CourierRefused: the service does not take places, weight or couriers. CourierDown, CourierQuota.
        """
        codes = [code for code in couriers if _COURIER.fullmatch(code)]
        if not (codes and origin and destination and 0 < weight_g <= HEAVIEST_G):
            raise CourierRefused()
        form = {
            "origin": origin, "destination": destination, "weight": weight_g, "courier": ":".join(codes),
            "price": "lowest",
        }  # fmt: skip
        rows = self._rows(self._ask("POST", "/calculate/domestic-cost", data=form))
        options = [option for option in map(_option, rows) if option is not None]
        if rows and not options:
            raise CourierDown()
        return sorted(options, key=lambda option: (option.cost_rp, option.courier, option.service))

    def track(self, waybill: str, courier: str, last_phone5: str = "") -> Tracking:
        """Where a parcel is. JNE wants the last five digits of the receiver's phone.

        Raises:
            WaybillUnknown: the courier knows no such number (yet). CourierRefused, CourierDown, CourierQuota.
        """
        params = {"awb": waybill.strip()[:40], "courier": courier}
        if last_phone5:
            params["last_phone_number"] = last_phone5[-5:]
        answer = self._ask("POST", "/track/waybill", params=params)
        if answer.status == 404:
            raise WaybillUnknown(waybill=waybill, courier=courier.upper())
        told = answer.body.get("data")
        if not isinstance(told, dict):
            raise _down(answer)
        return _tracking(told)

    def _ask(self, method: str, path: str, **what: Any) -> Answer:
        """The answer when it is one of 200 or 404, with a JSON object in it; else the refusal it means."""
        if (rest_s := self._rests_until - time.monotonic()) > 0:
            raise CourierQuota(wait_s=int(rest_s) + 1)
        try:
            answer = self._wire.ask(method, path, **what)
        except Silence:
            raise CourierDown() from None
        if answer.status == 429:
            wait_s = min(max(answer.retry_after_s or 0, _SHORTEST_REST_S), _LONGEST_REST_S)
            self._rests_until = time.monotonic() + wait_s
            raise CourierQuota(wait_s=wait_s)
        if answer.status in {400, 422}:
            _down(answer)
            raise CourierRefused()
        if answer.status not in {200, 404} or not isinstance(answer.body, dict):
            raise _down(answer)
        return answer

    def _rows(self, answer: Answer) -> list[Any]:
        rows = answer.body.get("data")
        if answer.status == 404 or rows is None:
            return []
        if not isinstance(rows, list):
            raise _down(answer)
        return rows


def _down(answer: Answer) -> CourierDown:
    meta = answer.body.get("meta") if isinstance(answer.body, dict) else None
    said = meta.get("message") if isinstance(meta, dict) else None
    log.error("rajaongkir answered %s: %s", answer.status, words(said))
    return CourierDown()


def _place(row: Any) -> Place | None:
    if not isinstance(row, dict):
        return None
    number, label = row.get("id"), _said(row.get("label"), 160)
    if isinstance(number, bool) or not isinstance(number, int | str) or not label:
        return None
    return Place(str(number), label) if 0 < len(str(number)) <= 20 else None


def _option(row: Any) -> Option | None:
    """A row, or None for one without a plain price: a courier for nothing would cost the shop."""
    if not isinstance(row, dict):
        return None
    code, service = _said(row.get("code"), 20).lower(), _said(row.get("service"), 30)
    cost_rp = _price(row.get("cost"))
    if not (code and service and cost_rp):
        return None
    return Option(code, service, _said(row.get("description"), 80), cost_rp, _said(row.get("etd"), 20))


def _price(cost: Any) -> Rupiah:
    """A price in whole rupiah; 0 when it is none."""
    if isinstance(cost, float) and cost.is_integer():
        cost = int(cost)
    plain = isinstance(cost, int) and not isinstance(cost, bool) and 0 < cost < LIMIT_RP
    return cost if plain else 0


def _tracking(told: dict[str, Any]) -> Tracking:
    summary, last = _dict(told.get("summary")), _dict(told.get("delivery_status"))
    manifest = told.get("manifest")
    status = _said(summary.get("status"), 60) or _said(last.get("status"), 60)
    rows = manifest[:100] if isinstance(manifest, list) else []
    return Tracking(told.get("delivered") is True, status, tuple(_step(row) for row in rows if isinstance(row, dict)))


def _step(row: dict[str, Any]) -> Step:
    at = f"{_said(row.get('manifest_date'), 20)} {_said(row.get('manifest_time'), 20)}".strip()
    return Step(at, _said(row.get("manifest_description"), 200), _said(row.get("city_name"), 60))


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _said(value: Any, most: int) -> str:
    """A text of the service, fit to be shown: one line, nothing unprintable."""
    if not isinstance(value, str):
        return ""
    return "".join(letter for letter in " ".join(value.split()) if letter.isprintable())[:most]
