"""The roster's way in and out over HTTP: upload and preview, apply, undo, bad rows, export. Answers are JSON or files.

Who asks, and whether the request may be believed, is decided before: `Deps.actor_of` says it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy.orm import Session
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Message

from sync.contract.errors import Code, Refusal
from sync.contract.instants import day_of
from sync.edge.body import received
from sync.edge.shell import sheets
from tenant_service.identity import accounts, quotas
from tenant_service.identity.actor import Actor, nobody
from tenant_service.identity.disclosures import Purpose, Told
from tenant_service.identity.policy import UseCase
from tenant_service.members import known
from tenant_service.members.plans import Known, told
from tenant_service.members.rules import Gender
from tenant_service.roster import import_pages, queries, reading, service
from tenant_service.roster.models import BatchRow, LineRow
from tenant_service.roster.reading import HEADS, Local, Roster
from tenant_service.spreadsheets import grids
from tenant_service.spreadsheets.rules import Outcome
from tenant_service.storage.engine import Domain
from tenant_service.storage.unit_of_work import Unit, Units
from tenant_service.web.site import RoomPages, Site

AT = "/members/roster"
MOST_LINES = 200
"""Rows of the preview in one answer."""
_FORM_AROUND = 64 * 1024
"""Bytes that a form may have around its file."""
_EXPORTED = ("roster_no", "name", "gender", "birth_month", "title", "sector", "party", "term", "employer", "work_phone",
             "tags")  # fmt: skip
_FORMATS: dict[str, tuple[Callable[[str, Sequence[str], sheets.Rows], bytes], str]] = {
    "xlsx": (sheets.xlsx_of, sheets.XLSX),
    "csv": (lambda _title, heads, rows: sheets.csv_of(heads, rows), "text/csv; charset=utf-8"),
}

Shown = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Deps:
    """What these routes stand on.

    Attributes:
        actor_of: Who asks; raises a Refusal for a request that is not to be believed.
        in_use: Whether other rooms have something about one of these people, so that an import cannot be undone.
        most_rows: Rows of personal data that an account may take out or look at in a day.
    """

    domain: Domain
    units: Units
    actor_of: Callable[[Request], Awaitable[Actor]]
    in_use: service.InUse = lambda _session, _ids: False
    most_rows: int = quotas.MOST_A_DAY


def routes(deps: Deps) -> list[Route]:
    desk = RosterDesk(deps)
    return [
        Route(AT, _told(desk.listed), methods=["GET"]),
        Route(AT, _told(desk.previewed), methods=["POST"]),
        Route(AT + "/{id}", _told(desk.shown), methods=["GET"]),
        Route(AT + "/{id}/apply", _told(desk.applied), methods=["POST"]),
        Route(AT + "/{id}/undo", _told(desk.undone), methods=["POST"]),
        Route(AT + "/{id}/refused.{ending}", _told(desk.refused), methods=["GET"]),
        Route("/members/export.{ending}", _told(desk.exported), methods=["GET"]),
    ]


def of_site(site: Site) -> list[Route]:
    """The routes on a committee's site, for who has signed in there. Other sites' pages are kept out before.

    Whether other rooms have something about a person is asked of all of them, and accounts are asked.
    """
    elsewhere = site.services.persons_in_use

    async def actor_of(request: Request) -> Actor:
        found = await site.domain.run(site.callers.signed_in, request.cookies.get(site.cookie))
        return found.actor if found else nobody(site.committee)

    def in_use(session: Session, ids: Sequence[str]) -> bool:
        return accounts.belong_to(session, ids) or elsewhere(session, ids)

    most = site.services.personal_rows_per_day
    return [*routes(Deps(site.domain, site.units, actor_of, in_use, most)), *import_pages.routes(site)]


class RosterDesk:
    """Takes the roster's slices one after the other; between two of them everybody else has the domain's thread."""

    def __init__(self, deps: Deps) -> None:
        self.deps = deps

    # ── in ──

    async def previewed(self, request: Request) -> Response:
        """A preview of the form's `file`. Raises: Refusal, also for what cannot be read."""
        actor = await self._editor(request)
        name, data = await _upload(request)
        local = await self._read(lambda unit: queries.local_words(unit.session))
        found = await asyncio.to_thread(_parsed, data, local)
        id = await self._write(lambda unit: service.begin(unit, actor, name, found.heads))
        for start in range(0, len(found.entries), service.SLICE):
            some = found.entries[start : start + service.SLICE]
            await self._write(partial(service.add, actor=actor, id=id, entries=some))
        await self._write(lambda unit: service.finish(unit, actor, id))
        return await self._shown(request, id, 0, None, 201)

    async def applied(self, request: Request) -> Response:
        """Takes the preview that the form's `digest` names, to its end."""
        actor, id = await self._editor(request), _id(request)
        digest = str((await _form(request)).get("digest", ""))
        await self._write(lambda unit: service.apply(unit, actor, id, digest))
        while await self._write(lambda unit: service.apply_slice(unit, actor, id)):
            pass
        return await self._shown(request, id, 0, Outcome.ERROR)

    async def undone(self, request: Request) -> Response:
        """Takes the import back, to its end."""
        actor, id = await self._editor(request), _id(request)
        await self._write(lambda unit: service.undo(unit, actor, id, self.deps.in_use))
        while await self._write(lambda unit: service.undo_slice(unit, actor, id)):
            pass
        return await self._shown(request, id, 0, Outcome.ERROR)

    # ── out ──

    async def listed(self, request: Request) -> Response:
        """The latest files."""
        await self._editor(request)
        return _json(await self._read(lambda unit: [_batch(each) for each in queries.batches(unit.session)]))

    async def shown(self, request: Request) -> Response:
        """One file: how many rows came to what, and some rows: `?after=<row>&verdict=<code>`."""
        await self._editor(request)
        after = request.query_params.get("after", "0")
        if not (after.isdecimal() and len(after) <= len(str(grids.MOST_ROWS)) + 1):
            raise Refusal(Code.BAD_VALUE, field="after", why=after[:20])
        verdict = Outcome.known(request.query_params.get("verdict", ""))
        return await self._shown(request, _id(request), int(after), verdict)

    async def refused(self, request: Request) -> Response:
        """The bad rows as they stood in the file, with 原因 as the last column."""
        actor, id, rows, after = await self._editor(request), _id(request), list[list[str]](), 0
        _ending(request)
        heads: list[str] = (await self._read(lambda unit: queries.batch(unit.session, id))).heads
        while some := await self._read(partial(_bad_lines, id=id, after=after)):
            rows += [[*each.cells, each.reason or ""] for each in some]
            after = some[-1].number
        await self._noted(
            actor, Told(purpose=Purpose.ROSTER.value), len(rows)
        )  # what a file of bad rows is for is plain
        width = max([len(heads), *(len(row) - 1 for row in rows)])
        aligned = [[*_wide(row[:-1], width), row[-1]] for row in rows]
        return await _file(request, "不能导入的行", [*_wide(heads, width), "原因"], aligned, "refused")

    async def exported(self, request: Request) -> Response:
        """Today's members, in the roster's order, under heads that an import reads: `?purpose=<code>&reason=`."""
        actor, rows, query = await self._editor(request), list[list[sheets.Cell]](), request.query_params
        _ending(request)
        some, place = await self._read(partial(_members, after=None))
        rows += [_exported(each) for each in some]
        while place is not None:
            some, place = await self._read(partial(_members, after=place))
            rows += [_exported(each) for each in some]
        await self._noted(actor, Told(query.get("reason", ""), query.get("purpose", "")), len(rows))
        return await _file(request, "委员名册", [HEADS[each].split()[0] for each in _EXPORTED], rows, "members")

    # ── how ──

    async def _noted(self, actor: Actor, told: Told, rows: int) -> None:
        """Before anything is handed out. Raises: Refusal, and nothing is."""
        most = self.deps.most_rows
        await self._write(lambda unit: service.note_export(unit, actor, told, rows, most))

    async def _editor(self, request: Request) -> Actor:
        """Raises: Refusal NOT_SIGNED_IN, FORBIDDEN."""
        actor = await self.deps.actor_of(request)
        actor.require(UseCase.EDIT_MEMBERS)
        return actor

    async def _write(self, act: Callable[[Unit], Any]) -> Any:
        def once() -> Any:
            with self.deps.units.write() as unit:
                return act(unit)

        return await self.deps.domain.run(once)

    async def _read(self, ask: Callable[[Unit], Any]) -> Any:
        def once() -> Any:
            with self.deps.units.read() as unit:
                return ask(unit)

        return await self.deps.domain.run(once)

    async def _shown(
        self, request: Request, id: str, after: int, verdict: Outcome | None, status: int = 200
    ) -> Response:  # fmt: skip
        if _is_of_a_page(request):
            return RedirectResponse(f"{import_pages.AT}/{id}", 303)

        def look(unit: Unit) -> dict[str, Any]:
            batch = queries.batch(unit.session, id)
            tally = queries.tally(unit.session, id)
            lines = queries.lines(unit.session, id, after, MOST_LINES, verdict)
            rows = [
                {"number": each.number, "name": each.name, "verdict": each.verdict, "label": each.verdict.label,
                 "reason": each.reason, "changes": orjson.loads(each.plan)}
                for each in lines
            ]  # fmt: skip
            return _batch(batch) | {
                "counts": tally.verdicts, "total": tally.total, "open": tally.open, "rows": rows,
                "next": lines[-1].number if len(lines) == MOST_LINES else None,
            }  # fmt: skip

        return _json(await self._read(look), status)


