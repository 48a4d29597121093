"""Bad tokens of HOME's clerk, as a thief or a hostile committee would make or come by them.

Each maker is given the scene, and whether the token is to be shown by itself (`bearer`) or with a gateway's proof.
"""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from joserfc import jws
from joserfc.jwk import OctKey

from sync.contract import jose
from tenant_service.identity.granted import at_userinfo
from tests.security.scene import HOME, NEIGHBOUR, PARENT, Scene
from tests.security.table import Attack, Door, tries

Good = Callable[..., str]
"""A good token of the kind that the door takes, with changes."""
Make = Callable[[Scene, Good], str]


def _unsigned(scene: Scene, good: Good) -> str:
    head = urlsafe_b64encode(b'{"alg":"none","typ":"at+jwt"}').rstrip(b"=").decode()
    return f"{head}.{good().split('.')[1]}."


def _by_public_key(scene: Scene, good: Good) -> str:
    """HMAC with what everybody knows of HOME's key: the classic confusion of algorithms."""
    public = OctKey.import_key(msgspec.json.encode(jose.public(scene.keys[HOME].token)))
    header = {"alg": "HS256", "typ": "at+jwt", "kid": scene.keys[HOME].token.kid}
    return str(jws.serialize_compact(header, jose.payload_of(good()), public, algorithms=["HS256"]))


def _bringing_its_key(scene: Scene, good: Good) -> str:
    """Its header says by which key it is to be checked."""
    own = jose.new_key()
    header = {"alg": "ES256", "typ": "at+jwt", "jwk": jose.public(own)}
    registry = jws.JWSRegistry(algorithms=["ES256"], strict_check_header=False)
    return str(jws.serialize_compact(header, jose.payload_of(good()), own, registry=registry))


def _as_chair(scene: Scene, good: Good) -> str:
    """The claims of a better token under the signature of this one."""
    first, _, last = good().split(".")
    return f"{first}.{good(roles=['chair']).split('.')[1]}.{last}"


def _now(scene: Scene) -> int:
    return int(scene.clock().timestamp())


BAD: list[tuple[str, Attack, Make, str]] = [
    ("signed by a stranger", Attack.FORGED, lambda _, good: good(signer=jose.new_key()), "BAD_TOKEN"),
    ("not signed", Attack.FORGED, _unsigned, "BAD_TOKEN"),
    ("signed with a public key as a secret", Attack.FORGED, _by_public_key, "BAD_TOKEN"),
    ("bringing its own key", Attack.FORGED, _bringing_its_key, "BAD_TOKEN"),
    ("signed by the home's key for events", Attack.FORGED, lambda scene, good: good(signer=scene.keys[HOME].event),
     "BAD_TOKEN"),
    ("other claims under a good signature", Attack.FORGED, _as_chair, "BAD_TOKEN"),
    ("of nobody in the directory", Attack.FORGED, lambda _, good: good(iss="999999", signer=jose.new_key()),
     "UNKNOWN_ISSUER"),
    ("over since a second", Attack.EXPIRED, lambda scene, good: good(iat=_now(scene) - 300, exp=_now(scene) - 1),
     "BAD_TOKEN"),
    ("not begun", Attack.EXPIRED, lambda scene, good: good(iat=_now(scene) + 60, exp=_now(scene) + 90), "BAD_TOKEN"),
    ("living for a day", Attack.EXPIRED, lambda scene, good: good(exp=_now(scene) + 86_400), "BAD_TOKEN"),
    ("for another committee", Attack.WRONG_AUDIENCE, lambda _, good: good(aud=[NEIGHBOUR], cnf=""), "BAD_TOKEN"),
    ("for nobody", Attack.WRONG_AUDIENCE, lambda _, good: good(aud=[], cnf=""), "BAD_TOKEN"),
    ("for the page that tells applications whose they are", Attack.WRONG_AUDIENCE,
     lambda _, good: good(aud=[at_userinfo(HOME)], cnf=""), "BAD_TOKEN"),
    ("for the whole federation, bound to nobody", Attack.WRONG_AUDIENCE,
     lambda _, good: good(aud=["liandong"], cnf=""), "BAD_TOKEN"),
    ("of this home, signed by its neighbour", Attack.ANOTHERS,
     lambda scene, good: good(signer=scene.keys[NEIGHBOUR].token), "BAD_TOKEN"),
    ("of this home, signed by its parent", Attack.ANOTHERS,
     lambda scene, good: good(signer=scene.keys[PARENT].token), "BAD_TOKEN"),
    ("issued by a gateway", Attack.ANOTHERS,
     lambda scene, good: good(iss="gateway-330400", signer=scene.requests["gateway-330400"]), "BAD_TOKEN"),
]  # fmt: skip


def shown_at(door: Door) -> list[Any]:
    """As parameters of a test: a maker and the code that it is refused with."""
    return [pytest.param(make, code, id=name, marks=tries(door, attack)) for name, attack, make, code in BAD]
