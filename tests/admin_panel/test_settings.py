"""Every setting that keeps the framework safe, held."""

import pytest


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AUTH_TYPE", 1),
        ("AUTH_USER_REGISTRATION", False),
        ("FAB_ADD_SECURITY_VIEWS", False),
        ("FAB_ADD_SECURITY_API", False),
        ("FAB_ADD_MENU_API", False),
        ("FAB_ADD_OPENAPI_VIEWS", False),
        ("FAB_API_SWAGGER_UI", False),
        ("FAB_API_KEY_ENABLED", False),
        ("FAB_API_SHOW_STACKTRACE", False),
        ("FAB_API_ALLOW_JSON_QS", False),
        ("FAB_API_MAX_PAGE_SIZE", 100),
        ("FAB_UPDATE_PERMS", False),
        ("FAB_ALLOW_GET_UNSAFE_MUTATIONS", False),
        ("FAB_ROLES", {}),
        ("SESSION_COOKIE_HTTPONLY", True),
        ("SESSION_COOKIE_SAMESITE", "Lax"),
        ("MAX_CONTENT_LENGTH", 10 * 1024 * 1024),
        ("JWT_TOKEN_LOCATION", ["headers"]),
        ("BABEL_DEFAULT_LOCALE", "id"),
    ],
)
def test_the_framework_is_told(one_app, name, value):
    assert one_app.config[name] == value


def test_tokens_and_cookies_have_secrets_of_their_own(one_app):
    secret, token_secret = one_app.config["SECRET_KEY"], one_app.config["JWT_SECRET_KEY"]
    assert secret != token_secret
    assert min(len(secret), len(token_secret)) >= 32


def test_tokens_are_short_lived(one_app):
    assert one_app.config["JWT_ACCESS_TOKEN_EXPIRES"].total_seconds() == 15 * 60
    assert one_app.config["JWT_REFRESH_TOKEN_EXPIRES"].days == 7


def test_forms_are_guarded_against_forgery(one_app):
    assert "csrf" in one_app.extensions


@pytest.mark.parametrize(
    "path",
    ["/swagger/v1", "/api/v1/_openapi", "/api/v1/security/users/", "/users/list/", "/roles/list/", "/lang/en", "/back"],
)
def test_what_the_framework_would_add_is_not_there(panel, path):
    assert panel.as_("ketua").get(path).status_code == 404


def test_none_of_the_framework_s_tables_exist(panel):
    with panel.world.database.engine.connect() as connection:
        names = connection.dialect.get_table_names(connection)
    assert [name for name in names if name.startswith("ab_")] == []
