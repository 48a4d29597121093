"""履职台账: each author of a signed report is credited with it, with its adoption by the higher committee, and once
for each level and day on which it was recognised.

What no longer holds is a counter-line. Of other committees' recognitions those count that come from where the report
was sent: nobody else says what became of it.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.contract.ids import kind_of, owner_of
from sync.contract.instants import day_of
from sync.contract.shapes.recognitions import RecognitionState
from sync.contract.shapes.reports import ReportState
from tenant_service.exchange.copies import Seen
from tenant_service.history import taken
from tenant_service.notifications.service import Heard
from tenant_service.performance import ledger_service as ledger
from tenant_service.performance import queries as ledger_queries
from tenant_service.performance.ledger_service import Credit, Writing
from tenant_service.performance.rules import HANDED_IN, RECOGNISED, Deed
from tenant_service.reports.models import (
    RecognitionColumns,
    RecognitionRow,
    ReportAuthorRow,
    ReportRow,
    SeenRecognitionRow,
)
from tenant_service.storage.unit_of_work import Unit

_AT_ONCE = 200
"""Reports, and people who were recognised themselves, of one slice."""


def credited(writing: Writing, row: ReportRow) -> int:
    """The ledger says of each author of ours what has become of the report until now; how many lines that took."""
    if row.signed_on is None:
        return 0
    told = [Credit(HANDED_IN[row.kind], row.signed_on, row.title), *_adopted(writing.session, row)]
    told += _recognised(writing.session, row)
    return sum(ledger.settle(writing, each, row.id, row.revision, told) for each in _authors(writing.session, row.id))


def recognised(writing: Writing, row: RecognitionColumns) -> int:
    """Whose work or who was recognised, or is not after all, is credited by that."""
    if row.subject_id is None:
        return 0
    if kind_of(row.subject_id) == "report":
        report = writing.session.get(ReportRow, row.subject_id)
        return credited(writing, report) if report else 0
    if kind_of(row.subject_id) != "person" or row.committee_id != writing.committee:
        return 0
    holds = row.state is RecognitionState.CONFIRMED
    told = [Credit(RECOGNISED[row.kind], row.day, row.title, row.level.value)] if holds else []
    return ledger.settle(writing, row.subject_id, row.id, row.revision, told)


def follow_recognition(session: Session, told: Seen) -> None:
    """The higher committee recognised a report of ours, or does so no longer: it tells nothing of what it withdrew."""
    row = session.get(SeenRecognitionRow, told.id)
    if row is not None and row.subject_id is not None:
        recognised(Heard(session, owner_of(row.subject_id), told.as_of), row)
    elif told.record is None:
        for report in session.scalars(select(ReportRow).where(ReportRow.sent_to == told.owner)).all():
            credited(Heard(session, report.committee_id, told.as_of), report)


def catch_up(unit: Unit) -> int:
    """What was signed, and who was recognised, before it was credited; how many lines."""
    ours = f"{unit.committee}."
    signed = select(ReportRow).join(ReportAuthorRow, ReportAuthorRow.report_id == ReportRow.id).where(
        ReportRow.signed_on.is_not(None), ReportAuthorRow.person_id.startswith(ours, autoescape=True),
        ~ledger_queries.has_lines(ReportRow.id, ReportAuthorRow.person_id),
    )  # fmt: skip
    people = select(RecognitionRow).where(
        RecognitionRow.state == RecognitionState.CONFIRMED,
        RecognitionRow.subject_id.startswith(f"{ours}person.", autoescape=True),
        ~ledger_queries.has_lines(RecognitionRow.id, RecognitionRow.subject_id),
    )
    done = sum(credited(unit, row) for row in unit.session.scalars(signed.limit(_AT_ONCE)).unique().all())
    return done + sum(recognised(unit, row) for row in unit.session.scalars(people.limit(_AT_ONCE)).all())


def _authors(session: Session, report: str) -> Sequence[str]:
    wanted = select(ReportAuthorRow.person_id).where(
        ReportAuthorRow.report_id == report, ReportAuthorRow.person_id.is_not(None)
    )
    return sorted({each for each in session.scalars(wanted) if each})


def _adopted(session: Session, row: ReportRow) -> list[Credit]:
    """采用, on the day on which it was heard of."""
    found = taken.since(session, [row.id], ReportState.ADOPTED).get(row.id)
    return [Credit(Deed.ADOPTED, day_of(found), row.title)] if found else []


def _recognised(session: Session, row: ReportRow) -> list[Credit]:
    """Of the same level on the same day once, whoever wrote it down."""
    found: list[RecognitionColumns] = []
    for model in (RecognitionRow, SeenRecognitionRow):
        found += session.scalars(select(model).where(
            model.subject_id == row.id, model.state == RecognitionState.CONFIRMED,
            model.committee_id.in_((row.committee_id, row.sent_to or row.committee_id)),
        ))  # fmt: skip
    return [Credit(RECOGNISED[each.kind], each.day, row.title, each.level.value) for each in found]
