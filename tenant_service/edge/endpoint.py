"""A committee's `/graphql`: who asks, and what they are answered. How that comes and goes, `sync.edge.asking` says.

A document or variables that cannot be begun are 400 in the newer media type and 200 in plain JSON; everything that was
begun is 200.
"""

import logging
import time
from contextlib import closing
from urllib.parse import urlsplit

import orjson
from starlette.requests import Request
from starlette.responses import Response

from sync.contract.errors import Code, Refusal
from sync.edge.asking import Turned, asked_over, broken, media_of, refused, written
from sync.edge.body import Asked
from sync.edge.documents import Unfit
from sync.edge.media import Media
from sync.edge.own_pages import is_foreign
from sync.edge.streams.events import events, wants_events
from tenant_service.edge.deps import Deps
from tenant_service.edge.streams import Streams
from tenant_service.graph.operation import Answer
from tenant_service.identity.actor import Actor
from tenant_service.identity.callers import Asker, SignedIn
from tenant_service.storage import deadline
from tenant_service.storage.unit_of_work import Unit

log = logging.getLogger(__name__)


class Endpoint:
    """Answers one path. Callable as a starlette endpoint."""

    def __init__(self, deps: Deps) -> None:
        self._deps, self._limits = deps, deps.settings.limits
        self._callers, self._cookie = deps.site.callers, deps.site.cookie
        self._streams = Streams(deps)
        self._own = urlsplit(deps.settings.public_url).netloc

    async def __call__(self, request: Request) -> Response:
        media = media_of(request.headers.get("accept"))
        try:
            if wants_events(request):
                return await events(request, self._streams.open, self._limits, self._deps.audience)
            return await self._answer(request, media)
        except Unfit as unfit:
            return written(400, orjson.dumps({"errors": unfit.errors}), Media.GRAPHQL)
        except (Turned, Refusal) as no:
            return refused(no, media)
        except Exception:
            log.exception("a request broke")
            return broken(media)

    async def _answer(self, request: Request, media: Media | None) -> Response:
        """Raises: Turned, Refusal."""
        until = time.monotonic() + self._deps.settings.operation_seconds
        asked = await asked_over(request, self._limits)
        asker = self._callers.over_http(request.headers.get("authorization"))
        cookie = request.cookies.get(self._cookie) if asker is None else None
        if cookie and is_foreign(request.headers, self._own, carries_cookie=True):
            raise Refusal(Code.CROSS_SITE)
        by_get = request.method == "GET"
        told = await self._deps.site.domain.run(self._told, asked, asker, cookie, by_get, until)
        return written(told.status, told.body, media)

    def _told(self, asked: Asked, asker: Asker | None, cookie: str | None, by_get: bool, until: float) -> Answer:  # noqa: FBT001
        """In the domain's thread: who asks and what they are answered, in one view."""
        found: list[SignedIn] = []

        def who(unit: Unit) -> Actor:
            browser = self._callers.browser(unit, cookie) if asker is None else None
            found.extend([browser] if browser else [])
            return self._actor(unit, asker, browser)

        with closing(self._deps.context(who)) as context:
            with deadline.within(until):
                context.actor  # noqa: B018 — found now, or refused before anything is begun
            answer = self._deps.executor.perform(asked, context, only_queries=by_get, until=until)
        for each in found:
            self._callers.was_active(each)
        return answer

    def _actor(self, unit: Unit, asker: Asker | None, browser: SignedIn | None) -> Actor:
        """A cookie that is not valid any more is no cookie.

        Raises:
            Refusal: SIGN_IN_ENDED; PASSWORD_CHANGE_NEEDED, which is done on a page.
        """
        if browser and browser.actor.must_change:
            raise Refusal(Code.PASSWORD_CHANGE_NEEDED)
        return browser.actor if browser else self._callers.actor(unit, asker or Asker())
