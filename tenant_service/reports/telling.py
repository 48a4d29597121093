"""What authors and the office are told of a report, in which words (practice rule 13: what became of it comes back)."""

from sync.contract.shapes.reports import ReportOutcome
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.notifications import service as notifications
from tenant_service.notifications.rules import NotificationKind
from tenant_service.reports import queries
from tenant_service.reports.models import ReportRow
from tenant_service.storage.unit_of_work import Unit

_HEARD = {
    ReportOutcome.RECEIVED: "上级已收稿", ReportOutcome.COMPILED: "上级正在采编", ReportOutcome.ADOPTED: "上级已采用",
    ReportOutcome.NOT_ADOPTED: "上级未采用",
}  # fmt: skip


def authors(unit: Unit, actor: Actor, row: ReportRow, words: str, because: str = "") -> None:
    """Whoever wrote it knows what became of it here."""
    to = [each.person_id for each in queries.authors(unit.session, row.id) if each.person_id]
    notifications.tell(unit, to, NotificationKind.REPORT, row.id, f"{words}：{row.title}", because, by=actor)


def heard(unit: Unit, by: Actor, row: ReportRow, outcome: ReportOutcome, text: str | None) -> None:
    """The same of what became of it in the higher committee; the office knows it as well."""
    authors(unit, by, row, _HEARD[outcome], text or "")
    title = f"{_HEARD[outcome]}：{row.title}"
    notifications.tell(unit, [row.drafted_by], NotificationKind.REPORT, row.id, title, text or "")


def to_sign(unit: Unit, actor: Actor, row: ReportRow) -> None:
    """Whoever signs knows that it waits."""
    notifications.tell_signers(unit, UseCase.SIGN_OFF_REPORTS, row.id, f"成果待签发：{row.title}", by=actor)


def sent_back(unit: Unit, actor: Actor, row: ReportRow) -> None:
    """Whoever submitted it knows why it came back."""
    title, because = f"成果已退回：{row.title}", row.returned_because or ""
    notifications.tell(unit, [row.drafted_by], NotificationKind.SENT_BACK, row.id, title, because, by=actor)
