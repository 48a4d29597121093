"""Two acts at one moment: real transactions on PostgreSQL, one is over all but its commit when the other comes.

SQLite has one writer at a time, so there is nothing to see there.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text

from sync.contract.errors import Code, Refusal
from tenant_service.storage.unit_of_work import Unit, Units
from tests.waiting import until

_WAITS = text("SELECT count(*) FROM pg_stat_activity WHERE :mine = ANY(pg_blocking_pids(pid))")
_MINE = text("SELECT pg_backend_pid()")
Act = Callable[[Unit], Any]


def at_one_moment(
    units: Units, first: Act, second: Callable[[], Any], *, then: Act = lambda _unit: None
) -> Code | None:  # fmt: skip
    """`first` commits when `second` is over, or waits for it; before that it does what it does `then`. The code that
    refused `second`, if any.
    """
    if units.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer at a time")

    def coded() -> Code | None:
        try:
            second()
        except Refusal as refusal:
            return refusal.code
        return None

    def waits(mine: int) -> bool:
        with units.engine.connect() as connection:
            return bool(connection.scalar(_WAITS, {"mine": mine}))

    with ThreadPoolExecutor(1) as threads:
        with units.write() as unit:
            first(unit)
            unit.session.flush()
            mine = unit.session.scalar(_MINE)
            other = threads.submit(coded)
            until(lambda: other.done() or waits(mine), what="the second act is over, or waits for the first")
            then(unit)
        return other.result()


def written(units: Units, act: Act) -> Any:
    with units.write() as unit:
        return act(unit)
