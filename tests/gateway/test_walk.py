"""A list is walked page by page over thirteen real committees that go on working meanwhile, and one comes and goes."""

import asyncio
import datetime as dt
import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.contract.channels import Scope, Share
from sync.contract.shapes.activities import ActivityKind
from sync.edge.body import Asked
from tenant_service.activities import service as activities
from tenant_service.identity.policy import Role
from tests.gateway.test_real_committees import Real, opened, staff

IDS = [f"3301{number:02}" for number in range(2, 15)]
SOON = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(days=30)
FEW = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
QUERY = """query ($first: Int!, $after: Cursor, $order: ActivityOrder!) {
  activities(orderBy: $order, first: $first, after: $after, fan: {read: LIVE, deadlineMs: 10000}) {
    nodes { id place } pageInfo { hasNextPage endCursor } fanout { sources { committee { id } state } }
  }
}"""


@pytest.fixture(scope="module")
def thirteen(runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    context = opened(tmp_path_factory.mktemp("thirteen"), IDS, activities=0)
    made = runner.run(context.__aenter__())
    luck = Random(1)
    for id in 8 * IDS:
        arrange(made, id, luck)
    yield made
    runner.run(context.__aexit__(None, None, None))


class Walk:
    """One walk to the end; between two pages somebody does something.

    Attributes:
        seen: Ids in the order they came.
        moved: Those whose place in the order was changed meanwhile.
        missing: Committees that were away for a page.
    """

    def __init__(self, real: Real, luck: Random, order: str) -> None:
        self.real, self.luck, self.order = real, luck, order
        self.seen: list[str] = []
        self.moved, self.missing = set[str](), set[str]()
        self.away: str | None = None

    async def to_the_end(self) -> None:
        after, is_more = None, True
        while is_more:
            page = await self._page(after)
            self.seen += [row["id"] for row in page["nodes"]]
            self.missing |= {each["committee"]["id"] for each in page["fanout"]["sources"]}
            after, is_more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
            await self.luck.choice([self._insert, self._change, self._move, self._come_or_go])()
        if self.away:
            await self._come_or_go()

    async def _page(self, after: str | None) -> dict[str, Any]:
        variables = {"first": self.luck.choice([3, 7, 11]), "after": after, "order": self.order}
        told = await self.real.parts["all"].gateway.answer(Asked(QUERY, variables), self.real.citys_clerk())
        page: dict[str, Any] = json.loads(told.body)["data"]["activities"]
        assert all(each["state"] == "UNREACHABLE" for each in page["fanout"]["sources"])
        return page

    async def _insert(self) -> None:
        arrange(self.real, self.luck.choice(IDS), self.luck)

    async def _change(self) -> None:
        """Something that the order does not look at."""
        self._do(self._any(), place=f"湖滨街道{self.luck.randrange(99)}号")

    async def _move(self) -> None:
        id = self._any()
        self._do(id, starts_at=some_time(self.luck))
        self.moved.add(id)

    def _any(self) -> str:
        return self.luck.choice(standing(self.real))

    def _do(self, id: str, **told: Any) -> None:
        owner = id[:6]
        with self.real.of[owner].units.write() as unit:
            activities.change(unit, staff(owner, Role.CLERK), id, "调整", **told)

    async def _come_or_go(self) -> None:
        if self.away:
            await self.real.come(self.away)
            self.away = None
        else:
            self.away = self.luck.choice(IDS)
            await self.real.go(self.away)


@FEW
@given(luck=st.integers(0, 2**64 - 1).map(Random), order=st.sampled_from(["STARTS_AT_ASC", "STARTS_AT_DESC"]))
def test_nothing_comes_twice_and_nothing_that_was_there_throughout_is_missing(
    thirteen: Real, runner: asyncio.Runner, luck: Random, order: str
) -> None:
    async def walked() -> Walk:
        walk = Walk(thirteen, luck, order)
        await walk.to_the_end()
        return walk

    before = standing(thirteen)
    walk = runner.run(walked())
    once = [id for id in walk.seen if id not in walk.moved]
    assert len(once) == len(set(once))
    assert {id for id in before if id[:6] not in walk.missing} - walk.moved <= set(once)
    assert set(walk.seen) <= set(standing(thirteen))


def arrange(real: Real, owner: str, luck: Random) -> None:
    """An activity that was signed and is open to all."""
    draft = activities.Draft("民生议事堂", ActivityKind.HALL_SESSION, some_time(luck), "南星街道", "提案委员会")
    with real.of[owner].units.write() as unit:
        clerk = staff(owner, Role.CLERK)
        record = activities.draft(unit, clerk, real.directory, draft, [Share(Scope.OPEN)])
        activities.submit(unit, clerk, record.id)
        activities.sign_off(unit, staff(owner, Role.SECRETARY), record.id, unclassified=True)


def some_time(luck: Random) -> dt.datetime:
    """One of sixty hours, so that many begin at the same moment."""
    return SOON + dt.timedelta(hours=luck.randrange(60))


def standing(real: Real) -> list[str]:
    """Ids of all that there is, in no matter what order."""
    return [record.id for id in IDS for record in real.records(id)["activities"]]
