"""Every read of this room."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from sync.contract.kinds import Kind
from sync.contract.shapes.activities import ActivityKind
from sync.contract.shapes.procedures import Need
from sync.contract.shapes.topics import TopicCategory, TopicRecord, TopicSource, TopicState
from tenant_service.activities import queries as activities
from tenant_service.exchange.sharing.at_home import OF_A_PERSON, AtHome, to_members, to_person
from tenant_service.exchange.sharing.shared_repository import SharedRepository
from tenant_service.files import queries as files
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.relations import links
from tenant_service.relations.kinds import Relation
from tenant_service.storage import search
from tenant_service.storage.repository import Repository
from tenant_service.topics import rules
from tenant_service.topics.models import (
    SeenTopicRow,
    TopicFollowRow,
    TopicHandRow,
    TopicProofRow,
    TopicReporterRow,
    TopicRow,
)
from tenant_service.topics.rules import Listed, Shown
from tenant_service.venues import queries as venues

RESEARCH = (ActivityKind.RESEARCH, ActivityKind.INSPECTION, ActivityKind.VISIT)
"""Kinds of activities by which a topic was looked into."""
CONSULTATION = (
    ActivityKind.THEMATIC_CONSULTATION, ActivityKind.BIMONTHLY_CONSULTATION, ActivityKind.COUNTERPART_CONSULTATION,
    ActivityKind.SECTOR_CONSULTATION, ActivityKind.PROPOSAL_CONSULTATION, ActivityKind.INVITED_CONSULTATION,
    ActivityKind.REMOTE_CONSULTATION, ActivityKind.ONLINE_DELIBERATION, ActivityKind.HALL_SESSION,
    ActivityKind.MICRO_CONSULTATION, ActivityKind.JOINT_SESSION,
)  # fmt: skip
"""Kinds of activities in which it was consulted about."""


class Late(Kind):
    """逾期: in what a topic of ours is behind."""

    ACCEPTING = "ACCEPTING", "受理告知逾期"
    STEP = "STEP", "议题步骤逾期"
    TRACKING = "TRACKING", "跟踪到期"


@dataclass(frozen=True)
class Wanted:
    """Which topics; everything given must hold. `late`: in this, on that day."""

    states: Sequence[TopicState] = ()
    sources: Sequence[TopicSource] = ()
    categories: Sequence[TopicCategory] = ()
    area_id: str | None = None
    venue_id: str | None = None
    procedure_id: str | None = None
    year: int | None = None
    text: str | None = None
    is_tracked: bool | None = None
    in_charge_id: str | None = None
    receiver_id: str | None = None
    late: tuple[Late, dt.date] | None = None


def matching(model: Any, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    listed = (model.state, wanted.states), (model.source, wanted.sources), (model.category, wanted.categories)
    found += [column.in_(values) for column, values in listed if values]
    equal = (
        (model.area_id, wanted.area_id), (model.venue_id, wanted.venue_id), (model.year, wanted.year),
        (model.procedure_id, wanted.procedure_id),
    )  # fmt: skip
    found += [column == value for column, value in equal if value]
    if wanted.text:
        found.append(
            model.title.contains(wanted.text, autoescape=True) | model.theme.contains(wanted.text, autoescape=True)
        )
    if wanted.is_tracked is not None:
        found.append(model.tracked_until.is_not(None) if wanted.is_tracked else model.tracked_until.is_(None))
    if wanted.receiver_id and model is TopicRow:
        found.append(received_by(wanted.receiver_id))
    if wanted.in_charge_id and model is TopicRow:
        found.append(TopicRow.in_charge_id == wanted.in_charge_id)
    if wanted.late and model is TopicRow:
        found += _late(*wanted.late)
    return found


def _late(behind: Late, day: dt.date) -> list[ColumnElement[bool]]:
    if behind is Late.ACCEPTING:
        return [TopicRow.state == TopicState.RAISED, TopicRow.accept_by < day]
    if behind is Late.STEP:
        return [TopicRow.state == TopicState.IN_PROCEDURE, TopicRow.step_due_on < day]
    return [TopicRow.state != TopicState.ARCHIVED, TopicRow.tracked_until <= day]


UNSCREENED = (TopicState.RAISED, TopicState.RETURNED)
"""States in which a topic is nobody's but the office's and of who raised it."""


def _recommended_by(person: str) -> ColumnElement[bool]:
    return TopicRow.id.in_(select(TopicReporterRow.topic_id).where(TopicReporterRow.person_id == person))


def received_by(person: str) -> ColumnElement[bool]:
    """Topics that wait for this member to look at them first: his own, and of venues for which he answers."""
    his = or_(TopicRow.receiver_id == person, TopicRow.receiver_id.in_(venues.kept_by(person)))
    return and_(TopicRow.state == TopicState.RAISED, his)


def looks_after(session: Session, id: str) -> str | None:
    """Unit, body or person of ours that looks after a topic; None: nobody, or a restored backup knows it no more."""
    found: str | None = session.scalar(select(TopicRow.in_charge_id).where(TopicRow.id == id))
    return found


def looked_after_by(id: str) -> Select[str]:
    """Topics of ours that this unit, body or person looks after, by their ids."""
    return select(TopicRow.id).where(TopicRow.in_charge_id == id)


def is_receiver(session: Session, actor: Actor, id: str) -> bool:
    """Whether the topic waits for the account's member to look at it first."""
    if actor.person is None or not actor.may(UseCase.RECEIVE_TOPICS):
        return False
    return session.scalar(select(TopicRow.id).where(TopicRow.id == id, received_by(actor.person))) is not None


