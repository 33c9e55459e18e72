"""One module per noun. SCREENS is every screen of the panel."""

from typing import Any

from admin_panel.views import members

SCREENS: tuple[type[Any], ...] = (*members.SCREENS,)
