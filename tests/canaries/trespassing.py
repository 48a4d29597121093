"""Strangers try every act there is at a committee that is not theirs, over HTTP and over the bus."""

import asyncio
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import orjson

from sync.bus import asker as bus
from sync.bus import connection, rpc
from sync.contract import jose
from sync.contract.errors import Code
from sync.contract.trust import proofs
from sync.contract.trust.tokens import FEDERATION
from sync.edge.key_files import key_in
from tenant_service.graphql import schema as tenant_schema
from tests.canaries import documents
from tests.canaries.asking import Answer, Asker, Asking
from tests.canaries.federation import OWNER

_AT_ONCE = 4
REFUSALS = (Code.FORBIDDEN, Code.NOT_SIGNED_IN, Code.UNKNOWN_ISSUER, Code.WRONG_METHOD)
"""Rights, and over the bus that acts do not come this way; nothing else keeps a stranger from acting."""


def acts(asking: Asking) -> dict[str, str]:
    """A document for every mutation of the schema, of a record that there is."""
    kept, found = documents.ids_of(asking.planted.markers, OWNER), dict[str, str]()
    for each in documents.documents(tenant_schema._schema, "mutation", kept, deep=0, together=1):
        found.setdefault(each.removeprefix("mutation { a0: ").partition("(")[0], each)
    return found


def by_http(asking: Asking, asker: Asker) -> Iterator[Answer]:
    for document in acts(asking).values():
        yield asking.at_the_committee(asker, OWNER, document)


async def by_bus(asking: Asking, asker: Asker) -> list[Answer]:
    """As a gateway asks that means harm: over its own line to the hub, with a token that the asker's home made."""
    told, folder = asking.planted.told, asking.planted.folder
    creds = folder / "creds" / f"{told['gateway']['id']}.creds"
    line = await connection.connect(told["hub"]["url"], Path(creds), "trespasser")
    asks, places, found = await bus.Asker(line).open(), asyncio.Semaphore(_AT_ONCE), list[Answer]()
    key = key_in(folder / "gateway" / "request.jwk")
    token = asking.minted(asker, FEDERATION, cnf=jose.thumbprint(key)) if asker.home else ""

    async def act(document: str) -> None:
        body = orjson.dumps({"query": document, "variables": {}})
        proof = proofs.proof(told["gateway"]["id"], [OWNER], body, token, uuid.uuid4().hex, int(time.time()), key)
        headers = {rpc.PROOF: proof} | ({rpc.TOKEN: token} if token else {})
        async with places:
            [reply] = (await asks.ask([(OWNER, "graphql", body)], headers, 30)).values()
        found.append(Answer(asker, f"bus of {OWNER}: {document[:60]}", 0, reply.body or b"", body))

    try:
        await asyncio.gather(*map(act, acts(asking).values()))
    finally:
        await asks.close()
        await line.close()
    return found
