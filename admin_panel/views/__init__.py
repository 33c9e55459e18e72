"""One module per noun. SCREENS is every screen of the panel."""

from typing import Any

from admin_panel.views import members, savings

SCREENS: tuple[type[Any], ...] = (*members.SCREENS, *savings.SCREENS)
