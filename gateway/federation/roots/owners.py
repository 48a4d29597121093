"""Records by `ids`: each owner is asked for its own, and what it shared with the caller's home stands in while it is
silent.
"""

from collections.abc import Collection
from typing import Any

import msgspec

from gateway.federation.address import Address, Standpoint
from gateway.federation.answering.gathered import gathered, ids_of
from gateway.federation.answering.parts import Replies, parts_of
from gateway.federation.answering.pieces import Piece
from gateway.federation.roots.root import AskedRoot, Root
from gateway.federation.selecting.operation import Field
from gateway.federation.selecting.shapes import item_of
from sync.contract.ids import few, owner_of


class Owners(Root):
    """Which ids are sent is known only when it is known whom they are sent to."""

    is_each_its_own = True

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.question = field.asking((*field.lift("ids"), field.left_open("ids")))
        self._ids = field.variable("ids")
        self.cost = field.cost(field.definition, field.node)
        self._shape = field.shape(item_of(field.type), field.node)

    def address(self, arguments: dict[str, Any], standpoint: Standpoint) -> Address:
        """Raises: Refusal TOO_MANY_IDS."""
        listed = standpoint.committees.listed
        owners = [id for id in dict.fromkeys(map(owner_of, few(arguments["ids"]))) if id in listed]
        return Address(arguments, owners, owners, may_stand_in=standpoint.caller.home is not None)

    def price(self, address: Address) -> int:
        return self.cost * len(address.arguments["ids"])

    def variables(self, address: Address, of: Collection[str]) -> dict[str, Any]:
        return super().variables(address, of) | {self._ids: ids_of(of, address.arguments["ids"])}

    def answered(self) -> tuple[Any, Any]:
        return list[msgspec.Raw] | None, None

    def written(self, asked: AskedRoot, replies: Replies, standpoint: Standpoint) -> Piece:
        sources, parts = parts_of(self.name, asked.address, replies, standpoint)
        return gathered(self.key, self.name, self._shape, asked.address.arguments["ids"], sources, parts)
