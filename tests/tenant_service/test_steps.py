"""A table of steps is asked the same by services and pages, and says all that a room's rules know of its states."""

import importlib
import importlib.util
import pkgutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tenant_service
from sync.contract.errors import Code, Refusal
from sync.contract.shapes.activities import ActivityState
from sync.contract.shapes.participations import ParticipationState as At
from sync.contract.shapes.requests import RequestKind
from sync.contract.shapes.venues import VenueState
from tenant_service.activities import rules as activities
from tenant_service.attendance import rules as attendance
from tenant_service.signing import rules as signing
from tenant_service.signing.rules import Approval
from tenant_service.steps import Steps
from tenant_service.venues import rules as venues
from tests.tenant_service.places import SPRING

TABLES: dict[str, Steps] = {  # type: ignore[type-arg]
    f"{room.name} {name}": steps
    for room in pkgutil.iter_modules(tenant_service.__path__)
    if room.ispkg and importlib.util.find_spec(f"tenant_service.{room.name}.rules")
    for name, steps in vars(importlib.import_module(f"tenant_service.{room.name}.rules")).items()
    if isinstance(steps, Steps)
}
"""Every table among the rooms' rules."""


@pytest.mark.parametrize("steps", TABLES.values(), ids=TABLES)
def test_what_a_page_offers_is_what_the_service_takes(steps: Steps) -> None:  # type: ignore[type-arg]
    every = list(steps)
    acts, states = type(every[0][0]), type(every[0][1])
    for now in states:
        assert set(steps.possible(now)) == {act for act in acts if takes(steps, act, now)}
    assert all(steps.after(act, now) is to for act, now, to in every)


def takes(steps: Steps, act: object, now: object) -> bool:  # type: ignore[type-arg]
    try:
        steps.after(act, now)
    except Refusal as refusal:
        return refusal.code is not Code.OUT_OF_TURN
    return True


def test_what_somebody_is_moved_to_is_offered_in_the_order_of_the_list() -> None:
    assert venues.STATES.possible(VenueState.PAUSED) == (VenueState.OPEN, VenueState.CLOSED)
    assert venues.STATES.possible(VenueState.CLOSED) == ()


def test_every_act_of_an_activity_has_its_table() -> None:
    named = {act for act in activities.Act if act in activities.STATES} | set(activities._SIGNED_AS)
    assert named == set(activities.Act)


def test_nothing_is_signed_before_it_was_in_review() -> None:
    before = {now for _, now, to in signing.SIGNING if to is Approval.SIGNED}
    assert before == {Approval.IN_REVIEW}
    assert signing.SIGNING.possible(Approval.SIGNED) == ()


@given(st.sampled_from(Approval), st.frozensets(st.sampled_from("abc")), st.frozensets(st.sampled_from("abc")))
def test_what_is_signed_is_shared_with_more_only_by_who_signs(
    approval: Approval, before: frozenset[str], after: frozenset[str]
) -> None:
    signing.shared_with_more(approval, before, after, signs=True)
    if approval is Approval.SIGNED and after - before:
        with pytest.raises(Refusal) as refusal:
            signing.shared_with_more(approval, before, after, signs=False)
        assert refusal.value.code is Code.NOT_SIGNED_OFF
    else:
        signing.shared_with_more(approval, before, after, signs=False)


@pytest.mark.parametrize(
    ("at", "state", "asks"),
    [
        (None, ActivityState.PUBLISHED, {RequestKind.SIGN_UP}),
        (None, ActivityState.HELD, set()),
        (At.WAITLISTED, ActivityState.PUBLISHED, {RequestKind.WITHDRAW}),
        (At.REGISTERED, ActivityState.HELD, {RequestKind.WITHDRAW, RequestKind.LEAVE}),
        (At.LEAVE_ASKED, ActivityState.PUBLISHED, {RequestKind.WITHDRAW}),
        (At.INVITED, ActivityState.PUBLISHED, {RequestKind.SIGN_UP, RequestKind.WITHDRAW}),
        (At.REGISTERED, ActivityState.CANCELLED, set()),
    ],
)
def test_a_member_is_offered_what_the_host_would_take(
    at: At | None, state: ActivityState, asks: set[RequestKind]
) -> None:
    assert attendance.asks(at, state, None, SPRING) == asks


def test_nobody_is_offered_to_sign_up_when_that_is_over() -> None:
    assert attendance.asks(None, ActivityState.PUBLISHED, SPRING, SPRING) == {RequestKind.SIGN_UP}
    assert attendance.asks(None, ActivityState.PUBLISHED, SPRING, SPRING.replace(hour=3)) == set()
