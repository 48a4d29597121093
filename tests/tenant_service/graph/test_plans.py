"""A list read off its page is, byte for byte, the list that graphql-core would have answered."""

import logging
from collections.abc import Iterator
from random import Random
from typing import Any

import orjson
import pytest
from graphql import parse, validate
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text

from sync.contract.ids import record_id
from sync.contract.shapes.values import IndicatorCode
from sync.edge.body import Asked
from sync.edge.budget import Limits
from tenant_service.graph.compiled.plans import Plans
from tenant_service.graph.context import Context
from tenant_service.graph.operation import Answer, Executor
from tenant_service.graphql import schema
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.statistics.models import SeenValueRow
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.graph.lists import ASKERS, HOME, OWNERS, Listing, asker, filled, known
from tests.tenant_service.services import SERVICES

CLERK, MEMBER = ASKERS[:2]
WIDELY = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
GATEWAYS = """query($g0first: Int!, $g0orderBy: ActivityOrder!) {
  r0: activities(first: $g0first, orderBy: $g0orderBy) {
    f0: nodes { id title kind startsAt hostIds } k: cursors p: pageInfo { hasNextPage }
  }
}"""


class Both:
    """Two executors of one committee: one plans lists, in the other graphql-core answers everything."""

    def __init__(self, units: Units) -> None:
        self.units, self.rows, self.planned = units, known(units), 0
        self._planning, self._walking = Executor(schema, Limits()), Executor(schema, Limits(), plans_lists=False)
        assert self._planning._plans
        self._planning._plans = Counted(self, self._planning._plans)  # type: ignore[assignment]

    def ask(
        self, query: str, variables: dict[str, Any] | None = None, actor: Actor = CLERK,
        owners: tuple[str, ...] | None = None,
    ) -> Answer:  # fmt: skip
        """What both say."""
        asked = Asked(query, variables or {})
        one, other = (
            each.perform(asked, Context(actor, self.units, places.directory(), SERVICES, owners))
            for each in (self._planning, self._walking)
        )
        assert one == other, (query, variables, actor, owners)
        return one

    def planned_by(self, query: str, variables: dict[str, Any] | None = None, actor: Actor = CLERK) -> bool:
        before = self.planned
        self.ask(query, variables, actor)
        return self.planned > before


class Counted:
    """Plans that count what they answered."""

    def __init__(self, both: Both, plans: Plans) -> None:
        self._both, self._plans = both, plans

    def answer(self, *asked: Any) -> Any:
        found = self._plans.answer(*asked)
        self._both.planned += found is not None
        return found


@pytest.fixture
def both(units: Units) -> Both:
    filled(units, Random(7))
    return Both(units)


@pytest.fixture
def statements(units: Units) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(units.engine, "before_cursor_execute", note)
    yield seen
    event.remove(units.engine, "before_cursor_execute", note)


@WIDELY
@given(st.integers(0, 2**64 - 1).map(Random))
def test_whatever_is_asked_by_whomever_both_say_the_same(both: Both, luck: Random) -> None:
    operation = Listing(luck, schema._schema, both.rows)
    assume(not validate(schema._schema, parse(operation.text)))
    actor, owners = asker(luck)
    both.ask(operation.text, operation.variables, actor, owners)


def test_random_operations_are_mostly_planned(both: Both) -> None:
    """Or the test above would compare graphql-core with itself. Asked until so many were answered, however large a part
    of what is drawn from the schema of the day is valid and allowed.
    """
    answered = 0
    for seed in range(1000):
        operation = Listing(Random(seed), schema._schema, both.rows)
        if not validate(schema._schema, parse(operation.text)):
            told = both.ask(operation.text, operation.variables, *asker(Random(operation.text)))
            answered += b'"errors"' not in told.body
        if answered == 60:
            break
    assert answered == 60
    assert both.planned > answered / 2


@pytest.mark.parametrize(
    "query",
    [
        GATEWAYS,
        """query($g0first: Int = 3, $g0orderBy: ActivityOrder = CHANGED_AT_DESC) {
          activities(first: $g0first, orderBy: $g0orderBy) {
            edges { cursor node { ...A } __typename } pageInfo { endCursor __typename } totalCount
          }
        }
        fragment A on Activity { __typename ...B x: title } fragment B on Node { id }""",
        "{ __typename venues { nodes { openedOn seats type } __typename } }",
        "{ units { nodes { id sector since } cursors } }",
        "{ activities(first: 2) { nodes { id @skip(if: true) } totalCount } }",
        "{ activities(first: 0) { nodes { id } edges { cursor } cursors pageInfo { hasNextPage endCursor } } }",
        "{ a: activities(first: 2) { nodes { id } } b: activities(first: 3) { nodes { title } nodes { id } } }",
    ],
)
def test_lists_of_plain_fields_are_planned(both: Both, query: str) -> None:
    variables = {"g0first": 5, "g0orderBy": "STARTS_AT_ASC"} if "$g0first" in query else {}
    assert all(both.planned_by(query, variables, actor) for actor in ASKERS)


VALUES = """query($codes: [IndicatorCode!]!, $with: Boolean!) {
  r0: values(indicators: $codes, from: "2025-12-01", to: "2026-04-30") {
    ...V days d: days mechanismDays @include(if: $with) mechanismJointIds @include(if: $with) __typename }
}
fragment V on Value { committeeId indicator month jointIds computedAt watermark id }"""


