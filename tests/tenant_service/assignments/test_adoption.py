"""A suggestion of a joint session is adopted by each side for itself, and is one suggestion all the same."""

import datetime as dt

import pytest

from sync.contract.channels import Scope, Share
from sync.contract.errors import Code, Refusal
from sync.contract.ids import Id
from sync.contract.shapes.items import ItemState
from sync.contract.shapes.requests import RequestKind, RequestRecord
from tenant_service.assignments import adoption_service, service
from tenant_service.identity.policy import Role
from tests.tenant_service import places
from tests.tenant_service.assignments.office import Office
from tests.tenant_service.told import told

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
HANDLERS = adoption_service.HANDLERS
DELTA = Share(Scope.MECHANISM, Id(places.DELTA))


def asked(office: Office, by: str, item: str) -> None:
    """What the request of that committee comes to here."""
    request = RequestRecord(
        id=Id(f"{by}.request.{'1' * 32}"), committee_id=Id(by), to_id=Id(places.JIASHAN), kind=RequestKind.ADOPT,
        subject_id=Id(item), person_id=None, person_name=None, text=None, detail=None,
        asked_at=dt.datetime.now(dt.UTC),
    )  # fmt: skip
    office.do(lambda unit: HANDLERS[RequestKind.ADOPT](unit, request))


def test_each_side_adopts_once_and_the_suggestion_counts_once(office: Office) -> None:
    item = office.agreed(office.campaign(), DELTA)
    office.do(lambda unit: adoption_service.adopt(unit, office.secretary, HANDLERS, item))
    asked(office, places.QINGPU, item)
    assert office.item(item).adopted_by == [places.JIASHAN, places.QINGPU]
    [*_, last] = [event for event in told(office.units) if event.record == item]
    assert last.data["adopted_by"] == [places.JIASHAN, places.QINGPU]
    for again in (places.JIASHAN, places.QINGPU):
        with pytest.raises(Refusal) as refusal:
            asked(office, again, item)
        assert refusal.value.code is Code.ALREADY_DONE
    assert office.item(item).adopted_by == [places.JIASHAN, places.QINGPU]
    assert [step for step in office.steps(item) if step[0] == "adopt"] == [("adopt", "AGREED", "AGREED")] * 2
    assert office.supervision.row(office.item(item).list_id).suggestions == 1


def test_who_was_not_told_of_it_adopts_nothing(office: Office) -> None:
    item = office.agreed(office.campaign(), DELTA)
    proposed = office.proposed(office.item(item).list_id, DELTA)
    for by, what, code in (
        (places.YUHANG, item, Code.NOT_FOUND), (places.QINGPU, proposed, Code.NOT_FOUND),
        (places.QINGPU, office.item(item).list_id, Code.NOT_FOUND),
    ):  # fmt: skip
        before = office.stands(item, proposed)
        with pytest.raises(Refusal) as refusal:
            asked(office, by, what)
        assert (refusal.value.code, office.stands(item, proposed)) == (code, before)
    office.refused(Code.FORBIDDEN, lambda unit: adoption_service.adopt(unit, office.clerk, HANDLERS, item), item)
    office.refused(Code.OUT_OF_TURN, lambda unit: adoption_service.adopt(unit, office.secretary, HANDLERS, proposed))
    office.do(lambda unit: service.not_adopt(unit, office.secretary, item, "不具备条件"))
    assert office.item(item).state is ItemState.NOT_ADOPTED
    office.refused(Code.OUT_OF_TURN, lambda unit: adoption_service.adopt(unit, office.secretary, HANDLERS, item), item)
    stranger = places.stranger(places.JIASHAN, places.QINGPU, Role.SECRETARY)
    office.refused(Code.FORBIDDEN, lambda unit: adoption_service.adopt(unit, stranger, HANDLERS, item), item)
