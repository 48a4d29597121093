"""The same over committees as they really are: their own schema, database, rules and edge."""

import ast
import asyncio
import datetime as dt
import json
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

import httpx2
import msgspec
import nats
import pytest
import uuid_utils
from graphql import OperationType, parse, print_ast, validate
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from nats.aio.client import Client

import gateway.federation.engine as engine_module
from gateway.app import Parts, assemble, serving
from gateway.identity.callers import NOBODY, Caller
from gateway.joint import Joint, Route
from gateway.schema import compose, joint_sdl, tenant_part
from gateway.service import Newest
from gateway.settings import Settings
from sync.bus.answerer import Answerer
from sync.contract import jose
from sync.contract.channels import Scope, Share
from sync.contract.levels import Level
from sync.contract.shapes.activities import ActivityKind, ActivityOrder
from sync.contract.shapes.venues import VenueKind, VenueOrder
from sync.contract.trust.directory import Contents, Directory, Listed
from sync.contract.trust.tokens import FEDERATION, Claims, issued
from sync.contract.versions import API_VERSION
from sync.edge.body import Asked
from tenant_service.activities import queries as activity_queries
from tenant_service.activities import service as activities
from tenant_service.committee import Committee, open_committee
from tenant_service.graphql import schema as tenant_schema
from tenant_service.identity.actor import Actor
from tenant_service.identity.keys import keys_in
from tenant_service.identity.policy import Role
from tenant_service.rpc_server import TOO_LARGE
from tenant_service.settings import Settings as CommitteeSettings
from tenant_service.storage import traced
from tenant_service.venues import queries as venue_queries
from tenant_service.venues import service as venues
from tests.directories import signed
from tests.gateway.committee import WIDE
from tests.gateway.federation import hub, known
from tests.gateway.operations import Operation
from tests.gateway.spans import Spans
from tests.gateway.test_differential import body, compare
from tests.migrated import migrated
from tests.waiting import eventually

GATEWAY, CITY, IDS = "gateway-330100", "330100", ("330102", "330110")
SPRING = dt.datetime(2026, 3, 1, 4, tzinfo=dt.UTC)
JOINT_SDL = compose(tenant_schema.as_str())
SCHEMA = Joint(JOINT_SDL).schema
SCHEMA_LISTS = Joint(JOINT_SDL).lists
WIDELY = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


