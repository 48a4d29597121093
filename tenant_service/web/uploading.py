"""A form as a browser sends it, with files or without, read whole within bounds before anything takes it apart."""

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from sync.contract.errors import Code, Refusal
from sync.edge.body import received
from tenant_service.web.forms import FORM, MOST_BYTES, MOST_FIELDS, Form, Upload

MULTIPART = "multipart/form-data"
MOST_UPLOADED = 32 * 1024 * 1024
"""Bytes of one form, all its files together."""
MOST_FILES = 10
"""Of one form."""


def from_here(request: Request) -> None:
    """Raises: Refusal FORBIDDEN, a page of another site sent it."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Refusal(Code.FORBIDDEN)


def is_multipart(request: Request) -> bool:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == MULTIPART


async def form_of(request: Request) -> Form:
    """The form without files. Raises: Refusal BAD_REQUEST, TOO_LARGE; FORBIDDEN, a page of another site sent it."""
    from_here(request)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise Refusal(Code.BAD_REQUEST)
    return Form.read(await received(request.stream(), request.headers.get("content-length"), MOST_BYTES))


async def uploaded(request: Request, most: int = MOST_UPLOADED) -> Form:
    """The form with its files; a field of files in which none was chosen is not there. `most`: bytes of it.

    Raises:
        Refusal: FORBIDDEN, TOO_LARGE, BAD_REQUEST.
    """
    from_here(request)
    body = await received(request.stream(), request.headers.get("content-length"), most)

    async def again() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    values: dict[str, tuple[str, ...]] = {}
    files: dict[str, tuple[Upload, ...]] = {}
    reading = Request(request.scope, again).form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=MOST_BYTES)
    try:
        async with reading as found:
            for name, value in found.multi_items():
                if not isinstance(value, UploadFile):
                    values[name] = (*values.get(name, ()), value)
                elif value.filename or value.size:
                    files[name] = (*files.get(name, ()), Upload(value.filename or "", await value.read()))
    except (HTTPException, UnicodeDecodeError):
        raise Refusal(Code.BAD_REQUEST) from None
    return Form({name: each for name, each in values.items() if any(each)}, files)
