"""Members: the register, applications and exits; people with a sign-in who say which member they are."""

from typing import Any

from admin_panel.views.members import claims, register

SCREENS: tuple[type[Any], ...] = (*register.SCREENS, *claims.SCREENS)
