"""What whoever reported something is shown of what became of it, and what the desk has to tell them by phone."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, func, literal, not_, or_, select
from sqlalchemy.orm import Session

from sync.contract.instants import day_of
from sync.contract.shapes.items import Satisfaction
from sync.contract.shapes.topics import ReturnReason, TopicChannel, TopicState
from tenant_service.history import taken
from tenant_service.storage.personal import number
from tenant_service.topics import codes, queries, rating_queries, rules, stands, turn_rules
from tenant_service.topics.models import TopicRatingRow, TopicReporterRow, TopicRow, TopicStandingRow
from tenant_service.topics.rules import PublicStep
from tenant_service.topics.stands import any_standing
from tenant_service.topics.turn_rules import Turn

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
        may_rate: An answer stands that can be rated now; `rating`, `remark`: what this reporter said of it.
        unsettled_until: Until when it can be said once that the answer did not settle it; None: not or no longer.
        unsettled_at, unsettled_words: When it was said, and in which words.
        for_department: Whoever handles it may read what this reporter said.
        turn: Whose turn it is; None: nobody's, or their own.
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
    remark: str | None
    unsettled_until: dt.date | None
    unsettled_at: dt.datetime | None
    unsettled_words: str | None
    for_department: bool
    turn: Turn | None


def by_code(session: Session, code: str) -> TopicReporterRow | None:
    """The report with this code, as somebody typed it; None: there is none, or it was no code at all."""
    wanted = select(TopicReporterRow).where(TopicReporterRow.code_digest == codes.digest(code))
    return session.scalars(wanted).one_or_none()


def tracked(session: Session, reporter: TopicReporterRow, today: dt.date, days: int) -> list[Tracked]:
    """Of each topic that the report goes on as; `days`: within which 仍未解决 is said."""
    rows = queries.stands_as(session, session.get_one(TopicRow, reporter.topic_id))
    said = rating_queries.by_reporter(session, reporter.id)
    return [_tracked(session, reporter, row, said.get(row.id), _Day(today, days)) for row in rows]


@dataclass(frozen=True)
class _Day:
    today: dt.date
    days: int


def _tracked(
    session: Session, reporter: TopicReporterRow, row: TopicRow, mine: TopicRatingRow | None, on: _Day
) -> Tracked:
    steps = taken.of(session, row.id)
    said = {each.act: each.because for each in steps}
    step = rules.public_step(row.state)
    is_answered = row.state is TopicState.CLOSED
    heard = heard_on(session, reporter, row.answered_on) if is_answered and row.answered_on else None
    until = rules.unsettled_until(heard, on.days) if heard else None
    since = _since(steps) | {PublicStep.SUBMITTED: reporter.at}
    of_last = mine if mine and rules.is_of(row.closed_at, mine.rated_at) else None
    unsettled_at = mine.unsettled_at if mine else None
    may_until = until if until and on.today <= until and unsettled_at is None else None
    to = row.forwarded_to if step is PublicStep.FORWARDED else None
    return Tracked(
        row.id, row.title, step, since,
        row.return_reason, said.get(_BECAUSE.get(step, "")),
        to,
        row.answer, row.closed_at if row.answer else None, bool(row.answer) and step is PublicStep.HANDLED,
        is_answered, of_last.rating if of_last else None, of_last.remark if of_last else None,
        may_until,
        unsettled_at, mine.unsettled_words if mine else None, bool(mine and mine.for_department),
        turn_rules.public(
            step, day_of(since.get(step, reporter.at)), to,
            row.accept_by if step is PublicStep.SUBMITTED else None,
        ),
    )  # fmt: skip


def heard_on(session: Session, reporter: TopicReporterRow, answered_on: dt.date) -> dt.date:
    """Since when the reporter can read the answer: since it was given, or since their topic was merged into it."""
    return max(answered_on, joined_on(session, stands.onward(session, reporter.topic_id)) or answered_on)


def joined_on(session: Session, topics: Iterable[str]) -> dt.date | None:
    """The last day on which one of these topics was merged into another one; None: none was."""
    days = [day_of(each.at) for topic in topics for each in taken.of(session, topic) if each.act == "merge"]
    return max(days, default=None)


_BECAUSE = {PublicStep.NOT_ACCEPTED: "turn_down", PublicStep.FORWARDED: "forward"}
"""Public step → act of which the reporter reads the reason."""


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
    rows: list[TopicRow]
    news: str


_NEWS = case(
    (TopicRow.state == TopicState.RETURNED, PublicStep.NOT_ACCEPTED.value),
    (TopicRow.state == TopicState.FORWARDED, PublicStep.FORWARDED.value),
    (TopicRow.answer.is_not(None), PublicStep.ANSWERED.value),
    else_=PublicStep.ACCEPTED.value,
)


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
    wanted = select(TopicReporterRow).where(*_untold()).order_by(TopicReporterRow.at, TopicReporterRow.id).limit(most)
    return _told(session, list(session.scalars(wanted)))


def count_to_tell(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(TopicReporterRow).where(*_untold())) or 0


def telling(session: Session, reporter: TopicReporterRow) -> ToTell | None:
    """What this reporter is to hear; None: nothing new. Of a topic that was split, what is new of its parts."""
    wanted = select(TopicReporterRow).where(*_untold(), TopicReporterRow.id == reporter.id)
    return next(iter(_told(session, list(session.scalars(wanted)))), None)


def _told(session: Session, reporters: list[TopicReporterRow]) -> list[ToTell]:
    wanted = (
        select(TopicStandingRow.topic_id, TopicRow)
        .join(TopicRow, TopicRow.id == TopicStandingRow.stands_as_id)
        .where(TopicStandingRow.topic_id.in_({each.topic_id for each in reporters}))
        .order_by(TopicRow.id)
    )
    standing: dict[str, list[TopicRow]] = {}
    for topic, row in session.execute(wanted):
        standing.setdefault(topic, []).append(row)
    found = [(each, standing[each.topic_id]) for each in reporters]
    return [
        ToTell(each, rows, ",".join(sorted({news(row) for row in rows} - {""})) or PublicStep.SUBMITTED.value)
        for each, rows in found
    ]


def _untold() -> list[ColumnElement[bool]]:
    """Reports with a phone of which something is to be told: a step or an answer that was not told yet, or that it was
    turned down or forwarded, which was told and is so no more.
    """
    told = TopicReporterRow.told_step
    steps = literal(",").concat(told).concat(",")

    def says(step: ColumnElement[str]) -> ColumnElement[bool]:
        return steps.like(literal("%,").concat(step).concat(",%"))

    is_newer = and_(TopicRow.answer.is_not(None), TopicRow.closed_at > TopicReporterRow.told_at)
    is_new = any_standing(TopicRow.state != TopicState.RAISED, or_(told.is_(None), not_(says(_NEWS)), is_newer))
    undone = (
        and_(says(literal(step.value)), not_(any_standing(TopicRow.state == state)))
        for step, state in (
            (PublicStep.NOT_ACCEPTED, TopicState.RETURNED), (PublicStep.FORWARDED, TopicState.FORWARDED)
        )
    )  # fmt: skip
    return [TopicReporterRow.phone.is_not(None), or_(is_new, *undone)]


def left_by(session: Session, phone: str) -> list[tuple[TopicReporterRow, TopicRow]]:
    """Reports with which this phone was left, the newest first."""
    wanted = select(TopicReporterRow, TopicRow).join(TopicRow, TopicRow.id == TopicReporterRow.topic_id)
    wanted = wanted.where(TopicReporterRow.phone == number(phone)).order_by(TopicReporterRow.at.desc())
    return [(reporter, topic) for reporter, topic in session.execute(wanted.limit(MOST_OF_A_PHONE))]
