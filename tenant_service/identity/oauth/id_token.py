"""The ID token (OpenID Connect): who signed in, told to one application, bound to its nonce and its access token."""

import hashlib
from base64 import urlsafe_b64encode
from typing import Any

import msgspec
from authlib.oidc.core import OpenIDCode

from sync.contract import jose
from tenant_service.identity.accounts import Account
from tenant_service.identity.actor import Actor
from tenant_service.identity.clients import Access
from tenant_service.identity.oauth.asked import Asked

TYPE = "JWT"
"""Another `typ` than an access token's, so that neither is taken for the other."""


class IdToken(OpenIDCode):
    """Made of the code that was redeemed. It says little: what else was let, `/userinfo` tells."""

    def exists_nonce(self, nonce: str, request: Asked) -> bool:
        """A nonce is the application's own check; that a code counts once, we see to ourselves."""
        del nonce, request
        return False

    def encode_id_token(self, token: dict[str, Any], request: Asked) -> str:
        """Signed by our own module, which knows one algorithm."""
        return str(request.authorization_code and self._signed(token, request))

    def _signed(self, token: dict[str, Any], request: Asked) -> str:
        offer, server = request.authorization_code.redeemed.offer, self.server
        now = int(server.unit.now.timestamp())
        told = {
            "iss": server.address, "sub": offer.account, "aud": offer.client, "iat": now,
            "exp": now + token["expires_in"], "auth_time": int(offer.signed_in_at.timestamp()),
            "at_hash": half_hash(token["access_token"]),
        }  # fmt: skip
        if offer.nonce:
            told["nonce"] = offer.nonce
        return jose.sign(TYPE, msgspec.json.encode(told), server.issuer.key(server.unit.now))

    def __init__(self, server: Any) -> None:
        super().__init__(require_nonce=False)
        self.server = server


def half_hash(token: str) -> str:
    """Left half of the SHA-256, as `at_hash` has it with ES256."""
    return urlsafe_b64encode(hashlib.sha256(token.encode()).digest()[:16]).rstrip(b"=").decode()


def claims_about(account: Account, actor: Actor, scope: str) -> dict[str, Any]:
    """What `/userinfo` tells of an account to whom was let `scope`."""
    let, told = scope.split(), dict[str, Any](sub=account.id)
    if Access.PROFILE.value in let:
        told |= {"name": account.name, "preferred_username": account.username}
    if Access.ROLES.value in let:
        told |= {"roles": sorted(role.value for role in actor.roles), "committee": actor.committee}
    return told
