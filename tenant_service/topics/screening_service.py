"""筛题: what the office does with a topic before it is taken up. One function, one use case, one transaction."""

import dataclasses
from collections.abc import Sequence

from sqlalchemy import select

from sync.contract.errors import Code, Refusal, Said
from sync.contract.ids import checked
from sync.contract.instants import day_of
from sync.contract.shapes.topics import ReturnReason, TopicCategory, TopicChannel, TopicRecord, TopicState
from tenant_service import wording
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.members import queries as members
from tenant_service.relations import links
from tenant_service.relations.kinds import Relation
from tenant_service.signing import reviews
from tenant_service.signing.rules import AtOnce
from tenant_service.storage.unit_of_work import Unit
from tenant_service.topics import crediting, queries, receiving_queries, rules, stands, tracking_queries
from tenant_service.topics.descriptions import Described, describe
from tenant_service.topics.entries import accepted, changed, fresh, recounted, revised, stepped
from tenant_service.topics.models import TopicHandRow, TopicRow
from tenant_service.topics.routing_service import routed
from tenant_service.topics.rules import Act

MOST_PARTS = 20
"""Of one split."""


def accept(unit: Unit, actor: Actor, id: str, told: Described) -> TopicRecord:
    """受理: the topic has the office's own title, summary and category, whoever raised it sees that it is accepted, and
    the rules of routing say who looks after it. One of ours to whom it was forwarded takes it up so, too, and looks
    after it.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, BAD_VALUE, CLASSIFIED, BAD_ID.
    """
    _require_screener(unit, actor, id)
    _require_ours(unit, id)
    row = stepped(unit, actor, id, Act.ACCEPT)
    before = row.category, row.area_id
    describe(unit, actor, row, told, is_screened=True)
    row.forwarded_to = None
    accepted(unit, row)
    routed(unit, row, before)
    return changed(unit, actor, row, "topic.accept")


def hand_on(unit: Unit, actor: Actor, id: str, person: str | None, why: str) -> TopicRecord:
    """移交首接: another member looks at it first; None: the desk does. Whoever receives it first may, and the office.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, NEEDS_REASON, CLASSIFIED, BAD_ID; BAD_VALUE, also for one who has no
            seat or no account here and would never see it.
    """
    _require_screener(unit, actor, id)
    if person and str(checked(person)) not in dict(receiving_queries.choices(unit.session, day_of(unit.now))):
        raise Refusal(Code.BAD_VALUE, field="personId", why=Said("须为有账号的在任委员", "a member with an account"))
    row = stepped(unit, actor, id, Act.HAND_ON, wording.reason(why))
    row.receiver_id = person
    return changed(unit, actor, row, "topic.hand_on")


def turn_down(unit: Unit, actor: Actor, id: str, reason: ReturnReason, why: str) -> TopicRecord:
    """不予受理, with a reason of the list and in words, which whoever raised it reads at once; it is reviewed after.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    row = stepped(unit, actor, id, Act.RETURN, wording.reason(why))
    row.return_reason = reason
    reviews.left_at_once(unit, actor, id, AtOnce.TOPIC_TURN_DOWN)
    return changed(unit, actor, row, "topic.turn_down")


def forward(unit: Unit, actor: Actor, id: str, to: str, why: str, unit_id: str | None = None) -> TopicRecord:
    """转交, also onward: somebody else handles it, within the committee (`unit_id`: one of its units) or outside.

    Whoever raised it reads where and why, at once; it is reviewed after. Each hand that it went through is kept.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED, BAD_ID.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    within = members.unit(unit.session, actor, str(checked(unit_id))) if unit_id else None
    if unit_id and (within is None or within.committee_id != unit.committee):
        raise Refusal(Code.NOT_FOUND)
    name = within.name if within else wording.text("to", to, 80)
    row = stepped(unit, actor, id, Act.FORWARD, wording.reason(why))
    last = len(queries.hands(unit.session, id))
    unit.session.add(TopicHandRow(topic_id=id, seq=last + 1, given_to=name, unit_id=within.id if within else None))
    row.forwarded_to, row.in_charge_id = name, within.id if within else None
    reviews.left_at_once(unit, actor, id, AtOnce.TOPIC_FORWARD)
    return changed(unit, actor, row, "topic.forward")


def merge(unit: Unit, actor: Actor, id: str, into: str, why: str) -> TopicRecord:
    """并案: the topic goes on as another one of ours, whose answer its reporters get.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED, BAD_ID, BUSY; LINK_CYCLE, into
            itself; MERGED_ELSEWHERE, the other one takes no more; TOO_MANY_LINKS.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    rows = _locked(unit, id, str(checked(into)))
    target = rows[str(into)]
    row = stepped(unit, actor, id, Act.MERGE, wording.reason(why))
    if target.id != row.id and target.state not in rules.TAKES_OTHERS:
        raise Refusal(Code.MERGED_ELSEWHERE, title=target.title, state=target.state)
    links.lay(unit, actor, row.id, Relation.MERGED_INTO, target.id)
    row.merged_into_id = target.id
    accepted(unit, row)
    stands.stand(unit, row.id)
    _recount(unit, rows, target.id)
    return changed(unit, actor, row, "topic.merge")


def split(unit: Unit, actor: Actor, id: str, parts: Sequence[Described]) -> list[TopicRecord]:
    """拆分: each part goes on by itself, accepted, with whatever was reported, under the same category where it names
    none; the topic itself is over.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, CLASSIFIED, BAD_ID; BAD_VALUE, also for fewer than two parts.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    if not 2 <= len(parts) <= MOST_PARTS:  # noqa: PLR2004 — one part is no split
        raise Refusal(Code.BAD_VALUE, field="parts", why=Said(f"须为2至{MOST_PARTS}个", f"from 2 to {MOST_PARTS}"))
    _locked(unit, id)
    row = stepped(unit, actor, id, Act.SPLIT)
    made = [_part(unit, actor, row, each) for each in parts]
    stands.stand(unit, row.id)
    changed(unit, actor, row, "topic.split")
    return made


