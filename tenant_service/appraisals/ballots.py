"""The urn: what ballots say is kept so that nobody can tell whose one is, not even by reading the database.

A row tells more than its columns: the order in which rows lie, and in PostgreSQL the transaction that wrote one, which
is that of the tick beside the giver's name. So with each ballot all of them are written anew, in an order that is
drawn, under ids that are drawn; each was then written by the last giver's transaction. What was written in words is
kept apart from the opinions, in the same way. What this cannot hide is the difference between two copies of the
database, made before and after one ballot.
"""

import secrets
from collections.abc import Sequence
from random import SystemRandom
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from tenant_service.appraisals.models import BallotRow, RemarkRow

_DRAWN = SystemRandom()


def put_in(session: Session, appraisal: str, answers: list[str], remark: str | None) -> None:
    """The ballot lies among the others. The caller has locked the appraisal."""
    _write(session, BallotRow, "answers", appraisal, answers)
    _write(session, RemarkRow, "words", appraisal, remark)


def opinions(session: Session, appraisal: str) -> Sequence[list[str]]:
    """What the ballots say, in no order."""
    return session.scalars(select(BallotRow.answers).where(BallotRow.appraisal_id == appraisal)).all()


def remarks(session: Session, appraisal: str) -> Sequence[str]:
    """What was written on them, in no order."""
    return session.scalars(select(RemarkRow.words).where(RemarkRow.appraisal_id == appraisal)).all()


def _write(session: Session, model: Any, column: str, appraisal: str, new: Any) -> None:
    kept = session.scalars(select(getattr(model, column)).where(model.appraisal_id == appraisal)).all()
    told = [*kept, *([new] if new else [])]
    _DRAWN.shuffle(told)
    session.execute(delete(model).where(model.appraisal_id == appraisal))
    if told:
        rows = [{"id": secrets.token_hex(16), "appraisal_id": appraisal, column: each} for each in told]
        session.execute(insert(model), rows)
