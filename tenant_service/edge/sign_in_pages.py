"""Pages of signing in and out, of one's password, and the way back to a gateway. They work without scripts."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sync.contract.asking import gateway_sign_in as wire
from sync.contract.errors import Code, Refusal, Said
from tenant_service.edge.elsewhere import GO
from tenant_service.edge.front_pages import (
    PASSWORD,
    SIGN_IN,
    SIGN_OUT,
    TEMPLATES,
    FrontPages,
    address_of,
    form_of,
    local,
    same_form,
    sign_in_first,
    whence,
)  # fmt: skip
from tenant_service.edge.held_pages import held_by
from tenant_service.edge.provider import Provider
from tenant_service.identity import accounts, audit, gateway_sign_in, linked_sessions, sessions
from tenant_service.identity.accounts import Account
from tenant_service.identity.callers import SignedIn
from tenant_service.identity.issuing import active_gateway
from tenant_service.identity.linked_sessions import There
from tenant_service.settings import is_loopback
from tenant_service.web.forms import Form

__all__ = ["TEMPLATES", "SignInPages", "local"]
_SIGN_IN_PAGE, _PASSWORD_PAGE = "sign_in.html", "password.html"
_LONGEST_STATE = 500


@dataclass(frozen=True)
class SignInPages(FrontPages):
    """The pages' endpoints. `provider`: another one that signs people in, where the settings name it."""

    provider: Provider | None = None

    def routes(self) -> list[Route]:
        return [
            Route(SIGN_IN, self.shown, methods=["GET"]),
            Route(SIGN_IN, self.told(self.signed_in), methods=["POST"]),
            Route(SIGN_OUT, self.told(self.signed_out), methods=["POST"]),
            Route(PASSWORD, self.account, methods=["GET"]),
            Route(PASSWORD, self.told(self.changed), methods=["POST"]),
            Route(wire.PATH, self.told(self.sent_back), methods=["GET"]),
        ]

    # ── signing in ──

    async def shown(self, request: Request) -> Response:
        """The form; who is signed in already goes on, unless an application wants to be sure (`again`)."""
        to = local(request.query_params.get("next"))
        if "again" not in request.query_params and await self.visitor(request):
            return RedirectResponse(to, 303)
        return await self._form(request, to)

    async def signed_in(self, request: Request) -> Response:
        """Raises: Refusal BAD_REQUEST, TOO_LARGE, CROSS_SITE."""
        form = await form_of(request)
        to, before = local(form.get("next")), request.cookies.get(self.deps.site.cookie)
        try:
            cookie = await self._cookie(request, form, before)
        except Refusal as refusal:
            return await self._form(request, to, form.get("username"), refusal)
        found = await self.deps.site.domain.run(self.deps.site.callers.signed_in, cookie)
        if found and found.actor.must_change:
            to = f"{PASSWORD}?next={quote(to, safe='')}"
        return self.welcome(RedirectResponse(to, 303), cookie)

    async def _cookie(self, request: Request, form: Form, before: str | None) -> str:
        """Raises: Refusal BAD_CREDENTIALS, LOCKED_OUT, RATE_LIMITED; FORBIDDEN, a demo's button elsewhere."""
        if form.tells("demo"):
            # A page of another name that leads to this machine must not be able to press the button.
            if not self.deps.settings.demo or not is_loopback(request.url.hostname or ""):
                raise Refusal(Code.FORBIDDEN)
            return await self.deps.sign_in.as_demo_account(form.get("demo"), before, whence(request))
        name = form.get("username")
        (password,) = form.all("password")[:1] or ("",)
        with self.deps.attempts.tried(address_of(request), name):
            return await self.deps.sign_in.browser(name, password, before, whence(request))

    async def signed_out(self, request: Request) -> Response:
        """This browser is signed out; with `everywhere`, every other one and every token as well. Whom another provider
        signed in goes on there, to be signed out there too.
        """
        form, visitor = await form_of(request), await self.visitor(request)
        there = None
        if visitor:
            same_form(form, visitor)
            there = await self.deps.site.domain.run(self._end, visitor, form.tells("everywhere"))
        to = await self.provider.leaving(there) if there and self.provider else None
        response = RedirectResponse(to or "/", 303)
        response.delete_cookie(self.deps.site.cookie, secure=self.deps.settings.is_https, httponly=True, samesite="lax")
        return response

    def _end(self, visitor: SignedIn, everywhere: bool) -> There | None:  # noqa: FBT001 — handed over to another thread
        """Of which sign-in elsewhere the session came that is over now."""
        with self.deps.site.units.write() as unit:
            there = linked_sessions.of(unit, visitor.session.digest) if self.deps.settings.external_sign_out else None
            if everywhere:
                accounts.sign_out_everywhere(unit, visitor.actor.sub)
            else:
                sessions.end(unit, visitor.session.digest)
            audit.note(unit, visitor.actor, "session.end_all" if everywhere else "session.end", visitor.actor.sub)
        return there

    # ── one's own account ──

    async def account(self, request: Request) -> Response:
        """The form for a new password, and where this account is signed in."""
        visitor = await self.visitor(request)
        to = local(request.query_params.get("next"))
        return await self._password_form(request, visitor, to) if visitor else sign_in_first(PASSWORD)

    async def changed(self, request: Request) -> Response:
        """Raises: Refusal BAD_REQUEST, TOO_LARGE, CROSS_SITE."""
        form, visitor = await form_of(request), await self.visitor(request)
        if visitor is None:
            return sign_in_first(PASSWORD)
        same_form(form, visitor)
        to = local(form.get("next"))
        old, new, again = ((form.all(name) or ("",))[0] for name in ("old", "new", "again"))
        try:
            _same(new, again)
            account = await self.deps.site.domain.run(self._account, visitor)
            with self.deps.attempts.tried(address_of(request), visitor.username):
                cookie = await self.deps.sign_in.change_password(account, old, new, whence(request))
        except Refusal as refusal:
            return await self._password_form(request, visitor, to, refusal)
        return self.welcome(RedirectResponse(to, 303), cookie)

    def _account(self, visitor: SignedIn) -> Account:
        with self.deps.site.units.read() as unit:
            found = accounts.by_id(unit, visitor.actor.sub)
        if found is None:
            raise Refusal(Code.SIGN_IN_ENDED)
        return found

    # ── back to a gateway ──

    async def sent_back(self, request: Request) -> Response:
        """The browser goes to the address that the directory shows for this gateway, and to no other.

        Raises:
            Refusal: UNKNOWN_COMMITTEE, no such gateway; BAD_REQUEST; FORBIDDEN, it lets nobody sign in; RATE_LIMITED.
        """
        self.deps.asked.count(address_of(request), None)
        gateway, state = request.query_params.get("gateway", ""), request.query_params.get("state", "")
        returns_to = active_gateway(self.deps.site.callers.directory(), gateway)
        if not returns_to:
            raise Refusal(Code.FORBIDDEN)
        if not state or len(state) > _LONGEST_STATE:
            raise Refusal(Code.BAD_REQUEST)
        visitor = await self.visitor(request)
        here = f"{wire.PATH}?{urlencode({'gateway': gateway, 'state': state})}"
        if visitor is None:
            return sign_in_first(here)
        if visitor.actor.must_change:
            return RedirectResponse(f"{PASSWORD}?next={quote(here, safe='')}", 303)
        code = await self.deps.site.domain.run(self._code, visitor, gateway)
        joined = "&" if urlsplit(returns_to).query else "?"
        return RedirectResponse(f"{returns_to}{joined}{urlencode({'code': code, 'state': state})}", 303)

    def _code(self, visitor: SignedIn, gateway: str) -> str:
        with self.deps.site.units.write() as unit:
            return gateway_sign_in.begin(unit, visitor.session, gateway)

    # ── what they share ──

    async def _form(self, request: Request, to: str, name: str = "", refusal: Refusal | None = None) -> Response:
        demo = await self.deps.site.domain.run(self._demo_accounts) if self.deps.settings.demo else []
        beside = {Code.BAD_CREDENTIALS: "password"}
        return self.page(
            request, _SIGN_IN_PAGE, None, refusal, beside, next=to, name=name, demo=demo, elsewhere=self._elsewhere(to)
        )

    def _elsewhere(self, to: str) -> tuple[str, str] | None:
        """Another way in, where the settings name one: what it is called, and where it begins."""
        settings = self.deps.settings
        return (settings.external_name, f"{GO}?{urlencode({'next': to})}") if settings.external_issuer else None

    async def _password_form(
        self, request: Request, visitor: SignedIn, to: str, refusal: Refusal | None = None
    ) -> Response:
        held = await self.deps.site.domain.run(held_by, self.deps.site, visitor.actor.sub)
        return self.page(
            request, _PASSWORD_PAGE, visitor, refusal, {Code.BAD_CREDENTIALS: "old", Code.WEAK_PASSWORD: "new"},
            next=to, held=held, here_digest=visitor.session.digest, must_change=visitor.actor.must_change,
            username=visitor.username,
        )  # fmt: skip

    def _demo_accounts(self) -> list[Account]:
        """Of each role the first account, by user name."""
        with self.deps.site.units.read() as unit:
            everybody = accounts.everybody(unit.session)
        first: dict[Any, Account] = {}
        for account in everybody:
            for role in account.roles if account.is_open and not account.must_change else ():
                first.setdefault(role, account)
        chosen = {account.id for account in first.values()}
        return [account for account in everybody if account.id in chosen]


def _same(new: str, again: str) -> None:
    """Raises: Refusal BAD_VALUE, a typing error would lock the user out."""
    if new != again:
        raise Refusal(Code.BAD_VALUE, field="again", why=Said("两次输入不一致", "the two differ"))
