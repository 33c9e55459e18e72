"""The framework's data access, taught our column types and to stay inside the request's session."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_appbuilder.models.filters import BaseFilter, Filters
from flask_appbuilder.models.sqla import filters as stock
from flask_appbuilder.models.sqla.interface import SQLAInterface
from sqlalchemy import Uuid, asc, desc, or_
from sqlalchemy.orm import Query, aliased

from admin_panel import scope
from core.clock import ZONES

LARGEST_ID = 2**63 - 1


class FilterConverter(stock.SQLAFilterConverter):
    """Adds UUID columns to the types that can be filtered."""

    conversion_table = (
        ("is_uuid", [stock.FilterEqual, stock.FilterNotEqual]),
        *stock.SQLAFilterConverter.conversion_table,
    )


class TenantInterface(SQLAInterface):
    """`SQLAInterface` over our models: UUIDs, ids out of range are simply not there, dotted order columns."""

    filter_converter_class = FilterConverter

    def is_uuid(self, col_name: str) -> bool:
        column = self.list_columns.get(col_name)
        return column is not None and isinstance(column.type, Uuid)

    def is_string(self, col_name: str) -> bool:
        return bool(super().is_string(col_name)) or self.is_uuid(col_name)

    def get(self, id: Any, filters: Any = None, select_columns: Any = None, outer_default_load: bool = False) -> Any:
        """The row, or None for an id that is not a number in range, foreign, or absent."""
        text = str(id)
        if not (text.isascii() and text.isdigit() and int(text) <= LARGEST_ID):
            return None
        return super().get(int(text), filters, select_columns, outer_default_load)

    def get_inner_filters(self, filters: Filters | None) -> Filters:
        """The filters themselves; the stock method makes new ones from their class and loses what they were given."""
        return filters if filters is not None else self.get_filters()

    def apply_order_by(
        self,
        query: Query[Any],
        order_column: str,
        order_direction: str,
        aliases_mapping: Any = None,
        bypass_many_to_many: bool = False,
        add_pk: bool = False,
    ) -> Query[Any]:
        """Orders by an own column or by `relation.column`, with the key as tie-break so that pages never overlap."""
        if not order_column:
            return query
        direction = asc if order_direction == "asc" else desc
        if "." in order_column:
            relation, leaf = order_column.split(".", 1)
            target = aliased(self.get_related_model(relation))
            query = query.outerjoin(getattr(self.obj, relation).of_type(target))
            column = getattr(target, leaf)
        else:
            column = getattr(self.obj, order_column)
        return query.order_by(direction(column), direction(self.get_pk()))


class FilterSeek(BaseFilter):
    """The search box: any of the view's `seek` columns contains the text; `relation.column` is allowed."""

    name = "Cari"

    def __init__(self, columns: tuple[str, ...], datamodel: TenantInterface) -> None:
        super().__init__(columns[0], datamodel)
        self.columns = columns

    def apply(self, query: Query[Any], value: str) -> Query[Any]:
        return query.filter(or_(*(self._contains(column, value.strip()) for column in self.columns)))

    def _contains(self, column: str, text: str) -> Any:
        if "." not in column:
            return getattr(self.model, column).icontains(text, autoescape=True)
        relation, leaf = column.split(".", 1)
        related = self.datamodel.get_related_model(relation)
        return getattr(self.model, relation).has(getattr(related, leaf).icontains(text, autoescape=True))


def _edge(flt: BaseFilter, value: str, days: int) -> date | datetime | None:
    """The day that was typed (plus `days`), as the column keeps time; None for a day that does not exist."""
    try:
        day = date.fromisoformat(value) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None
    if not 1900 <= day.year <= 2200:
        return None
    if not flt.datamodel.is_datetime(flt.column_name):
        return day
    return datetime.combine(day, time.min, ZoneInfo(ZONES[scope.coop().zone]))


class FilterNotBefore(BaseFilter):
    """From this day on; a day that does not exist filters nothing."""

    name = "Dari"

    def apply(self, query: Query[Any], value: str) -> Query[Any]:
        edge = _edge(self, value, 0)
        return query.filter(getattr(self.model, self.column_name) >= edge) if edge else query


class FilterNotAfter(BaseFilter):
    """Up to and including this day."""

    name = "Sampai"

    def apply(self, query: Query[Any], value: str) -> Query[Any]:
        edge = _edge(self, value, 1)
        return query.filter(getattr(self.model, self.column_name) < edge) if edge else query
