"""Whom each root field of a request is put to, what it may cost, and how long it may take."""

from dataclasses import dataclass
from typing import Any

from gateway.federation.address import Standpoint
from gateway.federation.asking.putting import Putting
from gateway.federation.planning.given import Given
from gateway.federation.refused import AtRoot
from gateway.federation.roots.root import AskedRoot
from sync.contract.errors import Code, Refusal, Said
from sync.edge.budget import Limits

MIN_DEADLINE, MAX_DEADLINE = 50, 10_000
"""Milliseconds."""


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

    def of(self, given: Given, variables: dict[str, Any], standpoint: Standpoint) -> Putting:
        """The request, ready to be put. `variables` as the client sent them. Raises: AtRoot; Refusal TOO_COMPLEX."""
        asked, cost = list[AskedRoot](), 0
        for root, arguments in zip(given.plan.roots, given.arguments, strict=True):
            try:
                address = root.address(arguments, standpoint)
            except Refusal as cause:
                raise AtRoot(root.key, cause) from None
            asked.append(AskedRoot(root, address, given.values))
            cost += root.price(address)
        if cost > self.limits.cost:
            raise self._too_costly(cost)
        return Putting(given.plan, tuple(asked), variables, standpoint, self._deadline(given, asked, standpoint), cost)

    def _deadline(self, given: Given, asked: list[AskedRoot], standpoint: Standpoint) -> float:
        """Seconds. One answer goes back, when the most patient part of it is there."""
        waits = [each.address.wait for each in asked if each.address.wait is not None]
        if given.plan.is_act:
            waits = [self.act_deadline]
        if not waits:
            return self.deadline / 1000
        most = self.deadline if standpoint.caller.home is None else MAX_DEADLINE
        return min(max(MIN_DEADLINE, *waits), most) / 1000

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
