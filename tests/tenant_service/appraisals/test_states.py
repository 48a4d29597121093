"""Whatever is tried with an appraisal, in any order: it walks along its steps, its history explains every change, it is
told only once published, and as many ballots lie in the urn as names are ticked.
"""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from sync.contract.errors import Refusal
from tenant_service.appraisals import ballots, queries, service
from tenant_service.appraisals.models import AppraiserRow
from tenant_service.appraisals.rules import COUNTED_STATES, STATES
from tenant_service.appraisals.service import Ballot
from tenant_service.history import taken
from tenant_service.storage.unit_of_work import Unit
from tests.tenant_service.appraisals.urn import NO, YES, Urn
from tests.tenant_service.supervision.office import PARENT
from tests.tenant_service.supervision.test_states import office_of
from tests.tenant_service.told import told

TRIED = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
NAMES = ("give0", "give1", "give2", "give3", "give4", "give5", "count", "publish", "object_to", "answer", "finalize",
         "cancel")  # fmt: skip


def acts(urn: Urn, id: str) -> dict[str, Callable[[Unit], object]]:
    clerk, secretary = urn.office.clerk, urn.office.secretary
    giving = {
        f"give{at}": lambda unit, voter=voter: service.give_ballot(unit, voter, id, Ballot((YES, NO), "话"))
        for at, voter in enumerate(urn.voters)
    }
    return giving | {
        "count": lambda unit: service.count(unit, clerk, id),
        "publish": lambda unit: service.publish(unit, secretary, id, unclassified=True),
        "object_to": lambda unit: service.object_to(unit, clerk, id, "异议"),
        "answer": lambda unit: service.answer(unit, secretary, id, "答复", unclassified=True),
        "finalize": lambda unit: service.finalize(unit, secretary, id),
        "cancel": lambda unit: service.cancel(unit, clerk, id, "取消"),
    }


@TRIED
@given(tried=st.lists(st.sampled_from(NAMES), max_size=20))
def test_it_walks_along_its_steps(tried: list[str], tmp_path: Path, empty_sqlite: Path) -> None:
    onward = {(act.value, was, now) for act, was, now in STATES}
    with office_of(tmp_path, empty_sqlite) as office:
        urn = Urn.at(office.units)
        id = urn.begun(PARENT)
        can = acts(urn, id)
        for name in tried:
            before, heard = urn.row(id), told(office.units)
            try:
                office.do(can[name])
            except Refusal:
                assert urn.row(id).record() == before.record()
                assert told(office.units) == heard
                continue
            act = "give_ballot" if name.startswith("give") else name
            assert (act, before.state, urn.row(id).state) in onward
        _holds(urn, id)


def _holds(urn: Urn, id: str) -> None:
    row = urn.row(id)
    with urn.office.units.read() as unit:
        steps = taken.of(unit.session, id)
        ticked = unit.session.scalar(select(func.count()).where(AppraiserRow.has_given))
        assert len(ballots.opinions(unit.session, id)) == len(ballots.remarks(unit.session, id)) == ticked
        shown = queries.results(unit.session, row)
    assert all(later.was == earlier.now for earlier, later in pairwise(steps))
    assert (steps[0].was, steps[-1].now) == (None, row.state.value)
    assert bool(shown) is (row.state in COUNTED_STATES and (ticked or 0) >= row.least)
    heard = [event for event in told(urn.office.units) if event.record == id]
    assert bool(heard) is (row.published_on is not None)
