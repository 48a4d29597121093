"""`GET /export/<list>.csv` and `.xlsx`: who asks, what is asked, and the answer or the refusal."""

import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from graphql import get_named_type
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from gateway.answers import data_of
from gateway.callers import NOBODY, Caller
from gateway.export import figures, files, notes
from gateway.export.asking import Wanted, wanted
from gateway.export.columns import Column, columns_of, title_of
from gateway.export.walk import Walk
from gateway.federation.committees import Federation
from gateway.federation.engine import Gateway
from gateway.joint import Joint
from gateway.rates import Rates, name_of
from sync.contract.errors import Code, Refusal
from sync.contract.visibility import Visible
from sync.edge.body import Asked
from sync.edge.shell.formats import SHANGHAI
from sync.edge.shell.sheets import Cell

STATISTICS = "statistics"
Nodes = list[dict[str, Any]]
CallerOf = Callable[[Headers], Awaitable[Caller]]
"""Who asks, by the rules of /graphql. Raises: Refusal."""


@dataclass(frozen=True)
class Exports:
    """Answers for every merged list of the joint schema, and for statistics.

    Attributes:
        most: Rows of one file.
    """

    gateway: Gateway
    federation: Federation
    rates: Rates
    caller_of: CallerOf
    clock: Callable[[], float]
    most: int

    @property
    def joint(self) -> Joint:
        return self.gateway.joint

    def routes(self) -> list[Route]:
        return [Route("/export/{name}.{suffix}", self._answer, methods=["GET"])]

    async def _answer(self, request: Request) -> Response:
        try:
            return await self._file(request)
        except Refusal as refusal:
            return PlainTextResponse(f"{refusal.zh}\n{refusal.en}\n{refusal.code.value}\n", refusal.status, _PRIVATE)

    async def _file(self, request: Request) -> Response:
        """Raises: Refusal."""
        name, suffix = request.path_params["name"], request.path_params["suffix"]
        query: Any = self.joint.schema.query_type
        if suffix not in files.MEDIA_TYPES or not (name in self.joint.lists or name == STATISTICS):
            raise Refusal(Code.NOT_FOUND)
        asker = await self._asker(request)
        asked = wanted(name, query.fields[name], dict(request.query_params))
        now = dt.datetime.fromtimestamp(self.clock(), dt.UTC)
        if name == STATISTICS:
            title, heads, pages, below = await self._figures(asked, asker)
        else:
            title, heads, pages, below = await self._list(asked, asker)

        def said() -> list[str]:
            return [*notes.heading(now, self._who(asker.caller)), *below()]

        pieces = (
            files.csv_pieces(heads, pages, said) if suffix == "csv" else files.xlsx_pieces(title, heads, pages, said)
        )
        headers = _PRIVATE | {
            "Content-Disposition": files.disposition(title, f"{now.astimezone(SHANGHAI):%Y%m%d}", suffix, name)
        }
        return StreamingResponse(pieces, headers=headers, media_type=files.MEDIA_TYPES[suffix])

    async def _asker(self, request: Request) -> "_Asker":
        """Raises: Refusal, also RATE_LIMITED."""
        address = request.client.host if request.client else ""
        try:
            caller = await self.caller_of(request.headers)
        except Refusal:
            self.rates.request(name_of(NOBODY, address))
            raise
        name = name_of(caller, address)
        self.rates.request(name)
        return _Asker(self.gateway, self.rates, caller, name)

    async def _list(self, asked: Wanted, asker: "_Asker") -> "_Made":
        query: Any = self.joint.schema.query_type
        connection: Any = get_named_type(query.fields[asked.name].type)
        row: Any = get_named_type(connection.fields["nodes"].type)
        columns = columns_of(row, _circle(asked, asker.caller))
        walk = Walk(asked, columns, asker.ask, self.most)
        pages = walk.run()
        first: Nodes = await anext(pages, [])  # a refusal comes before anything is sent
        names = {id: each["name"] for id, each in self.federation.now().shown.items()}
        heads = ["政协", *(each.label for each in columns)]
        return title_of(row), heads, _cells(first, pages, columns, names), lambda: notes.of_walk(walk)

    async def _figures(self, asked: Wanted, asker: "_Asker") -> "_Made":
        told = await asker.ask(asked.document(figures.SELECTION), asked.variables)
        heads, rows = figures.sheet(told)

        async def pages() -> AsyncIterator[list[list[Cell]]]:
            yield rows

        return "统计", heads, pages(), lambda: notes.of_committees(figures.standings(told))

    def _who(self, caller: Caller) -> str:
        if caller.claims is None:
            return ""
        home = self.federation.now().directory.entries[caller.claims.iss]
        return f"{caller.claims.name or caller.claims.sub} · {home.name}"


_Made = tuple[str, list[str], files.Pages, files.Notes]
_PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True)
class _Asker:
    """Puts documents for one caller, each counted as a request to /graphql would be."""

    gateway: Gateway
    rates: Rates
    caller: Caller
    name: str

    async def ask(self, document: str, variables: dict[str, Any]) -> dict[str, Any]:
        """Raises: Refusal."""
        over: list[Refusal] = []

        def charge(cost: int) -> None:
            try:
                self.rates.cost(self.name, cost)
            except Refusal as refusal:
                over.append(refusal)
                raise

        asked = Asked(document, variables)
        with self.rates.place(self.name):
            answer = await self.gateway.answer(asked, self.caller, only_queries=True, charge=charge)
        if over:
            raise over[0]
        found: dict[str, Any] = data_of(answer)["it"]
        return found


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
