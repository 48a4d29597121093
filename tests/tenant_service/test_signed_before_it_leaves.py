"""审核签发 (practice rule 3): nothing leaves the committee on one click of whoever drafts it."""

import datetime as dt
from collections.abc import Callable

import pytest

from sync.contract.channels import Scope, Share
from sync.contract.errors import Code, Refusal
from sync.contract.records import KINDS
from tenant_service.activities import service as activities
from tenant_service.assignments import call_service as calls
from tenant_service.storage.unit_of_work import Units
from tenant_service.supervision import service as campaigns
from tenant_service.topics import handling_service
from tenant_service.topics import service as topics
from tests.tenant_service import places
from tests.tenant_service.activities.test_life import Office as Activities
from tests.tenant_service.appraisals.urn import Urn
from tests.tenant_service.assignments.office import Office as Assignments
from tests.tenant_service.procedures.office import Office as Procedures
from tests.tenant_service.supervision.office import WORKS
from tests.tenant_service.supervision.office import Office as Supervision
from tests.tenant_service.told import told
from tests.tenant_service.topics.office import Office as Topics

# Whether something is told does not depend on the database.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
OPEN = Share(Scope.OPEN)


def of_an_activity(units: Units) -> str:
    staff = Supervision.at(units)
    office = Activities(units, staff.directory, staff.clerk, staff.secretary)
    id = office.drafted([OPEN])
    office.do(lambda unit: activities.submit(unit, office.clerk, id))
    return id


def of_a_campaign(units: Units) -> str:
    office = Supervision.at(units)
    id = office.planned(WORKS, OPEN).id
    office.do(lambda unit: campaigns.submit(unit, office.clerk, id))
    return id


def of_an_appraisal(units: Units) -> str:
    return Urn.at(units).counted(OPEN)


def of_a_procedure(units: Units) -> str:
    staff = Supervision.at(units)
    return Procedures(units, staff.directory, staff.clerk, staff.secretary).drafted(shares=[OPEN]).id


def of_a_topic(units: Units) -> str:
    """It is shared with nobody at first, and whoever drafts its answer cannot change that."""
    office = Topics.at(units)
    id = office.handled()
    office.do(lambda unit: handling_service.resolve(unit, office.clerk, id, "已列入改造计划。"))
    with pytest.raises(Refusal) as refusal:
        office.do(lambda unit: topics.share(unit, office.clerk, places.directory(), id, [OPEN]))
    assert refusal.value.code is Code.NOT_SIGNED_OFF
    return id


def of_an_item(units: Units) -> str:
    office = Assignments.at(units)
    return office.proposed(office.supervision.running(WORKS), OPEN)


def of_a_call(units: Units) -> str:
    """Whoever calls, without signing, calls for home alone."""
    office = Assignments.at(units)
    by = places.SPRING + dt.timedelta(days=3)
    draft = calls.Draft("惠民街道", "路灯现场会", "惠民路口", by, (office.bureau,))
    with pytest.raises(Refusal) as refusal:
        office.do(lambda unit: calls.call(unit, office.clerk, places.directory(), draft, [OPEN]))
    assert refusal.value.code is Code.NOT_SIGNED_OFF
    return office.do(lambda unit: calls.call(unit, office.clerk, places.directory(), draft, [])).id


DRAFTED: dict[str, Callable[[Units], str]] = {
    "activity": of_an_activity, "campaign": of_a_campaign, "appraisal": of_an_appraisal,
    "procedure": of_a_procedure, "topic": of_a_topic, "item": of_an_item, "call": of_a_call,
}  # fmt: skip
"""Kind of record → all that a clerk does with one that is to be shared with everybody."""
UNSIGNED = {
    "committee": "the directory tells it", "venue": "免审", "unit": "免审: its name",
    "body": "stays at home", "person": "stays at home", "membership": "stays at home",
    "participation": "免审: attendance, to each member's home alone", "request": "asks, and changes nothing",
    "answer": "of what was asked", "value": "counts what was signed; which channels, the settings say",
    "assignment": "goes where its signed item goes; its reply is signed by whoever closes it",
    "audit_head": "the log itself", "audit_consent": "the security administrator gives it",
}  # fmt: skip
"""Why these kinds need no signature."""


@pytest.mark.parametrize("kind", DRAFTED)
def test_what_a_clerk_does_alone_is_told_to_nobody(units: Units, kind: str) -> None:
    id = DRAFTED[kind](units)
    assert id.split(".")[1] == kind
    assert [each for each in told(units) if each.record == id] == []


def test_every_kind_is_signed_or_says_why_not(units: Units) -> None:
    del units
    assert set(KINDS) == DRAFTED.keys() | UNSIGNED.keys()
    assert not DRAFTED.keys() & UNSIGNED.keys()
