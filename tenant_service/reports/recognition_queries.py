"""成果认定: every read of what was recognised, by whom and when."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from sync.contract.channels import partner
from sync.contract.ids import owner_of
from sync.contract.shapes.recognitions import RecognitionKind, RecognitionLevel, RecognitionRecord, RecognitionState
from tenant_service.exchange.sharing import choices
from tenant_service.exchange.sharing.at_home import AtHome
from tenant_service.exchange.sharing.shared_repository import SharedRepository
from tenant_service.identity.actor import Actor
from tenant_service.reports import queries as reports
from tenant_service.reports.models import RecognitionRow, SeenRecognitionRow


@dataclass(frozen=True)
class RecognitionsWanted:
    """Which recognitions; everything given must hold. `since`, `until`: both days inclusive."""

    kinds: Sequence[RecognitionKind] = ()
    levels: Sequence[RecognitionLevel] = ()
    states: Sequence[RecognitionState] = ()
    subject_id: str | None = None
    favourable: bool | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    text: str | None = None


def _matching(model: Any, wanted: RecognitionsWanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    given = ((model.kind, wanted.kinds), (model.level, wanted.levels), (model.state, wanted.states))
    found += [column.in_(values) for column, values in given if values]
    found += [model.subject_id == wanted.subject_id] if wanted.subject_id else []
    found += [model.favourable.is_(wanted.favourable)] if wanted.favourable is not None else []
    found += [model.day >= wanted.since] if wanted.since else []
    found += [model.day <= wanted.until] if wanted.until else []
    found += [model.title.contains(wanted.text, autoescape=True)] if wanted.text else []
    return found


_CONFIRMED = RecognitionRow.state == RecognitionState.CONFIRMED
RECOGNITIONS: SharedRepository[RecognitionRow, SeenRecognitionRow, RecognitionRecord, RecognitionsWanted] = (
    SharedRepository(RecognitionRow, SeenRecognitionRow, _matching, AtHome(members=[_CONFIRMED]))
)
"""Members see what was confirmed."""
listed, reaching, one, at_work = RECOGNITIONS.listed, RECOGNITIONS.reaching, RECOGNITIONS.one, RECOGNITIONS.at_work
ours, locked = RECOGNITIONS.ours, RECOGNITIONS.locked


def of_subject(session: Session, actor: Actor, subject: str) -> list[RecognitionRecord]:
    """All that a record was recognised by, ours and others', as far as the actor is shown it; the newest first."""
    found: list[RecognitionRecord] = []
    for model in (RecognitionRow, SeenRecognitionRow):
        ids = session.scalars(select(model.id).where(model.subject_id == subject)).all()
        found += [told for id in ids if (told := one(session, actor, id)) is not None]
    counts = [each for each in found if each.state is not RecognitionState.WITHDRAWN]
    return sorted(counts, key=lambda each: (each.day, each.id), reverse=True)


def is_there(session: Session, told: RecognitionRow) -> bool:
    """Whether the same was written down before: of one record, in one way, by one level and side, on one day."""
    same = (
        RecognitionRow.kind == told.kind, RecognitionRow.level == told.level, RecognitionRow.day == told.day,
        RecognitionRow.title == told.title if told.subject_id is None else RecognitionRow.subject_id == told.subject_id,
        RecognitionRow.side.is_(told.side) if told.side is None else RecognitionRow.side == told.side,
        RecognitionRow.document.is_(None) if told.document is None else RecognitionRow.document == told.document,
        RecognitionRow.state != RecognitionState.WITHDRAWN, RecognitionRow.id != told.id,
    )  # fmt: skip
    return bool(session.scalar(select(func.count()).select_from(RecognitionRow).where(*same)))


def count(session: Session, state: RecognitionState) -> int:
    return session.scalar(select(func.count()).select_from(RecognitionRow).where(RecognitionRow.state == state)) or 0


def told_on(row: RecognitionRow) -> set[str]:
    """Nobody is told of what is not confirmed, or was withdrawn; whoever sent it up is told, sealed."""
    if row.state is not RecognitionState.CONFIRMED:
        return set()
    sender = owner_of(row.subject_id) if row.subject_id else row.committee_id
    return choices.channels(row.shares) | ({partner(sender)} if sender != row.committee_id else set())


def newest_of_both(session: Session) -> dt.datetime | None:
    """When a report or a recognition of ours was last changed: figures are counted from either."""
    found = [reports.newest_change(session), RECOGNITIONS.newest_change(session)]
    return max((each for each in found if each is not None), default=None)
