"""Listening to this committee: what is delivered to one of its own people, with their right of that moment."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from sync.contract.asking.changes import Change, ChangesAsk, RecordKind
from sync.contract.errors import Code, Refusal
from sync.contract.ids import Id, kind_of, owner_of
from sync.edge.body import Asked
from sync.edge.own_pages import is_foreign
from sync.edge.streams.subscribed import Subscribed
from sync.edge.streams.viewing import Delivery, once
from tenant_service.edge.deps import Deps
from tenant_service.graph.operation import Answer
from tenant_service.graphql import RecordChange
from tenant_service.identity.actor import Actor
from tenant_service.identity.callers import Asker
from tenant_service.storage import deadline
from tenant_service.storage.unit_of_work import Unit

_WAIT = 20.0
"""Seconds after which it is looked at whether a silent listener may still listen."""


@dataclass(frozen=True)
class Streams:
    """Opens connections over which people listen."""

    deps: Deps

    async def open(self, http: HTTPConnection, token: str | None) -> "TenantViewer":
        """Who stands behind a connection: by a bearer token, else by the cookie of a browser at one of our own pages.

        Raises:
            Refusal: BAD_TOKEN, UNKNOWN_ISSUER, SIGN_IN_ENDED, CROSS_SITE, PASSWORD_CHANGE_NEEDED.
        """
        site = self.deps.site
        said = http.headers.get("authorization") if token is None else f"Bearer {token}"
        asker = site.callers.over_http(said)
        cookie = None if asker else http.cookies.get(site.cookie)
        if cookie and is_foreign(http.headers, urlsplit(self.deps.settings.public_url).netloc, carries_cookie=True):
            raise Refusal(Code.CROSS_SITE)
        viewer = TenantViewer(self.deps, said, cookie)
        actor = await site.domain.run(viewer.actor)
        viewer.name = actor.iss, actor.sub
        return viewer


@dataclass
class TenantViewer:
    """A `sync.edge.streams.viewing.Viewer`."""

    deps: Deps
    said: str | None
    cookie: str | None
    name: tuple[str, str] = ("", "")

    def actor(self, unit: Unit | None = None) -> Actor:
        """Who it is now. In the domain's thread.

        Raises:
            Refusal: they are nobody any more.
        """
        if unit is not None:
            return self._seen(unit)
        with self.deps.site.callers.units.read() as opened:
            return self._seen(opened)

    def _seen(self, unit: Unit) -> Actor:
        """To look is no use of a session: whether anybody sits before the browser, a connection does not tell."""
        callers = self.deps.site.callers
        asker = callers.over_http(self.said)
        found = callers.browser(unit, self.cookie) if asker is None else None
        if found is None:
            if asker is None and self.cookie and self.name[0]:
                raise Refusal(Code.SIGN_IN_ENDED)
            return callers.actor(unit, asker or Asker())
        if found.actor.must_change:
            raise Refusal(Code.PASSWORD_CHANGE_NEEDED)
        return found.actor

    async def begin(
        self, asked: Asked, *, after: str | None = None, only_reads: bool = False
    ) -> AsyncIterator[Delivery]:
        """Raises: Unfit, Refusal."""
        of = self.deps.executor.subscribed(asked)
        if of is None:
            return await self._once(asked, only_reads=only_reads)
        if not self.name[0]:
            raise Refusal(Code.NOT_SIGNED_IN)
        return self._changes(asked, of, after)

    async def _once(self, asked: Asked, *, only_reads: bool) -> AsyncIterator[Delivery]:
        if self.cookie:
            await self.deps.site.domain.run(self.deps.site.callers.signed_in, self.cookie)  # who asks uses the session
        answer = await self.deps.site.domain.run(self._answered, asked, None, only_reads)
        return once(answer.body, answer.status, has_data=answer.has_data)

    async def _changes(self, asked: Asked, of: Subscribed, after: str | None) -> AsyncIterator[Delivery]:
        kinds, id = of.arguments.get("kinds"), of.arguments.get("id")
        ask = ChangesAsk(
            after=after or of.arguments.get("after"), ids=None if id is None else [id],
            kinds=None if kinds is None else [RecordKind[str(kind)].in_ids for kind in kinds],
        )  # fmt: skip
        with self.deps.listening.people.held(self.name):
            async for each in self._told(asked, ask):
                yield each

    async def _told(self, asked: Asked, ask: ChangesAsk) -> AsyncIterator[Delivery]:
        if ask.after is not None:
            yield Delivery(cursor=ask.after)
        while True:
            is_first = ask.after is None
            told = await self.deps.listening.next(self.actor, ask, _WAIT)
            if is_first:
                yield Delivery(cursor=told.cursor)
            for change in told.changes:
                answer = await self.deps.site.domain.run(self._answered, asked, _root(change), False)
                yield Delivery(answer.body, change.cursor)
            ask = ChangesAsk(told.cursor, ask.kinds, None, ask.ids)

    def _answered(self, asked: Asked, root: Any, only_reads: bool) -> Answer:  # noqa: FBT001
        """In the domain's thread: who it is now, and what they are shown."""
        until = time.monotonic() + self.deps.settings.operation_seconds
        with deadline.within(until):
            actor = self.actor()
        context = self.deps.context(actor)
        return self.deps.executor.perform(asked, context, only_queries=only_reads, until=until, root=root)


def _root(change: Change) -> RecordChange:
    return RecordChange(
        id=Id(change.id), kind=RecordKind[kind_of(change.id).upper()], committee_id=Id(owner_of(change.id)),
        version=change.version, is_gone=change.is_gone, cursor=change.cursor,  # type: ignore[arg-type]
    )  # fmt: skip
