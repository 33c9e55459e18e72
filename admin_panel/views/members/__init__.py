"""Members: the register, applications and exits; people who say which member they are, or ask to become one."""

from typing import Any

from admin_panel.views.members import claims, joining, register

SCREENS: tuple[type[Any], ...] = (*register.SCREENS, *claims.SCREENS, *joining.SCREENS)