_HOME = AtHome(
    ways=(
        to_members(TopicRow.state.not_in(UNSCREENED)),
        to_person(_recommended_by, *OF_A_PERSON),
        to_person(lambda person: TopicRow.in_charge_id == person, *OF_A_PERSON),
        to_person(received_by, *OF_A_PERSON, at_work=True),
    ),
)
"""Members see what was accepted, what they recommended and look after; they work on what they receive first."""
TOPICS: SharedRepository[TopicRow, SeenTopicRow, TopicRecord, Wanted] = SharedRepository(
    TopicRow, SeenTopicRow, matching, _HOME
)
listed, reaching, one, at_work = TOPICS.listed, TOPICS.reaching, TOPICS.one, TOPICS.at_work
ours, locked, newest_change = TOPICS.ours, TOPICS.locked, TOPICS.newest_change


# ── what came in ──

REPORTS: Repository[TopicReporterRow] = Repository(TopicReporterRow)


def reports(session: Session, topic: str) -> list[TopicReporterRow]:
    """反映 of a topic: its own, of those merged into it, and of what it was split from; the oldest first."""
    wanted = select(TopicReporterRow).where(TopicReporterRow.topic_id.in_(gathered(session, topic)))
    return list(session.scalars(wanted.order_by(TopicReporterRow.at, TopicReporterRow.id)))


def phones(session: Session, ids: Collection[str]) -> dict[str, str]:
    """Report → the phone that was left with it; without those of which none is kept. What leaves to them goes there; it
    is shown to nobody by this.
    """
    wanted = select(TopicReporterRow.id, TopicReporterRow.phone).where(TopicReporterRow.id.in_(ids))
    return {id: phone for id, phone in session.execute(wanted) if phone}


def gathered(session: Session, topic: str) -> set[str]:
    """The topic, all that was merged into it, and what it was split from."""
    found: set[str] = set()
    ahead = [topic]
    while ahead:
        at = ahead.pop()
        if at not in found:
            found.add(at)
            ahead += [
                *links.sources(session, at, Relation.MERGED_INTO),
                *links.targets(session, at, Relation.SPLIT_FROM),
            ]
    return found


def stands_as(session: Session, topic: TopicRow) -> list[TopicRow]:
    """What a reporter of the topic is shown: the one that it was merged into in the end, or all parts it was split
    into, or itself.
    """
    if topic.state is TopicState.MERGED:
        last = session.get(TopicRow, links.last(session, topic.id, Relation.MERGED_INTO))
        return stands_as(session, last) if last is not None and last.id != topic.id else [topic]
    if topic.state is TopicState.SPLIT:
        ids = links.sources(session, topic.id, Relation.SPLIT_FROM)
        parts = session.scalars(select(TopicRow).where(TopicRow.id.in_(ids)).order_by(TopicRow.id)).all()
        return [each for part in parts for each in stands_as(session, part)] or [topic]
    return [topic]


ALIKE = 0.34
"""So much of its title must be in what is said here for a topic to be shown as a similar one."""
MOST_ALIKE = 8
_MOST_LOOKED_AT = 50


def similar(session: Session, row: TopicRow) -> list[TopicRow]:
    """Topics of ours whose titles say nearly the same as this one or its reports, the most alike first; of what was
    merged, that which it went into.
    """
    said = "\n".join([row.title, *(each.words for each in reports(session, row.id))])
    ids = search.akin(session, "topic", said, _MOST_LOOKED_AT)
    own, found = gathered(session, row.id), dict[str, tuple[float, TopicRow]]()
    for each in session.scalars(select(TopicRow).where(TopicRow.id.in_(ids), TopicRow.id.not_in(own))):
        much = search.likeness(each.title, said)
        for standing in stands_as(session, each) if much >= ALIKE else ():
            if standing.id not in own and much > found.get(standing.id, (0.0, standing))[0]:
                found[standing.id] = much, standing
    best = sorted(found.values(), key=lambda each: (-each[0], each[1].id))
    return [each for _, each in best[:MOST_ALIKE]]


def takers(session: Session, row: TopicRow, states: Sequence[TopicState], most: int = 100) -> list[TopicRow]:
    """Other topics of ours that stand so, the newest change first: what a form offers."""
    wanted = select(TopicRow).where(TopicRow.state.in_(states), TopicRow.id != row.id)
    return list(session.scalars(wanted.order_by(TopicRow.changed_at.desc(), TopicRow.id).limit(most)))


