"""refresh_token with rotation: each is used once, and one that comes again ends its family."""

from dataclasses import dataclass
from typing import Any

from authlib.oauth2.rfc6749 import TokenMixin, grants

from tenant_service.identity import accounts
from tenant_service.identity import grants as families
from tenant_service.identity.accounts import Account
from tenant_service.identity.grants import Grant
from tenant_service.identity.oauth.registered import BY_KEY, BY_NOTHING, Registered


@dataclass(frozen=True)
class Held(TokenMixin):
    """What an application holds of an account, as the library asks about it."""

    grant: Grant

    def check_client(self, client: Registered) -> bool:
        return self.grant.client == client.get_client_id()

    def get_scope(self) -> str:
        return self.grant.scope


class RefreshGrant(grants.RefreshTokenGrant):
    """What the library leaves to us: how a refresh token is consumed, and what is made of it."""

    TOKEN_ENDPOINT_AUTH_METHODS = (BY_KEY, BY_NOTHING)
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, value: str) -> Held | None:
        """Consumed, unless it asks for more than was let: that is refused before, and the token stays good. One that
        was used already ends its family, whatever it asks for.
        """
        held = families.unused(self.server.unit, value)
        if held is not None and held.client == self.request.client.get_client_id():
            self._validate_token_scope(Held(held))
        grant = families.refresh(self.server.unit, value, self.request.client.get_client_id())
        return Held(grant) if grant else None

    def authenticate_user(self, held: Held) -> Account | None:
        """Whose it is; None: closed meanwhile, or with a first password that opens nothing."""
        account = accounts.by_id(self.server.unit, held.grant.account)
        return account if account is not None and not account.must_change else None

    def generate_token(self, user: Account, scope: str, **_: Any) -> dict[str, Any]:
        """The next tokens of the family; the new refresh token is for all that was let, whatever was asked for now."""
        told: dict[str, Any] = self.server.tokens(user, self.request.refresh_token.grant, scope)
        return told

    def revoke_old_credential(self, held: Held) -> None:
        """It was consumed first of all."""
