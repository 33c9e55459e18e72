"""What dashboards are put together from. Every text goes through `Markup`, which escapes what people typed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

import streamlit as st
from markupsafe import Markup

from core.display import MONTHS, date_long, month_long, number, rupiah
from core.money import Rupiah
from dashboards.session import Asker
from reports.choices import Choices
from reports.export import FORMATS, file_name, render
from reports.scope import earlier
from reports.shape import Cell, Check, Table
from reports.tables import Report, as_table

PICKER = 280  # pixels: two side by side on a desktop, one below the other on a phone


@dataclass(frozen=True)
class Figure:
    """A number large enough for the back row."""

    label: str
    value: str
    note: str = ""
    is_main: bool = False


@dataclass(frozen=True)
class Bar:
    label: str
    amount: int
    shown: str
    note: str = ""


@dataclass(frozen=True)
class Period:
    """Days to look at, both included."""

    label: str
    since: date
    until: date


def draw(markup: Markup) -> None:
    """The one place where we hand HTML to Streamlit."""
    st.html(str(markup))


def top(asker: Asker, title: str, links: Iterable[tuple[str, str, bool]]) -> None:
    """Mark, cooperative, page; links as (label, address, whether we are there)."""
    anchors = Markup().join(
        Markup('<a href="{}"{}>{}</a>').format(url, Markup(' aria-current="page"') if here else "", label)
        for label, url, here in links
    )
    draw(
        Markup(
            '<header class="k-top"><img src="/dasbor/mark.svg" alt=""><div><b>{}</b><span>{}</span></div>'
            "<nav>{}</nav></header>"
        ).format(asker.coop_name, title, anchors)
    )
    if asker.is_demo:
        draw(Markup('<p class="k-demo">DATA CONTOH. Koperasi ini contoh; angkanya bukan sungguhan.</p>'))


def heading(title: str, about: str = "") -> None:
    draw(Markup('<h2 class="k-h2">{}</h2><p class="k-sub">{}</p>').format(title, about))


def figures(row: Sequence[Figure]) -> None:
    """A row of figures that wraps on a phone."""
    cells = Markup().join(
        Markup("<div{}><dt>{}</dt><dd>{}</dd>{}</div>").format(
            Markup(' class="k-main"') if figure.is_main else "",
            figure.label,
            figure.value,
            Markup("<dd>{}</dd>").format(figure.note) if figure.note else "",
        )
        for figure in row
    )
    draw(Markup('<dl class="k-figures">{}</dl>').format(cells))


def empty(sentence: str) -> None:
    """What to do when there is nothing to show yet."""
    draw(Markup('<p class="k-empty">{}</p>').format(sentence))


def note(sentence: str) -> None:
    draw(Markup('<p class="k-note">{}</p>').format(sentence))


def notes(sentences: Iterable[str]) -> None:
    """What a report says below itself."""
    for sentence in sentences:
        note(sentence)


def alert(sentence: str) -> None:
    """One line a person must not miss."""
    draw(Markup('<p class="k-warn">{}</p>').format(sentence))


def link(label: str, url: str) -> None:
    """The way on from this page."""
    draw(Markup('<a class="k-go" href="{}" target="_self">{}</a>').format(url, label))


def warn(checks: Iterable[Check]) -> None:
    """One line for each two figures that should agree and do not."""
    for check in checks:
        if not check.holds:
            alert(check.sentence)


def bars(rows: Sequence[Bar], total: tuple[str, str] | None = None) -> None:
    """Lines with a bar as long as their share of the largest; `total` as (label, shown) below."""
    largest = max((abs(row.amount) for row in rows), default=0) or 1
    items = [
        Markup('<li><span>{}</span><span>{}</span><i><b class="{}" style="width:{}%"></b></i>{}</li>').format(
            row.label.replace("/", "/\u200b"),  # long names may break there
            row.shown,
            "k-minus" if row.amount < 0 else "",
            abs(row.amount) * 100 // largest,
            Markup("<small>{}</small>").format(row.note) if row.note else "",
        )
        for row in rows
    ]
    if total is not None:
        items.append(Markup('<li class="k-sum"><span>{}</span><span>{}</span></li>').format(*total))
    draw(Markup('<ul class="k-bars">{}</ul>').format(Markup().join(items)))


def columns(days: Sequence[date], names: Sequence[str], stacks: Sequence[Sequence[Rupiah]], about: str) -> None:
    """Stacked columns by month without any chart library, for phones. `stacks` holds one row per month."""
    highest = max((sum(stack) for stack in stacks), default=0) or 1
    items = Markup().join(_column(day, names, stack, highest) for day, stack in zip(days, stacks, strict=True))
    every = max(1, -(-len(days) // 12))
    below = Markup().join(
        Markup("<li>{}</li>").format(MONTHS[day.month - 1][:3] if place % every == 0 else "")
        for place, day in enumerate(days)
    )
    key = Markup().join(
        Markup('<li class="k-s{}">{}</li>').format(place % 6 + 1, name) for place, name in enumerate(names)
    )
    draw(
        Markup(
            '<div role="img" aria-label="{}"><ul class="k-columns">{}</ul><ul class="k-below">{}</ul></div>'
            '<ul class="k-key">{}</ul>'
        ).format(about, items, below, key)
    )


def _column(day: date, names: Sequence[str], stack: Sequence[Rupiah], highest: Rupiah) -> Markup:
    told = ", ".join(f"{name} {rupiah(rp)}" for name, rp in zip(names, stack, strict=True))
    parts = [
        Markup('<b class="k-s{}" style="height:{}%"></b>').format(place % 6 + 1, f"{rp * 1000 // highest / 10:g}")
        for place, rp in enumerate(stack)
        if rp > 0
    ]
    title = f"{month_long(day)}: {rupiah(sum(stack))} ({told})"
    return Markup('<li title="{}">{}</li>').format(title, Markup().join(reversed(parts)))


def table(drawn: Table, *, as_lines: bool = False) -> None:
    """A report as a table; `as_lines` turns its rows into small cards on a phone."""
    places = drawn.on_paper
    kinds = [drawn.columns[place].kind for place in places]
    head = Markup().join(
        Markup('<th class="{}">{}</th>').format(_class_of(kind), drawn.columns[place].label)
        for place, kind in zip(places, kinds, strict=True)
    )
    body = Markup().join(
        Markup('<tr class="{}">{}</tr>').format(
            "k-total" if row.kind != "line" else "",
            Markup().join(
                Markup('<td class="{}">{}</td>').format(_class_of(kind), _shown(row.cells[place], kind))
                for place, kind in zip(places, kinds, strict=True)
            ),
        )
        for row in drawn.rows
    )
    draw(
        Markup(
            '<div class="k-scroll" tabindex="0"><table class="k-table{}"><thead><tr>{}</tr></thead>'
            "<tbody>{}</tbody></table></div>"
        ).format(" k-lines" if as_lines else "", head, body)
    )


def _class_of(kind: str) -> str:
    return "k-num" if kind in {"money", "count"} else ""


def _shown(cell: Cell, kind: str) -> str:
    if isinstance(cell, date):
        return date_long(cell)
    if isinstance(cell, int):
        return rupiah(cell) if kind == "money" else number(cell)
    return cell or ""


def download(report: object, key: str) -> None:
    """The very object on the screen as Excel, drawn when it is asked for."""
    wanted = cast(Report, report)
    st.download_button(
        "Unduh Excel",
        data=lambda: render(wanted, "xlsx"),
        file_name=file_name(wanted, "xlsx"),
        mime=FORMATS["xlsx"].mime,
        key=key,
        on_click="ignore",
    )


def numbers(report: object, key: str, label: str = "Lihat angkanya") -> None:
    """The figures behind a chart, folded, with their download."""
    with st.expander(label):
        table(as_table(report))
        download(report, key)


def period_picker(known: Choices) -> Period:
    """Twelve months, or a year of the books."""
    found = periods(known)
    return st.selectbox(
        "Periode", found, format_func=lambda period: period.label, key="periode", placeholder="Pilih", width=PICKER
    )


def periods(known: Choices) -> list[Period]:
    """The last twelve months first, then every year of the books up to today, the newest first."""
    today = known.today
    begun = earlier(today.replace(day=1), 11)
    found = [Period("12 bulan terakhir", begun, today)]
    first, last = known.first_on or today, max(known.last_on or today, today)
    for year in range(last.year, first.year - 1, -1):
        until = today if year == today.year else date(year, 12, 31)
        label = f"Tahun {year}" if until.month == 12 else f"Tahun {year} (sampai {MONTHS[until.month - 1]})"
        found.append(Period(label, date(year, 1, 1), until))
    return found


def unit_picker(known: Choices) -> int | None:
    """One unit or all of them; nothing to choose where there is only one."""
    if len(known.units) < 2:
        return None
    names: dict[int | None, str] = {None: "Semua unit", **dict(known.units)}
    return st.selectbox(
        "Unit usaha", list(names), format_func=lambda key: names[key], key="unit", placeholder="Pilih", width=PICKER
    )


def change(now_rp: Rupiah, before_rp: Rupiah, than: str) -> str:
    """`naik Rp 250.000 dari bulan lalu`."""
    if now_rp == before_rp:
        return f"sama dengan {than}"
    word = "naik" if now_rp > before_rp else "turun"
    return f"{word} {rupiah(abs(now_rp - before_rp))} dari {than}"
