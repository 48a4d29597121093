"""How a GraphQL request comes over HTTP, strictly, and how whatever comes of it goes out.

What is turned away: 400 no GraphQL request at all, 401 a token that is not valid or no longer, 403 a page of another
site that uses a signed-in browser, 405 neither GET nor POST or an act by GET, 406 neither of the two media types is
taken, 413 a body that is too large, 415 a POST that is not JSON in UTF-8 or packed, 500 a fault of ours, which says
nothing.
"""

from functools import lru_cache
from urllib.parse import parse_qsl

import orjson
from starlette.requests import Request
from starlette.responses import Response

from sync.contract.errors import Code, Refusal, Said
from sync.edge.body import Asked, asked_by, asked_in, received
from sync.edge.budget import Limits
from sync.edge.documents import Shown, shown_refusal
from sync.edge.media import Media, accepted, is_json

INTERNAL: Shown = {"message": "internal error", "extensions": {"code": "INTERNAL", "zh": "系统内部错误，请稍后重试"}}
LONGEST_QUERY_STRING = 16_000
"""Bytes of a GET's query string."""
_MOST_PARAMETERS = 20
_EITHER = Said("GET 或 POST", "GET or POST")
_ALWAYS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

media_of = lru_cache(maxsize=500)(accepted)
"""`sync.edge.media.accepted`, remembered: clients say the same each time."""


class Turned(Exception):
    """Answered before any GraphQL is looked at."""

    def __init__(self, status: int, refusal: Refusal, **headers: str) -> None:
        super().__init__()
        self.status, self.refusal, self.headers = status, refusal, headers

    @property
    def code(self) -> Code:
        return self.refusal.code


async def asked_over(http: Request, limits: Limits, *, streams: bool = False) -> Asked:
    """The request in a GET's query string or in a POST's body. `streams`: it is answered by events, whose media type
    is none of the two.

    Raises:
        Turned: 405, 406, 415.
        Refusal: BAD_REQUEST, NEEDS_QUERY, TOO_LARGE, TOO_COMPLEX.
    """
    if http.method not in ("GET", "POST"):
        raise Turned(405, Refusal(Code.WRONG_METHOD, methods=_EITHER), Allow="GET, POST")
    if not streams and media_of(http.headers.get("accept")) is None:
        raise Turned(406, Refusal(Code.WRONG_ACCEPT, media=Media.JSON.value))
    if http.method == "GET":
        return _by_get(http.scope["query_string"], limits)
    if not is_json(http.headers.get("content-type")) or "content-encoding" in http.headers:
        raise Turned(415, Refusal(Code.NEEDS_JSON))
    said = http.headers.get("content-length")
    return asked_in(await received(http.stream(), said, limits.bytes), limits)


def written(status: int, body: bytes, media: Media | None) -> Response:
    """A GraphQL response in its media type; 405 says what else there is."""
    allow = {"Allow": "POST"} if status == 405 else {}  # noqa: PLR2004
    return _response((media or Media.JSON).status(status), body, media, allow)


def refused(no: Turned | Refusal, media: Media | None) -> Response:
    """What was turned away before it was begun."""
    if isinstance(no, Turned):
        return _response(no.status, _errors(no.refusal), media, no.headers)
    status = 413 if no.code is Code.TOO_LARGE else no.status
    known = no.headers | ({"WWW-Authenticate": "Bearer"} if status == 401 else {})  # noqa: PLR2004
    return _response(status, _errors(no), media, known)


def broken(media: Media | None) -> Response:
    """A fault of ours, which is in the log and nowhere else."""
    return _response(500, orjson.dumps({"errors": [INTERNAL]}), media, {})


def _by_get(text: bytes, limits: Limits) -> Asked:
    if len(text) > LONGEST_QUERY_STRING:
        raise Refusal(Code.TOO_LARGE, most=LONGEST_QUERY_STRING)
    try:
        pairs = parse_qsl(
            text.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS
        )
    except ValueError:
        raise Refusal(Code.BAD_REQUEST) from None
    return asked_by(pairs, limits)


def _errors(refusal: Refusal) -> bytes:
    return orjson.dumps({"errors": [shown_refusal(refusal)]})


def _response(status: int, body: bytes, media: Media | None, headers: dict[str, str]) -> Response:
    return Response(body, status, headers | _ALWAYS, media_type=(media or Media.JSON).header)
