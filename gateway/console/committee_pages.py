"""From a figure down to its rows: a committee, its activities, its venues."""

from typing import Any
from urllib.parse import urlencode

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.console import questions, records
from gateway.console.cockpit import standings
from gateway.console.console import Console
from gateway.identity.callers import Caller
from sync.contract.errors import Code, Refusal
from sync.contract.shapes.activities import ActivityKind, ActivityOrder, ActivityState

_LONGEST_WORDS = 80


def routes(console: Console) -> list[Route]:
    async def committee(request: Request, caller: Caller) -> Response:
        of, words = console.listed(request), console.words(request)
        view = await console.look(request, caller, {"ids": [of.id]})
        told = await _activities(console, caller, of.id, {})
        return console.pages.show(
            request, "committee.html", console.visitors.frame(caller), of=of, view=view, tiles=words.kpis(view),
            activities=map(records.activity, told["nodes"][:5]), state_tag=records.state_tag,
        )  # fmt: skip

    async def activities(request: Request, caller: Caller) -> Response:
        of, asked = console.listed(request), request.query_params
        told = await _activities(console, caller, of.id, _where(asked), asked.get("sort", ""), asked.get("after"))
        return console.pages.show(
            request, "activities.html", console.visitors.frame(caller), of=of, told=told,
            activities=map(records.activity, told["nodes"]), kinds=list(ActivityKind), orders=list(ActivityOrder),
            states=[each for each in ActivityState if each is not ActivityState.DRAFT], state_tag=records.state_tag,
            filtered=bool(_where(asked)), source=_source(console, told),
            exports=_exports("activities", of.id, _where(asked), asked.get("sort", "")),
        )  # fmt: skip

    async def venues(request: Request, caller: Caller) -> Response:
        of, words = console.listed(request), console.words(request)
        after = request.query_params.get("after")
        told = (await console.questions.ask(caller, questions.VENUES, at={"ids": [of.id]}, after=after))["venues"]
        table = records.venue_table(told["nodes"], of.name, words.say)
        return console.pages.show(
            request, "venues.html", console.visitors.frame(caller), of=of, told=told, table=table,
            source=_source(console, told), exports=_exports("venues", of.id),
        )  # fmt: skip

    return [
        Route("/c/{committee}", console.signed_in(committee)),
        Route("/c/{committee}/activities", console.signed_in(activities)),
        Route("/c/{committee}/venues", console.signed_in(venues)),
    ]


async def _activities(
    console: Console, caller: Caller, committee: str, where: dict[str, Any], order: str = "", after: str | None = None
) -> dict[str, Any]:
    told = await console.questions.ask(
        caller, questions.ACTIVITIES, at={"ids": [committee]}, where=where, after=after,
        order=(ActivityOrder.known(order) or ActivityOrder.STARTS_AT_DESC).value,
    )  # fmt: skip
    found: dict[str, Any] = told["activities"]
    return found


def _where(asked: Any) -> dict[str, Any]:
    """The filter that the address names; what it does not know is not filtered by."""
    found: dict[str, Any] = {}
    if kind := ActivityKind.known(asked.get("kind", "")):
        found["kinds"] = [kind.value]
    if state := ActivityState.known(asked.get("state", "")):
        found["states"] = [state.value]
    if words := asked.get("q", "").strip():
        found["text"] = words[:_LONGEST_WORDS]
    return found


def _exports(name: str, committee: str, where: dict[str, Any] | None = None, order: str = "") -> dict[str, str]:
    """CSV and XLSX → where the whole of this list is."""
    said = {"at": orjson.dumps({"ids": [committee]}).decode()}
    if where:
        said["where"] = orjson.dumps(where).decode()
    if known := ActivityOrder.known(order):
        said["orderBy"] = known.value
    return {suffix.upper(): f"/export/{name}.{suffix}?{urlencode(said)}" for suffix in ("csv", "xlsx")}


def _source(console: Console, told: dict[str, Any]) -> Any:
    """How fresh the one committee's rows are. Raises: Refusal AWAY, it is not there and shared nothing with us."""
    source = standings(told["fanout"], console.pages.clock())[0]
    if source.as_of is None:
        raise Refusal(Code.AWAY if source.state != "FORBIDDEN" else Code.NOT_SHARED)
    return source
