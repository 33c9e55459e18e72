"""One small page placed by hand, for papers of a few lines: text cut to fit, rules, QR codes, a logo."""

import io
import unicodedata

import segno
from fpdf import FPDF

Colour = tuple[int, int, int]
INK: Colour = (22, 35, 31)
LINE: Colour = (213, 222, 216)
_PLAIN_SIGNS = str.maketrans("‘’ʼ“”–—−•…\u00a0", "'''\"\"---*. ")


class Sheet(FPDF):
    """One page, placed by hand, in the built-in fonts (small files, no font parsing)."""

    def __init__(self, width: float, height: float, title: str) -> None:
        super().__init__(unit="mm", format=(width, height))
        self.set_title(title)
        self.set_lang("id")
        self.set_margin(0)
        self.set_auto_page_break(False)
        self.c_margin = 0
        self.add_page()

    def use(self, size: float, style: str, colour: Colour) -> None:
        self.set_font("Helvetica", style, size)
        self.set_text_color(*colour)

    def put(
        self, x: float, y: float, text: str, size: float, style: str = "", colour: Colour = INK, *,
        width: float = 0, align: str = "L", lines: int = 3,
    ) -> float:  # fmt: skip
        """Text from (x, y) in at most `lines` lines, the rest cut with dots; returns where it ends."""
        self.use(size, style, colour)
        step = size * 0.43
        shown = self.fitted(latin(text), width or self.w - x, lines)
        self.set_xy(x, y)
        self.multi_cell(width, step, "\n".join(shown), align=align, new_x="LMARGIN", new_y="NEXT")
        return float(self.get_y())

    def fitted(self, text: str, width: float, lines: int) -> list[str]:
        wrapped = self.multi_cell(width, 1, text, dry_run=True, output="LINES")
        assert isinstance(wrapped, list)
        if len(wrapped) <= lines:
            return wrapped
        last = wrapped[lines - 1]
        while last and self.get_string_width(f"{last}...") > width:
            last = last[:-1]
        return [*wrapped[: lines - 1], f"{last.rstrip()}..."]

    def fill(self, colour: Colour, x: float, y: float, width: float, height: float) -> None:
        self.set_fill_color(*colour)
        self.rect(x, y, width, height, "F")

    def rule(self, y: float, left: float, right: float, *, dashed: bool = False) -> None:
        self.set_draw_color(*(INK if dashed else LINE))
        self.set_line_width(0.2)
        self.set_dash_pattern(dash=1, gap=0.8) if dashed else self.set_dash_pattern()
        self.line(left, y, right, y)
        self.set_dash_pattern()

    def qr(self, text: str, x: float, y: float, side: float) -> None:
        """The code as filled runs of cells: sharp at any size, a few kilobytes."""
        matrix = segno.make(text, error="m").matrix
        cell = side / len(matrix)
        self.set_fill_color(0, 0, 0)
        for row, cells in enumerate(matrix):
            start = 0
            while start < len(cells):
                end = start
                while end < len(cells) and cells[end]:
                    end += 1
                if end > start:
                    self.rect(x + start * cell, y + row * cell, (end - start) * cell, cell, "F")
                start = end + 1

    def logo(self, data: bytes | None, x: float, y: float, side: float) -> float:
        """The logo in a square, when there is one; returns the width it took."""
        if data is None:
            return 0
        self.image(io.BytesIO(data), x, y, side, side, keep_aspect_ratio=True)
        return side + 3


def latin(text: str) -> str:
    """What the built-in fonts can show; other letters become their nearest plain one."""
    plain = text.translate(_PLAIN_SIGNS)
    if plain.isascii():
        return plain
    kept = [
        c if ord(c) < 256 else unicodedata.normalize("NFKD", c).encode("ascii", "ignore").decode() or "?" for c in plain
    ]
    return "".join(kept)
