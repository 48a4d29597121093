"""What may happen to a request. Pure: no clock, no database, no network."""

import datetime as dt

from sync.contract.shapes.requests import RequestState

LONGEST_PAUSE = dt.timedelta(hours=1)

_RANK = {RequestState.QUEUED: 0, RequestState.DELIVERED: 1, RequestState.ACCEPTED: 2, RequestState.REFUSED: 2}


def onward(now: RequestState, told: RequestState) -> RequestState:
    """The state after the owner told `told`: a request only walks forward, and a decision stands."""
    return told if _RANK[told] > _RANK[now] else now


def pause(tries: int) -> dt.timedelta:
    """How long a request rests whose answering broke `tries` times: ten seconds, and twice as long each time."""
    return min(dt.timedelta(seconds=5 * 2 ** min(tries, 20)), LONGEST_PAUSE)
