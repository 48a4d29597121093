"""Committees that lie, break, drip or flood: each loses its own part and is named; the others' rows come in time, and
the gateway's memory does not grow by what anybody sends.
"""

import asyncio
import json
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.app import Parts
from sync.bus.answerer import Answerer, Question
from sync.contract.errors import Code
from tests.gateway.federation import Behaving, Federation, directory_of, federation, known, said, said_while

HONEST, BAD = "330101", "330103"
QUERY = """query ($fan: Fan) {
  activities(first: 30, fan: $fan) {
    nodes { __typename id title startsAt capacity place: venue { id name } minutes }
    edges { cursor node { key: id kind } }
    totalCount fanout { answered sources { committee { id } state error { code message zh } } }
  }
  committee(id: "330103") { id name venues { id seats } }
}"""
MEGABYTE = 1024**2
BOUND = 160
"""Megabytes by which one bad answer may make the process grow, at most: some unpacked copies of the largest answer."""
Ask = Callable[..., tuple[dict[str, Any], float]]


@pytest.fixture(scope="module")
def several(runner: asyncio.Runner) -> Iterator[Federation]:
    """Three committees below a city; the third serves only as a test says."""
    context = federation(3, 15, away=[BAD, "330100"])
    yield runner.run(context.__aenter__())
    runner.run(context.__aexit__(None, None, None))


@pytest.fixture(scope="module")
def parts(several: Federation, runner: asyncio.Runner) -> Parts:
    only = directory_of(several.below, several.keys)
    return runner.run(several.parts(directory=only, breaker_patience=1000, deadline_ms=10_000))


@pytest.fixture
def ask(several: Federation, parts: Parts, runner: asyncio.Runner) -> Iterator[Ask]:
    """The answer while the third behaves like this, and the seconds until it came."""

    def asking(behaving: Behaving, deadline: int = 3000, query: str = QUERY) -> tuple[dict[str, Any], float]:
        return runner.run(said_while(several, parts, {BAD: behaving}, query, deadline))

    yield asking
    several.behaving = {}


def states(told: dict[str, Any]) -> dict[str, str]:
    return {each["committee"]["id"]: each["state"] for each in told["data"]["activities"]["fanout"]["sources"]}


def as_it_is(told: object) -> None:
    """No change."""


def changed(change: Callable[[dict[str, Any]], object], *, raw: Callable[[bytes], bytes] = bytes) -> Behaving:
    """The honest answer with a change in it: to its JSON, then to its bytes."""

    async def behave(question: Question, honest: bytes) -> bytes | None:
        answer = json.loads(honest)
        change(answer["data"])
        return raw(json.dumps(answer, ensure_ascii=False).encode())

    return behave


def rows(change: Callable[[dict[str, Any]], object], **raw: Callable[[bytes], bytes]) -> Behaving:
    """The same for each row of its list."""

    def each(data: dict[str, Any]) -> None:
        for row in data["r0"]["f0"]:
            change(row)

    return changed(each, **raw)


def only_honest(told: dict[str, Any]) -> None:
    """The liar has no row, and is named; the others have theirs."""
    page = told["data"]["activities"]
    assert states(told) == {BAD: "FAILED"}
    assert len(page["nodes"]) == len(page["edges"]) == page["totalCount"] == 30
    assert BAD not in {row["id"][:6] for row in page["nodes"]}


def test_an_honest_answer_is_taken(ask: Ask) -> None:
    """Else nothing below would be a truth about lies."""
    told, _ = ask(changed(as_it_is))
    assert states(told) == {}
    assert {row["id"][:6] for row in told["data"]["activities"]["nodes"]} == {HONEST, "330102", BAD}
    assert told["data"]["committee"]["venues"]


def with_error(path: list[Any], times: int = 1) -> Callable[[bytes], bytes]:
    def raw(told: bytes) -> bytes:
        errors = [{"message": "internal error", "path": path}] * times
        return json.dumps(json.loads(told) | {"errors": errors}).encode()

    return raw


