"""Who signs a printed report, and where."""

from dataclasses import dataclass
from datetime import datetime

from core.clock import local
from core.display import date_long
from reports.shape import Frame

_BLANK = "(............................)"


@dataclass(frozen=True)
class Signatures:
    place: str
    left_office: str
    left_name: str
    right_office: str
    right_name: str


def signatures(frame: Frame, printed_at: datetime) -> Signatures:
    """Ketua and bendahara, on the day of printing."""
    day = date_long(local(printed_at, frame.coop.zone).date())
    place = f"{frame.coop.city}, {day}" if frame.coop.city else day
    return Signatures(place, "Ketua", frame.coop.chair_name or _BLANK, "Bendahara", frame.coop.treasurer_name or _BLANK)
