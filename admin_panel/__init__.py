"""Kopmin: what pengurus, bendahara and pengawas see. Views read, call one service, and answer."""

from flask import Flask


def init(app: Flask) -> None:
    """Put the panel into the app (`app.py` calls this once)."""
    from admin_panel import panel  # importing the framework takes seconds; only the web app pays

    panel.init(app)
