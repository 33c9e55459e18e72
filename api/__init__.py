"""REST for the mobile app and partners, under /api/v1: routes, document and page are drawn from one table.

Who asks is told by a bearer token of /api/v1/security/login; a cookie is nothing here. Refusals are problem+json.
"""

from flask import Blueprint, Flask


def init(app: Flask) -> None:
    """Put the API into the app (`app.py` calls this once, after the admin panel, whose tokens it reads)."""
    from api.door import view_of
    from api.table import OPERATIONS

    api = Blueprint("api", __name__, url_prefix="/api/v1")
    for operation in OPERATIONS:
        api.add_url_rule(operation.path, operation.name, view_of(operation), methods=[operation.method])
    app.extensions["csrf"].exempt(api)  # a stranger's form cannot send a bearer token
    app.register_blueprint(api)
