"""线下办理 (practice rule 4): what is classified is handled on paper, and only its place stands here, so that counts
stay right: a number given by the system, whose idea it was, the day and whether it is done. Nothing here takes a word.
One function, one use case, one transaction.
"""

import datetime as dt

from sqlalchemy import delete

from sync.contract.instants import day_of, midnight
from sync.contract.shapes.topics import TopicChannel, TopicRecord, TopicSource, TopicState
from tenant_service.exchange import way_out
from tenant_service.exchange.turns import take_turn
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.storage.unit_of_work import Unit
from tenant_service.topics import queries, rules, stands
from tenant_service.topics.entries import changed, fresh
from tenant_service.topics.models import TopicFollowRow, TopicRow
from tenant_service.topics.rules import OFFLINE, OfflineAct


def place(unit: Unit, actor: Actor, source: TopicSource, day: dt.date) -> TopicRecord:
    """登记线下办理: a matter that came in on that day has its place and its number, and nothing else.

    Raises:
        Refusal: FORBIDDEN; BAD_TIME, that day is to come.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    rules.not_ahead("day", day, day_of(unit.now))
    take_turn(unit.session, [unit.committee])  # one number after the other
    year = day_of(unit.now).year
    number = taken.count(unit.session, f"{unit.committee}.topic.", rules.PLACED, midnight(dt.date(year, 1, 1))) + 1
    row = fresh(
        unit, actor, source, TopicChannel.DESK, title=rules.offline_title(year, number), state=TopicState.OFFLINE,
        raised_at=midnight(day), raised_on=day, accepted_at=midnight(day), accepted_on=day,
    )  # fmt: skip
    row.channel = None
    unit.session.add(row)
    unit.session.flush()
    stands.stand(unit, row.id)
    taken.write(unit, actor, row.id, rules.PLACED, None, row.state)
    return changed(unit, actor, row, "topic.place_offline")


def finish(unit: Unit, actor: Actor, id: str, day: dt.date) -> TopicRecord:
    """线下办结: on that day.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN; BAD_TIME, that day is to come, or before it came in.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    row = _stepped(unit, actor, id, OfflineAct.FINISH)
    row.answered_on = rules.not_before("day", rules.not_ahead("day", day, day_of(unit.now)), row.raised_on)
    row.closed_at = midnight(day)
    return changed(unit, actor, row, "topic.finish_offline")


def resume(unit: Unit, actor: Actor, id: str) -> TopicRecord:
    """撤销办结: it is not done after all. Raises: Refusal FORBIDDEN, NOT_FOUND, OUT_OF_TURN."""
    actor.require(UseCase.HANDLE_TOPICS)
    row = _stepped(unit, actor, id, OfflineAct.RESUME)
    row.answered_on = row.closed_at = None
    return changed(unit, actor, row, "topic.resume_offline")


def discard(unit: Unit, actor: Actor, id: str) -> TopicRecord:
    """作废: there was no such matter, or it stands here twice. Its number is never given again; returns what it was.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    row = _stepped(unit, actor, id, OfflineAct.DISCARD)
    stands.forget(unit, id)
    unit.session.execute(delete(TopicFollowRow).where(TopicFollowRow.topic_id == id))
    return way_out.discarded(unit, actor, row, "topic.discard_offline")


def _stepped(unit: Unit, actor: Actor, id: str, act: OfflineAct) -> TopicRow:
    row = queries.locked(unit.session, id)
    taken.take(unit, actor, row, OFFLINE, act)
    return row
