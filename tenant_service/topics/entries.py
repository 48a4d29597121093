"""How a topic comes to stand where it stands, and who is told of a change."""

from typing import Any

from sync.contract.instants import day_of
from sync.contract.shapes.topics import TopicChannel, TopicRecord, TopicSource, TopicState
from tenant_service.exchange import way_out
from tenant_service.exchange.sharing import choices
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.signing import acts as signing
from tenant_service.storage.unit_of_work import Unit
from tenant_service.topics import crediting, queries, rating_queries
from tenant_service.topics.models import TopicFollowRow, TopicRow
from tenant_service.topics.rules import NOTICE_WORKDAYS, STATES, Act
from tenant_service.workdays import queries as workdays


def fresh(
    unit: Unit, actor: Actor, source: TopicSource, channel: TopicChannel, within: int = NOTICE_WORKDAYS, **others: Any
) -> TopicRow:  # fmt: skip
    """A row of a topic that is raised now, not yet described. `within`: workdays in which 受理告知 is due; `others`:
    columns that are not empty.
    """
    today = day_of(unit.now)
    due = workdays.calendar(unit.session).after(today, within)
    columns = {each.name for each in TopicRow.__table__.columns}
    given: dict[str, Any] = {
        **dict.fromkeys(columns), **signing.drafted(actor), "id": unit.new_id("topic"),
        "committee_id": unit.committee, "state": TopicState.RAISED, "source": source, "channel": channel,
        "raised_at": unit.now, "raised_on": today, "reporters": 0, "items_agreed": 0, "items_done": 0,
        "items_open": 0, "satisfied": 0, "dissatisfied": 0, "reopened": 0, "photos": 0, "generalises_ids": None,
        "accept_by": due.day, "accept_by_is_estimate": due.is_estimate, "step_due_is_estimate": False, "shares": [],
        "revision": 0, "changed_at": unit.now,
    }  # fmt: skip
    return TopicRow(**given | others)


def stepped(unit: Unit, actor: Actor, id: str, act: Act, because: str | None = None) -> TopicRow:
    """Our topic, locked, where this act leads it; its history says so.

    Raises:
        Refusal: NOT_FOUND, OUT_OF_TURN.
    """
    row = queries.locked(unit.session, id)
    taken.take(unit, actor, row, STATES, act, because)
    return row


def standing(unit: Unit, id: str, act: Act) -> TopicRow:
    """Our topic, locked, in a state in which this may be done that leaves it there.

    Raises:
        Refusal: NOT_FOUND, OUT_OF_TURN.
    """
    row = queries.locked(unit.session, id)
    STATES.after(act, row.state)
    return row


def changed(unit: Unit, actor: Actor, row: TopicRow, act: str) -> TopicRecord:
    """A new revision, told to whom it is shared with, and noted."""
    return way_out.changed(unit, actor, row, act, choices.channels(row.shares))


def revised(unit: Unit, row: TopicRow) -> None:
    """The same, of what follows from an act that is noted."""
    way_out.revised(unit, row, choices.channels(row.shares))


def accepted(unit: Unit, row: TopicRow) -> None:
    """It says since when it is accepted; the first time counts."""
    if row.accepted_at is None:
        row.accepted_at, row.accepted_on = unit.now, day_of(unit.now)
    crediting.credited(unit, row)


def recounted(unit: Unit, row: TopicRow) -> None:
    """The row says how many reports came to it, and what their reporters think of the answer that stands."""
    found = rating_queries.counted(unit.session, row)
    row.reporters, row.satisfied, row.dissatisfied = found.reporters, found.satisfied, found.dissatisfied


def with_wholes(unit: Unit, id: str) -> dict[str, TopicRow]:
    """Our topic and those that were split into it, locked in the order of their ids. Raises: Refusal NOT_FOUND."""
    ids = {id, *rating_queries.wholes(unit.session, id)}
    return {each: queries.locked(unit.session, each) for each in sorted(ids)}


def rated_anew(unit: Unit, row: TopicRow, rows: dict[str, TopicRow]) -> None:
    """The row, and what was split into it, say what reporters think of the answers that stand now."""
    recounted(unit, row)
    for whole in (each for each in rows.values() if each is not row):
        before = whole.satisfied, whole.dissatisfied
        recounted(unit, whole)
        if before != (whole.satisfied, whole.dissatisfied):
            revised(unit, whole)


def followed(unit: Unit, actor: Actor, id: str) -> None:
    """The account follows it, as whoever recommends a topic does."""
    if unit.session.get(TopicFollowRow, (id, actor.sub)) is None:
        unit.session.add(TopicFollowRow(topic_id=id, sub=actor.sub, seen_at=unit.now))
        unit.session.flush()
