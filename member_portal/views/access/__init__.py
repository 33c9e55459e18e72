"""One's own account: coming by a link, the password, the ways to sign in, the second factor, passkeys."""

from member_portal.views.access import account, email, factor, forgotten, keys, ways  # noqa: F401  each adds its routes to the portal
from member_portal.views.access.account import enter as enter
