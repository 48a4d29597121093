"""Failed tries to sign in. They are counted by name, whether there is such an account or not, so that being locked out
tells nobody which names exist; the name itself is not kept.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable

from sqlalchemy import delete, select

from sync.contract.errors import Code, Refusal
from sync.contract.instants import SHANGHAI
from tenant_service.identity import rules
from tenant_service.identity.models import TriesRow
from tenant_service.storage.unit_of_work import Unit


def check(unit: Unit, name: str) -> None:
    """Raises: Refusal LOCKED_OUT, with the moment in Asia/Shanghai from which the name may be tried again."""
    row = unit.session.get(TriesRow, _digest(name))
    if row is not None and row.locked_until is not None and unit.now < row.locked_until:
        raise Refusal(Code.LOCKED_OUT, until=f"{row.locked_until.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}")


def locked(unit: Unit, names: Iterable[str]) -> dict[str, dt.datetime]:
    """Until when each of these names is locked that is."""
    by_digest = {_digest(name): name for name in names}
    rows = unit.session.execute(select(TriesRow.digest, TriesRow.locked_until).where(TriesRow.locked_until > unit.now))
    return {by_digest[digest]: until for digest, until in rows if until is not None and digest in by_digest}


def failed(unit: Unit, name: str) -> bool:
    """The failure counts; whether the name is locked now."""
    row = unit.session.get(TriesRow, _digest(name))
    if row is None:
        row = TriesRow(digest=_digest(name), failures=0)
        unit.session.add(row)
    elif unit.now - row.failed_at >= rules.FORGOTTEN_AFTER:
        row.failures = 0
    row.failures, row.failed_at = row.failures + 1, unit.now
    lock = rules.lock_after(row.failures)
    row.locked_until = unit.now + lock if lock else None
    return lock is not None


def forget(unit: Unit, name: str) -> None:
    """The name starts afresh: somebody signed in with it."""
    unit.session.execute(delete(TriesRow).where(TriesRow.digest == _digest(name)))


def sweep(unit: Unit) -> None:
    """Failures that are forgotten are gone from the database."""
    unit.session.execute(delete(TriesRow).where(TriesRow.failed_at < unit.now - rules.FORGOTTEN_AFTER))


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()
