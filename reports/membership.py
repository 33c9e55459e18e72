"""Members by month: who joined, who left, who stayed; and where they work."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from core.display import month_long
from models.members import Member
from reports.monthly import months
from reports.scope import Who, coop_of, frame_of
from reports.shape import Check, Column, Frame, Table, TableRow
from reports.tables import as_table

NOWHERE = "Tanpa unit kerja"


@dataclass(frozen=True)
class MemberMonth:
    since: date
    until: date
    joined: int
    left: int
    active: int


@dataclass(frozen=True)
class Membership:
    """`by_work_unit` are the active at the end, the largest first."""

    frame: Frame
    rows: tuple[MemberMonth, ...]
    by_work_unit: tuple[tuple[str, int], ...]
    checks: tuple[Check, ...]

    @property
    def totals(self) -> dict[str, int]:
        return {
            "joined": sum(row.joined for row in self.rows),
            "left": sum(row.left for row in self.rows),
            "active": self.rows[-1].active if self.rows else 0,
        }


def membership(session: Session, who: Who, since: date, until: date) -> Membership:
    """Active members at the end of every month, with those who came and went. Raises NotAllowed, PeriodReversed."""
    coop_id = coop_of(who, "members.view")
    frame = frame_of(session, coop_id, "membership", "Perkembangan Anggota", since=since, until=until)
    people = session.execute(
        select(Member.joined_on, Member.left_on, Member.work_unit, Member.employer).where(
            Member.coop_id == coop_id, Member.joined_on.is_not(None), Member.joined_on <= until
        )
    ).all()
    rows = tuple(
        MemberMonth(
            first, last,
            sum(first <= person.joined_on <= last for person in people),
            sum(person.left_on is not None and first <= person.left_on <= last for person in people),
            len(_active(people, last)),
        )
        for first, last in months(since, until)
    )  # fmt: skip
    places = Counter(place_of(person) for person in _active(people, until))
    ordered = tuple(sorted(places.items(), key=lambda place: (-place[1], place[0])))
    return Membership(frame, rows, ordered, ())


def place_of(person: Row) -> str:  # type: ignore[type-arg]
    """Where somebody works, of a row that has `work_unit` and `employer`."""
    return str(person.work_unit or person.employer or NOWHERE)


def _active(people: Sequence[Row], on: date) -> list[Row]:  # type: ignore[type-arg]
    return [p for p in people if p.joined_on <= on and (p.left_on is None or p.left_on > on)]


@as_table.register
def _(report: Membership) -> Table:
    columns = (
        Column("label", "Bulan", weight=1.4), Column("joined", "Masuk", "count"), Column("left", "Keluar", "count"),
        Column("active", "Anggota aktif", "count"),
    )  # fmt: skip
    rows = [TableRow((month_long(r.until), r.joined, r.left, r.active)) for r in report.rows]
    rows.append(TableRow(("JUMLAH", *report.totals.values()), "total"))
    rows.append(TableRow(("Menurut unit kerja", None, None, None), "header"))
    rows += [TableRow((place, None, None, count), level=1) for place, count in report.by_work_unit]
    return Table(report.frame, columns, rows, report.totals, report.checks)
