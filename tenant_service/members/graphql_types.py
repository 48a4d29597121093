"""People and units in GraphQL: types and inputs. What can be asked and done: `graphql`."""

import datetime as dt

import strawberry

from sync.contract.errors import Code, Refusal
from sync.contract.ids import Id
from sync.contract.instants import day_of
from sync.contract.shapes.members import (
    BodyKind,
    BodyRecord,
    MembershipEnding,
    MembershipEntry,
    MembershipKind,
    MembershipRecord,
    MembershipState,
    PersonRecord,
    UnitKind,
    UnitOrder,
    UnitRecord,
)
from sync.contract.shapes.sectors import Party, Sector
from sync.contract.visibility import Visible, visible
from tenant_service.graph.context import Context, Info
from tenant_service.graph.inputs import given
from tenant_service.graph.lists import Node
from tenant_service.graph.types import contract_enum, record_type, shown
from tenant_service.identity.policy import UseCase
from tenant_service.members import address_book, body_queries, contacts, offer_queries, queries
from tenant_service.members.body_service import BodyDraft
from tenant_service.members.membership_service import Decision, MembershipDraft
from tenant_service.members.models import BodyRow, PersonRow
from tenant_service.members.rules import BodyState, Gender, Lacking
from tenant_service.members.service import PersonDraft
from tenant_service.members.unit_service import UnitDraft

PUBLIC, PARENT, TENANT = Visible.PUBLIC, Visible.PARENT, Visible.TENANT
for each in (
    BodyKind, BodyState, Lacking, MembershipEnding, MembershipEntry, MembershipKind, MembershipState, UnitKind,
    UnitOrder, Sector, Party, Gender,
):  # fmt: skip
    contract_enum(each)


@record_type
class Unit(UnitRecord, Node):
    @shown(TENANT, "Units right below it; only its own committee's people are told.")
    def children(self, info: Info) -> list["Unit"]:
        if not info.context.actor.is_inside or self.committee_id != info.context.actor.committee:
            return []
        return queries.children(info.context.unit.session, self.id)  # type: ignore[return-value]

    @shown(PARENT, "People in it and below it today, each once; null to committees that are not above.")
    def people(self, info: Info) -> int | None:
        actor = info.context.actor
        if self.committee_id != actor.committee or not address_book.may_count(actor):
            return None
        return len(queries.persons_in(info.context.unit.session, self.id, today(info.context)))


@record_type
class Body(BodyRecord, Node):
    @shown(TENANT, "可任交办单位, for the office and the administrators.")
    def coordinates(self, info: Info) -> bool | None:
        row = _body(info, self.id)
        return row.coordinates if row else None

    @shown(TENANT, "Whom the office calls there; never leaves this committee.")
    def contact_name(self, info: Info) -> str | None:
        row = _body(info, self.id) if info.context.actor.sees_work else None
        return row.contact_name if row else None

    @shown(TENANT, "The contact's phone, as it is shown to the asker.")
    def contact_phone(self, info: Info) -> str | None:
        row = _body(info, self.id) if info.context.actor.sees_work else None
        return contacts.phone(info.context.unit, info.context.actor, row.contact_phone) if row else None

    @shown(TENANT, "Why it was closed.")
    def closed_because(self, info: Info) -> str | None:
        row = _body(info, self.id)
        return row.closed_because if row else None

    @shown(TENANT, "承办范围: other committees whose assignments it takes today, for its own committee's office.")
    def offered_to(self, info: Info) -> list[Id]:
        context = info.context
        if not context.actor.sees_work:
            return []
        return [each.committee_id for each in offer_queries.takers(context.unit.session, context.directory, self.id)]


def _body(info: Info, id: str) -> BodyRow | None:
    """The row of one of ours, for those who look through the list."""
    actor = info.context.actor
    is_shown = actor.sees_work or actor.may(UseCase.SEE_ACCOUNTS)
    return body_queries.rows(info.context.unit.session, [id]).get(id) if is_shown else None


@record_type
class Membership(MembershipRecord, Node):
    @shown(TENANT, "Who holds it.")
    def person(self, info: Info) -> "Person | None":
        return found_person(info.context, self.person_id) if self.person_id else None  # type: ignore[return-value]

    @shown(TENANT, "In which unit.")
    def unit(self, info: Info) -> Unit | None:
        context = info.context
        return queries.unit(context.unit.session, context.actor, self.unit_id) if self.unit_id else None  # type: ignore[return-value]


