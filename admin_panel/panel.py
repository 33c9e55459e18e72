"""Puts Kopmin into the Flask app: settings of the framework, its security, the screens."""

from pathlib import Path

from flask import Flask
from flask_appbuilder import AppBuilder

from admin_panel import delivery, guard, look, scope
from admin_panel.menu import Frame
from admin_panel.security import EkopzSecurityManager
from admin_panel.views import SCREENS
from admin_panel.views.home import Home
from web import tours

TRANSLATIONS = Path(__file__).parent / "translations"
SETTINGS = {
    "APP_NAME": "eKopz",
    "AUTH_TYPE": 1,
    "AUTH_USER_REGISTRATION": False,
    "FAB_ADD_SECURITY_VIEWS": False,
    "FAB_ADD_SECURITY_API": False,
    "FAB_ADD_MENU_API": False,
    "FAB_ADD_OPENAPI_VIEWS": False,
    "FAB_API_SWAGGER_UI": False,
    "FAB_API_KEY_ENABLED": False,
    "FAB_API_SHOW_STACKTRACE": False,
    "FAB_API_ALLOW_JSON_QS": False,
    "FAB_API_MAX_PAGE_SIZE": 100,
    "FAB_UPDATE_PERMS": False,
    "FAB_ALLOW_GET_UNSAFE_MUTATIONS": False,
    "FAB_ROLES": {},
    "RATELIMIT_ENABLED": False,  # our own limits count in the database, for all processes and both ways to sign in
    "JWT_TOKEN_LOCATION": ["headers"],
    "SESSION_REFRESH_EACH_REQUEST": False,
    "WTF_CSRF_SSL_STRICT": True,
    "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
    "MAX_FORM_PARTS": 2000,
    "LANGUAGES": {"id": {"flag": "id", "name": "Bahasa Indonesia"}},
    "BABEL_DEFAULT_LOCALE": "id",
    "BABEL_TRANSLATION_DIRECTORIES": str(TRANSLATIONS),
}
"""What the framework is told; tests hold each line that matters for safety."""


class Kopmin(AppBuilder):
    """The framework without the views we do not want: language switch, back button, its user and role screens."""

    def _add_admin_views(self) -> None:
        self._indexview = self.add_view_no_menu(self.indexview)
        self.sm.register_views()


def init(app: Flask) -> AppBuilder:
    """Kopmin in `app`: every screen, sign-in at `/masuk`, the look. Needs `web.request` and CSRF protection before."""
    app.config.update(SETTINGS)
    hosts = app.config.get("TRUSTED_HOSTS")
    app.config["FAB_SAFE_REDIRECT_HOSTS"] = list(hosts) if hosts else ["127.0.0.1:*", "localhost:*"]
    look.install(app)
    delivery.install(app)
    tours.add(app, Path(__file__).parent / "tours")
    guard.install(app)
    app.jinja_env.globals["kopmin"] = Frame()
    with app.app_context():
        panel = Kopmin(
            app, scope.request_sessions, indexview=Home, security_manager_class=EkopzSecurityManager, update_perms=False
        )
        app.extensions["babel"].locale_selector = _indonesian
        for screen in SCREENS:
            panel.add_view_no_menu(screen)
    return panel


def _indonesian() -> str:
    return "id"
