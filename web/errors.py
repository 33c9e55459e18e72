"""Every refusal and every mistake as a plain Indonesian answer: a page, or problem+json under /api. Never a trace."""

import logging
import re
import secrets
from typing import Any

from flask import Flask, Response, g, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, IntegrityError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from core.errors import BooksReadOnly, NotAllowed, Refusal, SignInFirst
from models.transaction import TenantViolation, as_refusal
from services.access.roles import whom_to_ask
from web.request import SAFE, request_sessions

log = logging.getLogger("ekopz.web")
_TITLES = {
    400: "Permintaan tidak terbaca",
    401: "Perlu masuk",
    403: "Tidak berhak",
    404: "Tidak ditemukan",
    405: "Cara ini tidak berlaku di sini",
    409: "Sudah berubah",
    410: "Sudah tidak berlaku",
    413: "Terlalu besar",
    422: "Belum dapat diproses",
    429: "Terlalu sering",
    503: "Sedang sibuk",
    507: "Penyimpanan penuh",
}
_FORM_EXPIRED = "form_expired"
_NAMED = {BooksReadOnly.code: "Buku hanya dapat dibaca", _FORM_EXPIRED: "Belum terkirim"}
_KEEPING = {
    BooksReadOnly.code: "Biarkan halaman ini terbuka. Begitu langganan dibayar, tekan Kirim lagi.",
    SignInFirst.code: "Masuk dulu (terbuka di tab baru), lalu kembali ke sini dan tekan Kirim lagi.",
    _FORM_EXPIRED: "Tekan Kirim lagi untuk mengirimnya.",
}
"""What to do so that what was typed arrives, by the refusal that keeps it."""
_SECRET = re.compile("csrf|pass|sandi|pin|secret")
_DROPPED_BYTES = 64 * 1024 * 1024
_SENTENCES = {
    400: "Alamat atau isian ini tidak dapat dibaca. Kembali, muat ulang halaman, lalu coba lagi.",
    403: "Anda tidak berhak membuka halaman ini. Minta pengurus yang berwenang.",
    404: "Halaman atau data ini tidak ada. Periksa alamatnya atau kembali ke beranda.",
    405: "Tombol atau alamat ini tidak dapat dipakai dengan cara itu. Kembali lalu coba dari halamannya.",
}


def init(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(CSRFError, _form_expired)
    app.register_error_handler(RequestEntityTooLarge, _too_large)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(TenantViolation, lambda _: answer(404, _SENTENCES[404]))
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(Exception, _mistake)


def refused(error: Refusal) -> Any:
    """A refusal as an answer; callers that hold a form show `error.sentence` beside it instead."""
    _roll_back()
    sentence = whom_to_ask(error) if isinstance(error, NotAllowed) else error.sentence
    return answer(error.status, sentence, code=error.code, **_kept(error.code))


def _too_large(_: RequestEntityTooLarge) -> Any:
    """A browser reads an answer only after it has sent everything: what was declared too large is taken and dropped."""
    declared, most = request.content_length or 0, request.max_content_length or 0
    left = min(declared, _DROPPED_BYTES) if declared > most else 0  # refused unread; anything else was read already
    while left > 0 and (chunk := request.environ["wsgi.input"].read(min(left, 64 * 1024))):
        left -= len(chunk)
    return answer(413, "Berkas terlalu besar. Paling besar 10 MB.")


def _form_expired(_: CSRFError) -> Any:
    """The session the form was opened in is over. What another site sent is not offered to be sent again."""
    if not _is_from_here():
        return answer(400, "Isian ini tidak dikirim dari halaman kami. Buka halamannya, lalu isi di sana.")
    who = g.get("signed_in")
    if who is None:
        return answer(401, f"{SignInFirst.pesan} Tidak ada yang tersimpan.", **_kept(SignInFirst.code))
    sentence = f"Halaman ini terbuka sejak sebelum Anda masuk. Sekarang Anda masuk sebagai {who.full_name}."
    return answer(400, sentence, code=_FORM_EXPIRED, **_kept(_FORM_EXPIRED))


def _is_from_here() -> bool:
    """Whether the browser says that one of our pages sent this; older ones name their site only."""
    site = request.headers.get("Sec-Fetch-Site")
    return site == "same-origin" if site else request.headers.get("Origin") == request.host_url.rstrip("/")


def _http(error: HTTPException) -> Any:
    status = error.code or 500
    if status < 400:
        return error
    sentence = _SENTENCES.get(status) or "Permintaan ini tidak dapat dijalankan. Kembali lalu coba lagi."
    return answer(status, sentence)


def _database(error: DBAPIError) -> Any:
    _roll_back()
    refusal = as_refusal(error)
    if refusal is not None:
        return refused(refusal)
    if isinstance(error, IntegrityError):
        log.warning("integrity refused: %s", error.orig)
        return answer(409, "Data ini berbenturan dengan data yang sudah ada. Muat ulang halaman lalu periksa lagi.")
    log.error("database error", exc_info=error)
    return answer(422, "Nilai ini tidak dapat disimpan. Periksa isian lalu coba lagi.")


def _mistake(error: Exception) -> Any:
    _roll_back()
    mark = secrets.token_hex(4)
    log.error("mistake %s at %s %s", mark, request.method, request.path, exc_info=error)
    return answer(500, f"Ada kesalahan di pihak kami dan sudah tercatat (kode {mark}). Tidak ada yang tersimpan.")


def _roll_back() -> None:
    if "actor" in g:
        request_sessions.rollback()


def answer(status: int, sentence: str, *, code: str = "", **more: Any) -> tuple[Response | str, int, dict[str, str]]:
    """One sentence with a status, in the form the caller reads; a page may show `more`."""
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": "5"} if status == 503 else {})
    title = _NAMED.get(code) or _TITLES.get(status, "Belum berhasil")
    if request.path.startswith("/api/"):
        problem = {"type": f"urn:ekopz:{code or status}", "title": title, "status": status, "detail": sentence}
        return jsonify(problem), status, headers | {"Content-Type": "application/problem+json"}
    return render_template("web/answer.html", title=title, sentence=sentence, status=status, **more), status, headers


def _kept(code: str) -> dict[str, Any]:
    """What somebody had filled in when this refusal came between, to be sent again; no secrets."""
    if code not in _KEEPING:
        return {}
    pays = code == BooksReadOnly.code and g.get("actor") is not None and g.actor.may("subscription.pay")
    if request.method in SAFE:  # nothing was sent
        return {"pays": pays}
    typed = [(name, value) for name, value in request.form.items(multi=True) if not _SECRET.search(name)]
    has_files = any(sent.filename for sent in request.files.values())
    return {"typed": typed, "keeping": _KEEPING[code], "has_files": has_files, "pays": pays}
