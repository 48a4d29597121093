"""Every path of the edge; the application puts them before the site's own."""

import datetime as dt
import hashlib

from starlette.routing import BaseRoute, Route, WebSocketRoute

from sync.edge.key_files import kept_secret
from sync.edge.streams.socket import Socket
from tenant_service.edge import elsewhere
from tenant_service.edge.authorize import AuthorizePages
from tenant_service.edge.deps import Deps
from tenant_service.edge.elsewhere import ElsewherePages
from tenant_service.edge.end_session import EndSessionPages
from tenant_service.edge.endpoint import Endpoint
from tenant_service.edge.front_pages import SIGN_IN
from tenant_service.edge.held_pages import HeldPages
from tenant_service.edge.link_pages import LinkPages
from tenant_service.edge.logged_out_elsewhere import LoggedOutElsewhere
from tenant_service.edge.metrics import Metrics
from tenant_service.edge.oauth import OAuth
from tenant_service.edge.probes import Probes
from tenant_service.edge.provider import Provider
from tenant_service.edge.rpc import Rpc
from tenant_service.edge.sign_in_pages import SignInPages
from tenant_service.edge.streams import Streams
from tenant_service.edge.tokens import TokenEndpoint
from tenant_service.identity.grants import Lives
from tenant_service.identity.oauth.server import Serving


def routes(deps: Deps) -> list[BaseRoute]:
    probes, serving = Probes(deps), _serving(deps)
    oauth, elsewhere_pages = OAuth(deps, serving), _elsewhere(deps)
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
        Route("/token", TokenEndpoint(deps, oauth).__call__, methods=["POST"]),
        *oauth.routes(),
        *AuthorizePages(deps, serving).routes(),
        *EndSessionPages(deps, serving).routes(),
        *SignInPages(deps, elsewhere_pages.provider if elsewhere_pages else None).routes(),
        *HeldPages(deps).routes(),
        *(elsewhere_pages.routes() if elsewhere_pages else []),
        *(LoggedOutElsewhere(deps, elsewhere_pages.provider).routes() if elsewhere_pages else []),
        *LinkPages(deps, elsewhere_pages).routes(),
    ]


def _serving(deps: Deps) -> Serving:
    """How applications are served: under the address that users type."""
    settings = deps.settings
    lives = Lives(dt.timedelta(hours=settings.application_idle_hours), dt.timedelta(days=settings.application_days))
    return Serving(settings.public_url.rstrip("/"), deps.issuer, lives, deps.asked.count_name)


def _elsewhere(deps: Deps) -> ElsewherePages | None:
    """The way to another provider, where the settings name one. Raises: KeyTrouble, others may read its secret."""
    settings = deps.settings
    if not settings.external_issuer:
        return None
    secret = kept_secret(settings.external_secret) if settings.external_secret else ""
    provider = Provider(
        settings.external_issuer, settings.external_client_id, secret, settings.external_algorithms,
        settings.public_url.rstrip("/") + elsewhere.BACK, settings.public_url.rstrip("/") + SIGN_IN,
    )  # fmt: skip
    told = str(deps.issuer.newest.as_dict(private=True)["d"])
    mark = hashlib.blake2b(told.encode(), digest_size=32, person=b"elsewhere").digest()
    return ElsewherePages(deps, provider, mark)
