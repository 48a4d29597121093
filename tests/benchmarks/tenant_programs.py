"""Programs that answer the same list query from the same rows: ours, and what one would write without us."""

import asyncio
import datetime as dt
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import strawberry
from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
from strawberry.dataloader import DataLoader
from strawberry.extensions import SchemaExtension

from sync.contract.asking.cursors import cursor, order_value
from sync.contract.shapes.activities import ActivityFormat, ActivityKind, ActivityOrder, ActivityState
from sync.edge.body import Asked
from sync.edge.budget import Limits
from tenant_service.activities.models import ActivityRow
from tenant_service.exchange.outbox import ExchangeOutbox
from tenant_service.graph.context import Context
from tenant_service.graph.operation import Executor
from tenant_service.graphql import schema as own_schema
from tenant_service.identity.actor import Actor
from tenant_service.signing.rules import Approval
from tenant_service.storage.columns import Row
from tenant_service.storage.engine import open_engine
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.services import SERVICES

QUERY = """query($g0first: Int!, $g0orderBy: ActivityOrder!) {
  r0: activities(first: $g0first, orderBy: $g0orderBy) {
    f0: nodes { id committeeId title kind format state startsAt endsAt place venueId series issueNo organizer capacity
                revision changedAt }
    k: cursors p: pageInfo { hasNextPage }
  }
}"""
VARIABLES = {"g0first": 50, "g0orderBy": "STARTS_AT_DESC"}
ROWS, PAGE = 2_000, 50
PLACES, UNITS = 40, 12
NAMES = (
    "id", "committee_id", "title", "kind", "format", "state", "starts_at", "ends_at", "place", "venue_id", "series",
    "issue_no", "organizer", "capacity", "revision", "changed_at",
)  # fmt: skip
_MOMENTS = {"starts_at", "ends_at", "changed_at"}

Program = Callable[[], bytes]


def row(number: int) -> dict[str, Any]:
    """An activity as all programs keep it, but for what the naive one keeps in tables of their own."""
    start = places.SPRING + dt.timedelta(hours=number, microseconds=number + 1)
    return {
        "id": f"{places.JIASHAN}.activity.{number:032x}", "committee_id": places.JIASHAN,
        "title": f"第{number}期民生议事堂：老旧小区加装电梯", "kind": list(ActivityKind)[number % 20],
        "format": ActivityFormat.ONSITE, "state": ActivityState.CLOSED, "starts_at": start,
        "ends_at": start + dt.timedelta(hours=2), "place": f"西塘镇议事厅{number % PLACES}号",
        "venue_id": f"{places.JIASHAN}.venue.{number % PLACES:032x}" if number % 3 else None, "series": "民生议事堂",
        "issue_no": number, "organizer": f"第{number % UNITS}委员工作室", "capacity": 40 if number % 2 else None,
        "revision": 2, "changed_at": start,
    }  # fmt: skip


# ── ours ──


def ours(folder: Path) -> Callable[[Actor, bool], Program]:
    """A committee with `ROWS` activities; makes programs that ask it as an actor, with plans of lists or without."""
    engine = open_engine(f"sqlite:///{folder / 'ours.db'}")
    Row.metadata.create_all(engine)
    units = Units(engine, places.JIASHAN, ExchangeOutbox(places.trust(places.JIASHAN)), places.Clock())
    with units.write() as unit:
        for number in range(ROWS):
            told = row(number)
            made = ActivityRow(
                **told, host_ids=[places.JIASHAN], backfilled=False, shares=["FEDERATION"], suggestion_count=0,
                held_on=told["starts_at"].date(), approval=Approval.SIGNED, drafted_by="clerk", desk_secret="-",
            )  # fmt: skip
            unit.session.add(made)
            unit.session.flush()
            unit.publish(made.record(), 1, {"c"})

    def program(actor: Actor, plans: bool) -> Program:
        executor = Executor(own_schema, Limits(), plans_lists=plans)
        asked, directory = Asked(QUERY, VARIABLES), places.directory()
        return lambda: executor.perform(asked, Context(actor, units, directory, SERVICES)).body

    return program


# ── what one would write without us ──


@strawberry.type
class Plain:
    id: strawberry.ID
    committee_id: strawberry.ID
    title: str
    kind: ActivityKind
    format: ActivityFormat
    state: ActivityState
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    venue_id: strawberry.ID | None
    series: str | None
    issue_no: int | None
    capacity: int | None
    revision: int
    changed_at: dt.datetime


@strawberry.type
class PageInfo:
    has_next_page: bool


@strawberry.type
class ReadyActivity(Plain):
    place: str
    organizer: str


@strawberry.type
class ReadyConnection:
    nodes: list[ReadyActivity]
    cursors: list[str]
    page_info: PageInfo


def _place(activity: Any) -> str:
    return cursor((order_value(activity.starts_at), activity.committee_id, activity.id))


def ready(*extensions: type[SchemaExtension]) -> Program:
    """Strawberry's own executor over rows that are Python objects already."""
    page = [ReadyActivity(**row(number)) for number in range(ROWS - 1, ROWS - 1 - PAGE, -1)]

    @strawberry.type
    class Query:
        @strawberry.field
        def activities(self, first: int, order_by: ActivityOrder) -> ReadyConnection:
            del order_by
            nodes = page[:first]
            return ReadyConnection(
                nodes=nodes, cursors=list(map(_place, nodes)), page_info=PageInfo(has_next_page=True)
            )

    schema = strawberry.Schema(Query, extensions=extensions)
    return lambda: orjson.dumps({"data": schema.execute_sync(QUERY, VARIABLES).data})


