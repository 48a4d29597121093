"""Answers that are kept so that nothing is done twice, as far as they are somebody's own or tell of that person.

Of whom an answer tells is decided by ids alone: a name that stands somewhere in it may be anybody's. Contacts, who have
no ids, stand in no record that is answered.
"""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any

import msgspec
from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from sync.contract.ids import kind_of, owner_of
from sync.contract.records import RECORDS
from tenant_service.identity.models import IdempotencyRow
from tenant_service.storage.personal import Held, Whom, held

_KEY = tuple_(IdempotencyRow.iss, IdempotencyRow.sub, IdempotencyRow.key)


def about(session: Session, whom: Whom, own: Sequence[str]) -> list[Held]:
    """What was answered to the person's `own` accounts; and of answers to others that tell of the person how long they
    are kept, and no more: they are the others' acts, and what they tell stands in the records.
    """
    theirs = [(row.iss, row.sub, row.key) for row in _to_others(session, whom, own)]
    return [
        *held(session, IdempotencyRow, *_own(whom, own)),
        *held(session, IdempotencyRow, _KEY.in_(theirs), only=("kept_until",)),
    ]


def erase(session: Session, whom: Whom, own: Sequence[str]) -> int:
    """None says who the person was. Others' acts stay done: their answers are without what was personal."""
    mine = list(session.scalars(select(IdempotencyRow).where(*_own(whom, own))))
    others = list(_to_others(session, whom, own))
    for row in mine:
        session.delete(row)
    for row in others:
        told = msgspec.json.decode(row.answer)
        if _is_record(told):
            row.answer = msgspec.json.encode(_without(told))
        else:
            session.delete(row)
    session.flush()
    return len(mine) + len(others)


def _own(whom: Whom, own: Sequence[str]) -> tuple[Any, ...]:
    return IdempotencyRow.iss == owner_of(whom.id), IdempotencyRow.sub.in_(own)


def _to_others(session: Session, whom: Whom, own: Sequence[str]) -> Iterator[IdempotencyRow]:
    ids = {whom.id, *own}
    for row in session.scalars(select(IdempotencyRow).execution_options(yield_per=500)):
        if not (row.iss == owner_of(whom.id) and row.sub in own) and _has(_read(row.answer), ids):
            yield row


def _read(answer: bytes) -> Any:
    """None: nothing was done under the key yet."""
    return msgspec.json.decode(answer) if answer else None


def _has(told: Any, ids: set[str]) -> bool:
    """Whether one of these ids is a value here, at any depth."""
    match told:
        case str():
            return told in ids
        case dict():
            return any(_has(each, ids) for each in told.values())
        case list():
            return any(_has(each, ids) for each in told)
    return False


def _is_record(told: Any) -> bool:
    return isinstance(told, dict) and isinstance(told.get("id"), str) and kind_of(told["id"]) in RECORDS


def _without(told: dict[str, Any]) -> dict[str, Any]:
    """The record without what is personal; ids stay, for they say nothing by themselves."""
    personal = {each.name for each in fields(RECORDS[kind_of(told["id"])]) if each.metadata["personal"]}
    return {name: None if name in personal and not name.endswith("_id") else each for name, each in told.items()}
