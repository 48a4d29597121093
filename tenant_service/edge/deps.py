"""What the edge stands on; made once by the application."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sync.bus.answerer import Answering
from sync.edge.streams.audience import Audience
from tenant_service.edge.attempts import Attempts
from tenant_service.graph.context import Context, Who
from tenant_service.graph.operation import Executor
from tenant_service.identity.issuing import Issuer
from tenant_service.identity.sign_in import SignIn
from tenant_service.listening.listening import Listening
from tenant_service.settings import Settings
from tenant_service.web.site import Site


@dataclass(frozen=True)
class Deps:
    """What the edge's routes need.

    Attributes:
        site: Pages, the domain's thread, callers, and the name of the session cookie.
        listening: Tells of what changes.
        audience: Who listens, and how many may.
        context: A resolver's context for an actor, or for how one is found in its view.
        attempts: Tries to sign in.
        asked: What applications ask, and browsers on their behalf.
        rpc: Answers gateways, over the hub as over HTTP.
        trouble: Why this service can't do its work, in plain words; empty while it can.
        refused: Code → asks and receipts of other committees that were turned away since the start.
    """

    settings: Settings
    site: Site
    sign_in: SignIn
    issuer: Issuer
    executor: Executor
    context: Callable[[Who], Context]
    attempts: Attempts
    asked: Attempts
    rpc: Answering
    listening: Listening
    audience: Audience
    trouble: Callable[[], str] = lambda: ""
    refused: Callable[[], Mapping[str, int]] = dict