DEEP = b"[" * 5_000 + b"]" * 5_000
LIES: dict[str, Behaving] = {
    "a number for a text": rows(lambda row: row.update(title=7)),
    "a text for a number": rows(lambda row: row.update(capacity="many")),
    "a fraction for a number": rows(lambda row: row.update(capacity=1.5)),
    "a list for a text": rows(lambda row: row.update(title=["x"])),
    "null where there must be something": rows(lambda row: row.update(title=None)),
    "a text for a record": rows(lambda row: row.update(place="hall")),
    "a record of another shape": rows(lambda row: row.update(place={"id": "x", "name": "y", "phone": "z"})),
    "a list for a row": changed(lambda data: data["r0"]["f0"].__setitem__(0, [])),
    "null for a row": changed(lambda data: data["r0"]["f0"].__setitem__(0, None)),
    "an extra field": rows(lambda row: row.update(phone="13900000000")),
    "a missing field": rows(lambda row: row.pop("title")),
    "another alias": rows(lambda row: row.update(venue=row.pop("place"))),
    "another type's name": rows(lambda row: row.update(__typename="Venue")),
    "a wrong edge": changed(lambda data: data["r0"]["f1"][0].update(node=None)),
    "an edge of another shape": changed(lambda data: data["r0"]["f1"][0]["node"].update(kind=1)),
    "a moment that is none": rows(lambda row: row.update(startsAt="soon")),
    "a moment without its offset": rows(lambda row: row.update(startsAt="2026-03-01T12:00:00")),
    "a number beyond 32 bits": rows(lambda row: row.update(capacity=10**400)),
    "a row in another's name": rows(lambda row: row.update(id=HONEST + row["id"][6:])),
    "another row than its place says": changed(
        lambda data: data["r0"]["f0"][0].update(id=BAD + ".activity." + "f" * 32)
    ),
    "an edge in another's name": changed(lambda data: data["r0"]["f1"][0]["node"].update(key=HONEST + ".activity.1")),
    "not a number": rows(lambda row: row.update(capacity=float("nan"))),
    "without end": rows(lambda row: row.update(capacity=float("-inf"))),
    "no UTF-8 in a row": rows(lambda row: row.update(title="@@"), raw=lambda told: told.replace(b"@@", b"\xff\xfe")),
    "no UTF-8 in a key": rows(lambda row: row.update(x=1), raw=lambda told: told.replace(b'"x"', b'"\xff"')),
    "half a surrogate": rows(lambda row: row.update(title="@@"), raw=lambda told: told.replace(b"@@", b"\\ud800")),
    "deep in a row": rows(lambda row: row.update(title="@@"), raw=lambda told: told.replace(b'"@@"', DEEP)),
    "a text longer than any": rows(lambda row: row.update(title="长" * 100_001)),
    "more errors than a page has places": changed(as_it_is, raw=with_error(["r0", "f0", 0, "title"], 1_001)),
    "fewer in all than none": changed(lambda data: data["r0"].update(totalCount=-5)),
    "more in all than there can be": changed(lambda data: data["r0"].update(totalCount=10**30)),
    "a count that is text": changed(lambda data: data["r0"].update(totalCount="15")),
    "an extra list": changed(lambda data: data["r0"].update(f1=data["r0"]["f1"] * 2)),
    "nothing": changed(lambda data: data.clear()),
    "a list for data": changed(as_it_is, raw=lambda _: b'{"data": [1]}'),
    "html": changed(as_it_is, raw=lambda _: b"<html>10.0.0.7</html>"),
    "two answers": changed(as_it_is, raw=lambda told: told + told),
}  # fmt: skip


@pytest.mark.parametrize("lie", list(LIES))
def test_what_is_not_what_was_asked_for_is_not_passed_on(ask: Ask, lie: str) -> None:
    told, _ = ask(LIES[lie])
    only_honest(told)


@pytest.mark.parametrize(
    "lie",
    [
        changed(lambda data: data["r1"].update(name=7)),
        changed(lambda data: data["r1"].update(id=HONEST)),
        changed(lambda data: data["r1"].pop("name")),
        changed(lambda data: data["r1"]["venues"].append({"id": "x"})),
        changed(lambda data: data.update(r1=[])),
    ],
    ids=["another type", "another's", "missing", "deep inside", "a list"],
)
def test_one_committees_own_answer_is_looked_through_as_well(ask: Ask, lie: Behaving) -> None:
    told, _ = ask(lie)
    assert told["data"]["committee"] is None
    (error,) = [each for each in told["errors"] if each["path"] == ["committee"]]
    assert error["extensions"] == {"code": "AWAY", "zh": Code.AWAY.zh, "committee": BAD, "state": "FAILED"}


