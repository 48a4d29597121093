"""Venues in GraphQL."""

import datetime as dt
from typing import Any

import strawberry

from sync.contract.asking.cursors import Cursor
from sync.contract.ids import Id
from sync.contract.shapes.venues import VenueKind, VenueOrder, VenueRecord, VenueState, VenueType
from sync.contract.visibility import Visible, visible
from tenant_service.graph.context import Info
from tenant_service.graph.inputs import given, plain
from tenant_service.graph.lists import Connection, Node
from tenant_service.graph.mutations import DescribedMutations
from tenant_service.graph.types import Merge, contract_enum, record_type, shown
from tenant_service.members import contacts
from tenant_service.venues import queries, service

PUBLIC, TENANT = Visible.PUBLIC, Visible.TENANT
for each in (VenueKind, VenueType, VenueState, VenueOrder):
    contract_enum(each)


@strawberry.type(description="空间: a room inside a venue.")
class Space:
    id: str = visible(PUBLIC, "By which it is booked.")
    name: str = visible(PUBLIC, "Name.")
    capacity: int = visible(PUBLIC, "Seats.")
    opens: str | None = visible(PUBLIC, "`09:00`, on the clock in Asia/Shanghai; null: always open.")
    closes: str | None = visible(PUBLIC, "`17:00`.")
    weekdays: str = visible(PUBLIC, "Digits of the days on which it is open, Monday is 1; empty: every day.")


@record_type
class Venue(VenueRecord, Node):
    @shown(PUBLIC, "Its rooms and their seats; only the committee that runs it knows them.")
    def spaces(self, info: Info) -> list[Space]:
        return [
            Space(
                id=row.id,
                name=row.name,
                capacity=row.capacity,
                opens=row.opens,
                closes=row.closes,
                weekdays=row.weekdays,
            )
            for row in queries.spaces(info.context.unit.session, self.id)
        ]

    @shown(TENANT, "负责委员: members of ours who answer for it, for the office.")
    def keeper_ids(self, info: Info) -> list[Id] | None:
        session = info.context.unit.session
        row = queries.at_work(session, info.context.actor, self.id)
        return [Id(each) for each in queries.keepers(session, row.id)] if row else None

    @shown(TENANT, "联系人, for the office; never leaves this committee.")
    def contact_name(self, info: Info) -> str | None:
        row = queries.at_work(info.context.unit.session, info.context.actor, self.id)
        return row.contact_name if row else None

    @shown(TENANT, "联系人电话, for the office; a person's is masked (`138****5678`), `reveal` shows it for a reason.")
    def contact_phone(self, info: Info) -> str | None:
        unit, actor = info.context.unit, info.context.actor
        row = queries.at_work(unit.session, actor, self.id)
        return contacts.phone(unit, actor, row.contact_phone) if row else None


@strawberry.input(description="Which venues; everything given must hold.")
class VenueFilter:
    kinds: list[VenueKind] | None = strawberry.UNSET
    types: list[VenueType] | None = strawberry.UNSET
    states: list[VenueState] | None = strawberry.UNSET
    area_id: Id | None = strawberry.field(default=strawberry.UNSET, description="Unit of the town it stands in.")
    parent_id: Id | None = strawberry.field(default=strawberry.UNSET, description="Centre that it belongs to.")
    name: str | None = strawberry.field(default=strawberry.UNSET, description="Part of its name.")

    def wanted(self) -> queries.Wanted:
        return queries.Wanted(**given(self))


@strawberry.input(description="A room inside a venue.")
class SpaceInput:
    name: str
    capacity: int
    opens: str | None = strawberry.field(default=None, description="`09:00`, with `closes`; none: always open.")
    closes: str | None = strawberry.field(default=None, description="`17:00`.")
    weekdays: str = strawberry.field(default="", description="Digits of weekdays, Monday is 1; none: every day.")


@strawberry.input(description="A venue as a clerk describes it.")
class VenueInput:
    name: str
    kind: VenueKind
    address: str
    type: VenueType | None = None
    brand: str | None = None
    area: str | None = None
    area_id: Id | None = None
    opened_on: dt.date | None = None
    parent_id: Id | None = None
    spaces: list[SpaceInput] = strawberry.field(default_factory=list)
    contact_name: str | None = strawberry.field(default=None, description="Never leaves this committee.")
    contact_phone: str | None = strawberry.field(default=None, description="Never leaves this committee.")

    def draft(self) -> service.Draft:
        told: dict[str, Any] = vars(self) | {"spaces": tuple(service.Space(**vars(space)) for space in self.spaces)}
        return service.Draft(**told)


@strawberry.type
class VenueQuery:
    @shown(PUBLIC, "Venues, one page.", directives=[Merge(by="orderBy")])
    def venues(
        self, info: Info, where: VenueFilter | None = strawberry.UNSET, first: int = 20,
        order_by: VenueOrder = VenueOrder.SORT_KEY_ASC, after: Cursor | None = strawberry.UNSET,
    ) -> Connection[Venue]:  # fmt: skip
        context, wanted = info.context, where.wanted() if where else queries.Wanted()
        found = queries.listed(
            context.unit.session, context.actor, wanted, order_by, first, after or None, context.owners
        )
        return Connection(page=found)

    @shown(PUBLIC, "One venue.")
    def venue(self, info: Info, id: Id) -> Venue | None:
        return queries.one(info.context.unit.session, info.context.actor, id)  # type: ignore[return-value]


@strawberry.type
class VenuesOfCommittee:
    @shown(PUBLIC, "Its venues, by name.")
    def venues(self: Any, info: Info, where: VenueFilter | None = strawberry.UNSET, first: int = 20) -> list[Venue]:
        context, order = info.context, VenueOrder.SORT_KEY_ASC
        wanted = where.wanted() if where else queries.Wanted()
        owners = context.owners_of(self.id)
        return queries.listed(context.unit.session, context.actor, wanted, order, first, None, owners).rows


VENUES = DescribedMutations(Venue, "venue", VenueInput)


@strawberry.type
class VenueMutation:
    add_venue = VENUES.new("Put a venue on the list.", service.add)

    @shown(TENANT, "Describe a venue anew.")
    def change_venue(self, info: Info, key: Id, id: Id, venue: VenueInput) -> Venue:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "changeVenue", key, plain(id=id, venue=venue),
            lambda unit: service.change(unit, context.actor, id, venue.draft()),
        )  # fmt: skip

    @shown(TENANT, "Open, pause or close a venue from a day on.")
    def move_venue(self, info: Info, key: Id, id: Id, to: VenueState, day: dt.date) -> Venue:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "moveVenue", key, plain(id=id, to=to, day=day),
            lambda unit: service.move(unit, context.actor, id, to, day),
        )  # fmt: skip

    share_venue = VENUES.share("Share a venue with exactly these.", service.share)

    @shown(TENANT, "负责委员: just these members answer for the venue.")
    def set_venue_keepers(self, info: Info, key: Id, id: Id, person_ids: list[Id]) -> Venue:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "setVenueKeepers", key, plain(id=id, person_ids=person_ids),
            lambda unit: service.keep(unit, context.actor, id, person_ids),
        )  # fmt: skip

    renew_venue_code = VENUES.act("Give a venue a new QR code; the old one is refused from now on.", service.renew_code)
