"""Signing in at another provider: the browser goes there and comes back, and is the account that is linked.

Nothing is kept here of a sign-in that was begun: the browser holds it in a cookie that we signed, so that nobody can
crowd out others', and nobody can bring an answer into a browser that never asked.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sync.contract.errors import Code, Refusal, Said
from tenant_service.edge.front_pages import FrontPages, address_of, local, whence
from tenant_service.edge.provider import Asking, Provider
from tenant_service.identity import links

GO, BACK = "/sign-in/elsewhere", "/sign-in/elsewhere/back"
_SECONDS = 600
"""How long somebody may take to sign in there."""


class _Begun(msgspec.Struct, frozen=True):
    """`until`: Unix seconds. `links`: name of the session whose account is to be linked; empty: somebody signs in."""

    state: str
    nonce: str
    verifier: str
    next: str
    until: int
    links: str = ""


@dataclass(frozen=True)
class ElsewherePages(FrontPages):
    """The way there and back. `secret`: every process of this committee has the same."""

    provider: Provider
    secret: bytes

    def routes(self) -> list[Route]:
        return [
            Route(GO, self.told(self.gone), methods=["GET"]),
            Route(BACK, self.told(self.back), methods=["GET"]),
        ]

    @property
    def _cookie(self) -> str:
        return f"{self.deps.site.cookie}-elsewhere"

    async def gone(self, request: Request) -> Response:
        """Raises: Refusal EXTERNAL_SIGN_IN, RATE_LIMITED."""
        self._count(request)
        return await self.begin(local(request.query_params.get("next")))

    async def begin(self, next_: str, links: str = "") -> Response:
        """The browser goes there, and on to `next_` afterwards; `links`: as `_Begun`. Raises: Refusal."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        begun = _Begun(state, nonce, verifier, next_, int(self._now()) + _SECONDS, links)
        answer = RedirectResponse(await self.provider.address(Asking(state, nonce, verifier)), 303)
        secure = self.deps.settings.is_https
        answer.set_cookie(self._cookie, self._sealed(begun), _SECONDS, secure=secure, httponly=True, samesite="lax")
        return answer

    async def back(self, request: Request) -> Response:
        """Raises: Refusal EXTERNAL_SIGN_IN, NOT_LINKED, RATE_LIMITED."""
        self._count(request)
        asked, begun = request.query_params, self._begun(request.cookies.get(self._cookie, ""))
        if begun is None or not hmac.compare_digest(begun.state.encode(), asked.get("state", "").encode()):
            why = Said("不是在此浏览器发起的，或已超过10分钟", "this browser did not begin it, or over 10 minutes ago")
            raise Refusal(Code.EXTERNAL_SIGN_IN, why=why)
        if "error" in asked or not asked.get("code"):
            raise Refusal(Code.EXTERNAL_SIGN_IN, why=Said("对方未予登录", "it did not sign you in"))
        asking = Asking(begun.state, begun.nonce, begun.verifier)
        there = await self.provider.signed_in(asking, asked["code"], asked.get("iss"), self._now())
        answer: Response = RedirectResponse(begun.next, 303)
        if begun.links:
            await self._link(request, begun.links, there.subject)
        else:
            before = request.cookies.get(self.deps.site.cookie)
            cookie = await self.deps.sign_in.linked(there, before, whence(request))
            self.welcome(answer, cookie)
        answer.delete_cookie(self._cookie, secure=self.deps.settings.is_https, httponly=True, samesite="lax")
        return answer

    async def _link(self, request: Request, session: str, subject: str) -> None:
        """Raises: Refusal EXTERNAL_SIGN_IN, somebody else is signed in here meanwhile; LINK_TAKEN, SIGN_IN_ENDED."""
        visitor = await self.visitor(request)
        if visitor is None or visitor.session.name != session:
            raise Refusal(Code.EXTERNAL_SIGN_IN, why=Said("此间本会登录已变更", "another sign-in is here meanwhile"))

        def act() -> None:
            with self.deps.site.units.write() as unit:
                links.link_own(unit, visitor.actor, self.provider.issuer, subject)

        await self.deps.site.domain.run(act)

    def _count(self, request: Request) -> None:
        self.deps.attempts.count(address_of(request), None)

    def _now(self) -> float:
        return self.deps.site.units.clock().timestamp()

    def _sealed(self, begun: _Begun) -> str:
        told = base64.urlsafe_b64encode(msgspec.json.encode(begun)).decode()
        return f"{told}.{self._mark(told)}"

    def _begun(self, sealed: str) -> _Begun | None:
        """None: we did not write it, or too long ago."""
        told, _, mark = sealed.rpartition(".")
        if not hmac.compare_digest(self._mark(told).encode(), mark.encode()):
            return None
        begun = msgspec.json.decode(base64.urlsafe_b64decode(told), type=_Begun)
        return begun if self._now() < begun.until else None

    def _mark(self, told: str) -> str:
        return hmac.new(self.secret, told.encode(), hashlib.sha256).hexdigest()
