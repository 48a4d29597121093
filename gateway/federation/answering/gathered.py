"""Records by their ids: each owner's own, put back into the order in which the client named them."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgspec

from gateway.federation.answering.pieces import Piece, StandIn, away
from gateway.federation.answering.reply import MOST_FAULTS, STALE, error, words_of
from gateway.federation.answering.sources import Part, Source
from gateway.federation.selecting.shapes import Shape
from sync.contract.errors import Code
from sync.contract.ids import owner_of

NULL = b"null"


def ids_of(owners: Collection[str], ids: Iterable[str]) -> list[str]:
    """Which of these ids are those owners', each once: what is asked, and how the answer is read."""
    return [id for id in dict.fromkeys(ids) if owner_of(id) in owners]


def gathered(key: str, name: str, shape: Shape, ids: Sequence[str], sources: list[Source], parts: list[Part]) -> Piece:
    """One record or null for each id. What an away committee owns is null, and each place says who is away.

    A record that its owner's silence left to the copy at the caller's home is there, and `stand_ins` says so.
    """
    for part in parts:
        _check(shape, part, ids)
    places: dict[str, list[int]] = {}
    for place, id in enumerate(ids):
        places.setdefault(id, []).append(place)
    told: dict[str, bytes] = {}
    errors: list[dict[str, Any]] = []
    for part in parts:
        if part.data is None:
            continue
        asked = ids_of(part.asked, ids)
        usable = {id for id in asked if owner_of(id) in part.sources}
        told |= {id: bytes(row) for id, row in zip(asked, part.data, strict=True) if id in usable}
        errors += _inside(key, name, asked, usable, places, part)
    of = dict[str, Source]((source.committee.id, source) for source in sources)
    for id, at in places.items():
        source = of.get(owner_of(id))
        is_unknown = id not in told if source and source.state != STALE else told.get(id, NULL) == NULL
        if source is not None and is_unknown:
            errors += [_missing(key, place, source) for place in at]
    stale = [
        StandIn([key, place], source.committee.id, source.as_of)
        for id, at in places.items() if (source := of.get(owner_of(id))) and source.state == STALE
        for place in at if told.get(id, NULL) != NULL
    ]  # fmt: skip
    rows = b",".join(told.get(id, NULL) for id in ids)
    return Piece(b"[%s]" % rows, errors, all(source.is_whole for source in sources), stale)


def _check(shape: Shape, part: Part, ids: Sequence[str]) -> None:
    """A part that is not one record or null for each id asked fails: nobody could say which record is whose. Of copies,
    a record that is none fails its owner alone.
    """
    asked = ids_of(part.asked, ids)
    if part.data is None or len(part.data) != len(asked):
        part.fail()
        return
    for id, row in zip(asked, part.data, strict=True):
        try:
            shape.check(row, (owner_of(id), id))
        except msgspec.DecodeError:
            spoilt = part.sources.pop(owner_of(id), None)
            if spoilt is not None:
                spoilt.fail()


def _inside(
    key: str, name: str, asked: list[str], usable: set[str], places: dict[str, list[int]], part: Part
) -> list[dict[str, Any]]:
    """Errors inside records, at every place where the client sees that record."""
    found = []
    for fault in part.faults:
        match fault.path:
            case [first, int(row), *rest] if first == name and 0 <= row < len(asked) and asked[row] in usable:
                found += [error(fault, [key, place, *rest]) for place in places[asked[row]]]
                if len(found) > MOST_FAULTS:
                    return found[:MOST_FAULTS]
    return found


def _missing(key: str, place: int, source: Source) -> dict[str, Any]:
    """Why there is nothing at this place: in the committee's own words, where it refused."""
    if source.fault and words_of(source.fault)["code"] not in ("INTERNAL", Code.INVALID):
        shown = error(source.fault, [key, place])
        shown["extensions"] |= {"committee": source.committee.id, "state": source.state}
        return shown
    return away([key, place], source.committee.id, source.state)
