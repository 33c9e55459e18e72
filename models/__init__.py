"""Tables: columns, constraints, relationships. No rules, no web framework. Importing this imports all of them."""

from models import (
    access,
    audit,
    coops,
    deposits,
    imports,
    ledger,
    loans,
    mart,
    members,
    news,
    notifications,
    payroll,
    privacy,
    procurement,
    savings,
    subscriptions,
    support,
)
from models.base import Base

__all__ = [
    "Base",
    "access",
    "audit",
    "coops",
    "deposits",
    "imports",
    "ledger",
    "loans",
    "mart",
    "members",
    "news",
    "notifications",
    "payroll",
    "privacy",
    "procurement",
    "savings",
    "subscriptions",
    "support",
]
