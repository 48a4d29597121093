"""What stands in the place of an answer where there is none."""

from dataclasses import dataclass
from typing import Any

import orjson
from graphql import GraphQLError

from sync.contract.errors import Refusal
from sync.edge.documents import shown_invalid, shown_refusal


@dataclass(frozen=True)
class Answer:
    """A GraphQL response. Without data it is a request that could not be begun, and `status` says why."""

    body: bytes
    has_data: bool = True
    status: int = 200


class AtRoot(Exception):
    """A root field that is asked wrongly, so that the request has no answer. `key`: where the client would see it."""

    def __init__(self, key: str, cause: Exception) -> None:
        super().__init__(key)
        self.key, self.cause = key, cause


class Failed(Exception):
    """The request as a whole has no answer; `errors` say why."""

    def __init__(self, errors: list[dict[str, Any]], *, has_data: bool = False, status: int = 400) -> None:
        super().__init__()
        data = {"data": None} if has_data else {}
        self.answer = Answer(orjson.dumps(data | {"errors": errors}), has_data, 200 if has_data else status)


def instead(no: Failed | AtRoot | Refusal) -> Answer:
    """The answer where there is none."""
    match no:
        case Failed():
            return no.answer
        case AtRoot():
            return Failed([shown(no.cause) | {"path": [no.key]}], has_data=True).answer
        case _:
            return Failed([shown(no)], has_data=True).answer


def shown(refusal: Exception) -> dict[str, Any]:
    if isinstance(refusal, GraphQLError):
        return shown_invalid(refusal)
    assert isinstance(refusal, Refusal)
    return shown_refusal(refusal)
