"""Procurement: asked for, quoted, ordered and approved, received, billed, paid; each step once, each in the books."""