@record_type
class Person(PersonRecord, Node):
    @shown(TENANT, "性别; for the office and for the person alone.")
    def gender(self, info: Info) -> Gender | None:
        return _file(info.context, self.id).gender

    @shown(TENANT, "出生年月: YYYY-MM for the person, the year alone (`1968-**`) for the office.")
    def birth_month(self, info: Info) -> str | None:
        return address_book.birth_month(_file(info.context, self.id), info.context.actor)

    @shown(TENANT, "工作电话, as in the address book; masked (`138****5678`) of who has no seat today.")
    def work_phone(self, info: Info) -> str | None:
        context, row = info.context, _looked_up(info.context, self.id)
        is_seated = bool(queries.seated(context.unit.session, [row.id], today(context)))
        return address_book.phone(row, context.actor, is_seated=is_seated)

    @shown(TENANT, "工作单位及职务, as in the address book.")
    def employer(self, info: Info) -> str | None:
        return _looked_up(info.context, self.id).employer

    @shown(TENANT, "名册编号.")
    def roster_no(self, info: Info) -> str | None:
        return _looked_up(info.context, self.id).roster_no

    @shown(TENANT, "Everything the person is or was; for the office and for the person alone.")
    def memberships(self, info: Info, first: int = 20) -> list[Membership]:
        _file(info.context, self.id)
        held = queries.memberships_of(info.context.unit.session, self.id)
        return [row.record() for row in held[: max(first, 0)]]  # type: ignore[misc]


@strawberry.type(description="委员通讯录: a member as the committee's own people look them up.")
class Member:
    id: Id = visible(TENANT, "The person's id.")
    committee_id: Id = visible(TENANT, "Home committee.")
    name: str = visible(TENANT, "Name.")
    sort_key: str = visible(TENANT, "ASCII: by roster number, else 姓氏笔画.")
    title: str | None = visible(TENANT, "职务 in the committee.")
    term: int | None = visible(TENANT, "届次.")
    sector: Sector | None = visible(TENANT, "界别.")
    party: Party | None = visible(TENANT, "党派.")
    work_phone: str | None = visible(TENANT, "工作电话; masked of who has no seat today.")
    employer: str | None = visible(TENANT, "工作单位及职务.")
    roster_no: str | None = visible(TENANT, "名册编号.")
    tags: list[str] = visible(TENANT, "标签.")


@strawberry.type(description="How many members belong to one sector.")
class SectorCount:
    sector: Sector | None = visible(PARENT, "Which; null: none was entered.")
    count: int = visible(PARENT, "Members.")


@strawberry.type(description="How many members belong to one party.")
class PartyCount:
    party: Party | None = visible(PARENT, "Which; null: none was entered.")
    count: int = visible(PARENT, "Members.")


@strawberry.type(description="How many members a committee has; nobody outside is told more.")
class MemberCounts:
    total: int = visible(PARENT, "Members, each once.")
    by_sector: list[SectorCount] = visible(PARENT, "By sector, the largest first.")
    by_party: list[PartyCount] = visible(PARENT, "By party, the largest first.")


@strawberry.type(description="标签: a tag and how many people have it.")
class TagCount:
    tag: str = visible(TENANT, "The tag.")
    count: int = visible(TENANT, "People.")


@strawberry.type(description="一对一联系: a member of the party and somebody who is none, in touch with each other.")
class ContactPair:
    id: Id = visible(TENANT, "The membership's id.")
    person_id: Id = visible(TENANT, "The party member.")
    person: str = visible(TENANT, "By name.")
    with_person_id: Id = visible(TENANT, "With whom.")
    with_person: str = visible(TENANT, "By name.")
    since: dt.date | None = visible(TENANT, "First day.")


@strawberry.type(description="How far one-to-one contacts reach today.")
class ContactReach:
    party_members: int = visible(TENANT, "Members who are of the party.")
    others: int = visible(TENANT, "Members who are not.")
    unknown: int = visible(TENANT, "Members of whom no party is entered; neither of these.")
    pairs: int = visible(TENANT, "Contacts: so many of each have one.")


@strawberry.type(description="How many areas of a kind there are today, and how many of these somebody is posted to.")
class PostingReach:
    areas: int = visible(TENANT, "Areas on the list.")
    covered: int = visible(TENANT, "Of these, where somebody or a unit is posted.")
    people: int = visible(TENANT, "People who are, each once.")
    units: int = visible(TENANT, "Units that are as a whole, each once.")


@strawberry.type(description="占比: how many of the members are so.")
class MemberShare:
    count: int = visible(TENANT, "Members who are.")
    total: int = visible(TENANT, "All members.")
    share: float | None = visible(TENANT, "0–1; null where there are no members.")


@strawberry.type(description="How many members belong to one town.")
class TownCount:
    town: str | None = visible(TENANT, "Which, by name; null: none.")
    count: int = visible(TENANT, "Members.")


@strawberry.type(description="条块点: the same members by sector, by town, and who of them is a star.")
class MemberGroups:
    total: int = visible(TENANT, "Members, each once.")
    by_sector: list[SectorCount] = visible(TENANT, "条, the largest first.")
    by_town: list[TownCount] = visible(TENANT, "块, by the towns' names; who is in several stands in each.")
    stars: int = visible(TENANT, "点: members who have the tag.")


@strawberry.type(description="名单: a question about members that the office keeps under a name.")
class Segment:
    id: Id = visible(TENANT, "Its id.")
    name: str = visible(TENANT, "Name.")
    count: int = visible(TENANT, "Members who are meant today.")


