"""Tables: columns, constraints, relationships. No rules, no web framework. Importing this imports all of them."""

from models import access, audit, coops, ledger, members, savings
from models.base import Base

try:
    from models import imports  # type: ignore[attr-defined]
except ImportError:
    imports = None

__all__ = ["Base", "access", "audit", "coops", "imports", "ledger", "members", "savings"]
