"""Members: people who say which member they are; the cooperatives that strangers find, and asking to join one."""

from member_portal.views.members import claims, directory, joining  # noqa: F401  each adds its routes
