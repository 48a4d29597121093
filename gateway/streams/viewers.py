"""Whoever listens at this gateway, and what is delivered to them; each delivery with their right of that moment."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import GraphQLObjectType, OperationType
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

from gateway.callers import NOBODY, Caller
from gateway.exchange import Exchange
from gateway.federation.committees import Federation
from gateway.federation.documents import Collector
from gateway.federation.engine import Answer, Failed, Gateway
from gateway.federation.roots import reader
from gateway.rates import Rates, name_of
from gateway.sessions import Sessions, cookie_in
from gateway.streams.delivering import Shape, shape
from gateway.streams.home import Home, Renewing
from gateway.streams.standings import Standings
from sync.contract.changes import ChangesAsk, RecordKind
from sync.contract.errors import Code, Refusal
from sync.edge.asking import Turned
from sync.edge.body import Asked
from sync.edge.documents import Unfit
from sync.edge.own_pages import is_foreign
from sync.edge.streams.subscribed import Subscribed, subscribed
from sync.edge.streams.viewing import Delivery


@dataclass(frozen=True)
class Streams:
    """What listening stands on."""

    gateway: Gateway
    federation: Federation
    exchange: Exchange
    home: Home
    standings: Standings
    rates: Rates
    sessions: Sessions | None = None
    cookie: str = ""

    async def open(self, http: HTTPConnection, token: str | None) -> "GatewayViewer":
        """Who stands behind a connection: by a bearer token, else by the cookie of a browser at one of our own pages.

        Raises:
            Refusal: BAD_TOKEN, UNKNOWN_ISSUER, CROSS_SITE.
        """
        headers, address = http.headers, http.client.host if http.client else ""
        said = headers.get("authorization")
        if token is None and said is not None:
            scheme, _, token = said.partition(" ")
            token = token.strip()
            if scheme.lower() != "bearer" or not token:
                raise Refusal(Code.BAD_TOKEN)
        renewed = self._by_token(token) if token is not None else self._by_cookie(headers)
        try:
            caller = await renewed()
        except Refusal:
            self.rates.request(name_of(NOBODY, address))  # to guess tokens costs as much as to ask
            raise
        claims = caller.claims
        name = (claims.iss, claims.sub) if claims else ("", "")
        return GatewayViewer(self, renewed, name, name_of(caller, address))

    def _by_token(self, token: str) -> Renewing:
        return lambda: self.exchange.caller(token, self.federation.now().directory)

    def _by_cookie(self, headers: Headers) -> Renewing:
        cookie, sessions = headers.get("cookie"), self.sessions
        id = cookie_in(cookie, self.cookie) if cookie and sessions else None

        async def nobody() -> Any:
            return NOBODY

        async def signed_in() -> Any:
            assert id is not None
            assert sessions is not None
            found = await sessions.token(id)
            if found is None:
                raise Refusal(Code.SIGN_IN_ENDED)
            return await self.exchange.caller(found, self.federation.now().directory)

        if id is None:
            return nobody
        if is_foreign(headers, carries_cookie=True):
            raise Refusal(Code.CROSS_SITE)
        return signed_in


@dataclass
class GatewayViewer:
    """A `sync.edge.streams.viewing.Viewer`."""

    streams: Streams
    renewed: Renewing
    name: tuple[str, str]
    counted_as: str
    """Under which name the rates count."""

    async def begin(
        self, asked: Asked, *, after: str | None = None, only_reads: bool = False
    ) -> AsyncIterator[Delivery]:
        """Raises: Unfit, Refusal."""
        self.streams.rates.request(self.counted_as)
        gateway = self.streams.gateway
        prepared = gateway.read(asked)
        if isinstance(prepared, Failed):
            raise Unfit(orjson.loads(prepared.answer.body)["errors"])
        operation = prepared.operation
        if operation.operation is not OperationType.SUBSCRIPTION:
            return self._once(asked, only_reads=only_reads)
        if not self.name[0]:
            raise Refusal(Code.NOT_SIGNED_IN)
        schema = gateway.joint.schema
        of = subscribed(schema, operation, prepared.fragments, asked.variables)
        self._addressed(of)  # an unknown committee is refused at once
        if of.name == "committeeStateChanged":
            return self._standings(of, Collector(prepared.fragments, of.values))
        return self._changes(of, shape(schema, of, operation, prepared.fragments, asked.variables), after)

    async def _once(self, asked: Asked, *, only_reads: bool) -> AsyncIterator[Delivery]:
        with self.streams.rates.place(self.counted_as):
            answer = await self._answered(asked, await self.renewed(), only_reads=only_reads)
        if not answer.has_data:
            raise Unfit(orjson.loads(answer.body)["errors"])
        yield Delivery(answer.body)

    async def _answered(self, asked: Asked, caller: Caller, *, only_reads: bool = False) -> Answer:
        """Raises: Refusal RATE_LIMITED, what it costs is more than is left."""
        try:
            return await self.streams.gateway.answer(asked, caller, only_queries=only_reads, charge=self._charge)
        except Turned as turned:
            raise turned.refusal from None

    def _charge(self, cost: int) -> None:
        """Raises: Turned; a Refusal would be an answer."""
        try:
            self.streams.rates.cost(self.counted_as, cost)
        except Refusal as refusal:
            raise Turned(refusal.status, refusal) from None

    def _addressed(self, of: Subscribed) -> list[str] | None:
        """Raises: Refusal UNKNOWN_COMMITTEE, UNKNOWN_MECHANISM."""
        at = of.arguments.get("at")
        return None if at is None else list(self.streams.federation.now().addressed(at))

    async def _changes(self, of: Subscribed, made: Shape, after: str | None) -> AsyncIterator[Delivery]:
        kinds = of.arguments.get("kinds")
        ask = ChangesAsk(
            after=after or of.arguments.get("after"), ids=[of.arguments["id"]] if "id" in of.arguments else None,
            kinds=None if kinds is None else [RecordKind[str(kind)].in_ids for kind in kinds],
        )  # fmt: skip
        async for change, place in self.streams.home.told(self.renewed, lambda: self._addressed(of), ask):
            if change is None:
                yield Delivery(cursor=place)
                continue
            caller = await self.renewed()  # a right that was withdrawn meanwhile delivers nothing
            question = made.asks(change)
            read = await self._answered(question, caller) if question else None
            yield Delivery(made.written(change, read.body if read else None), place)

    async def _standings(self, of: Subscribed, collector: Collector) -> AsyncIterator[Delivery]:
        type_ = self.streams.gateway.joint.schema.type_map["CommitteeStanding"]
        assert isinstance(type_, GraphQLObjectType)
        read = reader(collector, type_, of.node)
        async for each in self.streams.standings.told():
            await self.renewed()
            if each is None:
                continue
            committees, addressed = self.streams.federation.now(), self._addressed(of)
            if each.committee not in committees.shown or (addressed is not None and each.committee not in addressed):
                continue
            thing = {
                "committee": committees.shown[each.committee],
                "state": each.state,
                "since": each.since.isoformat(),
            }
            yield Delivery(orjson.dumps({"data": {of.key: read(thing, of.values)}}))
