"""Figures in GraphQL: what can be asked, and what can be done with totals from before the platform."""

import datetime as dt
from collections.abc import Callable
from typing import Any, cast

import strawberry

from sync.contract.channels import deepest
from sync.contract.errors import Code, Refusal
from sync.contract.ids import Id
from sync.contract.shapes.values import IndicatorCode, ValueRecord
from sync.contract.visibility import Visible, told_to
from tenant_service.counting.figures import Counting
from tenant_service.graph.context import Context, Info
from tenant_service.graph.inputs import plain
from tenant_service.graph.types import Home, Internal, JSONObject, shown
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.statistics import figures_queries, queries
from tenant_service.statistics import opening_queries as openings
from tenant_service.statistics import opening_service as service
from tenant_service.statistics.graphql_types import (
    Figure,
    From,
    Opening,
    OpeningFilter,
    OpeningInput,
    OwnShare,
    Value,
    figure,
    opening,
    own_share,
)
from tenant_service.statistics.opening_rules import Days
from tenant_service.storage.unit_of_work import Unit

FEDERATION, TENANT = Visible.FEDERATION, Visible.TENANT
MOST_DAYS = figures_queries.MOST_DAYS


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

    @shown(
        TENANT, "本会统计: indicators of some days, what of them is 汇总导入 told apart; for people of the committee.",
        directives=[Home()],
    )  # fmt: skip
    def figures(self, info: Info, indicators: list[IndicatorCode], from_: From, to: dt.date) -> list[Figure]:
        context = info.context
        context.actor.require(UseCase.SEE_WORK)
        found = figures_queries.figures(context.unit, context.services.counting, indicators, from_, to)
        return list(map(figure, found))

    @shown(
        TENANT, "占比: what an indicator, or one kind or theme of it, is of another one, or of all of it.",
        directives=[Home()],
    )  # fmt: skip
    def share(
        self, info: Info, of: IndicatorCode, from_: From, to: dt.date, kind: str | None = None,
        over: IndicatorCode | None = None,
    ) -> OwnShare:  # fmt: skip
        context = info.context
        context.actor.require(UseCase.SEE_WORK)
        days = Days(from_, to)
        found = figures_queries.share(context.unit, context.services.counting, of, kind, over or of, days)
        return own_share(found, days, context.unit.now)

    @shown(
        TENANT, "期初数: totals from before the platform, the newest days first; for the office.", directives=[Home()]
    )
    def openings(self, info: Info, where: OpeningFilter | None = strawberry.UNSET) -> list[Opening]:
        context = info.context
        context.actor.require(UseCase.SEE_WORK)
        wanted = where.wanted() if where else openings.Wanted()
        return list(map(opening, openings.entries(context.unit.session, wanted)))

    @shown(TENANT, "启用日期: the first day that rows count; null: nobody chose it.", directives=[Home()])
    def platform_start(self, info: Info) -> dt.date | None:
        info.context.actor.require(UseCase.SEE_WORK)
        return openings.start(info.context.unit.session)


@strawberry.type
class StatisticsMutation:
    @shown(TENANT, "录入期初数: it counts when it is signed.")
    def enter_opening(self, info: Info, key: Id, opening: OpeningInput) -> Opening:
        counting = _counting(info, UseCase.EDIT_OPENINGS)
        return _act(
            info, "enterOpening", key, plain(opening=opening),
            lambda unit, who: service.enter(unit, who, counting, opening.draft()),
        )  # fmt: skip

    @shown(TENANT, "Describe a total anew that is not signed.")
    def redraft_opening(self, info: Info, key: Id, id: Id, opening: OpeningInput) -> Opening:
        counting = _counting(info, UseCase.EDIT_OPENINGS)
        return _act(
            info, "redraftOpening", key, plain(id=id, opening=opening),
            lambda unit, who: service.redraft(unit, who, counting, id, opening.draft()),
        )  # fmt: skip

    @shown(TENANT, "更正: an entry of its own says by how much a signed total was wrong; `total` is the right one.")
    def correct_opening(self, info: Info, key: Id, id: Id, total: int, paper: str, reason: str) -> Opening:
        told = plain(id=id, total=total, paper=paper, reason=reason)
        return _act(
            info, "correctOpening", key, told, lambda unit, who: service.correct(unit, who, id, total, paper, reason)
        )

    @shown(TENANT, "送审.")
    def submit_opening(self, info: Info, key: Id, id: Id) -> Opening:
        return _act(info, "submitOpening", key, plain(id=id), lambda unit, who: service.submit(unit, who, id))

    @shown(TENANT, "作废: a total that was never signed is not there any more; its id.")
    def discard_opening(self, info: Info, key: Id, id: Id) -> Id:
        context = info.context
        done = context.perform(
            "discardOpening", key, plain(id=id), lambda unit: service.discard(unit, context.actor, id), kept_as=str
        )
        return Id(done)

    @shown(TENANT, "退回, with the reason.")
    def send_back_opening(self, info: Info, key: Id, id: Id, reason: str) -> Opening:
        told = plain(id=id, reason=reason)
        return _act(info, "sendBackOpening", key, told, lambda unit, who: service.send_back(unit, who, id, reason))

    @shown(TENANT, "签发; `unclassified` confirms 已经保密审查，不涉密.")
    def sign_off_opening(self, info: Info, key: Id, id: Id, unclassified: bool) -> Opening:  # noqa: FBT001
        counting = _counting(info, UseCase.SIGN_OFF_OPENINGS)
        return _act(
            info, "signOffOpening", key, plain(id=id, unclassified=unclassified),
            lambda unit, who: service.sign_off(unit, who, counting, id, unclassified=unclassified),
        )  # fmt: skip

    @shown(TENANT, "撤回: a signed total and its corrections count no more; they stay to be read, with the reason.")
    def withdraw_opening(self, info: Info, key: Id, id: Id, reason: str) -> Opening:
        told = plain(id=id, reason=reason)
        return _act(info, "withdrawOpening", key, told, lambda unit, who: service.withdraw(unit, who, id, reason))

    @shown(TENANT, "启用日期: from that day on rows count, and totals end before it.")
    def choose_platform_start(self, info: Info, key: Id, day: dt.date) -> dt.date:
        context = info.context
        return context.perform(
            "choosePlatformStart", key, plain(day=day),
            lambda unit: service.choose_start(unit, context.actor, day), kept_as=dt.date,
        )  # fmt: skip


def _counting(info: Info, use: UseCase) -> Counting:
    """How the rooms count, for whoever may. Raises: Refusal NOT_SIGNED_IN, FORBIDDEN."""
    info.context.actor.require(use)
    return info.context.services.counting


def _act(info: Info, name: str, key: Id, told: dict[str, Any], act: Callable[[Unit, Actor], str]) -> Opening:
    """The total after what its caller does; asked twice under one key, it is done once."""
    context = info.context
    id = context.perform(name, key, told, lambda unit: act(unit, context.actor), kept_as=str)
    return opening(openings.one(context.unit.session, id))


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
