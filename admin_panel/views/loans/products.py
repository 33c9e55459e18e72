"""Placeholder."""

SCREENS: tuple[type, ...] = ()
