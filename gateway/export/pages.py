"""`GET /export/<list>.csv` and `.xlsx`: who asks, what is asked, and the answer or the refusal."""

import datetime as dt
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from graphql import get_named_type
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gateway.answers import data_of
from gateway.counters import Counters
from gateway.entry import Entry, Guest
from gateway.export import figures, files, notes
from gateway.export.asking import Wanted, wanted
from gateway.export.columns import Column, columns_of, title_of
from gateway.export.ended import INTERNAL, File
from gateway.export.walk import Walk, how
from gateway.identity.callers import Caller
from gateway.joint import Joint
from sync.contract.errors import Code, Refusal, Said
from sync.contract.instants import SHANGHAI
from sync.contract.visibility import Visible
from sync.edge import asking
from sync.edge.body import Asked
from sync.edge.places import Places
from sync.edge.shell.sheets import Cell

log = logging.getLogger(__name__)

STATISTICS = "statistics"
Nodes = list[dict[str, Any]]


@dataclass(frozen=True)
class Exports:
    """Answers for every merged list of the joint schema, and for statistics.

    Attributes:
        most: Rows of one file.
        counters: Where it is noted how files end.
        places: Of files on their way, by asker.
    """

    entry: Entry
    clock: Callable[[], float]
    most: int
    counters: Counters
    places: Places

    @property
    def joint(self) -> Joint:
        return self.entry.gateway.joint

    def routes(self) -> list[Route]:
        return [Route("/export/{name}.{suffix}", self._answer, methods=["GET"])]

    async def _answer(self, request: Request) -> Response:
        try:
            return await self._file(request)
        except Refusal as refusal:
            return self._instead(request, refusal.code.value, refusal.zh, refusal.en, refusal.status)
        except Exception:
            log.exception("a file broke before it was begun")
            return self._instead(
                request, INTERNAL, asking.INTERNAL["extensions"]["zh"], asking.INTERNAL["message"], 500
            )

    def _instead(self, request: Request, code: str, zh: str, en: str, status: int) -> Response:
        """Why there is no file."""
        if request.path_params["suffix"] in files.MEDIA_TYPES:
            self.counters.files[request.path_params["suffix"], code] += 1
        return PlainTextResponse(f"{zh}\n{en}\n{code}\n", status, _PRIVATE)

    async def _file(self, request: Request) -> Response:
        """Raises: Refusal."""
        name, suffix = request.path_params["name"], request.path_params["suffix"]
        if suffix not in files.MEDIA_TYPES:
            raise Refusal(Code.NOT_EXPORTED, why=_formats(suffix[:_SHOWN]))
        if name not in self.joint.lists and name != STATISTICS:
            raise Refusal(Code.NOT_EXPORTED, why=_lists(name[:_SHOWN], [*self.joint.lists, STATISTICS]))
        guest = await self.entry.guest(request, "/export")
        guest.use()
        give_back = self.places.take(guest.counted_as)
        try:
            return await self._taken(request, guest, give_back)
        except BaseException:
            give_back()
            raise

    async def _taken(self, request: Request, guest: Guest, give_back: Callable[[], None]) -> File:
        """The file, which gives its place back when it is over. Raises: Refusal."""
        name, suffix = request.path_params["name"], request.path_params["suffix"]
        query: Any = self.joint.schema.query_type
        asked = wanted(name, query.fields[name], dict(request.query_params))
        now = dt.datetime.fromtimestamp(self.clock(), dt.UTC)
        if name == STATISTICS:
            title, heads, pages, below, ending = await self._figures(asked, guest, now)
        else:
            title, heads, pages, below, ending = await self._list(asked, guest)

        def said() -> list[str]:
            return [*notes.heading(now, self._who(guest.caller), asked), *below()]

        if suffix == "csv":
            pieces = files.csv_pieces(heads, pages, said)
        else:
            pieces = files.xlsx_pieces(title, heads, pages, said, totals=int(name == STATISTICS))
        headers = _PRIVATE | {
            "Content-Disposition": files.disposition(title, f"{now.astimezone(SHANGHAI):%Y%m%d}", suffix, name)
        }

        def note(how: str) -> None:
            give_back()
            self.counters.files[suffix, how] += 1

        return File(pieces, note, ending, headers, files.MEDIA_TYPES[suffix])

    async def _list(self, asked: Wanted, guest: Guest) -> "_Made":
        query: Any = self.joint.schema.query_type
        connection: Any = get_named_type(query.fields[asked.name].type)
        row: Any = get_named_type(connection.fields["nodes"].type)
        columns = columns_of(row, _circle(asked, guest.caller))
        walk = Walk(asked, columns, partial(_asked, guest), self.most)
        pages = walk.run()
        first: Nodes = await anext(pages, [])  # a refusal comes before anything is sent
        names = {id: each["name"] for id, each in self.entry.federation.now().shown.items()}
        heads = ["政协", *(each.label for each in columns)]
        return title_of(row), heads, _cells(first, pages, columns, names), lambda: notes.of_walk(walk), lambda: walk.how

    async def _figures(self, asked: Wanted, guest: Guest, now: dt.datetime) -> "_Made":
        told = await _asked(guest, asked.document(figures.SELECTION), asked.variables)
        heads, rows = figures.sheet(told, _listed(asked.variables.get("by", ["COMMITTEE"])))

        async def pages() -> AsyncIterator[list[list[Cell]]]:
            yield rows

        return (
            "统计",
            heads,
            pages(),
            lambda: [
                notes.of_window(asked, now),
                *notes.of_committees(figures.courses(told)),
            ],
            lambda: how(figures.courses(told)),
        )

    def _who(self, caller: Caller) -> str:
        if caller.claims is None:
            return ""
        home = self.entry.federation.now().directory.entries.get(caller.claims.iss)  # it may have left meanwhile
        return f"{caller.claims.name or caller.claims.sub} · {home.name if home else caller.claims.iss}"


