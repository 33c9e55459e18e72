"""A real browser, and an app on a port of its own for it to visit."""

import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """The system's Chromium, headless, in Indonesian where it knows it, and asking nobody outside."""
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=flags, env={**os.environ, "LANGUAGE": "id"}
        )
        yield browser
        browser.close()


def knows_our_dates(browser: Browser) -> bool:
    """Whether its date fields read day, month, year; Debian's Chromium needs the package chromium-l10n for that."""
    page = browser.new_page()
    page.set_content("<input type=date>")
    page.locator("input").press_sequentially("26112026")
    read = page.locator("input").input_value()
    page.close()
    return read == "2026-11-26"


def token_of_forms(client: FlaskClient) -> str:
    """What the forms of this browser's pages carry, without drawing one of them to read it."""
    with client.session_transaction() as kept:
        raw = kept.setdefault("csrf_token", secrets.token_hex(20))
    return URLSafeTimedSerializer(client.application.secret_key, salt="wtf-csrf-token").dumps(raw)


@contextmanager
def on_a_port(app: Flask) -> Iterator[str]:
    """The address where `app` answers, as long as the block lasts."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
