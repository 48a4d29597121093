"""What applications find out by themselves: endpoints, what they may ask for, and our keys."""

from collections.abc import Iterable
from typing import Any

from joserfc.jwk import ECKey

from sync.contract import jose
from tenant_service.identity.clients import Access
from tenant_service.identity.oauth import server
from tenant_service.identity.oauth.code_grant import S256
from tenant_service.identity.oauth.registered import BY_KEY, BY_NOTHING


def described(address: str) -> dict[str, Any]:
    """OpenID Connect Discovery 1.0 and RFC 8414 in one."""
    methods = {
        f"{endpoint}_endpoint_auth_{what}_supported": list(which)
        for endpoint in ("token", "revocation")
        for what, which in (("methods", (BY_KEY, BY_NOTHING)), ("signing_alg_values", jose.SIGNING))
    }
    return {
        "issuer": address,
        "authorization_endpoint": address + server.AUTHORIZE,
        "token_endpoint": address + server.TOKEN,
        "revocation_endpoint": address + server.REVOKE,
        "userinfo_endpoint": address + server.USERINFO,
        "end_session_endpoint": address + server.END_SESSION,
        "jwks_uri": address + server.KEYS,
        "scopes_supported": [each.value for each in Access],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": [S256],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": list(jose.SIGNING),
        "prompt_values_supported": ["none", "login", "consent"],
        "claims_supported": [
            "iss", "sub", "aud", "iat", "exp", "auth_time", "nonce", "at_hash", "name", "preferred_username", "roles",
            "committee",
        ],
        "authorization_response_iss_parameter_supported": True,
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "ui_locales_supported": ["zh-CN", "en"],
        **methods,
    }  # fmt: skip


def key_set(keys: Iterable[ECKey]) -> dict[str, Any]:
    """Public keys by which ID tokens are checked."""
    return {"keys": [{**jose.public(key), "use": "sig", "alg": jose.SIGNING[0]} for key in keys]}
