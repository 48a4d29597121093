"""外部登录: who elsewhere is one's own account, as its owner sees, adds and removes it."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sync.contract.errors import Code, Refusal
from tenant_service.edge.elsewhere import ElsewherePages
from tenant_service.edge.front_pages import PASSWORD, FrontPages, address_of, form_of, same_form, sign_in_first, whence
from tenant_service.identity import links
from tenant_service.identity.callers import SignedIn
from tenant_service.identity.links import Link
from tenant_service.web.forms import Form

LINKS = "/links"


@dataclass(frozen=True)
class LinkPages(FrontPages):
    """The page and its buttons. Both acts want the password: whoever only found a browser signed in must not leave a
    way in behind, and who has the password is not shut out by removing another one. `elsewhere`: None where the
    settings name no provider.
    """

    elsewhere: ElsewherePages | None

    def routes(self) -> list[Route]:
        return [
            Route(LINKS, self.told(self.shown), methods=["GET"]),
            Route(LINKS, self.told(self.added), methods=["POST"]),
            Route(f"{LINKS}/remove", self.told(self.removed), methods=["POST"]),
        ]

    async def shown(self, request: Request) -> Response:
        visitor = await self.visitor(request)
        if visitor is None:
            return sign_in_first(LINKS)
        if visitor.actor.must_change:
            return RedirectResponse(f"{PASSWORD}?next={LINKS}", 303)
        return await self._page(request, visitor)

    async def added(self, request: Request) -> Response:
        """The browser goes to sign in there. Raises: Refusal BAD_REQUEST, CROSS_SITE, TOO_LARGE, EXTERNAL_SIGN_IN."""
        form, visitor = await form_of(request), await self.visitor(request)
        if visitor is None:
            return sign_in_first(LINKS)
        same_form(form, visitor)
        if self.elsewhere is None:
            raise Refusal(Code.NOT_FOUND)
        try:
            with self.deps.attempts.tried(address_of(request), visitor.username):
                await self.deps.sign_in.account(visitor.username, _password(form))
        except Refusal as refusal:
            return await self._page(request, visitor, refusal)
        return await self.elsewhere.begin(LINKS, visitor.session.name)

    async def removed(self, request: Request) -> Response:
        """This browser alone stays signed in. Raises: Refusal BAD_REQUEST, CROSS_SITE, TOO_LARGE."""
        form, visitor = await form_of(request), await self.visitor(request)
        if visitor is None:
            return sign_in_first(LINKS)
        same_form(form, visitor)
        link = form.get("issuer"), form.get("subject")
        try:
            with self.deps.attempts.tried(address_of(request), visitor.username):
                cookie = await self.deps.sign_in.unlinked(visitor.username, _password(form), link, whence(request))
        except Refusal as refusal:
            return await self._page(request, visitor, refusal)
        return self.welcome(RedirectResponse(LINKS, 303), cookie)

    async def _page(self, request: Request, visitor: SignedIn, refusal: Refusal | None = None) -> Response:
        settings = self.deps.settings
        held = await self.deps.site.domain.run(self._held, visitor.actor.sub)
        return self.page(
            request, "links.html", visitor, refusal, links=held, issuer=settings.external_issuer,
            name=settings.external_name,
        )  # fmt: skip

    def _held(self, account: str) -> list[Link]:
        with self.deps.site.units.read() as unit:
            return links.own(unit, account)


def _password(form: Form) -> str:
    return (form.all("password") or ("",))[0]
