"""Every path of the edge; the application puts them before the site's own."""

from starlette.routing import BaseRoute, Route, WebSocketRoute

from sync.edge.streams.socket import Socket
from tenant_service.edge.deps import Deps
from tenant_service.edge.endpoint import Endpoint
from tenant_service.edge.metrics import Metrics
from tenant_service.edge.probes import Probes
from tenant_service.edge.rpc import Rpc
from tenant_service.edge.sign_in_pages import SignInPages
from tenant_service.edge.streams import Streams
from tenant_service.edge.tokens import TokenEndpoint


def routes(deps: Deps) -> list[BaseRoute]:
    probes = Probes(deps)
    return [
        Route("/livez", probes.alive, methods=["GET"]),
        Route("/readyz", probes.ready, methods=["GET"]),
        Route("/metrics", Metrics(deps).answer, methods=["GET"]),
        Route("/graphql", Endpoint(deps).__call__, methods=["GET", "POST", "HEAD", "PUT", "DELETE", "PATCH"]),
        Route("/rpc/{verb:str}", Rpc(deps.rpc).__call__, methods=["POST"]),
        WebSocketRoute(
            "/graphql",
            Socket(Streams(deps).open, deps.settings.limits, deps.audience, deps.settings.most_operations_per_stream),
        ),
        Route("/token", TokenEndpoint(deps).__call__, methods=["POST"]),
        *SignInPages(deps).routes(),
    ]
