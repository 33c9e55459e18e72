"""A row goes from one state to the next once, whoever else tries at the same moment: the database decides."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session


def move(session: Session, row: Any, origins: Collection[str], **values: object) -> bool:
    """Set `values`, a new `state` among them, if the row is still in one of `origins`; False when it no longer was.

    The row is read again either way, so that a refusal can tell how it stands now.
    """
    kind = type(row)
    done = session.execute(
        update(kind)
        .where(kind.id == row.id, kind.state.in_(origins))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    session.refresh(row)
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]
