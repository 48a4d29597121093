"""The one way out of an act on a record of ours: its new revision, whoever it is shared with, and the audit log."""

from collections.abc import Set as AbstractSet
from typing import Any, Protocol, TypeVar

from tenant_service.exchange.restoring import recovered
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.storage.unit_of_work import Unit

Record_co = TypeVar("Record_co", covariant=True)


class Revised(Protocol[Record_co]):
    """A row of ours that counts its revisions."""

    id: Any
    revision: Any
    changed_at: Any

    def record(self) -> Record_co: ...


def changed(
    unit: Unit, actor: Actor, row: Revised[Record_co], act: str, channels: AbstractSet[str] | None
) -> Record_co:  # fmt: skip
    """What somebody did stands in the audit log, and the record as it is now with whoever reads `channels`.

    `channels`: an empty set retracts it everywhere. None: nobody else is told of it by this act; of a kind that never
    leaves this committee nobody ever is.
    """
    made = revised(unit, row, channels)
    unit.session.flush()
    audit.note(unit, actor, act, row.id)
    recovered.look(unit, actor, row.id)
    return made


def revised(unit: Unit, row: Revised[Record_co], channels: AbstractSet[str] | None) -> Record_co:
    """The record has a new revision, and is told, without an act of its own: it follows from one that is noted."""
    row.revision += 1
    row.changed_at = unit.now
    made = row.record()
    if channels is not None:
        unit.session.flush()
        unit.publish(made, row.revision, channels)
    return made


def discarded(unit: Unit, actor: Actor, row: Revised[Record_co], act: str) -> Record_co:
    """What was never told to anybody is not there any more, and the log says who took it away; returns what it was."""
    was = row.record()
    unit.session.delete(row)
    unit.session.flush()
    unit.changed(row.id, row.revision, is_gone=True)
    audit.note(unit, actor, act, row.id)
    return was
