"""People as a roster tells of them, and what taking them from it sets. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from sync.contract.shapes.sectors import Party, Sector


class Seat(msgspec.Struct, omit_defaults=True, kw_only=True):
    """What the roster says of the seat in the committee; None: nothing."""

    title: str | None = None
    term: int | None = None
    sector: Sector | None = None
    party: Party | None = None
    since: str | None = None


class About(msgspec.Struct, omit_defaults=True, kw_only=True):
    """What the roster says of the person; None: nothing, so what is known stays."""

    name: str = ""
    roster_no: str | None = None
    gender: str | None = None
    birth_month: str | None = None
    work_phone: str | None = None
    employer: str | None = None
    tags: list[str] | None = None


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A seat in the committee that the person has now; `id` names the membership."""

    id: str
    seat: Seat


@dataclass(frozen=True)
class Known:
    """One of our people as the roster could mean them."""

    id: str
    revision: int
    about: About
    seats: Sequence[Held] = ()
    """In the order of their terms."""
    units: frozenset[str] = frozenset()
    has_left: bool = False


class Plan(msgspec.Struct, omit_defaults=True, kw_only=True):
    """What taking an entry sets, and nothing else: fields of the person, of a seat (a new one where `seat_id` is None
    and `has_seat`), and units to be placed in.
    """

    about: dict[str, Any] = {}
    seat: dict[str, Any] = {}
    seat_id: str | None = None
    has_seat: bool = False
    units: list[str] = []


class Before(msgspec.Struct, omit_defaults=True, kw_only=True):
    """What stood there before an entry was taken, so that it can be taken back; `made`: memberships that are new."""

    about: dict[str, Any] = {}
    seat: dict[str, Any] = {}
    made: list[str] = []


def told(part: About | Seat) -> dict[str, Any]:
    """The fields that say something, as JSON values."""
    made: dict[str, Any] = msgspec.to_builtins(part)
    return {name: value for name, value in made.items() if value is not None}
