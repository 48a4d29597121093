"""Campaigns in GraphQL: what can be asked, and what can be done."""

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeVar

import strawberry

from sync.contract.asking.cursors import Cursor
from sync.contract.ids import Id
from sync.contract.instants import day_of
from sync.contract.shapes.supervision import CampaignOrder
from sync.contract.visibility import Visible
from tenant_service.graph.context import Info
from tenant_service.graph.inputs import ShareInput, plain, shares_of
from tenant_service.graph.lists import Connection
from tenant_service.graph.types import Home, Merge, shown
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.members import posting_queries as postings
from tenant_service.storage.unit_of_work import Unit
from tenant_service.supervision import queries, service
from tenant_service.supervision.graphql_types import Campaign, CampaignFilter, CampaignInput, Posting

PUBLIC, TENANT = Visible.PUBLIC, Visible.TENANT
T = TypeVar("T")


@strawberry.type
class SupervisionQuery:
    @shown(PUBLIC, "Campaigns of supervision, one page.", directives=[Merge(by="orderBy")])
    def campaigns(
        self, info: Info, where: CampaignFilter | None = strawberry.UNSET, first: int = 20,
        order_by: CampaignOrder = CampaignOrder.YEAR_DESC, after: Cursor | None = strawberry.UNSET,
    ) -> Connection[Campaign]:  # fmt: skip
        context, wanted = info.context, where.wanted() if where else queries.Wanted()
        found = queries.listed(
            context.unit.session, context.actor, wanted, order_by, first, after or None, context.owners
        )
        return Connection(page=found)

    @shown(PUBLIC, "One campaign.")
    def campaign(self, info: Info, id: Id) -> Campaign | None:
        return queries.one(info.context.unit.session, info.context.actor, id)  # type: ignore[return-value]

    @shown(
        TENANT,
        "派驻民主监督员: who is posted where on a day, today if none is named; for the office.",
        directives=[Home()],
    )
    def postings(self, info: Info, on: dt.date | None = strawberry.UNSET) -> list[Posting]:
        context = info.context
        context.actor.require(UseCase.SEE_WORK)
        found = postings.posted(context.unit.session, on or day_of(context.unit.now))
        return [Posting(**vars(each)) for each in found]


@strawberry.type
class SupervisionMutation:
    @shown(TENANT, "筹备: write a campaign's plan down.")
    def plan_campaign(self, info: Info, key: Id, campaign: CampaignInput, shares: list[ShareInput]) -> Campaign:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "planCampaign", key, plain(campaign=campaign, shares=shares),
            lambda unit: service.plan(unit, context.actor, context.directory, campaign.draft(), shares_of(shares)),
        )  # fmt: skip

    @shown(TENANT, "Describe a plan anew that is not signed.")
    def redraft_campaign(
        self, info: Info, key: Id, id: Id, campaign: CampaignInput, shares: list[ShareInput]
    ) -> Campaign:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "redraftCampaign", key, plain(id=id, campaign=campaign, shares=shares),
            lambda unit: service.redraft(
                unit, context.actor, context.directory, id, campaign.draft(), shares_of(shares)
            ),
        )  # fmt: skip

    @shown(TENANT, "作废: a plan that was never signed is not there any more; as it was.")
    def discard_campaign(self, info: Info, key: Id, id: Id) -> Campaign:
        return _act(info, "discardCampaign", key, plain(id=id), lambda unit, who: service.discard(unit, who, id))  # type: ignore[return-value]

    @shown(TENANT, "送审.")
    def submit_campaign(self, info: Info, key: Id, id: Id) -> Campaign:
        return _act(info, "submitCampaign", key, plain(id=id), lambda unit, who: service.submit(unit, who, id))  # type: ignore[return-value]

    @shown(TENANT, "退回, with the reason.")
    def send_back_campaign(self, info: Info, key: Id, id: Id, reason: str) -> Campaign:
        told = plain(id=id, reason=reason)
        return _act(info, "sendBackCampaign", key, told, lambda unit, who: service.send_back(unit, who, id, reason))  # type: ignore[return-value]

    @shown(TENANT, "签发监督方案; `unclassified` confirms 已经保密审查，不涉密.")
    def sign_off_campaign(self, info: Info, key: Id, id: Id, unclassified: bool) -> Campaign:  # noqa: FBT001
        return _act(  # type: ignore[return-value]
            info, "signOffCampaign", key, plain(id=id, unclassified=unclassified),
            lambda unit, who: service.sign_off(unit, who, id, unclassified=unclassified),
        )  # fmt: skip

    @shown(TENANT, "启动, on a day that is not to come; today if none is named.")
    def begin_campaign(self, info: Info, key: Id, id: Id, day: dt.date | None = None) -> Campaign:
        told = plain(id=id, day=day)
        return _act(info, "beginCampaign", key, told, lambda unit, who: service.begin(unit, who, id, day))  # type: ignore[return-value]

    @shown(TENANT, "Write the report; it is told when the campaign is closed.")
    def write_campaign_report(self, info: Info, key: Id, id: Id, text: str) -> Campaign:
        told = plain(id=id, text=text)
        return _act(info, "writeCampaignReport", key, told, lambda unit, who: service.write_report(unit, who, id, text))  # type: ignore[return-value]

    @shown(TENANT, "办结, by whoever signs; `unclassified` confirms 已经保密审查，不涉密.")
    def close_campaign(self, info: Info, key: Id, id: Id, unclassified: bool) -> Campaign:  # noqa: FBT001
        return _act(  # type: ignore[return-value]
            info, "closeCampaign", key, plain(id=id, unclassified=unclassified),
            lambda unit, who: service.close(unit, who, id, unclassified=unclassified),
        )  # fmt: skip

    @shown(TENANT, "取消, with the reason.")
    def cancel_campaign(self, info: Info, key: Id, id: Id, reason: str) -> Campaign:
        told = plain(id=id, reason=reason)
        return _act(info, "cancelCampaign", key, told, lambda unit, who: service.cancel(unit, who, id, reason))  # type: ignore[return-value]

    @shown(TENANT, "Share a campaign with exactly these.")
    def share_campaign(self, info: Info, key: Id, id: Id, shares: list[ShareInput]) -> Campaign:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "shareCampaign", key, plain(id=id, shares=shares),
            lambda unit: service.share(unit, context.actor, context.directory, id, shares_of(shares)),
        )  # fmt: skip


def _act(info: Info, name: str, key: Id, told: dict[str, Any], act: Callable[[Unit, Actor], T]) -> T:
    """The campaign after what its caller does; asked twice under one key, it is done once."""
    context = info.context
    return context.perform(name, key, told, lambda unit: act(unit, context.actor))
