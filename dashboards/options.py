"""How Streamlit runs in our house: set in the process, because the environment is not asked under a foreign server."""

from urllib.parse import urlsplit

from streamlit import config

from core.settings import Settings
from dashboards.look import TOKENS
from dashboards.session import HEADERS

FIXED = {
    "browser.gatherUsageStats": False,
    "client.allowedOrigins": ["https://tidak-ada.invalid"],  # nobody frames and steers us; empty means its makers' list
    "client.disableDataExport": True,  # our own download button gives the report itself
    "client.showErrorDetails": "none",
    "client.showErrorLinks": "false",
    "client.toolbarMode": "minimal",
    "global.developmentMode": False,
    "logger.level": "warning",
    "runner.magicEnabled": False,
    "server.disconnectedSessionTTL": 60,
    "server.enableAgentApi": False,
    "server.enableCORS": True,
    "server.enableStaticServing": False,
    "server.enableXsrfProtection": True,
    "server.fileWatcherType": "none",
    "server.headless": True,
    "server.maxMessageSize": 50,
    "server.maxUploadSize": 1,
    "server.trustedUserHeaders": HEADERS,
    "theme.base": "light",
    "theme.baseFontSize": 16,
    "theme.showWidgetBorder": True,
}
FROM_TOKENS = {
    "primaryColor": "brand",
    "backgroundColor": "paper",
    "secondaryBackgroundColor": "surface",
    "textColor": "ink",
    "linkColor": "brand-deep",
    "borderColor": "line",
    "font": "font",
    "headingFont": "font",
    "baseRadius": "radius",
    "greenColor": "good",
    "greenBackgroundColor": "good-soft",
    "redColor": "bad",
    "redBackgroundColor": "bad-soft",
    "blueColor": "info",
    "blueBackgroundColor": "info-soft",
    "yellowColor": "warn",
    "yellowBackgroundColor": "warn-soft",
}
"""Streamlit's theme option -> the house's token."""


def settle(settings: Settings) -> None:
    """Set every option; called before the Streamlit app is made."""
    chosen = dict(FIXED)
    chosen |= {f"theme.{option}": TOKENS[token].replace('"', "") for option, token in FROM_TOKENS.items()}
    chosen["server.cookieSecret"] = settings.secret_key
    chosen["server.corsAllowedOrigins"] = [settings.public_url]
    chosen["server.allowedHosts"] = _hosts(settings)
    for option, value in chosen.items():
        config.set_option(option, value)


def _hosts(settings: Settings) -> list[str]:
    """As for the rest of the product: any host when none are named."""
    if not settings.trusted_hosts:
        return []
    public = urlsplit(settings.public_url).hostname or ""
    return sorted({f"*{host}" if host.startswith(".") else host for host in (*settings.trusted_hosts, public)})
