"""What every kind of root field can do: from the question that is put for it to its piece of the answer."""

from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec
from graphql import FieldNode, is_non_null_type
from graphql.execution.values import VariableValues

from gateway.federation.address import Address, Standpoint, pages_of
from gateway.federation.answering.parts import Replies
from gateway.federation.answering.pieces import Piece
from gateway.federation.selecting.operation import Field
from gateway.federation.selecting.reading import Arguments


class Root(ABC):
    """One response key of the client's answer. Kept with its plan, and shared between requests.

    Attributes:
        key: Where the client sees it.
        name: Under which committees are asked for it, `r0`, `r1` …
        question: What they are asked.
        lifted: Variables of our own in the question; see `Field.lifted`.
        cost: Fields of one row, nested lists multiplied by their page sizes.
    """

    is_each_its_own = False
    """Whether each committee is asked for something else."""
    is_for_clients = True
    """Whether the question is in the schema that clients see, which says to whom each field is shown."""

    def __init__(self, field: Field) -> None:
        self.key, self.name, self.definition = field.key, field.name, field.definition
        self.lifted, self.cost, self._field = field.lifted, 1, field
        self.question: FieldNode = field.node

    @cached_property
    def _arguments(self) -> Arguments | None:
        return Arguments(self.definition, self._field.node) if self.definition else None

    @cached_property
    def is_required(self) -> bool:
        """Whether the whole answer is null without it."""
        return self.definition is not None and is_non_null_type(self.definition.type)

    def arguments(self, values: VariableValues) -> dict[str, Any]:
        """Raises: GraphQLError, they are none."""
        return self._arguments.values(values) if self._arguments else {}

    @abstractmethod
    def address(self, arguments: dict[str, Any], standpoint: Standpoint) -> Address:
        """Whom it is put to. Raises: Refusal, it is asked wrongly."""

    def price(self, address: Address) -> int:
        """Fields × page sizes × committees."""
        return self.cost * pages_of(address)

    def variables(self, address: Address, of: Collection[str]) -> dict[str, Any]:
        """Values of `lifted`. `of`: whose records are asked for, where that is said."""
        return {name: value for name, (_, value) in self.lifted.items()}

    def answered(self) -> tuple[Any, Any]:
        """Type and default of what a committee answers. (Not `Raw | None`: that decodes nothing but null.)"""
        return msgspec.Raw, msgspec.Raw(b"null")

    def spoilt(self, address: Address, data: Any) -> set[str]:
        """Owners of copies in what home answered that cannot be passed on."""
        return set()

    @abstractmethod
    def written(self, asked: "AskedRoot", replies: Replies, standpoint: Standpoint) -> Piece:
        """Its piece of the answer. Raises: Refusal, the whole request has none."""


@dataclass(eq=False, slots=True)
class AskedRoot:
    """A root field in one request: whom it is put to, with the request's values of variables."""

    root: Root
    address: Address
    values: VariableValues

    def variables(self, of: Collection[str]) -> dict[str, Any]:
        return self.root.variables(self.address, of)

    def written(self, replies: Replies, standpoint: Standpoint) -> Piece:
        """Raises: Refusal, the whole request has no answer."""
        return self.root.written(self, replies, standpoint)
