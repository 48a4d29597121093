"""A programme is issued, not ordered: each committee says whether it takes part, and who says nothing is 未反馈."""

import datetime as dt
from dataclasses import replace

import pytest

from sync.contract.channels import Scope, Share, partner
from sync.contract.errors import Code, Refusal
from sync.contract.ids import Id
from sync.contract.shapes.programmes import Joining, ProgrammeKind
from sync.contract.shapes.requests import RequestKind, RequestRecord
from tenant_service.programmes import joining_service, queries, rules, service
from tenant_service.programmes.descriptions import TaskDraft
from tenant_service.programmes.models import SeenProgrammeRow
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.programmes.office import SIX, Office
from tests.tenant_service.told import told

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
HANDLERS = joining_service.HANDLERS
DELTA = Share(Scope.MECHANISM, Id(places.DELTA))
TWELVE = replace(
    SIX, title="十二项要求", kind=ProgrammeKind.REQUIREMENTS,
    tasks=tuple(TaskDraft(f"要求{number}") for number in range(1, 13)),
)  # fmt: skip


@pytest.fixture
def office(units: Units) -> Office:
    return Office.at(units)


def says(office: Office, by: str, id: str, detail: str, text: str | None = None) -> None:
    """What the request of that committee comes to here."""
    request = RequestRecord(
        id=Id(f"{by}.request.{'1' * 32}"), committee_id=Id(by), to_id=Id(places.JIASHAN),
        kind=RequestKind.ACKNOWLEDGE, subject_id=Id(id), person_id=None, person_name=None, text=text, detail=detail,
        asked_at=dt.datetime.now(dt.UTC),
    )  # fmt: skip
    office.do(lambda unit: HANDLERS[RequestKind.ACKNOWLEDGE](unit, request))


def said(office: Office, id: str) -> dict[str, tuple[Joining, list[int], str | None]]:
    with office.units.read() as unit:
        found = queries.answers(unit.session, id)
    return {by: (row.joining, row.items, row.because) for by, row in found.items()}


@pytest.mark.practice(1)
def test_each_says_whether_it_takes_part_and_may_say_it_anew(office: Office) -> None:
    id = office.running(TWELVE, DELTA)
    assert said(office, id) == {}, "未反馈"
    says(office, places.QINGPU, id, rules.told_as(Joining.PARTLY, [1, 2, 12]))
    assert said(office, id) == {places.QINGPU: (Joining.PARTLY, [1, 2, 12], None)}
    says(office, places.QINGPU, id, "FULLY")
    says(office, places.WUJIANG, id, "NOT_NOW", "换届期间")
    assert said(office, id) == {
        places.QINGPU: (Joining.FULLY, [], None), places.WUJIANG: (Joining.NOT_NOW, [], "换届期间"),
    }  # fmt: skip


@pytest.mark.practice(1)
def test_an_answer_that_makes_no_sense_changes_nothing(office: Office) -> None:
    id = office.running(TWELVE, DELTA)
    over = office.running(TWELVE, DELTA)
    office.do(lambda unit: service.cancel(unit, office.clerk, over, "并入"))
    unsigned, heard = office.planned(TWELVE, DELTA).id, told(office.units)
    for at, by, detail, text, code in (
        (id, places.QINGPU, "NOT_NOW", None, Code.NEEDS_REASON), (id, places.QINGPU, "PARTLY", None, Code.NEEDS_REASON),
        (id, places.QINGPU, "MUST", None, Code.BAD_VALUE), (id, places.QINGPU, "PARTLY:1000", None, Code.BAD_VALUE),
        (id, places.QINGPU, "PARTLY:zz", None, Code.BAD_VALUE), (id, places.QINGPU, "FULLY:1", None, Code.BAD_VALUE),
        (id, places.YUHANG, "FULLY", None, Code.NOT_FOUND), (unsigned, places.QINGPU, "FULLY", None, Code.NOT_FOUND),
        (over, places.QINGPU, "FULLY", None, Code.OUT_OF_TURN),
    ):  # fmt: skip
        with pytest.raises(Refusal) as refusal:
            says(office, by, at, detail, text)
        assert (refusal.value.code, said(office, at), told(office.units)) == (code, {}, heard)


def test_nobody_answers_to_what_is_their_own_or_was_not_shared_with_them(office: Office) -> None:
    own = office.running(TWELVE, DELTA)
    for id in (own, f"{places.QINGPU}.programme.0192f0c1d2e34567890abcdef0000001", f"{places.QINGPU}.topic.{'1' * 32}"):
        with pytest.raises(Refusal) as refusal:
            office.do(lambda unit, id=id: joining_service.join(unit, office.secretary, HANDLERS, id, Joining.FULLY))  # type: ignore[misc]
        assert refusal.value.code is Code.NOT_FOUND
    with pytest.raises(Refusal) as refusal:
        office.do(lambda unit: joining_service.join(unit, office.clerk, HANDLERS, own, Joining.FULLY))
    assert refusal.value.code is Code.FORBIDDEN


@pytest.mark.practice(1)
def test_what_we_say_goes_to_the_committee_whose_programme_it_is_and_nothing_of_theirs_changes(office: Office) -> None:
    theirs = f"{places.QINGPU}.programme.0192f0c1d2e34567890abcdef0000001"
    record = office.row(office.running(TWELVE)).record()
    there = vars(record) | {"id": theirs, "committee_id": places.QINGPU}
    with office.units.write() as unit:
        channels = [f"m_{places.DELTA.rpartition('.')[2]}"]
        unit.session.add(SeenProgrammeRow(**there, channels=channels, as_of=unit.now))
    asked = office.do(
        lambda unit: joining_service.join(unit, office.secretary, HANDLERS, theirs, Joining.PARTLY, items=[1, 12])
    )
    assert (asked.to_id, asked.kind, asked.detail) == (places.QINGPU, RequestKind.ACKNOWLEDGE, "PARTLY:801")
    [event] = [each for each in told(office.units) if each.record == asked.id]
    assert event.channel == partner(places.QINGPU)
    with pytest.raises(Refusal) as refusal:
        office.do(lambda unit: joining_service.join(unit, office.secretary, HANDLERS, theirs, Joining.NOT_NOW))
    assert refusal.value.code is Code.NEEDS_REASON
    below = office.planned(replace(TWELVE, parent_id=theirs))
    assert below.parent_id == theirs, "what is done for it here is a programme of our own"
