"""Figures and totals from before the platform in GraphQL: types and inputs."""

import datetime as dt
from typing import Annotated, Any

import strawberry

from sync.contract.ids import Id
from sync.contract.shapes.values import INDICATORS, IndicatorCode, ValueRecord
from sync.contract.shares import in_words, percent
from sync.contract.visibility import Visible, visible
from tenant_service.graph.context import Info
from tenant_service.graph.inputs import given
from tenant_service.graph.types import JSONObject, contract_enum, shown
from tenant_service.identity import accounts
from tenant_service.signing.rules import Approval
from tenant_service.statistics import figures_queries
from tenant_service.statistics import opening_queries as openings
from tenant_service.statistics.figures_queries import OwnFigure
from tenant_service.statistics.models import OpeningRow
from tenant_service.statistics.opening_rules import Days
from tenant_service.statistics.opening_service import Draft

TENANT = Visible.TENANT
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


@strawberry.type(description="汇总导入: a total from before the platform, less what rows tell of its days.")
class OwnTotal:
    since: dt.date = visible(TENANT, "First day.")
    until: dt.date = visible(TENANT, "Last day.")
    kind: str | None = visible(TENANT, "Code of the kind; null where it is not told by kind.")
    number: int = visible(TENANT, "How many that no row tells.")


@strawberry.type(description="本会统计: one indicator of some days, as this committee counts it itself.")
class Figure:
    code: IndicatorCode = visible(TENANT, "Which indicator.")
    value: int = visible(TENANT, "How many: of a stock on the last day, else in all days.")
    imported: int = visible(TENANT, "Of these, totals from before the platform: no row stands behind them.")
    left_out: list[OwnTotal] = visible(TENANT, "Such totals that only some of the days are about, so not in the value.")
    by_kind: JSONObject = visible(TENANT, "Code of the kind → how many; empty where totals are not told by kind.")
    unit: str = visible(TENANT, "计量单位, such as 场次.")


@strawberry.type(description="占比: what a part of the committee's work is of the whole, both of the same days.")
class OwnShare:
    numerator: int = visible(TENANT, "The part.")
    denominator: int = visible(TENANT, "The whole.")
    percent: int | None = visible(TENANT, "Whole percents, a half rounded up; null where that would be a guess.")
    imported: list[int] = visible(TENANT, "Of part and whole, what is 汇总导入.")
    since: dt.date = visible(TENANT, "First day of both.")
    until: dt.date = visible(TENANT, "Last day of both.")
    counted_at: dt.datetime = visible(TENANT, "When both were counted.")
    text: str = visible(TENANT, "The same in words: 22/34，占65%.")


def own_share(told: figures_queries.OwnShare, days: Days, now: dt.datetime) -> OwnShare:
    part, whole = told.numerator, told.denominator
    return OwnShare(
        numerator=part, denominator=whole, percent=percent(part, whole) if told.is_known else None,
        imported=list(told.imported), since=days.since, until=days.until, counted_at=now,
        text=in_words(part, whole, is_known=told.is_known),
    )  # fmt: skip


def figure(told: OwnFigure) -> Figure:
    left_out = [
        OwnTotal(since=each.total.days.since, until=each.total.days.until, kind=each.total.kind or None,
                 number=each.number)
        for each in told.left_out
    ]  # fmt: skip
    return Figure(
        code=told.code, value=told.value, imported=told.imported, left_out=left_out, by_kind=JSONObject(told.by_kind),
        unit=INDICATORS[told.code].unit,
    )  # fmt: skip


@strawberry.type(description="期初数: a total from before the platform, as a paper tells it.")
class Opening:
    row: strawberry.Private[OpeningRow]
    id: Id = visible(TENANT, "Its id.")
    indicator: IndicatorCode = visible(TENANT, "What it counts.")
    kind: str | None = visible(TENANT, "Code of the kind; null where the paper does not tell it by kind.")
    since: dt.date = visible(TENANT, "First day.")
    until: dt.date = visible(TENANT, "Last day.")
    total: int = visible(TENANT, "How many; of a correction, by how much the total was wrong.")
    paper: str = visible(TENANT, "文号或统计表: the paper that says so.")
    approval: Approval = visible(TENANT, "审签: it counts when it is signed.")
    returned_because: str | None = visible(TENANT, "Why it was sent back.")
    corrects_id: Id | None = visible(TENANT, "The total that it puts right.")
    because: str | None = visible(TENANT, "Why it puts it right.")
    withdrawn_because: str | None = visible(TENANT, "Why it was withdrawn; null: it was not.")
    entered_at: dt.datetime = visible(TENANT, "When.")
    signed_at: dt.datetime | None = visible(TENANT, "When it was signed.")

    @shown(TENANT, "Who entered it, by name.")
    def entered_by(self, info: Info) -> str | None:
        return accounts.named(info.context.unit.session, {self.row.drafted_by}).get(self.row.drafted_by)

    @shown(TENANT, "The total with every correction of it that was signed.")
    def comes_to(self, info: Info) -> int:
        return openings.comes_to(info.context.unit.session, self.row)


def opening(row: OpeningRow) -> Opening:
    return Opening(
        row=row, id=Id(row.id), indicator=row.indicator, kind=row.kind or None, since=row.since, until=row.until,
        total=row.number, paper=row.source, approval=row.approval, returned_because=row.returned_because,
        corrects_id=Id(row.corrects_id) if row.corrects_id else None, because=row.because,
        withdrawn_because=row.withdrawn_because, entered_at=row.entered_at, signed_at=row.signed_at,
    )  # fmt: skip


@strawberry.input(description="Which totals; everything given must hold.")
class OpeningFilter:
    indicator: IndicatorCode | None = strawberry.UNSET
    approval: Approval | None = strawberry.UNSET
    is_withdrawn: bool | None = strawberry.UNSET

    def wanted(self) -> openings.Wanted:
        return openings.Wanted(**given(self))


@strawberry.input(description="A total as a paper tells it, of days that are over before the platform.")
class OpeningInput:
    indicator: IndicatorCode
    since: dt.date
    until: dt.date
    total: int
    paper: str = strawberry.field(description="文号或统计表: the paper that says so.")
    kind: str | None = strawberry.field(default=None, description="Code of the kind, where the paper tells it.")

    def draft(self) -> Draft:
        return Draft(self.indicator, Days(self.since, self.until), self.total, self.paper, self.kind or "")
