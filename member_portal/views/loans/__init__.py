"""A member's loans: the simulator anyone may use, asking for a loan, and the page of each."""

from member_portal.views.loans import asking, page, simulator  # noqa: F401  each adds its routes to the portal
