"""Signing in through a gateway, at the user's home (the wire: `sync.contract.asking.gateway_sign_in`)."""

import datetime as dt
import secrets
from typing import NamedTuple

from sqlalchemy import delete, select

from sync.contract.errors import Code, Refusal
from sync.contract.trust.tokens import Claims
from tenant_service.identity import accounts, sessions
from tenant_service.identity.issuing import Issued, Issuer
from tenant_service.identity.models import GatewayCodeRow, GatewayGrantRow
from tenant_service.identity.sessions import Lifetimes, Session
from tenant_service.storage.unit_of_work import Unit

CODE_LIVES = dt.timedelta(seconds=60)
_BYTES = 32


class Redeemed(NamedTuple):
    """A token for the gateway, and the handle by which it renews it."""

    issued: Issued
    handle: str


def begin(unit: Unit, session: Session, gateway: str) -> str:
    """A code that this gateway may redeem once within a minute, for the account of this browser."""
    code = secrets.token_urlsafe(_BYTES)
    row = GatewayCodeRow(digest=sessions.digest(code), session_digest=session.digest, gateway=gateway)
    row.expires_at = unit.now + CODE_LIVES
    unit.session.add(row)
    unit.session.flush()
    return code


def redeem(unit: Unit, issuer: Issuer, code: str, gateway: str, cnf: str, lifetimes: Lifetimes) -> Redeemed:
    """The code is used up; the gateway holds a token bound to its key, and a handle.

    Raises:
        Refusal: SIGN_IN_ENDED, the code is unknown, used, expired or another gateway's, or the browser signed out.
    """
    row = unit.session.get(GatewayCodeRow, sessions.digest(code))
    if row is None or row.gateway != gateway or unit.now >= row.expires_at:
        raise Refusal(Code.SIGN_IN_ENDED)
    used = unit.session.execute(delete(GatewayCodeRow).where(GatewayCodeRow.digest == row.digest))
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise Refusal(Code.SIGN_IN_ENDED)  # another process of this committee was faster
    issued = _issued(unit, issuer, row.session_digest, cnf, lifetimes)
    handle = secrets.token_urlsafe(_BYTES)
    unit.session.add(
        GatewayGrantRow(digest=sessions.digest(handle), session_digest=row.session_digest, gateway=gateway)
    )
    unit.session.flush()
    return Redeemed(issued, handle)


def renew(unit: Unit, issuer: Issuer, handle: str, gateway: str, cnf: str, lifetimes: Lifetimes) -> Issued:
    """A new token, as long as the browser is signed in here; asking counts as using it.

    Raises:
        Refusal: SIGN_IN_ENDED.
    """
    row = unit.session.get(GatewayGrantRow, sessions.digest(handle))
    if row is None or row.gateway != gateway:
        raise Refusal(Code.SIGN_IN_ENDED)
    return _issued(unit, issuer, row.session_digest, cnf, lifetimes)


def exchange(unit: Unit, issuer: Issuer, claims: Claims, gateway: str, cnf: str) -> Issued:
    """A token bound to this gateway's key, for an API token of ours that names the gateway.

    Raises:
        Refusal: BAD_TOKEN, it names another gateway or is another committee's; SIGN_IN_ENDED.
    """
    if claims.iss != issuer.committee or gateway not in claims.aud:
        raise Refusal(Code.BAD_TOKEN)
    account = accounts.by_id(unit, claims.sub)
    if account is None or claims.iat < account.tokens_from:
        raise Refusal(Code.SIGN_IN_ENDED)
    return issuer.gateway_token(account, cnf, unit.now)


def end(unit: Unit, handle: str, gateway: str) -> None:
    """The gateway cannot renew any more; the browser stays signed in here."""
    unit.session.execute(
        delete(GatewayGrantRow).where(
            GatewayGrantRow.digest == sessions.digest(handle), GatewayGrantRow.gateway == gateway
        )
    )


def holders(unit: Unit, session_digest: str) -> list[str]:
    """Gateways that renew tokens for this browser, by id."""
    wanted = select(GatewayGrantRow.gateway).where(GatewayGrantRow.session_digest == session_digest).distinct()
    return sorted(unit.session.scalars(wanted))


def sweep(unit: Unit) -> None:
    """Codes that expired unused are gone from the database."""
    unit.session.execute(delete(GatewayCodeRow).where(GatewayCodeRow.expires_at < unit.now))


def _issued(unit: Unit, issuer: Issuer, session_digest: str, cnf: str, lifetimes: Lifetimes) -> Issued:
    session = sessions.by_digest(unit, session_digest, lifetimes)
    account = accounts.by_id(unit, session.account_id) if session else None
    if session is None or account is None or not issuer.is_believed(unit.now):
        raise Refusal(Code.SIGN_IN_ENDED)
    issued = issuer.gateway_token(account, cnf, unit.now)
    sessions.notice(unit, session)  # a browser that got nothing has not used its session
    return issued
