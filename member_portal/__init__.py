"""The public site and MyKoperasi: light pages for members' phones. Everything works without JavaScript."""

from flask import Flask


def init(app: Flask) -> None:
    """Put the portal into the app (`app.py` calls this once, after the admin panel, whose sign-in it uses)."""
    from member_portal import frame
    from member_portal.views import (  # noqa: F401  each adds its routes to the portal
        access,
        deposits,
        home,
        learning,
        loans,
        mart,
        members,
        news,
        notifications,
        privacy,
        reports,
        savings,
        subscriptions,
        support,
    )
    from web import tours

    tours.add(app, frame.HERE / "tours")
    app.jinja_env.filters.update(frame.FILTERS)
    app.register_blueprint(frame.portal)
    for endpoint in (mart.notices.ENDPOINT, notifications.LEAVE, news.newsletter.ANSWER):
        app.extensions["csrf"].exempt(endpoint)  # signed by the service, or known to the letter alone
