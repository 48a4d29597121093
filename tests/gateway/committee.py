"""Small committees with rows in memory, served by the machinery that real ones are made with.

They answer whatever a gateway asks, check tokens and proofs as the contract says, and can stand for one service that
holds everybody's rows.
"""

import datetime as dt
import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, cast

import orjson
import strawberry
from graphql import GraphQLError

from sync.bus.rpc import PROOF, TOKEN, Headers
from sync.contract.asking.cursors import Cursor, cursor, key_of, order_of, order_value, page_size
from sync.contract.errors import Code, Refusal
from sync.contract.ids import Id, few, record_id
from sync.contract.levels import Level
from sync.contract.shapes.activities import ActivityFormat, ActivityKind, ActivityOrder, ActivityRecord, ActivityState
from sync.contract.shapes.committees import CommitteeRecord, CommitteeState
from sync.contract.shapes.values import IndicatorCode
from sync.contract.shapes.venues import VenueKind, VenueOrder, VenueRecord, VenueState, VenueType
from sync.contract.trust.directory import Directory
from sync.contract.trust.proofs import ProofReader
from sync.contract.trust.tokens import Claims, TokenReader
from sync.contract.visibility import Visible, visible
from sync.edge.body import Asked
from sync.edge.budget import Limits
from tenant_service.graph.lists import Connection, Node
from tenant_service.graph.types import (
    Home,
    Internal,
    JSONObject,
    Merge,
    Schema,
    Since,
    contract_enum,
    record_type,
    shown,
)

PUBLIC = Visible.PUBLIC
NOON = dt.datetime(2026, 3, 1, 4, tzinfo=dt.UTC)
for each in (
    Level, CommitteeState, ActivityKind, ActivityFormat, ActivityState, ActivityOrder, VenueKind, VenueType, VenueState,
    VenueOrder, IndicatorCode,
):  # fmt: skip
    contract_enum(each)


@dataclass
class Rows:
    """What one committee holds; or all of them, for the service that holds everybody's."""

    committees: dict[str, CommitteeRecord]
    activities: list[ActivityRecord] = field(default_factory=list)
    venues: list[VenueRecord] = field(default_factory=list)
    values: list["Value"] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    as_of: dict[str, dt.datetime] = field(default_factory=dict)
    """Of copies: owner → when it last shared."""

    def of(self, owners: Sequence[str]) -> "Rows":
        return Rows(
            self.committees,
            [each for each in self.activities if each.committee_id in owners],
            [each for each in self.venues if each.committee_id in owners],
            [each for each in self.values if each.committee_id in owners],
        )


@dataclass
class Context:
    rows: Rows
    viewer: Claims | None = None


Info = strawberry.Info[Context, None]


@record_type
class Venue(VenueRecord, Node):
    @shown(Visible.SUBJECT, "What its own people wrote about it.")
    def opinion(self) -> str | None:
        return None

    @shown(PUBLIC, "Committee that runs it.")
    def committee(self, info: Info) -> "Committee":
        return cast("Committee", info.context.rows.committees[self.committee_id])


@record_type
class Committee(CommitteeRecord, Node):
    @shown(PUBLIC, "Its venues, by id.")
    def venues(self, info: Info, first: int = 20) -> list[Venue]:
        mine = [each for each in info.context.rows.venues if each.committee_id == self.id]
        return cast("list[Venue]", mine[: max(0, first)])


@record_type
class Activity(ActivityRecord, Node):
    @shown(PUBLIC, "Committee that holds it.")
    def committee(self, info: Info) -> Committee:
        return cast("Committee", info.context.rows.committees[self.committee_id])

    @shown(PUBLIC, "Venue, if it has one.")
    def venue(self, info: Info) -> Venue | None:
        return cast("Venue | None", _by_id(info.context.rows.venues, self.venue_id))

    @shown(PUBLIC, "纪要; refused for an inspection.")
    def minutes(self) -> str | None:
        if self.kind is ActivityKind.INSPECTION:
            raise Refusal(Code.FORBIDDEN)
        return f"{self.title}：纪要"

    @shown(PUBLIC, "议题.", directives=[Since(version=2)])
    def topic(self) -> str | None:
        return f"{self.title}：议题"

    @shown(PUBLIC, "Where it goes on.", directives=[Since(version=2)])
    def next_venue(self, info: Info) -> Venue | None:
        return cast("Venue | None", _by_id(info.context.rows.venues, self.venue_id))


