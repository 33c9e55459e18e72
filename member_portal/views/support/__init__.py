"""Help: the handbook, a member's tickets, the form for strangers, what is new and what comes."""

from member_portal.views.support import changes, handbook, tickets, visitors  # noqa: F401  each adds its routes to the portal
