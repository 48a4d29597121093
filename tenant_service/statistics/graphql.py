"""Figures in GraphQL."""

import datetime as dt
from typing import Annotated, Any, cast

import strawberry

from sync.contract.channels import deepest
from sync.contract.errors import Code, Refusal
from sync.contract.ids import Id
from sync.contract.shapes.values import IndicatorCode, ValueRecord
from sync.contract.visibility import Visible, told_to, visible
from tenant_service.graph.context import Context, Info
from tenant_service.graph.types import Internal, JSONObject, contract_enum, shown
from tenant_service.statistics import queries

FEDERATION = Visible.FEDERATION
MOST_DAYS = 366 * 12
contract_enum(IndicatorCode)
From = Annotated[dt.date, strawberry.argument(name="from")]


def _as_record(name: str) -> Any:
    """What the record says of its field: what it means, and who may see it."""
    told = ValueRecord.__dataclass_fields__[name].metadata
    return visible(told["visible"], told["description"])


@strawberry.type(description="数值: what one committee counted for one indicator in one month.")
class Value:
    """The record as GraphQL can tell it: what is by kind or mechanism as JSON, and the watermark as a moment."""

    id: Id = _as_record("id")
    committee_id: Id = _as_record("committee_id")
    indicator: IndicatorCode = _as_record("indicator")
    month: str = _as_record("month")
    days: JSONObject = _as_record("days")
    joint_ids: list[Id] | None = _as_record("joint_ids")
    mechanism_days: JSONObject | None = _as_record("mechanism_days")
    mechanism_joint_ids: JSONObject | None = _as_record("mechanism_joint_ids")
    watermark: dt.datetime = _as_record("watermark")
    computed_at: dt.datetime = _as_record("computed_at")
    imported: JSONObject | None = _as_record("imported")


@strawberry.type
class StatisticsQuery:
    @shown(FEDERATION, "What this committee counts in a window of days.", directives=[Internal()])
    def values(self, info: Info, indicators: list[IndicatorCode], from_: From, to: dt.date) -> list[Value]:
        context = info.context
        if not from_ <= to or (to - from_).days > MOST_DAYS:
            raise Refusal(Code.BAD_TIME, why=f"{from_} – {to}")
        if context.owners is not None:
            found = (
                queries.told(context.unit.session, context.owners, indicators, from_, to)
                if context.actor.is_inside
                else []
            )
        else:
            circle = _circle(context)
            counted = queries.counted(context.unit, context.services.counting, dict.fromkeys(indicators), from_, to)
            found = [told_to(circle, each) for each in counted]
        return [_value(each) for each in found]


def _circle(context: Context) -> Visible:
    """How much of our figures the caller is shown: as much as is told on the bus, and our own people all of it.

    Raises:
        Refusal: FORBIDDEN, figures are told to nobody else.
    """
    if context.actor.is_inside:
        return Visible.TENANT
    reaching = set(context.services.value_channels) & set(context.actor.channels)
    if not reaching:
        raise Refusal(Code.FORBIDDEN)
    return deepest(reaching)


def _value(record: ValueRecord) -> Value:
    newest = dt.datetime.fromtimestamp(record.watermark / 1000, dt.UTC)
    return Value(
        id=record.id, committee_id=record.committee_id, indicator=record.indicator, month=record.month,
        days=cast("JSONObject", record.days), joint_ids=record.joint_ids,
        mechanism_days=cast("JSONObject", record.mechanism_days),
        mechanism_joint_ids=cast("JSONObject", record.mechanism_joint_ids),
        watermark=newest, computed_at=record.computed_at, imported=cast("JSONObject", record.imported),
    )  # fmt: skip
