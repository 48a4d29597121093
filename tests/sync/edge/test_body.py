"""What a client sends is read strictly: a request that is not one is refused, and never breaks what reads it."""

import json
import time
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.contract.errors import Code, Refusal
from sync.edge.body import Asked, asked_by, asked_in, object_in, received
from sync.edge.budget import Limits

LIMITS = Limits()
DEEP = b'{"query":"{a}","variables":{"x":' + b"[" * 40_000 + b"]" * 40_000 + b"}}"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", Code.BAD_REQUEST),
        (b'"x"', Code.BAD_REQUEST),
        (b"null", Code.BAD_REQUEST),
        (b"[]", Code.BAD_REQUEST),
        (b"{", Code.BAD_REQUEST),
        (b'{"query":"{a}"} {}', Code.BAD_REQUEST),
        (b'{"query":"{a}","query":"{b}"}', Code.BAD_REQUEST),
        (b'{"query":"{a}","variables":{"x":1,"x":2}}', Code.BAD_REQUEST),
        (b'{"query":"{a}","variables":{"x":NaN}}', Code.BAD_REQUEST),
        (b'{"query":"{a}","variables":{"x":-Infinity}}', Code.BAD_REQUEST),
        (b'{"query":"{a}","variables":{"x":1e999}}', Code.BAD_REQUEST),
        (b'{"query":"{a}","variables":{"x":' + b"9" * 6_000 + b"}}", Code.BAD_REQUEST),
        (b'{"query":"{a}","variables":{"x":9223372036854775808}}', Code.BAD_REQUEST),
        (b'{"query":"\xff"}', Code.BAD_REQUEST),
        (b'{"query":"\xed\xa0\x80"}', Code.BAD_REQUEST),
        (b'\xef\xbb\xbf{"query":"{a}"}', Code.BAD_REQUEST),
        (b'{"query":"{a}","variables":{"x":"\\ud800"}}', Code.BAD_REQUEST),
        (b'{"query":"{a}","variables":{"x":"\\u0000"}}', Code.BAD_REQUEST),
        (b'{"query":"{a(x:\\"\\\\u0000\\")}"}', Code.BAD_REQUEST),
        (b'{"query":"{a(x:\\"\\\\u{000}\\")}"}', Code.BAD_REQUEST),
        (b'{"query":"{a(x:\\"\x01\\")}"}', Code.BAD_REQUEST),
        (DEEP, Code.TOO_COMPLEX),
        (b'{"query":"{a}"}' + b" " * 100_000, Code.TOO_LARGE),
        (b"{}", Code.NEEDS_QUERY),
        (b'{"query":null}', Code.NEEDS_QUERY),
        (b'{"query":" "}', Code.NEEDS_QUERY),
        (b'{"query":{"a":1}}', Code.BAD_REQUEST),
        (b'{"query":"{a}","variables":[]}', Code.BAD_REQUEST),
        (b'{"query":"{a}","variables":"{}"}', Code.BAD_REQUEST),
        (b'{"query":"{a}","operationName":1}', Code.BAD_REQUEST),
        (b'{"query":"{a}","extensions":"x"}', Code.BAD_REQUEST),
        (b'[{"query":"{a}"}]', Code.BAD_REQUEST),
    ],
    ids=lambda told: told.name if isinstance(told, Code) else repr(told[:40]),
)
def test_what_is_no_request_is_refused(body: bytes, code: Code) -> None:
    with pytest.raises(Refusal) as refused:
        asked_in(body, LIMITS)
    assert refused.value.code is code
    assert 400 <= refused.value.status < 500


def test_a_request_is_read_as_it_was_written() -> None:
    told = {
        "query": "query Q { 会议 }",
        "variables": {"a": [1, 2.5, None, True, "\N{GRINNING FACE} 协商", {"b": -(2**63)}]},
        "operationName": "Q",
        "extensions": {"x": 1},
    }
    for ascii_only in (True, False):
        found = asked_in(json.dumps(told, ensure_ascii=ascii_only).encode(), LIMITS)
        assert found == Asked("query Q { 会议 }", told["variables"], "Q")  # type: ignore[arg-type]
    assert asked_in(b'{"query":"{a}","variables":null,"operationName":null,"more":1}', LIMITS) == Asked("{a}")


