"""An act that is asked for twice is done once: the answer is stored with the act, under the caller's key."""

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from sqlalchemy import delete, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from sync.contract import records
from sync.contract.errors import Code, Refusal
from sync.contract.ids import kind_of
from sync.contract.visibility import Visible
from tenant_service.identity.actor import Actor
from tenant_service.identity.models import IdempotencyRow
from tenant_service.storage.unit_of_work import Unit

T = TypeVar("T")
KEPT = dt.timedelta(days=7)
AT_ONCE = 200
"""Rows of one slice: one act's worth of waiting for others, and below every database's limit of variables."""


def once(
    unit: Unit, actor: Actor, name: str, key: str, arguments: dict[str, Any], act: Callable[[Unit], T],
    kept_as: type[T] | None = None,
) -> T:  # fmt: skip
    """What `act` returns, or returned when it was done under this key. `act` returns a contract record, or a plain
    dataclass of the type `kept_as`.

    The key is taken before the act: whoever calls with it at the same moment waits, and has the same answer.

    Raises:
        Refusal: IDEMPOTENCY_KEY_REUSED, the key was used for something else.
    """
    asked = hashlib.sha256(msgspec.json.encode([name, arguments], order="sorted")).hexdigest()
    row = _taken(unit, actor, key[:160])
    if row.answer and row.kept_until > unit.now:
        if row.digest != asked:
            raise Refusal(Code.IDEMPOTENCY_KEY_REUSED)
        return _read(row.answer, kept_as)
    made = act(unit)
    row.digest, row.answer = asked, msgspec.json.encode(made if kept_as else records.written(made, Visible.SUBJECT))
    row.kept_until = unit.now + KEPT
    return made


def answered(unit: Unit, actor: Actor, key: str, kept_as: type[T]) -> T | None:
    """What was answered to this actor under this key, for a page that is shown after the act; None: nothing."""
    row = unit.session.get(IdempotencyRow, (actor.iss, actor.sub, key[:160]))
    try:
        return _read(row.answer, kept_as) if row is not None and row.answer else None
    except msgspec.ValidationError:  # the key was used for something else
        return None


def _read(answer: bytes, kept_as: type[T] | None) -> T:
    if kept_as is not None:
        return msgspec.json.decode(answer, type=kept_as)
    told: dict[str, Any] = msgspec.json.decode(answer)
    found: T = records.read(kind_of(told["id"]), told)
    return found


def forget(unit: Unit) -> int:
    """Answers that are kept no longer are gone, the oldest first, at most AT_ONCE of them; returns how many."""
    key = IdempotencyRow.iss, IdempotencyRow.sub, IdempotencyRow.key
    over = select(*key).where(IdempotencyRow.kept_until <= unit.now).order_by(IdempotencyRow.kept_until).limit(AT_ONCE)
    rows = unit.session.execute(over).all()
    if rows:
        unit.session.execute(delete(IdempotencyRow).where(tuple_(*key).in_([tuple(row) for row in rows])))
    return len(rows)


def _taken(unit: Unit, actor: Actor, key: str) -> IdempotencyRow:
    """The key's row, locked until the act is over; its answer is empty if nothing was done under it."""
    first = {"iss": actor.iss, "sub": actor.sub, "key": key, "digest": "", "answer": b"", "kept_until": unit.now}
    insert: Any = (postgresql if unit.session.get_bind().dialect.name == "postgresql" else sqlite).insert
    unit.session.execute(insert(IdempotencyRow).values(first).on_conflict_do_nothing())
    return unit.session.get_one(
        IdempotencyRow, (actor.iss, actor.sub, key), with_for_update=True, populate_existing=True
    )  # fmt: skip
