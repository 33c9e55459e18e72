"""Puts Kopmin into a Flask app: settings of the framework, its security, the screens."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask_appbuilder import AppBuilder
from flask_wtf.csrf import CSRFProtect

from admin_panel import answers, delivery, look, scope
from admin_panel.menu import Frame
from admin_panel.security import EkopzSecurityManager
from core.settings import Settings
from models.transaction import Database

TRANSLATIONS = Path(__file__).parent / "translations"
LARGEST_UPLOAD = 10 * 1024 * 1024


class Kopmin(AppBuilder):
    """The framework without the views we do not want: language switch, back button, its user and role screens."""

    def _add_admin_views(self) -> None:
        self._indexview = self.add_view_no_menu(self.indexview)
        self.sm.register_views()


def configure(app: Flask, settings: Settings) -> None:
    """Every setting of the framework that matters for safety, in one place."""
    app.config.update(
        APP_NAME="eKopz",
        SECRET_KEY=settings.secret_key,
        JWT_SECRET_KEY=settings.jwt_secret_key,
        JWT_ACCESS_TOKEN_EXPIRES=timedelta(minutes=15),
        JWT_REFRESH_TOKEN_EXPIRES=timedelta(days=7),
        JWT_TOKEN_LOCATION=["headers"],
        AUTH_TYPE=1,
        AUTH_USER_REGISTRATION=False,
        FAB_ADD_SECURITY_VIEWS=False,
        FAB_ADD_SECURITY_API=False,
        FAB_ADD_MENU_API=False,
        FAB_ADD_OPENAPI_VIEWS=False,
        FAB_API_SWAGGER_UI=False,
        FAB_API_KEY_ENABLED=False,
        FAB_API_SHOW_STACKTRACE=False,
        FAB_API_ALLOW_JSON_QS=False,
        FAB_API_MAX_PAGE_SIZE=100,
        FAB_UPDATE_PERMS=False,
        FAB_ALLOW_GET_UNSAFE_MUTATIONS=False,
        FAB_SAFE_REDIRECT_HOSTS=list(settings.trusted_hosts) or ["127.0.0.1:*", "localhost:*"],
        FAB_ROLES={},
        RATELIMIT_ENABLED=False,  # our own limits count failures in the database, for all processes and both paths
        SESSION_COOKIE_NAME="__Host-ekopz" if settings.secure_cookies else "ekopz",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=settings.session_hours * 3600,
        WTF_CSRF_SSL_STRICT=True,
        MAX_CONTENT_LENGTH=LARGEST_UPLOAD,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=2000,
        LANGUAGES={"id": {"flag": "id", "name": "Bahasa Indonesia"}},
        BABEL_DEFAULT_LOCALE="id",
        BABEL_TRANSLATION_DIRECTORIES=str(TRANSLATIONS),
    )
    if settings.trusted_hosts:
        app.config["TRUSTED_HOSTS"] = list(settings.trusted_hosts)


def install(app: Flask, database: Database, settings: Settings) -> AppBuilder:
    """Kopmin in `app`: every screen, its sign-in at `/masuk`, its look, and the answers for refusals."""
    from admin_panel.views import SCREENS
    from admin_panel.views.home import Home

    app.extensions["ekopz_settings"] = settings
    configure(app, settings)
    scope.install(app, database)
    if "csrf" not in app.extensions:
        CSRFProtect(app)
    look.install(app)
    delivery.install(app)
    answers.install(app)
    app.jinja_env.globals["kopmin"] = Frame()
    with app.app_context():
        panel = Kopmin(
            app, scope.framework_session, indexview=Home, security_manager_class=EkopzSecurityManager, update_perms=False
        )
        app.extensions["babel"].locale_selector = _indonesian
        for screen in SCREENS:
            panel.add_view_no_menu(screen)
        _link_related(panel)
    return panel


def _indonesian() -> str:
    return "id"


def _link_related(panel: Any) -> None:
    panel._process_inner_views()
