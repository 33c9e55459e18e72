"""Kopmart: what shops sell, at what price, to whom; orders from the cart to the books."""
