"""Which topics reports stand as: kept in a table, so that it is one query who is to be told and whose phone is over."""

from typing import Any

from sqlalchemy import ColumnElement, delete, exists
from sqlalchemy.orm import Session

from tenant_service.relations import links
from tenant_service.relations.kinds import Relation
from tenant_service.storage.unit_of_work import Unit
from tenant_service.topics import queries
from tenant_service.topics.models import TopicReporterRow, TopicRow, TopicStandingRow


def stand(unit: Unit, id: str) -> None:
    """The topic, and whatever goes on as it, stand as they do now; whoever says so has locked them."""
    unit.session.flush()
    for each in sorted(queries.gathered(unit.session, id)):
        row = unit.session.get(TopicRow, each)
        if row is not None:
            forget(unit, each)
            ends = {end.id for end in queries.stands_as(unit.session, row)}
            unit.session.add_all(TopicStandingRow(topic_id=each, stands_as_id=end) for end in sorted(ends))
    unit.session.flush()


def forget(unit: Unit, id: str) -> None:
    """A topic that is gone, or that will be said to stand anew, stands as none."""
    unit.session.execute(delete(TopicStandingRow).where(TopicStandingRow.topic_id == id))


def onward(session: Session, id: str) -> set[str]:
    """The topic and all that it went on as, to the end: what counts its reports."""
    found: set[str] = set()
    ahead = [id]
    while ahead:
        at = ahead.pop()
        if at not in found:
            found.add(at)
            ahead += [
                *links.targets(session, at, Relation.MERGED_INTO),
                *links.sources(session, at, Relation.SPLIT_FROM),
            ]
    return found


def any_standing(*where: Any) -> ColumnElement[bool]:
    """Whether one of the topics that a report stands as is so; in a query of reports."""
    return (
        exists()
        .where(TopicStandingRow.topic_id == TopicReporterRow.topic_id, TopicRow.id == TopicStandingRow.stands_as_id)
        .where(*where)
    )