@strawberry.input(description="Which units; everything given must hold.")
class UnitFilter:
    kinds: list[UnitKind] | None = strawberry.UNSET
    parent_id: Id | None = strawberry.field(default=strawberry.UNSET, description="Right below this unit.")
    name: str | None = strawberry.field(default=strawberry.UNSET, description="Part of its name.")
    on: dt.date | None = strawberry.field(default=strawberry.UNSET, description="A day on which it stood.")

    def wanted(self) -> queries.UnitsWanted:
        return queries.UnitsWanted(**given(self))


@strawberry.input(description="Which people; everything given must hold.")
class MemberFilter:
    term: int | None = strawberry.field(default=strawberry.UNSET, description="Members of this term, else of today.")
    unit_id: Id | None = strawberry.field(default=strawberry.UNSET, description="In this unit or below it, today.")
    sector: Sector | None = strawberry.UNSET
    party: Party | None = strawberry.UNSET
    title: str | None = strawberry.field(default=strawberry.UNSET, description="Part of the 职务.")
    name: str | None = strawberry.field(default=strawberry.UNSET, description="Part of the name.")
    tag: str | None = strawberry.field(default=strawberry.UNSET, description="One whole tag.")
    text: str | None = strawberry.field(
        default=strawberry.UNSET, description="Words that all occur in name, tags and titles."
    )

    def wanted(self) -> address_book.Wanted:
        return address_book.Wanted(**given(self))


@strawberry.input(description="A unit as the office describes it.")
class UnitInput:
    name: str
    kind: UnitKind
    parent_id: Id | None = None
    since: dt.date | None = strawberry.field(default=None, description="First day; null: it was always there.")
    sector: Sector | None = strawberry.field(default=None, description="Of a 界别: the shared code.")

    def draft(self) -> UnitDraft:
        return UnitDraft(**vars(self))


@strawberry.input(description="A body as the office describes it.")
class BodyInput:
    name: str
    kind: BodyKind
    coordinates: bool = strawberry.field(default=False, description="可任交办单位.")
    contact_name: str | None = strawberry.field(default=None, description="Never leaves this committee.")
    contact_phone: str | None = strawberry.field(default=None, description="Never leaves this committee.")

    def draft(self) -> BodyDraft:
        return BodyDraft(**vars(self))


@strawberry.input(description="Which bodies of the list; everything given must hold.")
class BodyFilter:
    name: str | None = strawberry.UNSET
    kind: BodyKind | None = strawberry.UNSET
    state: BodyState | None = strawberry.UNSET
    lacks: Lacking | None = strawberry.UNSET
    coordinates: bool = strawberry.field(default=False, description="Only those that may assign.")

    def wanted(self) -> body_queries.Wanted:
        return body_queries.Wanted(**given(self))


@strawberry.input(description="A person as the office describes them; nothing of it leaves this committee.")
class PersonInput:
    name: str
    gender: Gender | None = None
    birth_month: str | None = strawberry.field(default=None, description="YYYY-MM.")
    work_phone: str | None = None
    employer: str | None = None
    roster_no: str | None = None
    tags: list[str] = strawberry.field(default_factory=list)

    def draft(self) -> PersonDraft:
        return PersonDraft(**(vars(self) | {"tags": tuple(self.tags)}))


@strawberry.input(description="What a person is to be, or what a unit is posted to.")
class MembershipInput:
    kind: MembershipKind
    person_id: Id | None = None
    holder_unit_id: Id | None = strawberry.field(default=None, description="A unit that is posted as a whole.")
    unit_id: Id | None = strawberry.field(default=None, description="Null: in the committee itself.")
    body_id: Id | None = None
    with_person_id: Id | None = strawberry.field(default=None, description="Of a one-to-one contact: with whom.")
    title: str | None = None
    term: int | None = None
    sector: Sector | None = None
    party: Party | None = None
    since: dt.date | None = None
    entry: MembershipEntry | None = None

    def draft(self) -> MembershipDraft:
        return MembershipDraft(**vars(self))


@strawberry.input(description="Which meeting decided, and on which day.")
class DecisionInput:
    meeting: str
    day: dt.date

    def decision(self) -> Decision:
        return Decision(**vars(self))


@strawberry.input(description="Which memberships; everything given must hold.")
class MembershipFilter:
    person_id: Id | None = strawberry.UNSET
    unit_id: Id | None = strawberry.UNSET
    kind: MembershipKind | None = strawberry.UNSET


def today(context: Context) -> dt.date:
    return day_of(context.unit.now)


def found_person(context: Context, id: str) -> PersonRecord | None:
    return address_book.one(context.unit.session, context.actor, id)


def _looked_up(context: Context, id: str) -> PersonRow:
    """Raises: Refusal FORBIDDEN."""
    row = address_book.own(context.unit.session, context.actor, id)
    if row is None:
        raise Refusal(Code.FORBIDDEN)
    return row


def _file(context: Context, id: str) -> PersonRow:
    """The person's file, for the office and for the person.

    Raises:
        Refusal: FORBIDDEN.
    """
    if not context.actor.may(UseCase.SEE_WORK) and context.actor.person != id:
        raise Refusal(Code.FORBIDDEN)
    return _looked_up(context, id)