class Real:
    """Districts with activities and venues, some open to all, some for the city, some for nobody."""

    def __init__(self, folder: Path, url: str, ids: Sequence[str] = IDS, activities: int = 30) -> None:
        self.url, self.key, self.city = url, jose.new_key(), jose.new_key()
        self.ids = ids
        self.directory = self._founded(folder)
        self.of = {id: self._opened(folder, id, activities) for id in ids}
        self.lines: dict[str, tuple[Answerer, Client]] = {}
        self.parts: dict[str, Parts] = {}

    def _founded(self, folder: Path) -> Directory:
        root = jose.new_key()
        entries = [Listed(id=CITY, name="市政协", level=Level.CITY, keys={"token": [jose.public(self.city)]})]
        entries += [
            Listed(id=id, name=f"{id}区政协", parent=CITY, keys=keys_in(folder / id).public()) for id in self.ids
        ]
        entries.append(Listed(id=GATEWAY, kind="gateway", name="网关", keys={"request": [jose.public(self.key)]}))
        contents = Contents(serial=1, issued_at=0, expires_at=2**40, entries=entries)
        (folder / "directory.jws").write_text(signed(contents, root))
        (folder / "root.jwk").write_text(json.dumps(jose.public(root)))
        return Directory(contents)

    def _opened(self, folder: Path, id: str, held: int) -> Committee:
        told = CommitteeSettings(
            committee=id, database=migrated(folder / f"{id}.db"), directory=folder / "directory.jws",
            root=folder / "root.jwk", keys=folder / id, limits=WIDE,
        )  # fmt: skip
        made = open_committee(told)
        luck, clerk, chair = Random(id), staff(id, Role.CLERK), staff(id, Role.SECRETARY)
        with made.units.write() as unit:
            for n in range(6):
                draft = venues.Draft(f"议事厅{n % 4}", VenueKind.HALL, "南山路", opened_on=dt.date(2026, 1, 1 + n))
                venues.add(unit, clerk, self.directory, draft, _shares(luck))
            for n in range(held):
                kind = luck.choice([ActivityKind.HALL_SESSION, ActivityKind.INSPECTION])
                starts = SPRING + dt.timedelta(hours=luck.randrange(20))
                drafted = activities.Draft(f"第{n % 7}期民生议事堂", kind, starts, "南星街道", "提案委员会")
                record = activities.draft(unit, clerk, self.directory, drafted, _shares(luck))
                activities.submit(unit, clerk, record.id)
                activities.sign_off(unit, chair, record.id, unclassified=True)
        return made

    def records(self, id: str) -> dict[str, list[Any]]:
        committee, chair = self.of[id], staff(id, Role.SECRETARY)
        with committee.units.read() as unit:
            held = activity_queries.listed(
                unit.session, chair, activity_queries.Wanted(), ActivityOrder.STARTS_AT_DESC, 200, None
            ).rows
            open_ = venue_queries.listed(
                unit.session, chair, venue_queries.Wanted(), VenueOrder.SORT_KEY_ASC, 200, None
            ).rows
        return {"activities": held, "venues": open_}

    async def serve(self, stack: AsyncExitStack) -> None:
        """All committees answer; a gateway over each alone, and under "all" one over all of them."""
        self.stack = stack
        for id in self.of:
            await self.come(id)
        for name, ids in {**{id: [id] for id in self.ids}, "all": list(self.ids)}.items():
            kept = [each for each in self.directory.contents.entries if each.id in ids or each.kind == "gateway"]
            some = Directory(msgspec.structs.replace(self.directory.contents, entries=kept))
            connection = await nats.connect(self.url)
            stack.push_async_callback(connection.close)
            chosen = Settings(id=GATEWAY, hub="", credentials=Path(), key=Path(), shows_schema=True, deadline_ms=10_000)
            source = Newest(some)
            self.parts[name] = assemble(chosen, source, connection, self.key, sdl=JOINT_SDL, limits=WIDE)
            await self.parts[name].asker.open()

    async def come(self, id: str) -> None:
        """The committee answers, over a line of its own."""
        connection = await nats.connect(self.url)
        self.stack.push_async_callback(connection.close)
        self.lines[id] = await Answerer(connection, id, self.of[id].rpc, TOO_LARGE).open(), connection
        await known(connection)

    async def go(self, id: str) -> None:
        """Nobody answers for the committee any more."""
        answerer, connection = self.lines[id]
        await answerer.close()
        await known(connection)
        await connection.close()

    def citys_clerk(self) -> Caller:
        now = int(dt.datetime.now(dt.UTC).timestamp())
        claims = Claims(
            iss=CITY, sub="chen", roles=["clerk"], aud=[FEDERATION], iat=now, exp=now + 800,
            jti=uuid_utils.uuid7().hex, cnf=jose.thumbprint(self.key),
        )  # fmt: skip
        return Caller(issued(claims, self.city), claims)

    async def answered(self, id: str, question: bytes, caller: Caller) -> bytes:
        """What this committee itself says to the question, put by the gateway for this caller."""
        parts = self.parts[id]
        headers = parts.prover.headers([id], question, caller.token)
        return (await parts.asker.ask([(id, "graphql", question)], headers, 5))[id].body


def staff(id: str, role: Role) -> Actor:
    return Actor(committee=id, iss=id, sub=role.value, name="测试人员", roles=frozenset({role}))


def _shares(luck: Random) -> list[Share]:
    return luck.choice([[Share(Scope.OPEN)], [Share(Scope.OPEN), Share(Scope.PARENT)], [Share(Scope.PARENT)], []])


