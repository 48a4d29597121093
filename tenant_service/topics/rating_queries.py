"""评价: what reporters said of answers, each of a topic that the report stands as."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from sync.contract.shapes.items import Satisfaction
from sync.contract.shapes.topics import TopicState
from tenant_service.topics import queries
from tenant_service.topics.models import TopicRatingRow, TopicReporterRow, TopicRow
from tenant_service.topics.rules import is_of


@dataclass(frozen=True)
class Said:
    """What one reporter said of the answer to one topic; `counts`: of the answer that stands."""

    reporter: TopicReporterRow
    rating: TopicRatingRow
    counts: bool


@dataclass(frozen=True)
class Counted:
    """How many of those who reported a topic think what of the answer that stands."""

    reporters: int
    satisfied: int
    dissatisfied: int


def of_topic(session: Session, row: TopicRow) -> list[Said]:
    """Whatever was said of the topic's answers, the newest word first; of one that was split, of all its parts."""
    ends = _ends(session, row)
    wanted = (
        select(TopicReporterRow, TopicRatingRow)
        .join(TopicReporterRow, TopicReporterRow.id == TopicRatingRow.reporter_id)
        .where(TopicRatingRow.topic_id.in_(ends), TopicReporterRow.topic_id.in_(queries.gathered(session, row.id)))
    )
    found = [
        Said(reporter, rating, is_of(ends[rating.topic_id].closed_at, rating.rated_at))
        for reporter, rating in session.execute(wanted)
    ]
    return sorted(found, key=lambda each: (_newest(each.rating), each.reporter.id), reverse=True)


def counted(session: Session, row: TopicRow) -> Counted:
    """Of one that was split, a reporter is satisfied who is so with every part that they rated."""
    said: dict[str, set[Satisfaction]] = {}
    for each in of_topic(session, row):
        if each.counts and each.rating.rating is not None:
            said.setdefault(each.reporter.id, set()).add(each.rating.rating)
    dissatisfied = sum(Satisfaction.DISSATISFIED in ratings for ratings in said.values())
    return Counted(len(queries.reports(session, row.id)), len(said) - dissatisfied, dissatisfied)


def counted_of(session: Session, wanted: queries.Wanted) -> Counted:
    """The same of all topics of ours that are wanted and were answered; one that was split counts by its parts. For the
    office.
    """
    asked = select(func.sum(TopicRow.reporters), func.sum(TopicRow.satisfied), func.sum(TopicRow.dissatisfied)).where(
        TopicRow.closed_at.is_not(None), *queries.matching(TopicRow, wanted)
    )
    return Counted(*(each or 0 for each in session.execute(asked).one()))


def by_reporter(session: Session, reporter: str) -> dict[str, TopicRatingRow]:
    """Topic → what this reporter said of it."""
    wanted = select(TopicRatingRow).where(TopicRatingRow.reporter_id == reporter)
    return {each.topic_id: each for each in session.scalars(wanted)}


def for_department(session: Session, topic: str) -> Sequence[Said]:
    """What may be read by whoever handles a topic of ours: of those who agreed to it alone."""
    row = session.get(TopicRow, topic)
    return [each for each in of_topic(session, row) if each.rating.for_department] if row else []


def not_taken_over() -> Select[TopicReporterRow]:
    """Reports in which the release before wrote what no rating says."""
    its = TopicRatingRow.reporter_id == TopicReporterRow.id
    rated = select(TopicRatingRow.topic_id).where(its, TopicRatingRow.rated_at >= TopicReporterRow.rated_at)
    said = select(TopicRatingRow.topic_id).where(its, TopicRatingRow.unsettled_at.is_not(None))
    return (
        select(TopicReporterRow)
        .where(or_(
            and_(TopicReporterRow.rating.is_not(None), ~rated.exists()),
            and_(TopicReporterRow.unsettled_at.is_not(None), ~said.exists()),
        ))
        .order_by(TopicReporterRow.id)
    )  # fmt: skip


def is_later(one: dt.datetime | None, other: dt.datetime | None) -> bool:
    """Whether something was said, and after what was said before."""
    return one is not None and (other is None or one > other)


def wholes(session: Session, id: str) -> set[str]:
    """Topics that were split into this one, or into what was merged into it."""
    above = queries.gathered(session, id) - {id}
    wanted = select(TopicRow.id).where(TopicRow.id.in_(above), TopicRow.state == TopicState.SPLIT)
    return set(session.scalars(wanted))


def of_reporters(session: Session, reporters: Iterable[str]) -> list[TopicRatingRow]:
    """All that these reporters said of answers."""
    return list(session.scalars(select(TopicRatingRow).where(TopicRatingRow.reporter_id.in_(set(reporters)))))


def _ends(session: Session, row: TopicRow) -> dict[str, TopicRow]:
    standing = queries.stands_as(session, row) if row.state is TopicState.SPLIT else [row]
    return {each.id: each for each in standing}


def _newest(said: TopicRatingRow) -> str:
    return max(at.isoformat() for at in (said.rated_at, said.unsettled_at) if at)
