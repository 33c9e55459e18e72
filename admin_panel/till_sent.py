"""Sales as a till sends them: JSON read strictly, one bad sale never in the way of the others."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from core.errors import InvalidValue
from services.mart.till import Item, Sale

LARGEST = 512 * 1024
MOST_SALES = 100
_EPOCH, _LAST_MS = datetime(1970, 1, 1, tzinfo=UTC), 4_102_444_800_000  # the year 2100


def sales(body: dict[str, Any], at: datetime) -> Iterator[tuple[str, Sale | None, bool]]:
    """Each sale with its token and whether it happened already; None for one that cannot be read.

    The clock of a till that is connected does not matter: what has not happened yet happens now. Raises InvalidValue.
    """
    sent = body.get("penjualan")
    if not isinstance(sent, list) or len(sent) > MOST_SALES:
        raise InvalidValue(field="Penjualan", reason=f"kirim daftar, paling banyak {MOST_SALES} sekali kirim.")
    for row in sent:
        has_happened = isinstance(row, dict) and row.get("terjadi") is not False
        token = str(row.get("token"))[:60] if isinstance(row, dict) else ""
        try:
            yield token, _sale(row, at, has_happened), has_happened
        except (KeyError, ValueError, TypeError, OverflowError, AttributeError):
            yield token, None, has_happened


def _sale(row: dict[str, Any], at: datetime, has_happened: bool) -> Sale:
    items = tuple(Item(_whole(one[0]), _whole(one[1]), _whole(one[2])) for one in row["barang"])
    member, pay_by = row.get("anggota", ""), row["bayar"]
    if not (isinstance(member, str) and isinstance(pay_by, str) and len(items) <= MOST_SALES):
        raise TypeError
    sold_at = _EPOCH + timedelta(milliseconds=min(_whole(row["pada"]), _LAST_MS)) if has_happened else at
    return Sale(uuid.UUID(row["token"]), items, pay_by, sold_at, member[:100], _whole(row.get("diterima", 0)))


def _whole(value: object) -> int:
    if type(value) is not int or not 0 <= value < 10**15:
        raise TypeError
    return value