@asynccontextmanager
async def opened(folder: Path, ids: Sequence[str] = IDS, activities: int = 30) -> AsyncIterator[Real]:
    """These committees, answering at a hub of their own."""
    async with AsyncExitStack() as stack:
        made = Real(folder, await stack.enter_async_context(hub()), ids, activities)
        for committee in made.of.values():
            stack.callback(committee.close)
        await made.serve(stack)
        yield made


@pytest.fixture(scope="module")
def real(runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    context = opened(tmp_path_factory.mktemp("real"))
    yield runner.run(context.__aenter__())
    runner.run(context.__aexit__(None, None, None))


@WIDELY
@given(luck=st.integers(0, 2**64 - 1).map(Random))
def test_over_one_real_committee_a_gateway_says_what_that_committee_says(
    real: Real, runner: asyncio.Runner, luck: Random
) -> None:
    only, caller = luck.choice(IDS), luck.choice([NOBODY, real.citys_clerk()])
    rows = real.records(only)
    ids = [only, "nonsense", rows["activities"][3].id, rows["venues"][2].id, f"{only}.activity.{'f' * 32}"]
    operation = Operation(luck, SCHEMA, rows, ids, filters=("kinds", "text"))
    assume("__type(" not in operation.text)  # a committee shows its schema to administrators only
    assume(not validate(SCHEMA, parse(operation.text)))
    told = runner.run(real.parts[only].gateway.answer(Asked(operation.text, operation.variables), caller))
    compare(told.body, runner.run(real.answered(only, body(operation), caller)), operation)


@pytest.mark.parametrize("caller_is", ["nobody", "the city's clerk"])
@pytest.mark.parametrize(
    ("list_", "order"),
    [("activities", "STARTS_AT_DESC"), ("activities", "STARTS_AT_ASC"), ("activities", "CHANGED_AT_DESC"),
     ("venues", "SORT_KEY_ASC"), ("venues", "SEATS_DESC")],
)  # fmt: skip
def test_a_list_over_real_committees_has_each_row_that_reaches_the_caller_once(
    real: Real, runner: asyncio.Runner, list_: str, order: str, caller_is: str
) -> None:
    caller = NOBODY if caller_is == "nobody" else real.citys_clerk()
    query = f"""query ($first: Int!, $after: Cursor) {{
      {list_}(orderBy: {order}, first: $first, after: $after) {{
        nodes {{ id }} totalCount pageInfo {{ hasNextPage endCursor }}
      }}
    }}"""
    seen: list[str] = []
    page: dict[str, Any] = {"pageInfo": {"hasNextPage": True, "endCursor": None}}
    while page["pageInfo"]["hasNextPage"]:
        variables = {"first": 7, "after": page["pageInfo"]["endCursor"]}
        told = runner.run(real.parts["all"].gateway.answer(Asked(query, variables), caller))
        page = json.loads(told.body)["data"][list_]
        seen += [row["id"] for row in page["nodes"]]
    whole = json.dumps({"query": query, "variables": {"first": 200}}).encode()
    each = [json.loads(runner.run(real.answered(id, whole, caller))) for id in IDS]
    theirs = [row["id"] for told in each for row in told["data"][list_]["nodes"]]
    assert sorted(seen) == sorted(theirs)
    assert len(seen) == len(set(seen)) == page["totalCount"]
    for told in each:  # and in each committee's own order
        own = [row["id"] for row in told["data"][list_]["nodes"]]
        assert [id for id in seen if id in set(own)] == own


@pytest.mark.parametrize("text", ["议事", "第3期 议事堂", "南星街道", "南山路 议事厅1"])
@pytest.mark.parametrize("caller_is", ["nobody", "the city's clerk"])
def test_search_over_real_committees_finds_what_each_finds_newest_first(
    real: Real, runner: asyncio.Runner, caller_is: str, text: str
) -> None:
    caller = NOBODY if caller_is == "nobody" else real.citys_clerk()
    query = """query ($text: String!, $first: Int!, $after: Cursor) {
      search(text: $text, first: $first, after: $after) {
        nodes { id kind title snippet node { ... on Activity { title place } ... on Venue { name } } }
        totalCount pageInfo { hasNextPage endCursor }
      }
    }"""
    seen: list[dict[str, Any]] = []
    page: dict[str, Any] = {"pageInfo": {"hasNextPage": True, "endCursor": None}}
    while page["pageInfo"]["hasNextPage"]:
        variables = {"text": text, "first": 7, "after": page["pageInfo"]["endCursor"]}
        told = runner.run(real.parts["all"].gateway.answer(Asked(query, variables), caller))
        page = json.loads(told.body)["data"]["search"]
        seen += page["nodes"]
    whole = json.dumps({"query": query, "variables": {"text": text, "first": 200}}).encode()
    each = [json.loads(runner.run(real.answered(id, whole, caller)))["data"]["search"]["nodes"] for id in IDS]
    theirs = sorted((row for told in each for row in told), key=lambda row: (row["id"][-32:], row["id"]), reverse=True)
    assert seen == theirs
    assert len(seen) == page["totalCount"] > 0
    assert all(row["node"] for row in seen)


@pytest.mark.parametrize("text", ["", " ", "议", "议 事", "a b c", "，。"])
def test_a_search_that_is_too_short_is_refused_once_in_the_words_of_a_committee_and_nobody_is_asked(
    real: Real, runner: asyncio.Runner, text: str
) -> None:
    query = "query ($text: String!) { found: search(text: $text) { nodes { id } } }"
    asked = real.parts["all"].counters.questions
    before = asked.total()
    told = json.loads(runner.run(real.parts["all"].gateway.answer(Asked(query, {"text": text}), NOBODY)).body)
    assert asked.total() == before
    body = json.dumps({"query": query, "variables": {"text": text}}).encode()
    [theirs] = json.loads(runner.run(real.answered(IDS[0], body, NOBODY)))["errors"]
    [ours] = told["errors"]
    assert told["data"] is None
    assert ours["extensions"]["code"] == "SEARCH_TOO_SHORT"
    assert (ours["message"], ours["extensions"], ours["path"]) == (
        theirs["message"], theirs["extensions"], theirs["path"],
    )  # fmt: skip


def test_a_merged_list_needs_no_code_of_its_own_at_the_gateway() -> None:
    """What is said of lists is said by their directives: no module of the engine knows one by its name."""
    lists = set(SCHEMA_LISTS)
    assert {"activities", "venues", "units", "search"} <= lists
    engine = Path(engine_module.__file__).parent
    for path in [*engine.glob("*.py"), engine.parent / "joint.py", engine.parent / "schema.py"]:
        named = {
            each.value
            for each in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(each, ast.Constant) and isinstance(each.value, str)
        }
        assert not named & lists, path


def test_more_reaches_the_city_than_everybody(real: Real, runner: asyncio.Runner) -> None:
    query = Asked("{ activities(first: 0) { totalCount } venues(first: 0) { totalCount } }", {})
    everybody, city = (
        json.loads(runner.run(real.parts["all"].gateway.answer(query, caller)).body)["data"]
        for caller in (NOBODY, real.citys_clerk())
    )
    for list_ in ("activities", "venues"):
        assert 0 < everybody[list_]["totalCount"] < city[list_]["totalCount"] < sum(
            len(real.records(id)[list_]) for id in IDS
        )  # fmt: skip


def test_one_gateway_cannot_take_all_places_of_a_committee(
    real: Real, runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two of its questions wait for the domain's thread, so a third is refused at once; another gateway's is not."""
    id, release = IDS[0], threading.Event()
    rpc, domain = real.of[id].rpc, real.of[id].domain
    monkeypatch.setattr(rpc.places, "most_of_one", 2)
    asked = json.dumps({"query": "{ venues { totalCount } }"}).encode()

    async def run() -> list[dict[str, Any]]:
        blocked = asyncio.ensure_future(domain.run(release.wait))
        waiting = [asyncio.ensure_future(real.answered(id, asked, NOBODY)) for _ in range(2)]

        async def both_wait() -> bool:
            return rpc.places.taken[GATEWAY] == 2

        await eventually(both_wait)
        told = [json.loads(await real.answered(id, asked, NOBODY))]
        with rpc.places.held("gateway-of-others"):
            release.set()
        told += [json.loads(await each) for each in waiting]
        await blocked
        return told

    try:
        refused, *served = runner.run(run())
    finally:
        release.set()
    assert [each["extensions"]["code"] for each in refused["errors"]] == ["RATE_LIMITED"]
    assert all(each["data"]["venues"]["totalCount"] > 0 for each in served)
    assert not rpc.places.taken


def test_one_trace_shows_a_request_each_committee_and_its_statements_but_no_content(
    real: Real, runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    collected = Spans(monkeypatch)
    for committee in real.of.values():
        traced.trace(committee.domain.engine)
    app = serving(real.parts["all"], real.parts["all"].asker._connection)
    client = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://gateway.example")
    asked = {"query": "query ($name: String) { venues(where: {name: $name}) { nodes { id name } } }",
             "variables": {"name": "议事厅"}}  # fmt: skip
    came = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    answer = runner.run(client.post("/graphql", json=asked, headers={"traceparent": came}))
    assert "errors" not in answer.json(), answer.text
    assert answer.json()["data"]["venues"]["nodes"]

    spans = collected.all()
    assert {f"{each.context.trace_id:032x}" for each in spans} == {came.split("-")[1]}
    [whole] = collected.named("/graphql")
    assert f"{whole.parent.span_id:016x}" == came.split("-")[2]
    asking = collected.named("ask graphql")
    assert sorted(each.attributes["liandong.committee"] for each in asking) == list(IDS)
    assert {(each.attributes["liandong.state"], each.attributes["liandong.shared"]) for each in asking} == {
        ("ANSWERED", False)
    }
    assert {each.parent.span_id for each in asking} == {whole.context.span_id}
    answering = {each.context.span_id: each for each in collected.named("answer graphql")}
    assert {each.parent.span_id: each.attributes["liandong.committee"] for each in answering.values()} == {
        each.context.span_id: each.attributes["liandong.committee"] for each in asking
    }
    assert {each.parent.span_id for each in collected.named("sql")} == set(answering)
    told = "".join(each.to_json() for each in spans)
    assert not [word for word in ("议事厅", "venues", "SELECT", "\\u8bae", "eyJ") if word in told]


def test_who_refuses_a_document_says_which_release_refuses_it(real: Real, runner: asyncio.Runner) -> None:
    told = json.loads(runner.run(real.answered(IDS[0], b'{"query": "{ newerThanThis }"}', NOBODY)))
    assert (told["errors"][0]["extensions"]["code"], told["extensions"]) == ("INVALID", {"api": API_VERSION})


def test_the_file_at_the_top_is_what_the_code_says() -> None:
    assert joint_sdl() == JOINT_SDL, "run `make schema`, and read what changed"
    assert tenant_part(JOINT_SDL) == print_ast(parse(tenant_schema.as_str())) + "\n"


def test_every_root_field_of_a_real_committee_has_one_that_answers_it() -> None:
    joint = Joint(JOINT_SDL)
    routes = {name: joint.route(OperationType.QUERY, name) for name in joint.schema.query_type.fields}  # type: ignore[union-attr]
    assert {"activities", "venues"} <= {name for name, route in routes.items() if route is Route.MERGED}
    assert {"committee", "node", "activity", "venue"} <= {
        name for name, route in routes.items() if route is Route.OWNER
    }
    assert {"viewer", "requests"} <= {name for name, route in routes.items() if route is Route.HOME}
    assert "values" not in routes
