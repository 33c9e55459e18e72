"""Midtrans and RajaOngkir as local servers: they speak the documented protocol, and misbehave on demand."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

KEY = "SB-Mid-server-rahasia-sekali"
SHIPPING_KEY = "kunci-ongkir-rahasia"


@dataclass
class Asked:
    """A request as it came over the wire."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        assert self.headers["content-type"].split(";")[0] == "application/x-www-form-urlencoded"
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass
class Told:
    """What goes back: JSON, or bytes as they are."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Peer:
    """A server with a mood: well, slow, drip, hangup, truncated, one of `_BODIES`, or an HTTP status."""

    answer: Callable[[Asked], Told]
    url: str = ""
    mood: str | int = "well"
    asked: list[Asked] = field(default_factory=list)
    known: dict[str, dict[str, Any]] = field(default_factory=dict)
    slow_s: float = 1.0


@contextmanager
def serving(peer: Peer) -> Iterator[Peer]:
    """The peer on a port of its own."""

    class Handler(_Handler):
        here = peer

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    peer.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield peer
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    here: Peer

    def log_message(self, *_: Any) -> None:
        pass

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        asked = Asked(self.command, unquote(parts.path), query, {k.lower(): v for k, v in self.headers.items()}, body)
        self.here.asked.append(asked)
        with suppress(OSError):  # the caller went away, as it should
            self._misbehave(asked)

    do_GET = do_POST = _serve

    def _misbehave(self, asked: Asked) -> None:
        mood = self.here.mood
        if isinstance(mood, int):
            self._send(Told(mood, {"error_messages": ["no"], "meta": {"message": "no", "code": mood}}))
        elif mood == "hangup":
            self.connection.close()
        elif mood == "truncated":
            self._send(Told(200, b'{"token": "abc", "dat'), length=4000)
        elif mood == "cut_json":
            self._send(Told(200, b'{"token": "abc", "dat'))
        elif mood == "drip":
            self._drip()
        elif mood in _BODIES:
            self._send(_BODIES[mood])
        else:
            if mood == "slow":
                time.sleep(self.here.slow_s)
            self._send(self.here.answer(asked))
            if mood == "effect_then_hangup":
                self.connection.close()

    def _send(self, told: Told, length: int | None = None) -> None:
        body = told.body if isinstance(told.body, bytes) else json.dumps(told.body).encode()
        if self.here.mood == "effect_then_hangup":
            return
        self.send_response(told.status)
        for name, value in {"Content-Type": "application/json", **told.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def _drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(200):
            self.wfile.write(b" ")
            self.wfile.flush()
            time.sleep(0.05)


_BODIES: dict[str | int, Told] = {
    "garbage": Told(200, b"\xff\xfe\x00 nothing"),
    "html": Told(200, b"<html><body>Login hotspot</body></html>", {"Content-Type": "text/html"}),
    "empty": Told(200, b""),
    "list": Told(200, [1, 2, 3]),
    "number": Told(200, 5),
    "huge": Told(200, b'{"token": "' + b"x" * 1_500_000 + b'"}'),
    "deep": Told(200, b"[" * 100_000),
    "redirect": Told(302, b"", {"Location": "http://127.0.0.1:9/"}),
    "bad_gzip": Told(200, b"not zipped", {"Content-Encoding": "gzip"}),
}


def midtrans() -> Peer:
    """Snap and the status of payments. `known` holds payments by order_id, as the status tells them."""
    peer = Peer(lambda asked: _midtrans(peer, asked))
    return peer


def _midtrans(peer: Peer, asked: Asked) -> Told:
    wanted = "Basic " + base64.b64encode(f"{KEY}:".encode()).decode()
    if asked.headers.get("authorization") != wanted:
        said = "Access denied due to unauthorized transaction, please check client or server key"
        return Told(401, {"error_messages": [said], "status_code": "401", "status_message": said})
    if (asked.method, asked.path) == ("POST", "/snap/v1/transactions"):
        return _snap(peer, json.loads(asked.body))
    reference = asked.path.removeprefix("/v2/").removesuffix("/status")
    if reference not in peer.known or not peer.known[reference]:
        return Told(200, {"status_code": "404", "status_message": "Transaction doesn't exist.", "id": "x"})
    return Told(200, peer.known[reference])


def _snap(peer: Peer, order: dict[str, Any]) -> Told:
    details = order.get("transaction_details", {})
    reference, gross = details.get("order_id"), details.get("gross_amount")
    if not reference or not isinstance(gross, int) or gross < 1:
        return Told(400, {"error_messages": ["transaction_details.gross_amount is required"]})
    items = order.get("item_details")
    if items is not None and sum(item["price"] * item["quantity"] for item in items) != gross:
        return Told(
            400, {"error_messages": ["transaction_details.gross_amount is not equal to the sum of item_details"]}
        )
    if reference in peer.known:
        return Told(406, {"error_messages": ["order_id has been paid and utilized, please use another order ID"]})
    peer.known[reference] = {}
    return Told(201, {"token": f"t-{reference}", "redirect_url": f"{peer.url}/snap/v4/redirection/t-{reference}"})


CODES = {"pending": "201", "deny": "202", "expire": "407", "cancel": "200"}


def notice(reference: str, amount_rp: int, status: str = "settlement", key: str = KEY, **more: Any) -> dict[str, Any]:
    """A notice as Midtrans sends it, signed; `more` overrides fields after signing."""
    code, gross = more.pop("status_code", CODES.get(status, "200")), more.pop("gross_amount", f"{amount_rp}.00")
    signature = hashlib.sha512(f"{reference}{code}{gross}{key}".encode()).hexdigest()
    told = {
        "order_id": reference, "status_code": code, "gross_amount": gross, "signature_key": signature,
        "transaction_status": status, "transaction_id": "9aed5972-5b6a-401e-894b-a32c91ed1a3a",
        "transaction_time": "2026-03-05 14:05:00", "payment_type": "qris", "fraud_status": "accept",
        "status_message": "midtrans payment notification", "merchant_id": "G1", "currency": "IDR",
    }  # fmt: skip
    return told | more


def rajaongkir(daily: int | None = None) -> Peer:
    """Places, costs and waybills; `daily` questions are answered, then 429."""
    peer = Peer(lambda asked: _rajaongkir(peer, asked, daily))
    return peer


def _meta(message: str, code: int, data: Any = None) -> Told:
    status = "success" if code == 200 else "error"
    return Told(code, {"meta": {"message": message, "code": code, "status": status}, "data": data})


PLACES = [
    {"id": 31555, "label": "TEGALSARI, TEGAL BARAT, TEGAL, JAWA TENGAH, 52111", "city_name": "TEGAL"},
    {"id": 17737, "label": "KEBON JERUK, KEBON JERUK, JAKARTA BARAT, DKI JAKARTA, 11530", "city_name": "JAKARTA BARAT"},
]
TARIFF = {"jne": (("REG", "Layanan Reguler", 12_000, "2 day"), ("YES", "Yakin Esok Sampai", 24_000, "1 day"))}
TARIFF["sicepat"] = (("REG", "Reguler", 11_500, "1-2 day"),)


def _rajaongkir(peer: Peer, asked: Asked, daily: int | None) -> Told:
    if asked.headers.get("key") != SHIPPING_KEY:
        return _meta("Invalid Api key, key not found", 401)
    if daily is not None and len(peer.asked) > daily:
        told = _meta("Daily limit exceeded", 429)
        return Told(429, told.body, {"Retry-After": "600"})
    path = asked.path.removeprefix("/api/v1")
    if (asked.method, path) == ("GET", "/destination/domestic-destination"):
        found = [place for place in PLACES if asked.query.get("search", "").upper() in str(place["label"])]
        return _meta("Success", 200, found) if found else _meta("Data not found", 404)
    if (asked.method, path) == ("POST", "/calculate/domestic-cost"):
        return _costs(asked.form)
    if (asked.method, path) == ("POST", "/track/waybill"):
        return _waybill(asked.query)
    return _meta("Not found", 404)


def _costs(form: dict[str, str]) -> Told:
    weight = form.get("weight", "")
    if not weight.isdigit() or not form.get("origin", "").isdigit() or not form.get("destination", "").isdigit():
        return _meta("origin, destination and weight are required", 400)
    kilos = -(-int(weight) // 1000)
    rows = [
        {
            "name": code.upper(),
            "code": code,
            "service": service,
            "description": about,
            "cost": fee_rp * kilos,
            "etd": etd,
        }
        for code in form["courier"].split(":")
        for service, about, fee_rp, etd in TARIFF.get(code, ())
    ]
    return _meta("Success Calculate Domestic Shipping cost", 200, rows)


def _waybill(query: dict[str, str]) -> Told:
    if query.get("awb") != "JNE123" or query.get("courier") != "jne":
        return _meta("Invalid Waybill", 404)
    if query.get("last_phone_number") != "67890":
        return _meta("last_phone_number is required for JNE", 400)
    steps = [("2026-03-05", "10:01", "Shipment received", "TEGAL"), ("2026-03-06", "15:20", "Delivered", "JAKARTA")]
    told = {
        "delivered": True,
        "summary": {"waybill_number": "JNE123", "courier_code": "jne", "status": "DELIVERED"},
        "delivery_status": {"status": "DELIVERED", "pod_receiver": "SITI"},
        "manifest": [
            {"manifest_date": day, "manifest_time": at, "manifest_description": what, "city_name": city}
            for day, at, what, city in steps
        ],
    }
    return _meta("Success Get Waybill", 200, told)
