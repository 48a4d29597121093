"""What this room holds of a person: who reported something, in which words, and how they are called back.

A member who recommended a topic is found by the pseudonym; anybody else, who has no id, by the whole phone: never by a
name, which strangers share.
"""

import datetime as dt

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.orm import Session

from sync.contract.shapes.topics import TopicState
from sync.edge.shell.words import say
from tenant_service.exchange import way_out
from tenant_service.exchange.sharing import choices
from tenant_service.files import queries as attached
from tenant_service.files import service as files
from tenant_service.history import taken
from tenant_service.signing import reviews
from tenant_service.storage.personal import ERASED, Held, HeldTable, Tables, Whom, called, has_phone, held
from tenant_service.storage.unit_of_work import Unit
from tenant_service.topics import queries, rating_queries
from tenant_service.topics.models import TopicRatingRow, TopicReporterRow, TopicRow
from tenant_service.topics.stands import any_standing

TABLES: Tables = (
    HeldTable(
        "topic_reporter", say("议题反映"), for_office=True, shows_phones=True,
        named=called(TopicReporterRow.name, TopicReporterRow.topic_id),
    ),
    HeldTable("topic_rating", say("议题评价"), for_office=True),
)  # fmt: skip
NOBODY_CALLS = (
    TopicState.RETURNED, TopicState.FORWARDED, TopicState.CLOSED, TopicState.ARCHIVED, TopicState.MERGED,
    TopicState.SPLIT, TopicState.OFFLINE, TopicState.OFFLINE_DONE,
)  # fmt: skip
"""States behind which nobody is called back any more, once they have lasted for a while. What was merged or split is
among them only where nothing is there any more that it went on as; else it is asked how that one stands.
"""
_BEFORE = ("rating", "rated_at", "remark", "unsettled_at")
"""Columns of a report in which ratings stood before they stood per topic."""
_AT_ONCE = 200
"""Rows of one slice."""


def about(session: Session, whom: Whom) -> list[Held]:
    theirs = select(TopicReporterRow.id).where(_theirs(whom))
    return [
        *held(session, TopicReporterRow, _theirs(whom), hidden=("code_digest", *_BEFORE)),
        *held(session, TopicRatingRow, TopicRatingRow.reporter_id.in_(theirs)),
    ]


def erase(unit: Unit, whom: Whom) -> int:
    """Who it was, and what was said in whose words, is gone with the photos; that somebody raised the topic stays."""
    rows = unit.session.scalars(select(TopicReporterRow).where(_theirs(whom))).all()
    for row in rows:
        row.words, row.remark = ERASED, None
        row.name = row.phone = row.place = row.person_id = None
        if files.drop(unit, row.topic_id, of_reporter=True):
            _recount(unit, row.topic_id)
        taken.forget_reasons(unit, row.topic_id)
        reviews.forget_reasons(unit, row.topic_id)
    for said in rating_queries.of_reporters(unit.session, {row.id for row in rows}):
        said.remark = said.unsettled_words = None
    return len(rows)


def _recount(unit: Unit, topic: str) -> None:
    """Others are told how many photos are left."""
    row = queries.locked(unit.session, topic)
    row.photos = sum(each.kind.is_picture for each in attached.of(unit.session, topic))
    way_out.revised(unit, row, choices.channels(row.shares))


def _theirs(whom: Whom) -> ColumnElement[bool]:
    return or_(TopicReporterRow.person_id == whom.id, has_phone(TopicReporterRow.phone, whom.phone))


# ── retention ──


def _over(day: dt.date) -> list[ColumnElement[bool]]:
    """Contacts of reporters of whose topics, as they stand now, all were over before this day; a name or a phone alone
    is enough.
    """
    over = and_(
        TopicRow.state.in_(NOBODY_CALLS),
        func.coalesce(TopicRow.answered_on, TopicRow.accepted_on, TopicRow.raised_on) < day,
        TopicRow.changed_at < dt.datetime.combine(day, dt.time(), dt.UTC),
    )  # fmt: skip
    there = or_(TopicReporterRow.phone.is_not(None), TopicReporterRow.name.is_not(None))
    return [there, any_standing(), not_(any_standing(not_(over)))]


def count_contacts(session: Session, day: dt.date) -> int:
    return session.scalar(select(func.count()).select_from(TopicReporterRow).where(*_over(day))) or 0


def forget_contacts(unit: Unit, day: dt.date) -> int:
    """Names and phones of some of them are gone; how many rows. What they reported stays."""
    rows = unit.session.scalars(select(TopicReporterRow).where(*_over(day)).limit(_AT_ONCE)).all()
    for row in rows:
        row.name = row.phone = None
    return len(rows)
