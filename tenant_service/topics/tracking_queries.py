"""What whoever reported something is shown of what became of it, and what the desk has to tell them by phone."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from sync.contract.shapes.items import Satisfaction
from sync.contract.shapes.topics import ReturnReason, TopicChannel, TopicState
from tenant_service.history import taken
from tenant_service.topics import codes, queries, rules
from tenant_service.topics.models import TopicReporterRow, TopicRow
from tenant_service.topics.rules import PublicStep

BY_ANYBODY = (TopicChannel.QR, TopicChannel.WEB)
"""Doors that are open without an account."""
MOST_OF_A_PHONE = 50
MOST_TO_TELL = 200
"""Rows of one page; who was told leaves it."""


@dataclass(frozen=True)
class Tracked:
    """公开进度 of one topic, as its reporter reads it.

    Attributes:
        id: To say which of several is meant.
        since: Public step → when it was first reached, those that were.
        reason, why, to: Of what was returned or forwarded: by the list, in words, and where.
        answer: The last signed one; `is_open_again`: it is being handled anew.
        may_rate: An answer stands that can be rated now; `rating`: what this reporter said of it.
        unsettled_until: Until when it can be said once that the answer did not settle it; None: not or no longer.
    """

    id: str
    title: str
    step: PublicStep
    since: dict[PublicStep, dt.datetime]
    reason: ReturnReason | None
    why: str | None
    to: str | None
    answer: str | None
    answered_at: dt.datetime | None
    is_open_again: bool
    may_rate: bool
    rating: Satisfaction | None
    unsettled_until: dt.date | None


def by_code(session: Session, code: str) -> TopicReporterRow | None:
    """The report with this code, as somebody typed it; None: there is none, or it was no code at all."""
    wanted = select(TopicReporterRow).where(TopicReporterRow.code_digest == codes.digest(code))
    return session.scalars(wanted).one_or_none()


def tracked(session: Session, reporter: TopicReporterRow, today: dt.date, days: int) -> list[Tracked]:
    """Of each topic that the report goes on as; `days`: within which 仍未解决 is said."""
    rows = queries.stands_as(session, session.get_one(TopicRow, reporter.topic_id))
    return [_tracked(session, reporter, row, today, days) for row in rows]


def _tracked(session: Session, reporter: TopicReporterRow, row: TopicRow, today: dt.date, days: int) -> Tracked:
    steps = taken.of(session, row.id)
    said = {each.act: each.because for each in steps}
    step = rules.public_step(row.state)
    is_answered = row.state is TopicState.CLOSED
    until = rules.unsettled_until(row.answered_on, days) if is_answered and row.answered_on else None
    since = _since(steps) | {PublicStep.SUBMITTED: reporter.at}
    of_last = reporter.rated_at and row.closed_at and reporter.rated_at >= row.closed_at
    return Tracked(
        row.id, row.title, step, since,
        row.return_reason, said.get("turn_down") if step is PublicStep.NOT_ACCEPTED else None,
        row.forwarded_to if step is PublicStep.FORWARDED else None,
        row.answer, row.closed_at if row.answer else None, bool(row.answer) and step is PublicStep.HANDLED,
        is_answered, reporter.rating if of_last else None,
        until if until and today <= until and reporter.unsettled_at is None else None,
    )  # fmt: skip


def _since(steps: list[taken.Step]) -> dict[PublicStep, dt.datetime]:
    """When each public step was reached first; the answer: last."""
    found: dict[PublicStep, dt.datetime] = {}
    for each in steps:
        state = TopicState.known(each.now)
        step = rules.public_step(state) if state else PublicStep.SUBMITTED
        if step not in found or step is PublicStep.ANSWERED:
            found[step] = each.at
    return found


# ── limits ──


def came_in(session: Session, since: dt.datetime, venue: str | None = None) -> tuple[int, dt.datetime | None]:
    """How much came in without an account since then, at one venue or at all, and when the first of it did."""
    wanted = select(func.count(), func.min(TopicRow.raised_at)).where(
        TopicRow.raised_at > since, TopicRow.channel.in_(BY_ANYBODY), TopicRow.split_from_id.is_(None)
    )
    many, first = session.execute(wanted.where(TopicRow.venue_id == venue) if venue else wanted).one()
    return many, first


# ── the desk ──


@dataclass(frozen=True)
class ToTell:
    """Somebody who left a phone and is to hear of something."""

    reporter: TopicReporterRow
    topic: TopicRow
    rows: list[TopicRow]
    news: str


_NEWS = case(
    (TopicRow.state == TopicState.RETURNED, PublicStep.NOT_ACCEPTED.value),
    (TopicRow.state == TopicState.FORWARDED, PublicStep.FORWARDED.value),
    (TopicRow.answer.is_not(None), PublicStep.ANSWERED.value),
    else_=PublicStep.ACCEPTED.value,
)


_ELSEWHERE = (TopicState.MERGED, TopicState.SPLIT)


def _is_here_and(what: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(TopicRow.state.not_in(_ELSEWHERE), what)


def news(row: TopicRow) -> str:
    """What there is to be told of a topic: 受理告知, 不予受理, 转交 or the answer; "" before it was screened."""
    step = rules.public_step(row.state)
    if step in (PublicStep.NOT_ACCEPTED, PublicStep.FORWARDED):
        return step.value
    if row.answer is not None:
        return PublicStep.ANSWERED.value
    return "" if step is PublicStep.SUBMITTED else PublicStep.ACCEPTED.value


def to_tell(session: Session, most: int = MOST_TO_TELL) -> list[ToTell]:
    """Whoever left a phone and has not heard what there is to be told, the oldest report first."""
    found: list[ToTell] = []
    for reporter, topic in session.execute(_untold().order_by(TopicReporterRow.at, TopicReporterRow.id)):
        one = telling(session, reporter, topic)
        if one is not None and len(found) < most:
            found.append(one)
    return found


def telling(session: Session, reporter: TopicReporterRow, topic: TopicRow) -> ToTell | None:
    """What this reporter is to hear; None: nothing new. Of a topic that was split, what is new of its parts."""
    rows = queries.stands_as(session, topic)
    told = ",".join(sorted({each for row in rows if (each := news(row))}))
    heard = reporter.told_at
    is_newer = heard is not None and any(row.answer and row.closed_at and row.closed_at > heard for row in rows)
    return ToTell(reporter, topic, rows, told) if told and (told != reporter.told_step or is_newer) else None


def _untold() -> Select[TopicReporterRow, TopicRow]:
    """Reports with a phone of which something may be to be told; of merged and split ones it is seen one by one."""
    told, heard, into = TopicReporterRow.told_step, TopicReporterRow.told_at, aliased(TopicRow)
    is_changed = or_(heard.is_(None), into.changed_at >= heard, into.state.in_(_ELSEWHERE))
    has_moved = exists().where(into.id == TopicRow.merged_into_id, is_changed)
    is_elsewhere = or_(TopicRow.state == TopicState.SPLIT, and_(TopicRow.state == TopicState.MERGED, has_moved))
    is_newer = and_(TopicRow.answer.is_not(None), TopicRow.closed_at > heard)
    return (
        select(TopicReporterRow, TopicRow)
        .join(TopicRow, TopicRow.id == TopicReporterRow.topic_id)
        .where(
            TopicReporterRow.phone.is_not(None), TopicRow.state != TopicState.RAISED,
            or_(is_elsewhere, told.is_(None), _is_here_and(told != _NEWS), _is_here_and(is_newer)),
        )
    )  # fmt: skip


def left_by(session: Session, phone: str) -> list[tuple[TopicReporterRow, TopicRow]]:
    """Reports with which this phone was left, the newest first."""
    left = select(TopicReporterRow.id, TopicReporterRow.phone).where(TopicReporterRow.phone.is_not(None))
    same = [id for id, each in session.execute(left) if each and rules.same_number(phone, each)]
    wanted = select(TopicReporterRow, TopicRow).join(TopicRow, TopicRow.id == TopicReporterRow.topic_id)
    wanted = wanted.where(TopicReporterRow.id.in_(same[-MOST_OF_A_PHONE:])).order_by(TopicReporterRow.at.desc())
    return [(reporter, topic) for reporter, topic in session.execute(wanted)]
