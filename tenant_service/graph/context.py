"""What every resolver is given: who asks, a consistent view, and the way to act."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import strawberry

from sync.contract.trust.directory import Directory
from tenant_service.exchange.watching import freshness as shared
from tenant_service.graph import idempotency
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.services import Services
from tenant_service.settings import Periods
from tenant_service.storage.unit_of_work import Unit, Units

T = TypeVar("T")
Who = Actor | Callable[[Unit], Actor]
"""Who asks, or how that is found in the view that answers."""


@dataclass
class Context:
    """One operation's context.

    Attributes:
        who: Who asks, or how that is found in the view that answers.
        owners: Set when a gateway asks for copies: answer from what these committees shared with us, not from our own.
    """

    who: Who
    units: Units
    directory: Directory
    services: Services
    owners: tuple[str, ...] | None = None
    _view: Any = field(default=None, init=False)
    _counted: int = field(default=0, init=False)
    _counted_before: int = field(default=0, init=False)

    @cached_property
    def actor(self) -> Actor:
        """Who asks, found in the view that answers. Raises: Refusal, they may not ask at all."""
        return self.who if isinstance(self.who, Actor) else self.who(self.unit)

    @property
    def unit(self) -> Unit:
        """One consistent view for all reads of the operation, renewed after each act."""
        if self._view is None:
            self._view = self.units.read()
            self._opened: Unit = self._view.__enter__()
        return self._opened

    def count(self, rows: int, charge: Callable[[int], None]) -> None:
        """So many rows of personal data are about to be shown: `charge` counts those that do not count already, or
        refuses; then none of them counts.
        """
        known = min(rows, self._counted_before)
        charge(rows - known)
        self._counted_before -= known
        self._counted += rows

    def begin_again(self) -> None:
        """The operation is walked once more, from its beginning: what was read counts already."""
        self._counted_before, self._counted = self._counted, 0

    def terms(self, use: UseCase) -> Periods:
        """By which days are counted, for whoever may do this: rights are looked at before anything else.

        Raises:
            Refusal: FORBIDDEN, NOT_SIGNED_IN.
        """
        self.actor.require(use)
        return self.services.periods

    def owners_of(self, committee: str) -> tuple[str, ...] | None:
        """Whose copies to list for this committee: ours has rows, another has what it shared with us."""
        return None if committee == self.actor.committee else (committee,)

    def perform(
        self, name: str, key: str, arguments: dict[str, Any], act: Callable[[Unit], T], kept_as: type[T] | None = None
    ) -> T:
        """Do something once: a second time with the same key, the first answer comes back.

        Raises:
            Refusal: what `act` refuses, or IDEMPOTENCY_KEY_REUSED. Nothing has changed then.
        """
        self.close()
        with self.units.write() as unit:
            return idempotency.once(unit, self.actor, name, key, arguments, act, kept_as)

    def extensions(self) -> dict[str, Any]:
        """What goes with the answer: for copies, how old those of each owner are, whose we may not hold, and of which
        indicators its owner ever told a figure (a month that is not told is then nothing, and not unknown).
        """
        if self.owners is None:
            return {}
        session = self.unit.session
        since = shared.as_of(session, self.owners)
        reported = self.services.reported(session, self.owners)
        told: dict[str, dict[str, Any]] = {}
        for owner in self.owners:
            as_of = since.get(owner)
            told[owner] = {
                "state": "STALE" if owner in since and self.actor.is_inside else "FORBIDDEN",
                "asOf": as_of.isoformat() if as_of else None,
                "reported": reported.get(owner, []),
            }
        return {"extensions": {"replica": told}}

    def close(self) -> None:
        if self._view is not None:
            self._view.__exit__(None, None, None)
            self._view = None


Info = strawberry.Info[Context, None]