# ── what a step needs ──


def shown(session: Session, row: TopicRow, *, answered: bool = False) -> Shown:
    """What the platform shows of a topic under way."""
    held = activities.kinds_held(session, activities_of(session, row.id))
    return Shown(
        decided=row.decided_by is not None, researched=bool(held & set(RESEARCH)),
        consulted=bool(held & set(CONSULTATION)), answered=answered or row.drafted_answer is not None,
        listed=Listed(row.items_agreed or 0, row.items_done or 0, row.items_open or 0, row.items_unassigned),
        by_hand=frozenset(each.need for each in proofs(session, row.id)),
        papers=tuple(each.name for each in files.of(session, row.id)),
    )  # fmt: skip


def activities_of(session: Session, topic: str) -> list[str]:
    """Activities that were held about the topic, the oldest link first."""
    return list(links.sources(session, topic, Relation.PART_OF))


def proofs(session: Session, topic: str) -> list[TopicProofRow]:
    """What the office said is there, by day."""
    wanted = select(TopicProofRow).where(TopicProofRow.topic_id == topic)
    return list(session.scalars(wanted.order_by(TopicProofRow.day, TopicProofRow.need)))


def proof(session: Session, topic: str, need: Need) -> TopicProofRow | None:
    return session.get(TopicProofRow, (topic, need))


def hands(session: Session, topic: str) -> list[TopicHandRow]:
    """To whom it was forwarded, one after the other."""
    wanted = select(TopicHandRow).where(TopicHandRow.topic_id == topic)
    return list(session.scalars(wanted.order_by(TopicHandRow.seq)))


# ── what other rooms ask ──


@dataclass(frozen=True)
class ListHead:
    """A topic as the room of its items needs it; `takes`: items may be put on its list now."""

    title: str
    state: TopicState
    takes: bool
    shares: tuple[str, ...]


def list_head(session: Session, id: str) -> ListHead:
    """Raises: Refusal NOT_FOUND; OUT_OF_TURN, it is handled on paper, so nothing is listed or called about it here."""
    row = ours(session, id)
    if row.state in rules.OFFLINE_STATES:
        raise Refusal(Code.OUT_OF_TURN, now=row.state)
    takes = row.state in (TopicState.IN_PROCEDURE, TopicState.REOPENED)
    return ListHead(row.title, row.state, takes, tuple(row.shares))


# ── who looks after them, and who follows ──

NOTHING_TO_DO = (
    *UNSCREENED[1:],
    TopicState.MERGED,
    TopicState.SPLIT,
    TopicState.CLOSED,
    TopicState.ARCHIVED,
    *rules.OFFLINE_STATES,
)
"""States in which nobody has anything to do about a topic."""


def is_followed(session: Session, actor: Actor, id: str) -> bool:
    """Whether the account follows the topic."""
    return session.get(TopicFollowRow, (id, actor.sub)) is not None


def to_receive(session: Session, actor: Actor, before: dt.date | None = None) -> int:
    """How many topics wait for the account's member to look at them first; `before`: those due before this day."""
    wanted = select(func.count()).select_from(TopicRow).where(received_by(actor.person or ""))
    return session.scalar(wanted.where(TopicRow.accept_by < before) if before else wanted) or 0


def looked_after(session: Session, actor: Actor) -> int:
    """How many topics under way the member behind the account looks after."""
    wanted = select(func.count()).select_from(TopicRow).where(
        TopicRow.in_charge_id == actor.person, TopicRow.state.not_in(NOTHING_TO_DO), *TOPICS.visible(actor)
    )  # fmt: skip
    return session.scalar(wanted) or 0


def news(session: Session, actor: Actor, most: int) -> list[TopicRow]:
    """Topics that the account follows and still may see, which changed since it looked; the newest change first."""
    wanted = select(TopicRow).join(TopicFollowRow, TopicFollowRow.topic_id == TopicRow.id)
    since = TopicFollowRow.sub == actor.sub, TopicRow.changed_at > TopicFollowRow.seen_at
    return list(
        session.scalars(wanted.where(*since, *TOPICS.visible(actor)).order_by(TopicRow.changed_at.desc()).limit(most))
    )


# ── counts ──


def takes_files(session: Session, id: str) -> bool:
    """Whether something may be attached to it: nothing is kept here of what is handled on paper."""
    return ours(session, id).state not in rules.OFFLINE_STATES


def by_state(session: Session) -> dict[TopicState, int]:
    """How many of our topics stand where."""
    return dict(session.execute(select(TopicRow.state, func.count()).group_by(TopicRow.state)).all())


def any_of(session: Session, persons: Sequence[str]) -> bool:
    """Whether one of these people recommended something."""
    wanted = select(TopicReporterRow.id).where(TopicReporterRow.person_id.in_(persons))
    return session.scalar(wanted.limit(1)) is not None


def late(session: Session, behind: Late, day: dt.date) -> int:
    """How many of our topics are behind in this."""
    return session.scalar(select(func.count()).select_from(TopicRow).where(*_late(behind, day))) or 0
