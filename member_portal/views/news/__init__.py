"""Kopnews for anybody, and a cooperative's announcements for its members. Each module adds its routes to the portal."""

from member_portal.views.news import announcements, article, browse, feeds, newsletter

__all__ = ["announcements", "article", "browse", "feeds", "newsletter"]
