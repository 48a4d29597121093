"""`/end-session`: an application sends a browser here to be signed out, and it goes back to the application."""

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sync.contract.errors import Code, Refusal, Said
from tenant_service.edge.front_pages import LONGEST_NEXT, FrontPages, address_of, form_of, same_form
from tenant_service.edge.oauth import is_form
from tenant_service.identity import audit, sessions
from tenant_service.identity.callers import SignedIn
from tenant_service.identity.oauth.asked import Parameters
from tenant_service.identity.oauth.end_session import Leaving, leaving
from tenant_service.identity.oauth.server import END_SESSION, Serving
from tenant_service.web.forms import Form


@dataclass(frozen=True)
class EndSessionPages(FrontPages):
    """The endpoint, and the page that asks where it is not proven that the application signed this user in."""

    serving: Serving

    def routes(self) -> list[Route]:
        return [
            Route(END_SESSION, self.told(self.asked), methods=["GET"]),
            Route(END_SESSION, self.told(self.posted), methods=["POST"]),
            Route(f"{END_SESSION}/answer", self.told(self.answered), methods=["POST"]),
        ]

    async def asked(self, request: Request) -> Response:
        """Raises: Refusal OAUTH_REQUEST, OAUTH_CLIENT, OAUTH_REDIRECT, BAD_REQUEST, RATE_LIMITED: nobody signs out."""
        self.deps.asked.count(address_of(request), None)
        query = request.scope["query_string"]
        told, visitor = await self._told(Form.read(query).values), await self.visitor(request)
        if visitor is None:
            return self._gone(told)
        if told.account == visitor.actor.sub:
            return await self._ended(visitor, told)
        return self.page(request, "end_session.html", visitor, leaving=told, request_text=query.decode("latin-1"))

    async def posted(self, request: Request) -> Response:
        """The same as a form, as at `/authorize`. Raises: Refusal OAUTH_REQUEST, BAD_REQUEST, TOO_LARGE."""
        told = (await form_of(request)).values if is_form(request) and not request.scope["query_string"] else None
        query = urlencode([(name, each) for name, of in (told or {}).items() for each in of])
        if told is None or len(query) > 2 * LONGEST_NEXT:
            raise Refusal(Code.OAUTH_REQUEST, why=Said("参数须在表单中，且不得过长", "a form, and a short one"))
        return RedirectResponse(f"{END_SESSION}?{query}", 303)

    async def answered(self, request: Request) -> Response:
        """What the form said that asks. Raises: as `asked`; Refusal CROSS_SITE, TOO_LARGE."""
        form, visitor = await form_of(request), await self.visitor(request)
        told = await self._told(Form.read(form.get("request").encode("utf-8", "replace")).values)
        if visitor is None:
            return self._gone(told)
        same_form(form, visitor)
        return await self._ended(visitor, told) if form.get("answer") == "yes" else RedirectResponse("/", 303)

    async def _told(self, told: Parameters) -> Leaving:
        def read() -> Leaving:
            with self.deps.site.units.read() as unit:
                return leaving(unit, self.serving, told)

        return await self.deps.site.domain.run(read)

    async def _ended(self, visitor: SignedIn, told: Leaving) -> Response:
        def end() -> None:
            with self.deps.site.units.write() as unit:
                sessions.end(unit, visitor.session.digest)
                audit.note(unit, visitor.actor, "session.end", visitor.actor.sub)

        await self.deps.site.domain.run(end)
        return self._gone(told)

    def _gone(self, told: Leaving) -> Response:
        to = told.back or "/"
        if told.back and told.state:
            to += f"{'&' if urlsplit(to).query else '?'}{urlencode({'state': told.state})}"
        answer = RedirectResponse(to, 303)
        secure = self.deps.settings.is_https
        answer.delete_cookie(self.deps.site.cookie, secure=secure, httponly=True, samesite="lax")
        return answer
