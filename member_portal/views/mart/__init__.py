"""Kopmart's storefront; each module adds its routes to the portal."""

from member_portal.views.mart import browse, cart, checkout, feeds, notices, orders, product, reviews, wishes

__all__ = ["browse", "cart", "checkout", "feeds", "notices", "orders", "product", "reviews", "wishes"]
