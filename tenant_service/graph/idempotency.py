"""An act that is asked for twice is done once: the answer is stored with the act, under the caller's key."""

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from sync.contract import records
from sync.contract.errors import Code, Refusal
from sync.contract.ids import kind_of
from sync.contract.visibility import Visible
from tenant_service.identity.actor import Actor
from tenant_service.identity.models import IdempotencyRow
from tenant_service.storage.unit_of_work import Unit

T = TypeVar("T")
KEPT = dt.timedelta(days=7)


def once(unit: Unit, actor: Actor, name: str, key: str, arguments: dict[str, Any], act: Callable[[Unit], T]) -> T:
    """What `act` returns, or returned when it was done under this key. `act` returns a contract record.

    Raises:
        Refusal: IDEMPOTENCY_KEY_REUSED, the key was used for something else.
    """
    asked = hashlib.sha256(msgspec.json.encode([name, arguments], order="sorted")).hexdigest()
    known = unit.session.get(IdempotencyRow, (actor.iss, actor.sub, key[:160]))
    if known is not None and known.kept_until > unit.now:
        if known.digest != asked:
            raise Refusal(Code.IDEMPOTENCY_KEY_REUSED)
        told: dict[str, Any] = msgspec.json.decode(known.answer)
        found: T = records.read(kind_of(told["id"]), told)
        return found
    made = act(unit)
    answer = msgspec.json.encode(records.written(made, Visible.SUBJECT))
    row = IdempotencyRow(iss=actor.iss, sub=actor.sub, key=key[:160], digest=asked, answer=answer)
    row.kept_until = unit.now + KEPT
    unit.session.merge(row)
    return made
