"""What clients send: sharing choices, and plain forms of inputs for rooms and for idempotency."""

from typing import Any

import msgspec
import strawberry

from sync.contract.channels import Scope, Share
from sync.contract.ids import Id
from tenant_service.graph.types import contract_enum

contract_enum(Scope)


@strawberry.input(description="One choice of whom a record is shared with.")
class ShareInput:
    scope: Scope
    target: Id | None = strawberry.field(
        default=None, description="The mechanism's id or the partner's, where the scope needs one."
    )


def shares_of(chosen: list[ShareInput]) -> list[Share]:
    return [Share(each.scope, each.target) for each in chosen]


def given(filter_: Any) -> dict[str, Any]:
    """The fields of an input that the client gave a value."""
    return {name: value for name, value in vars(filter_).items() if value is not strawberry.UNSET and value is not None}


def plain(**arguments: Any) -> dict[str, Any]:
    """Arguments as JSON values, to tell whether two requests are the same one."""
    told: dict[str, Any] = msgspec.to_builtins(arguments, enc_hook=_plain)
    return told


def _plain(value: Any) -> Any:
    return None if value is strawberry.UNSET else vars(value)
