"""Static files under names that carry their content's hash, so that browsers keep them for a year and never stale."""

import gzip
import hashlib
import mimetypes
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_FOREVER = "public, max-age=31536000, immutable"
_WORTH_PACKING = 500  # bytes


@dataclass(frozen=True)
class Kept:
    """One file as it is sent."""

    body: bytes
    packed: bytes | None
    media_type: str


class StaticFiles:
    """The files of some folders, read once; served under `/static/<name>.<hash>.<suffix>`.

    A name that two folders have is the earlier folder's.
    """

    def __init__(self, folders: Iterable[Path]) -> None:
        self._paths: dict[str, str] = {}
        self._kept: dict[str, Kept] = {}
        for folder in folders:
            for file in sorted(folder.glob("*")) if folder.is_dir() else ():
                if file.is_file() and file.name not in self._paths:
                    self._keep(file)

    def path(self, name: str) -> str:
        """Where `app.css` is found today.

        Raises:
            KeyError: there is no such file; a page that names it would be broken for everybody.
        """
        return self._paths[name]

    def route(self) -> Route:
        return Route("/static/{name}", self._answer, methods=["GET"])

    def _keep(self, file: Path) -> None:
        body = file.read_bytes()
        named = f"{file.stem}.{hashlib.sha256(body).hexdigest()[:12]}{file.suffix}"
        media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        readable = media_type.startswith("text/") or media_type.endswith(("xml", "javascript"))
        packed = gzip.compress(body, mtime=0) if readable and len(body) >= _WORTH_PACKING else None
        self._paths[file.name] = f"/static/{named}"
        self._kept[named] = Kept(body, packed, media_type)

    async def _answer(self, request: Request) -> Response:
        found = self._kept.get(request.path_params["name"])
        if found is None:
            raise HTTPException(404)
        headers = {"Cache-Control": _FOREVER, "Vary": "Accept-Encoding"}
        if found.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
            return Response(found.packed, headers=headers | {"Content-Encoding": "gzip"}, media_type=found.media_type)
        return Response(found.body, headers=headers, media_type=found.media_type)