class Table(DeclarativeBase):
    pass


class PlaceRow(Table):
    __tablename__ = "place"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class UnitRow(Table):
    __tablename__ = "unit"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class NaiveRow(Table):
    __tablename__ = "activity"
    id: Mapped[str] = mapped_column(primary_key=True)
    committee_id: Mapped[str]
    title: Mapped[str]
    kind: Mapped[ActivityKind]
    format: Mapped[ActivityFormat]
    state: Mapped[ActivityState]
    starts_at: Mapped[dt.datetime] = mapped_column(index=True)
    ends_at: Mapped[dt.datetime | None]
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    venue_id: Mapped[str | None]
    series: Mapped[str | None]
    issue_no: Mapped[int | None]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    capacity: Mapped[int | None]
    revision: Mapped[int]
    changed_at: Mapped[dt.datetime]


@strawberry.type
class NaiveActivity(Plain):
    place_id: strawberry.Private[int]
    unit_id: strawberry.Private[int]

    @strawberry.field
    async def place(self, info: strawberry.Info[Any, None]) -> str:
        return (await info.context["places"].load(self.place_id)).name  # type: ignore[no-any-return]

    @strawberry.field
    async def organizer(self, info: strawberry.Info[Any, None]) -> str:
        return (await info.context["units"].load(self.unit_id)).name  # type: ignore[no-any-return]


@strawberry.type
class NaiveConnection:
    nodes: list[NaiveActivity]
    cursors: list[str]
    page_info: PageInfo


@strawberry.type
class NaiveQuery:
    @strawberry.field
    async def activities(
        self, info: strawberry.Info[Any, None], first: int, order_by: ActivityOrder
    ) -> NaiveConnection:
        del order_by
        wanted = select(NaiveRow).order_by(NaiveRow.starts_at.desc()).limit(first + 1)
        found = await asyncio.to_thread(lambda: info.context["session"].scalars(wanted).all())
        nodes = [NaiveActivity(**_of(each)) for each in found[:first]]
        return NaiveConnection(
            nodes=nodes, cursors=list(map(_place, nodes)), page_info=PageInfo(has_next_page=len(found) > first)
        )


def _of(found: NaiveRow) -> dict[str, Any]:
    told = {name: value for name, value in vars(found).items() if not name.startswith("_")}
    moments = {name: value.replace(tzinfo=dt.UTC) for name, value in told.items() if isinstance(value, dt.datetime)}
    return told | moments


def naive(folder: Path, loop: asyncio.AbstractEventLoop) -> Program:
    """Asynchronous resolvers, entities, DataLoaders, nothing remembered between requests.

    Statements run in a thread, as they do in asynchronous drivers of SQLite, none of which is installed here.
    """
    engine = create_engine(f"sqlite:///{folder / 'naive.db'}")
    Table.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(PlaceRow(id=number, name=row(number)["place"]) for number in range(PLACES))
        session.add_all(UnitRow(id=number, name=row(number)["organizer"]) for number in range(UNITS))
        for number in range(ROWS):
            told = row(number)
            del told["place"], told["organizer"]
            session.add(NaiveRow(**told, place_id=number % PLACES, unit_id=number % UNITS))
        session.commit()
    sessions = sessionmaker(engine)
    schema = strawberry.Schema(NaiveQuery)

    async def once() -> bytes:
        with sessions() as session:
            loaders = {"places": _loader(session, PlaceRow), "units": _loader(session, UnitRow)}
            told = await schema.execute(QUERY, VARIABLES, context_value={"session": session, **loaders})
            return json.dumps({"data": told.data}).encode()

    return lambda: loop.run_until_complete(once())


def _loader(session: Session, model: Any) -> DataLoader[int, Any]:
    async def load(ids: list[int]) -> list[Any]:
        wanted = select(model).where(model.id.in_(ids))
        found = {each.id: each for each in await asyncio.to_thread(lambda: session.scalars(wanted).all())}
        return [found[id] for id in ids]

    return DataLoader(load)


# ── what nobody can undercut ──


def bare(folder: Path) -> Program:
    """One statement in the driver, its rows as JSON: no entitlement, no cursors, nothing one could ask differently."""
    connection = sqlite3.connect(folder / "ours.db")
    iso = "replace({0}, ' ', 'T') || '+00:00' AS {0}"
    columns = ", ".join(iso.format(name) if name in _MOMENTS else name for name in NAMES)
    order = ", ".join(f"activity.{name} DESC" for name in ("starts_at", "committee_id", "id"))
    statement = f"SELECT {columns} FROM activity ORDER BY {order} LIMIT ?"
    keys = [_camel(name) for name in NAMES]

    def program() -> bytes:
        found = connection.execute(statement, (PAGE,)).fetchall()
        return orjson.dumps({"data": {"r0": {"f0": [dict(zip(keys, each, strict=True)) for each in found]}}})

    return program


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.title, others))
