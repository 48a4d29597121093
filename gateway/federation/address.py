"""Whom one root field is put to, and whose question it is."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from gateway.federation.committees import Committees
from gateway.identity.callers import Caller
from sync.contract.errors import Refusal


@dataclass(frozen=True, slots=True)
class Standpoint:
    """Who asks, and what holds at that moment.

    Attributes:
        replica_above: Over so many committees AUTO reads copies only.
        usual_wait: Milliseconds that committees have for a question that does not say it.
        shows_schema: Whether the caller may look at the schema itself.
    """

    caller: Caller
    committees: Committees
    now: dt.datetime
    replica_above: int = 200
    usual_wait: int = 2_000
    shows_schema: bool = False


@dataclass(slots=True)
class Address:
    """What one root field comes to: its arguments, and whom it is put to."""

    arguments: dict[str, Any]
    everyone: Collection[str] = ()
    """In the directory's order."""
    live: Collection[str] = ()
    copies: Collection[str] = ()
    """Those of `everyone` that only the caller's home is asked about."""
    may_stand_in: bool = False
    """Whether copies may stand in for those of `live` that are silent."""
    max_stale: dt.timedelta | None = None
    copies_at_once: int = 500
    """So that a home's answer fits into one message."""
    needs_all: bool = False
    wait: int | None = None
    """Milliseconds that this part of the request may take; None: it says nothing about that."""
    refusal: Refusal | None = None
    """Why nobody is asked."""


def pages_of(address: Address) -> int:
    """How many pages are made for it: one at each committee that is asked itself, and one at home for as many copies as
    it is asked about at once. A page of copies is no larger for all the committees that it may have rows of.
    """
    return len(address.live) + -(-len(address.copies) // address.copies_at_once)
