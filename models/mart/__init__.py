"""Kopmart: shops, their goods and stock, campaigns, orders with payments and returns, the till, a shop's balance."""

from models.mart import balance, campaigns, orders, products, selling, stores

__all__ = ["balance", "campaigns", "orders", "products", "selling", "stores"]
