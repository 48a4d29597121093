"""What everybody said, and of it the bodies of rows that one root field is made of."""

from dataclasses import dataclass, field

from gateway.federation.address import Address, Standpoint
from gateway.federation.answering.reply import FAILED, FORBIDDEN, OUTDATED, STALE, UNREACHABLE, Heard, is_stale
from gateway.federation.answering.sources import Part, Source

TOO_OLD, SPOILT = "TOO_OLD", "SPOILT"
"""What becomes of a copy that is older than the client takes, and of one whose rows are none."""
_STANDS = {TOO_OLD: UNREACHABLE, SPOILT: FAILED}


@dataclass
class Replies:
    """What everybody said to one request. `copies` by the name of the root field: (committees asked about, what home
    said).
    """

    live: dict[str, Heard] = field(default_factory=dict)
    copies: dict[str, list[tuple[list[str], Heard]]] = field(default_factory=dict)


def parts_of(name: str, address: Address, replies: Replies, standpoint: Standpoint) -> tuple[list[Source], list[Part]]:
    """Where each committee addressed by this root field stands, and the bodies of rows there are."""
    sources, parts = dict[str, Source](), list[Part]()
    committees = standpoint.committees
    listed, shown, copied = committees.listed, committees.shown, set(address.copies)
    for id in address.everyone:
        if id in copied:
            sources[id] = Source(listed[id], shown[id], FORBIDDEN)
            continue
        said = replies.live[id]
        source = sources[id] = Source(listed[id], shown[id], said.state, said.seconds, said.fault)
        if said.data is not None and not hasattr(said.data, name):
            source.state = OUTDATED  # it was asked for the other root fields only
        elif said.data is not None:
            source.as_of = standpoint.now
            parts.append(Part({id: source}, getattr(said.data, name), said.faults, [id]))
    for owners, said in replies.copies.get(name, ()):
        held = {id: sources[id] for id in owners if said.data is not None and is_stale(said, id)}
        for id, source in held.items():
            source.state, source.as_of, source.reported = STALE, said.copies[id].as_of, said.copies[id].reported
            source.lacks_fields = said.state == OUTDATED
        if held:
            parts.append(Part(held, getattr(said.data, name), said.faults, owners))
        for id in copied.intersection(owners) - held.keys():  # one that was asked itself keeps what came of that
            instead = _STANDS.get(said.copies[id].state) if id in said.copies else None
            if said.data is None or instead:
                sources[id].state, sources[id].fault = instead or said.state, said.fault
    return list(sources.values()), parts
