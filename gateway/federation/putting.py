"""One request on its way: which bodies are put to whom, and whose question is the same as another's."""

import datetime as dt
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import msgspec
import orjson

from gateway.callers import Caller
from gateway.federation.addressing import Addresses
from gateway.federation.gathered import ids_of
from gateway.federation.plan import APART, Plan
from gateway.joint import Route
from sync.contract.tokens import FEDERATION

SHARED_UNTIL = 40
"""Seconds before its end in which what is asked with a token is put for its holder alone: a committee whose clock is
ahead may refuse it already, which others must not be told.
"""


@dataclass
class Putting:
    """One request on its way: its plan, its addresses, and who asks."""

    plan: Plan
    asked: Addresses
    given: dict[str, Any]
    caller: Caller
    now: dt.datetime

    def body(
        self, numbers: tuple[int, ...], owners: list[str] | None = None, whose: str | None = None,
        release: int | None = None,
    ) -> bytes:  # fmt: skip
        """`owners`: committees of which copies are asked for. `whose`: who is asked for its own ids. `release`: that of
        who is asked, if it is an older one.
        """
        question = self.plan.question(numbers, release)
        variables = {name: self.given[name] for name in question.variables if name in self.given}
        for number in numbers:
            root, told = self.plan.roots[number], self.asked.each[number].arguments
            for name, (_, value) in root.lifted.items():
                variables[name] = value
            if root.listing is not None:
                for argument in ("first", root.listing.order_argument):
                    variables[self.plan.variable(number, argument)] = told[argument]
            elif root.route is Route.OWNERS:
                variables[self.plan.variable(number, "ids")] = ids_of([whose] if whose else owners or (), told["ids"])
            elif root.route is Route.STATISTICS:
                for argument in ("indicators", "from", "to"):
                    variables[self.plan.variable(number, argument)] = told[argument]
                variables[self.plan.variable(number, APART)] = "MECHANISM" in told["by"]
        copies = b"" if owners is None else b',"owners":%s' % orjson.dumps(owners)
        return b'{"query":%s,"variables":%s%s}' % (question.json, msgspec.json.encode(variables), copies)

    def equal(self, numbers: tuple[int, ...], verb: str, body: bytes, deadline: float) -> dict[bool, Hashable]:
        """What must be the same for another's question to be this one, at other committees (False) and at the caller's
        home (True); None: nobody else's is. Why so is in docs/decisions/0018.
        """
        nobody_elses: dict[bool, Hashable] = {False: None, True: None}
        claims = self.caller.claims
        if self.plan.is_act or self.plan.question(numbers).is_personal:
            return nobody_elses
        if claims is None:
            asker: Hashable = None
        elif FEDERATION in claims.aud and claims.exp - self.now.timestamp() > SHARED_UNTIL:
            asker = claims.iss, tuple(sorted(claims.roles))
        else:
            return nobody_elses
        # Questions whose deadlines differ by more than the double wait apart: who gives little would be joined in vain.
        patience = int(deadline * 1000).bit_length()
        return {False: (asker, verb, body, patience), True: (self.caller.token, verb, body, patience)}


@dataclass(frozen=True)
class Letter:
    """One body: the root fields it is about, and whom it is put to."""

    numbers: tuple[int, ...]
    body: bytes
    to: list[str]
    release: int | None = None
    """Of those it is put to, if it is an older one."""
