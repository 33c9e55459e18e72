"""The one way in: reads what an operation of the table names, knows who asks, answers JSON."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, g, jsonify, request
from flask_jwt_extended import verify_jwt_in_request

from api.fields import Field, as_json, read_all
from core.actor import Actor
from core.errors import Refusal
from web.body import sent_object

_KEY = re.compile(r"[A-Za-z0-9_.:-]{8,80}")


class NoMembership(Refusal):
    code = "api.no_membership"
    pesan = "Pengguna ini belum terhubung dengan data anggota. Minta pengurus menghubungkannya di Kopmin."
    status = 403


class KeyMissing(Refusal):
    code = "api.key_missing"
    pesan = "Sertakan kepala Idempotency-Key: 8 sampai 80 huruf, angka, atau tanda _ . : - yang baru tiap permintaan."
    status = 400


class KeyReused(Refusal):
    code = "api.key_reused"
    pesan = "Idempotency-Key ini sudah dipakai untuk isi lain. Pakai kunci baru untuk permintaan baru."
    status = 409


@dataclass(frozen=True)
class Operation:
    """One address and method. `answer` gets every value by name, and `key` where `is_once` asks for one."""

    method: str
    path: str
    name: str
    about: str
    answer: Callable[..., Any]
    returns: str
    query: tuple[Field, ...] = ()
    body: tuple[Field, ...] = ()
    is_public: bool = False
    is_once: bool = False

    @property
    def status(self) -> int:
        return 201 if self.method == "POST" else 200


def view_of(operation: Operation) -> Callable[..., Response]:
    """The handler of an operation's route."""

    def view(**in_path: Any) -> Response:
        if not operation.is_public:
            verify_jwt_in_request()
        single = {name: values[-1] for name, values in request.args.lists()}
        values = read_all(operation.query, single, is_text=True)
        if operation.method == "POST":
            values |= read_all(operation.body, sent_object(), is_text=False)
        if operation.is_once:
            values["key"] = _key()
        response = jsonify(as_json(operation.answer(**in_path, **values)))
        response.status_code = operation.status
        if not operation.is_public:
            response.headers["Cache-Control"] = "no-store"
        return response

    return view


def _key() -> str:
    """The caller's key. Raises KeyMissing."""
    key = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        raise KeyMissing()
    return key


def me() -> tuple[Actor, int]:
    """Who asks, with a member's own rights only, and their member id. Raises NoMembership."""
    who: Actor | None = g.get("actor")
    if who is None or who.member_id is None:
        raise NoMembership()
    own = who.permissions & {"own.view", "own.ask"}
    return Actor(who.user_id, who.coop_id, own, who.member_id, who.name), who.member_id
