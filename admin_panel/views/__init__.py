"""One module per noun. SCREENS is every screen of the panel."""

from typing import Any

from admin_panel.views import access, audit, coops, imports, ledger, members, reports, savings

SCREENS: tuple[type[Any], ...] = (
    *members.SCREENS,
    *savings.SCREENS,
    *ledger.SCREENS,
    *imports.SCREENS,
    *reports.SCREENS,
    *coops.SCREENS,
    *access.SCREENS,
    *audit.SCREENS,
)
