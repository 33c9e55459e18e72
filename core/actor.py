"""Who asks, for which cooperative, with what permissions."""

from dataclasses import dataclass

from core.errors import BooksReadOnly, NotAllowed

NOWHERE = -1
"""The `coop_id` of an actor of the platform: no cooperative's rows exist for them."""


@dataclass(frozen=True)
class Actor:
    """The second argument of every command and query.

    `withheld` is what their roles would allow, were the cooperative's books not read-only.
    """

    user_id: int
    coop_id: int
    permissions: frozenset[str]
    member_id: int | None = None
    name: str = ""
    withheld: frozenset[str] = frozenset()

    def named_in(self, coop_id: int) -> "Actor":
        """Themselves in the trail of a cooperative where they have no rights: somebody of the platform at work."""
        return Actor(self.user_id, coop_id, frozenset(), name=self.name)

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    def must(self, permission: str) -> None:
        """Raises NotAllowed when the actor lacks `permission`, BooksReadOnly when only the books stand in the way."""
        if permission in self.withheld:
            raise BooksReadOnly()
        if permission not in self.permissions:
            raise NotAllowed(permission=permission)