@strawberry.type(description="What one committee counted.")
class Value:
    committee_id: Id = visible(PUBLIC, "Who counted.")
    indicator: IndicatorCode = visible(PUBLIC, "What.")
    month: str = visible(PUBLIC, "YYYY-MM.")
    days: JSONObject = visible(PUBLIC, "By kind.")
    joint_ids: list[Id] | None = visible(PUBLIC, "Rows counted with others.")
    computed_at: dt.datetime = visible(PUBLIC, "When.")
    mechanism_days: JSONObject | None = visible(PUBLIC, "By mechanism, then by kind.", default=None)
    mechanism_joint_ids: JSONObject | None = visible(PUBLIC, "By mechanism.", default=None)
    imported: JSONObject | None = visible(PUBLIC, "By days, then by kind.", default=None)


@strawberry.type(description="Who is signed in.")
class Viewer:
    name: str = visible(PUBLIC, "Account.")
    roles: list[str] = visible(PUBLIC, "Codes.")


@strawberry.input(description="Which activities; everything given must hold.")
class ActivityFilter:
    kind: ActivityKind | None = strawberry.UNSET
    title: str | None = strawberry.field(default=strawberry.UNSET, description="Words of the title.")
    since: dt.datetime | None = strawberry.UNSET


@strawberry.type(description="What can be asked.")
class Query:
    @shown(PUBLIC, "Activities, one page.", directives=[Merge(by="orderBy")])
    def activities(
        self, info: Info, where: ActivityFilter | None = strawberry.UNSET, first: int = 20,
        order_by: ActivityOrder = ActivityOrder.STARTS_AT_DESC, after: Cursor | None = strawberry.UNSET,
        topic: Annotated[
            str | None, strawberry.argument(description="Words of it.", directives=[Since(version=2)])
        ] = strawberry.UNSET,
    ) -> Connection[Activity]:  # fmt: skip
        found = [each for each in info.context.rows.activities if _fits(each, where or ActivityFilter())]
        found = [each for each in found if not topic or topic in each.title]
        return cast("Connection[Activity]", Connection(page=page(found, order_by, first, after or None)))

    @shown(PUBLIC, "Venues, one page.", directives=[Merge(by="orderBy")])
    def venues(
        self, info: Info, first: int = 20, order_by: VenueOrder = VenueOrder.SORT_KEY_ASC,
        after: Cursor | None = strawberry.UNSET,
    ) -> Connection[Venue]:  # fmt: skip
        return cast(
            "Connection[Venue]", Connection(page=page(info.context.rows.venues, order_by, first, after or None))
        )

    @shown(PUBLIC, "Venues with seats, one page.", directives=[Merge(by="orderBy"), Since(version=2)])
    def halls(
        self, info: Info, first: int = 20, order_by: VenueOrder = VenueOrder.SEATS_DESC,
        after: Cursor | None = strawberry.UNSET,
    ) -> Connection[Venue]:  # fmt: skip
        seated = [each for each in info.context.rows.venues if each.seats]
        return cast("Connection[Venue]", Connection(page=page(seated, order_by, first, after or None)))

    @shown(PUBLIC, "One committee.")
    def committee(self, info: Info, id: Id) -> Committee | None:
        return cast("Committee | None", info.context.rows.committees.get(id))

    @shown(PUBLIC, "Whatever has this id.")
    def node(self, info: Info, id: Id) -> Node | None:
        rows = info.context.rows
        found = rows.committees.get(id) or _by_id(rows.activities, id) or _by_id(rows.venues, id)
        return cast("Node | None", found)

    @shown(PUBLIC, "Whatever has these ids.")
    def nodes(self, info: Info, ids: list[Id]) -> list[Node | None]:
        return [Query.node(self, info, id) for id in few(ids)]

    @shown(PUBLIC, "Who is signed in.", directives=[Home()])
    def viewer(self, info: Info) -> Viewer | None:
        of = info.context.viewer
        return Viewer(name=of.name, roles=of.roles) if of else None

    @shown(PUBLIC, "What was counted, month by month.", directives=[Internal()])
    def values(
        self, info: Info, indicators: list[IndicatorCode],
        since: Annotated[dt.date, strawberry.argument(name="from")], to: dt.date,
    ) -> list[Value]:  # fmt: skip
        months = f"{since:%Y-%m}", f"{to:%Y-%m}"
        return [
            each for each in info.context.rows.values
            if each.indicator in indicators and months[0] <= each.month <= months[1]
        ]  # fmt: skip


