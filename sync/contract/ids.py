"""Names that mean the same thing in every committee.

A committee's id is its GB/T 2260 code at founding, kept for ever as an opaque name (`330110`; founded anew under a used
code: `330102r2`). Every record's id says who owns it and what it is: `330110.activity.0192…` (owner, kind, UUIDv7 in
hex), so ids route themselves.
"""

import re
from collections.abc import Sequence
from typing import NewType, TypeVar

from sync.contract.errors import Code, Refusal

T = TypeVar("T", bound=str)
Id = NewType("Id", str)
"""Global id of a committee or of one of its records."""

MOST_IDS = 100
"""Ids that one question may name, duplicates counted."""

_COMMITTEE = re.compile(r"[0-9]{6}(r[2-9])?")
_RECORD = re.compile(r"([0-9]{6}(?:r[2-9])?)\.([a-z][a-z_]{1,30})\.([0-9a-f]{32})")


def record_id(owner: str, kind: str, unique: str) -> Id:
    """The id of a record of `owner`; `unique` is 32 hex digits (a UUIDv7)."""
    return checked(f"{owner}.{kind}.{unique}")


def owner_of(id: str) -> str:
    """The committee that alone writes this record, and so the one to ask about it."""
    return id.partition(".")[0]


def kind_of(id: str) -> str:
    """What the id names: `committee`, `activity`, `venue` …"""
    return id.split(".")[1] if "." in id else "committee"


def is_committee(id: str) -> bool:
    return _COMMITTEE.fullmatch(id) is not None


def checked(id: str) -> Id:
    """The same text, found to be an id.

    Raises:
        Refusal: BAD_ID.
    """
    if not (is_committee(id) or _RECORD.fullmatch(id)):
        raise Refusal(Code.BAD_ID, id=id[:80])
    return Id(id)


def few(ids: Sequence[T]) -> Sequence[T]:
    """The same ids, found to be no more than one question may name.

    Raises:
        Refusal: TOO_MANY_IDS.
    """
    if len(ids) > MOST_IDS:
        raise Refusal(Code.TOO_MANY_IDS, most=MOST_IDS)
    return ids


def path_of(committee: str) -> str:
    """The committee as subject tokens, `33.01.10`; a re-founded one keeps its suffix in the last token."""
    return f"{committee[:2]}.{committee[2:4]}.{committee[4:]}"


def province_of(committee: str) -> str:
    """The two digits by which its province is told from others in subjects: `33`."""
    return committee[:2]