def test_brackets_inside_texts_are_not_depth() -> None:
    assert object_in(json.dumps({"x": '[{\\"' * 100}).encode(), LIMITS)


@given(
    st.recursive(st.none() | st.booleans() | st.integers(-9, 9) | st.text(), lambda of: st.dictionaries(st.text(), of))
)
def test_no_json_breaks_the_reader(value: object) -> None:
    for body in (json.dumps(value).encode(), json.dumps({"query": "{a}", "variables": value}).encode()):
        try:
            asked_in(body, LIMITS)
        except Refusal:
            continue


@given(st.binary())
def test_no_bytes_break_the_reader(body: bytes) -> None:
    with pytest.raises(Refusal):
        asked_in(b"\xfe" + body, LIMITS)


def test_a_get_says_variables_as_json() -> None:
    found = asked_by([("query", "{a}"), ("variables", '{"x":1}'), ("operationName", "")], LIMITS)
    assert found == Asked("{a}", {"x": 1})


@pytest.mark.parametrize(
    "parameters",
    [
        [("query", "{a}"), ("query", "{b}")],
        [("query", "{a}"), ("variables", "[1]")],
        [("query", "{a}"), ("variables", "{")],
        [("query", "{a}\0")],
        [("query", "{a}"), ("extensions", "1")],
    ],
)
def test_a_get_that_is_no_request_is_refused(parameters: list[tuple[str, str]]) -> None:
    with pytest.raises(Refusal) as refused:
        asked_by(parameters, LIMITS)
    assert refused.value.code is Code.BAD_REQUEST


@pytest.mark.parametrize("parameters", [[], [("query", "")], [("variables", "{}")]])
def test_a_get_without_a_query_is_told_so(parameters: list[tuple[str, str]]) -> None:
    with pytest.raises(Refusal) as refused:
        asked_by(parameters, LIMITS)
    assert refused.value.code is Code.NEEDS_QUERY


class Sending:
    """A client that sends piece after piece and counts how many were taken."""

    def __init__(self, pieces: int, size: int) -> None:
        self.pieces, self.size, self.taken = pieces, size, 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(self.pieces):
            self.taken += 1
            yield b"x" * self.size


@pytest.mark.asyncio
async def test_of_20_mb_only_the_first_pieces_are_taken() -> None:
    sending = Sending(pieces=320, size=65_536)
    with pytest.raises(Refusal) as refused:
        await received(aiter(sending), None, LIMITS.bytes)
    assert refused.value.code is Code.TOO_LARGE
    assert sending.taken == 2


@pytest.mark.asyncio
async def test_a_length_over_the_limit_is_believed_before_anything_is_taken() -> None:
    sending = Sending(pieces=1, size=1)
    for said in ("20000000", "9" * 5_000):
        with pytest.raises(Refusal):
            await received(aiter(sending), said, LIMITS.bytes)
    assert sending.taken == 0
    assert await received(aiter(sending), "not a number", LIMITS.bytes) == b"x"


def test_an_unclosed_string_costs_no_more_than_its_length() -> None:
    """A body of escaped quotes made every quote the beginning of another string: 100 kB held the loop for minutes."""

    def cost(length: int) -> float:
        """The least of five: a machine may be busy with itself."""
        body, found = b'{"query":"' + b'\\"' * length, list[float]()
        for _ in range(5):
            begun = time.process_time()
            with pytest.raises(Refusal):
                object_in(body, Limits(bytes=10**7))
            found.append(time.process_time() - begun)
        return min(found)

    cost(1_000)
    assert cost(400_000) < 100 * max(cost(20_000), 0.001), "twenty times the length costs about twenty times as much"