def _told(show: Shown) -> Shown:
    """Refusals become JSON with their status."""

    async def answer(request: Request) -> Response:
        try:
            return await show(request)
        except Refusal as refusal:
            if _is_of_a_page(request):
                return RedirectResponse(f"{import_pages.AT}?refused={refusal.code.value}", 303)
            told = {"code": refusal.code.value, "zh": refusal.zh, "en": refusal.en}
            return _json({"error": told}, refusal.status)

    return answer


def _is_of_a_page(request: Request) -> bool:
    """Whether a form of a page was sent: its browser goes back to pages, whatever came of it."""
    return request.method == "POST" and "text/html" in request.headers.get("accept", "")


def _json(told: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(told, option=orjson.OPT_NON_STR_KEYS), status, media_type="application/json")


def _batch(row: BatchRow) -> dict[str, Any]:
    return {"id": row.id, "state": row.state, "label": row.state.label, "fileName": row.file_name, "at": row.at,
            "by": row.by, "digest": row.digest}  # fmt: skip


def _id(request: Request) -> str:
    return str(request.path_params["id"])[:40]


async def _upload(request: Request) -> tuple[str, bytes]:
    """Name and content of the form's `file`. Raises: Refusal TOO_LARGE, BAD_REQUEST."""
    file = (await _form(request)).get("file")
    if not isinstance(file, UploadFile):
        raise Refusal(Code.BAD_REQUEST)
    return file.filename or "", await file.read()


