"""Whatever is tried with a programme, in any order: it walks along its steps, its history explains every change, and it
is told only when it is signed.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from sync.contract.errors import Refusal
from tenant_service.programmes import progress_service, service
from tenant_service.programmes.models import ProgrammeRow
from tenant_service.programmes.rules import STATES
from tenant_service.rooms import COUNTING
from tenant_service.signing.rules import Approval
from tenant_service.storage.unit_of_work import Unit
from tests.tenant_service.programmes.office import DAY, NANBU, PARENT, SIX, Office
from tests.tenant_service.told import told
from tests.tenant_service.walks import explained, new_units

TRIED = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def acts(office: Office, id: str) -> dict[str, Callable[[Unit], object]]:
    clerk, secretary, directory = office.clerk, office.secretary, office.directory
    return {
        "redraft": lambda unit: service.redraft(unit, clerk, directory, id, SIX, [PARENT]),
        "discard": lambda unit: service.discard(unit, clerk, id),
        "submit": lambda unit: service.submit(unit, clerk, id),
        "send_back": lambda unit: service.send_back(unit, secretary, id, "再改"),
        "sign_off": lambda unit: service.sign_off(unit, secretary, id, unclassified=True),
        "begin": lambda unit: service.begin(unit, clerk, id),
        "tick": lambda unit: progress_service.tick(unit, clerk, id, 1, DAY),
        "write_report": lambda unit: service.write_report(unit, clerk, id, "总结"),
        "close": lambda unit: service.close(unit, secretary, COUNTING, id, unclassified=True),
        "cancel": lambda unit: service.cancel(unit, clerk, id, "不办"),
        "share": lambda unit: service.share(unit, secretary, directory, id, []),
    }


NAMES = (
    "redraft", "discard", "submit", "send_back", "sign_off", "begin", "tick", "write_report", "close", "cancel",
    "share",
)  # fmt: skip


def stands(office: Office, id: str) -> ProgrammeRow | None:
    with office.units.read() as unit:
        return unit.session.scalars(select(ProgrammeRow).where(ProgrammeRow.id == id)).one_or_none()


@TRIED
@given(tried=st.lists(st.sampled_from(NAMES), max_size=12))
def test_it_walks_along_its_steps_and_its_history_says_how(
    tried: list[str], tmp_path: Path, empty_sqlite: Path
) -> None:  # fmt: skip
    onward = {(act.value, was, now) for act, was, now in STATES}
    with new_units(tmp_path, empty_sqlite) as units:
        office = Office.at(units)
        id = office.planned(NANBU, PARENT).id
        can = acts(office, id)
        for name in tried:
            before, heard = stands(office, id), told(units)
            try:
                office.do(can[name])
            except Refusal:
                after = stands(office, id)
                assert (before is None) == (after is None)
                assert told(units) == heard
                if before is not None and after is not None:
                    assert (after.record(), after.approval) == (before.record(), before.approval)
                continue
            after = stands(office, id)
            if before is not None and after is not None and name != "share":
                assert (name, before.state, after.state) in onward
        row = stands(office, id)
        explained(units, id, row.state if row else None)
        if row is None or row.approval is not Approval.SIGNED:
            assert told(units) == []


@pytest.mark.parametrize("name", NAMES)
def test_each_act_is_somewhere_possible(name: str) -> None:
    assert name == "share" or any(act.value == name for act, _, _ in STATES)
