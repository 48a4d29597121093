"""What came of asking: where each committee stands, and the bodies of rows that there are."""

import datetime as dt
from dataclasses import dataclass, field

from gateway.federation.addressing import Address
from gateway.federation.committees import Committees
from gateway.federation.parts import FAILED, FORBIDDEN, OUTDATED, STALE, UNREACHABLE, Heard, Part, Source

TOO_OLD, SPOILT = "TOO_OLD", "SPOILT"
"""What becomes of a copy that is older than the client takes, and of one whose rows are none."""
_STANDS = {TOO_OLD: UNREACHABLE, SPOILT: FAILED}


@dataclass
class Answers:
    """`copies` by root field: (committees asked about, what home said)."""

    live: dict[str, Heard] = field(default_factory=dict)
    copies: dict[int, list[tuple[list[str], Heard]]] = field(default_factory=dict)


def is_stale(said: Heard, owner: str) -> bool:
    """Whether home's answer holds what this committee shared."""
    return owner in said.copies and said.copies[owner].state == STALE


def parts_of(
    number: int, address: Address, answers: Answers, committees: Committees, now: dt.datetime
) -> tuple[list[Source], list[Part]]:
    """Where each committee addressed by this root field stands, and the bodies of rows there are."""
    name, sources, parts = f"r{number}", dict[str, Source](), list[Part]()
    listed, shown, copied = committees.listed, committees.shown, set(address.copies)
    for id in address.everyone:
        if id in copied:
            sources[id] = Source(listed[id], shown[id], FORBIDDEN)
            continue
        said = answers.live[id]
        source = sources[id] = Source(listed[id], shown[id], said.state, said.seconds, said.fault)
        if said.data is not None and not hasattr(said.data, name):
            source.state = OUTDATED  # it was asked for the other root fields only
        elif said.data is not None:
            source.as_of = now
            parts.append(Part({id: source}, getattr(said.data, name), said.faults, [id]))
    for owners, said in answers.copies.get(number, ()):
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
