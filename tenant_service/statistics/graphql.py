"""Figures in GraphQL."""

import datetime as dt
from typing import Annotated

import strawberry

from sync.contract.errors import Code, Refusal
from sync.contract.ids import Id
from sync.contract.values import IndicatorCode, ValueRecord
from sync.contract.visibility import Visible, visible
from tenant_service.graph.context import Context, Info
from tenant_service.graph.types import Internal, contract_enum, shown
from tenant_service.statistics import queries

PUBLIC, FEDERATION = Visible.PUBLIC, Visible.FEDERATION
MOST_DAYS = 366 * 12
contract_enum(IndicatorCode)
From = Annotated[dt.date, strawberry.argument(name="from")]


@strawberry.type(description="每日数: one number per day of the month, for one kind.")
class KindDays:
    kind: str = visible(FEDERATION, "Code of the kind.")
    numbers: list[int] = visible(
        FEDERATION, "From the first of the month; a stock ends with the last day that has come."
    )


@strawberry.type(description="数值: what one committee counted for one indicator in one month.")
class Value:
    id: Id = visible(FEDERATION, "Global id.")
    committee_id: Id = visible(FEDERATION, "Who counted.")
    indicator: IndicatorCode = visible(FEDERATION, "What was counted.")
    month: str = visible(FEDERATION, "YYYY-MM, Asia/Shanghai.")
    days: list[KindDays] = visible(FEDERATION, "A row per kind.")
    joint_ids: list[Id] | None = visible(FEDERATION, "Counted rows with more than one host; null: too many to list.")
    watermark: dt.datetime = visible(FEDERATION, "The newest change that is counted.")
    computed_at: dt.datetime = visible(FEDERATION, "When it was counted.")


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
                if context.actor.is_home
                else []
            )
        else:
            _require(context)
            found = queries.counted(context.unit, dict.fromkeys(indicators), from_, to)
        return [_value(each) for each in found]


def _require(context: Context) -> None:
    """Figures are for whoever is told them on the bus as well: our own people, and readers of the chosen channels.

    Raises:
        Refusal: FORBIDDEN.
    """
    told = set(context.parts.get("value_channels", ()))
    if not (context.actor.is_home or told & set(context.actor.channels)):
        raise Refusal(Code.FORBIDDEN)


def _value(record: ValueRecord) -> Value:
    days = [KindDays(kind=kind, numbers=numbers) for kind, numbers in sorted(record.days.items())]
    newest = dt.datetime.fromtimestamp(record.watermark / 1000, dt.UTC)
    return Value(
        id=record.id, committee_id=record.committee_id, indicator=record.indicator, month=record.month, days=days,
        joint_ids=record.joint_ids, watermark=newest, computed_at=record.computed_at,
    )  # fmt: skip
