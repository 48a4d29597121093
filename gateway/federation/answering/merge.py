"""Many answers made one, without opening what is only passed on."""

from bisect import insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any

import msgspec
import orjson
from graphql.execution.values import VariableValues

from gateway.federation.answering.pieces import Piece
from gateway.federation.answering.reply import error
from gateway.federation.answering.sources import Part, Source, report_of
from gateway.federation.selecting.shapes import Shape
from sync.contract.asking.cursors import cursor, key_of
from sync.contract.errors import Refusal

Place = tuple[Any, ...]
"""(has a value, value, committee, id, number of the part, number of its row): sorts in the total order."""


class _Untrue(Exception):
    """Part number n is not what it was asked for: wrong order, somebody else's rows, no rows."""


@dataclass
class Connection:
    """What the client's list is made of.

    Attributes:
        entries: (response key, what, name of the list | constant | reader), in the client's order.
        rows: What a row of each list must look like.
    """

    entries: list[tuple[str, str, Any]] = field(default_factory=list)
    rows: dict[str, Shape] = field(default_factory=dict)

    @cached_property
    def needs_rows(self) -> bool:
        return not {what for _, what, _ in self.entries} <= {"__typename", "totalCount"}

    @cached_property
    def lists(self) -> list[str]:
        return [which for _, what, which in self.entries if what == "list"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The page that is asked for; `kind` of the values by which it is ordered."""

    first: int
    after: str | None
    descending: bool
    kind: type


def merged(
    key: str, name: str, connection: Connection, wanted: Wanted, sources: list[Source], parts: list[Part],
    values: VariableValues,
) -> Piece:  # fmt: skip
    """One page of a list over these committees; `name`: under which they were asked for it."""
    for part in parts:
        _check_part(part, connection.lists if connection.needs_rows else [], wanted.first)
    page: list[Place] = []
    rows: dict[str, bytes] = {}
    while connection.needs_rows:
        try:
            page = _page(parts, wanted)
            rows = {each: _rows(connection.rows[each], each, parts, page) for each in connection.lists}
            break
        except _Untrue as untrue:
            parts[untrue.args[0]].fail()
    for place in page:
        parts[place[4]].sources[place[2]].rows += 1
    written = list[bytes]()
    for response_key, what, which in connection.entries:
        value = rows[which] if what == "list" else _entry(what, which, parts, page, wanted.first, sources, values)
        written.append(b'"%s":%s' % (response_key.encode(), value))
    errors = _errors(key, name, connection, parts, page) if any(part.faults for part in parts) else []
    return Piece(b"{%s}" % b",".join(written), errors, all(source.is_whole for source in sources))


def _entry(
    what: str, which: Any, parts: list[Part], page: list[Place], first: int, sources: list[Source],
    values: VariableValues,
) -> bytes:  # fmt: skip
    """One field of a connection."""
    counted = [part.data for part in parts if part.data is not None]
    match what:
        case "__typename":
            return orjson.dumps(which)
        case "totalCount":
            counts = [data.totalCount for data in counted if data.totalCount is not None]
            return b"%d" % sum(counts) if (counts or not sources) and sum(counts) < 2**31 else b"null"
        case "pageInfo":
            rows = sum(len(data.cursors) for data in counted)
            more = rows > first or any(data.pageInfo.hasNextPage for data in counted)
            end = cursor(page[-1][1:4]) if page else None
            return orjson.dumps(which({"hasNextPage": more, "endCursor": end}, values))
        case _:
            return orjson.dumps(which(report_of(sources), values))


def _check_part(part: Part, lists: list[str], first: int) -> None:
    """A part whose lists do not run parallel fails; so does one whose page is short though more rows follow: those
    behind it would be passed over.
    """
    if part.data is None:
        part.fail()
    elif lists or hasattr(part.data, "cursors"):
        rows = len(part.data.cursors)
        is_short = rows < first and part.data.pageInfo.hasNextPage
        if is_short or any(len(getattr(part.data, each)) != rows for each in lists):
            part.fail()


def spoilt(connection: Connection, wanted: Wanted, data: Any) -> set[str]:
    """Owners of rows on a page of copies that cannot be passed on: home took them in, and keeps everybody's."""
    if not connection.needs_rows:
        return set()
    found = set[str]()
    try:
        of = [key_of(each, wanted.kind)[1:] for each in data.cursors]
    except Refusal:
        return set()
    for name in connection.lists:
        rows, shape = getattr(data, name), connection.rows[name]
        if len(rows) != len(of) or shape.are(b"[%s]" % b",".join(rows), of):
            continue
        found |= {owner for row, (owner, id) in zip(rows, of, strict=True) if not _is(shape, row, (owner, id))}
    return found


def _is(shape: Shape, row: msgspec.Raw, of: tuple[str, str]) -> bool:
    try:
        shape.check(row, of)
    except msgspec.DecodeError:
        return False
    return True


def _place(cursor: str | None, kind: type) -> Place | None:
    """Where a row with this cursor stands in the total order."""
    if cursor is None:
        return None
    key = key_of(cursor, kind)
    return (key[0] is not None, *key)


def _page(parts: list[Part], wanted: Wanted) -> list[Place]:
    """The first rows in the total order that stand behind `after`: a committee that begins anew each time would keep
    everybody else's from being reached. Only the keys of rows that come near the page are decoded.
    """
    descending, kind, first = wanted.descending, wanted.kind, wanted.first
    after = _place(wanted.after, kind)

    def places(number: int, part: Part) -> Iterator[Place]:
        before = after
        for row, told in enumerate(part.data.cursors):
            try:
                place = _place(told, kind)
            except Refusal:
                raise _Untrue(number) from None
            assert place
            onward = before is None or (place < before if descending else place > before)
            if not onward or place[2] not in part.sources:
                raise _Untrue(number)
            before = place
            yield *place, number, row

    left = {number: places(number, part) for number, part in enumerate(parts) if part.data is not None}
    # The next row of each part, in order: less work than heapq.merge, which keeps each row in a list of its own.
    heads = sorted(place for each in left.values() for place in islice(each, 1))
    page: list[Place] = []
    while heads and len(page) < first:
        page.append(heads.pop(-1 if descending else 0))
        for place in islice(left[page[-1][4]], len(page) < first):
            insort(heads, place)
    return page


def _rows(check: Shape, name: str, parts: list[Part], page: list[Place]) -> bytes:
    """The page's rows as one list of JSON, looked through as such.

    Raw pieces are not looked into by the decoder: one that is no row, or no text, would spoil the whole answer; and one
    that says to be another's, or another than its place in the order says, would be taken for that.
    """
    of = [part.data and getattr(part.data, name) for part in parts]
    rows = [of[place[4]][place[5]] for place in page]
    written = b"[%s]" % b",".join(rows)
    if not check.are(written, [place[2:4] for place in page]):
        for place, row in zip(page, rows, strict=True):
            if not _is(check, row, place[2:4]):
                raise _Untrue(place[4])
    return written


def _errors(key: str, name: str, connection: Connection, parts: list[Part], page: list[Place]) -> list[dict[str, Any]]:
    """Errors inside rows, where the client sees those rows; errors of rows that are not on this page are dropped."""
    keys = {which: at for at, what, which in connection.entries if what == "list"}
    places = {place[4:]: at for at, place in enumerate(page)}
    found = []
    for number, part in enumerate(parts):
        for fault in part.faults if part.data is not None else ():
            root_name, list_name, row, *rest = (*fault.path, None, None, None)[: max(3, len(fault.path))]
            at = places.get((number, row))
            if root_name == name and list_name in keys and at is not None:
                found.append(error(fault, [key, keys[list_name], at, *rest]))
    return found
