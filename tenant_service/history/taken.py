"""Steps that were taken: written in the transaction in which the state changes, and never changed after.

A room changes a state by `take` and in no other way: whoever asks why a record stands where it does finds each step,
and where it led the next one goes on.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from sync.contract.kinds import Kind
from tenant_service.history.models import StepTakenRow
from tenant_service.identity.actor import Actor
from tenant_service.steps import Steps
from tenant_service.storage.personal import ERASED
from tenant_service.storage.unit_of_work import Unit

A = TypeVar("A", bound=StrEnum)


@dataclass(frozen=True)
class Step:
    """One step, as it is shown: codes of states are those of the record's own closed list."""

    seq: int
    at: dt.datetime
    act: str
    was: str | None
    now: str
    iss: str
    sub: str
    because: str | None


class Standing(Protocol):
    """A row that stands in a state."""

    id: Any
    state: Any


def take(
    unit: Unit, actor: Actor, row: Standing, steps: Steps[A, Any], act: A, because: str | None = None
) -> None:  # fmt: skip
    """The record stands where the act leads, and its history says so. The caller has locked it.

    Raises:
        Refusal: OUT_OF_TURN.
    """
    was, row.state = row.state, steps.after(act, row.state)
    write(unit, actor, row.id, act.value, was, row.state, because)


def write(
    unit: Unit, actor: Actor, subject: str, act: str, was: Kind | None, now: Kind, because: str | None = None
) -> None:
    """The first step of a record, or one that no table has. It stands behind all others; the caller has locked the
    record, so nobody writes beside it.
    """
    last = unit.session.scalar(select(func.max(StepTakenRow.seq)).where(StepTakenRow.subject == subject)) or 0
    unit.session.add(
        StepTakenRow(
            subject=subject, seq=last + 1, at=unit.now, act=act, was=was.value if was else None, now=now.value,
            iss=actor.iss, sub=actor.sub, because=because,
        )
    )  # fmt: skip
    unit.session.flush()


def of(session: Session, subject: str) -> list[Step]:
    """Every step of a record, oldest first."""
    rows = session.scalars(select(StepTakenRow).where(StepTakenRow.subject == subject).order_by(StepTakenRow.seq))
    return list(map(_shown, rows))


def latest(session: Session, begins: str, most: int) -> list[tuple[str, Step]]:
    """The newest steps of records whose id begins so, newest first, each with that id."""
    wanted = select(StepTakenRow).where(StepTakenRow.subject.startswith(begins, autoescape=True))
    rows = session.scalars(wanted.order_by(StepTakenRow.at.desc(), StepTakenRow.seq.desc()).limit(most))
    return [(row.subject, _shown(row)) for row in rows]


def since(session: Session, subjects: Sequence[str], now: Kind) -> dict[str, dt.datetime]:
    """When each of these records last came to stand there; one that never did is left out."""
    wanted = select(StepTakenRow.subject, func.max(StepTakenRow.at)).where(
        StepTakenRow.subject.in_(subjects), StepTakenRow.now == now.value
    )
    return dict(session.execute(wanted.group_by(StepTakenRow.subject)).all())


def none_since(
    subject: ColumnElement[str], acts: Collection[str], moment: ColumnElement[dt.datetime]
) -> ColumnElement[bool]:  # fmt: skip
    """Of a row about a record: none of these was done with the record after that moment."""
    after = StepTakenRow.subject == subject, StepTakenRow.act.in_(acts), StepTakenRow.at > moment
    return ~select(StepTakenRow.seq).where(*after).exists()


def count(session: Session, begins: str, act: str, since: dt.datetime) -> int:
    """How often this was done since that moment with records whose id begins so, also with those that are gone."""
    held = (StepTakenRow.subject.startswith(begins, autoescape=True), StepTakenRow.act == act, StepTakenRow.at >= since)
    return session.scalar(select(func.count()).select_from(StepTakenRow).where(*held)) or 0


def forget_reasons(unit: Unit, subject: str) -> int:
    """What was typed as a reason is gone from the steps of a record whose personal data is erased; how many had one."""
    kept = (StepTakenRow.subject == subject, StepTakenRow.because.is_not(None), StepTakenRow.because != ERASED)
    found = unit.session.scalars(select(StepTakenRow.seq).where(*kept)).all()
    unit.session.execute(update(StepTakenRow).where(*kept).values(because=ERASED))
    return len(found)


def _shown(row: StepTakenRow) -> Step:
    return Step(row.seq, row.at, row.act, row.was, row.now, row.iss, row.sub, row.because)
