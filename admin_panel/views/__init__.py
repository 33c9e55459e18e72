"""One module per noun. SCREENS is every screen of the panel."""

from typing import Any

from admin_panel.views import access, audit, coops, ledger, members, savings

SCREENS: tuple[type[Any], ...] = (
    *members.SCREENS,
    *savings.SCREENS,
    *ledger.SCREENS,
    *coops.SCREENS,
    *access.SCREENS,
    *audit.SCREENS,
)
