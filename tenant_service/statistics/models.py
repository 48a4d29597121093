"""Tables of this room; private."""

import datetime as dt
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Dialect, ForeignKey, Index, Text, TypeDecorator, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sync.contract.ids import Id
from sync.contract.shapes.values import IndicatorCode, ValueRecord
from tenant_service.signing.columns import SignedColumns
from tenant_service.storage.columns import Ascii, CopyColumns, Row


class Mapping(TypeDecorator[dict[str, Any]]):
    """An object by kind or mechanism, as JSON."""

    impl, cache_ok = Text, True

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> str | None:
        del dialect
        return None if value is None else msgspec.json.encode(value, order="deterministic").decode()

    def process_result_value(self, value: Any | None, dialect: Dialect) -> dict[str, Any] | None:
        del dialect
        return None if value is None else msgspec.json.decode(value, type=dict[str, Any])


class ValueColumns:
    """A value as its record tells it, ours or another committee's."""

    id: Mapped[str]
    committee_id: Mapped[str]
    indicator: Mapped[IndicatorCode]
    month: Mapped[str] = mapped_column(Ascii)
    days: Mapped[dict[str, list[int]]] = mapped_column(Mapping)
    joint_ids: Mapped[list[str] | None]
    mechanism_days: Mapped[dict[str, dict[str, list[int]]] | None] = mapped_column(Mapping)
    mechanism_joint_ids: Mapped[dict[str, list[Id]] | None] = mapped_column(Mapping)
    watermark: Mapped[int] = mapped_column(BigInteger)
    computed_at: Mapped[dt.datetime]
    imported: Mapped[dict[str, dict[str, int]] | None] = mapped_column(Mapping)

    def record(self) -> ValueRecord:
        joint = None if self.joint_ids is None else [Id(each) for each in self.joint_ids]
        return ValueRecord(
            id=Id(self.id), committee_id=Id(self.committee_id), indicator=self.indicator, month=self.month,
            days=self.days, joint_ids=joint, mechanism_days=self.mechanism_days,
            mechanism_joint_ids=self.mechanism_joint_ids, watermark=self.watermark, computed_at=self.computed_at,
            imported=self.imported,
        )  # fmt: skip


class ValueRow(ValueColumns, Row):
    """What we last told others of one indicator and month."""

    __tablename__ = "value"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    committee_id: Mapped[str] = mapped_column(Ascii)
    version: Mapped[int]
    __table_args__ = (UniqueConstraint("indicator", "month"),)


class SeenValueRow(ValueColumns, CopyColumns, Row):
    """What another committee last told us."""

    __tablename__ = "seen_value"
    __table_args__ = (UniqueConstraint("committee_id", "indicator", "month"),)


class OpeningRow(SignedColumns, Row):
    """期初数: a total from before the platform, as a paper tells it. It never leaves: what is told is in values."""

    __tablename__ = "opening"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    indicator: Mapped[IndicatorCode]
    kind: Mapped[str] = mapped_column(Ascii)
    """Code of the kind; empty: the paper does not tell it by kind."""
    since: Mapped[dt.date]
    until: Mapped[dt.date]
    """Last day, inclusive."""
    number: Mapped[int]
    """Of a counter-entry what it adds, which may be less than nothing."""
    source: Mapped[str]
    """文号或统计表: the paper that says so."""
    corrects_id: Mapped[str | None] = mapped_column(ForeignKey("opening.id"))
    """The entry that this one puts right; it has the same indicator, kind and days."""
    because: Mapped[str | None]
    """Why it is put right."""
    entered_at: Mapped[dt.datetime]
    withdrawn_because: Mapped[str | None]
    changed_at: Mapped[dt.datetime]
    __table_args__ = (
        Index("opening_by_days", "indicator", "since", "until"),
        Index("opening_by_approval", "approval", "changed_at"),
        Index("opening_by_correction", "corrects_id"),
        Index("opening_by_change", "changed_at"),
    )


class PlatformStartRow(Row):
    """启用日期: the first day that the committee's own rows count; one row, which whoever acts on totals locks."""

    __tablename__ = "platform_start"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[dt.date | None]
    """Null: nobody chose it."""
