"""OpenID Connect RP-Initiated Logout: an application asks that its user be signed out of this committee's pages."""

from dataclasses import dataclass

import msgspec

from sync.contract import jose
from sync.contract.errors import Code, Refusal, Said
from tenant_service.identity import clients
from tenant_service.identity.oauth.asked import Parameters
from tenant_service.identity.oauth.id_token import TYPE
from tenant_service.identity.oauth.server import Serving
from tenant_service.storage.unit_of_work import Unit


class _Hint(msgspec.Struct, frozen=True):
    """What of an ID token of ours tells whose it was; when it was over does not matter."""

    iss: str
    sub: str
    aud: str


@dataclass(frozen=True)
class Leaving:
    """What was asked for, found to be in order.

    Attributes:
        account: Whom the application means; empty: it did not prove that it signed somebody in.
        name: What the application is called; empty: it did not say who it is.
        back: Where the browser goes afterwards; empty: to a page of ours.
    """

    account: str
    name: str
    back: str
    state: str


def leaving(unit: Unit, serving: Serving, told: Parameters) -> Leaving:
    """Raises: Refusal OAUTH_REQUEST; OAUTH_CLIENT; OAUTH_REDIRECT, an address that it did not register."""
    if any(len(values) > 1 for values in told.values()):
        raise Refusal(Code.OAUTH_REQUEST, why=Said("参数重复", "a parameter came more than once"))
    said = {name: values[0] for name, values in told.items() if values}
    hint = _read(unit, serving, said["id_token_hint"]) if said.get("id_token_hint") else None
    id, back = said.get("client_id") or (hint.aud if hint else ""), said.get("post_logout_redirect_uri", "")
    if hint is not None and hint.aud != id:
        raise Refusal(Code.OAUTH_REQUEST, why=Said("id_token_hint属于另一应用", "the hint is another application's"))
    client = clients.by_id(unit, id) if id else None
    if id and client is None:
        raise Refusal(Code.OAUTH_CLIENT)
    if back and (client is None or back not in client.redirects):
        raise Refusal(Code.OAUTH_REDIRECT)
    return Leaving(hint.sub if hint else "", client.name if client else "", back, said.get("state", ""))


def _read(unit: Unit, serving: Serving, token: str) -> _Hint:
    """Raises: Refusal OAUTH_REQUEST, no ID token of ours."""
    for key in serving.issuer.keys(unit.now):
        try:
            hint = msgspec.json.decode(jose.opened(TYPE, token, key), type=_Hint)
        except (jose.Untrusted, msgspec.DecodeError, ValueError):
            continue
        if hint.iss == serving.address:
            return hint
    raise Refusal(Code.OAUTH_REQUEST, why=Said("id_token_hint无效", "the hint is no ID token of ours"))
