"""Credentials that are good for nothing any more, or are good elsewhere, and every door that they are tried at."""

from collections.abc import Iterator

from sync.contract import jose
from sync.contract.trust.tokens import FEDERATION
from sync.edge.key_files import key_in
from tenant_service.graphql import schema as tenant_schema
from tests.canaries import documents
from tests.canaries.asking import JOINT, Answer, Asker, Asking
from tests.canaries.federation import OWNER, PARENT, SIBLING, SUSPENDED

CLERK, AWAY = Asker(PARENT, "clerk"), Asker(SUSPENDED, "clerk")


def tokens(asking: Asking, *aud: str, key: str = "") -> dict[str, str]:
    """Void tokens for a door that takes those for `aud` which are bound to `key`."""
    made = asking.minted
    other = jose.thumbprint(jose.new_key())
    found = {
        "of a suspended committee": made(AWAY, *aud, cnf=key),
        "over since long": made(CLERK, *aud, cnf=key, life=-3600),
        "for another committee": made(CLERK, SIBLING, cnf=key),
        "for another gateway": made(CLERK, "gateway-330200", cnf=key),
        "bound to another gateway": made(CLERK, *aud, cnf=other),
        "signed by nobody": made(CLERK, *aud, cnf=key).rpartition(".")[0] + "." + "A" * 86,
        "of no shape": "ca9a17e5",
    }
    return found if key else found | {"for the gateways' own questions": made(CLERK, FEDERATION)}


def answers(asking: Asking) -> Iterator[tuple[str, Answer]]:
    """What each is told, by name: all fields of the schema at the committee, at the gateway, and as a gateway asks."""
    kept = documents.ids_of(asking.planted.markers, OWNER)
    own = list(documents.documents(tenant_schema._schema, "query", kept, deep=1))
    joint = list(documents.documents(JOINT.schema, "query", kept, deep=1, together=6))
    gateway = asking.planted.told["gateway"]["id"]
    for name, token in tokens(asking, OWNER).items():
        yield from ((name, asking.at_the_committee(CLERK, OWNER, each, token)) for each in own)
    for name, token in tokens(asking, OWNER, gateway).items():
        yield from ((name, asking.at_the_gateway(CLERK, each, token)) for each in joint)
    key = jose.thumbprint(key_in(asking.planted.folder / "gateway" / "request.jwk"))
    for name, token in tokens(asking, FEDERATION, key=key).items():
        yield from ((name, asking.by_rpc(CLERK, OWNER, each, token)) for each in own)
