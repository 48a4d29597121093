"""Revocation (RFC 7009): an application gives back what it holds."""

import msgspec
from authlib.oauth2.rfc7009 import RevocationEndpoint

from sync.contract import jose
from sync.contract.trust.tokens import TYPE
from tenant_service.identity import audit, grants
from tenant_service.identity.actor import Actor
from tenant_service.identity.granted import Granted
from tenant_service.identity.oauth.asked import Asked
from tenant_service.identity.oauth.refresh_grant import Held
from tenant_service.identity.oauth.registered import BY_KEY, BY_NOTHING


class Revocation(RevocationEndpoint):
    """A refresh token ends its family, and so does an access token: nobody can tell the two from outside, and whoever
    gives one back wants none. An unknown token is no error, by the standard.
    """

    CLIENT_AUTH_METHODS = (BY_KEY, BY_NOTHING)

    def query_token(self, value: str, hint: str | None) -> Held | None:
        del hint  # both kinds are looked for, whatever is said
        unit = self.server.unit
        grant = grants.holder(unit, value) or grants.by_id(unit, self._family_in(value))
        return Held(grant) if grant else None

    def revoke_token(self, held: Held, request: Asked) -> None:
        del request
        unit = self.server.unit
        grants.end(unit, held.grant.id)
        actor = Actor(committee=unit.committee, iss=unit.committee, sub=held.grant.account)
        audit.note(unit, actor, "grant.end", held.grant.client)

    def _family_in(self, value: str) -> str:
        """What family an access token of ours came of; empty: it is none, or signed by a key that is not in force."""
        for key in self.server.issuer.keys(self.server.unit.now):
            try:
                return str(msgspec.json.decode(jose.opened(TYPE, value, key), type=Granted).grant)
            except (jose.Untrusted, msgspec.DecodeError, ValueError):
                continue
        return ""
