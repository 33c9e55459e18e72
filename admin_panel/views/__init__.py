"""One module per noun. SCREENS is every screen of the panel."""

from typing import Any

from admin_panel.views import (
    access,
    audit,
    coops,
    deposits,
    home,
    imports,
    ledger,
    loans,
    mart,
    members,
    news,
    notifications,
    payroll,
    platform,
    procurement,
    reports,
    savings,
    settings,
    subscriptions,
    support,
)

SCREENS: tuple[type[Any], ...] = (
    *members.SCREENS,
    *savings.SCREENS,
    *deposits.SCREENS,
    *loans.SCREENS,
    *mart.SCREENS,
    *payroll.SCREENS,
    *procurement.SCREENS,
    *ledger.SCREENS,
    *imports.SCREENS,
    *reports.SCREENS,
    *coops.SCREENS,
    *settings.SCREENS,
    *subscriptions.SCREENS,
    *access.SCREENS,
    *support.SCREENS,
    *notifications.SCREENS,
    *audit.SCREENS,
    *news.SCREENS,
    *platform.SCREENS,
    *home.SCREENS,
)
