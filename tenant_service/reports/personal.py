"""What this room holds of a person: which reports they wrote."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.edge.shell.words import say
from tenant_service.exchange import way_out
from tenant_service.reports import queries
from tenant_service.reports.models import ReportAuthorRow
from tenant_service.storage.personal import ERASED, Held, HeldTable, Tables, Whom, called, held
from tenant_service.storage.unit_of_work import Unit

TABLES: Tables = (
    HeldTable("report_author", say("成果作者"), named=called(ReportAuthorRow.name, ReportAuthorRow.report_id)),
)


def about(session: Session, whom: Whom) -> list[Held]:
    return held(session, ReportAuthorRow, ReportAuthorRow.person_id == whom.id)


def erase(unit: Unit, whom: Whom) -> int:
    """The name is gone; that somebody shares the credit stays, under the pseudonym. Who was told the name is told."""
    rows = unit.session.scalars(select(ReportAuthorRow).where(ReportAuthorRow.person_id == whom.id)).all()
    for row in rows:
        row.name = ERASED
        report = queries.locked(unit.session, row.report_id)
        report.authors = [each.name for each in queries.authors(unit.session, row.report_id)]
        way_out.revised(unit, report, queries.channels_of(report))
    return len(rows)
