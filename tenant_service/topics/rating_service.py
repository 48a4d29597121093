"""What a reporter says of an answer, by the code that they were given: 评价, and once 仍未解决.

Each is said of one topic that the report stands as, so a report that was split has an answer, a rating and a way back
for every part.
"""

from sync.contract.errors import Code, Refusal, Said
from sync.contract.instants import day_of
from sync.contract.shapes.items import Satisfaction
from sync.contract.shapes.topics import TopicState
from tenant_service import wording
from tenant_service.history import taken
from tenant_service.identity import audit
from tenant_service.storage.unit_of_work import Unit
from tenant_service.topics import queries, rating_queries, rules, tracking_queries
from tenant_service.topics.entries import changed, rated_anew, with_wholes
from tenant_service.topics.handling_service import taken_up_again
from tenant_service.topics.models import TopicRatingRow, TopicReporterRow, TopicRow
from tenant_service.topics.reporting_service import reporter
from tenant_service.topics.rules import Act

_MOST_WORDS = 500
"""Characters of a remark, and of what is not settled."""
_AT_ONCE = 500
"""Rows of one slice."""


def rate(
    unit: Unit, code: str, id: str, rating: Satisfaction, remark: str | None, *, for_department: bool = False
) -> None:  # fmt: skip
    """评价: what the reporter thinks of the answer that stands; said again, the last word counts. `id`: to which topic
    that the report stands as; `for_department`: whoever handles it may read what was said.

    Raises:
        Refusal: NO_SUCH_CODE; NOT_FOUND, the report is not of that topic; OUT_OF_TURN, there is no answer to be rated;
            BAD_VALUE, CLASSIFIED.
    """
    told = _by_code(unit, code)
    rows = with_wholes(unit, _standing(unit, told, id))
    row = rows[id]
    if row.state is not TopicState.CLOSED:
        raise Refusal(Code.OUT_OF_TURN, now=rules.public_step(row.state))
    words, mine = wording.optional("remark", remark, _MOST_WORDS), _said(unit, row, told)
    stands = mine.rating is rating and rules.is_of(row.closed_at, mine.rated_at)
    if stands and words in (None, mine.remark) and for_department is mine.for_department:
        return
    mine.rating, mine.rated_at, mine.remark, mine.for_department = rating, unit.now, words, for_department
    unit.session.flush()
    before = row.satisfied, row.dissatisfied
    rated_anew(unit, row, rows)
    if before == (row.satisfied, row.dissatisfied):
        audit.note(unit, reporter(unit.committee), "topic.rate", row.id)
    else:
        changed(unit, reporter(unit.committee), row, "topic.rate")


def unsettled(
    unit: Unit, code: str, id: str, words: str, days: int, *, for_department: bool = False
) -> None:  # fmt: skip
    """仍未解决: this topic is handled anew, and no other part of the report. It is said once of each, with what is not
    settled, within `days` days behind the answer.

    Raises:
        Refusal: NO_SUCH_CODE; NOT_FOUND, the report is not of that topic; UNSETTLED_SAID, UNSETTLED_LATE; OUT_OF_TURN,
            no answer stands; BAD_VALUE, also without words; CLASSIFIED.
    """
    told = _by_code(unit, code)
    row = queries.locked(unit.session, _standing(unit, told, id))
    mine = _said(unit, row, told)
    if mine.unsettled_at is not None:
        raise Refusal(Code.UNSETTLED_SAID)
    if row.state in (TopicState.CLOSED, TopicState.ARCHIVED) and row.answered_on is not None:
        until = rules.unsettled_until(tracking_queries.heard_on(unit.session, told, row.answered_on), days)
        if day_of(unit.now) > until or row.state is TopicState.ARCHIVED:
            raise Refusal(Code.UNSETTLED_LATE, days=days, until=until.isoformat())
    if row.state is not TopicState.CLOSED:
        raise Refusal(Code.OUT_OF_TURN, now=rules.public_step(row.state))
    if not words.strip():
        raise Refusal(Code.BAD_VALUE, field="unsettledWords", why=_WHAT)
    mine.unsettled_words = wording.text("unsettledWords", words, _MOST_WORDS)
    mine.unsettled_at, mine.for_department = unit.now, for_department
    actor = reporter(unit.committee)
    taken.take(unit, actor, row, rules.STATES, Act.UNSETTLED)
    taken_up_again(row)
    changed(unit, actor, row, "topic.unsettled")


_WHAT = Said("请写明哪些没有解决、希望怎样解决", "say what is not settled, and what should be done")


def take_over(unit: Unit) -> int:
    """What the release before wrote of ratings while this one was put in its place stands with the topics, too; how
    much that was. It writes into the report, and knows no topics.
    """
    told = 0
    for of in unit.session.scalars(rating_queries.not_taken_over().limit(_AT_ONCE)):
        for row in queries.stands_as(unit.session, unit.session.get_one(TopicRow, of.topic_id)):
            if row.closed_at is not None:
                told += _take_over(unit, of, row)
    return told


def _take_over(unit: Unit, of: TopicReporterRow, row: TopicRow) -> int:
    """Whether there was something of this topic."""
    steps = taken.of(unit.session, row.id)
    is_here = any(each.act == "unsettled" and each.at == of.unsettled_at for each in steps)
    if of.rating is None and not is_here:
        return 0
    said = _said(unit, row, of)
    if rating_queries.is_later(of.rated_at, said.rated_at):
        said.rating, said.rated_at = of.rating, of.rated_at
        said.remark = of.remark if of.unsettled_at is None else said.remark
    if is_here and said.unsettled_at is None:
        said.unsettled_at, said.unsettled_words = of.unsettled_at, of.remark
    is_new = said in unit.session.new or unit.session.is_modified(said)
    unit.session.flush()
    return int(is_new)


def _by_code(unit: Unit, code: str) -> TopicReporterRow:
    """The report, locked. Raises: Refusal NO_SUCH_CODE."""
    found = tracking_queries.by_code(unit.session, code)
    if found is None:
        raise Refusal(Code.NO_SUCH_CODE)
    return queries.REPORTS.locked(unit.session, found.id)


def _standing(unit: Unit, told: TopicReporterRow, id: str) -> str:
    """The id, of a topic that the report goes on as. Raises: Refusal NOT_FOUND."""
    standing = queries.stands_as(unit.session, unit.session.get_one(TopicRow, told.topic_id))
    if id not in {each.id for each in standing}:
        raise Refusal(Code.NOT_FOUND)
    return id


def _said(unit: Unit, row: TopicRow, told: TopicReporterRow) -> TopicRatingRow:
    """What this reporter said of the topic, or a row for it."""
    known = unit.session.get(TopicRatingRow, (row.id, told.id))
    if known is None:
        known = TopicRatingRow(topic_id=row.id, reporter_id=told.id, for_department=False)
        unit.session.add(known)
    return known
