"""Links between records lead somewhere, and never in a circle."""

from contextlib import suppress

import pytest
import uuid_utils
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.contract.errors import Code, Refusal
from tenant_service.identity.actor import Actor
from tenant_service.relations import links
from tenant_service.relations.kinds import Relation
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places

IDS = [f"{places.JIASHAN}.topic.{uuid_utils.uuid7().hex}" for _ in range(5)]
A, B, C = IDS[:3]


def test_what_was_merged_twice_is_found_where_it_is_now(units: Units, clerk: Actor) -> None:
    with units.write() as unit:
        assert links.lay(unit, clerk, A, Relation.MERGED_INTO, B)
        assert links.lay(unit, clerk, B, Relation.MERGED_INTO, C)
        assert not links.lay(unit, clerk, A, Relation.MERGED_INTO, B), "laid before"
        assert links.last(unit.session, A, Relation.MERGED_INTO) == C
        assert links.sources(unit.session, C, Relation.MERGED_INTO) == [B]
        assert links.take_away(unit, B, Relation.MERGED_INTO) == 1
        assert links.last(unit.session, A, Relation.MERGED_INTO) == B


@pytest.mark.parametrize("target", [A, C], ids=["itself", "back"])
def test_a_link_to_itself_or_back_is_refused(units: Units, clerk: Actor, target: str) -> None:
    with units.write() as unit:
        links.lay(unit, clerk, C, Relation.MERGED_INTO, B)
        links.lay(unit, clerk, B, Relation.MERGED_INTO, A)
    with pytest.raises(Refusal) as refusal, units.write() as unit:
        links.lay(unit, clerk, A, Relation.MERGED_INTO, target)
    assert refusal.value.code is Code.LINK_CYCLE
    with units.read() as unit:
        assert links.targets(unit.session, A, Relation.MERGED_INTO) == []


def test_counterparts_name_each_other(units: Units, clerk: Actor) -> None:
    with units.write() as unit:
        assert links.lay(unit, clerk, A, Relation.COUNTERPART, B)
        assert links.lay(unit, clerk, B, Relation.COUNTERPART, A)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)), max_size=12))
def test_whatever_is_laid_there_is_no_circle(units: Units, clerk: Actor, drawn: list[tuple[str, str]]) -> None:
    with units.write() as unit:
        for source, target in drawn:
            with suppress(Refusal):
                links.lay(unit, clerk, source, Relation.PART_OF, target)
        for start in IDS:
            reached: set[str] = set()
            edge = {start}
            while edge:
                edge = {each for one in edge for each in links.targets(unit.session, one, Relation.PART_OF)} - reached
                reached |= edge
            assert start not in reached
            links.take_away(unit, start, Relation.PART_OF)
