"""One span for each committee that is asked, below the request's; what the committee does itself hangs below it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

from gateway.federation.answering.reply import REFUSED
from sync.bus.asker import Reply
from sync.bus.rpc import TRACE, Headers
from sync.edge import traces

Own = Callable[[list[str]], Mapping[str, Headers]]
"""The headers of each committee's own question, for those that one is put to."""


@contextmanager
def asking(verb: str, committees: Iterable[str], replies: Mapping[str, Reply | None]) -> Iterator[Own | None]:
    """None: nobody collects. `replies` is filled meanwhile; None in it is for who was left in peace.

    A question that an equal one stands for says so, and has nothing below it.
    """
    if not traces.is_within():
        yield None
        return
    begun = {id: traces.Begun(f"ask {verb}", {"liandong.committee": id}) for id in committees}
    put = set[str]()

    def own(wave: list[str]) -> Mapping[str, Headers]:
        put.update(wave)
        return {id: {TRACE: begun[id].context} for id in wave}

    try:
        yield own
    finally:
        for id, each in begun.items():
            reply = replies.get(id)
            state, seconds = (reply.outcome.value, reply.seconds) if reply else (REFUSED, 0.0)
            each.end(seconds, {"liandong.state": state, "liandong.shared": reply is not None and id not in put})
