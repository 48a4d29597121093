"""What committees below us told of their audit logs, and how it hangs together."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.contract.trust.directory import Directory
from tenant_service.auditing import rules
from tenant_service.auditing.models import HeardHeadRow
from tenant_service.auditing.rules import BelowState, Standing

_BAD = (Standing.BROKEN, Standing.UNSIGNED, Standing.NOT_WHOLE, Standing.UNCOMPARED)
"""What people are to look into. A head that has nothing in common with those before it may come after a long gap; it is
also how a log looks that was written anew by somebody who took away what had been told of it.
"""
LOOKED_BACK = 200
"""Heads that a new one is compared with."""


@dataclass(frozen=True)
class Heard:
    """One committee below us. `last`: its newest head; `broken`: the newest that does not continue those before it."""

    committee_id: str
    last: HeardHeadRow | None
    broken: HeardHeadRow | None
    is_overdue: bool

    @property
    def code(self) -> BelowState:
        """How it stands: what is wrong with a head before that none came of late."""
        if self.broken is not None:
            return BelowState[self.broken.standing.name]
        return BelowState.OVERDUE if self.is_overdue else BelowState.OK

    @property
    def is_fine(self) -> bool:
        return not self.is_overdue and self.broken is None


def below(session: Session, directory: Directory, committee: str, now: dt.datetime) -> list[Heard]:
    """Every committee right below us, what is wrong first."""
    found = []
    for child in directory.children(committee):
        rows = select(HeardHeadRow).where(HeardHeadRow.committee_id == child).order_by(HeardHeadRow.id.desc()).limit(1)
        last, broken = session.scalar(rows), session.scalar(rows.where(HeardHeadRow.standing.in_(_BAD)))
        found.append(Heard(child, last, broken, rules.is_overdue(last.last_at if last else None, now)))
    return sorted(found, key=lambda each: (each.broken is None, not each.is_overdue))


def latest(session: Session, committee: str, most: int = LOOKED_BACK) -> list[HeardHeadRow]:
    """The newest heads of one committee, newest first."""
    rows = select(HeardHeadRow).where(HeardHeadRow.committee_id == committee).order_by(HeardHeadRow.id.desc())
    return list(session.scalars(rows.limit(most)))


def of(session: Session, committee: str) -> list[HeardHeadRow]:
    """Every head that was heard of this committee, oldest first."""
    rows = select(HeardHeadRow).where(HeardHeadRow.committee_id == committee).order_by(HeardHeadRow.id)
    return list(session.scalars(rows))
