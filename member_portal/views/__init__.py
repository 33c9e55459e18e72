"""One module per noun; each adds its routes to `member_portal.frame.portal`."""