def test_an_error_at_a_place_that_cannot_be_costs_nobody_anything(ask: Ask) -> None:
    told, _ = ask(changed(as_it_is, raw=with_error(["r0", "f0", 0, 10**25])))
    assert states(told) == {}
    assert told["data"]["activities"]["nodes"]


@pytest.mark.parametrize("times", [1, 900])
def test_an_error_that_is_repeated_is_told_once(ask: Ask, times: int) -> None:
    told, _ = ask(changed(as_it_is, raw=with_error(["r0", "f0", 0, "title"], times)))
    paths = [each["path"] for each in told["errors"] if each["path"][:2] == ["activities", "nodes"]]
    assert len({tuple(path) for path in paths}) == len(paths)


def test_who_begins_anew_on_each_page_keeps_nobody_from_being_reached(ask: Ask) -> None:
    """It answers each page with its first rows, and says that there is more."""
    query = """query ($fan: Fan) {
      activities(first: 5, fan: $fan%s) { nodes { id } pageInfo { hasNextPage endCursor }
        fanout { sources { committee { id } state } } } }"""
    first: list[bytes] = []

    async def again(question: Question, honest: bytes) -> bytes | None:
        first.append(honest)
        return first[0]

    seen: list[str] = []
    after, named = None, set()
    for _ in range(20):
        told, _ = ask(again, query=query % (f", after: {after}" if after else ""))
        page = told["data"]["activities"]
        seen += [row["id"] for row in page["nodes"]]
        named |= {(each["committee"]["id"], each["state"]) for each in page["fanout"]["sources"]}
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = json.dumps(page["pageInfo"]["endCursor"])
    assert len(set(seen)) == len(seen)
    assert sum(id[:6] == HONEST for id in seen) == 15
    assert (BAD, "FAILED") in named


def test_a_name_twice_in_a_row_leaves_the_answer_readable(ask: Ask) -> None:
    def twice(told: bytes) -> bytes:
        return told.replace(b'"title": "@@"', b'"title": "a", "title": "b"')

    told, _ = ask(rows(lambda row: row.update(title="@@"), raw=twice))
    assert {row["title"] for row in told["data"]["activities"]["nodes"] if row["id"][:6] == BAD} == {"b"}


# ── slow and dead ──


async def silent(question: Question, honest: bytes) -> bytes | None:
    return None


async def just_in_time(question: Question, honest: bytes) -> bytes | None:
    await until_left(question, 7)
    return honest


async def just_too_late(question: Question, honest: bytes) -> bytes | None:
    await until_left(question, -0.05)
    return honest


async def until_left(question: Question, seconds: float) -> None:
    """Until so many seconds of the deadline are left."""
    passed = asyncio.Event()
    asyncio.get_running_loop().call_later(question.until - time.monotonic() - seconds, passed.set)
    await passed.wait()


@pytest.mark.parametrize("how", [silent, just_too_late])
def test_the_slow_are_waited_for_until_the_deadline_and_no_longer(ask: Ask, how: Behaving) -> None:
    told, seconds = ask(how)
    assert states(told) == {BAD: "TIMEOUT"}
    assert len(told["data"]["activities"]["nodes"]) == 30
    assert seconds >= 3


def test_who_answers_late_but_in_time_is_in_the_answer(ask: Ask) -> None:
    told, _ = ask(just_in_time, 9_000)
    assert states(told) == {}
    assert {row["id"][:6] for row in told["data"]["activities"]["nodes"]} == {HONEST, "330102", BAD}


def test_one_that_dies_while_it_works_is_missed_at_the_deadline(ask: Ask, several: Federation) -> None:
    async def die(question: Question, honest: bytes) -> bytes | None:
        await several.connections[-1].close()
        return honest

    told, _ = ask(die)
    assert states(told) == {BAD: "TIMEOUT"}
    assert len(told["data"]["activities"]["nodes"]) == 30


def test_one_that_breaks_says_nothing_of_how(ask: Ask) -> None:
    async def broken(question: Question, honest: bytes) -> bytes | None:
        raise RuntimeError("postgresql://clerk:secret@10.0.0.7/db")

    told, _ = ask(broken)
    only_honest(told)
    assert "secret" not in json.dumps(told)


