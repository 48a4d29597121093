"""Activities in GraphQL."""

import datetime as dt
from typing import Any

import strawberry

from sync.contract.asking.cursors import Cursor
from sync.contract.ids import Id
from sync.contract.shapes.activities import (
    ActivityFormat,
    ActivityKind,
    ActivityOrder,
    ActivityPart,
    ActivityRecord,
    ActivityState,
)
from sync.contract.visibility import Visible
from tenant_service.activities import backfill_service, queries, service, starting_service
from tenant_service.graph.context import Info
from tenant_service.graph.inputs import ShareInput, given, plain, shares_of
from tenant_service.graph.lists import Connection, Node
from tenant_service.graph.mutations import DescribedMutations
from tenant_service.graph.types import Merge, contract_enum, record_type, shown
from tenant_service.members import contacts
from tenant_service.signing.rules import Approval
from tenant_service.storage.unit_of_work import Unit
from tenant_service.venues import queries as venues
from tenant_service.venues.graphql import Venue

PUBLIC, FEDERATION, TENANT = Visible.PUBLIC, Visible.FEDERATION, Visible.TENANT
for each in (ActivityKind, ActivityFormat, ActivityPart, ActivityState, ActivityOrder, Approval):
    contract_enum(each)


@record_type
class Activity(ActivityRecord, Node):
    @shown(PUBLIC, "Venue, if it has one that the caller may see.")
    def venue(self, info: Info) -> Venue | None:
        if self.venue_id is None:
            return None
        return venues.one(info.context.unit.session, info.context.actor, self.venue_id)  # type: ignore[return-value]

    @shown(TENANT, "审签: where it stands before it may leave; null in other committees.")
    def approval(self, info: Info) -> Approval | None:
        row = queries.at_work(info.context.unit.session, info.context.actor, self.id)
        return row.approval if row else None

    @shown(TENANT, "Why it was sent back.")
    def returned_because(self, info: Info) -> str | None:
        row = queries.at_work(info.context.unit.session, info.context.actor, self.id)
        return row.returned_because if row else None

    @shown(TENANT, "联系人, for the office; never leaves this committee.")
    def contact_name(self, info: Info) -> str | None:
        row = queries.at_work(info.context.unit.session, info.context.actor, self.id)
        return row.contact_name if row else None

    @shown(TENANT, "联系人电话, for the office; a person's is masked (`138****5678`), `reveal` shows it for a reason.")
    def contact_phone(self, info: Info) -> str | None:
        unit, actor = info.context.unit, info.context.actor
        row = queries.at_work(unit.session, actor, self.id)
        return contacts.phone(unit, actor, row.contact_phone) if row else None


@strawberry.input(description="Which activities; everything given must hold.")
class ActivityFilter:
    kinds: list[ActivityKind] | None = strawberry.UNSET
    states: list[ActivityState] | None = strawberry.UNSET
    approvals: list[Approval] | None = strawberry.field(default=strawberry.UNSET, description="Own staff only.")
    since: dt.datetime | None = strawberry.field(default=strawberry.UNSET, description="Begins at or after.")
    until: dt.datetime | None = strawberry.field(default=strawberry.UNSET, description="Begins before.")
    venue_id: Id | None = strawberry.UNSET
    mechanism_id: Id | None = strawberry.UNSET
    hosted_by: Id | None = strawberry.field(
        default=strawberry.UNSET, description="Joint ones of this host as well as its own."
    )
    text: str | None = strawberry.field(default=strawberry.UNSET, description="Words of the title or the place.")
    series: str | None = strawberry.UNSET
    parent_id: Id | None = strawberry.field(default=strawberry.UNSET, description="Parts of this meeting.")

    def wanted(self) -> queries.Wanted:
        return queries.Wanted(**given(self))


@strawberry.input(description="An activity as a clerk describes it.")
class ActivityInput:
    title: str
    kind: ActivityKind
    starts_at: dt.datetime
    place: str
    organizer: str = ""
    format: ActivityFormat = ActivityFormat.ONSITE
    ends_at: dt.datetime | None = None
    venue_id: Id | None = None
    host_ids: list[Id] = strawberry.field(default_factory=list, description="The other hosts.")
    mechanism_id: Id | None = None
    series: str | None = None
    issue_no: int | None = None
    capacity: int | None = None
    sign_up_until: dt.datetime | None = None
    contact_name: str | None = strawberry.field(default=None, description="Never leaves this committee.")
    contact_phone: str | None = strawberry.field(default=None, description="Never leaves this committee.")
    parent_id: Id | None = strawberry.field(default=None, description="Meeting of which it is a part.")
    part: ActivityPart | None = None
    recurrence: str | None = strawberry.field(
        default=None, description="An RRULE: `FREQ=MONTHLY;BYMONTHDAY=25` or `FREQ=WEEKLY;BYDAY=FR`."
    )

    def draft(self) -> service.Draft:
        told: dict[str, Any] = vars(self) | {"host_ids": tuple(self.host_ids)}
        return service.Draft(**told)


@strawberry.input(description="办结情况: what came of an activity.")
class ReportInput:
    headcount: int = strawberry.field(description="Public present beside the members.")
    leader_present: bool
    suggestions: list[str] = strawberry.field(default_factory=list)
    text: str = ""
    members_present: int | None = strawberry.field(
        default=None, description="Counts only where nobody was checked in by name."
    )

    def report(self) -> service.Report:
        told: dict[str, Any] = vars(self) | {"suggestions": tuple(self.suggestions)}
        return service.Report(**told)


