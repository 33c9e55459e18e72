"""Personal data: what members ask, their consents, and breaches for the platform."""

from typing import Any

from admin_panel.views.privacy import breaches, consents, requests

SCREENS: tuple[type[Any], ...] = (*requests.SCREENS, *consents.SCREENS, *breaches.SCREENS)
