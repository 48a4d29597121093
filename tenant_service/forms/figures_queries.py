"""What our forms come to in figures, by day."""

import datetime as dt

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from tenant_service.counting.rules import Tally
from tenant_service.forms.models import FormAnswerRow, FormRow


def answered(session: Session, since: dt.date, until: dt.date) -> list[Tally]:
    """Answers by the day on which they were first given, by the kind of their form."""
    return _daily(session, since, until, true())


def passed(session: Session, since: dt.date, until: dt.date) -> list[Tally]:
    """Those of them that passed a quiz."""
    return _daily(session, since, until, FormAnswerRow.has_passed.is_(True))


def _daily(session: Session, since: dt.date, until: dt.date, held: ColumnElement[bool]) -> list[Tally]:
    of = FormAnswerRow.given_on, FormRow.kind
    wanted = select(*of, func.count()).join(FormRow, FormRow.id == FormAnswerRow.form_id)
    rows = session.execute(wanted.where(FormAnswerRow.given_on.between(since, until), held).group_by(*of))
    return [Tally(day, kind.value, None, int(many)) for day, kind, many in rows]
