"""PostgreSQL row-level security: the last fence, which holds for Core, text SQL and other programs too.

The session says whose rows it works on (`app.coop_id`, for one transaction); without it no tenant row exists. FORCE
makes the fence hold for the tables' owner as well; only a superuser or BYPASSRLS role walks past it, so the
application signs in as neither.
"""

from collections.abc import Iterator

from models.base import Base, BelongsToCoop

SETTING = "app.coop_id"
EVERYONE = "platform"
_HELD = f"current_setting('{SETTING}', true)"
_OWN = f"({_HELD} = '{EVERYONE}' OR coop_id = nullif(nullif({_HELD}, '{EVERYONE}'), '')::bigint)"


def tables() -> list[str]:
    """Names of the tables whose rows belong to one cooperative."""
    found = {m.local_table.name for m in Base.registry.mappers if issubclass(m.class_, BelongsToCoop)}  # type: ignore[attr-defined]
    return sorted(found)


def statements() -> Iterator[str]:
    """The DDL, for PostgreSQL only: other databases have no such fence."""
    for table in tables():
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
        yield f"CREATE POLICY own_rows ON {table} USING {_OWN} WITH CHECK {_OWN}"
