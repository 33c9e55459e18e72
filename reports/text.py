"""A table as plain text, aligned for a terminal."""

from datetime import date

from core.display import date_short, number
from reports.shape import Cell, Table, TableRow


def draw_text(table: Table) -> str:
    """Letterhead, title, period, columns; what does not add up at the end."""
    places = table.on_paper
    grid = [[_cell(row, place, table) for place in places] for row in table.rows]
    headings = [table.columns[place].label for place in places]
    widths = [max(len(line[i]) for line in [headings, *grid]) for i in range(len(places))]
    right = [table.columns[place].kind in {"money", "count"} for place in places]

    def line(cells: list[str]) -> str:
        parts = [c.rjust(w) if r else c.ljust(w) for c, w, r in zip(cells, widths, right, strict=True)]
        return "  ".join(parts).rstrip()

    wide = sum(widths) + 2 * (len(widths) - 1)
    out = [table.frame.coop.name, table.title, table.subtitle, "", line(headings), "-" * wide]
    for row, cells in zip(table.rows, grid, strict=True):
        if row.kind == "total" and row.level == 0:
            rule = ["-" * w if r else "" for w, r in zip(widths, right, strict=True)]
            out.append(line(rule))
        out.append(line(cells))
    out += [f"Catatan: {note}" for note in table.notes]
    out += [f"PERIKSA: {sentence}" for sentence in table.broken]
    return "\n".join(out) + "\n"


def _cell(row: TableRow, place: int, table: Table) -> str:
    column, cell = table.columns[place], row.seen(place)
    text = shown(cell)
    return f"{'  ' * row.level}{text}" if column.key == "label" else text


def shown(cell: Cell) -> str:
    """A cell as people read it."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return date_short(cell)
    return number(cell) if isinstance(cell, int) else " ".join(cell.split())