@strawberry.type
class ActivityQuery:
    @shown(PUBLIC, "Activities, one page.", directives=[Merge(by="orderBy")])
    def activities(
        self, info: Info, where: ActivityFilter | None = strawberry.UNSET, first: int = 20,
        order_by: ActivityOrder = ActivityOrder.STARTS_AT_DESC, after: Cursor | None = strawberry.UNSET,
    ) -> Connection[Activity]:  # fmt: skip
        context, wanted = info.context, where.wanted() if where else queries.Wanted()
        found = queries.listed(
            context.unit.session, context.actor, wanted, order_by, first, after or None, context.owners
        )
        return Connection(page=found)

    @shown(PUBLIC, "One activity.")
    def activity(self, info: Info, id: Id) -> Activity | None:
        return queries.one(info.context.unit.session, info.context.actor, id)  # type: ignore[return-value]


@strawberry.type
class ActivitiesOfCommittee:
    @shown(PUBLIC, "Its activities, newest first.")
    def activities(
        self: Any, info: Info, where: ActivityFilter | None = strawberry.UNSET, first: int = 20
    ) -> list[Activity]:
        context, order = info.context, ActivityOrder.STARTS_AT_DESC
        wanted = where.wanted() if where else queries.Wanted()
        owners = context.owners_of(self.id)
        return queries.listed(context.unit.session, context.actor, wanted, order, first, None, owners).rows


ACTIVITIES = DescribedMutations(Activity, "activity", ActivityInput)


@strawberry.type
class ActivityMutation:
    @shown(TENANT, "发起云会议: a member words a meeting online, or online and onsite, which waits for whoever signs.")
    def start_meeting(self, info: Info, key: Id, activity: ActivityInput) -> Activity:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "startMeeting", key, plain(activity=activity),
            lambda unit: starting_service.start(unit, context.actor, context.directory, activity.draft()),
        )  # fmt: skip

    @shown(TENANT, "按周期拟后续场次: drafts of what is held again by its rule, up to that day; how many.")
    def repeat_activity(self, info: Info, key: Id, id: Id, until: dt.date) -> int:
        context = info.context

        def act(unit: Unit) -> int:
            return len(starting_service.repeat(unit, context.actor, context.directory, id, until))

        return context.perform("repeatActivity", key, plain(id=id, until=until), act, kept_as=int)

    @shown(TENANT, "会议材料: whoever is on the list opens what is attached, or does no more.")
    def open_papers(self, info: Info, key: Id, id: Id, are_open: bool) -> Activity:  # noqa: FBT001
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "openPapers", key, plain(id=id, are_open=are_open),
            lambda unit: service.open_papers(unit, context.actor, id, are_open=are_open),
        )  # fmt: skip

    draft_activity = ACTIVITIES.new("拟稿: write an activity down.", service.draft)
    redraft_activity = ACTIVITIES.anew("Describe a draft anew.", service.redraft)

    @shown(TENANT, "Describe and report a backfilled session anew that was sent back.")
    def redraft_backfill(
        self, info: Info, key: Id, id: Id, activity: ActivityInput, report: ReportInput, reason: str,
        shares: list[ShareInput],
    ) -> Activity:  # fmt: skip
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "redraftBackfill", key, plain(id=id, activity=activity, report=report, reason=reason, shares=shares),
            lambda unit: backfill_service.redraft_backfill(
                unit, context.actor, context.directory, id, activity.draft(), report.report(), reason,
                shares_of(shares),
            ),
        )  # fmt: skip

    discard_activity = ACTIVITIES.act(
        "拟稿作废: what was never signed is not there any more; as it was.", service.discard
    )
    submit_activity = ACTIVITIES.act("送审.", service.submit)
    send_back_activity = ACTIVITIES.act_because("退回, with the reason.", service.send_back)
    sign_off_activity = ACTIVITIES.sign_off(
        "签发: publish; `unclassified` confirms 已经保密审查，不涉密.", service.sign_off
    )

    @shown(TENANT, "Move a published activity to another time or place, with the reason.")
    def change_activity(
        self, info: Info, key: Id, id: Id, note: str, starts_at: dt.datetime | None = None,
        ends_at: dt.datetime | None = None, place: str | None = None,
    ) -> Activity:  # fmt: skip
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "changeActivity", key, plain(id=id, note=note, starts_at=starts_at, ends_at=ends_at, place=place),
            lambda unit: service.change(
                unit, context.actor, id, note, starts_at=starts_at, ends_at=ends_at, place=place
            ),
        )  # fmt: skip

    cancel_activity = ACTIVITIES.act_because("取消, with the reason.", service.cancel)
    share_activity = ACTIVITIES.share("Share an activity with exactly these.", service.share)
    hold_activity = ACTIVITIES.act("Note that it was held; the report may follow.", service.hold)

    @shown(TENANT, "补录: enter a session that was held before, with its report and the reason.")
    def backfill_activity(
        self, info: Info, key: Id, activity: ActivityInput, report: ReportInput, reason: str, shares: list[ShareInput]
    ) -> Activity:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "backfillActivity", key, plain(activity=activity, report=report, reason=reason, shares=shares),
            lambda unit: backfill_service.backfill(
                unit, context.actor, context.directory, activity.draft(), report.report(), reason, shares_of(shares)
            ),
        )  # fmt: skip
