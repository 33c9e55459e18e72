"""Kopnews' desks for people of the platform, and a cooperative's announcements."""

from typing import Any

from admin_panel.views.news import announcements, articles, comments, letters, pictures

SCREENS: tuple[type[Any], ...] = (
    *articles.SCREENS, *pictures.SCREENS, *comments.SCREENS, *letters.SCREENS, *announcements.SCREENS,
)  # fmt: skip
