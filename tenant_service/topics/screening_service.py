"""筛题: what the office does with a topic before it is taken up. One function, one use case, one transaction."""

from collections.abc import Sequence

from sync.contract.errors import Code, Refusal, Said
from sync.contract.ids import checked
from sync.contract.shapes.topics import ReturnReason, TopicCategory, TopicChannel, TopicRecord, TopicState
from tenant_service import wording
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.members import queries as members
from tenant_service.relations import links
from tenant_service.relations.kinds import Relation
from tenant_service.storage.unit_of_work import Unit
from tenant_service.topics import queries, rules
from tenant_service.topics.descriptions import Described, describe
from tenant_service.topics.entries import accepted, changed, fresh, recounted, revised, stepped
from tenant_service.topics.models import TopicRow
from tenant_service.topics.routing_service import routed
from tenant_service.topics.rules import Act

MOST_PARTS = 20
"""Of one split."""


def accept(unit: Unit, actor: Actor, id: str, told: Described) -> TopicRecord:
    """受理: the topic has the office's own title and summary, whoever raised it sees that it is accepted, and the rules
    of routing say who looks after it.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, BAD_VALUE, CLASSIFIED, BAD_ID.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    row = stepped(unit, actor, id, Act.ACCEPT)
    describe(unit, actor, row, told)
    accepted(unit, row)
    routed(unit, row)
    return changed(unit, actor, row, "topic.accept")


def turn_down(unit: Unit, actor: Actor, id: str, reason: ReturnReason, why: str) -> TopicRecord:
    """不予受理, with a reason of the list and in words, which whoever raised it reads.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    row = stepped(unit, actor, id, Act.RETURN, wording.reason(why))
    row.return_reason = reason
    return changed(unit, actor, row, "topic.turn_down")


def forward(unit: Unit, actor: Actor, id: str, to: str, why: str, unit_id: str | None = None) -> TopicRecord:
    """转交: somebody else handles it, within the committee (`unit_id`: one of its units) or outside; whoever raised it
    reads where and why. Each hand it went through stays in its history.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED, BAD_ID.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    within = members.unit(unit.session, actor, str(checked(unit_id))) if unit_id else None
    if unit_id and (within is None or within.committee_id != unit.committee):
        raise Refusal(Code.NOT_FOUND)
    name = within.name if within else wording.text("to", to, 80)
    row = stepped(unit, actor, id, Act.FORWARD, f"{name}：{wording.reason(why)}")
    row.forwarded_to, row.in_charge_id = name, within.id if within else None
    return changed(unit, actor, row, "topic.forward")


def merge(unit: Unit, actor: Actor, id: str, into: str, why: str) -> TopicRecord:
    """并案: the topic goes on as another one of ours, whose answer its reporters get.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED, BAD_ID; LINK_CYCLE, into
            itself; MERGED_ELSEWHERE, the other one takes no more; TOO_MANY_LINKS.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    target = _locked_in_order(unit, id, str(checked(into)))
    row = stepped(unit, actor, id, Act.MERGE, wording.reason(why))
    if target.id != row.id and target.state not in rules.TAKES_OTHERS:
        raise Refusal(Code.MERGED_ELSEWHERE, title=target.title, state=target.state)
    links.lay(unit, actor, row.id, Relation.MERGED_INTO, target.id)
    row.merged_into_id = target.id
    accepted(unit, row)
    _recount_onward(unit, target)
    return changed(unit, actor, row, "topic.merge")


def split(unit: Unit, actor: Actor, id: str, parts: Sequence[Described]) -> list[TopicRecord]:
    """拆分: each part goes on by itself, accepted, with whatever was reported; the topic itself is over.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, CLASSIFIED, BAD_ID; BAD_VALUE, also for fewer than two parts.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    if not 2 <= len(parts) <= MOST_PARTS:  # noqa: PLR2004 — one part is no split
        raise Refusal(Code.BAD_VALUE, field="parts", why=Said(f"须为2至{MOST_PARTS}个", f"from 2 to {MOST_PARTS}"))
    row = stepped(unit, actor, id, Act.SPLIT)
    made = [_part(unit, actor, row, each) for each in parts]
    changed(unit, actor, row, "topic.split")
    return made


def undo(unit: Unit, actor: Actor, id: str, why: str) -> TopicRecord:
    """撤销处理: what was returned, forwarded or merged is accepted after all.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    target = queries.ours(unit.session, id).merged_into_id
    other = _locked_in_order(unit, id, target) if target else None
    row = stepped(unit, actor, id, Act.UNDO, wording.reason(why))
    row.return_reason = row.forwarded_to = row.merged_into_id = row.in_charge_id = None
    accepted(unit, row)
    if other is not None:
        links.take_away(unit, row.id, Relation.MERGED_INTO)
        _recount_onward(unit, other)
    return changed(unit, actor, row, "topic.undo")


def store(unit: Unit, actor: Actor, id: str, category: TopicCategory) -> TopicRecord:
    """入库: the topic waits in the store (题库) under its category until it is selected.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    row = stepped(unit, actor, id, Act.STORE)
    row.category = category
    return changed(unit, actor, row, "topic.store")


def _part(unit: Unit, actor: Actor, whole: TopicRow, told: Described) -> TopicRecord:
    row = fresh(
        unit, actor, whole.source, whole.channel or TopicChannel.DESK, raised_at=whole.raised_at,
        raised_on=whole.raised_on, venue_id=whole.venue_id, state=TopicState.ACCEPTED, split_from_id=whole.id,
        accepted_at=unit.now, accept_by=whole.accept_by,
    )  # fmt: skip
    describe(unit, actor, row, told)
    unit.session.add(row)
    unit.session.flush()
    links.lay(unit, actor, row.id, Relation.SPLIT_FROM, whole.id)
    recounted(unit, row)
    taken.write(unit, actor, row.id, "split", None, row.state)
    return changed(unit, actor, row, "topic.part")


def _locked_in_order(unit: Unit, id: str, other: str) -> TopicRow:
    """Both topics, locked in the order of their ids, so that two merges at one moment never wait for each other; the
    second is returned.
    """
    rows = {each: queries.locked(unit.session, each) for each in sorted({id, other})}
    return rows[other]


def _recount_onward(unit: Unit, row: TopicRow) -> None:
    """What was merged into others counts there, too."""
    last = queries.locked(unit.session, links.last(unit.session, row.id, Relation.MERGED_INTO))
    for each in {row.id: row, last.id: last}.values():
        recounted(unit, each)
        revised(unit, each)
