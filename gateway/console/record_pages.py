"""One record, and how the federation is."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from gateway.console import questions, records
from gateway.console.cockpit import standings
from gateway.console.console import Console
from gateway.identity.callers import Caller
from sync.contract.errors import Code, Refusal
from sync.contract.ids import checked, kind_of, owner_of


def routes(console: Console) -> list[Route]:
    async def record(request: Request, caller: Caller) -> Response:
        id = checked(request.path_params["id"])
        if kind_of(id) == "committee":
            return RedirectResponse(f"/c/{id}", 303)
        if kind_of(id) not in ("activity", "venue"):
            raise Refusal(Code.NOT_FOUND)
        is_activity = kind_of(id) == "activity"
        document = questions.ONE_ACTIVITY if is_activity else questions.ONE_VENUE
        data, copied_at = await console.questions.record(caller, document, id)
        told = data[kind_of(id)]
        if told is None:
            raise Refusal(Code.NOT_FOUND)
        it = records.activity(told) if is_activity else records.venue(told)
        directory = console.visitors.parts.federation.now().directory
        mechanism = directory.mechanisms.get(it.get("mechanismId") or "")
        return console.pages.show(
            request, "activity.html" if is_activity else "venue.html", console.visitors.frame(caller), it=it,
            of=directory.get(owner_of(id)), hosts=records.names(directory.entries, it.get("hostIds", [])),
            mechanism=mechanism, state_tag=records.state_tag, copied_at=copied_at,
        )  # fmt: skip

    async def health(request: Request, caller: Caller) -> Response:
        now = console.pages.clock()
        told = await console.questions.ask(caller, questions.HEALTH, at=console.at(caller), fan={"read": "AUTO"})
        seen = standings(told["live"]["fanout"], now)
        console.history.note(seen, now)
        return console.pages.show(
            request, "health.html", console.visitors.frame(caller), seen=seen, history=console.history,
            live=sum(each.look == "live" for each in seen),
        )  # fmt: skip

    return [Route("/r/{id}", console.signed_in(record)), Route("/health", console.signed_in(health))]