async def _form(request: Request) -> Any:
    """The form, read whole within bounds before anything takes it apart. Raises: Refusal TOO_LARGE, BAD_REQUEST."""
    most = grids.MOST_BYTES + _FORM_AROUND
    body = await received(request.stream(), request.headers.get("content-length"), most)

    async def again() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    try:
        return await Request(request.scope, again).form(max_files=1, max_fields=20)
    except HTTPException:
        raise Refusal(Code.BAD_REQUEST) from None


def _bad_lines(unit: Unit, id: str, after: int) -> list[LineRow]:
    return queries.lines(unit.session, id, after, MOST_LINES, Outcome.ERROR)


def _members(unit: Unit, after: known.Place | None) -> tuple[list[Known], known.Place | None]:
    return known.exported(unit.session, day_of(unit.now), MOST_LINES, after)


def _parsed(data: bytes, local: Local) -> Roster:
    return reading.read(grids.read(data), local)


def _wide(cells: Sequence[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]


def _exported(member: Known) -> list[sheets.Cell]:
    seat = member.seats[-1].seat if member.seats else None
    have = told(member.about) | (told(seat) if seat else {})
    have |= {
        "gender": gender.label if (gender := Gender.known(have.get("gender", ""))) else None,
        "sector": seat.sector.label if seat and seat.sector else None,
        "party": seat.party.label if seat and seat.party else None,
        "tags": "、".join(have.get("tags", [])), "term": f"{have['term']}届" if "term" in have else None,
    }  # fmt: skip
    return [have.get(each) for each in _EXPORTED]


async def _file(
    request: Request, title: str, heads: Sequence[str], rows: Sequence[Sequence[sheets.Cell]], name: str
) -> Response:
    """The table as the file that the address asks for. Raises: Refusal NOT_FOUND."""
    ending = _ending(request)
    write, media_type = _FORMATS[ending]
    body = await asyncio.to_thread(write, title, heads, rows)
    return sheets.as_file(body, f"{name}.{ending}", media_type)


def _ending(request: Request) -> str:
    """What the file is to be. Raises: Refusal NOT_FOUND."""
    ending = str(request.path_params["ending"])
    if ending not in _FORMATS:
        raise Refusal(Code.NOT_FOUND)
    return ending


PAGES = RoomPages(
    of_site,
    Path(__file__).parent / "templates",
    beside_fields={Code.ROSTER_UNREADABLE: ("file",), Code.TOO_LARGE: ("file",)},
)
