"""authorization_code with PKCE: the application exchanges the code that the browser brought, once, for tokens."""

from dataclasses import dataclass
from typing import Any

from authlib.oauth2.rfc6749 import InvalidRequestError, grants
from authlib.oauth2.rfc7636 import CodeChallenge

from tenant_service.identity import accounts, audit
from tenant_service.identity import grants as families
from tenant_service.identity.accounts import Account
from tenant_service.identity.grants import Offer, Redeemed
from tenant_service.identity.oauth.registered import BY_KEY, BY_NOTHING, Registered
from tenant_service.identity.sessions import Session

S256 = "S256"


@dataclass(frozen=True)
class EndUser:
    """Whoever lets an application in: the account, and the browser's session in which it does so."""

    account: Account
    session: Session


@dataclass(frozen=True)
class Code:
    """A code that was used now, as the library asks about it."""

    redeemed: Redeemed
    code_challenge_method: str = S256

    @property
    def code_challenge(self) -> str:
        return self.redeemed.offer.challenge

    def get_redirect_uri(self) -> str:
        return self.redeemed.offer.redirect

    def get_scope(self) -> str:
        return self.redeemed.offer.scope


class CodeGrant(grants.AuthorizationCodeGrant):
    """What the library leaves to us: where codes are kept, and what is made of one."""

    TOKEN_ENDPOINT_AUTH_METHODS = (BY_KEY, BY_NOTHING)

    def generate_authorization_code(self) -> str:
        """The code, kept already: what is kept and what is told are made in one place."""
        user, asked = self.request.user, self.request.payload
        return families.offer(
            self.server.unit,
            Offer(
                client=self.request.client.get_client_id(), session=user.session.digest, account=user.account.id,
                redirect=asked.redirect_uri, scope=self.request.scope, nonce=asked.data.get("nonce"),
                challenge=asked.data["code_challenge"], signed_in_at=user.session.created_at,
            ),
        )  # fmt: skip

    def save_authorization_code(self, code: str, request: Any) -> None:
        """It was kept when it was made."""

    def query_authorization_code(self, code: str, client: Registered) -> Code | None:
        """Used up by this look, so that nobody tries verifiers on it."""
        redeemed = families.redeem(self.server.unit, code, client.get_client_id())
        return Code(redeemed) if redeemed else None

    def authenticate_user(self, code: Code) -> Account | None:
        """Whose code it is; None: closed meanwhile, or with a first password that opens nothing."""
        account = accounts.by_id(self.server.unit, code.redeemed.offer.account)
        return account if account is not None and not account.must_change else None

    def generate_token(self, user: Account, scope: str, **_: Any) -> dict[str, Any]:
        """The family begins, and with it the first tokens."""
        unit = self.server.unit
        grant = families.begin(unit, self.request.authorization_code.redeemed, self.server.lives)
        audit.note(unit, user.actor(unit.committee), "grant.begin", grant.client)
        told: dict[str, Any] = self.server.tokens(user, grant, scope)
        return told

    def delete_authorization_code(self, code: Code) -> None:
        """It stays for a day, so that its coming again is noticed."""


class OnlyS256(CodeChallenge):
    """PKCE, asked for at /authorize already: whoever learns of it at /token has a code that was never safe."""

    DEFAULT_CODE_CHALLENGE_METHOD = S256
    SUPPORTED_CODE_CHALLENGE_METHOD = (S256,)

    def validate_code_challenge(self, grant: CodeGrant, redirect_uri: str) -> None:
        """Raises: InvalidRequestError; without a method the standard means `plain`, which is none."""
        told = grant.request.payload.data
        if not told.get("code_challenge") or told.get("code_challenge_method") != S256:
            raise InvalidRequestError("PKCE is needed: code_challenge with code_challenge_method=S256")
        super().validate_code_challenge(grant, redirect_uri)
