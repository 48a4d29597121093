"""People and units in GraphQL: what can be asked, and what can be done."""

import datetime as dt
from dataclasses import replace
from typing import Any

import strawberry

from sync.contract.asking.cursors import Cursor
from sync.contract.errors import Code, Refusal
from sync.contract.ids import Id
from sync.contract.shapes.members import MembershipEnding, UnitKind, UnitOrder
from sync.contract.visibility import Visible
from tenant_service.graph.context import Context, Info
from tenant_service.graph.inputs import ShareInput, given, plain, shares_of
from tenant_service.graph.lists import Connection
from tenant_service.graph.looked_at import charge, charge_all, counted
from tenant_service.graph.types import Home, Merge, shown
from tenant_service.identity.policy import UseCase
from tenant_service.members import (
    address_book,
    body_queries,
    body_service,
    membership_service,
    offer_queries,
    offer_service,
    queries,
    segment_service,
    service,
    unit_service,
)
from tenant_service.members import linking_queries as linking
from tenant_service.members.graphql_types import (
    Body,
    BodyFilter,
    BodyInput,
    ContactPair,
    ContactReach,
    DecisionInput,
    Member,
    MemberCounts,
    MemberFilter,
    MemberGroups,
    MemberShare,
    Membership,
    MembershipFilter,
    MembershipInput,
    PartyCount,
    Person,
    PersonInput,
    PostingReach,
    SectorCount,
    Segment,
    TagCount,
    TownCount,
    Unit,
    UnitFilter,
    UnitInput,
    found_person,
    today,
)
from tenant_service.members.models import SegmentRow

PUBLIC, PARENT, TENANT = Visible.PUBLIC, Visible.PARENT, Visible.TENANT


