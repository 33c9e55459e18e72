"""The one engine of statements: a spec (headings, groups of lines, totals) drawn over groups of figures.

A spec is data one can print. Figures come with the sign their group is read in (beban as positive amounts), and totals
say which groups and totals they add and which they take away.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from core.money import Rupiah
from reports.scope import AccountInfo
from reports.shape import Drill, Frame, Row


@dataclass(frozen=True)
class Heading:
    """A line without figure; left out when nothing stands below it, unless it is of level 0."""

    label: str
    level: int = 0


@dataclass(frozen=True)
class Lines:
    """The figures of a group; `tree` groups them under the chart's own headers."""

    group: str
    level: int = 1
    tree: bool = False


@dataclass(frozen=True)
class Total:
    """`terms` name groups and earlier totals, each with its sign: ("+sales", "-cost")."""

    key: str
    label: str
    terms: tuple[str, ...]
    level: int = 0


Spec = Sequence[Heading | Lines | Total]


@dataclass(frozen=True)
class Figure:
    """One line's amounts. `path` is the chain of headers above its account, outermost first."""

    code: str
    label: str
    amount_rp: Rupiah
    comparison_rp: Rupiah | None = None
    drill: Drill | None = None
    path: tuple[AccountInfo, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self.amount_rp == 0 and not self.comparison_rp


@dataclass(frozen=True)
class Built:
    rows: tuple[Row, ...]
    totals: dict[str, Rupiah]
    comparison_totals: dict[str, Rupiah]


def figures_of(
    accounts: Iterable[AccountInfo],
    frame: Frame,
    amounts: Mapping[int, Rupiah],
    comparison: Mapping[int, Rupiah] | None,
    *,
    sign: int,
    chart: Mapping[int, AccountInfo] | None = None,
) -> list[Figure]:
    """A figure for each account that has one now or in the comparison; `amounts` are debit less credit.

    With `chart` the figures know the headers above them.
    """
    found = []
    for account in accounts:
        compared = None if comparison is None else sign * comparison.get(account.id, 0)
        figure = Figure(
            account.code,
            account.name,
            sign * amounts.get(account.id, 0),
            compared,
            Drill("general-ledger", account=account.code, since=frame.since, until=frame.until),
            _path(account, chart) if chart is not None else (),
        )
        if not figure.is_empty:
            found.append(figure)
    return found


def build(spec: Spec, groups: Mapping[str, Sequence[Figure]], *, compared: bool) -> Built:
    """Rows in the order of the spec, and every total by its key."""
    rows: list[Row] = []
    totals = {f"group {name}": sum(f.amount_rp for f in figures) for name, figures in groups.items()}
    before = {f"group {name}": sum(f.comparison_rp or 0 for f in figures) for name, figures in groups.items()}
    for item in spec:
        if isinstance(item, Heading):
            rows.append(Row("", item.label, 0, None, item.level, "header"))
        elif isinstance(item, Lines):
            figures = groups.get(item.group, ())
            rows += _tree(figures, item.level, compared) if item.tree else [_row(f, item.level) for f in figures]
        else:
            totals[item.key] = _sum(item, totals)
            before[item.key] = _sum(item, before)
            compared_rp = before[item.key] if compared else None
            rows.append(Row("", item.label, totals[item.key], compared_rp, item.level, "total"))
    return Built(tuple(_pruned(rows)), _named(totals), _named(before) if compared else {})


def _sum(total: Total, known: Mapping[str, Rupiah]) -> Rupiah:
    return sum(
        (1 if term[0] == "+" else -1) * known.get(term[1:], known.get(f"group {term[1:]}", 0)) for term in total.terms
    )


def _named(totals: Mapping[str, Rupiah]) -> dict[str, Rupiah]:
    return {f"{key}_rp": amount for key, amount in totals.items() if not key.startswith("group ")}


def _row(figure: Figure, level: int) -> Row:
    return Row(figure.code, figure.label, figure.amount_rp, figure.comparison_rp, level, "line", figure.drill)


def _pruned(rows: Sequence[Row]) -> list[Row]:
    """Without headings below level 0 that nothing follows."""
    kept: list[Row] = []
    for row, after in zip(rows, [*rows[1:], None], strict=True):
        is_bare = row.kind == "header" and row.level > 0 and not row.code
        if is_bare and (after is None or after.kind == "total" or after.level <= row.level):
            continue
        kept.append(row)
    return kept


def _path(account: AccountInfo, chart: Mapping[int, AccountInfo]) -> tuple[AccountInfo, ...]:
    above: list[AccountInfo] = []
    while account.parent_id is not None:
        account = chart[account.parent_id]
        above.append(account)
    return tuple(reversed(above))


def _tree(figures: Sequence[Figure], level: int, compared: bool) -> list[Row]:
    """Lines under their headers, each header closed by its total; a header over a single line is left out."""
    figures = _without_shared_root(figures)
    ordered = sorted(figures, key=lambda f: (*(header.code for header in f.path), f.code) if f.code else ("~",))
    rows: list[Row] = []
    open_headers: list[tuple[AccountInfo, list[Figure]]] = []

    def close(down_to: int) -> None:
        while len(open_headers) > down_to:
            header, below = open_headers.pop()
            before = sum(f.comparison_rp or 0 for f in below) if compared else None
            label = f"Jumlah {_spoken(header.name)}"
            rows.append(Row("", label, sum(f.amount_rp for f in below), before, level + len(open_headers), "total"))

    for figure in ordered:
        shared = 0
        while shared < min(len(open_headers), len(figure.path)) and open_headers[shared][0] == figure.path[shared]:
            shared += 1
        close(shared)
        for header in figure.path[shared:]:
            rows.append(Row(header.code, header.name, 0, None, level + len(open_headers), "header"))
            open_headers.append((header, []))
        for _, below in open_headers:
            below.append(figure)
        rows.append(_row(figure, level + len(open_headers)))
    close(0)
    return rows


def _without_shared_root(figures: Sequence[Figure]) -> list[Figure]:
    """Paths without the root all share (the section's heading says it), and without headers over one line."""
    roots = {f.path[0].id if f.path else None for f in figures if f.code}
    skip = 1 if len(roots) == 1 and None not in roots else 0
    counts: dict[int, int] = {}
    for figure in figures:
        for header in figure.path[skip:]:
            counts[header.id] = counts.get(header.id, 0) + 1
    return [replace(f, path=tuple(header for header in f.path[skip:] if counts[header.id] > 1)) for f in figures]


def _spoken(name: str) -> str:
    return name.capitalize() if name.isupper() else name
