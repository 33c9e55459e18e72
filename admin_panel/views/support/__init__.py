"""Help: one's own tickets to eKopz, the pengurus' desk of answers, eKopz' own, and what strangers wrote."""

from typing import Any

from admin_panel.views.support import answers, platform, tickets, visitors

SCREENS: tuple[type[Any], ...] = (
    *tickets.SCREENS,
    *answers.SCREENS,
    *platform.SCREENS,
    *visitors.SCREENS,
)
