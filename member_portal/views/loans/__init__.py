"""A member's loans: the simulator anyone may use, asking for a loan, the page of each, paying by bank."""

from member_portal.views.loans import asking, page, simulator, transfers  # noqa: F401  each adds its routes to the portal
