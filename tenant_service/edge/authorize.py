"""`/authorize`: an application sends a browser here, its user signs in and agrees, and it goes back with a code.

The same request is read anew at every step: after signing in, after a first password was changed, and from the form in
which somebody agrees. Nothing is kept of it between.
"""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from authlib.oauth2 import OAuth2Error
from authlib.oidc.core.errors import ConsentRequiredError, LoginRequiredError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sync.contract.errors import Code, Refusal, Said
from tenant_service.edge.front_pages import (
    LONGEST_NEXT,
    PASSWORD,
    FrontPages,
    address_of,
    form_of,
    same_form,
    sign_in_first,
)
from tenant_service.edge.oauth import insisted, is_form
from tenant_service.identity import accounts
from tenant_service.identity.callers import SignedIn
from tenant_service.identity.oauth.asked import Answer, Parameters
from tenant_service.identity.oauth.code_grant import EndUser
from tenant_service.identity.oauth.server import AUTHORIZE, Serving, Wanted
from tenant_service.storage.unit_of_work import Unit
from tenant_service.web.forms import Form

CONSENT = "/consent"
_JUST_NOW = 60
"""Seconds: whoever signed in within them has signed in now, whatever `max_age` says; else nobody could ever."""


@dataclass(frozen=True)
class AuthorizePages(FrontPages):
    """The endpoint, and the page that asks whether its user agrees."""

    serving: Serving

    def routes(self) -> list[Route]:
        return [
            Route(AUTHORIZE, self.told(self.asked), methods=["GET"]),
            Route(AUTHORIZE, self.told(self.posted), methods=["POST"]),
            Route(CONSENT, self.told(self.answered), methods=["POST"]),
        ]

    async def asked(self, request: Request) -> Response:
        """Raises: Refusal OAUTH_CLIENT, OAUTH_REDIRECT, OAUTH_REQUEST, BAD_REQUEST, RATE_LIMITED: nothing goes back."""
        query: bytes = request.scope["query_string"]
        here = _address(query.decode("latin-1"))
        self.deps.asked.count(address_of(request), None)
        told, visitor = Form.read(query).values, await self.visitor(request)
        if visitor is not None:
            self.deps.asked.count_name(visitor.actor.sub)
        wanted = await self.deps.site.domain.run(self._wanted, told, visitor)
        if isinstance(wanted, Answer):
            return _gone(wanted)
        if visitor is None or not self._is_fresh(visitor, wanted):
            if "none" in wanted.prompts:
                return await self._sent_back(told, LoginRequiredError())
            return sign_in_first(_without_login(told), again=visitor is not None)
        if visitor.actor.must_change:
            return RedirectResponse(f"{PASSWORD}?next={quote(here, safe='')}", 303)
        return await self._agreed(request, told, visitor, wanted)

    async def posted(self, request: Request) -> Response:
        """The same request as a form, which OpenID Connect wants as well: it goes on as a GET, for with that alone a
        browser brings its cookie where another site's page sent it.

        Raises:
            Refusal: OAUTH_REQUEST, no form, too long, or parameters in the address as well; BAD_REQUEST, TOO_LARGE.
        """
        if not is_form(request) or request.scope["query_string"]:
            raise Refusal(
                Code.OAUTH_REQUEST, why=Said("参数须在表单中，且只在表单中", "its parameters belong in the form")
            )
        told = (await form_of(request)).values
        return RedirectResponse(_address(urlencode([(name, each) for name, of in told.items() for each in of])), 303)

    async def _agreed(self, request: Request, told: Parameters, visitor: SignedIn, wanted: Wanted) -> Response:
        """The committee's own applications are let in; of others the user is asked."""
        if wanted.client.is_own and "consent" not in wanted.prompts:
            return _gone(await self.deps.site.domain.run(self._let, told, visitor, agreed=True))
        if "none" in wanted.prompts:
            return await self._sent_back(told, ConsentRequiredError())
        query = request.scope["query_string"].decode("latin-1")
        return self.page(request, "consent.html", visitor, wanted=wanted, request_text=query)

    async def _sent_back(self, told: Parameters, error: OAuth2Error) -> Response:
        return _gone(await self.deps.site.domain.run(self._refused, told, error))

    async def answered(self, request: Request) -> Response:
        """What the form said that asks for consent. Raises: as `asked`; Refusal CROSS_SITE, TOO_LARGE."""
        form, visitor = await form_of(request), await self.visitor(request)
        asked = form.get("request")
        if visitor is None:
            return sign_in_first(f"{AUTHORIZE}?{asked}")
        same_form(form, visitor)
        if visitor.actor.must_change:
            raise Refusal(Code.PASSWORD_CHANGE_NEEDED)
        told = Form.read(asked.encode("utf-8", "replace")).values
        return _gone(await self.deps.site.domain.run(self._let, told, visitor, agreed=form.get("answer") == "yes"))

    def _is_fresh(self, visitor: SignedIn, wanted: Wanted) -> bool:
        """Whether the sign-in that there is will do."""
        age = (self.deps.site.units.clock() - visitor.session.created_at).total_seconds()
        is_young = wanted.max_age is None or age <= max(wanted.max_age, _JUST_NOW)
        return is_young and "login" not in wanted.prompts

    # ── in the domain's thread ──

    def _wanted(self, told: Parameters, visitor: SignedIn | None) -> Wanted | Answer:
        with self.deps.site.units.read() as unit:
            return self.serving.of(unit).wanted(told, _user(unit, visitor) if visitor else None)

    def _let(self, told: Parameters, visitor: SignedIn, *, agreed: bool) -> Answer:
        """Who agreed is not asked to agree once more because somebody else acted at the same moment."""

        def let(unit: Unit) -> Answer:
            return self.serving.of(unit).let(told, _user(unit, visitor), agreed=agreed)

        return insisted(self.deps.site.units, let)

    def _refused(self, told: Parameters, error: OAuth2Error) -> Answer:
        with self.deps.site.units.read() as unit:
            return self.serving.of(unit).refused(told, error)


def _user(unit: Unit, visitor: SignedIn) -> EndUser:
    """Raises: Refusal SIGN_IN_ENDED, the account was closed this very moment."""
    account = accounts.by_id(unit, visitor.actor.sub)
    if account is None:
        raise Refusal(Code.SIGN_IN_ENDED)
    return EndUser(account, visitor.session)


def _address(query: str) -> str:
    """The request as an address that somebody comes back to. Raises: Refusal OAUTH_REQUEST, too long for one."""
    here = f"{AUTHORIZE}?{query}"
    if len(here) > LONGEST_NEXT:
        raise Refusal(Code.OAUTH_REQUEST, why=Said(f"超过{LONGEST_NEXT}字符", f"over {LONGEST_NEXT} characters"))
    return here


def _without_login(told: Parameters) -> str:
    """The same request as it goes on after signing in: that was wanted, and is done then."""
    rest = [(name, value) for name, values in told.items() if name != "prompt" for value in values]
    prompts = " ".join(each for each in " ".join(told.get("prompt", ())).split() if each != "login")
    return f"{AUTHORIZE}?{urlencode([*rest, *([('prompt', prompts)] if prompts else [])])}"


def _gone(answer: Answer) -> Response:
    """The code is in the address, so no page that follows may tell that address on."""
    return RedirectResponse(answer.location, answer.status, {**answer.headers, "Referrer-Policy": "no-referrer"})
