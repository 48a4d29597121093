"""Headers of messages, read faster than nats-py reads them, and read the same."""

from hypothesis import given
from hypothesis import strategies as st
from nats.aio.client import Client

from sync.bus.headers import header_lines

_odd = st.text(st.sampled_from(list("Aé政 \t\v:-\x1c\x85\xa0")), max_size=8)
_lines = st.lists(st.one_of(st.tuples(_odd, _odd).map(":".join), _odd), max_size=5)
_raw = st.one_of(_lines.map(lambda lines: "\r\n".join(lines).encode()), st.binary(max_size=40))


@given(_raw)
def test_headers_are_what_nats_py_makes_of_them(raw: bytes) -> None:
    assert header_lines(raw) == Client._parse_header_lines(raw)
