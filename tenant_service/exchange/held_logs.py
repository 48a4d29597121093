"""Others' logs as far as we applied them, as the holder hands them on; a `sync.bus.stores.Log`."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.bus import wire
from sync.bus.stores import PAGE_BYTES, PAGE_EVENTS
from sync.log import Event, Head, genesis
from tenant_service.exchange.models import ReceivedRow

_LONGEST_RUN = 4 * PAGE_EVENTS


class HeldLog:
    """Another committee's log as far as we applied it."""

    def __init__(self, session: Session, name: str, head: Head) -> None:
        self.name, self.head, self._session = name, head, session

    def chain_at(self, seq: int) -> bytes | None:
        if seq == 0:
            return genesis(self.name, self.head.epoch)
        return self._session.scalar(
            select(ReceivedRow.chain).where(
                ReceivedRow.log == self.name, ReceivedRow.epoch == self.head.epoch, ReceivedRow.seq == seq
            )
        )

    def page(self, after: int, upto: int | None = None, room: int = PAGE_BYTES) -> list[Event]:
        """Whole signed runs: at least one, or the reader could do nothing with it; `upto` and `room` are only wishes.

        Proofs are kept every `sync.log.PROVEN_EVERY` bytes, so a run may be longer than a page of its owner's.
        """
        wanted = select(ReceivedRow.seq, ReceivedRow.body, ReceivedRow.chain, ReceivedRow.proof).where(
            ReceivedRow.log == self.name, ReceivedRow.epoch == self.head.epoch, ReceivedRow.seq > after
        )
        events: list[Event] = []
        whole, chain = 0, self.chain_at(after) or b""
        for seq, body, chain_after, proof in self._session.execute(
            wanted.order_by(ReceivedRow.seq).limit(_LONGEST_RUN)
        ):
            room -= len(body)
            if whole and (room < 0 or seq > after + PAGE_EVENTS or (upto is not None and seq > upto)):
                break
            is_hole = wire.is_hole(body)
            events.append(wire.event(body, proof) if is_hole else Event(self.head.epoch, seq, chain, body, proof))
            chain = chain_after
            whole = len(events) if proof else whole
        return events[:whole]
