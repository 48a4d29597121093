"""履职台账: a member who recommended a topic is credited with it when it is accepted."""

from sqlalchemy import select

from sync.contract.ids import owner_of
from tenant_service.performance import ledger_service as ledger
from tenant_service.performance import queries as ledger_queries
from tenant_service.performance.ledger_service import Credit
from tenant_service.performance.rules import Deed
from tenant_service.storage.unit_of_work import Unit
from tenant_service.topics.models import TopicReporterRow, TopicRow

_AT_ONCE = 200
"""Reports of one slice."""


def credited(unit: Unit, row: TopicRow) -> None:
    """Whoever of ours recommended it is credited while it is accepted, on the day on which it was."""
    wanted = select(TopicReporterRow.person_id).where(
        TopicReporterRow.topic_id == row.id, TopicReporterRow.person_id.is_not(None)
    )
    for person in sorted({each for each in unit.session.scalars(wanted) if each}):
        _settle(unit, row, person)


def catch_up(unit: Unit) -> int:
    """What was accepted before the ledger was kept is credited; how many."""
    wanted = select(TopicRow, TopicReporterRow.person_id).join(
        TopicReporterRow, TopicReporterRow.topic_id == TopicRow.id
    ).where(
        TopicRow.accepted_on.is_not(None), TopicReporterRow.person_id.startswith(f"{unit.committee}.", autoescape=True),
        ~ledger_queries.has_lines(TopicRow.id, TopicReporterRow.person_id),
    )  # fmt: skip
    rows = unit.session.execute(wanted.limit(_AT_ONCE)).all()
    found = {(row.id, person): row for row, person in rows if person}
    return sum([_settle(unit, row, person) for (_, person), row in found.items()])


def _settle(unit: Unit, row: TopicRow, person: str) -> int:
    if owner_of(person) != unit.committee:
        return 0
    told = [Credit(Deed.TOPIC, row.accepted_on, row.title)] if row.accepted_on else []
    return ledger.settle(unit, person, row.id, row.revision, told)
