"""What may happen to a request. Pure: no clock, no database, no network."""

from sync.contract.requests import RequestState

_RANK = {RequestState.QUEUED: 0, RequestState.DELIVERED: 1, RequestState.ACCEPTED: 2, RequestState.REFUSED: 2}


def onward(now: RequestState, told: RequestState) -> RequestState:
    """The state after the owner told `told`: a request only walks forward, and a decision stands."""
    return told if _RANK[told] > _RANK[now] else now
