"""Simpanan berjangka: money kept for a term at a rate fixed when it is placed."""
