"""The schema of one committee: gathers the rooms' types."""

from typing import Any

import strawberry

from sync.contract.asking.changes import RecordKind
from sync.contract.asking.cursors import Cursor
from sync.contract.ids import Id, few, kind_of
from sync.contract.levels import Level
from sync.contract.shapes.committees import CommitteeRecord, CommitteeState
from sync.contract.versions import API_VERSION
from sync.contract.visibility import Visible, visible
from tenant_service.exchange.sharing import choices
from tenant_service.graph.context import Info
from tenant_service.graph.inputs import ShareInput, shares_of
from tenant_service.graph.lists import Node
from tenant_service.graph.looked_at import charge
from tenant_service.graph.types import Home, Schema, contract_enum, record_type, shown
from tenant_service.identity.policy import Role, UseCase
from tenant_service.personal_data.graphql import PersonalMutation, PersonalQuery
from tenant_service.rooms import MUTATIONS, NODES, OF_COMMITTEE, QUERIES
from tenant_service.search.graphql import SearchQuery

PUBLIC, FEDERATION, TENANT, SUBJECT = Visible.PUBLIC, Visible.FEDERATION, Visible.TENANT, Visible.SUBJECT
for each in (Level, CommitteeState, RecordKind):
    contract_enum(each)


@record_type
class Committee(CommitteeRecord, *OF_COMMITTEE, Node):  # type: ignore[misc] # the rooms say what a committee has
    pass


@strawberry.type(description="Who asks, as this committee knows the caller.")
class Viewer:
    iss: Id = visible(SUBJECT, "Home committee.")
    sub: str = visible(SUBJECT, "Account there.")
    name: str = visible(SUBJECT, "Name.")
    roles: list[Role] = visible(SUBJECT, "Roles.")
    person_id: Id | None = visible(SUBJECT, "Person, if the account is a member's.")
    uses: list[str] = visible(SUBJECT, "Codes of what the caller may do here.")


@strawberry.type(description="谁将看到: somebody who will see a record, and how much of it.")
class SharingReader:
    committee_id: Id = visible(TENANT, "Who.")
    name: str = visible(TENANT, "Name.")
    circle: Visible = visible(TENANT, "Fields shown to this circle and wider ones are told.")
    channels: list[str] = visible(TENANT, "On which channels.")


def listed(info: Info, id: Id) -> CommitteeRecord | None:
    """The committee, as the directory lists it."""
    entry = info.context.directory.entries.get(id)
    return entry.record() if entry and entry.kind == "committee" else None


def found(info: Info, id: Id) -> Any | None:
    """Whatever has this id, if its room would show it to the caller; None as well for what is no id."""
    kind = kind_of(id)
    if kind == "committee":
        return listed(info, id)
    return NODES[kind](info.context.unit.session, info.context.actor, id) if kind in NODES else None


@strawberry.type(description="What can be asked.")
class Query(*QUERIES, PersonalQuery, SearchQuery):  # type: ignore[misc] # the rooms say what can be asked
    @shown(PUBLIC, "One committee.")
    def committee(self, info: Info, id: Id) -> Committee | None:
        return listed(info, id)  # type: ignore[return-value]

    @shown(PUBLIC, "Whatever has this id.")
    def node(self, info: Info, id: Id) -> Node | None:
        told = found(info, id)
        charge(info.context, [told])
        return told

    @shown(PUBLIC, "Whatever has these ids, in their order; null for each that is not there or not for the caller.")
    def nodes(self, info: Info, ids: list[Id]) -> list[Node | None]:
        told = [found(info, id) for id in few(ids)]
        charge(info.context, told)
        return told

    @shown(SUBJECT, "Who asks.", directives=[Home()])
    def viewer(self, info: Info) -> Viewer | None:
        actor = info.context.actor
        if not actor.is_home:
            return None
        uses = [use.value for use in UseCase if actor.may(use)]
        person = Id(actor.person) if actor.person else None
        roles = sorted(actor.roles, key=list(Role).index)
        return Viewer(iss=Id(actor.iss), sub=actor.sub, name=actor.name, roles=roles, person_id=person, uses=uses)

    @shown(TENANT, "谁将看到: whom a sharing choice reaches today.", directives=[Home()])
    def sharing_preview(self, info: Info, shares: list[ShareInput]) -> list[SharingReader]:
        context = info.context
        context.actor.require(UseCase.SEE_WORK)
        chosen = choices.chosen(choices.check(shares_of(shares), context.directory, context.actor.committee))
        return [
            SharingReader(
                committee_id=each.committee_id, name=each.name, circle=each.circle, channels=list(each.channels)
            )
            for each in choices.readers(chosen, context.directory, context.actor.committee)
        ]

    @shown(PUBLIC, "Number that `@since(version:)` compares with.", directives=[Home()])
    def api_version(self) -> int | None:
        return API_VERSION


@strawberry.type(description="What can be done. Each takes a `key`: asked twice with the same key, it is done once.")
class Mutation(*MUTATIONS, PersonalMutation):  # type: ignore[misc] # the rooms say what can be done
    pass


@strawberry.type(description="A record that changed.")
class RecordChange:
    id: Id = visible(PUBLIC, "Which.")
    kind: RecordKind = visible(PUBLIC, "What it is.")
    committee_id: Id = visible(PUBLIC, "Whose it is.")
    version: int = visible(PUBLIC, "Its version by then.")
    is_gone: bool = visible(PUBLIC, "Whether it is not there any more, or not for the viewer.")
    cursor: Cursor = visible(PUBLIC, "Give it as `after` to go on behind this change.")

    @shown(PUBLIC, "The record, read as it is delivered, as the viewer is shown it then; null where it is gone.")
    def node(self, info: Info) -> Node | None:
        told = found(info, self.id)
        charge(info.context, [told])
        return told


@strawberry.type(
    description="What can be listened to, by one's own people. Each change is told at least once, in their order."
)
class Subscription:
    """A change that is delivered is the root value of its execution."""

    @shown(PUBLIC, "Every change of a record, as this committee knows it; with `after` those behind that place first.")
    def record_changed(
        self, kinds: list[RecordKind] | None = strawberry.UNSET, after: Cursor | None = strawberry.UNSET
    ) -> RecordChange:
        del kinds, after
        return self  # type: ignore[return-value]

    @shown(PUBLIC, "One activity: how it stands now, and then at every change, of who came as well.")
    def session_changed(self, id: Id, after: Cursor | None = strawberry.UNSET) -> RecordChange:
        del id, after
        return self  # type: ignore[return-value]


schema = Schema(Query, mutation=Mutation, subscription=Subscription, types=[Committee])
