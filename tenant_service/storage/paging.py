"""One page of a list, in a total order that every committee shares."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.orm import Session

from sync.contract.cursors import Cursor, cursor, instant_of, key_of, order_of, order_value, page_size
from tenant_service.storage.columns import Instant


@dataclass
class Page:
    """One page of a list, and how to count the whole of it."""

    rows: list[Any]
    """Records, as the viewer is told them."""
    has_next: bool
    attribute: str
    count: Callable[[], int]

    def cursor(self, record: Any) -> Cursor:
        return cursor((order_value(getattr(record, self.attribute)), record.committee_id, record.id))


def own_records(rows: Sequence[Any]) -> list[Any]:
    return [row.record() for row in rows]


def page(
    session: Session, model: Any, order: str, first: int, after: str | None, where: Iterable[ColumnElement[bool]] = (),
    records: Callable[[Sequence[Any]], list[Any]] = own_records,
) -> Page:  # fmt: skip
    """The `first` rows behind `after`, in the total order of `sync.contract.cursors`.

    `model` has the order's column, `committee_id` and `id`; `records` turns its rows into what the viewer is told.

    Raises:
        Refusal: BAD_PAGE or BAD_CURSOR.
    """
    attribute, descending = order_of(order)
    conditions = list(where)
    wanted = _ordered(select(model).where(*conditions), model, attribute, descending).limit(page_size(first) + 1)
    if after is not None:
        wanted = wanted.where(_behind(model, attribute, descending, after))
    rows = session.scalars(wanted).all()
    total = select(func.count()).select_from(model).where(*conditions)
    return Page(records(rows[:first]), len(rows) > first, attribute, lambda: session.scalar(total) or 0)


def _ordered(wanted: Select[Any], model: Any, attribute: str, descending: bool) -> Select[Any]:  # noqa: FBT001
    column = getattr(model, attribute)
    if descending:
        return wanted.order_by(column.desc().nulls_last(), model.committee_id.desc(), model.id.desc())
    return wanted.order_by(column.asc().nulls_first(), model.committee_id, model.id)


def _behind(model: Any, attribute: str, descending: bool, after: str) -> ColumnElement[bool]:  # noqa: FBT001
    """Rows that come after this place, as one comparison of rows, which an index on the key can serve."""
    column = getattr(model, attribute)
    key: Any = (column, model.committee_id, model.id)
    instant = isinstance(column.type, Instant)
    value, committee, id = key_of(after, int if instant else column.type.python_type)
    if value is None:
        tie: Any = tuple_(*key[1:])
        same: ColumnElement[bool] = tie < (committee, id) if descending else tie > (committee, id)
        return or_(column.is_(None) & same) if descending else or_(column.is_not(None), same)
    place = (instant_of(value) if instant else value, committee, id)
    whole: Any = tuple_(*key)
    return or_(whole < place, column.is_(None)) if descending else or_(whole > place)