def test_an_older_one_that_does_not_know_a_field_is_named_so(ask: Ask) -> None:
    async def older(question: Question, honest: bytes) -> bytes | None:
        said = f"Cannot query field 'minutes' on type 'Activity' at {question.verb}."
        shown = {"message": said, "extensions": {"code": "INVALID", "zh": "x"}}
        return json.dumps({"errors": [shown]}).encode()

    told, _ = ask(older)
    (source,) = told["data"]["activities"]["fanout"]["sources"]
    assert (source["state"], source["error"]["message"]) == ("OUTDATED", "the document is not valid")


# ── floods ──


def flood(before: bytes, piece: bytes, after: bytes, size: int = 16 * MEGABYTE - 100) -> bytes:
    return before + piece * ((size - len(before) - len(after)) // len(piece)) + after


PAGE = b'{"data":{"r1":null,"r0":{"cursors":[],"pageInfo":{"hasNextPage":false},"totalCount":0,"f1":[],"f0":'
FLOODS: dict[str, bytes] = {
    "rows": flood(PAGE + b"[1", b",1", b"]}}}"),
    "empty rows": flood(PAGE + b"[{}", b",{}", b"]}}}"),
    "one long text": flood(PAGE + b'["', b"x", b'"]}}}'),
    "errors": flood(b'{"data":null,"errors":[{"message":""}', b',{"message":""}', b"]}"),
    "lists in an extension": flood(b'{"errors":[{"message":"","extensions":{"a":[[]', b",[]", b"]}}]}"),
    "fields": flood(b'{"data":{"r0":null', b',"x":1', b"}}"),
    "white space": flood(b'{"data":', b" ", b"null}"),
    "opening brackets": b"[" * (16 * MEGABYTE - 100),
}


def grown(work: Callable[[], object]) -> float:
    """Megabytes that this process held at the worst moment of the work, beyond what it held before."""
    Path("/proc/self/clear_refs").write_text("5")  # the most it ever held begins anew
    before = held("VmRSS")
    work()
    return held("VmHWM") - before


def held(what: str) -> float:
    told = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    [size] = [line.split()[1] for line in told if line.startswith(f"{what}:")]
    return int(size) / 1024


@pytest.mark.parametrize("name", list(FLOODS))
def test_a_flood_of_what_packs_well_fills_no_memory(ask: Ask, name: str) -> None:
    """It is as large as an answer may be once it is unpacked."""

    async def floods(question: Question, honest: bytes) -> bytes | None:
        return FLOODS[name]

    told: list[dict[str, Any]] = []
    assert grown(lambda: told.append(ask(floods, 10_000)[0])) < BOUND
    only_honest(told[0])


def bomb(megabytes: int) -> bytes:
    """A gzip stream that would unpack to so many megabytes of zeros, in a thousandth of that."""
    packing = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packing.compress(bytes(MEGABYTE)) + packing.flush(zlib.Z_FULL_FLUSH)
    head = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
    return head + piece * megabytes + struct.pack("<BBxxx", 3, 0)


def test_a_bomb_is_not_unpacked(several: Federation, parts: Parts, runner: asyncio.Runner, ask: Ask) -> None:
    """What the hub carries unpacks to a thousand times as much; that it says ten gigabytes of itself is ignored."""
    packed = bomb(900) + struct.pack("<II", 0, (10 * 1024**3) % 2**32)
    assert 800_000 < len(packed) < MEGABYTE - 2_000

    class Bomber(Answerer):
        async def _send(self, to: str, body: bytes, *, accepts_gzip: bool) -> None:
            await self._connection.publish(to, packed, headers={"Content-Encoding": "gzip"})

    async def nothing(question: Question) -> bytes | None:
        return b""

    async def run() -> dict[str, Any]:
        opened = await Bomber(await several.connect(), BAD, nothing, b"").open()
        await known(several.connections[-1])
        told = await said(parts, QUERY, fan={"deadlineMs": 10_000, "read": "LIVE"})
        await opened.close()
        await known(several.connections[-1])
        return told

    told: list[dict[str, Any]] = []
    assert grown(lambda: told.append(runner.run(run()))) < BOUND
    only_honest(told[0])
