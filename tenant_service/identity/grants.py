"""What applications hold of an account: single-use codes, and the refresh tokens that came of them, as one family.

A family is one row. Whoever brings a code or a refresh token twice ends the family: one of the two stole it, and nobody
can tell which. Every secret has 256 random bits and is kept as a hash. A secret is consumed by one UPDATE before
anything is made of it, so that of two at one moment one wins.
"""

import datetime as dt
import secrets
from dataclasses import dataclass

import uuid_utils
from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError

from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.identity.models import AssertionRow, AuthorizationCodeRow, GrantRow, RefreshRow
from tenant_service.identity.sessions import digest
from tenant_service.storage.unit_of_work import Unit

CODE_LIVES = dt.timedelta(seconds=60)
_BYTES = 32
_USED_CODES_KEPT = dt.timedelta(days=1)


@dataclass(frozen=True)
class Lives:
    """How long a family lives: without being used, and in any case."""

    idle: dt.timedelta = dt.timedelta(hours=24)
    longest: dt.timedelta = dt.timedelta(days=14)


@dataclass(frozen=True)
class Offer:
    """What an account lets an application do, as it was asked. `session`: the digest that names the browser's."""

    client: str
    session: str
    account: str
    redirect: str
    scope: str
    nonce: str | None
    challenge: str
    signed_in_at: dt.datetime


@dataclass(frozen=True)
class Redeemed:
    """An offer whose code was used now; `digest` names it."""

    digest: str
    offer: Offer


@dataclass(frozen=True)
class Grant:
    """A family, as its owner is shown."""

    id: str
    client: str
    account: str
    scope: str
    began_at: dt.datetime
    seen_at: dt.datetime


def offer(unit: Unit, told: Offer) -> str:
    """A code that the application may redeem once within a minute."""
    sweep(unit)
    code = secrets.token_urlsafe(_BYTES)
    row = AuthorizationCodeRow(
        digest=digest(code), client_id=told.client, session_digest=told.session, account_id=told.account,
        redirect=told.redirect, scope=told.scope, nonce=told.nonce, challenge=told.challenge,
        signed_in_at=told.signed_in_at, expires_at=unit.now + CODE_LIVES, used_at=None, grant_id=None,
    )  # fmt: skip
    unit.session.add(row)
    unit.session.flush()
    return code


def redeem(unit: Unit, code: str, client: str) -> Redeemed | None:
    """The code is used up, whatever becomes of it; None: it is unknown, over, or another application's. If it was used
    before, what came of it then is void.
    """
    named = AuthorizationCodeRow.digest == digest(code), AuthorizationCodeRow.client_id == client
    fresh = AuthorizationCodeRow.used_at.is_(None), AuthorizationCodeRow.expires_at > unit.now
    taken = unit.session.execute(update(AuthorizationCodeRow).where(*named, *fresh).values(used_at=unit.now))
    row = unit.session.scalar(select(AuthorizationCodeRow).where(*named))
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        if row is not None and row.grant_id is not None:
            _came_twice(unit, row.grant_id)
        return None
    if row is None:
        return None
    told = Offer(
        row.client_id, row.session_digest, row.account_id, row.redirect, row.scope, row.nonce, row.challenge,
        row.signed_in_at,
    )  # fmt: skip
    return Redeemed(row.digest, told)


def begin(unit: Unit, redeemed: Redeemed, lives: Lives) -> Grant:
    """The application holds something of the account now."""
    told = redeemed.offer
    row = GrantRow(
        id=uuid_utils.uuid7().hex, client_id=told.client, account_id=told.account, scope=told.scope,
        began_at=unit.now, seen_at=unit.now, expires_at=unit.now + lives.longest,
    )  # fmt: skip
    unit.session.add(row)
    unit.session.flush()
    named = AuthorizationCodeRow.digest == redeemed.digest
    unit.session.execute(update(AuthorizationCodeRow).where(named).values(grant_id=row.id))
    return _shown(row)


def refresh_token(unit: Unit, grant: str, lives: Lives) -> str:
    """A new refresh token of this family, to be used once."""
    value = secrets.token_urlsafe(_BYTES)
    unit.session.add(RefreshRow(digest=digest(value), grant_id=grant, expires_at=unit.now + lives.idle, used_at=None))
    unit.session.flush()
    return value


