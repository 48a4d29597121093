"""Closed lists: a code that never changes, and the Chinese label it has until a committee renames it."""

from enum import StrEnum
from typing import Self


class Kind(StrEnum):
    """One code of a closed list. A committee may rename the label, never the code, or the city could not add up."""

    label: str

    def __new__(cls, code: str, label: str) -> Self:
        kind = str.__new__(cls, code)
        kind._value_, kind.label = code, label
        return kind

    @classmethod
    def known(cls, code: str) -> Self | None:
        """The member with this code, or None: another release may know codes that this one does not."""
        found = cls._value2member_map_.get(code)
        return found if isinstance(found, cls) else None
