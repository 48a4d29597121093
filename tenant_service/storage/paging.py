"""One page of a list, in a total order that every committee shares."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, func, or_, select, tuple_
from sqlalchemy.orm import Session

from sync.contract.asking.cursors import (
    Cursor,
    cursor,
    day_of_text,
    instant_of,
    key_of,
    order_of,
    order_value,
    page_size,
)
from sync.contract.visibility import Visible, hidden_from, told_to
from tenant_service.storage.columns import Instant
from tenant_service.storage.record_columns import Passed, column, columns_of

Records = Callable[[Sequence[Any]], list[Any]]
"""Turns a model's rows into what a viewer is told of them."""


@dataclass(frozen=True)
class Telling:
    """How much of each row's record one viewer is told.

    Attributes:
        by: Columns of the model that decide it.
        circles: The viewer's circle for each row, given rows that have these columns.
    """

    by: tuple[str, ...]
    circles: Callable[[Sequence[Any]], list[Visible]]

    def __call__(self, rows: Sequence[Any]) -> list[Any]:
        return [told_to(circle, row.record()) for circle, row in zip(self.circles(rows), rows, strict=True)]


EVERYTHING = Telling((), lambda rows: [Visible.SUBJECT] * len(rows))


@dataclass(frozen=True)
class Table:
    """A page by columns: some fields of its records, each with its value in every row; of closed lists, the codes."""

    size: int
    has_next: bool
    columns: dict[str, Sequence[Any]]


@dataclass
class Page:
    """One page of a list as one viewer is told it. Nothing is read before it is asked for.

    Attributes:
        size: Most rows that it may have.
        attribute: What the list is ordered by.
    """

    session: Session
    model: Any
    chosen: Callable[..., Select[Any]]
    """Selects whatever it is given of one row more than the page may have."""
    conditions: Sequence[ColumnElement[bool]]
    """Of the whole list."""
    size: int
    attribute: str
    telling: Records

    @cached_property
    def _found(self) -> Sequence[Any]:
        return self.session.scalars(self.chosen(self.model)).all()

    @cached_property
    def rows(self) -> list[Any]:
        """Records, as the viewer is told them."""
        return self.telling(self._found[: self.size])

    @property
    def has_next(self) -> bool:
        return len(self._found) > self.size

    @property
    def more(self) -> str | None:
        """The cursor behind which the next page begins; None: this is the last."""
        return self.cursor(self.rows[-1]) if self.has_next and self.rows else None

    def count(self) -> int:
        """Rows of the whole list."""
        total = select(func.count()).select_from(self.model).where(*self.conditions)
        return self.session.scalar(total) or 0

    @property
    def place(self) -> tuple[str, str, str]:
        """Fields that make a row's place in the list."""
        return self.attribute, "committee_id", "id"

    def cursor(self, record: Any) -> Cursor:
        value, committee, id = (getattr(record, name) for name in self.place)
        return cursor((order_value(value), committee, id))

    def cursors(self, table: Table) -> list[Cursor]:
        """The rows' places, of a table that has the fields of `place`."""
        keys = zip(*(table.columns[name] for name in self.place), strict=True)
        return [cursor((order_value(value), committee, id)) for value, committee, id in keys]

    def table(self, names: Iterable[str]) -> Table:
        """These fields of the records. Where all of them are columns as they stand, no record is made for it."""
        wanted, known = sorted(names), columns_of(self.model)
        if isinstance(self.telling, Telling) and known.fields.keys() >= set(wanted):
            return _columns(self, self.telling, known.shape, {name: known.fields[name] for name in wanted})
        columns: dict[str, Sequence[Any]] = {name: [getattr(row, name) for row in self.rows] for name in wanted}
        return Table(len(self.rows), self.has_next, columns)


def _columns(page: Page, telling: Telling, shape: type, fields: dict[str, Passed]) -> Table:
    read = list({"id": None} | dict.fromkeys(telling.by) | {each.column: None for each in fields.values()})
    statement = page.chosen(*(column(page.model, name) for name in read))
    found = page.session.connection().execute(statement).all()  # past the ORM: no entity is wanted
    rows = found[: page.size]
    turned: Iterable[Sequence[Any]] = zip(*rows, strict=True) if rows else [()] * len(read)
    values = dict(zip(read, turned, strict=True))
    told: dict[str, Sequence[Any]] = {
        name: [value or None for value in values[each.column]] if each.or_none else values[each.column]
        for name, each in fields.items()
    }
    circles = telling.circles(rows)
    hidden = {circle: hidden_from(shape, circle) for circle in set(circles)}
    for name in frozenset().union(*hidden.values()).intersection(told):
        pairs = zip(circles, told[name], strict=True)
        told[name] = [None if name in hidden[circle] else value for circle, value in pairs]
    return Table(len(rows), len(found) > page.size, told)


def page(
    session: Session, model: Any, order: str, first: int, after: str | None, where: Iterable[ColumnElement[bool]] = (),
    telling: Records = EVERYTHING,
) -> Page:  # fmt: skip
    """The `first` rows behind `after`, in the total order of `sync.contract.asking.cursors`.

    `model` has the order's column, `committee_id` and `id`. With a `Telling` a page can be read by columns; a room that
    makes something else of its rows than their records says how, and is read record by record.

    Raises:
        Refusal: BAD_PAGE or BAD_CURSOR.
    """
    attribute, descending = order_of(order)
    conditions, size = list(where), page_size(first)
    later = [] if after is None else [behind(model, attribute, descending, after)]

    def chosen(*what: Any) -> Select[Any]:
        wanted = _ordered(what, model, attribute, descending, size + 1)
        return wanted.where(*conditions, *later) if conditions or later else wanted

    return Page(session, model, chosen, conditions, size, attribute, telling)


def in_order(what: tuple[Any, ...], model: Any, attribute: str, descending: bool, most: int) -> Select[Any]:  # noqa: FBT001
    """The first `most` rows of `model` in the total order."""
    column, wanted = getattr(model, attribute), select(*what).limit(most)
    if descending:
        return wanted.order_by(column.desc().nulls_last(), model.committee_id.desc(), model.id.desc())
    return wanted.order_by(column.asc().nulls_first(), model.committee_id, model.id)


_ordered = lru_cache(500)(in_order)
"""Made once for the same columns of a table: to put a statement together takes as long as to run it."""


def behind(model: Any, attribute: str, descending: bool, after: str) -> ColumnElement[bool]:  # noqa: FBT001
    """Rows that come after this place, as one comparison of rows, which an index on the key can serve."""
    column = getattr(model, attribute)
    key: Any = (column, model.committee_id, model.id)
    instant, day = isinstance(column.type, Instant), isinstance(column.type, Date)
    value, committee, id = key_of(after, int if instant else str if day else column.type.python_type)
    if value is None:
        tie: Any = tuple_(*key[1:])
        same: ColumnElement[bool] = tie < (committee, id) if descending else tie > (committee, id)
        return or_(column.is_(None) & same) if descending else or_(column.is_not(None), same)
    place = (instant_of(value) if instant else day_of_text(value) if day else value, committee, id)
    whole: Any = tuple_(*key)
    return or_(whole < place, column.is_(None)) if descending else or_(whole > place)
