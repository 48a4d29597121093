"""The times of an activity that is moved, and what its page and its service agree about."""

import datetime as dt

import pytest

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.activities import ActivityState
from tenant_service.activities import rules
from tenant_service.activities.rules import Act, Standing, Times
from tenant_service.signing.rules import Approval
from tests.tenant_service.places import SPRING

HOUR = dt.timedelta(hours=1)
WAS = Times(SPRING, SPRING + 2 * HOUR, SPRING - HOUR)
SIGNED = Standing(Approval.SIGNED, ActivityState.PUBLISHED, SPRING)


def test_what_is_moved_lasts_as_long_as_it_did() -> None:
    later = SPRING + 48 * HOUR
    assert rules.moved(WAS, ActivityState.PUBLISHED, later, None) == (later, later + 2 * HOUR, SPRING - HOUR)
    assert rules.moved(WAS, ActivityState.PUBLISHED, later, later + HOUR).ends_at == later + HOUR
    assert rules.moved(WAS._replace(ends_at=None), ActivityState.PUBLISHED, later, None).ends_at is None


def test_nobody_signs_up_after_what_was_moved_ahead_has_begun() -> None:
    sooner = SPRING - 3 * HOUR
    assert rules.moved(WAS, ActivityState.PUBLISHED, sooner, None).sign_up_until == sooner


@pytest.mark.parametrize("state", [ActivityState.PUBLISHED, ActivityState.HELD])
def test_what_names_no_time_moves_nothing(state: ActivityState) -> None:
    assert rules.moved(WAS, state, None, None) == WAS


def test_what_was_held_began_when_it_began() -> None:
    with pytest.raises(Refusal) as refusal:
        rules.moved(WAS, ActivityState.HELD, SPRING + HOUR, None)
    assert refusal.value.code is Code.OUT_OF_TURN
    assert rules.moved(WAS, ActivityState.HELD, SPRING, SPRING + HOUR).ends_at == SPRING + HOUR


def test_an_end_before_the_begin_is_refused() -> None:
    with pytest.raises(Refusal) as refusal:
        rules.moved(WAS, ActivityState.PUBLISHED, None, SPRING - HOUR)
    assert refusal.value.code is Code.BAD_TIME


def test_what_has_not_begun_is_neither_held_nor_closed() -> None:
    before, after = (rules.possible(SIGNED, now) for now in (SPRING - HOUR, SPRING))
    assert before == {Act.CHANGE, Act.CANCEL}
    assert after == before | {Act.HOLD, Act.CLOSE}
