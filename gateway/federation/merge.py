"""Many answers made one, without opening what is only passed on."""

import datetime as dt
from bisect import insort
from collections.abc import Iterator
from itertools import islice
from typing import Any

import msgspec
import orjson
from graphql.execution.values import VariableValues

from gateway.federation.parts import Heard, Part, Source, error, said_of, words
from gateway.federation.roots import ITSELF, Root
from gateway.federation.shapes import Shape
from gateway.federation.written import Written, away
from sync.contract.cursors import cursor, key_of
from sync.contract.errors import Code, Refusal

Place = tuple[Any, ...]
"""(has a value, value, committee, id, number of the part, number of its row): sorts in the total order."""


class _Untrue(Exception):
    """Part number n is not what it was asked for: wrong order, somebody else's rows, no rows."""


def passed_on(root: Root, name: str, of: str, heard: Heard, id: str | None = None) -> Written:
    """What the one committee that this field is about said, untouched. `id`: that of its own which was asked for."""
    if heard.data is not None:
        try:
            value = bytes(getattr(heard.data, name))
            root.rows[ITSELF].check(value, None if id is None else (of, id))
            own = [each for each in heard.faults if each.path[:1] == [name]]
            return Written(value, [error(each, [root.key, *each.path[1:]]) for each in own])
        except msgspec.DecodeError:
            heard = Heard("FAILED", heard.seconds)
    mine = [each for each in heard.faults if each.path[:1] in ([name], [])]
    if heard.faults and not mine:
        return Written(b"null")  # another field's error, which stands beside this one, left nothing of the whole
    if mine and words(mine[0])["code"] not in ("INTERNAL", Code.INVALID):
        return Written(b"null", [error(each, [root.key, *each.path[1:]]) for each in mine])
    return Written(b"null", [away([root.key], of, heard.state)])


def merged(
    root: Root, name: str, sources: list[Source], parts: list[Part], told: dict[str, Any], values: VariableValues
) -> Written:
    """One page of a list over these committees."""
    assert root.listing
    first, (descending, kind) = told["first"], root.listing.orders[told[root.listing.order_argument]]
    lists = [which for _, what, which in root.entries if what == "list"]
    for part in parts:
        _check_part(part, lists if root.needs_rows else [], first)
    page: list[Place] = []
    rows: dict[str, bytes] = {}
    while root.needs_rows:
        try:
            page = _page(parts, descending, _place(told.get("after"), kind), kind, first)
            rows = {name: _rows(root, name, parts, page) for name in lists}
            break
        except _Untrue as untrue:
            parts[untrue.args[0]].fail()
    for place in page:
        parts[place[4]].sources[place[2]].rows += 1
    written = list[bytes]()
    for key, what, which in root.entries:
        value = rows[which] if what == "list" else _entry(what, which, parts, page, first, sources, values)
        written.append(b'"%s":%s' % (key.encode(), value))
    errors = _errors(root, name, parts, page) if any(part.faults for part in parts) else []
    return Written(b"{%s}" % b",".join(written), errors, all(source.is_whole for source in sources))


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
            return orjson.dumps(which(fanout(sources), values))


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


def spoilt(root: Root, told: dict[str, Any], data: Any) -> set[str]:
    """Owners of rows on a page of copies that cannot be passed on: home took them in, and keeps everybody's."""
    if root.listing is None or not root.needs_rows:
        return set()
    kind, found = root.listing.orders[told[root.listing.order_argument]][1], set[str]()
    try:
        of = [key_of(each, kind)[1:] for each in data.cursors]
    except Refusal:
        return set()
    for name in (which for _, what, which in root.entries if what == "list"):
        rows, shape = getattr(data, name), root.rows[name]
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


def _page(parts: list[Part], descending: bool, after: Place | None, kind: type, first: int) -> list[Place]:  # noqa: FBT001 — as told
    """The first rows in the total order that stand behind `after`: a committee that begins anew each time would keep
    everybody else's from being reached. Only the keys of rows that come near the page are decoded.
    """

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


def _rows(root: Root, name: str, parts: list[Part], page: list[Place]) -> bytes:
    """The page's rows as one list of JSON, looked through as such.

    Raw pieces are not looked into by the decoder: one that is no row, or no text, would spoil the whole answer; and one
    that says to be another's, or another than its place in the order says, would be taken for that.
    """
    of = [part.data and getattr(part.data, name) for part in parts]
    rows = [of[place[4]][place[5]] for place in page]
    written = b"[%s]" % b",".join(rows)
    check = root.rows[name]
    if not check.are(written, [place[2:4] for place in page]):
        for place, row in zip(page, rows, strict=True):
            if not _is(check, row, place[2:4]):
                raise _Untrue(place[4])
    return written


def fanout(sources: list[Source]) -> dict[str, Any]:
    """How complete an answer is, for the reader of `Fanout`."""
    answered = [source for source in sources if source.counts]
    moments: list[dt.datetime] = [source.as_of for source in answered if source.as_of]

    def said(asked: dict[str, Any]) -> list[dict[str, Any]]:
        return [
            {
                "committee": source.shown, "state": source.state, "rows": source.rows,
                "asOf": source.as_of, "error": said_of(source),
                "latencyMs": None if source.seconds is None else int(source.seconds * 1000),
            }
            for source in sources if source.state not in asked["not"]
        ]  # fmt: skip

    return {
        "complete": all(source.is_whole for source in sources), "asked": len(sources), "answered": len(answered),
        "asOf": min(moments, default=None), "sources": said,
    }  # fmt: skip


def _errors(root: Root, name: str, parts: list[Part], page: list[Place]) -> list[dict[str, Any]]:
    """Errors inside rows, where the client sees those rows; errors of rows that are not on this page are dropped."""
    keys = {told: key for key, what, told in root.entries if what == "list"}
    places = {place[4:]: at for at, place in enumerate(page)}
    found = []
    for number, part in enumerate(parts):
        for fault in part.faults if part.data is not None else ():
            root_name, list_name, row, *rest = (*fault.path, None, None, None)[: max(3, len(fault.path))]
            at = places.get((number, row))
            if root_name == name and list_name in keys and at is not None:
                found.append(error(fault, [root.key, keys[list_name], at, *rest]))
    return found
