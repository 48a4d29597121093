"""What this committee says in access tokens that it gives to applications, beyond what every user token says."""

from sync.contract.trust.tokens import Claims


class Granted(Claims, kw_only=True, frozen=True):
    """Claims of an access token. Others read the `Claims` in it and nothing else.

    Attributes:
        client: The application it was given to.
        scope: What it may be used for, codes of `tenant_service.identity.clients.Access`.
        grant: The family it came of; it is void when that has ended.
    """

    client: str = ""
    scope: str = ""
    grant: str = ""


def at_userinfo(committee: str) -> str:
    """Audience of every access token: it opens `/userinfo`. Only one with the scope `api` is for the committee itself,
    so that a release which knows nothing of scopes refuses the others as well.
    """
    return f"{committee}/userinfo"
