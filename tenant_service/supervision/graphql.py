"""Campaigns in GraphQL: what can be asked, and what can be done."""

import datetime as dt

import strawberry

from sync.contract.asking.cursors import Cursor
from sync.contract.ids import Id
from sync.contract.instants import day_of
from sync.contract.shapes.supervision import CampaignOrder
from sync.contract.visibility import Visible
from tenant_service.graph.context import Info
from tenant_service.graph.inputs import plain
from tenant_service.graph.lists import Connection
from tenant_service.graph.mutations import DescribedMutations, perform
from tenant_service.graph.types import Home, Merge, shown
from tenant_service.identity.policy import UseCase
from tenant_service.members import posting_queries as postings
from tenant_service.supervision import queries, service
from tenant_service.supervision.graphql_types import Campaign, CampaignFilter, CampaignInput, Posting

PUBLIC, TENANT = Visible.PUBLIC, Visible.TENANT


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


CAMPAIGNS = DescribedMutations(Campaign, "campaign", CampaignInput)


@strawberry.type
class SupervisionMutation:
    plan_campaign = CAMPAIGNS.new("筹备: write a campaign's plan down.", service.plan)
    redraft_campaign = CAMPAIGNS.anew("Describe a plan anew that is not signed.", service.redraft)
    discard_campaign = CAMPAIGNS.act(
        "作废: a plan that was never signed is not there any more; as it was.", service.discard
    )
    submit_campaign = CAMPAIGNS.act("送审.", service.submit)
    send_back_campaign = CAMPAIGNS.act_because("退回, with the reason.", service.send_back)
    sign_off_campaign = CAMPAIGNS.sign_off(
        "签发监督方案; `unclassified` confirms 已经保密审查，不涉密.", service.sign_off
    )

    @shown(TENANT, "启动, on a day that is not to come; today if none is named.")
    def begin_campaign(self, info: Info, key: Id, id: Id, day: dt.date | None = None) -> Campaign:
        told = plain(id=id, day=day)
        return perform(info, key, told, lambda unit, who: service.begin(unit, who, id, day))  # type: ignore[return-value]

    @shown(TENANT, "Write the report; it is told when the campaign is closed.")
    def write_campaign_report(self, info: Info, key: Id, id: Id, text: str) -> Campaign:
        told = plain(id=id, text=text)
        return perform(info, key, told, lambda unit, who: service.write_report(unit, who, id, text))  # type: ignore[return-value]

    close_campaign = CAMPAIGNS.sign_off(
        "办结, by whoever signs; `unclassified` confirms 已经保密审查，不涉密.", service.close
    )
    cancel_campaign = CAMPAIGNS.act_because("取消, with the reason.", service.cancel)
    share_campaign = CAMPAIGNS.share("Share a campaign with exactly these.", service.share)
