"""One request on its way: which bodies are put to whom, and whose question is the same as another's."""

from collections.abc import Collection, Hashable
from dataclasses import dataclass
from typing import Any

import msgspec
import orjson

from gateway.federation.address import Standpoint
from gateway.federation.planning.plan import Plan
from gateway.federation.planning.question import Question
from gateway.federation.roots.root import AskedRoot
from sync.contract.trust.tokens import FEDERATION

SHARED_UNTIL = 40
"""Seconds before its end in which what is asked with a token is put for its holder alone: a committee whose clock is
ahead may refuse it already, which others must not be told.
"""
Together = tuple[AskedRoot, ...]
"""Root fields that are put in one question."""


@dataclass(frozen=True)
class Putting:
    """One request on its way.

    Attributes:
        given: The client's variables, as they were sent.
        deadline: Seconds that everything may take.
        cost: Fields × page sizes × committees.
    """

    plan: Plan
    asked: Together
    given: dict[str, Any]
    standpoint: Standpoint
    deadline: float
    cost: int

    def question(self, together: Together, release: int | None = None) -> Question:
        """`release`: that of who is asked, if it is an older one."""
        return self.plan.question(tuple([each.root for each in together]), release)

    def body(
        self, together: Together, owners: list[str] | None = None, whose: str | None = None,
        release: int | None = None,
    ) -> bytes:  # fmt: skip
        """`owners`: committees of which copies are asked for. `whose`: who is asked for its own ids."""
        question = self.question(together, release)
        variables = {name: self.given[name] for name in question.variables if name in self.given}
        of: Collection[str] = (whose,) if whose else owners or ()
        for each in together:
            variables |= each.variables(of)
        copies = b"" if owners is None else b',"owners":%s' % orjson.dumps(owners)
        return b'{"query":%s,"variables":%s%s}' % (question.json, msgspec.json.encode(variables), copies)

    def equal(self, together: Together, verb: str, body: bytes, deadline: float) -> dict[bool, Hashable]:
        """What must be the same for another's question to be this one, at other committees (False) and at the caller's
        home (True); None: nobody else's is. Why so is in docs/decisions/0018.
        """
        nobody_elses: dict[bool, Hashable] = {False: None, True: None}
        caller, now = self.standpoint.caller, self.standpoint.now
        claims = caller.claims
        if self.plan.is_act or self.question(together).is_personal:
            return nobody_elses
        if claims is None:
            asker: Hashable = None
        elif FEDERATION in claims.aud and claims.exp - now.timestamp() > SHARED_UNTIL:
            asker = claims.iss, tuple(sorted(claims.roles))
        else:
            return nobody_elses
        # Questions whose deadlines differ by more than the double wait apart: who gives little would be joined in vain.
        patience = int(deadline * 1000).bit_length()
        return {False: (asker, verb, body, patience), True: (caller.token, verb, body, patience)}


@dataclass(frozen=True)
class Letter:
    """One body: the root fields it is about, and whom it is put to."""

    together: Together
    body: bytes
    to: list[str]
    release: int | None = None
    """Of those it is put to, if it is an older one."""
