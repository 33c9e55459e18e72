"""Lines over time or over installments without any chart library, for members' phones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup

from dashboards.look import TOKENS
from dashboards.parts import draw

COLOURS = ("brand", "accent", "info")


@dataclass(frozen=True)
class Line:
    """Values in the order of the marks below."""

    name: str
    values: Sequence[float]


def lines(marks: Sequence[str], rows: Sequence[Line], shown: Callable[[float], str], about: str) -> None:
    """Lines without any chart library: from zero to the highest; the first, the middle and the last mark are named."""
    highest = max((value for row in rows for value in row.values), default=0) or 1
    names = [marks[0], marks[len(marks) // 2], marks[-1]] if len(marks) > 2 else marks
    above, below = (
        Markup().join(Markup("<span>{}</span>").format(text) for text in texts)
        for texts in ((shown(highest), shown(highest / 2), shown(0)), names)
    )
    key = Markup().join(
        Markup('<li class="k-l{}">{}</li>').format(place, row.name) for place, row in enumerate(rows, 1)
    )
    draw(
        Markup(
            '<div class="k-lines-of"><p>{}</p><img alt="{}" src="data:image/svg+xml,{}"><p>{}</p></div>'
            '<ul class="k-key">{}</ul>'
        ).format(above, about, quote(_drawn(rows, highest)), below, key)
    )


def _drawn(rows: Sequence[Line], highest: float) -> str:
    """The lines as a picture of their own: Streamlit lets no drawing through in the page itself."""
    drawn = ""
    for place, row in enumerate(rows):
        step = 1000 / max(len(row.values) - 1, 1)
        points = " ".join(f"{x * step:.0f},{198 - value * 196 / highest:.1f}" for x, value in enumerate(row.values))
        drawn += f'<polyline points="{points}" stroke="{TOKENS[COLOURS[place]]}" stroke-width="3"/>'
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 200" preserveAspectRatio="none" fill="none">'
        f'<style>*{{vector-effect:non-scaling-stroke}}</style><path d="M0 2H1000M0 100H1000M0 198H1000" '
        f'stroke="{TOKENS["line"]}"/>{drawn}</svg>'
    )
