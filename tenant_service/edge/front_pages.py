"""What the pages share that stand before the site: signing in, one's own sessions, letting an application in."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sync.contract.errors import Code, Refusal
from sync.edge.body import received
from sync.edge.shell.pages import Frame
from tenant_service.edge.deps import Deps
from tenant_service.identity.callers import SignedIn
from tenant_service.identity.sessions import Whence
from tenant_service.web.forms import Form, Wrong, wrong

TEMPLATES = Path(__file__).parent / "templates"
SIGN_IN, SIGN_OUT, PASSWORD = "/sign-in", "/sign-out", "/password"
LONGEST_NEXT = 2_000
"""Characters of an address that somebody goes on to after signing in."""
_MOST_BYTES = 10_000

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class FrontPages:
    """Who visits, and how a page and a refusal are drawn."""

    deps: Deps

    async def visitor(self, request: Request) -> SignedIn | None:
        return await self.deps.site.domain.run(
            self.deps.site.callers.signed_in, request.cookies.get(self.deps.site.cookie)
        )

    def told(self, show: Endpoint) -> Endpoint:
        """The endpoint; what it refuses is a page."""

        async def answer(request: Request) -> Response:
            try:
                return await show(request)
            except Refusal as refusal:
                return self.deps.site.pages.refuse(request, refusal, self.frame(None))

        return answer

    def frame(self, visitor: SignedIn | None) -> Frame:
        listed = self.deps.site.callers.directory().entries.get(self.deps.site.committee)
        owner = listed.name if listed else self.deps.site.committee
        name, csrf = (visitor.actor.name, visitor.session.csrf) if visitor else ("", "")
        return Frame(owner, who=name, csrf=csrf, sign_out=SIGN_OUT, own_account=PASSWORD, version=version("liandong"))

    def page(
        self, request: Request, template: str, visitor: SignedIn | None, refusal: Refusal | None = None,
        beside: Mapping[Code, str] | None = None, **values: Any,
    ) -> Response:  # fmt: skip
        """The page; with a refusal beside the field that `beside` names for its code, or else above the form."""
        status, headers = (refusal.status, refusal.headers) if refusal else (200, {})
        told = self._wrong(request, refusal, beside or {}) if refusal else Wrong()
        response = self.deps.site.pages.show(
            request, template, self.frame(visitor), status=status, wrong=told, **values
        )
        response.headers.update(headers)
        return response

    def welcome(self, response: Response, cookie: str) -> Response:
        """The browser is told the cookie that signs it in."""
        response.set_cookie(
            self.deps.site.cookie, cookie, path="/", secure=self.deps.settings.is_https, httponly=True, samesite="lax"
        )
        return response

    def _wrong(self, request: Request, refusal: Refusal, beside: Mapping[Code, str]) -> Wrong:
        language = self.deps.site.pages.here(request).language
        if field := beside.get(refusal.code):
            return Wrong({field: refusal.en if language == "en" else refusal.zh})
        return wrong(refusal, ("again",), language)


def local(to: str | None) -> str:
    """An address of this site; whatever leads elsewhere leads home."""
    if not to or len(to) > LONGEST_NEXT or not to.isprintable():
        return "/"
    is_local = to.startswith("/") and not to.startswith(("//", "/\\")) and "\\" not in to
    return to if is_local else "/"


def same_form(form: Form, visitor: SignedIn) -> None:
    """Raises: Refusal CROSS_SITE, the form is not of a page that was drawn for this session."""
    if form.get("csrf") != visitor.session.csrf:
        raise Refusal(Code.CROSS_SITE)


def sign_in_first(then: str, *, again: bool = False) -> Response:
    """`again`: also who is signed in already."""
    return RedirectResponse(f"{SIGN_IN}?{'again=yes&' if again else ''}next={quote(then, safe='')}", 303)


def address_of(request: Request) -> str:
    """By which whoever asks is counted."""
    return request.client.host if request.client else ""


def whence(request: Request) -> Whence:
    """Where the browser is, as its owner will be shown."""
    said = "".join(each for each in request.headers.get("user-agent", "") if each.isprintable())
    return Whence(address_of(request), said)


async def form_of(request: Request) -> Form:
    """Raises: Refusal BAD_REQUEST, TOO_LARGE."""
    return Form.read(await received(request.stream(), request.headers.get("content-length"), _MOST_BYTES))
