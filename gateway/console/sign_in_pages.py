"""The way in: choose one's committee, sign in there, and come back."""

import secrets
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from gateway.console.console import Console
from gateway.console.sign_in import STATE_SECONDS
from gateway.identity.callers import NOBODY
from gateway.identity.sessions import set_cookie
from gateway.rates import name_of
from sync.contract.errors import Code, Refusal
from sync.edge.own_pages import is_foreign

Showing = Callable[[Request], Awaitable[Response]]

_STATE = "liandong-state"
"""Cookie that ties a sign-in to the browser which began it; else somebody could sign others in as themselves."""


def routes(console: Console) -> list[Route]:
    parts, sign_ins = console.visitors.parts, console.visitors.sign_ins

    async def choose(request: Request) -> Response:
        """Anybody may see who is in the directory."""
        committees = parts.federation.now()
        able = [shown for id, shown in committees.shown.items() if committees.directory.entries[id].login_url]
        return console.pages.show(request, "choose.html", console.visitors.frame(None), committees=able)

    async def go(request: Request) -> Response:
        to, state = sign_ins.begin(request.path_params["committee"])
        answer = RedirectResponse(to, 303)
        secure = parts.settings.secure_cookies
        answer.set_cookie(_STATE, state, STATE_SECONDS, path="/", secure=secure, httponly=True, samesite="lax")
        return answer

    async def back(request: Request) -> Response:
        state, began = request.query_params.get("state", ""), request.cookies.get(_STATE, "-")
        if not secrets.compare_digest(state.encode(), began.encode()):
            raise Refusal(Code.BAD_TOKEN)
        id = await sign_ins.finish(state, request.query_params.get("code", ""))
        answer = RedirectResponse("/", 303)
        answer.headers.append("Set-Cookie", set_cookie(parts.cookie, id, secure=parts.settings.secure_cookies))
        answer.delete_cookie(_STATE)
        return answer

    async def leave(request: Request) -> Response:
        """Only a page of our own ends a session: where SameSite keeps the cookie from coming along with another site's
        form, the answer would still take it away.
        """
        id = request.cookies.get(parts.cookie)
        if is_foreign(request.headers, carries_cookie=bool(id)):
            raise Refusal(Code.CROSS_SITE)
        if id:
            await parts.browsers.end(id)
        answer = RedirectResponse("/sign-in", 303)
        answer.headers.append("Set-Cookie", set_cookie(parts.cookie, "", secure=parts.settings.secure_cookies))
        return answer

    return [
        Route("/sign-in", _step(console, choose)),
        Route("/sign-in/{committee}", _step(console, go)),
        Route("/signed-in", _step(console, back)),
        Route("/sign-out", _told(console, leave), methods=["POST"]),
    ]


def _told(console: Console, show: Showing) -> Showing:
    """Refusals are pages as well."""

    async def answer(request: Request) -> Response:
        try:
            return await show(request)
        except Refusal as refusal:
            return console.pages.refuse(request, refusal, console.visitors.frame(None))

    return answer


def _step(console: Console, show: Showing) -> Showing:
    """A page for who has not signed in yet, counted by where they come from: it costs a committee a look, or this
    gateway a signature.
    """

    async def counted(request: Request) -> Response:
        console.visitors.parts.rates.request(name_of(NOBODY, request.client.host if request.client else ""))
        return await show(request)

    return _told(console, counted)
