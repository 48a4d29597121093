"""A registered application as the library's core asks about it."""

from dataclasses import dataclass

from authlib.oauth2.rfc6749 import ClientMixin

from tenant_service.identity.clients import Access, Client

BY_KEY, BY_NOTHING = "private_key_jwt", "none"
"""How an application proves who it is; there are no secrets."""


@dataclass(frozen=True)
class Registered(ClientMixin):
    """Answers the library's questions about one application."""

    client: Client

    def get_client_id(self) -> str:
        return self.client.id

    def get_default_redirect_uri(self) -> None:
        """The address is always said, so that a code goes where it was asked for."""

    def get_allowed_scope(self, asked: str | None) -> str | None:
        """What of it is given; the answer says what that is. None: nothing, which is refused."""
        wanted = (asked or Access.OPENID.value).split()
        return " ".join(each.value for each in Access if each in self.client.scopes and each.value in wanted) or None

    def check_redirect_uri(self, said: str) -> bool:
        """Letter by letter: whatever is cleverer has been tricked."""
        return said in self.client.redirects

    def check_client_secret(self, _secret: str) -> bool:
        return False

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        return method == (BY_KEY if self.client.keys else BY_NOTHING)

    def check_response_type(self, said: str) -> bool:
        return said == "code"

    def check_grant_type(self, said: str) -> bool:
        return said == "authorization_code" or (said == "refresh_token" and Access.OFFLINE in self.client.scopes)
