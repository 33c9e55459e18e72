"""`buying`: a world whose shop buys."""

from tests.procurement.story import buying

__all__ = ["buying"]