def undo(unit: Unit, actor: Actor, id: str, why: str) -> TopicRecord:
    """撤销处理: what was returned, forwarded or merged is accepted after all; a report that the office has not worded
    yet waits to be screened, and is shared with nobody.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    rows = _locked(unit, id)
    target = queries.ours(unit.session, id).merged_into_id
    row, is_worded = rows[id], _is_worded(unit, rows[id])
    taken.take(unit, actor, row, rules.STATES if is_worded else rules.UNREAD, Act.UNDO, wording.reason(why))
    if row.forwarded_to is not None:  # what it was forwarded to looked after it
        row.in_charge_id = None
    row.return_reason = row.forwarded_to = row.merged_into_id = None
    if is_worded:
        accepted(unit, row)
    else:
        row.accepted_at, row.accepted_on, row.shares = None, None, []
        crediting.credited(unit, row)
    if target is not None:
        links.take_away(unit, row.id, Relation.MERGED_INTO)
        stands.stand(unit, row.id)
        _recount(unit, rows, target)
    return changed(unit, actor, row, "topic.undo")


_WORDING = (Act.ACCEPT.value, Act.SPLIT.value)
"""Acts with which a topic has the title that the office gave it; a part of what was split begins with one."""


def _is_worded(unit: Unit, row: TopicRow) -> bool:
    """Whether the title is the office's, and not the one that a report has until it is accepted."""
    steps = taken.of(unit.session, row.id)
    return row.channel not in tracking_queries.BY_ANYBODY or any(each.act in _WORDING for each in steps)


def store(unit: Unit, actor: Actor, id: str, category: TopicCategory) -> TopicRecord:
    """入库: the topic waits in the store (题库) under its category until it is selected.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    row = stepped(unit, actor, id, Act.STORE)
    row.category = category
    return changed(unit, actor, row, "topic.store")


def _require_screener(unit: Unit, actor: Actor, id: str) -> None:
    """Raises: Refusal FORBIDDEN, the actor is neither of the office nor receives this topic first."""
    if actor.may(UseCase.HANDLE_TOPICS):
        return
    actor.require(UseCase.RECEIVE_TOPICS)
    if not queries.is_receiver(unit.session, actor, id):
        raise Refusal(Code.FORBIDDEN)


def _require_ours(unit: Unit, id: str) -> None:
    """Raises: Refusal OUT_OF_TURN, it was forwarded to somebody outside, who is not the committee."""
    row, hands = queries.locked(unit.session, id), queries.hands(unit.session, id)
    if row.state is TopicState.FORWARDED and not (hands and hands[-1].unit_id):
        raise Refusal(Code.OUT_OF_TURN, now=row.state)


def _part(unit: Unit, actor: Actor, whole: TopicRow, told: Described) -> TopicRecord:
    row = fresh(
        unit, actor, whole.source, whole.channel or TopicChannel.DESK, raised_at=whole.raised_at,
        raised_on=whole.raised_on, venue_id=whole.venue_id, state=TopicState.ACCEPTED, split_from_id=whole.id,
        accepted_at=unit.now, accept_by=whole.accept_by,
    )  # fmt: skip
    describe(unit, actor, row, dataclasses.replace(told, category=told.category or whole.category))
    unit.session.add(row)
    unit.session.flush()
    links.lay(unit, actor, row.id, Relation.SPLIT_FROM, whole.id)
    stands.stand(unit, row.id)
    recounted(unit, row)
    taken.write(unit, actor, row.id, "split", None, row.state)
    return changed(unit, actor, row, "topic.part")


_TRIES = 5
"""So often a chain is looked at again that another act changed while its topics were waited for."""


def _locked(unit: Unit, id: str, into: str | None = None) -> dict[str, TopicRow]:
    """Every topic that the act has to do with, locked in the order of their ids, so that two acts at one moment never
    wait for each other. Who they are is read before; where that changed while one of them was waited for, all are let
    go and it is read again.

    Raises:
        Refusal: NOT_FOUND; BUSY, they are changed all the time.
    """
    for _ in range(_TRIES):
        found = _concerned(unit, id, into)
        try:
            with unit.attempt():
                rows = {each: queries.locked(unit.session, each) for each in sorted(found)}
                _require_same(found, _concerned(unit, id, into))
                return rows
        except _ChangedMeanwhileError:
            continue
    raise Refusal(Code.BUSY, seconds=1)


class _ChangedMeanwhileError(Exception):
    """Links were laid or taken away while their topics were waited for."""


def _require_same(locked: set[str], concerned: set[str]) -> None:
    if not concerned <= locked:
        raise _ChangedMeanwhileError


def _concerned(unit: Unit, id: str, into: str | None) -> set[str]:
    """The topic, whatever goes on as it, and all that it goes on as now and when it is merged, as far as it is here."""
    linked = queries.gathered(unit.session, id) | stands.onward(unit.session, id)
    linked |= stands.onward(unit.session, into) if into else set()
    here = unit.session.scalars(select(TopicRow.id).where(TopicRow.id.in_(linked)))
    return {id, *here} | ({into} if into else set())


def _recount(unit: Unit, rows: dict[str, TopicRow], id: str) -> None:
    """What was merged into others counts there, too, and wherever those went on."""
    for each in sorted(stands.onward(unit.session, id) & set(rows)):
        recounted(unit, rows[each])
        revised(unit, rows[each])
