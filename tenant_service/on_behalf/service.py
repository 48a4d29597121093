"""代录, for whatever room the office enters something in, and what the member says to it. One function, one use case.

The entry stands beside the record and changes nothing of it: where a member objects, the office puts the record right
in its own room, and says here what was done.
"""

from collections.abc import Iterable

from sync.contract.errors import Code, Refusal
from sync.contract.ids import owner_of
from tenant_service import wording
from tenant_service.history import taken
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.notifications import service as notifications
from tenant_service.notifications.rules import NotificationKind
from tenant_service.on_behalf import queries
from tenant_service.on_behalf.models import EntryRow
from tenant_service.on_behalf.rules import STATES, Act, Entered, EntryState
from tenant_service.storage.unit_of_work import Unit

_ENTER = "enter"


# ── for other rooms ──


def entered(unit: Unit, actor: Actor, kind: Entered, record: str, people: Iterable[str | None], title: str) -> int:
    """代录: the actor entered this at `record` for each of these people, who are told and say whether it is right; for
    how many. What is one's own needs no word, and people of other committees are left to their home.

    The calling room has decided whether the actor may. `title`: what people call the record.
    """
    ours = {each for each in people if each and each != actor.person and owner_of(each) == unit.committee}
    for person in sorted(ours):
        row = queries.of(unit.session, record, person, kind)
        was = row.state if row else None
        if row is None:
            row = EntryRow(id=unit.new_id("entry"), record_id=record, person_id=person, kind=kind)
            unit.session.add(row)
        row.state, row.entered_by, row.entered_at, row.changed_at = (
            EntryState.TO_CONFIRM, actor.sub, unit.now, unit.now,
        )  # fmt: skip
        row.because = row.answer = None
        unit.session.flush()
        taken.write(unit, actor, row.id, _ENTER, was, row.state)
        audit.note(unit, actor, "entry.enter", row.id)
        words = f"工作人员为您代录：{kind.label}（{title}），请确认"
        notifications.tell(unit, [person], NotificationKind.ENTERED, row.id, words, by=actor)
    return len(ours)


# ── what the member says, and the office answers ──


def confirm(unit: Unit, actor: Actor, id: str) -> EntryRow:
    """确认: it is as the member wanted; also of what was objected to. Raises: Refusal FORBIDDEN, NOT_FOUND, also of
    another's; OUT_OF_TURN.
    """
    row = _own(unit, actor, id)
    taken.take(unit, actor, row, STATES, Act.CONFIRM)
    return _changed(unit, actor, row, "entry.confirm")


def object_to(unit: Unit, actor: Actor, id: str, why: str) -> EntryRow:
    """异议: it is not what the member wanted; whoever entered it, and whoever may settle it, knows.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, also of another's; OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED.
    """
    row = _own(unit, actor, id)
    said = wording.reason(why)
    taken.take(unit, actor, row, STATES, Act.OBJECT, said)
    row.because = said
    title = f"委员对代录有异议：{row.kind.label}"
    notifications.tell(unit, [row.entered_by], NotificationKind.ENTERED, row.id, title, said, by=actor)
    return _changed(unit, actor, row, "entry.object_to")


def settle(unit: Unit, actor: Actor, id: str, words: str) -> EntryRow:
    """处理异议: what the office did about it, in words that the member reads.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED.
    """
    actor.require(UseCase.SETTLE_ENTRIES)
    row = queries.locked(unit.session, id)
    said = wording.reason(words)
    taken.take(unit, actor, row, STATES, Act.SETTLE, said)
    row.answer = said
    title = f"您对代录的异议已处理：{row.kind.label}"
    notifications.tell(unit, [row.person_id], NotificationKind.ENTERED, row.id, title, said, by=actor)
    return _changed(unit, actor, row, "entry.settle")


# ── parts ──


def _own(unit: Unit, actor: Actor, id: str) -> EntryRow:
    actor.require(UseCase.CONFIRM_ENTRIES)
    row = queries.locked(unit.session, id)
    if row.person_id != actor.person:
        raise Refusal(Code.NOT_FOUND)
    return row


def _changed(unit: Unit, actor: Actor, row: EntryRow, act: str) -> EntryRow:
    row.changed_at = unit.now
    unit.session.flush()
    audit.note(unit, actor, act, row.id)
    return row
