"""A whole nation is answered from what it shared: one committee is asked, everybody is named, nothing is missing."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from itertools import count
from typing import Any

import pytest

from gateway.app import Parts
from gateway.federation.figures import coverage
from gateway.federation.figures.statistics import statistics
from gateway.federation.roots import figures
from sync.edge.body import Asked
from tests.gateway.federation import hub
from tests.gateway.nation import Nation, held
from tests.sync.nations import NATION, WHOLE

ACTIVITIES = 3
PATIENT = {"deadlineMs": 10_000}
Ask = Callable[..., dict[str, Any]]
QUERY = """query ($first: Int!, $after: Cursor, $fan: Fan, $at: At) {
  activities(first: $first, after: $after, fan: $fan, at: $at) {
    nodes { id committeeId title kind state startsAt endsAt place organizer headcount }
    totalCount pageInfo { hasNextPage endCursor }
    fanout { complete asked answered asOf stale: sources(not: [FRESH]) { state } others: sources(not: [FRESH, STALE]) { state } }
  }
}"""  # noqa: E501


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nation]:
    made = Nation(tmp_path_factory.mktemp("nation"), WHOLE, ACTIVITIES)
    yield made
    made.home.close()


@pytest.fixture(scope="module")
def parts(nation: Nation, runner: asyncio.Runner) -> Iterator[Parts]:
    stack = AsyncExitStack()

    async def opened() -> Parts:
        return await nation.gateway(stack, await stack.enter_async_context(hub()))

    yield runner.run(opened())
    runner.run(stack.aclose())


@pytest.fixture
def ask(nation: Nation, parts: Parts, runner: asyncio.Runner) -> Ask:
    def asking(query: str = QUERY, **variables: Any) -> dict[str, Any]:
        nation.asked.clear()
        told = {"first": 20, "fan": PATIENT, **variables}
        answer = runner.run(parts.gateway.answer(Asked(query, told), nation.caller()))
        said: dict[str, Any] = json.loads(answer.body)
        assert "errors" not in said, said["errors"]
        return said["data"]  # type: ignore[no-any-return]

    return asking


def test_the_newest_of_all_come_from_one_committee_and_everybody_is_named(nation: Nation, ask: Ask) -> None:
    page = ask()["activities"]
    assert [row["id"] for row in page["nodes"]] == nation.newest(20)
    assert page["totalCount"] == (WHOLE - 1) * ACTIVITIES
    fanout = page["fanout"]
    assert (fanout["asked"], fanout["answered"], fanout["complete"]) == (WHOLE, WHOLE, True)
    assert (len(fanout["stale"]), fanout["others"], fanout["asOf"]) == (WHOLE - 1, [], "2026-11-01T00:00:00+00:00")
    verbs = [each.verb for each in nation.asked]
    assert verbs.count("graphql") == 1
    assert verbs.count("replica") == -(-(WHOLE - 1) // 500)


def test_pages_of_a_nation_follow_one_another(nation: Nation, ask: Ask) -> None:
    seen: list[str] = []
    after = None
    for _ in range(4):
        page = ask(after=after, first=50)["activities"]
        seen += [row["id"] for row in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert seen == nation.newest(200)


def test_the_figures_of_a_nation_are_those_of_all_its_committees(nation: Nation, ask: Ask) -> None:
    figures = ask(
        """query ($fan: Fan) {
          statistics(indicators: [ACTIVITIES_HELD], by: [LEVEL], from: "2026-01-01", to: "2026-10-28", fan: $fan) {
            total { value distinct coverage { total fresh stale missing } } rows { level values { value } }
            fanout { complete }
          }
        }"""
    )["statistics"]
    [total] = figures["total"]
    assert total["value"] == total["distinct"] == held(nation.ids[1:])
    assert total["coverage"] == {"total": WHOLE, "fresh": 1, "stale": WHOLE - 1, "missing": 0}
    assert sum(row["values"][0]["value"] for row in figures["rows"]) == total["value"]
    assert {each.verb for each in nation.asked} == {"graphql", "replica"}


def test_a_nation_by_committee_says_of_each_line_whom_it_covers_once(
    nation: Nation, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many lines as committees: what each costs must not grow with the committees."""
    looked_at: Counter[str] = Counter()
    how = coverage.Coverages._how

    def counted(self: Any, standing: Any, indicator: Any) -> str:
        looked_at[standing.committee.id] += 1
        return how(self, standing, indicator)

    monkeypatch.setattr(coverage.Coverages, "_how", counted)
    rows = ask(
        """query ($fan: Fan) { statistics(indicators: [ACTIVITIES_HELD], from: "2026-01-01", fan: $fan) {
          rows { committee { id } values { value coverage { total } } } } }"""
    )["statistics"]["rows"]
    assert len(rows) == WHOLE
    assert {row["values"][0]["coverage"]["total"] for row in rows} == {1}
    assert max(looked_at.values()) <= 2, "once on its line, once in the total"


def test_others_go_on_while_a_nation_is_added_up(
    nation: Nation, parts: Parts, runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The loop turns while the table is made; made on the loop, it would not once."""
    turns, meanwhile = count(), list[int]()

    def adding(*given: Any) -> Any:
        begun = next(turns)
        made = statistics(*given)
        meanwhile.append(next(turns) - begun)
        return made

    async def turning() -> None:
        while True:
            next(turns)
            await asyncio.sleep(0)

    async def both() -> bytes:
        figures = Asked(
            """query ($fan: Fan) {
              statistics(indicators: [ACTIVITIES_HELD], from: "2026-01-01", fan: $fan) { total { value } } }""",
            {"fan": PATIENT},
        )
        others = asyncio.create_task(turning())
        try:
            return (await parts.gateway.answer(figures, nation.caller())).body
        finally:
            others.cancel()

    monkeypatch.setattr(figures, "statistics", adding)
    [total] = json.loads(runner.run(both()))["data"]["statistics"]["total"]
    assert total["value"] == held(nation.ids[1:])
    assert meanwhile[0] > 10, "one more is the reading of the counter itself"


def test_whoever_wants_some_of_a_nation_asks_those_and_nobody_else(nation: Nation, ask: Ask) -> None:
    province = next(id for id in nation.ids if id.endswith("0000") and id != NATION)
    page = ask(at={"under": [province]}, fan={**PATIENT, "read": "REPLICA"})["activities"]
    inside = {each.id for each in nation.contents.entries if each.id[:2] == province[:2]} - {province}
    assert page["fanout"]["asked"] == len(inside)
    assert {row["committeeId"] for row in page["nodes"]} <= inside
