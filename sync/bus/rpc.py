"""Questions to committees and their answers as they travel: headers, and bodies that are squeezed where they are long.

`sync.bus.asker` asks, `sync.bus.answerer` answers; a gateway asks its own home committee the same over HTTP as well.
"""

import zlib
from collections.abc import Mapping

from nats.aio.msg import Msg

DEADLINE = "Deadline-Ms"
"""Header: how long the asker will wait, in milliseconds from now; clocks of two committees are never compared."""
TOKEN = "Token"  # noqa: S105 — the name of a header
"""Header: the user's token, see `sync.contract.trust.tokens`."""
PROOF = "Proof"
"""Header: the gateway's proof, see `sync.contract.trust.proofs`."""
TRACE = "Traceparent"
"""Header: W3C trace context."""
OVER_HTTP = {TOKEN: "Liandong-Token", PROOF: "Liandong-Proof", DEADLINE: "Liandong-Deadline-Ms", TRACE: "Traceparent"}
"""The same headers where a gateway asks its own home committee over HTTP, at `/rpc/<verb>`."""
CHANGES = "changes"
"""The verb of questions that wait until something has changed; they hold nothing but their own place."""
ACCEPTS, ENCODING, GZIP = "Accept-Encoding", "Content-Encoding", "gzip"
SQUEEZED_FROM = 8 * 1024
LARGEST = 16 * 1024 * 1024
LONGEST_WAIT, _USUAL_WAIT = 60.0, 10.0
_DIGITS = 20

Headers = Mapping[str, str]


def squeezed(body: bytes) -> bytes:
    return zlib.compress(body, level=1, wbits=31)


def unpacked(message: Msg) -> bytes:
    """The body as it was before it travelled. Raises: zlib.error, ValueError (over 16 MiB)."""
    if not message.headers or message.headers.get(ENCODING) != GZIP:
        return message.data
    reading = zlib.decompressobj(wbits=31)
    body = reading.decompress(message.data, LARGEST)
    if not reading.eof:
        raise ValueError("too large, or cut off")
    return body


def seconds(told: str) -> float:
    """For how long an answer is awaited, of what DEADLINE says; ten seconds where that is no number."""
    is_number = told.isdecimal() and len(told) < _DIGITS
    return min(int(told) / 1000, LONGEST_WAIT) if is_number else _USUAL_WAIT
