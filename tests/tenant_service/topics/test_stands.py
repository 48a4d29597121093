"""Reports stand as what their topics went on as: by that phones are forgotten, reporters told and reports counted."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import event, text

from sync.contract.errors import Code
from sync.contract.shapes.items import Satisfaction
from sync.contract.shapes.topics import ReturnReason, TopicState
from tenant_service.storage.personal import Whom
from tenant_service.storage.unit_of_work import Unit
from tenant_service.topics import handling_service as handling
from tenant_service.topics import (
    personal,
    queries,
    rating_service,
    reporting_service,
    routing_service,
    service,
    tracking_queries,
)
from tenant_service.topics import screening_service as screening
from tenant_service.topics.descriptions import Described, Report
from tests.tenant_service import places
from tests.tenant_service.identity.moments import at_one_moment
from tests.tenant_service.topics.office import LIFTS, OPEN, Office
from tests.tenant_service.topics.test_reporting import answered, due, handled, sent
from tests.waiting import until

_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE cardinality(pg_blocking_pids(pid)) > 0 AND datname = current_database()"
)
CALLED = Report("三幢的老人下不了楼", name="欧阳大爷", phone="+86 138 0000-5678")
WHOM = Whom("330421.person.0192f0c1d2e34567890abcdef0000009", "别人", phone="138-0000 5678", others=True)


def forgotten(office: Office, clock: places.Clock) -> int:
    return office.do(lambda unit: personal.forget_contacts(unit, clock.now.date()))


def accepted(office: Office, code: str) -> str:
    id = sent(office, code, CALLED)
    office.do(lambda unit: screening.accept(unit, office.clerk, id, LIFTS))
    return id


def test_contacts_are_forgotten_when_all_is_over_that_the_report_went_on_as(
    office: Office, clock: places.Clock
) -> None:  # fmt: skip
    clerk, kept, merged, whole = office.clerk, accepted(office, "A"), accepted(office, "B"), accepted(office, "C")
    office.do(lambda unit: screening.merge(unit, clerk, merged, kept, "同一件事"))
    one, two = (each.id for each in office.do(
        lambda unit: screening.split(unit, clerk, whole, [Described("电梯"), Described("路灯")])
    ))  # fmt: skip
    for id in (kept, one, two):
        office.do(lambda unit, id=id: handling.handle(unit, clerk, id))  # type: ignore[misc]
    answered(office, one, "已装好。")
    clock.on(days=40)
    assert forgotten(office, clock) == 0, "the other part and what it was merged into are not over"
    with office.units.read() as unit:
        assert len(personal.about(unit.session, WHOM)) == 3, "however the number was written"
    answered(office, two, "已装好。")
    answered(office, kept, "已装好。")
    assert forgotten(office, clock) == 0, "they are over since today"
    clock.on(days=40)
    with office.units.read() as unit:
        assert personal.count_contacts(unit.session, clock.now.date()) == 3
    assert forgotten(office, clock) == 3
    again = sent(office, "D", CALLED)
    assert office.do(lambda unit: personal.erase(unit, WHOM)) == 1
    assert office.row(again).state is TopicState.RAISED


@contextmanager
def statements(office: Office) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        asked.append(statement)

    event.listen(office.units.engine, "before_cursor_execute", note)
    yield asked
    event.remove(office.units.engine, "before_cursor_execute", note)


def test_whom_to_tell_is_one_question_however_many_were_merged(office: Office) -> None:
    clerk, kept = office.clerk, accepted(office, "A")
    for code in "BCDE":
        id = accepted(office, code)
        office.do(lambda unit, id=id: screening.merge(unit, clerk, id, kept, "同一件事"))  # type: ignore[misc]
    with office.units.read() as unit:
        unit.session.connection()
        with statements(office) as asked:
            assert tracking_queries.count_to_tell(unit.session) == 5
        assert len(asked) == 1
        with statements(office) as asked:
            assert {row.id for each in tracking_queries.to_tell(unit.session) for row in each.rows} == {kept}
        assert len(asked) == 2
    for reporter, _ in due(office):
        office.do(lambda unit, id=reporter: reporting_service.tell(unit, clerk, id))  # type: ignore[misc]
    assert due(office) == []
    office.do(lambda unit: screening.forward(unit, clerk, kept, "12345热线", "热线办理"))
    reporter, *_ = [id for id, news in due(office) if news == "FORWARDED"]
    office.do(lambda unit: reporting_service.tell(unit, clerk, reporter))
    assert len(due(office)) == 4
    office.do(lambda unit: screening.undo(unit, clerk, kept, "属本会"))
    assert due(office) == [(reporter, "ACCEPTED")], "who was told that it was forwarded hears that it is not"


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_two_that_undo_one_chain_at_one_moment_do_not_wait_for_each_other(office: Office) -> None:
    clerk = office.clerk
    end, first, middle = accepted(office, "C"), accepted(office, "A"), accepted(office, "B")
    office.do(lambda unit: screening.merge(unit, clerk, first, middle, "同一件事"))
    office.do(lambda unit: screening.merge(unit, clerk, middle, end, "同一件事"))
    assert office.row(end).reporters == 3

    def waiting(count: int) -> bool:
        with office.units.engine.connect() as connection:
            return bool(connection.scalar(_WAITING) == count)

    with ThreadPoolExecutor(2) as threads:
        with office.units.write() as unit:
            queries.locked(unit.session, middle)
            undone = [threads.submit(office.do, lambda unit: screening.undo(unit, clerk, first, "不是一件事"))]
            until(lambda: waiting(1), what="the first waits for the topic in the middle")
            undone += [threads.submit(office.do, lambda unit: screening.undo(unit, clerk, middle, "不是一件事"))]
            until(lambda: waiting(2), what="the second waits, too")
        assert {each.result().state for each in undone} == {TopicState.ACCEPTED}
    assert [office.row(each).reporters for each in (first, middle, end)] == [1, 1, 1]


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_who_speaks_of_an_answer_that_is_taken_up_anew_at_that_moment_is_told_so(office: Office) -> None:
    id, other = sent(office, "AAAA"), sent(office, "BBBB")
    handled(office, id)
    office.do(lambda unit: screening.merge(unit, office.clerk, other, id, "同一件事"))
    answered(office, id, "好")

    def not_settled(unit: Unit, code: str) -> None:
        rating_service.unsettled(unit, code, id, "二单元没装", 15)

    late = at_one_moment(
        office.units, lambda unit: not_settled(unit, "AAAA"),
        lambda: office.do(lambda unit: not_settled(unit, "BBBB")),
    )  # fmt: skip
    assert (late, office.row(id).reopened, office.row(id).state) == (Code.OUT_OF_TURN, 1, TopicState.REOPENED)
    answered(office, id, "装了")
    late = at_one_moment(
        office.units, lambda unit: handling.reopen(unit, office.secretary, id, "再看一看"),
        lambda: office.do(lambda unit: rating_service.rate(unit, "BBBB", id, Satisfaction.SATISFIED, None)),
    )  # fmt: skip
    assert (late, office.row(id).satisfied, office.row(id).state) == (Code.OUT_OF_TURN, 0, TopicState.REOPENED)


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_two_clerks_who_make_one_route_at_one_moment_make_one(office: Office) -> None:
    one, other = office.body("住建局"), office.body("城管局")
    made = at_one_moment(
        office.units, lambda unit: routing_service.add_route(unit, office.clerk, None, None, one),
        lambda: office.do(lambda unit: routing_service.add_route(unit, office.clerk, None, None, other)),
    )  # fmt: skip
    assert made is None
    with office.units.read() as unit:
        targets = unit.session.scalars(text("SELECT target_id FROM topic_route")).all()
    assert targets == [other], "the last word counts"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_routes_are_bounded(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routing_service, "MOST_ROUTES", 1)
    body = office.body("住建局")
    office.do(lambda unit: routing_service.add_route(unit, office.clerk, None, None, body))
    again = lambda unit: routing_service.add_route(unit, office.clerk, LIFTS.category, None, body)  # noqa: E731
    office.refused(Code.TOO_MANY_ROWS, again)
    office.do(lambda unit: routing_service.add_route(unit, office.clerk, None, None, body))


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_nobody_screened_is_screened_after_all_when_that_is_undone(office: Office) -> None:
    id, clerk = sent(office, "AAAA"), office.clerk
    office.do(lambda unit: screening.turn_down(unit, clerk, id, ReturnReason.LAWSUIT, "请到法院"))
    office.do(lambda unit: service.share(unit, office.secretary, office.directory, id, [OPEN]))
    [(reporter, _)] = due(office)
    office.do(lambda unit: reporting_service.tell(unit, clerk, reporter))
    office.do(lambda unit: screening.undo(unit, clerk, id, "看错了"))
    row = office.row(id)
    assert (row.state, row.accepted_at, row.shares) == (TopicState.RAISED, None, []), "the office has worded nothing"
    assert due(office) == [(reporter, "SUBMITTED")], "who was told that it was turned down hears that it is not"
    office.do(lambda unit: reporting_service.tell(unit, clerk, reporter))
    assert due(office) == []
    other = accepted(office, "BBBB")
    office.do(lambda unit: screening.merge(unit, clerk, id, other, "同一件事"))
    office.do(lambda unit: screening.undo(unit, clerk, id, "不是"))
    assert (office.row(id).state, office.row(id).accepted_on) == (TopicState.RAISED, None)
    office.do(lambda unit: screening.accept(unit, clerk, id, LIFTS))
    office.do(lambda unit: screening.forward(unit, clerk, id, "住建局", "属其职责"))
    office.do(lambda unit: screening.undo(unit, clerk, id, "属本会"))
    assert office.row(id).state is TopicState.ACCEPTED
