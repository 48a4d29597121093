"""Whatever is tried with a campaign, in any order: it walks along its steps, its history explains every change, and it
is told only when it is signed.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from sync.contract.errors import Refusal
from sync.contract.shapes.supervision import CampaignState
from tenant_service.signing.rules import Approval
from tenant_service.storage.unit_of_work import Unit
from tenant_service.supervision import service
from tenant_service.supervision.models import CampaignRow
from tenant_service.supervision.rules import STATES
from tests.tenant_service.supervision.office import MEASURES, PARENT, WORKS, Office
from tests.tenant_service.told import told
from tests.tenant_service.walks import explained, new_units

TRIED = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@contextmanager
def office_of(folder: Path, empty: Path) -> Iterator[Office]:
    """Jiashan's office over a new database."""
    with new_units(folder, empty) as units:
        yield Office.at(units)


def acts(office: Office, id: str) -> dict[str, Callable[[Unit], object]]:
    clerk, secretary, directory = office.clerk, office.secretary, office.directory
    return {
        "redraft": lambda unit: service.redraft(unit, clerk, directory, id, MEASURES, [PARENT]),
        "discard": lambda unit: service.discard(unit, clerk, id),
        "submit": lambda unit: service.submit(unit, clerk, id),
        "send_back": lambda unit: service.send_back(unit, secretary, id, "再改"),
        "sign_off": lambda unit: service.sign_off(unit, secretary, id, unclassified=True),
        "begin": lambda unit: service.begin(unit, clerk, id),
        "write_report": lambda unit: service.write_report(unit, clerk, id, "报告"),
        "close": lambda unit: service.close(unit, secretary, id, unclassified=True),
        "cancel": lambda unit: service.cancel(unit, clerk, id, "不办"),
        "share": lambda unit: service.share(unit, secretary, directory, id, []),
    }


def stands(office: Office, id: str) -> CampaignRow | None:
    with office.units.read() as unit:
        return unit.session.scalars(select(CampaignRow).where(CampaignRow.id == id)).one_or_none()


NAMES = (
    "redraft", "discard", "submit", "send_back", "sign_off", "begin", "write_report", "close", "cancel", "share",
)  # fmt: skip


@TRIED
@given(tried=st.lists(st.sampled_from(NAMES), max_size=14))
def test_it_walks_along_its_steps_and_its_history_says_how(
    tried: list[str], tmp_path: Path, empty_sqlite: Path
) -> None:  # fmt: skip
    onward = {(act.value, was, now) for act, was, now in STATES}
    with office_of(tmp_path, empty_sqlite) as office:
        id = office.planned(WORKS, PARENT).id
        can = acts(office, id)
        for name in tried:
            before = stands(office, id)
            heard = told(office.units)
            try:
                office.do(can[name])
            except Refusal:
                after = stands(office, id)
                assert (before is None) == (after is None)
                assert told(office.units) == heard
                if before is not None and after is not None:
                    assert (after.record(), after.approval) == (before.record(), before.approval)
                continue
            after = stands(office, id)
            if before is not None and after is not None and name != "share":
                assert (name, before.state, after.state) in onward
        _explained(office, id)
        row = stands(office, id)
        if row is None or row.approval is not Approval.SIGNED:
            assert told(office.units) == []


def _explained(office: Office, id: str) -> None:
    """Each step goes on where the last one led, and the campaign stands where the last one led."""
    row = stands(office, id)
    steps = explained(office.units, id, row.state if row else None)
    assert {step.now for step in steps} <= {each.value for each in CampaignState}


@pytest.mark.parametrize("name", NAMES)
def test_each_act_is_somewhere_possible(name: str) -> None:
    assert name == "share" or any(act.value == name for act, _, _ in STATES)
