"""Whoever listens at this gateway, and what is delivered to them; each delivery with their right of that moment."""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass

import orjson
from graphql import GraphQLObjectType, OperationType
from starlette.requests import HTTPConnection

from gateway.entry import Entry, Guest
from gateway.federation.selecting.reading import reader
from gateway.federation.selecting.selections import Collector
from gateway.identity.callers import Caller
from gateway.streams.delivering import Selected, selected
from gateway.streams.home import Home
from gateway.streams.standings import Standings
from sync.contract.asking.changes import Change, ChangesAsk, RecordKind
from sync.contract.errors import Code, Refusal
from sync.edge.asking import INTERNAL
from sync.edge.body import Asked
from sync.edge.documents import shown_refusal
from sync.edge.streams.audience import EVENTS, SOCKET
from sync.edge.streams.subscribed import Subscribed, subscribed
from sync.edge.streams.viewing import Delivery, once

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Streams:
    """What listening stands on."""

    entry: Entry
    home: Home
    standings: Standings

    async def open(self, http: HTTPConnection, token: str | None) -> "GatewayViewer":
        """Who stands behind a connection.

        Raises:
            Refusal: as `Entry.guest`.
        """
        transport = SOCKET if http.scope["type"] == "websocket" else EVENTS
        guest = await self.entry.guest(http, f"/graphql {transport}", token)
        return GatewayViewer(self, guest, guest.caller.person)


@dataclass
class GatewayViewer:
    """A `sync.edge.streams.viewing.Viewer`."""

    streams: Streams
    guest: Guest
    name: tuple[str, str]

    async def begin(
        self, asked: Asked, *, after: str | None = None, only_reads: bool = False
    ) -> AsyncIterator[Delivery]:
        """Raises: Unfit, Refusal."""
        self.guest.count()
        gateway = self.guest.gateway
        prepared = gateway.documents.of(asked.query, asked.name)
        operation = prepared.operation
        if operation.operation is not OperationType.SUBSCRIPTION:
            return await self._once(asked, only_reads=only_reads)
        if not self.name[0]:
            raise Refusal(Code.NOT_SIGNED_IN)
        schema = gateway.joint.schema
        of = subscribed(schema, operation, prepared.fragments, asked.variables)
        self._addressed(of)  # an unknown committee is refused at once
        if of.name == "committeeStateChanged":
            return self._standings(of, Collector(prepared.fragments, of.values))
        return self._changes(of, selected(schema, of, operation, prepared.fragments, asked.variables), after)

    async def _once(self, asked: Asked, *, only_reads: bool) -> AsyncIterator[Delivery]:
        self.guest.use()
        answer = await self.guest.ask(asked, await self.guest.renewed(), only_queries=only_reads)
        return once(answer.body, answer.status, has_data=answer.has_data)

    def _addressed(self, of: Subscribed) -> list[str] | None:
        """Raises: Refusal UNKNOWN_COMMITTEE, UNKNOWN_MECHANISM."""
        at = of.arguments.get("at")
        return None if at is None else list(self.streams.entry.federation.now().addressed(at))

    async def _changes(self, of: Subscribed, made: Selected, after: str | None) -> AsyncIterator[Delivery]:
        kinds = of.arguments.get("kinds")
        ask = ChangesAsk(
            after=after or of.arguments.get("after"), ids=[of.arguments["id"]] if "id" in of.arguments else None,
            kinds=None if kinds is None else [RecordKind[str(kind)].in_ids for kind in kinds],
        )  # fmt: skip
        async for change, place in self.streams.home.told(self.guest.renewed, lambda: self._addressed(of), ask):
            if change is None:
                yield Delivery(cursor=place)
                continue
            await self.guest.delivered()
            caller = await self.guest.renewed()  # a right that was withdrawn meanwhile delivers nothing
            yield Delivery(await self._written(made, change, caller), place)

    async def _written(self, made: Selected, change: Change, caller: Caller) -> bytes:
        """The change with its record. Whatever goes wrong with reading that, the change is delivered, and its place
        with it: else whoever comes back would end at it again and again, and never hear of others'.
        """
        question = made.asks(change)
        try:
            read = await self.guest.ask(question, caller) if question else None
            return made.written(change, read.body if read else None)
        except Refusal as no:
            return made.unread(change, shown_refusal(no))
        except Exception:
            log.exception("the record of a change could not be read")
            return made.unread(change, INTERNAL)

    async def _standings(self, of: Subscribed, collector: Collector) -> AsyncIterator[Delivery]:
        type_ = self.guest.gateway.joint.schema.type_map["CommitteeStanding"]
        assert isinstance(type_, GraphQLObjectType)
        read = reader(collector, type_, of.node)
        async for each in self.streams.standings.told():
            await self.guest.renewed()
            if each is None:
                continue
            committees, addressed = self.streams.entry.federation.now(), self._addressed(of)
            if each.committee not in committees.shown or (addressed is not None and each.committee not in addressed):
                continue
            thing = {
                "committee": committees.shown[each.committee],
                "state": each.state,
                "since": each.since.isoformat(),
                "askedAt": each.asked_at.isoformat(),
            }
            yield Delivery(orjson.dumps({"data": {of.key: read(thing, of.values)}}))
