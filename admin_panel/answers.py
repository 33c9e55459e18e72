"""What a person reads when something is refused or breaks: one sentence and a way on, never a trace."""

import logging
import secrets
from typing import Any

from flask import Flask, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from werkzeug.exceptions import HTTPException

from admin_panel import scope
from core.errors import Refusal
from models.transaction import as_refusal

log = logging.getLogger("ekopz.answers")

SENTENCES = {
    400: ("Permintaan tidak terbaca", "Alamat atau isian ini tidak lengkap atau salah bentuk. Kembali lalu coba lagi."),
    401: ("Masuk dulu", "Halaman ini perlu nama pengguna dan kata sandi."),
    403: ("Tidak berhak", "Anda tidak berhak membuka halaman ini. Minta pengurus yang berwenang."),
    404: ("Tidak ditemukan", "Halaman atau data ini tidak ada. Periksa alamatnya, atau mulai lagi dari beranda."),
    405: ("Cara ini tidak bisa", "Tindakan ini hanya dapat dijalankan dari tombol di halamannya. Kembali lalu coba lagi."),
    408: ("Terlalu lama", "Sambungan terlalu lama. Coba lagi; tidak ada yang tersimpan."),
    413: ("Berkas terlalu besar", "Berkas atau isian ini terlalu besar (paling besar 10 MB). Bagi menjadi beberapa berkas."),
    414: ("Alamat terlalu panjang", "Alamat ini terlalu panjang. Mulai lagi dari beranda."),
    415: ("Jenis isian tidak dikenal", "Jenis isian ini tidak dikenal. Kembali lalu coba lagi."),
    429: ("Terlalu sering", "Terlalu banyak permintaan. Tunggu sebentar lalu coba lagi."),
}
STALE_FORM = "Formulir ini sudah terlalu lama terbuka atau dikirim dari tempat lain. Muat ulang halaman lalu isi lagi; tidak ada yang tersimpan."


def install(app: Flask) -> None:
    """Handlers for refusals, HTTP errors, database trouble and our own mistakes, for pages and for `/api/`."""
    app.register_error_handler(Refusal, _refusal)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OverflowError, _out_of_range)
    app.register_error_handler(UnicodeError, _out_of_range)
    app.register_error_handler(SQLAlchemyError, _database)
    app.register_error_handler(Exception, _mistake)


def _answer(status: int, title: str, sentence: str, code: str, **more: Any) -> ResponseReturnValue:
    if request.path.startswith("/api/"):
        body = jsonify(type=f"/galat/{code}", title=title, status=status, detail=sentence, code=code)
        body.headers["Content-Type"] = "application/problem+json"
        return body, status
    way = ("/kopmin/", "Ke beranda Kopmin") if scope.actor_or_none() else ("/", "Ke halaman depan")
    page = render_template("kopmin/error.html", title=title, sentence=sentence, way_on=way[0], way_label=way[1], **more)
    return page, status


def _refusal(refusal: Refusal) -> ResponseReturnValue:
    title = SENTENCES.get(refusal.status, ("Belum dapat dijalankan", ""))[0]
    answer = _answer(refusal.status, title, refusal.sentence, refusal.code)
    return (*answer, {"Retry-After": "5"}) if refusal.status == 503 else answer  # type: ignore[misc]


def _stale_form(_: CSRFError) -> ResponseReturnValue:
    return _answer(400, "Formulir kedaluwarsa", STALE_FORM, "stale_form")


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if error.response is not None or status < 400:
        return error.get_response()
    if status == 401 and not request.path.startswith("/api/"):
        return redirect(f"/masuk?next={request.path}")
    title, sentence = SENTENCES.get(status, ("Belum dapat dijalankan", "Permintaan ini tidak dapat dijalankan."))
    own = error.description if "description" in vars(error) and status in (400, 404, 413) else None
    return _answer(status, title, own or sentence, f"http_{status}")


def _out_of_range(error: Exception) -> ResponseReturnValue:
    log.warning("out of range at %s: %s", request.path, type(error).__name__)
    return _answer(400, *SENTENCES[400], "http_400")


def _database(error: SQLAlchemyError) -> ResponseReturnValue:
    refusal = as_refusal(error)
    if refusal is not None:
        return _refusal(refusal)
    original = getattr(error, "orig", None)
    if isinstance(error, DBAPIError) and isinstance(original, (OverflowError, UnicodeError)):
        return _out_of_range(error)
    return _mistake(error)


def _mistake(error: Exception) -> ResponseReturnValue:
    """Our own mistake: logged with a number the person can tell us."""
    incident = secrets.token_hex(4).upper()
    log.exception("incident %s at %s %s", incident, request.method, request.path)
    sentence = "Ada kesalahan di pihak kami. Tidak ada yang tersimpan. Coba lagi, dan sebutkan nomor kejadian bila terulang."
    return _answer(500, "Maaf, ada kesalahan", sentence, "incident", incident=incident)