@strawberry.type
class MemberQuery:
    @shown(PUBLIC, "Units, one page; of other committees those they share.", directives=[Merge(by="orderBy")])
    def units(
        self, info: Info, where: UnitFilter | None = strawberry.UNSET, first: int = 20,
        order_by: UnitOrder = UnitOrder.SORT_KEY_ASC, after: Cursor | None = strawberry.UNSET,
    ) -> Connection[Unit]:  # fmt: skip
        context, wanted = info.context, where.wanted() if where else queries.UnitsWanted()
        found = queries.units(
            context.unit.session, context.actor, wanted, order_by, first, after or None, context.owners
        )
        return Connection(page=found)

    @shown(PUBLIC, "One unit.")
    def unit(self, info: Info, id: Id) -> Unit | None:
        return queries.unit(info.context.unit.session, info.context.actor, id)  # type: ignore[return-value]

    @shown(TENANT, "委员通讯录, for this committee's members and staff.", directives=[Home()])
    def members(
        self, info: Info, where: MemberFilter | None = strawberry.UNSET, first: int = 20,
        after: Cursor | None = strawberry.UNSET,
    ) -> Connection[Member]:  # fmt: skip
        context, wanted = info.context, where.wanted() if where else address_book.Wanted()
        found = address_book.members(context.unit.session, context.actor, wanted, today(context), first, after or None)
        return Connection(page=counted(context, found))

    @shown(TENANT, "Everybody on the list, for the office.", directives=[Home()])
    def persons(
        self, info: Info, where: MemberFilter | None = strawberry.UNSET, first: int = 20,
        after: Cursor | None = strawberry.UNSET,
    ) -> Connection[Person]:  # fmt: skip
        context, wanted = info.context, where.wanted() if where else address_book.Wanted()
        found = address_book.persons(context.unit.session, context.actor, wanted, today(context), first, after or None)
        return Connection(page=counted(context, found))

    @shown(TENANT, "One person; null to all who may not look the person up.")
    def person(self, info: Info, id: Id) -> Person | None:
        found = found_person(info.context, id)
        charge(info.context, [found])
        return found  # type: ignore[return-value]

    @shown(TENANT, "Who is or was what, for the office.", directives=[Home()])
    def memberships(
        self, info: Info, where: MembershipFilter | None = strawberry.UNSET, first: int = 20,
        after: Cursor | None = strawberry.UNSET,
    ) -> Connection[Membership]:  # fmt: skip
        context, wanted = info.context, given(where) if where else dict[str, Any]()
        found = address_book.memberships(
            context.unit.session, context.actor, wanted.get("person_id"), wanted.get("unit_id"), wanted.get("kind"),
            first, after or None,
        )  # fmt: skip
        return Connection(page=counted(context, found))

    @shown(TENANT, "Bodies that the committee works with, for the office.", directives=[Home()])
    def bodies(
        self, info: Info, name: str | None = strawberry.UNSET, first: int = 20,
        after: Cursor | None = strawberry.UNSET, where: BodyFilter | None = strawberry.UNSET,
    ) -> Connection[Body]:  # fmt: skip
        context, wanted = info.context, where.wanted() if where else body_queries.Wanted()
        wanted = replace(wanted, name=name) if name else wanted
        found = body_queries.listed(
            context.unit.session, context.actor, wanted, today(context), first, after or None
        )  # fmt: skip
        return Connection(page=found)

    @shown(
        TENANT, "Bodies of other committees that take this committee's assignments, for the office and the 交办单位.",
        directives=[Home()],
    )  # fmt: skip
    def offered_bodies(self, info: Info) -> list[Body]:
        context = info.context
        if not (context.actor.sees_work or context.actor.may(UseCase.HAND_OVER)):
            return []
        return offer_queries.offered(  # type: ignore[return-value]
            context.unit.session, context.directory, context.actor.committee, today(context)
        )

    @shown(TENANT, "标签墙: every tag and how many people have it.", directives=[Home()])
    def tags(self, info: Info) -> list[TagCount]:
        wall = address_book.tags(info.context.unit.session, info.context.actor)
        return [TagCount(tag=tag, count=count) for tag, count in wall]

    @shown(TENANT, "一对一联系: who is in touch with whom today, for the office.", directives=[Home()])
    def contact_pairs(self, info: Info) -> list[ContactPair]:
        context = info.context
        found = linking.pairs(context.unit.session, context.actor, today(context))
        charge_all(context, found)
        return [ContactPair(**{name: getattr(each, name) for name in _PAIR}) for each in found]

    @shown(TENANT, "How far one-to-one contacts reach today, for the office.", directives=[Home()])
    def contact_reach(self, info: Info) -> ContactReach:
        context = info.context
        return ContactReach(**vars(linking.in_touch(context.unit.session, context.actor, today(context))))

    @shown(TENANT, "How many towns, communities or grids somebody is posted to today.", directives=[Home()])
    def posting_reach(self, info: Info, kind: UnitKind) -> PostingReach:
        context = info.context
        return PostingReach(**vars(linking.reach(context.unit.session, context.actor, kind, today(context))))

    @shown(TENANT, "占比: how many of the members are so.", directives=[Home()])
    def member_share(self, info: Info, where: MemberFilter) -> MemberShare:
        context = info.context
        count, total = linking.share(context.unit.session, context.actor, where.wanted(), today(context))
        return MemberShare(count=count, total=total, share=count / total if total else None)

    @shown(TENANT, "条块点: members by sector, by town, and those with a tag.", directives=[Home()])
    def member_groups(self, info: Info, star: str = "明星委员") -> MemberGroups:
        context = info.context
        found = linking.grouped(context.unit.session, context.actor, today(context), star)
        return MemberGroups(
            total=found.total, stars=found.stars,
            by_sector=[SectorCount(sector=sector, count=count) for sector, count in found.by_sector.items()],
            by_town=[TownCount(town=town, count=count) for town, count in found.by_town.items()],
        )  # fmt: skip

    @shown(TENANT, "名单: questions about members that the office keeps.", directives=[Home()])
    def segments(self, info: Info) -> list[Segment]:
        context = info.context
        return [_segment(context, each) for each in address_book.segments(context.unit.session, context.actor)]

    @shown(PARENT, "How many members a committee has, for its own people and for the committees above it.")
    def member_counts(self, info: Info, id: Id, term: int | None = strawberry.UNSET) -> MemberCounts | None:
        context = info.context
        if id != context.actor.committee:
            raise Refusal(Code.NOT_FOUND)
        found = address_book.counts(context.unit.session, context.actor, today(context), term or None)
        return MemberCounts(
            total=found.total,
            by_sector=[SectorCount(sector=sector, count=count) for sector, count in found.by_sector.items()],
            by_party=[PartyCount(party=party, count=count) for party, count in found.by_party.items()],
        )


