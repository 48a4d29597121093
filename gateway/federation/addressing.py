"""Whom each root field of a request is put to, what it may cost, and how long it may take."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from gateway.callers import Caller
from gateway.federation import statistics
from gateway.federation.committees import Committees
from gateway.federation.plan import Plan
from gateway.federation.roots import Root
from gateway.joint import Route
from sync.contract.cursors import key_of, page_size
from sync.contract.errors import Code, Refusal, Said
from sync.contract.ids import few, owner_of
from sync.contract.searching import sought
from sync.edge.budget import Limits

MIN_DEADLINE, MAX_DEADLINE = 50, 10_000
"""Milliseconds."""


class AtRoot(Exception):
    """A root field that is asked wrongly, so that the request has no answer."""

    def __init__(self, root: Root, cause: Exception) -> None:
        super().__init__(root.key)
        self.key, self.cause = root.key, cause


@dataclass
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
    refusal: Refusal | None = None
    """Why nobody is asked."""


@dataclass
class Addresses:
    """What one request comes to; `deadline` in seconds, `cost` in fields × page sizes × committees."""

    deadline: float
    cost: int = 0
    each: list[Address] = field(default_factory=list)


def answers_of(address: Address) -> int:
    """How many pages are made for it: one at each committee that is asked itself, and one at home for as many copies as
    it is asked about at once. A page of copies is no larger for all the committees that it may have rows of.
    """
    return len(address.live) + -(-len(address.copies) // address.copies_at_once)


@dataclass(frozen=True)
class Addressing:
    """Attributes:
    replica_above: Over so many committees AUTO reads copies only.
    act_deadline: Milliseconds that the caller's home has for a mutation.
    deadline: Milliseconds that committees have for a question that does not say it, and for any of somebody without an
        account: whoever asks takes a place at each committee for so long.
    """

    limits: Limits
    replica_above: int = 200
    act_deadline: int = 10_000
    deadline: int = 2_000

    def of(
        self, plan: Plan, arguments: list[dict[str, Any]], caller: Caller, committees: Committees, now: dt.datetime
    ) -> Addresses:
        """Raises: AtRoot; Refusal TOO_COMPLEX."""
        asked, waits = Addresses(self.deadline / 1000), list[int]()
        for root, told in zip(plan.roots, arguments, strict=True):
            try:
                address = self._address(root, told, caller, committees, now)
            except Refusal as cause:
                raise AtRoot(root, cause) from None
            asked.each.append(address)
            if root.route in (Route.MERGED, Route.STATISTICS):
                waits.append((address.arguments.get("fan") or {}).get("deadlineMs") or self.deadline)
            asked.cost += self._cost(root, address)
        if asked.cost > self.limits.cost:
            raise self._too_costly(asked.cost)
        if plan.is_act:
            waits = [self.act_deadline]
        if waits:  # one answer goes back, when the most patient part of it is there
            most = self.deadline if caller.home is None else MAX_DEADLINE
            asked.deadline = min(max(MIN_DEADLINE, *waits), most) / 1000
        return asked

    def _too_costly(self, cost: int) -> Refusal:
        most = self.limits.cost
        return Refusal(
            Code.TOO_COMPLEX,
            what=Said(
                f"字段、行数与政协数之积为 {cost:,}，上限 {most:,}；请减小 first，或以 at 缩小范围",
                f"fields times rows times committees come to {cost:,}, and {most:,} is the most: "
                "lower `first`, or ask fewer by `at`",
            ),
        )

    def _address(
        self, root: Root, told: dict[str, Any], caller: Caller, committees: Committees, now: dt.datetime
    ) -> Address:
        match root.route:
            case Route.OWNER | Route.OWNERS:
                return self._owned(told, caller, committees)
            case Route.HOME:
                if caller.home is None:
                    return Address(told, refusal=Refusal(Code.NOT_SIGNED_IN))
                return Address(told, live=[caller.home])
            case Route.DIRECTORY:
                return Address(told, committees.addressed(told.get("at")))
            case Route.SCHEMA:
                return Address(told)
            case _:
                return self._fanned(root, told, caller, committees, now)

    def _owned(self, told: dict[str, Any], caller: Caller, committees: Committees) -> Address:
        """Each owner is asked; what it shared with the caller's home stands in while it is silent.

        Raises:
            Refusal: TOO_MANY_IDS.
        """
        if "ids" not in told:
            owner = owner_of(told["id"])
            live = [owner] if owner in committees.listed else []
            return Address(told, live=live, may_stand_in=caller.home not in (None, owner))
        owners = [id for id in dict.fromkeys(map(owner_of, few(told["ids"]))) if id in committees.listed]
        return Address(told, owners, owners, may_stand_in=caller.home is not None)

    def _fanned(
        self, root: Root, told: dict[str, Any], caller: Caller, committees: Committees, now: dt.datetime
    ) -> Address:
        """Raises: Refusal SEARCH_TOO_SHORT, BAD_PAGE or BAD_CURSOR, as each committee would say; what `at` and the
        window refuse.
        """
        if root.listing is not None:
            for name in root.listing.searched:
                if told.get(name) is not None:
                    sought(told[name])
            page_size(told["first"])
            if told.get("after") is not None:
                key_of(told["after"], root.listing.orders[told[root.listing.order_argument]][1])
        else:
            told = statistics.asked_for(told, statistics.window_of(told, now))
        everyone = committees.addressed(told.get("at"))
        fan = told.get("fan") or {}
        address = self._read(told, everyone, fan.get("read", "AUTO"), caller)
        if fan.get("maxStaleMs") is not None:
            address.max_stale = dt.timedelta(milliseconds=max(0, fan["maxStaleMs"]))
        address.needs_all = fan.get("require") == "ALL"
        if root.route is Route.STATISTICS:
            address.copies_at_once = max(1, statistics.VALUES_AT_ONCE // statistics.size(told))
        return address

    def _read(self, told: dict[str, Any], everyone: Collection[str], read: str, caller: Caller) -> Address:
        """Who is asked live, and of whom copies are read.

        Raises:
            Refusal: NOT_SIGNED_IN, copies are read at the caller's home, and there is none.
        """
        if read == "REPLICA" and caller.home is None:
            raise Refusal(Code.NOT_SIGNED_IN)
        if read == "LIVE" or caller.home is None:
            return Address(told, everyone, everyone)
        if read == "AUTO" and len(everyone) <= self.replica_above:
            return Address(told, everyone, everyone, may_stand_in=True)
        live = [id for id in everyone if id == caller.home]
        return Address(told, everyone, live, [id for id in everyone if id != caller.home])

    def _cost(self, root: Root, address: Address) -> int:
        if root.route is Route.STATISTICS:
            return statistics.size(address.arguments) * len(address.everyone)
        if root.route is Route.OWNERS:
            return root.cost * len(address.arguments["ids"])
        rows: int = address.arguments.get("first", 1) if root.route is Route.MERGED else 1
        return root.cost * rows * answers_of(address)
