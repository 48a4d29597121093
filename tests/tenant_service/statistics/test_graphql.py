"""Figures over GraphQL: the record's own words about its fields, and to each reader as much as the bus tells."""

import datetime as dt
from dataclasses import fields

import pytest
from graphql import GraphQLObjectType

from sync.contract.channels import Scope, Share
from sync.contract.shapes.activities import ActivityKind
from sync.contract.shapes.values import ValueRecord
from sync.contract.trust.directory import Directory
from tenant_service.activities import backfill_service
from tenant_service.activities import service as activities
from tenant_service.activities.service import Draft, Report
from tenant_service.graph.context import Context
from tenant_service.graphql import schema
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.services import services

ASKED = """{ values(indicators: [ACTIVITIES_HELD], from: "2026-03-01", to: "2026-03-31") {
  jointIds days mechanismDays mechanismJointIds } }"""


def test_the_schema_says_what_the_record_says() -> None:
    """Who may see a field is declared once, on the record."""
    shown = schema._schema.type_map["Value"]
    assert isinstance(shown, GraphQLObjectType)
    by_name = {each.name: each for each in fields(ValueRecord)}
    told = schema.get_type_by_name("Value")
    assert {field.python_name for field in told.fields} == by_name.keys()  # type: ignore[union-attr]
    for field in told.fields:  # type: ignore[union-attr]
        [circle] = [each.to for each in field.directives if hasattr(each, "to")]
        record = by_name[field.python_name].metadata
        assert (circle, field.description) == (record["visible"], record["description"]), field.python_name


@pytest.mark.parametrize(
    ("home", "channels", "is_told", "shows_joint"),
    [
        (places.JIASHAN, set(), True, True),
        (places.JIAXING, {"c"}, True, True),
        (places.JIAXING, {"o"}, True, False),
        (places.QINGPU, {"o"}, True, False),
        (places.QINGPU, {"c"}, False, False),
    ],
)
def test_a_reader_is_shown_what_the_bus_tells(
    units: Units, directory: Directory, clerk: Actor, home: str, channels: set[str], *, is_told: bool, shows_joint: bool
) -> None:
    draft = Draft("议事", ActivityKind.HALL_SESSION, places.SPRING - dt.timedelta(days=10), "惠通村",
                  host_ids=(places.QINGPU,), mechanism_id=places.DELTA)  # fmt: skip
    with units.write() as unit:
        report = Report(10, leader_present=False, members_present=1)
        made = backfill_service.backfill(unit, clerk, directory, draft, report, "补录", [Share(Scope.PARENT)])
        activities.sign_off(unit, places.staff(places.JIASHAN, Role.SECRETARY), made.id, unclassified=True)
    actor = clerk if home == places.JIASHAN else places.stranger(places.JIASHAN, home, Role.CLERK)
    context = Context(actor, units, directory, services(value_channels=frozenset(channels)))
    answer = schema.execute_sync(ASKED, context_value=context)
    context.close()
    if not is_told:
        assert answer.errors
        assert "FORBIDDEN" in str(answer.errors[0].original_error)
        return
    [value] = (answer.data or {})["values"]
    assert list(value["days"]) == ["HALL_SESSION"]
    assert value["mechanismDays"] == {places.DELTA: value["days"]}
    assert bool(value["jointIds"]) is shows_joint
    assert value["mechanismJointIds"] == ({places.DELTA: value["jointIds"]} if shows_joint else None)