_Made = tuple[str, list[str], files.Pages, files.Notes, Callable[[], str]]
_SHOWN = 40
"""Characters of what the address says that are said again."""
_PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


async def _asked(guest: Guest, document: str, variables: dict[str, Any]) -> dict[str, Any]:
    """The one root field of this document, counted as a request to /graphql is. Raises: Refusal."""
    guest.count()
    found: dict[str, Any] = data_of(await guest.ask(Asked(document, variables), guest.caller, only_queries=True))["it"]
    return found


def _formats(said: str) -> Said:
    there = "、".join(files.MEDIA_TYPES)
    return Said(f"没有格式“{said}”，可用 {there}", f"there is no format {said}, but {' and '.join(files.MEDIA_TYPES)}")


def _lists(said: str, there: list[str]) -> Said:
    return Said(f"没有列表“{said}”，可用 {'、'.join(there)}", f"there is no list {said}, but {', '.join(there)}")


def _listed(value: Any) -> list[Any]:
    """One value passes for a list of one, in GraphQL."""
    return value if isinstance(value, list) else [value]


def _circle(asked: Wanted, caller: Caller) -> Visible:
    """The widest columns that can have anything in them for this caller."""
    if caller.home is None:
        return Visible.PUBLIC
    at = asked.variables.get("at")
    is_own = isinstance(at, dict) and at.get("ids") == [caller.home]
    return Visible.TENANT if is_own else Visible.PARENT


async def _cells(
    first: Nodes, pages: AsyncIterator[Nodes], columns: list[Column], names: dict[str, str]
) -> AsyncIterator[list[list[Cell]]]:
    def lines(rows: Nodes) -> list[list[Cell]]:
        return [[names.get(row["committeeId"]), *(each.cell(row) for each in columns)] for row in rows]

    yield lines(first)
    async for page in pages:
        yield lines(page)