@strawberry.type(description="What can be done.")
class Mutation:
    @shown(PUBLIC, "Note something down.")
    def note_down(self, info: Info, text: str, key: Id) -> str:
        if text == "forbidden":
            raise Refusal(Code.FORBIDDEN)
        info.context.rows.done.append(text)
        return f"{text}/{key}"


schema = Schema(Query, mutation=Mutation)
SDL = schema.as_str()
WIDE = Limits(
    tokens=20_000, depth=60, fields=10**6, aliases=10**5, fragments=1000, repeated=1000, cost=10**12, items=10**6
)


def _performed(asked: Asked, context: Context) -> bytes:
    told = schema.execute_sync(asked.query, asked.variables, cast("Any", context))
    errors = {"errors": [_shown(each) for each in told.errors]} if told.errors else {}
    return orjson.dumps({"data": told.data, **errors})


def _shown(error: GraphQLError) -> dict[str, Any]:
    cause = error.original_error
    refusal = cause if isinstance(cause, Refusal) else Refusal(Code.INVALID)
    return _refused(refusal) | ({"path": error.path} if error.path else {})


def _refused(refusal: Refusal) -> dict[str, Any]:
    return {"message": refusal.en, "extensions": {"code": refusal.code.value, "zh": refusal.zh}}


@dataclass
class Listing:
    """One page of a list that lies in memory."""

    rows: list[Any]
    has_next: bool
    attribute: str
    total: int

    def count(self) -> int:
        return self.total

    def cursor(self, row: Any) -> Cursor:
        return cursor((order_value(getattr(row, self.attribute)), row.committee_id, row.id))


def page(rows: Sequence[Any], order: str, first: int, after: str | None) -> Any:
    attribute, descending = order_of(order)

    def key(row: Any) -> tuple[Any, ...]:
        value = order_value(getattr(row, attribute))
        return value is not None, value, row.committee_id, row.id

    found = sorted(rows, key=key, reverse=descending)
    if after is not None:
        value, committee, id = key_of(after, int if attribute.endswith(("_at", "seats")) else str)
        place = (value is not None, value, committee, id)
        found = [row for row in found if (key(row) < place if descending else key(row) > place)]
    size = page_size(first)
    return Listing(found[:size], len(found) > size, attribute, len(rows))


def _by_id(rows: Sequence[Any], id: str | None) -> Any:
    return next((row for row in rows if row.id == id), None)


def _fits(row: ActivityRecord, where: ActivityFilter) -> bool:
    return (
        (not where.kind or row.kind is where.kind)
        and (not where.title or where.title in row.title)
        and (not where.since or row.starts_at >= where.since)
    )


