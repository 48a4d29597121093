"""Programs ask how complete the exchange is, and act on it, as the office does."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from sync.contract.errors import Code, Refusal
from sync.contract.trust.directory import Directory
from tenant_service.exchange.models import AlarmRow, DeadLetterRow
from tenant_service.exchange.projecting import Projector
from tenant_service.graph.context import Context
from tenant_service.graphql import schema
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.statistics import service as statistics
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.exchange_status import troubles
from tests.tenant_service.places import JIASHAN, QINGPU, WUJIANG, Clock, staff, stranger, trust
from tests.tenant_service.services import services

Asks = Callable[..., Any]

STATUS = """{ syncStatus { owner channel epoch appliedSeq headSeq lagSeconds asOf chainOk trouble deadLetters naks
  quarantined state } }"""
TOLD = "{ syncTold { channel epoch seq hubSeq hubAsOf readers { committeeId seq behind asOf } } }"
ALARMS = "{ syncAlarms { log code times knownAt knownBy } }"
LETTERS = "{ syncDeadLetters { log epoch seq record error } }"
REPLAY = """mutation($letters: [DeadLetterInput!]!, $logs: [String!]!, $key: ID! = "k") {
  replayDeadLetters(key: $key, letters: $letters, logs: $logs) { shown failed waiting remaining after } }"""
ACKNOWLEDGE = """mutation($log: String!, $code: String!, $times: Int!) {
  acknowledgeAlarm(key: "k", log: $log, code: $code, times: $times) { code knownAt knownBy } }"""


@pytest.fixture
def asks(units: Units, directory: Directory, clerk: Actor) -> Asks:
    """What a clerk, or somebody else, is answered."""

    def asked(document: str, who: Actor = clerk, **variables: Any) -> Any:
        projector = Projector(trust(JIASHAN), {"value": statistics.project})
        context = Context(who, units, directory, services(projector=projector))
        told = schema.execute_sync(document, variables, context_value=context)
        context.close()
        if told.errors:
            raise told.errors[0].original_error or told.errors[0]
        return next(iter(told.data.values())) if told.data else None

    return asked


@pytest.fixture
def in_trouble(units: Units, tmp_path: Path, clock: Clock) -> None:
    troubles.troubles(units, tmp_path, clock)


def test_each_log_says_how_far_it_came_and_what_was_wrong(in_trouble: None, asks: Asks) -> None:
    known = {(each["owner"], each["channel"]): each for each in asks(STATUS)}
    wujiang = known[WUJIANG, troubles.MECHANISM]
    assert (wujiang["appliedSeq"], wujiang["trouble"], wujiang["chainOk"]) == (0, "FORKED", False)
    assert (wujiang["naks"], wujiang["quarantined"], wujiang["state"]) == (2, 1, "FOLLOWING")
    qingpu = known[QINGPU, troubles.MECHANISM]
    assert (qingpu["appliedSeq"], qingpu["deadLetters"], qingpu["naks"]) == (3, 2, 0)
    assert known[QINGPU, "o"]["state"] == "FROZEN"


def test_each_log_of_ours_says_who_has_confirmed_it(in_trouble: None, asks: Asks, clock: Clock) -> None:
    [log] = asks(TOLD)
    assert (log["channel"], log["seq"], log["hubSeq"]) == (troubles.MECHANISM, 13, 13)
    assert log["readers"] == [
        {"committeeId": QINGPU, "seq": 13, "behind": 0, "asOf": clock.now.isoformat()},
        {"committeeId": WUJIANG, "seq": 0, "behind": 13, "asOf": None},
    ]


def test_dead_letters_are_replayed_once_per_key(in_trouble: None, asks: Asks, units: Units) -> None:
    one, other = asks(LETTERS)
    assert one["error"] == "RuntimeError: 这间不收"
    letters = [{name: one[name] for name in ("log", "epoch", "seq")}]
    done = {"shown": 1, "failed": 0, "waiting": 0, "remaining": 1, "after": ""}
    assert asks(REPLAY, letters=letters, logs=[]) == done
    assert asks(REPLAY, letters=letters, logs=[]) == done, "the same key, the same answer"
    assert asks(LETTERS) == [other]
    assert asks(REPLAY, letters=[], logs=[other["log"]], key="l")["shown"] == 1
    assert asks(LETTERS) == []


def test_an_alarm_is_acknowledged_by_account(in_trouble: None, asks: Asks, clerk: Actor) -> None:
    told = asks(ALARMS)
    first = {name: told[0][name] for name in ("log", "code", "times")}
    assert asks(ACKNOWLEDGE, **first)["knownBy"] == clerk.sub
    assert asks(ACKNOWLEDGE, **first)["knownBy"] == clerk.sub, "the same key, the same answer"
    assert [each["knownBy"] for each in asks(ALARMS)] == [None, clerk.sub], "open ones first"


@pytest.mark.parametrize(
    "document", [STATUS, TOLD, ALARMS, LETTERS, REPLAY, ACKNOWLEDGE], ids=lambda text: text.partition("(")[0][:20]
)
@pytest.mark.parametrize(
    "who", [staff(JIASHAN, Role.MEMBER), staff(JIASHAN, Role.CHAIR), stranger(JIASHAN, QINGPU, Role.CLERK)],
    ids=["member", "chair", "another committee's clerk"],
)  # fmt: skip
def test_whom_it_does_not_concern_is_told_nothing_and_does_nothing(
    in_trouble: None, asks: Asks, units: Units, document: str, who: Actor
) -> None:
    variables: dict[str, Any] = {"letters": [], "logs": []} if document is REPLAY else {}
    if document is ACKNOWLEDGE:
        variables = {"log": troubles.MINE, "code": "STRANGER", "times": 1}
    with pytest.raises(Refusal) as refusal:
        asks(document, who, **variables)
    assert refusal.value.code is Code.FORBIDDEN
    with units.read() as unit:
        assert len(unit.session.scalars(select(DeadLetterRow)).all()) == 2
        assert {row.known_at for row in unit.session.scalars(select(AlarmRow))} == {None}


def test_no_act_names_more_than_a_hundred(in_trouble: None, asks: Asks) -> None:
    with pytest.raises(Refusal) as refusal:
        asks(REPLAY, letters=[], logs=[f"{QINGPU}/c"] * 101)
    assert refusal.value.code is Code.BAD_VALUE