def refresh(unit: Unit, value: str, client: str) -> Grant | None:
    """The refresh token is used up; its family. None: it is unknown, over, or another application's. If it was used
    before, the family has ended.
    """
    row = unit.session.get(RefreshRow, digest(value))
    grant = unit.session.get(GrantRow, row.grant_id) if row is not None else None
    if row is None or grant is None or grant.client_id != client:
        return None
    fresh = RefreshRow.used_at.is_(None), RefreshRow.expires_at > unit.now
    taken = unit.session.execute(
        update(RefreshRow)
        .where(RefreshRow.digest == row.digest, *fresh)
        .values(used_at=unit.now)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount == 1 and unit.now < grant.expires_at:  # type: ignore[attr-defined]
        grant.seen_at = unit.now
        return _shown(grant)
    if taken.rowcount != 1 and (row.used_at is not None or unit.now < row.expires_at):  # type: ignore[attr-defined]
        _came_twice(unit, grant.id)
    end(unit, grant.id)
    return None


def holder(unit: Unit, value: str) -> Grant | None:
    """The family of a refresh token, used or not."""
    row = unit.session.get(RefreshRow, digest(value))
    return by_id(unit, row.grant_id) if row is not None else None


def unused(unit: Unit, value: str) -> Grant | None:
    """The family of a refresh token that was not used yet."""
    row = unit.session.get(RefreshRow, digest(value))
    return by_id(unit, row.grant_id) if row is not None and row.used_at is None else None


def by_id(unit: Unit, id: str) -> Grant | None:
    """The family, if it lives."""
    row = unit.session.get(GrantRow, id)
    return _shown(row) if row is not None and unit.now < row.expires_at else None


def listed(unit: Unit, account: str) -> list[Grant]:
    """What applications hold of this account, latest use first."""
    rows = unit.session.scalars(
        select(GrantRow)
        .where(GrantRow.account_id == account, GrantRow.expires_at > unit.now)
        .order_by(GrantRow.seen_at.desc(), GrantRow.id)
    )
    return [_shown(row) for row in rows]


def end(unit: Unit, id: str) -> None:
    """Whatever is of this family is void."""
    unit.session.execute(delete(GrantRow).where(GrantRow.id == id))


def _came_twice(unit: Unit, id: str) -> None:
    """It ends, and it is noted whose it was: somebody may have been robbed. One that is over already is not noted."""
    row = unit.session.get(GrantRow, id)
    if row is not None:
        end(unit, id)
        owner = Actor(committee=unit.committee, iss=unit.committee, sub=row.account_id)
        audit.note(unit, owner, "grant.came_twice", row.client_id)


def end_all(unit: Unit, account: str) -> None:
    """No application holds anything of this account, a code that was not redeemed yet included."""
    unit.session.execute(delete(GrantRow).where(GrantRow.account_id == account))
    unit.session.execute(delete(AuthorizationCodeRow).where(AuthorizationCodeRow.account_id == account))


def use_assertion(unit: Unit, client: str, jti: str, expires_at: dt.datetime) -> bool:
    """The proof of this application (or issuer) counts, this once; False: it has counted before."""
    try:
        with unit.attempt():
            unit.session.add(AssertionRow(digest=digest(f"{client}\n{jti}"), expires_at=expires_at))
            unit.session.flush()
    except IntegrityError:
        return False
    return True


def sweep(unit: Unit) -> None:
    """What is over is gone from the database; used codes stay a day, so that their coming again is noticed."""
    over = AuthorizationCodeRow.expires_at < unit.now
    unused = or_(AuthorizationCodeRow.used_at.is_(None), AuthorizationCodeRow.used_at < unit.now - _USED_CODES_KEPT)
    unit.session.execute(delete(AuthorizationCodeRow).where(over, unused))
    unit.session.execute(delete(GrantRow).where(GrantRow.expires_at <= unit.now))
    unit.session.execute(delete(AssertionRow).where(AssertionRow.expires_at < unit.now))


def _shown(row: GrantRow) -> Grant:
    return Grant(row.id, row.client_id, row.account_id, row.scope, row.began_at, row.seen_at)
