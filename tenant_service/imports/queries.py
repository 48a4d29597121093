"""Every read of files that came in."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from tenant_service.imports.models import ImportRow
from tenant_service.imports.rules import Line
from tenant_service.spreadsheets.rules import Outcome
from tenant_service.storage.repository import Repository

FILES = Repository(ImportRow)
_lines = msgspec.json.Decoder(list[Line]).decode


def of_sheet(session: Session, sheet: str, id: str) -> ImportRow:
    """One file of that list. Raises: Refusal NOT_FOUND."""
    row = FILES.ours(session, id)
    if row.sheet != sheet:
        raise Refusal(Code.NOT_FOUND)
    return row


def lines(row: ImportRow) -> list[Line]:
    return _lines(row.lines)


def tally(told: Sequence[Line]) -> Counter[Outcome]:
    """How many rows came to which outcome."""
    return Counter(line.outcome for line in told)


def latest(session: Session, sheet: str, most: int = 10) -> list[ImportRow]:
    """The latest files of a list, the newest first."""
    wanted = select(ImportRow).where(ImportRow.sheet == sheet)
    return list(session.scalars(wanted.order_by(ImportRow.at.desc(), ImportRow.id.desc()).limit(most)))


def count_before(session: Session, before: dt.datetime) -> int:
    """Files that were sent in before that moment."""
    return session.scalar(select(func.count()).select_from(ImportRow).where(ImportRow.at < before)) or 0
