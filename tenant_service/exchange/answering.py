"""How requests of other committees are answered: each room says what it does with those about its records."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sync.contract.ids import Id
from sync.contract.shapes.requests import RequestKind, RequestRecord
from tenant_service.storage.unit_of_work import Unit


@dataclass(frozen=True)
class Waiting:
    """What a handler returns that took the request in, and leaves its decision to people: see `requests.decide`."""

    result_id: Id | None = None


Handler = Callable[[Unit, RequestRecord], Id | Waiting | None]
"""Does what is asked and returns the record that came of it, or `Waiting`; refuses with a `Refusal`."""
Handlers = Mapping[RequestKind, Handler]
