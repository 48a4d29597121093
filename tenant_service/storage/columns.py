"""Column types, and the base of every table of this committee."""

import datetime as dt
import enum
from collections.abc import Callable
from typing import Any, ClassVar

import msgspec
from sqlalchemy import DateTime, Dialect, Enum, MetaData, String, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Instant(TypeDecorator[dt.datetime]):
    """An aware instant, UTC in the database and out of it. Refuses naive values, which say nothing."""

    impl, cache_ok = DateTime, True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time says nothing")
        return value.astimezone(dt.UTC).replace(tzinfo=None)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], dt.datetime | None]:
        """In one step where a decorated type has three: a page of a list has hundreds of moments."""
        del coltype
        if dialect.name == "sqlite":  # keeps text, without an offset
            return lambda text: None if text is None else dt.datetime.fromisoformat(text + "+00:00")
        return lambda moment: None if moment is None else moment.replace(tzinfo=dt.UTC)


class Listing(TypeDecorator[list[Any]]):
    """A short list, as JSON: of texts, or of whatever `of` names."""

    impl, cache_ok = Text, True

    def __init__(self, of: Any = list[str]) -> None:
        super().__init__()
        self.of = of

    def process_bind_param(self, value: list[Any] | None, dialect: Dialect) -> str | None:
        del dialect
        return None if value is None else msgspec.json.encode(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> list[Any] | None:
        del dialect
        return None if value is None else msgspec.json.decode(value, type=self.of)


def _codes(kinds: type[enum.Enum]) -> list[str]:
    return [str(kind.value) for kind in kinds]


Ascii = String(160).with_variant(String(160, collation="C"), "postgresql")
"""Ids and sort keys: compared bytewise in every database, so that merged lists keep one order."""


class Row(DeclarativeBase):
    """Base of every table of this committee."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s",
        }
    )  # fmt: skip
    type_annotation_map: ClassVar[Any] = {
        dt.datetime: Instant,
        list[str]: Listing,
        # Codes are plain text in the database: a new code of a closed list needs no migration.
        enum.Enum: Enum(enum.Enum, native_enum=False, length=40, values_callable=_codes),
    }


class CopyColumns:
    """What stands beside a copy of another committee's record: its id, owner, and how we came to know it."""

    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    committee_id: Mapped[str] = mapped_column(Ascii, index=True)
    channels: Mapped[list[str]]
    """Channels on which the owner told us."""
    as_of: Mapped[dt.datetime]
    """When we were told."""


class OwnColumns:
    """What stands beside a record of our own."""

    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    committee_id: Mapped[str] = mapped_column(Ascii)
    shares: Mapped[list[str]]
    """共享选择: `SCOPE` or `SCOPE:target`, see `tenant_service.exchange.sharing.choices`."""
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[dt.datetime]
