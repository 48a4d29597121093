"""What may happen to a request. Pure: no clock, no database, no network."""

import datetime as dt

from sync.contract.shapes.requests import RequestState
from tenant_service.steps import between

LONGEST_PAUSE = dt.timedelta(hours=1)

STATES = between(
    {
        RequestState.QUEUED: {RequestState.DELIVERED, RequestState.ACCEPTED, RequestState.REFUSED},
        RequestState.DELIVERED: {RequestState.ACCEPTED, RequestState.REFUSED},
    }
)
"""What its owner says to a request. Delivered is what waits for people there."""


def onward(now: RequestState, told: RequestState) -> RequestState:
    """The state after the owner told `told`: a request only walks forward, and a decision stands."""
    return told if told in STATES.possible(now) else now


def pause(tries: int) -> dt.timedelta:
    """How long a request rests whose answering broke `tries` times: ten seconds, and twice as long each time."""
    return min(dt.timedelta(seconds=5 * 2 ** min(tries, 20)), LONGEST_PAUSE)
