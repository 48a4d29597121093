"""A field is read from its column only where `record()` says, in so many words, that it is that column."""

import datetime as dt
from dataclasses import fields
from typing import Any, NewType

import pytest
from sqlalchemy import Boolean, Date, Enum, Integer, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from sync.contract.visibility import Visible, record, visible
from tenant_service.activities.models import ActivityRow, SeenActivityRow
from tenant_service.storage.columns import Instant, Listing, Row
from tenant_service.storage.record_columns import Passed, columns_of

PUBLIC = Visible.PUBLIC
Name = NewType("Name", str)


def masked(phone: str) -> str:
    return phone[:3]


@record
class Shown:
    name: Name = visible(PUBLIC, "Name.")
    names: list[Name] = visible(PUBLIC, "Names.")
    parent: Name | None = visible(PUBLIC, "Parent.")
    title: str = visible(PUBLIC, "Another column's.")
    phone: str = visible(PUBLIC, "Masked.")
    place: str | None = visible(PUBLIC, "Where, when it is open.")
    area: str | None = visible(PUBLIC, "Of another column's will.")
    size: int = visible(PUBLIC, "Twice.")
    tags: list[str] = visible(PUBLIC, "A copy.")


class Own(DeclarativeBase):
    metadata = MetaData()
    type_annotation_map = Row.type_annotation_map


class ShownRow(Own):
    __tablename__ = "shown"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    names: Mapped[list[str]]
    parent: Mapped[str | None]
    label: Mapped[str]
    phone: Mapped[str]
    place: Mapped[str]
    state: Mapped[str]
    area: Mapped[str]
    size: Mapped[int]
    tags: Mapped[list[str]]

    def record(self) -> Shown:
        """Forms that are known, and forms that are not."""
        return Shown(
            name=Name(self.name), names=[Name(each) for each in self.names],
            parent=Name(self.parent) if self.parent else None, title=self.label, phone=masked(self.phone),
            place=self.place if self.state != "CLOSED" else None, area=self.area if self.state else None,
            size=self.size * 2, tags=list(self.tags),
        )  # fmt: skip


class Roundabout(Own):
    __tablename__ = "roundabout"
    id: Mapped[str] = mapped_column(primary_key=True)

    def record(self) -> Any:
        if self.id:
            return {"id": self.id}
        return {}


class Silent(Own):
    __tablename__ = "silent"
    id: Mapped[str] = mapped_column(primary_key=True)


def test_only_what_is_handed_on_as_it_stands_is_known() -> None:
    assert columns_of(ShownRow).shape is Shown
    assert columns_of(ShownRow).fields == {
        "name": Passed("name"), "names": Passed("names"), "parent": Passed("parent", or_none=True),
        "title": Passed("label"), "tags": Passed("tags"),
    }  # fmt: skip


@pytest.mark.parametrize("model", [Roundabout, Silent])
def test_of_a_record_that_is_made_in_another_way_nothing_is_known(model: type) -> None:
    assert not columns_of(model).fields


@pytest.mark.parametrize("model", [ActivityRow, SeenActivityRow])
def test_every_field_of_an_activity_is_a_column(model: Any) -> None:
    known = columns_of(model)
    assert known.fields.keys() == {each.name for each in fields(known.shape)}


def test_what_every_room_hands_on_is_what_its_record_says(tables: MetaData) -> None:
    """On rows whose every value can be told from the others."""
    models: list[Any] = [each for each in map(class_of, Row.registry.mappers) if columns_of(each).fields]
    for model in models:
        row = model(**{name: distinct(name, column.type) for name, column in model.__mapper__.columns.items()})
        told, handed_on = vars(row.record()), columns_of(model).fields
        assert {name: told[name] for name in handed_on} == {
            name: getattr(row, each.column) for name, each in handed_on.items()
        }
    assert len(models) > 5


def class_of(mapper: Any) -> Any:
    return mapper.class_


def distinct(name: str, type_: Any) -> Any:
    number = sum(map(ord, name))
    match type_:
        case Listing():
            return [name]
        case Instant():
            return dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=number)
        case Date():
            return dt.date(2026, 1, 1) + dt.timedelta(days=number)
        case Enum():
            return next(iter(type_.enum_class))  # type: ignore[arg-type]
        case Integer():
            return number
    return True if isinstance(type_, Boolean) else name