@strawberry.type
class MemberMutation:
    @shown(TENANT, "Put a unit into its tree.")
    def add_unit(self, info: Info, key: Id, unit: UnitInput, shares: list[ShareInput]) -> Unit:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "addUnit", key, plain(unit=unit, shares=shares),
            lambda at: unit_service.add_unit(at, context.actor, context.directory, unit.draft(), shares_of(shares)),
        )  # fmt: skip

    @shown(TENANT, "Describe a unit anew.")
    def change_unit(self, info: Info, key: Id, id: Id, unit: UnitInput) -> Unit:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "changeUnit", key, plain(id=id, unit=unit),
            lambda at: unit_service.change_unit(at, context.actor, id, unit.draft()),
        )  # fmt: skip

    @shown(TENANT, "Close a unit; everybody in it is there until that day.")
    def close_unit(self, info: Info, key: Id, id: Id, last: dt.date) -> Unit:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "closeUnit", key, plain(id=id, last=last),
            lambda at: unit_service.close_unit(at, context.actor, id, last),
        )  # fmt: skip

    @shown(TENANT, "Merge a unit into another, from the day after its last.")
    def merge_unit(self, info: Info, key: Id, id: Id, into: Id, last: dt.date) -> Unit:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "mergeUnit", key, plain(id=id, into=into, last=last),
            lambda at: unit_service.merge_unit(at, context.actor, id, into, last),
        )  # fmt: skip

    @shown(TENANT, "Share a unit's name with exactly these.")
    def share_unit(self, info: Info, key: Id, id: Id, shares: list[ShareInput]) -> Unit:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "shareUnit", key, plain(id=id, shares=shares),
            lambda at: unit_service.share_unit(at, context.actor, context.directory, id, shares_of(shares)),
        )  # fmt: skip

    @shown(TENANT, "Put a body on the list.")
    def add_body(self, info: Info, key: Id, body: BodyInput) -> Body:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "addBody", key, plain(body=body),
            lambda at: body_service.add_body(at, context.actor, body.draft()),
        )  # fmt: skip

    @shown(TENANT, "Describe a body anew.")
    def change_body(self, info: Info, key: Id, id: Id, body: BodyInput) -> Body:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "changeBody", key, plain(id=id, body=body),
            lambda at: body_service.change_body(at, context.actor, id, body.draft()),
        )  # fmt: skip

    @shown(TENANT, "Take a body off the list after a day, with the reason; not while it has something in hands.")
    def close_body(self, info: Info, key: Id, id: Id, last: dt.date, reason: str = "") -> Body:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "closeBody", key, plain(id=id, last=last, reason=reason),
            lambda at: body_service.close_body(
                at, context.actor, id, last, reason,
                # Other rooms are reached for only after the rights were looked at.
                lambda session, body: context.services.in_hands(session, body),  # noqa: PLW0108
            ),
        )  # fmt: skip

    @shown(TENANT, "Put a body that was closed on the list again.")
    def reopen_body(self, info: Info, key: Id, id: Id) -> Body:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "reopenBody", key, plain(id=id), lambda at: body_service.reopen_body(at, context.actor, id)
        )

    @shown(TENANT, "承办范围: a body takes the assignments of exactly these: PARENT, a MECHANISM, a PARTNER.")
    def offer_body(self, info: Info, key: Id, id: Id, shares: list[ShareInput]) -> Body:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "offerBody", key, plain(id=id, shares=shares),
            lambda at: offer_service.offer(at, context.actor, context.directory, id, shares_of(shares)),
        )  # fmt: skip

    @shown(TENANT, "Put a person on the list.")
    def add_person(self, info: Info, key: Id, person: PersonInput) -> Person:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "addPerson", key, plain(person=person),
            lambda at: service.add_person(at, context.actor, person.draft()),
        )  # fmt: skip

    @shown(TENANT, "Describe a person anew.")
    def change_person(self, info: Info, key: Id, id: Id, person: PersonInput) -> Person:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "changePerson", key, plain(id=id, person=person),
            lambda at: service.change_person(at, context.actor, id, person.draft()),
        )  # fmt: skip

    @shown(TENANT, "Give a person exactly these tags.")
    def tag_person(self, info: Info, key: Id, id: Id, tags: list[str]) -> Person:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "tagPerson", key, plain(id=id, tags=tags),
            lambda at: service.tag_person(at, context.actor, id, tags),
        )  # fmt: skip

    @shown(TENANT, "Take a person off the list after a day; all memberships end.")
    def part_with_person(self, info: Info, key: Id, id: Id, how: MembershipEnding, last: dt.date) -> Person:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "partWithPerson", key, plain(id=id, how=how, last=last),
            lambda at: service.part_with(at, context.actor, id, how, last),
        )  # fmt: skip

    @shown(TENANT, "Propose what somebody is to be; a meeting confirms it.")
    def propose_membership(self, info: Info, key: Id, membership: MembershipInput) -> Membership:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "proposeMembership", key, plain(membership=membership),
            lambda at: membership_service.propose(at, context.actor, membership.draft()),
        )  # fmt: skip

    @shown(TENANT, "A meeting confirmed what was proposed.")
    def confirm_membership(self, info: Info, key: Id, id: Id, decision: DecisionInput) -> Membership:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "confirmMembership", key, plain(id=id, decision=decision),
            lambda at: membership_service.confirm(at, context.actor, id, decision.decision()),
        )  # fmt: skip

    @shown(TENANT, "Put somebody into a unit or a posting at once.")
    def place_member(self, info: Info, key: Id, membership: MembershipInput) -> Membership:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "placeMember", key, plain(membership=membership),
            lambda at: membership_service.place(at, context.actor, membership.draft()),
        )  # fmt: skip

    @shown(TENANT, "End a membership with its last day: 辞去, 撤销, 停止履职, 届满, 调整, 去世.")
    def end_membership(
        self, info: Info, key: Id, id: Id, how: MembershipEnding, last: dt.date,
        decision: DecisionInput | None = None,
    ) -> Membership:  # fmt: skip
        context, decided = info.context, decision.decision() if decision else None
        return context.perform(  # type: ignore[return-value]
            "endMembership", key, plain(id=id, how=how, last=last, decision=decision),
            lambda at: membership_service.end(at, context.actor, id, how, last, decided),
        )  # fmt: skip

    @shown(TENANT, "名单: keep a question about members under a name.")
    def save_segment(self, info: Info, key: Id, name: str, where: MemberFilter) -> Segment:
        context = info.context
        id = context.perform(
            "saveSegment", key, plain(name=name, where=where),
            lambda at: segment_service.save_segment(at, context.actor, name, where.wanted()).id, kept_as=str,
        )  # fmt: skip
        kept = address_book.segments(context.unit.session, context.actor)
        return next(_segment(context, each) for each in kept if each.id == id)

    @shown(TENANT, "Forget a name; its id.")
    def remove_segment(self, info: Info, key: Id, id: Id) -> Id:
        context = info.context
        done = context.perform(
            "removeSegment", key, plain(id=id),
            lambda at: segment_service.remove_segment(at, context.actor, id), kept_as=str,
        )  # fmt: skip
        return Id(done)


_PAIR = ("id", "person_id", "person", "with_person_id", "with_person", "since")


def _segment(context: Context, row: SegmentRow) -> Segment:
    wanted = segment_service.wanted_of(row)
    found = address_book.members(context.unit.session, context.actor, wanted, today(context), 1, None)
    return Segment(id=Id(row.id), name=row.name, count=found.count())
