"""Two acts on one item at one moment: one waits for the other, and neither for each other."""

import pytest

from sync.contract.errors import Code
from sync.contract.shapes.items import AssignmentState
from tenant_service.assignments import handing_over_service as over
from tenant_service.assignments import handling_queries, queries
from tenant_service.assignments import handover_queries as handovers
from tenant_service.assignments.rules import Part
from tests.tenant_service import places
from tests.tenant_service.assignments.neighbours import Neighbours
from tests.tenant_service.assignments.office import LEAD, TERMS, Office
from tests.tenant_service.identity.moments import at_one_moment

pytestmark = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)


def test_what_is_withdrawn_while_it_is_assigned_is_withdrawn(office: Office) -> None:
    """The item is locked first by both, or each would hold what the other waits for."""
    item = office.agreed(office.campaign())
    id, parts = office.forwarded(item), [Part(office.bureau, LEAD)]
    refused = at_one_moment(
        office.units, lambda unit: queries.locked(unit.session, item),
        lambda: office.do(lambda unit: over.assign(unit, office.coordinator, TERMS, id, parts)),
        then=lambda unit: over.withdraw(unit, office.clerk, id, "并入另一事项"),
    )  # fmt: skip
    assert (refused, office.row(id).state) == (Code.OUT_OF_TURN, AssignmentState.WITHDRAWN)


def test_what_a_body_abroad_does_waits_for_what_is_done_here_and_neither_for_each_other(
    neighbours: Neighbours,
) -> None:
    """The assignment is locked before what its home was told, by both."""
    id, handover = neighbours.handed_over()
    office = neighbours.office
    refused = at_one_moment(
        office.units, lambda unit: handling_queries.locked(unit.session, id),
        lambda: office.do(lambda unit: handovers.of_home(unit.session, handover, places.QINGPU)),
        then=lambda unit: over.withdraw(unit, office.clerk, id, "并入另一事项"),
    )  # fmt: skip
    assert (refused, office.row(id).state) == (None, AssignmentState.WITHDRAWN)
