"""The desk of the platform, one module per noun; and where a cooperative lets the platform look."""

from admin_panel.views.platform import access, coops, subscriptions, support

SCREENS = (*coops.SCREENS, *subscriptions.SCREENS, *access.SCREENS, *support.SCREENS)
