"""Kopnews: articles for anybody, what their readers say, the newsletter; and announcements of a cooperative."""
