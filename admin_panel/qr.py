"""QR codes as inline SVG: no image request, sharp in print."""

import segno
from markupsafe import Markup


def qr_svg(text: str, scale: int = 3) -> Markup:
    """The code as `<svg>`; an address carries a token, never personal data."""
    code = segno.make(text, error="m")
    # segno writes this markup; the text is only drawn as squares
    return Markup(code.svg_inline(scale=scale, border=2, dark="#000", light="#fff", omitsize=False))  # noqa: S704
