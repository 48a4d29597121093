"""What a gateway and a committee do with a body before anybody is asked anything: read, refuse or plan."""

import datetime as dt
import json
from collections.abc import Callable, Iterable

from gateway.federation.address import Standpoint
from gateway.federation.asking.addressing import Addressing
from gateway.federation.asking.breaker import Breaker
from gateway.federation.asking.fanout import Fanout
from gateway.federation.committees import Federation
from gateway.federation.engine import Gateway
from gateway.federation.planning.given import documents_of
from gateway.federation.refused import AtRoot, Failed
from gateway.identity.callers import NOBODY, Prover
from gateway.joint import Joint
from gateway.schema import joint_sdl
from sync.bus.asker import Reply
from sync.bus.rpc import Headers
from sync.contract import jose
from sync.contract.errors import Refusal
from sync.contract.trust.directory import Contents, Directory, Listed
from sync.edge.body import asked_in
from sync.edge.budget import Limits
from sync.edge.documents import Documents, Unfit
from tenant_service.graph.variables import Variables
from tenant_service.graphql import schema

Reader = Callable[[bytes], str]
"""What became of a body: "planned", or the code of the refusal."""
COMMITTEES = 100
NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


class Nobody:
    """Nobody is asked here."""

    async def ask(
        self,
        questions: Iterable[tuple[str, str, bytes]],
        headers: Headers,
        deadline: float,
        told: object = None,
        own: object = None,
    ) -> dict[str, Reply]:
        raise AssertionError


def gateway() -> Reader:
    """A gateway over a hundred committees: a body is read, prepared, given its variables, addressed and written as the
    questions that would be put.
    """
    entries = [Listed(id=f"33{n:04}", name="政协") for n in range(COMMITTEES)]
    committees = Federation(lambda: directory)
    directory = Directory(Contents(serial=1, issued_at=0, expires_at=2**40, entries=entries))
    limits, addressing = Limits(), Addressing(Limits())
    fanout = Fanout(Nobody(), Prover("gateway", jose.new_key(), lambda: 0.0), Breaker(lambda: 0.0))
    made = Gateway(Joint(joint_sdl()), committees, fanout, addressing, limits, lambda: NOW, shows_schema=True)

    def read(body: bytes) -> str:
        try:
            asked = asked_in(body, limits)
            prepared = documents_of(made.joint, limits).of(asked.query, asked.name)
            given = made._planner.given(prepared, asked.variables)
            standpoint = Standpoint(NOBODY, committees.now(), NOW, shows_schema=True)
            putting = addressing.of(given, asked.variables, standpoint)
            putting.question(putting.asked)
        except Unfit as unfit:
            return str(unfit.errors[0]["extensions"]["code"])
        except Failed as failed:
            return _code(failed)
        except Refusal as refusal:
            return refusal.code
        except AtRoot as at:
            return at.cause.code if isinstance(at.cause, Refusal) else "INVALID"
        return "planned"

    return read


def committee() -> Reader:
    """A committee's own edge: a body is read, prepared and given its variables."""
    limits = Limits()

    def read(body: bytes) -> str:
        documents = Documents(schema._schema, limits)
        try:
            asked = asked_in(body, limits)
            prepared = documents.of(asked.query, asked.name)
            values = Variables(documents).of(prepared, asked.variables)
        except Refusal as refusal:
            return refusal.code
        except Unfit as unfit:
            return str(unfit.errors[0]["extensions"]["code"])
        return "planned" if values else "INVALID"

    return read


def _code(failed: Failed) -> str:
    told: str = json.loads(failed.answer.body)["errors"][0]["extensions"]["code"]
    return told


READERS = {"gateway": gateway, "committee": committee}
