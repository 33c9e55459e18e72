"""Langganan: what a cooperative sees of it, and the operator's desk."""

from admin_panel.views.subscriptions import desk, offers, operator

SCREENS = (*desk.SCREENS, *operator.SCREENS, *offers.SCREENS)