class Service:
    """One committee as it answers the hub; `rows` its own, `shared` what others shared with it."""

    def __init__(
        self, rows: Rows, me: str = "", directory: Directory | None = None, shared: Rows | None = None
    ) -> None:
        self.rows, self.shared, self._directory = rows, shared or Rows({}), directory
        self._tokens, self._proofs = TokenReader(me), ProofReader(me)
        self.asked = 0

    def answer(self, body: bytes, verb: str = "graphql", headers: Headers | None = None) -> bytes:
        """The bytes of the answer; with `headers`, only if they prove who asks via whom."""
        self.asked += 1
        told = json.loads(body)
        try:
            viewer = self._viewer(body, headers) if headers is not None else None
        except Refusal as refusal:
            return json.dumps({"errors": [_refused(refusal)]}).encode()
        asked = Asked(told["query"], told.get("variables") or {})
        if verb != "replica":
            return _performed(asked, Context(self.rows, viewer))
        owners = told["owners"]
        answer = json.loads(_performed(asked, Context(self.shared.of(owners))))
        answer["extensions"] = {"replica": {id: self._copy(id) for id in owners}}
        return json.dumps(answer, ensure_ascii=False).encode()

    def _copy(self, owner: str) -> dict[str, str]:
        since = self.shared.as_of.get(owner)
        return {"state": "STALE", "asOf": since.isoformat()} if since else {"state": "FORBIDDEN"}

    def _viewer(self, body: bytes, headers: Headers) -> Claims | None:
        assert self._directory
        now, token = int(time.time()), headers.get(TOKEN, "")
        claims = self._tokens.accept(token, self._directory, now) if token else None
        self._proofs.accept(headers.get(PROOF, ""), body, token, claims, self._directory, now)
        return claims


def committees(count: int, province: str = "3301") -> dict[str, CommitteeRecord]:
    return {
        id: CommitteeRecord(
            id=Id(id), name=f"第{n}区政协", short_name=f"第{n}区", level=Level.COUNTY, parent_id=Id(f"{province}00"),
            state=CommitteeState.ACTIVE, current_code=id,
        )
        for n in range(1, count + 1) for id in [f"{province}{n:02d}"]
    }  # fmt: skip


def rows_of(of: dict[str, CommitteeRecord], activities: int, known: dict[str, CommitteeRecord] | None = None) -> Rows:
    """The same rows for the same committees, with ties and missing values on purpose."""
    made = Rows(known or of)
    for own in of:
        luck = random.Random(own)
        venues = [_venue(luck, own, n) for n in range(5)]
        made.venues += venues
        made.activities += [_activity(luck, own, n, venues) for n in range(activities)]
    return made


def _venue(luck: random.Random, own: str, n: int) -> VenueRecord:
    hall = luck.randrange(4)
    return VenueRecord(
        id=record_id(own, "venue", f"{n:032x}"), committee_id=Id(own), name=f"议事厅{hall}",
        sort_key=f"yishiting{hall}", kind=VenueKind.HALL, type=None, brand=None, state=VenueState.OPEN,
        area=None, area_id=None, address="南山路",
        seats=luck.choice([None, 20, 20, 60]), opened_on=None, parent_id=None,
    )  # fmt: skip


def _activity(luck: random.Random, own: str, n: int, venues: list[VenueRecord]) -> ActivityRecord:
    starts = NOON + dt.timedelta(hours=luck.randrange(40), microseconds=luck.choice([0, 0, 500_000]))
    kinds: list[ActivityKind] = [ActivityKind.HALL_SESSION, ActivityKind.INSPECTION, ActivityKind.RECEPTION]
    return ActivityRecord(
        id=record_id(own, "activity", f"{n:032x}"), committee_id=Id(own),
        title=f"第{luck.randrange(9)}期“民生议事堂”：加装电梯与停车难协商会", kind=luck.choice(kinds),
        format=ActivityFormat.ONSITE, state=ActivityState.CLOSED, starts_at=starts,
        ends_at=luck.choice([None, starts + dt.timedelta(hours=luck.randrange(3))]),
        place=luck.choice(["南星街道", "湖滨街道"]), venue_id=luck.choice([None, venues[n % 5].id]), host_ids=[Id(own)],
        mechanism_id=None, series=None, issue_no=luck.choice([None, 3]), ordinal=None, organizer="提案委员会",
        capacity=None, sign_up_until=None, leader_present=None, members_present=None,
        headcount=luck.choice([None, 0, 7, 40]), suggestions=None, report=None, backfilled=False, change_note=None,
        revision=1, changed_at=NOON + dt.timedelta(minutes=luck.randrange(30)),
    )  # fmt: skip


Answering = Callable[[bytes], bytes]
