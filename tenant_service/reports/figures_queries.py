"""What our reports and what was recognised come to in figures, by day."""

import datetime as dt
from collections import Counter

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from sync.contract.shapes.recognitions import RecognitionKind, RecognitionState
from tenant_service.counting.rules import Tally
from tenant_service.reports.models import RecognitionRow, ReportRow
from tenant_service.signing.rules import Approval


def reports(session: Session, since: dt.date, until: dt.date) -> list[Tally]:
    """Signed reports by the day of their signature; each once, whatever became of it."""
    return _signed(session, since, until, func.count())


def advice(session: Session, since: dt.date, until: dt.date) -> list[Tally]:
    """The suggestions that these reports make, by the same day."""
    return _signed(session, since, until, func.coalesce(func.sum(ReportRow.suggestions), 0))


def _signed(session: Session, since: dt.date, until: dt.date, number: ColumnElement[int]) -> list[Tally]:
    of = ReportRow.signed_on, ReportRow.kind
    wanted = select(*of, number).where(ReportRow.signed_on.between(since, until), ReportRow.approval == Approval.SIGNED)
    rows = session.execute(wanted.group_by(*of))
    return [Tally(day, kind.value, None, int(many)) for day, kind, many in rows if day is not None and many]


def instructions(session: Session, since: dt.date, until: dt.date) -> list[Tally]:
    """Confirmed instructions by day and level: of one record one for each level and day."""
    return _recognised(session, since, until, RecognitionRow.kind == RecognitionKind.INSTRUCTION)


def favourable(session: Session, since: dt.date, until: dt.date) -> list[Tally]:
    """Those of them that were favourable."""
    where = (RecognitionRow.kind == RecognitionKind.INSTRUCTION, RecognitionRow.favourable.is_(True))
    return _recognised(session, since, until, *where)


def cases(session: Session, since: dt.date, until: dt.date) -> list[Tally]:
    """Model cases by day and level."""
    return _recognised(session, since, until, RecognitionRow.kind == RecognitionKind.MODEL_CASE)


def _recognised(session: Session, since: dt.date, until: dt.date, *where: ColumnElement[bool]) -> list[Tally]:
    of = RecognitionRow.day, RecognitionRow.level
    wanted = select(*of, func.count()).where(
        RecognitionRow.day.between(since, until), RecognitionRow.state == RecognitionState.CONFIRMED, *where
    )
    return [Tally(day, level.value, None, many) for day, level, many in session.execute(wanted.group_by(*of))]


def adopted(session: Session, since: dt.date, until: dt.date) -> list[Tally]:
    """What was adopted, each once on the day of its first adoption, by that level, however many sides adopted it."""
    wanted = select(RecognitionRow.subject_id, RecognitionRow.title, RecognitionRow.day, RecognitionRow.level).where(
        RecognitionRow.kind == RecognitionKind.ADOPTION, RecognitionRow.state == RecognitionState.CONFIRMED
    )
    first: dict[str, tuple[dt.date, str]] = {}
    for subject, title, day, level in session.execute(wanted.order_by(RecognitionRow.day, RecognitionRow.id)):
        first.setdefault(subject or f"={title}", (day, level.value))
    days = Counter((day, code) for day, code in first.values() if since <= day <= until)
    return [Tally(day, code, None, many) for (day, code), many in days.items()]
