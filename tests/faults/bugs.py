"""Bugs planted in a committee's process on purpose: the checker must report each, or it proves nothing.

Bugs planted into the databases of a run that ended well stand in `tests.faults.test_checker`.
"""

import os
import signal
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from sync.bus.relay import Relay
from sync.log import Event, Step, follow
from tenant_service.exchange import bulk, inbox, readings
from tenant_service.exchange.inbox import Inbox
from tenant_service.exchange.outbox import ExchangeOutbox
from tenant_service.storage.unit_of_work import Unit


def _replace(owner: Any, name: str, by: Any) -> None:
    setattr(owner, name, by)


def _nothing_swept(*_args: Any) -> set[str]:
    return set()


def no_sweep() -> None:
    """What a new epoch of its owner does not contain stays on show."""
    _replace(inbox, "_forgotten", _nothing_swept)


def believes_the_acknowledgement() -> None:
    """What the hub has acknowledged is taken for kept; nobody looks again."""
    _replace(Relay, "look_again", lambda _self: None)


def forgets_retracts() -> None:
    """Who may no longer read a record is not told."""
    plain = ExchangeOutbox._write

    def write(self: ExchangeOutbox, unit: Any, telling: Any) -> None:
        telling.withdrawals.clear()
        if telling.puts:
            plain(self, unit, telling)

    _replace(ExchangeOutbox, "_write", write)


def shares_with_all_neighbours() -> None:
    """Whatever is shared with anybody is shared openly."""
    plain = ExchangeOutbox._checked

    def checked(self: ExchangeOutbox, unit: Unit, channels: set[str], before: set[str]) -> set[str]:
        return plain(self, unit, channels | {"o"}, before)

    _replace(ExchangeOutbox, "_checked", checked)


def applies_twice() -> None:
    """A page is applied a second time, over the first."""
    plain = Inbox._apply

    def apply(self: Inbox, *args: Any) -> None:
        plain(self, *args)
        plain(self, *args)

    _replace(bulk, "insert_tuples", bulk.upsert_tuples)
    _replace(Inbox, "_apply", apply)


def cursor_before_effects() -> None:
    """How far a log was followed is stored before what it said; every twentieth time the process dies between."""
    plain, pages = Inbox.take, count(1)

    def take(self: Inbox, arrived: Mapping[str, Sequence[Event]], *, caught_up: bool) -> list[Step]:
        steps = []
        with self.units.write() as unit:
            standing = readings.followed(unit.session, arrived)
            for log, was in standing.items():
                step = follow(was.reading, arrived[log], self.trust.verify, self.trust.erased)
                readings.store(unit.session, was, step.reading, at=unit.now)
                steps.append(step)
        if any(each.apply for each in steps) and next(pages) % 20 == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        with self.units.write() as unit:
            for was in standing.values():
                readings.store(unit.session, was, was.reading, at=unit.now)
        return plain(self, arrived, caught_up=caught_up)

    _replace(Inbox, "take", take)


BUGS = {
    "no-sweep": no_sweep,
    "believes-the-acknowledgement": believes_the_acknowledgement,
    "forgets-retracts": forgets_retracts,
    "shares-with-all-neighbours": shares_with_all_neighbours,
    "applies-twice": applies_twice,
    "cursor-before-effects": cursor_before_effects,
}


def plant(name: str) -> None:
    """This process has the bug."""
    BUGS[name]()
