"""A delivery ends in a state that people see, and nothing else than its steps leads there."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.contract.errors import Refusal
from sync.contract.instants import SHANGHAI
from tenant_service.notifications.rules import (
    DELIVERY,
    PAUSES,
    USUALLY,
    Act,
    DeliveryState,
    NotificationKind,
    Way,
    next_digest,
    pause,
    ways,
)

STEPS = {(act, now): to for act, now, to in DELIVERY}


@given(st.lists(st.sampled_from(list(Act)), max_size=12))
def test_whatever_is_tried_only_declared_steps_are_taken(acts: list[Act]) -> None:
    now = DeliveryState.WAITING
    for act in acts:
        try:
            to = DELIVERY.after(act, now)
        except Refusal:
            assert (act, now) not in STEPS
            continue
        assert to is STEPS[act, now]
        now = to


def test_what_was_sent_or_settled_is_over() -> None:
    assert {state for state in DeliveryState if not DELIVERY.possible(state)} == {
        DeliveryState.SENT, DeliveryState.OFF, DeliveryState.SETTLED,
    }  # fmt: skip


def test_it_is_tried_again_after_longer_and_longer_pauses_and_then_given_up() -> None:
    tried = [pause(tries) for tries in range(1, len(PAUSES) + 2)]
    assert tried == [*(dt.timedelta(seconds=each) for each in PAUSES), None]
    assert list(PAUSES) == sorted(PAUSES)


@pytest.mark.parametrize("kind", NotificationKind)
def test_who_chose_nothing_has_the_usual_ways_and_who_chose_has_those(kind: NotificationKind) -> None:
    assert set(ways(kind, None)) == set(USUALLY.get(kind, ()))
    assert ways(kind, []) == ()
    assert ways(kind, [Way.INBOX, Way.EMAIL]) == (Way.EMAIL,), "the inbox is no way outside"


@pytest.mark.parametrize(("clock", "day"), [("07:59", 0), ("08:00", 1), ("23:59", 1)])
def test_a_digest_goes_out_at_eight_in_shanghai(clock: str, day: int) -> None:
    now = dt.datetime.fromisoformat(f"2026-04-15T{clock}").replace(tzinfo=SHANGHAI)
    assert next_digest(now) == dt.datetime(2026, 4, 15 + day, 8, tzinfo=SHANGHAI)
