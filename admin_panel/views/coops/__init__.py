"""The cooperative itself: its profile, its first steps, the place to practise."""

from typing import Any

from admin_panel.views.coops import practice, profile, setup

SCREENS: tuple[type[Any], ...] = (*profile.SCREENS, *setup.SCREENS, *practice.SCREENS)
