"""Browsers that are signed in. A cookie holds 256 random bits; the database holds their hash."""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import delete, select

from tenant_service.identity.models import BrowserSessionRow
from tenant_service.storage.unit_of_work import Unit

_BYTES = 32
_LONGEST_WHENCE, _LONGEST_SHOWN = 200, 24
_NOTICED_AFTER = dt.timedelta(minutes=1)
"""How much later a browser's next request has to be to be written down: reading must not write each time."""


@dataclass(frozen=True)
class Lifetimes:
    """How long a browser stays signed in: without doing anything, and in any case."""

    idle: dt.timedelta = dt.timedelta(minutes=30)
    longest: dt.timedelta = dt.timedelta(hours=12)


@dataclass(frozen=True)
class Whence:
    """Where a browser signs in: its IP address, and what it says it is. Its owner alone is shown this."""

    address: str = ""
    agent: str = ""


NOWHERE = Whence()


@dataclass(frozen=True)
class Session:
    """A browser that is signed in.

    Attributes:
        digest: Names it; says nothing about the cookie.
        csrf: Goes with every form of its pages.
        is_due: It was last noticed a while ago; `notice` it.
    """

    digest: str
    account_id: str
    csrf: str
    created_at: dt.datetime
    seen_at: dt.datetime
    is_due: bool
    whence: Whence = NOWHERE

    @property
    def name(self) -> str:
        """Names it on pages of its owner, and nowhere else."""
        return digest(self.digest)[:_LONGEST_SHOWN]


def begin(unit: Unit, account_id: str, whence: Whence = NOWHERE) -> str:
    """The account is signed in by the cookie value that is returned, and by nothing else."""
    value = secrets.token_urlsafe(_BYTES)
    row = BrowserSessionRow(digest=digest(value), account_id=account_id, csrf=secrets.token_urlsafe(16))
    row.address, row.agent = whence.address[:_LONGEST_WHENCE], whence.agent[:_LONGEST_WHENCE]
    row.created_at = row.seen_at = unit.now
    unit.session.add(row)
    unit.session.flush()
    return value


def by_cookie(unit: Unit, value: str | None, lifetimes: Lifetimes) -> Session | None:
    """The session of a cookie, if it is one and has not ended."""
    return by_digest(unit, digest(value), lifetimes) if value else None


def by_digest(unit: Unit, name: str, lifetimes: Lifetimes) -> Session | None:
    row = unit.session.get(BrowserSessionRow, name)
    return _shown(unit, row) if row is not None and _lives(row, unit.now, lifetimes) else None


def notice(unit: Unit, session: Session) -> None:
    """The browser was active now."""
    row = unit.session.get(BrowserSessionRow, session.digest)
    if row is not None:
        row.seen_at = max(row.seen_at, unit.now)


def end(unit: Unit, name: str) -> None:
    """The session is over, and with it what gateways hold of it."""
    unit.session.execute(delete(BrowserSessionRow).where(BrowserSessionRow.digest == name))


def end_of(unit: Unit, account_id: str, name: str, lifetimes: Lifetimes) -> None:
    """One session of this account is over, if there is one that pages show by this `name`."""
    for each in listed(unit, account_id, lifetimes):
        if each.name == name:
            end(unit, each.digest)


def end_all(unit: Unit, account_id: str) -> None:
    unit.session.execute(delete(BrowserSessionRow).where(BrowserSessionRow.account_id == account_id))


def listed(unit: Unit, account_id: str, lifetimes: Lifetimes) -> list[Session]:
    """Where this account is signed in, latest use first."""
    rows = unit.session.scalars(
        select(BrowserSessionRow)
        .where(BrowserSessionRow.account_id == account_id)
        .order_by(BrowserSessionRow.seen_at.desc(), BrowserSessionRow.digest)
    )
    return [_shown(unit, row) for row in rows if _lives(row, unit.now, lifetimes)]


def sweep(unit: Unit, lifetimes: Lifetimes) -> None:
    """Sessions that ended by themselves are gone from the database."""
    unit.session.execute(
        delete(BrowserSessionRow).where(
            (BrowserSessionRow.seen_at <= unit.now - lifetimes.idle)
            | (BrowserSessionRow.created_at <= unit.now - lifetimes.longest)
        )
    )


def digest(value: str) -> str:
    """What is kept of a secret of 256 random bits; a slow hash would add nothing to so many."""
    return hashlib.sha256(value.encode("utf-8", "replace")).hexdigest()


def _lives(row: BrowserSessionRow, now: dt.datetime, lifetimes: Lifetimes) -> bool:
    return now - row.seen_at < lifetimes.idle and now - row.created_at < lifetimes.longest


def _shown(unit: Unit, row: BrowserSessionRow) -> Session:
    return Session(
        row.digest, row.account_id, row.csrf, row.created_at, row.seen_at, unit.now - row.seen_at >= _NOTICED_AFTER,
        Whence(row.address, row.agent),
    )  # fmt: skip
