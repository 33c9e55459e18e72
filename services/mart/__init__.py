"""Kopmart: shops, goods, stock, orders, the till."""
