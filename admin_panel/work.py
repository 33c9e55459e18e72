"""What waits for somebody, as the first page of a desk shows it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Work:
    """One thing that waits: how many, of what, and where it is done."""

    label: str
    count: int
    note: str
    url: str
    by_name: bool = False
