"""Who asks, for which cooperative, with what permissions."""

from dataclasses import dataclass

from core.errors import NotAllowed


@dataclass(frozen=True)
class Actor:
    """The second argument of every command and query."""

    user_id: int
    coop_id: int
    permissions: frozenset[str]
    member_id: int | None = None
    name: str = ""

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    def must(self, permission: str) -> None:
        """Raises NotAllowed when the actor lacks `permission`."""
        if permission not in self.permissions:
            raise NotAllowed(permission=permission)
