"""What is left here of a log that we may no longer read.

Open ones are frozen or removed, as this committee chose. Of a partner's sealed log, which speaks of persons, no byte
is kept: its owner cannot reach us any more when it erases somebody. What it told of our own people stays as our rooms
have it; what it asked for its own people is as if it had taken that back.
"""

from collections.abc import Collection

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from sync.contract.channels import parts_of
from tenant_service.exchange.copies import copies_of
from tenant_service.exchange.models import (
    CopyRow,
    CopyState,
    DeadLetterRow,
    FollowedState,
    ReadingRow,
    ReceivedRow,
    StashRow,
)
from tenant_service.exchange.projecting import Projector
from tenant_service.exchange.turns import take_turn
from tenant_service.storage.unit_of_work import Unit

OF_OUR_PEOPLE = ("participation", "answer")
"""Kinds that a partner tells of our own people: under their pseudonyms, and about what they did or asked."""


def leave(unit: Unit, projector: Projector, log: str, then: FollowedState) -> None:
    """Nothing more is taken in of the log, and no more of it is kept than may be."""
    session = unit.session
    session.execute(delete(StashRow).where(StashRow.log == log))
    if then is FollowedState.REMOVED or is_sealed(log):
        _drop(unit, projector, log, keeps_ours=then is not FollowedState.REMOVED)


def with_bytes(session: Session, logs: Collection[str]) -> list[str]:
    """Those of these sealed logs of which bytes are still here: an earlier release kept them."""
    sealed = [log for log in logs if is_sealed(log)]
    found = select(ReceivedRow.log).where(ReceivedRow.log.in_(sealed)).distinct() if sealed else None
    return [] if found is None else sorted(session.scalars(found))


def is_sealed(log: str) -> bool:
    """Whether its bodies are sealed to one partner."""
    return parts_of(log)[1].startswith("x_")


def _drop(unit: Unit, projector: Projector, log: str, *, keeps_ours: bool) -> None:
    session = unit.session
    take_turn(session, [parts_of(log)[0]])
    here = [CopyRow.log == log]
    if keeps_ours:
        of_others = ~or_(*(CopyRow.record.contains(f".{kind}.") for kind in OF_OUR_PEOPLE))
        here.append(of_others | (CopyRow.state != CopyState.SHOWN))
    touched = list(session.scalars(select(CopyRow.record).where(*here)))
    session.execute(delete(CopyRow).where(*here))
    for table in (ReadingRow, ReceivedRow, DeadLetterRow):
        session.execute(delete(table).where(table.log == log))
    projector.project(session, copies_of(session, touched), unit.now)
