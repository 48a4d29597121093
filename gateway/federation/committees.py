"""Whom a question is put to, as the newest directory says."""

from collections.abc import Callable, Collection
from functools import lru_cache
from typing import Any

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.committees import CommitteeRecord
from sync.contract.trust.directory import Directory

DirectorySource = Callable[[], Directory]
"""The newest directory that was checked; asked anew for every request."""


class Committees:
    """Who is active in one directory, and who among them is meant."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.listed: dict[str, CommitteeRecord] = directory.committees
        self.shown = {id: _shown(each) for id, each in self.listed.items()}
        """As clients see them."""
        self.mechanisms = {id: {"id": id, "name": each.name} for id, each in directory.mechanisms.items()}
        """As clients see them, in the directory's order."""
        self._below = lru_cache(maxsize=200)(lambda id: frozenset(directory.subtree(id)))

    def addressed(self, at: dict[str, Any] | None) -> Collection[str]:
        """The active committees that `at` means, in the directory's order.

        Raises:
            Refusal: UNKNOWN_COMMITTEE (named, but not active here), UNKNOWN_MECHANISM.
        """
        if not at:
            return self.listed
        self._check(at)
        left: Collection[str] = self.listed
        for chosen in (self._named(at), self._under(at), self._members(at)):
            if chosen is not None:
                left = [id for id in left if id in chosen]
        levels, but = at.get("levels"), set(at.get("except") or ())
        return [id for id in left if id not in but and (levels is None or self.listed[id].level in levels)]

    def _check(self, at: dict[str, Any]) -> None:
        """An unknown name must not look like "no rows, complete"."""
        for id in (*(at.get("ids") or ()), *(at.get("except") or ()), *(at.get("under") or ())):
            if id not in self.listed:
                raise Refusal(Code.UNKNOWN_COMMITTEE, id=id[:40])
        for id in at.get("mechanisms") or ():
            if id not in self.directory.mechanisms:
                raise Refusal(Code.UNKNOWN_MECHANISM)

    def _named(self, at: dict[str, Any]) -> set[str] | None:
        return None if at.get("ids") is None else set(at["ids"])

    def _under(self, at: dict[str, Any]) -> set[str] | None:
        if at.get("under") is None:
            return None
        return set[str]().union(*map(self._below, at["under"]))

    def _members(self, at: dict[str, Any]) -> set[str] | None:
        if at.get("mechanisms") is None:
            return None
        return {member for id in at["mechanisms"] for member in self.directory.mechanisms[id].members}


def _shown(committee: CommitteeRecord) -> dict[str, Any]:
    return {
        "id": committee.id, "name": committee.name, "shortName": committee.short_name, "level": committee.level,
        "parentId": committee.parent_id, "currentCode": committee.current_code,
    }  # fmt: skip


class Federation:
    """The committees of the newest directory; read anew only when another one has come."""

    def __init__(self, source: DirectorySource) -> None:
        self._source = source
        self._now: Committees | None = None

    def now(self) -> Committees:
        directory = self._source()
        if self._now is None or self._now.directory is not directory:
            self._now = Committees(directory)
        return self._now