@pytest.mark.parametrize("apart", [True, False])
@pytest.mark.parametrize("owners", [None, OWNERS])
def test_figures_are_planned_ours_and_copies(both: Both, owners: tuple[str, ...] | None, *, apart: bool) -> None:
    with both.units.write() as unit:
        for own, day in ((OWNERS[0], 3), (OWNERS[1], 4)):
            unit.session.add(SeenValueRow(
                id=record_id(own, "value", f"{day:032x}"), committee_id=own, indicator=IndicatorCode.ACTIVITIES_HELD,
                month="2026-03", days={"HALL_SESSION": [0, day]}, joint_ids=None if day == 3 else [],
                mechanism_days=None if day == 3 else {places.DELTA: {"HALL_SESSION": [0, 1]}},
                mechanism_joint_ids=None, watermark=1_700_000_000_123, computed_at=places.SPRING, channels=["c"],
                as_of=places.SPRING,
            ))  # fmt: skip
    variables = {"codes": [code.value for code in IndicatorCode], "with": apart}
    for actor in ASKERS:
        told = orjson.loads(both.ask(VALUES, variables, actor, owners).body)
        if actor.is_home:
            assert told["data"]["r0"] if owners is None else len(told["data"]["r0"]) == 2
    assert both.planned >= 2


@pytest.mark.parametrize(
    "query",
    [
        "{ activities { nodes { id venue { name } } } }",
        "{ activities { nodes { id } } viewer { name } }",
        "{ venues { nodes { spaces { name } } } }",
        '{ activities(after: "nonsense") { nodes { id } } }',
        "{ activities(first: -1) { nodes { id } } }",
        "{ memberships { nodes { id } } venues { nodes { id } } }",
    ],
)
def test_what_a_plan_does_not_know_or_is_refused_is_left_to_graphql_core(both: Both, query: str) -> None:
    assert not both.planned_by(query, actor=MEMBER)


def test_what_decides_what_is_included_decides_the_plan(both: Both) -> None:
    query = "query($with: Boolean!) { activities(first: 1) { nodes { id venue @include(if: $with) { id } } } }"
    assert [both.planned_by(query, {"with": each}) for each in (True, False, True, False)] == [False, True] * 2


@pytest.mark.parametrize(
    "spoilt",
    [
        "kind = 'OF_ANOTHER_RELEASE'",
        "host_ids = '[1]'",
        "capacity = 2147483648",
        "starts_at = 'never'",
        "title = x'41'",
    ],
)
def test_a_value_that_its_type_does_not_allow_is_left_to_graphql_core(
    both: Both, spoilt: str, caplog: pytest.LogCaptureFixture
) -> None:
    if both.units.engine.dialect.name != "sqlite" and spoilt.startswith(("capacity", "starts_at", "title")):
        pytest.skip("PostgreSQL keeps no such value")
    with both.units.engine.begin() as connection:
        connection.execute(text(f"UPDATE activity SET {spoilt} WHERE id LIKE '%f'"))
    caplog.set_level(logging.CRITICAL)
    assert not both.planned_by("{ activities(first: 30) { nodes { id title capacity kind startsAt hostIds } } }")


def test_a_value_that_nobody_asked_for_spoils_no_page(both: Both) -> None:
    with both.units.engine.begin() as connection:
        connection.execute(text("UPDATE activity SET kind = 'OF_ANOTHER_RELEASE'"))
    asked = Asked("{ activities(first: 30) { nodes { id title } } }")
    told = both._planning.perform(asked, Context(CLERK, both.units, places.directory(), SERVICES))
    assert len(orjson.loads(told.body)["data"]["activities"]["nodes"]) == 30


@pytest.mark.parametrize("actor", ASKERS, ids=lambda actor: f"{actor.iss}-{actor.sub}")
@pytest.mark.parametrize("owners", [None, OWNERS])
def test_what_is_not_told_is_not_in_a_planned_answer(both: Both, actor: Actor, owners: tuple[str, ...] | None) -> None:
    fields = "id organizer capacity suggestions report changeNote headcount"
    told = both.ask(f"{{ activities(first: 100) {{ nodes {{ {fields} }} }} }}", {}, actor, owners)
    rows = orjson.loads(told.body)["data"]["activities"]["nodes"]
    assert both.planned == 1
    if not actor.is_home:
        assert len(rows) < 30, "what is shared with nobody is here"
    if actor.iss in ("", places.YUHANG):
        assert {row["report"] for row in rows} <= {None}
    if owners is not None and not actor.is_home:
        assert rows == []


def test_a_page_without_entities_is_one_statement_and_reads_no_private_column(
    both: Both, statements: list[str]
) -> None:
    both._planning.perform(
        Asked(GATEWAYS, {"g0first": 5, "g0orderBy": "STARTS_AT_DESC"}),
        Context(CLERK, both.units, places.directory(), SERVICES),
    )
    asked = [each for each in statements if "FROM activity" in each]
    assert len(asked) == 1
    assert "contact_phone" not in asked[0]
    assert "report" not in asked[0]


def test_only_the_count_is_asked_when_nothing_else_is(both: Both, statements: list[str]) -> None:
    both._planning.perform(
        Asked("{ activities { totalCount } }"), Context(CLERK, both.units, places.directory(), SERVICES)
    )
    assert [each.split()[1].partition("(")[0] for each in statements if "FROM activity" in each] == ["count"]


def test_the_same_number_of_another_type_is_not_the_same_variable(both: Both) -> None:
    query = "query($n: Int) { activities(first: $n) { nodes { id } } }"
    told = [both.ask(query, {"n": each}).body for each in (1, 1.0, True, "1")]
    assert [b'"errors"' in each for each in told] == [False, False, True, True]


def test_a_member_of_staff_elsewhere_is_told_what_the_mechanism_is_told(both: Both) -> None:
    neighbour = places.stranger(HOME, places.QINGPU, Role.CLERK)
    told = both.ask("{ activities(first: 100) { nodes { id report } } }", {}, neighbour)
    assert both.planned == 1
    assert any(row["report"] for row in orjson.loads(told.body)["data"]["activities"]["nodes"])
