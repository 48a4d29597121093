"""A signed report goes up sealed; what became of it there is that committee's own record, and is told back."""

import pytest
from sqlalchemy import select

from sync.contract.errors import Code
from sync.contract.shapes.reports import ReportOutcome, ReportState
from sync.contract.shapes.requests import RequestState
from tenant_service.notifications.models import NotificationRow
from tenant_service.reports import intake_queries as intakes
from tenant_service.reports import intake_service as intake
from tenant_service.reports import queries, sending_service
from tenant_service.reports.intake_queries import IncomingWanted
from tenant_service.requests.models import RequestRow
from tenant_service.rooms import HANDLERS
from tests.tenant_service import places
from tests.tenant_service.reports.office import PIECE, Office, Upward
from tests.tenant_service.told import told

NUMBER = "《嘉兴政协信息》第5期"


@pytest.mark.practice(13)
def test_what_is_sent_is_received_edited_and_adopted_there_and_its_sender_hears_of_it(upward: Upward) -> None:
    office = upward.office
    id = office.sent()
    upward.settle()
    [seen] = upward.seen()
    assert (seen.id, seen.title, seen.text, seen.authors, seen.channels) == (
        id, PIECE.title, PIECE.text, ["沈一", "民盟支部"], [f"x_{places.JIAXING}"],
    )  # fmt: skip
    upward.above(lambda unit: intake.receive(unit, upward.clerk, HANDLERS, id))
    assert office.row(id).state is ReportState.SENT, "the line is cut"
    upward.settle()
    assert office.row(id).state is ReportState.RECEIVED
    upward.above(lambda unit: intake.work_in(unit, upward.clerk, HANDLERS, id))
    upward.above(lambda unit: intake.adopt(unit, upward.secretary, HANDLERS, id, NUMBER, unclassified=True))
    upward.settle()
    row = office.row(id)
    assert (row.state, row.adopted_as) == (ReportState.ADOPTED, NUMBER)
    assert office.steps(id)[-4:] == ["send", "received", "compiled", "adopted"]
    assert upward.seen()[0].state is ReportState.ADOPTED
    taken_in = upward.intake(id)
    assert taken_in is not None
    assert (taken_in.state, taken_in.number, taken_in.from_id) == (ReportOutcome.ADOPTED, NUMBER, places.JIASHAN)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_is_not_adopted_says_why(upward: Upward) -> None:
    id = upward.office.sent()
    upward.settle()
    upward.above(lambda unit: intake.receive(unit, upward.clerk, HANDLERS, id))
    upward.above(lambda unit: intake.turn_down(unit, upward.secretary, HANDLERS, id, "已有同类信息"))
    upward.settle()
    row = upward.office.row(id)
    assert (row.state, row.outcome_because) == (ReportState.NOT_ADOPTED, "已有同类信息")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_was_not_received_is_taken_back_and_what_was_is_not(upward: Upward) -> None:
    office, id = upward.office, upward.office.sent()
    upward.settle()
    office.do(lambda unit: sending_service.take_back(unit, office.clerk, id, "数据有误"))
    upward.above(lambda unit: intake.receive(unit, upward.clerk, HANDLERS, id))
    upward.settle()
    assert (office.row(id).state, upward.seen()) == (ReportState.SIGNED, [])
    [request] = upward.there.rows(RequestRow)
    assert (request.state, request.code) == (RequestState.REFUSED, "NOT_FOUND")
    office.do(lambda unit: sending_service.send(unit, office.secretary, id))
    upward.settle()
    assert [each.id for each in upward.seen()] == [id]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_nobody_else_says_what_became_of_it(upward: Upward) -> None:
    office, id = upward.office, upward.office.sent()
    signed = office.signed()
    upward.settle()
    upward.above(lambda unit: intake.receive(unit, upward.clerk, HANDLERS, id))
    upward.settle()
    with upward.there.units.read() as unit:
        assert intakes.incoming(unit.session, places.JIAXING, IncomingWanted(waiting=True)) == []
    for act, code in (
        (lambda unit: intake.receive(unit, upward.clerk, HANDLERS, id), Code.ALREADY_DONE),
        (lambda unit: intake.receive(unit, upward.clerk, HANDLERS, signed), Code.NOT_FOUND),
        (lambda unit: intake.adopt(unit, upward.clerk, HANDLERS, id, NUMBER, unclassified=True), Code.FORBIDDEN),
        (lambda unit: intake.adopt(unit, upward.secretary, HANDLERS, id, NUMBER, unclassified=False),
         Code.SECRECY_UNCONFIRMED),
        (lambda unit: intake.turn_down(unit, upward.secretary, HANDLERS, id, ""), Code.NEEDS_REASON),
    ):  # fmt: skip
        above = Office(upward.there.units)
        before = len(upward.there.rows(RequestRow))
        above.refused(code, act)
        assert len(upward.there.rows(RequestRow)) == before
    office.refused(Code.NOT_FOUND, lambda unit: intake.receive(unit, office.clerk, HANDLERS, id), id)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_who_worded_it_does_not_send_it_and_who_may_not_sign_neither(office: Office) -> None:
    id = office.signed(by=office.deputy)
    office.refused(Code.FORBIDDEN, lambda unit: sending_service.send(unit, office.clerk, id), id)
    office.refused(Code.OWN_DRAFT, lambda unit: sending_service.send(unit, office.deputy, id), id)
    assert told(office.units) == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_an_intake_that_a_restored_backup_forgot_stands_as_its_sender_heard_of_it(upward: Upward) -> None:
    id = upward.office.sent()
    upward.settle()
    upward.above(lambda unit: intake.receive(unit, upward.clerk, HANDLERS, id))
    upward.above(lambda unit: intake.adopt(unit, upward.secretary, HANDLERS, id, NUMBER, unclassified=True))
    upward.settle()
    upward.above(lambda unit: unit.session.delete(intakes.locked(unit.session, id)))
    asked = len(upward.there.rows(RequestRow))
    upward.above(lambda unit: intake.receive(unit, upward.clerk, HANDLERS, id))
    again = upward.intake(id)
    assert again is not None
    assert (again.state, again.number) == (ReportOutcome.ADOPTED, NUMBER)
    assert len(upward.there.rows(RequestRow)) == asked
    with upward.there.units.read() as unit:
        assert queries.one(unit.session, upward.clerk, id) is not None
        member = places.staff(places.JIAXING, *upward.clerk.roles - upward.clerk.roles)
        assert queries.one(unit.session, member, id) is None, "it was sent to the office alone"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.practice(13)
def test_authors_read_what_became_of_their_work(upward: Upward) -> None:
    office = upward.office
    writes = office.member("沈一")
    id = office.sent(by=writes)
    upward.settle()
    upward.above(lambda unit: intake.receive(unit, upward.clerk, HANDLERS, id))
    upward.above(lambda unit: intake.adopt(unit, upward.secretary, HANDLERS, id, NUMBER, unclassified=True))
    upward.settle()
    with office.units.read() as unit:
        rows = unit.session.scalars(select(NotificationRow).where(NotificationRow.recipient == writes.person))
        said = [row.title for row in rows]
    assert said == [f"{words}：{PIECE.title}" for words in ("成果已签发", "上级已收稿", "上级已采用")]
