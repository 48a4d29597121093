"""What is signed in by one's account: browsers, the gateways behind them, applications; and the end of any of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tenant_service.edge.front_pages import PASSWORD, FrontPages, form_of, same_form, sign_in_first
from tenant_service.identity import audit, clients, gateway_sign_in, grants, sessions
from tenant_service.identity.actor import Actor
from tenant_service.identity.clients import Access
from tenant_service.identity.grants import Grant
from tenant_service.identity.sessions import Session
from tenant_service.storage.unit_of_work import Unit
from tenant_service.web.forms import Form
from tenant_service.web.site import Site


@dataclass(frozen=True)
class Held:
    """What an account is signed in by. `gateways`: a session's digest → gateways that renew tokens by it."""

    sessions: list[Session]
    gateways: Mapping[str, list[str]]
    grants: list[tuple[Grant, str, list[Access]]]


def held_by(site: Site, account: str) -> Held:
    """In the domain's thread."""
    with site.units.read() as unit:
        browsers = sessions.listed(unit, account, site.callers.lifetimes)
        let = grants.listed(unit, account)
        names = clients.names(unit, {each.client for each in let})
        gateways = {each.digest: gateway_sign_in.holders(unit, each.digest) for each in browsers}
    shown = [
        (each, names.get(each.client, each.client), [scope for scope in Access if scope.value in each.scope.split()])
        for each in let
    ]
    return Held(browsers, gateways, shown)


@dataclass(frozen=True)
class HeldPages(FrontPages):
    """The buttons beside what is shown on the account's page."""

    def routes(self) -> list[Route]:
        return [Route("/held/end", self.told(self.ended), methods=["POST"])]

    async def ended(self, request: Request) -> Response:
        """One browser or one application is signed out; of one's own alone, and what is gone already is no error.

        Raises:
            Refusal: BAD_REQUEST, TOO_LARGE, CROSS_SITE.
        """
        form, visitor = await form_of(request), await self.visitor(request)
        if visitor is None:
            return sign_in_first(PASSWORD)
        same_form(form, visitor)
        await self.deps.site.domain.run(self._end, visitor.actor, form)
        return RedirectResponse(PASSWORD, 303)

    def _end(self, actor: Actor, form: Form) -> None:
        with self.deps.site.units.write() as unit:
            if form.tells("session"):
                sessions.end_of(unit, actor.sub, form.get("session"), self.deps.site.callers.lifetimes)
                audit.note(unit, actor, "session.end", actor.sub)
            if grant := _own(unit, actor, form.get("grant")):
                grants.end(unit, grant.id)
                audit.note(unit, actor, "grant.end", grant.client)


def _own(unit: Unit, actor: Actor, id: str) -> Grant | None:
    found = grants.by_id(unit, id) if id else None
    return found if found is not None and found.account == actor.sub else None
