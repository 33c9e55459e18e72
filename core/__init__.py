"""Plain Python of the house: money, clock, errors, actor, display, settings. No database, no web."""
