"""The only wiring: settings -> engine -> Flask (FAB, portal) and Streamlit -> one ASGI app on one port."""

import logging
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

import admin_panel
import member_portal
import web.errors
import web.headers
import web.request
from core import secrets
from core.settings import Settings
from models.transaction import Database

ROOT = Path(__file__).parent
MAX_UPLOAD = 10 * 1024 * 1024


def create_flask(settings: Settings, database: Database) -> Flask:
    """The Flask side: one app, one session cookie, both faces."""
    logging.getLogger("flask_appbuilder").setLevel(logging.ERROR)  # it narrates every column type at start
    secrets.use_key(settings.field_key)
    app = Flask("ekopz", root_path=str(ROOT / "web"), template_folder="templates", static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        JWT_SECRET_KEY=settings.jwt_secret_key,
        JWT_ACCESS_TOKEN_EXPIRES=timedelta(minutes=15),
        JWT_REFRESH_TOKEN_EXPIRES=timedelta(days=7),
        SESSION_COOKIE_NAME="__Host-ekopz" if settings.secure_cookies else "ekopz",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        MAX_CONTENT_LENGTH=MAX_UPLOAD,
        WTF_CSRF_TIME_LIMIT=None,  # a form lives as long as its session
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
    )
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies)
    web.request.init(app, database, settings)
    web.headers.init(app, secure=settings.secure_cookies)
    web.errors.init(app)
    CSRFProtect(app)  # before AppBuilder, which exempts its bearer-token API
    admin_panel.init(app)
    member_portal.init(app)
    return app
