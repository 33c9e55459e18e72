"""A table as PDF on A4: letterhead, columns repeated on every page, page numbers, signatures."""

import io
from datetime import datetime

from fpdf import FPDF

from core.display import moment
from reports.shape import Table, TableRow
from reports.sheet import INK, LINE, Colour, latin
from reports.signatures import signatures
from reports.text import shown

_SOFT: Colour = (74, 91, 85)
_BAND: Colour = (238, 244, 240)
_WARN: Colour = (164, 38, 44)
_MARGIN, _STEP, _SIZE, _SMALLEST = 14.0, 4.6, 8.5, 5.0
_LABEL, _TEXT = 42.0, 34.0  # the least a description gets, the most another text takes


def draw_pdf(table: Table, *, logo: bytes | None = None, printed_at: datetime) -> bytes:
    """A4, upright for up to six columns. Signs outside Latin-1 become their nearest plain ones."""
    page = _Page(table, printed_at)
    page.add_page()
    page.letterhead(logo)
    page.column_heads()
    for row in table.rows:
        page.line_of(row)
    page.sentences()
    page.signing(printed_at)
    return bytes(page.output())


class _Page(FPDF):
    def __init__(self, table: Table, printed_at: datetime) -> None:
        places = table.on_paper
        super().__init__(orientation="landscape" if len(places) > 6 else "portrait", unit="mm", format="A4")
        self.drawn, self.places, self.size = table, places, _SIZE
        self.printed = f"Dicetak {moment(printed_at, table.frame.coop.zone)}"
        self.running = latin(f"{table.frame.coop.name} - {table.title} - {table.subtitle}")
        self.set_title(f"{table.title} {table.subtitle}")
        self.set_lang("id")
        self.set_creation_date(printed_at)
        self.alias_nb_pages()
        self.set_margins(_MARGIN, 12, _MARGIN)
        self.set_auto_page_break(False)
        self.c_margin = 1
        self.bottom = self.h - 16
        self.widths = self._widths()

    def _widths(self) -> list[float]:
        """Columns as wide as what stands in them, the description takes the rest; smaller letters where it is none."""
        while True:
            fixed = {p: self._natural(p) for p in self.places if self.drawn.columns[p].key != "label"}
            left = self.epw - sum(fixed.values())
            if left >= _LABEL or self.size <= _SMALLEST:
                return [fixed.get(p, max(left, _LABEL)) for p in self.places]
            self.size -= 0.5

    def _natural(self, place: int) -> float:
        column, rows = self.drawn.columns[place], self.drawn.rows
        longest = sorted({text for row in rows if (text := shown(row.seen(place)))}, key=len)[-3:]
        self.set_font("Helvetica", "B", self.size)
        widest = max(self.get_string_width(latin(text)) for text in [*longest, *column.label.split()])
        return widest + 5 if column.kind != "text" else min(widest + 4, _TEXT)

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font("Helvetica", "", 7)
        self.set_text_color(*_SOFT)
        self.cell(self.epw / 2, 4, self.printed)
        self.cell(0, 4, f"Halaman {self.page_no()} dari {{nb}}", align="R")

    def letterhead(self, logo: bytes | None) -> None:
        head, left, top = self.drawn.frame.coop, _MARGIN, 12.0
        if logo is not None:
            self.image(io.BytesIO(logo), left, top, 16, 16, keep_aspect_ratio=True)
            left += 20
        self.set_xy(left, top)
        self._say(head.name, 13, "B", INK, left)
        for text in (head.legal_no and f"Badan hukum {head.legal_no}", head.address, head.phone):
            if text:
                self._say(text, 8, "", _SOFT, left)
        self.set_y(max(self.get_y(), top + (17 if logo is not None else 0)) + 1.5)
        self.set_draw_color(*INK)
        self.set_line_width(0.5)
        self.line(_MARGIN, self.get_y(), self.w - _MARGIN, self.get_y())
        self.set_y(self.get_y() + 3)
        self._say(self.drawn.title, 13, "B", INK, _MARGIN, align="C")
        self._say(f"{self.drawn.subtitle} (dalam rupiah)", 9.5, "", INK, _MARGIN, align="C")
        self.set_y(self.get_y() + 3)

    def _say(self, text: str, size: float, style: str, colour: Colour, left: float, align: str = "L") -> None:
        self.set_font("Helvetica", style, size)
        self.set_text_color(*colour)
        self.set_x(left)
        self.multi_cell(self.w - _MARGIN - left, size * 0.47, latin(text), align=align, new_x="LMARGIN", new_y="NEXT")

    def column_heads(self) -> None:
        self.set_font("Helvetica", "B", self.size)
        self.set_text_color(*INK)
        heads = [self._wrapped(self.drawn.columns[p].label, w) for p, w in zip(self.places, self.widths, strict=True)]
        height = max(len(lines) for lines in heads) * _STEP + 1.6
        self.set_fill_color(*_BAND)
        self.rect(_MARGIN, self.get_y(), self.epw, height, "F")
        self._cells(heads, height, "B", 0.8)

    def line_of(self, row: TableRow) -> None:
        style = "" if row.kind == "line" else "B"
        self.set_font("Helvetica", style, self.size)
        texts = []
        for place, width in zip(self.places, self.widths, strict=True):
            inset = 3.0 * row.level if self.drawn.columns[place].key == "label" else 0
            texts.append(self._wrapped(shown(row.seen(place)), width - inset))
        height = max(1, *(len(lines) for lines in texts)) * _STEP
        if self.get_y() + height + (_STEP if row.kind == "header" else 0) > self.bottom:
            self._next_page()
        if row.kind == "header" and row.level == 0:
            self.set_y(self.get_y() + 1)
        elif row.kind == "total":
            self._rule_over_money()
        self._cells(texts, height, style, 0, row.level)

    def _cells(self, texts: list[list[str]], height: float, style: str, inset_y: float, level: int = 0) -> None:
        top, left = self.get_y(), _MARGIN
        self.set_font("Helvetica", style, self.size)
        self.set_text_color(*INK)
        for place, width, lines in zip(self.places, self.widths, texts, strict=True):
            column = self.drawn.columns[place]
            inset = 3.0 * level if column.key == "label" else 0
            align = "R" if column.kind in {"money", "count"} else "L"
            for index, text in enumerate(lines):
                if text:
                    self.set_xy(left + inset, top + inset_y + index * _STEP)
                    self.cell(width - inset, _STEP, text, align=align)
            left += width
        self.set_y(top + height)

    def _wrapped(self, text: str, width: float) -> list[str]:
        """At most three lines that fit; a word too long is cut."""
        room = width - 2 * self.c_margin
        text = latin(text)
        if self.get_string_width(text) <= room:
            return [text]
        lines, current = [], ""
        for word in text.split():
            longer = f"{current} {word}".strip()
            if self.get_string_width(longer) <= room:
                current = longer
                continue
            if current:
                lines.append(current)
            while self.get_string_width(word) > room and len(word) > 1:
                keep = next(n for n in range(len(word) - 1, 0, -1) if n == 1 or self.get_string_width(word[:n]) <= room)
                lines.append(word[:keep])
                word = word[keep:]
            current = word
        lines.append(current)
        if len(lines) > 3:
            lines = [*lines[:2], f"{lines[2][:-3]}..."]
        return lines

    def _rule_over_money(self) -> None:
        self.set_draw_color(*LINE)
        self.set_line_width(0.25)
        left = _MARGIN
        for place, width in zip(self.places, self.widths, strict=True):
            if self.drawn.columns[place].kind == "money":
                self.line(left + 1, self.get_y(), left + width - 1, self.get_y())
            left += width

    def _next_page(self) -> None:
        self.add_page()
        self.set_y(10)
        self._say(self.running, 7.5, "", _SOFT, _MARGIN)
        self.set_y(self.get_y() + 2)
        self.column_heads()

    def sentences(self) -> None:
        said = [(text, _SOFT) for text in self.drawn.notes] + [(text, _WARN) for text in self.drawn.broken]
        for text, colour in said:
            if self.get_y() + 10 > self.bottom:
                self._next_page()
            self.set_y(self.get_y() + 1.5)
            self._say(text, 8, "I", colour, _MARGIN)

    def signing(self, printed_at: datetime) -> None:
        block = signatures(self.drawn.frame, printed_at)
        if self.get_y() + 38 > self.bottom:
            self.add_page()
            self.set_y(14)
        top, half = self.get_y() + 8, self.epw / 2
        self.set_font("Helvetica", "", 9)
        self.set_text_color(*INK)
        rows = (
            (top, "", block.place, ""),
            (top + 5, block.left_office, block.right_office, ""),
            (top + 27, block.left_name, block.right_name, "B"),
        )
        for y, left, right, style in rows:
            self.set_font("Helvetica", style, 9)
            self.set_xy(_MARGIN, y)
            self.cell(half, 5, latin(left), align="C")
            self.cell(half, 5, latin(right), align="C")
